"""Shops behind links: looked at daily from the open internet, told of once, never counted."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import abc, web

from handlers.links.health import shop_health
from handlers.links.intents import counted
from handlers.links.shop_pages import AGENT, Prober
from storage.links import link_by_slug
from storage.tx import Tx
from tests.shop import URL, Web, classes, kept, new_link, phone
from tests.stage import Stage
from tests.test_attacks import DEFENCE, Patch

HOUR, DAY = 3600, 86_400


class Street:
    """Shops that are well or not, by address, and who asked."""

    def __init__(self) -> None:
        self.broken: dict[str, str] = {}
        self.asked: list[str] = []

    async def __call__(self, url: str) -> str:
        self.asked.append(url)
        why = self.broken.get(url, "")
        if why == "for ever":
            await asyncio.Event().wait()
        return why


@pytest.fixture
def street(monkeypatch: Patch) -> Street:
    made = Street()
    monkeypatch.setattr("bot.app.shop_health", lambda url, _probe: shop_health(url, made))
    return made


@pytest.fixture
async def bot(street: Street, ready_url: str) -> AsyncIterator[Stage]:
    assert street.asked == []
    async with Stage.open(ready_url, public_url=URL) as stage:
        await stage.say("creator", "/language en")
        yield stage


def told(bot: Stage) -> list[str]:
    """What the team was told of shops."""
    return [
        m.text for m in bot.seen("creator") if "does not open" in m.text or "do not open" in m.text
    ]


PAGE = "https://shop.example/a"


async def test_a_broken_page_is_told_once_after_a_second_look(bot: Stage, street: Street) -> None:
    slug = await new_link(bot, to=PAGE)
    street.broken[PAGE] = "404"
    await bot.advance(DAY + 1)
    assert told(bot) == []
    await bot.advance(HOUR)
    line = f"আড়ং · TikTok ({slug}) → shop.example: it answers with error 404"
    assert len(told(bot)) == 1
    assert line in told(bot)[0]
    assert "/link edit" in told(bot)[0]
    for _ in range(3):
        await bot.advance(DAY)
    assert len(told(bot)) == 1
    assert street.asked == [PAGE] * 5


async def test_a_page_that_was_broken_for_a_moment_is_not_told_of(
    bot: Stage, street: Street
) -> None:
    await new_link(bot, to=PAGE)
    street.broken[PAGE] = "silent"
    await bot.advance(DAY + 1)
    street.broken.clear()
    for _ in range(3):
        await bot.advance(DAY)
    assert told(bot) == []
    assert await kept(bot, "select * from broken_shops") == []


async def test_a_page_that_breaks_anew_is_news_again(bot: Stage, street: Street) -> None:
    await new_link(bot, to=PAGE)
    for times in (1, 2):
        street.broken[PAGE] = "name"
        for _ in range(2):
            await bot.advance(DAY)
        assert len(told(bot)) == times
        street.broken.clear()
        await bot.advance(DAY)


async def test_ended_links_and_our_own_are_left_alone_and_pages_of_rules_are_not(
    bot: Stage, street: Street
) -> None:
    gone = await new_link(bot, "old", to="https://shop.example/old")
    await bot.say("creator", f"/link end {gone}")
    await new_link(bot, "circle", to=f"{URL}/other")
    slug = await new_link(bot, to=PAGE)
    seen = await bot.say("creator", f"/link rule {slug} | bn | any | https://shop.example/bn")
    assert "shop.example" in seen[-1].text
    street.broken["https://shop.example/bn"] = "500"
    await bot.advance(DAY + 1)
    assert sorted(street.asked) == [PAGE, "https://shop.example/bn"]
    await bot.advance(HOUR)
    assert len(told(bot)) == 1


async def test_several_broken_pages_are_one_message_and_one_page_is_asked_once(
    bot: Stage, street: Street
) -> None:
    for place in ("TikTok", "YouTube", "bio"):
        await new_link(bot, place, to=PAGE)
    street.broken[PAGE] = "closed"
    await bot.advance(DAY + 1)
    await bot.advance(HOUR)
    assert len(told(bot)) == 1
    assert "behind 3 sponsored links" in told(bot)[0]
    assert street.asked == [PAGE] * 2


async def test_a_shop_that_takes_for_ever_keeps_nobody_from_hearing_of_another(
    bot: Stage, street: Street, monkeypatch: Patch
) -> None:
    monkeypatch.setattr("handlers.links.health.ALTOGETHER", 0.05)
    slow = await new_link(bot, "slow", to="https://slow.example/")
    await new_link(bot, to=PAGE)
    street.broken |= {PAGE: "404", "https://slow.example/": "for ever"}
    await bot.advance(DAY + 1)
    await bot.advance(HOUR)
    assert len(told(bot)) == 1
    assert slow not in told(bot)[0]
    timers = await kept(bot, "select key from outbox where kind = 'timer' and key like 'shops%'")
    assert len(timers) == 1


async def test_a_playground_asks_for_nothing(ready_url: str) -> None:
    async with Stage.open(ready_url, public_url=URL) as bot:
        await new_link(bot)
        await bot.advance(2 * DAY)
        assert await kept(bot, "select * from broken_shops") == []


async def pressed(bot: Stage, slug: str, times: int) -> None:
    async def unit(tx: Tx) -> None:
        link = await link_by_slug(tx, slug)
        assert link is not None
        for _ in range(times):
            await counted(tx, link, "telegram", bot.adda.world.now())

    await bot.unit(unit)


@pytest.mark.parametrize(("presses", "opened", "alarm"), [(19, 0, 0), (20, 5, 0), (20, 4, 1)])
async def test_many_presses_and_few_openings_are_told_once(
    bot: Stage, tmp_path: Path, presses: int, opened: int, alarm: int
) -> None:
    slug = await new_link(bot, to=PAGE)
    await pressed(bot, slug, presses)
    async with Web.open(bot, tmp_path / "spill") as web:
        for number in range(opened):
            assert (await web.get(f"/{slug}", phone(number))).status == 302
    for _ in range(4):
        await bot.advance(DAY)
    said = [m.text for m in bot.seen("creator") if "hardly anybody opened it" in m.text]
    assert len(said) == alarm
    assert all(f"({slug}) → shop.example: pressed often" in text for text in said)
    assert await kept(bot, "select * from broken_shops") == []


# The real thing ---------------------------------------------------------------------------------


class Shop:
    """A web site on this machine."""

    def __init__(self) -> None:
        self.asked: list[web.BaseRequest] = []
        self.base = ""

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.append(request)
        word = request.path.strip("/")
        if word == "slow":
            await asyncio.sleep(2)
        if word == "loop":
            return web.Response(status=302, headers={"Location": "/loop"})
        if word == "inside":
            return web.Response(status=302, headers={"Location": "http://10.0.0.7/"})
        if word == "file":
            return web.Response(status=302, headers={"Location": "file:///etc/passwd"})
        if word == "moved":
            return web.Response(status=301, headers={"Location": "/200"})
        return web.Response(status=int(word) if word.isdigit() else 200, text="x" * 100_000)


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    made = Shop()
    runner = web.ServerRunner(web.Server(made.answer), shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("200", ""), ("moved", ""), ("403", ""), ("429", ""), ("404", "404"), ("410", "410"),
        ("500", "500"), ("loop", "circle"), ("slow", "silent"), ("inside", "closed"),
        ("file", "closed"),
    ],
)  # fmt: skip
async def test_what_a_shop_answers(shop: Shop, path: str, why: str) -> None:
    assert await Prober(loopback=True, seconds=0.5)(f"{shop.base}/{path}") == why
    assert shop.asked[0].headers["User-Agent"] == AGENT
    assert "Cookie" not in shop.asked[-1].headers


async def test_nobody_there_and_no_such_name() -> None:
    assert await Prober(loopback=True)("http://127.0.0.1:1/") == "silent"
    assert await Prober(resolver=Nobody())("https://shop.example/") == "name"


class Nobody(abc.AbstractResolver):
    """A name server that knows no name, or one address for all."""

    def __init__(self, address: str = "") -> None:
        self._address = address

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[abc.ResolveResult]:
        if not self._address:
            raise OSError("no such name")
        return [abc.ResolveResult(
            hostname=host, host=self._address, port=port, family=family, proto=0, flags=0
        )]  # fmt: skip

    async def close(self) -> None:
        pass


@DEFENCE
@pytest.mark.parametrize(
    "way", ["address", "name", "redirect"], ids=["by address", "by name", "by redirect"]
)
async def test_a_health_check_reaches_nothing_behind(
    shop: Shop, monkeypatch: Patch, stands: bool, way: str
) -> None:
    """SSRF: an address, a name that means it, and a page that leads there."""
    port = shop.base.rpartition(":")[2]
    url = {"address": f"{shop.base}/200", "name": f"http://shop.example:{port}/200",
           "redirect": f"http://shop.example:{port}/moved"}[way]  # fmt: skip
    if not stands:
        monkeypatch.setattr("handlers.questions.fetching.is_open", lambda _address: True)
        monkeypatch.setattr("handlers.links.shop_pages.checked", lambda url, _loopback: url)
    why = await Prober(resolver=Nobody("127.0.0.1"), seconds=2)(url)
    assert (shop.asked == []) is stands
    assert (why == "closed") is stands


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://169.254.169.254/latest/", "http://[::1]/", "http://localhost/",
     "file:///etc/passwd", "gopher://shop.example/", "http://2130706433/", "http://0x7f.1/",
     "https://shop.example:22/", "http://user@shop.example/"],
)  # fmt: skip
async def test_an_address_that_is_no_shop_is_not_asked(url: str) -> None:
    assert await Prober(resolver=Nobody("127.0.0.1"))(url) == "closed"


async def test_a_look_is_no_click(ready_url: str, tmp_path: Any, monkeypatch: Patch) -> None:
    """Even where a link leads to a link of ours by another name."""
    async with Stage.open(ready_url, public_url="http://localhost") as bot:
        slug = await new_link(bot)
        async with Web.open(bot, tmp_path / "spill") as served:
            real = Prober(loopback=True)
            monkeypatch.setattr("handlers.links.shop_pages.SECONDS", 1.0)
            await real(str(served.client.make_url(f"/{slug}")))
        assert await classes(bot) == ["bot"]  # on record as what it is, and no person's
