"""Who is let in: nothing of the page is reached before signing in, but the form for it.

Gradio leaves a score of its own routes open to anybody when a page has passwords. Here everything
is closed that is not named.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from assistant.accounts.account import Account
from assistant.accounts.password_file import PasswordFile
from assistant.accounts.throttle import Throttle
from assistant.errors import SettingsError

SESSION_S = 12 * 3600.0
_MOST_BYTES = 10_000  # of a sign-in
_AT_ONCE = 2  # hashing takes 64 MiB each
_PAGE = (Path(__file__).parent / "sign_in.html").read_bytes()
_address: ContextVar[str] = ContextVar("address", default="")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class Gate:
    """The accounts of a password file, and how long a sign-in lasts."""

    def __init__(
        self,
        users: PasswordFile,
        throttle: Throttle | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.users = users
        self._throttle = throttle or Throttle()
        self._clock = clock
        self._hashing = asyncio.Semaphore(_AT_ONCE)
        self._since: dict[str, tuple[float, str]] = {}

    async def sign_in(self, name: str, password: str) -> bool:
        """Whether a name and password are right; Gradio calls it. Refused when tried too often."""
        from fastapi import HTTPException

        address = _address.get()
        wait = self._throttle.wait_s(name, address)
        if wait:
            minutes = -(-wait // 60)
            raise HTTPException(
                429,
                f"Too many attempts. Try again in {minutes} minute{'' if minutes == 1 else 's'}.",
                {"retry-after": str(wait)},
            )
        async with self._hashing:
            account = await asyncio.to_thread(self.users.sign_in, name, password)
        if account is None:
            return False
        self._throttle.succeeded(name, address)
        return True

    def admit(self, token: str, name: str) -> Account | None:
        """The account that a sign-in belongs to, until it is removed, its password changed, or
        the sign-in too long ago."""
        try:
            account = self.users.find(name)
        except SettingsError:
            return None
        if account is None:
            return None
        now = self._clock()
        since, password_hash = self._since.setdefault(token, (now, account.password_hash))
        if now - since > SESSION_S or password_hash != account.password_hash:
            return None
        return account

    def forget(self, token: str) -> None:
        """A sign-in that is over."""
        self._since.pop(token, None)


class GateKeeper:
    """ASGI middleware around Gradio's app: asks the gate about every request."""

    def __init__(self, app: Application, gate: Gate) -> None:
        self.app, self.gate = app, gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        method, path = scope.get("method", ""), str(scope["path"])
        headers = {name.decode("latin-1"): v.decode("latin-1") for name, v in scope["headers"]}
        reads = method in ("GET", "HEAD")
        if not reads and headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            return await _answer(send, 403, {"detail": "Asked for by another site."})
        if path.rstrip("/") == "/login" and method == "POST":
            size = headers.get("content-length", "")
            if not size.isdecimal() or int(size) > _MOST_BYTES:
                return await _answer(send, 413, {"detail": "Too large for a sign-in."})
            _address.set((scope.get("client") or ("", 0))[0])
            return await self.app(scope, receive, send)
        if (method, path) in (("GET", "/logout"), ("GET", "/gradio_api/startup-events")):
            return await self.app(scope, receive, send)
        account = self._signed_in(scope["app"], headers)
        if account is not None:
            if path.rstrip("/") == "/gradio_api/upload" and not account.may_change_library:
                return await _answer(send, 403, {"detail": "Only an admin changes the library."})
            return await self.app(scope, receive, send)
        if path == "/" and reads:
            return await _answer(send, 200, b"" if method == "HEAD" else _PAGE)
        return await _answer(send, 401, {"detail": "Sign in first."})

    def _signed_in(self, app: Any, headers: Mapping[str, str]) -> Account | None:
        from starlette.requests import cookie_parser

        cookies = cookie_parser(headers.get("cookie", ""))
        # As Gradio reads it: the first that is there.
        token = (
            cookies.get(f"access-token-{app.cookie_id}")
            or cookies.get(f"access-token-unsecure-{app.cookie_id}")
            or ""
        )
        name = app.tokens.get(token)
        if name is None:
            self.gate.forget(token)
            return None
        account = self.gate.admit(token, name)
        if account is None:
            app.tokens.pop(token, None)
            self.gate.forget(token)
        return account


async def _answer(send: Send, status: int, said: bytes | Mapping[str, str]) -> None:
    plain = isinstance(said, bytes)
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    kind = b"text/html; charset=utf-8" if plain else b"application/json"
    headers = [(b"content-type", kind), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
