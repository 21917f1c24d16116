"""What is served over HTTP: to whom, with which protection, and what errors say."""

from __future__ import annotations

import contextlib
import io
import json
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from tests.browser import Door, api
from tests.stage import Stage
from web.app import BODY_LIMIT, Site, Taken, application
from web.health import health
from web.playground import stranger
from web.webhook import SECRET, webhook


@pytest.fixture
async def door(bot: Stage) -> AsyncIterator[Door]:
    async with api(bot) as door:
        yield door


# Who may come in ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("peer", "headers", "well"),
    [
        ("127.0.0.1", {"Host": "127.0.0.1:8080"}, True),
        ("::1", {"Host": "[::1]:8080"}, True),
        ("::ffff:127.0.0.1", {"Host": "localhost:8080"}, True),
        ("127.0.0.1", {"Host": "localhost:8080", "Origin": "http://localhost:8080"}, True),
        ("127.0.0.1", {"Host": "rebound.example:8080"}, False),
        ("127.0.0.1", {"Host": "127.0.0.1.example"}, False),
        ("127.0.0.1", {"Host": "[::1"}, False),
        ("127.0.0.1", {}, False),
        ("192.0.2.7", {"Host": "127.0.0.1:8080"}, False),
        (None, {"Host": "127.0.0.1:8080"}, False),
        ("127.0.0.1", {"Host": "localhost", "X-Forwarded-For": "192.0.2.7"}, False),
        ("127.0.0.1", {"Host": "localhost", "Origin": "https://evil.example"}, False),
        ("127.0.0.1", {"Host": "localhost", "Origin": "http://localhost:9"}, False),
        ("127.0.0.1", {"Host": "localhost", "Origin": "null"}, False),
    ],
)
def test_only_this_machine_and_this_page_come_in(
    peer: str | None, headers: dict[str, str], well: bool
) -> None:
    assert (stranger(peer, headers) is None) is well


@pytest.mark.parametrize("path", ["/", "/playground", "/playground/api/pulse"])
async def test_a_rebound_name_is_refused_everywhere(door: Door, path: str) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(door.address + path, headers={"Host": "rebound.example"}) as response,
    ):
        assert response.status == 403
        assert "this machine alone" in (await response.json())["error"]


async def test_the_page_and_its_files_carry_a_policy_without_inline_scripts(door: Door) -> None:
    async with aiohttp.ClientSession() as session:
        for path in ("/", "/static/playground.js", "/static/playground.css", "/healthz", "/no"):
            async with session.get(door.address + path) as response:
                policy = response.headers["Content-Security-Policy"]
                assert "default-src 'none'" in policy
                assert "unsafe" not in policy
                assert response.headers["X-Content-Type-Options"] == "nosniff"
                assert response.headers["Referrer-Policy"] == "no-referrer"
                assert "aiohttp" not in response.headers["Server"]


@pytest.mark.parametrize("name", ["__init__.py", "..%2fpages%2fplayground.html", "no.css"])
async def test_nothing_but_the_pages_files_is_served(door: Door, name: str) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{door.address}/static/{name}") as response,
    ):
        assert response.status == 404


# Errors, health and webhooks ----------------------------------------------------------------


async def _stumbles(_request: web.Request) -> web.Response:
    raise ZeroDivisionError("the secret of the house")


async def test_a_bug_is_told_as_a_sentence_with_a_code_and_no_trace() -> None:
    app = application([web.get("/stumbles", _stumbles)], lambda n: b"\7" * n)
    async with (
        Site(app, "127.0.0.1", 0) as site,
        aiohttp.ClientSession() as session,
        session.get(f"{site.address}/stumbles") as response,
    ):
        text = await response.text()
    assert response.status == 500
    assert "code 777" in text
    assert "কোড 777" in text
    assert "secret" not in text


async def test_a_taken_port_is_told_with_its_remedy() -> None:
    async with Site(application([]), "127.0.0.1", 0) as first:
        port = int(first.address.rpartition(":")[2])
        with pytest.raises(Taken, match=rf"^Port {port} is taken\. Set HTTP_PORT\.$"):
            await Site(application([]), "127.0.0.1", port).start()


async def test_a_foreign_address_is_told_with_its_remedy() -> None:
    with pytest.raises(Taken, match="Set HTTP_HOST"):
        await Site(application([]), "192.0.2.1", 0).start()


async def test_health_tells_the_database_and_when_each_platform_was_heard(door: Door) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{door.address}/healthz") as response,
    ):
        state = await response.json()
    assert response.status == 200
    assert state["ok"] is True
    assert state["database"] in ("sqlite", "postgres")
    assert state["platforms"] == {"telegram": 0.0, "discord": 0.0}


async def test_health_is_bad_while_the_database_does_not_answer(tmp_path: Path) -> None:
    file = tmp_path / "adda.db"
    async with Stage.open(f"sqlite:///{file}") as bot:
        app = application(health(bot.adda.database, {}, patience=0.05))
        async with Site(app, "127.0.0.1", 0) as site, aiohttp.ClientSession() as session:
            with contextlib.closing(sqlite3.connect(file)) as other:
                other.execute("begin immediate")  # as another program may hold it
                async with session.get(f"{site.address}/healthz") as response:
                    state = await response.json()
    assert response.status == 503
    assert state == {
        "ok": False,
        "database": "The database did not answer within 0.05 s.",
        "platforms": {},
    }


async def test_a_webhook_is_handed_on_raw_and_answered_with_the_status_given() -> None:
    got: list[tuple[bytes, str | None]] = []

    async def receive(raw: bytes, secret: str | None) -> int:
        got.append((raw, secret))
        return 200 if secret == "right" else 401

    app = application(webhook("path-secret", receive))
    async with Site(app, "127.0.0.1", 0) as site, aiohttp.ClientSession() as session:

        async def post(path: str, secret: str, body: bytes = b'{"update_id": 1}') -> int:
            url, headers = f"{site.address}/telegram/{path}", {SECRET: secret}
            async with session.post(url, data=io.BytesIO(body), headers=headers) as response:
                return response.status

        assert await post("path-secret", "right") == 200
        assert await post("path-secret", "wrong") == 401
        assert await post("other", "right") == 404
        assert await post("path-secret", "right", b"x" * BODY_LIMIT + b"y") == 413
    assert [json.loads(raw)["update_id"] for raw, _ in got] == [1, 1]
