"""Signing in: what is open to anybody, what to whom, for how long and how often."""

import asyncio
import http.client
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest

from assistant.accounts.account import Role
from assistant.accounts.password_file import PasswordFile
from assistant.accounts.throttle import PER_NAME, Throttle
from assistant.interfaces.ui import build_ui
from assistant.interfaces.ui_gate import SESSION_S, Gate
from assistant.interfaces.ui_serving import launch

pytestmark = [
    pytest.mark.filterwarnings("default"),
    pytest.mark.filterwarnings("ignore:::gradio.queueing"),
]

NAME, WORDS = "Dr A. Example", "four plain short words"
FORM = "application/x-www-form-urlencoded"
OPEN = {("GET", "/"), ("HEAD", "/"), ("GET", "/logout"), ("GET", "/gradio_api/startup-events")}


class Guarded:
    """A page behind passwords, and a client without a browser."""

    def __init__(self, page: Any, port: int, users: PasswordFile) -> None:
        self.page, self.port, self.users = page, port, users

    def call(self, method: str, path: str, body: str = "", **headers: str) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode("utf-8", "replace")
        finally:
            connection.close()
        return SimpleNamespace(status=response.status, text=text, headers=response.headers)

    def sign_in(self, name: str = NAME, words: str = WORDS, **headers: str) -> Any:
        body = urlencode({"username": name, "password": words})
        return self.call("POST", "/login", body, **{"content-type": FORM} | headers)

    def cookie(self) -> str:
        cookies = self.sign_in().headers.get_all("set-cookie")
        return "; ".join(cookie.split(";")[0] for cookie in cookies)


@pytest.fixture(scope="module")
def guarded(
    tmp_path_factory: pytest.TempPathFactory, make_fake: Any, find_port: Any
) -> Iterator[Guarded]:
    users = PasswordFile(tmp_path_factory.mktemp("conf") / "users")
    users.add(NAME, [Role.REVIEWER], WORDS)
    port = find_port()

    async def start() -> Any:  # inside a loop, for Gradio leaves one behind where there is none
        page = build_ui(make_fake())
        launch(page, "127.0.0.1", port, users)
        return page

    page = asyncio.run(start())
    yield Guarded(page, port, users)
    page.close(verbose=False)


def every_route(routes: Iterable[Any]) -> Iterator[Any]:
    for route in routes:
        inner = getattr(route, "original_router", None)
        yield from every_route(inner.routes) if inner else [route]


def test_every_route_is_closed_to_strangers_but_the_sign_in(guarded: Guarded) -> None:
    routes = {
        (method, re.sub(r"\{[^}]*\}", "x", route.path))
        for route in every_route(guarded.page.app.routes)
        for method in getattr(route, "methods", None) or ("GET", "POST")
    } | {
        ("POST", "/gradio_api/mcp/"),
        ("GET", "/gradio_api//config"),
        ("GET", "//config"),
        ("GET", "/docs"),
        ("PUT", "/login"),
        ("OPTIONS", "/config"),
    }
    assert len(routes) > 60
    answers = {
        route: guarded.call(*route).status
        for route in sorted(routes)
        if route[1].rstrip("/") != "/login" or route[0] != "POST"
    }
    assert {route for route, status in answers.items() if status != 401} == OPEN
    assert guarded.call("GET", "/config", Cookie="access-token-unsecure-x=y; ;;=").status == 401


def test_the_page_before_signing_in_is_ours_and_asks_for_nothing_else(guarded: Guarded) -> None:
    answer = guarded.call("GET", "/")
    assert "<title>Sign in" in answer.text
    assert "gradio" not in answer.text
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


def test_who_signs_in_reaches_the_page_until_signing_out(guarded: Guarded) -> None:
    cookie = guarded.cookie()
    assert "gradio" in guarded.call("GET", "/", Cookie=cookie).text
    assert guarded.call("GET", "/config", Cookie=cookie).status == 200
    assert json.loads(guarded.call("GET", "/gradio_api/user", Cookie=cookie).text) == NAME
    guarded.call("GET", "/logout", Cookie=cookie)
    assert guarded.call("GET", "/config", Cookie=cookie).status == 401


def test_a_wrong_password_or_name_is_refused_alike(guarded: Guarded) -> None:
    first, second = guarded.sign_in(words=WORDS + "!"), guarded.sign_in(name="nobody")
    assert first.status == second.status == 400
    assert first.text == second.text
    assert first.headers.get("set-cookie") is None


def test_an_account_removed_or_changed_is_signed_out(guarded: Guarded) -> None:
    guarded.users.add("leaver", [], WORDS)
    body = urlencode({"username": "leaver", "password": WORDS})
    answer = guarded.call("POST", "/login", body, **{"content-type": FORM})
    cookie = answer.headers.get_all("set-cookie")[0].split(";")[0]
    assert guarded.call("GET", "/config", Cookie=cookie).status == 200
    guarded.users.change_password("leaver", WORDS + " more")
    assert guarded.call("GET", "/config", Cookie=cookie).status == 401
    guarded.users.remove("leaver")
    assert guarded.call("GET", "/config", Cookie=cookie).status == 401


def test_another_sites_request_is_refused_even_with_the_cookie(guarded: Guarded) -> None:
    headers = {"Cookie": guarded.cookie(), "sec-fetch-site": "cross-site"}
    assert guarded.call("POST", "/gradio_api/queue/join", "{}", **headers).status == 403
    assert guarded.sign_in(**{"sec-fetch-site": "cross-site"}).status == 403


def test_only_an_admin_uploads(guarded: Guarded) -> None:
    headers = {"Cookie": guarded.cookie()}
    assert guarded.call("POST", "/gradio_api/upload", "x", **headers).status == 403
    guarded.users.add("keeper", [Role.ADMIN], WORDS)
    cookie = guarded.sign_in("keeper").headers.get_all("set-cookie")[0].split(";")[0]
    answer = guarded.call("POST", "/gradio_api/upload", "x", Cookie=cookie)
    assert answer.status == 400  # Gradio reads it, and finds no file


def test_a_sign_in_that_is_no_form_is_refused_unread(guarded: Guarded) -> None:
    assert guarded.call("POST", "/login", "x" * 10_001, **{"content-type": FORM}).status == 413


def test_after_too_many_attempts_even_the_right_password_waits(guarded: Guarded) -> None:
    for _ in range(PER_NAME):
        guarded.sign_in(name="guessed", words="wrong")
    answer = guarded.sign_in(name="guessed", words="wrong")
    assert answer.status == 429
    assert 0 < int(answer.headers["retry-after"]) <= 900
    assert json.loads(answer.text)["detail"] == "Too many attempts. Try again in 15 minutes."
    assert guarded.sign_in().status == 200


def test_a_sign_in_ends_after_twelve_hours(tmp_path: Path) -> None:
    users = PasswordFile(tmp_path / "users")
    account = users.add("ward", [], WORDS)
    now = [0.0]
    gate = Gate(users, Throttle(), lambda: now[0])
    assert gate.admit("token", "ward") == account
    now[0] = SESSION_S
    assert gate.admit("token", "ward") == account
    now[0] += 1
    assert gate.admit("token", "ward") is None
    users.path.unlink()
    assert gate.admit("another", "ward") is None
