"""A server that speaks the protocol of OpenAI's chat completions, with scripted replies."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Script = Callable[[dict[str, Any]], Iterator[str | dict[str, Any]]]
"""From a request to the pieces of the reply's text; a dict is a piece's ``delta`` itself."""


@dataclass
class ChatServer:
    """``requests`` are the bodies received, ``keys`` their Authorization headers.

    ``status`` other than 200 is sent instead of the script's reply.
    """

    script: Script
    status: int = 200
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)

    def __enter__(self) -> "ChatServer":
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    @property
    def shown(self) -> dict[str, Any]:
        """What the user's message of the last request holds."""
        shown: dict[str, Any] = json.loads(self.requests[-1]["messages"][-1]["content"])
        return shown


def _handler_for(chat: ChatServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            chat.requests.append(body)
            chat.keys.append(self.headers["Authorization"])
            if self.path != "/v1/chat/completions" or not body.get("stream"):
                self.send_error(404)
                return
            if chat.status != 200:
                self._send_error(chat.status)
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            try:
                for piece in chat.script(body):
                    self._send(piece if isinstance(piece, dict) else {"content": piece})
                self._send({}, "stop")
                self.wfile.write(b"data: [DONE]\n\n")
            except (BrokenPipeError, ConnectionResetError):
                return

        def _send(self, delta: dict[str, Any], finish: str | None = None) -> None:
            chunk = {
                "id": "chatcmpl-1",
                "object": "chat.completion.chunk",
                "created": 1,
                "model": "scripted",
                "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
            }
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            self.wfile.flush()

        def _send_error(self, status: int) -> None:
            words = json.dumps({"error": {"message": "secret words", "type": "x"}}).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(words)))
            self.end_headers()
            self.wfile.write(words)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler
