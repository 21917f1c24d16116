"""The page of a giveaway in the browser: nothing is cut, and the draw is checked there."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, expect

from handlers.giveaways.fairness import Entry
from storage.database import Database
from tests.browser import chromium, needs_chromium
from tests.proved import ID, Draw, fault, zipped
from tests.test_giveaway_page import HOSTILE, database, world
from web.app import Site, application
from web.giveaway import giveaway_routes

__all__ = ["database"]  # a fixture
pytestmark = [pytest.mark.browser, needs_chromium]
# Whatever is wider than its place; a field is scrolled.
CUT = """() => {
  const wide = [...document.querySelectorAll('body *')].filter(e =>
    !e.closest('input') && e.clientWidth && e.scrollWidth > e.clientWidth + 1);
  const aside = document.documentElement.scrollWidth > innerWidth ? ['page'] : [];
  return [...aside, ...wide.map(e => e.textContent)];
}"""


@asynccontextmanager
async def open_page(
    database: Database, language: str = "en", width: int = 1280, scheme: Any = "light",
    relays: tuple[str, ...] = (), path: str = "", script: bool = True,
) -> AsyncIterator[Page]:  # fmt: skip
    """The page; nothing may be written to its console, and it may ask nobody but us and relays."""
    routes = giveaway_routes(database, world(), relays)
    async with Site(application(routes), "127.0.0.1", 0) as site, chromium() as chrome:
        context = await chrome.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme,
            java_script_enabled=script,
        )  # fmt: skip
        page, asked = await context.new_page(), list[str]()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        await page.goto(f"{site.address}/g/{ID}?language={language}{path}")
        yield page
        assert [line for line in complaints if "ERR_" not in line] == []
        ours = (site.address, "blob:", *relays)
        assert [url for url in asked if not url.startswith(ours)] == []
        await context.close()


async def found(page: Page, data: bytes | None = None, entry: str = "", seen: str = "") -> str:
    """What the page says of a proof, that of the server without `data`."""
    file: Any = {"name": "proof.zip", "mimeType": "application/zip", "buffer": data or b""}
    await page.locator("[name=proof]").set_input_files([] if data is None else file)
    if entry:
        await page.locator("[name=entry]").fill(entry)
    await page.locator("[name=seen]").fill(seen)
    await page.evaluate("delete document.getElementById('result').dataset.found")
    await page.locator("#check button").click()
    await page.locator("#result[data-found]").wait_for()
    return await page.locator("#result").inner_text()


@pytest.mark.parametrize("language", ["bn", "en"])
async def test_nothing_is_cut_in_either_language(
    database: Database, ready_url: str, language: str
) -> None:
    """At 320 px and at 1280 px, light and dark, with a prize of hostile length."""
    draw = Draw(count=40, prize=HOSTILE)
    await draw.store(database, ready_url)
    screens: tuple[tuple[int, Any], ...] = ((320, "light"), (1280, "dark"))
    for width, scheme in screens:
        async with open_page(database, language, width, scheme, path=f"#{draw.won[0]}") as page:
            assert await page.evaluate("document.documentElement.lang") == language
            assert await page.evaluate(CUT) == []
            said = await found(page, seen=draw.freeze.head.hex()[:12])
            verdict = {"bn": "যা যা যাচাই করা গেছে, সব মিলেছে।", "en": "Everything that could"}[language]
            assert said.startswith(verdict)
            assert draw.won[0] in said
            assert await page.evaluate(CUT) == []


async def test_without_a_script_every_fact_is_there(database: Database, ready_url: str) -> None:
    draw = Draw()
    await draw.store(database, ready_url)
    async with open_page(database, script=False) as page:
        await expect(page.locator("noscript p")).to_contain_text("needs JavaScript")
        await expect(page.locator("main")).to_contain_text(draw.freeze.head.hex())
        await expect(page.locator("a[download]")).to_have_attribute("href", f"{ID}/proof.zip")


async def test_after_loading_a_saved_proof_is_checked_without_any_network(
    database: Database, ready_url: str
) -> None:
    draw = Draw(count=300)
    await draw.store(database, ready_url)
    async with open_page(database) as page:
        await page.context.set_offline(True)
        said = await found(page, draw.proof(), entry=draw.order[-1][:16])
        assert said.startswith("Everything that could be checked fits.")
        assert "It rightly did not win" in said
        assert "was NOT checked: no relay could be reached" in said
        assert "could not be fetched" in await found(page)


@asynccontextmanager
async def relay(signature: str) -> AsyncIterator[str]:
    """A relay that says this signature of every round."""

    async def public(request: web.Request) -> web.Response:
        told = {"round": int(request.match_info["round"]), "signature": signature}
        return web.json_response(told, headers={"Access-Control-Allow-Origin": "*"})

    app = web.Application()
    app.add_routes([web.get("/{chain}/public/{round}", public)])
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


async def test_the_signature_is_compared_with_what_the_relays_say(
    database: Database, ready_url: str
) -> None:
    draw = Draw()
    await draw.store(database, ready_url)
    dead = "http://127.0.0.1:9"
    async with relay(draw.value) as good, relay("ab" * 48) as bad:
        async with open_page(database, relays=(good, dead)) as page:
            said = await found(page)
            host = good.removeprefix("http://")
            assert said.startswith("Everything fits: this draw is right.")
            assert f"say the same signature for round 657413: {host}." in said
            assert "verify.py does that" in said
        async with open_page(database, relays=(good, bad)) as page:
            assert "round 657413 is not genuine" in await found(page)


def _swapped(event: dict[str, Any]) -> None:
    if event["kind"] == "draw":
        event["winners"] = event["winners"][::-1]


def _reordered(event: dict[str, Any]) -> None:
    if event["kind"] == "draw":
        event["reserves"] = event["reserves"][::-1]


def _round(event: dict[str, Any]) -> None:
    if event["kind"] == "freeze":
        event["round"] += 1


CHANGED: list[Callable[[Draw], bytes]] = [
    lambda draw: draw.proof(entries=[Entry(e.commitment, 3) for e in draw.entries]),
    lambda draw: draw.proof(entries=draw.entries[1:]),
    lambda draw: draw.proof(entries=[*draw.entries, Entry(bytes(32), 1)]),
    lambda draw: draw.retold(draw.events[:-6]),
    lambda draw: draw.retold([*draw.events[:3], *draw.events[4:]]),
    lambda _: Draw(change=_swapped).proof(),
    lambda _: Draw(change=_reordered).proof(),
    lambda _: Draw(change=_round).proof(),
    lambda draw: draw.proof(events=[e for e in draw.events if e["kind"] != "skip"]),
    lambda draw: _member(draw, "params.json", lambda data: data.replace(b"48", b"72")),
    lambda draw: _member(draw, "draw.json", lambda data: data.replace(b'"n": 12', b'"n": 13')),
    lambda draw: _member(draw, "draw.json", lambda data: data + b" "),
    lambda draw: _member(draw, "events.log", lambda data: data.replace(b'"n":3}', b'"n":4}')),
    lambda draw: _member(draw, "events.log", lambda data: b"".join(data.splitlines(True)[1:])),
    lambda draw: _member(draw, "events.log", lambda data: data[:-1]),
    lambda draw: _member(draw, "entries.csv", lambda data: data.upper()),
    lambda draw: zipped({k: v for k, v in draw.members().items() if k != "draw.json"}),
    lambda draw: zipped(draw.members() | {"../evil": b"x"}),
    lambda draw: _member(draw, "entries.csv", lambda _: bytes(1 << 24)),
    lambda _: b"PK" + bytes(100),
]


def _member(draw: Draw, name: str, change: Callable[[bytes], bytes]) -> bytes:
    members = draw.members()
    return zipped(members | {name: change(members[name])})


async def test_the_browser_finds_the_same_faults_as_the_command(
    database: Database, ready_url: str
) -> None:
    draw = Draw()
    await draw.store(database, ready_url)
    told = []
    async with open_page(database) as page:
        for change in CHANGED:
            data = change(draw)
            await found(page, data)
            last = await page.locator("#result li").last.text_content()
            named = json.loads(await page.evaluate(NAMED, last))
            told.append((fault(data), named))
        assert "is nowhere in this proof" in await found(page, seen="0123456789")
        assert "your entry is not in it" in await found(page, entry="deadbeef")
    assert [ours for ours, _ in told if not ours] == []
    assert [pair for pair in told if pair[0] not in pair[1]] == []


# The names of sentences that a line could be an instance of.
NAMED = r"""(line) => JSON.stringify(
  [...document.getElementById('sentences').content.children]
    .filter((one) => new RegExp('^. ' + one.textContent
      .replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '.*') + '$').test(line))
    .map((one) => one.dataset.name))"""
