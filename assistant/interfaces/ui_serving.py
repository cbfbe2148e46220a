"""Serve the page: on this machine, or beyond it only behind passwords."""

import ipaddress
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.accounts.password_file import PasswordFile
from assistant.errors import SettingsError
from assistant.interfaces.ui_gate import Gate, GateKeeper

if TYPE_CHECKING:
    import gradio as gr

_HERE = Path(__file__).parent
# Gradio needs inline scripts and eval; what matters here is that nothing can leave the origin.
_HEADERS = {
    "content-security-policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class SafeHeaders:
    """ASGI middleware: tells the browser to fetch nothing from elsewhere."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def send_with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                added = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
                message = {**message, "headers": [*message.get("headers", ()), *added]}
            await send(message)

        await self.app(scope, receive, send_with_headers)


def launch(
    page: "gr.Blocks",
    host: str,
    port: int,
    users: PasswordFile | None = None,
    *,
    max_bytes: int = 20_000_000,
) -> str:
    """Start serving in the background and return the address; ``users`` are who may sign in."""
    import gradio as gr
    from starlette.middleware import Middleware

    gate = Gate(users) if users else None
    sign_in: Any = gate.sign_in if gate else None  # Gradio awaits it, which its types do not say
    page.queue(default_concurrency_limit=8, api_open=False)
    try:
        page.launch(
            server_name=host,
            server_port=port,
            auth=sign_in,
            prevent_thread_lock=True,
            inbrowser=False,
            share=False,
            quiet=True,
            run_history=False,
            enable_monitoring=False,
            mcp_server=False,
            ssr_mode=False,
            pwa=False,
            footer_links=[],
            max_file_size=max_bytes,
            theme=gr.themes.Base(font="sans-serif", font_mono="monospace"),
            css_paths=[_HERE / "page.css", _HERE / "page_review.css"],
            head=f'<style media="print">{_read("page_print.css")}</style>',
            app_kwargs={
                "middleware": [
                    Middleware(SafeHeaders),
                    *([Middleware(GateKeeper, gate)] if gate else []),
                ],
                "docs_url": None,
                "redoc_url": None,
                "openapi_url": None,
            },
        )
    except OSError as error:
        raise SettingsError(f"Cannot serve on {host}:{port}: {error}") from error
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def check_address(host: str, port: int, *, guarded: bool) -> None:
    """Refuse an address that is taken, or open to others without passwords."""
    if not 1 <= port <= 65535:
        raise SettingsError(f"Port {port} is not between 1 and 65535.")
    if not guarded and not _is_this_machine(host):
        raise SettingsError(
            f"Others could reach the page on {host}. Set ASSISTANT_PASSWORD_FILE to a file of "
            "accounts ('guideline-assistant users add NAME' makes it), or serve on 127.0.0.1."
        )
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise SettingsError(
            f"Cannot serve on {host}, port {port}: {error.strerror or error}. Is another program "
            "using that port? Choose another with --port."
        ) from error


def open_users(path: Path) -> PasswordFile:
    """The accounts of a password file. Raises SettingsError where nobody could sign in."""
    users = PasswordFile(path)
    if not users.accounts():
        raise SettingsError(
            f"The password file {path} names nobody. 'guideline-assistant users add NAME' adds an "
            "account."
        )
    return users


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
