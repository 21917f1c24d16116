"""Page, CSV, JSON, API, chat and card all tell what a raw recount of the click rows gives."""

from __future__ import annotations

import csv
import io
import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.world import Clock, World, counted_world
from handlers.reporting import files
from handlers.reporting.sealing import Sealer
from storage import api_tokens, report_links
from storage.clicks import add_clicks
from storage.database import Database
from storage.tx import Tx
from tests.reported import (
    DAY,
    HOME,
    NOW,
    OURS,
    THEIRS,
    Recount,
    add,
    brands,
    generated,
    more,
    ms,
    recount,
    tables,
)
from tests.stage import Stage
from tests.test_reports import invite
from web.api import api_routes
from web.app import application
from web.report import report_routes

Work = Callable[[Tx], Coroutine[Any, Any, bool]]
Figures = Mapping[str, list[tuple[str, str]]]  # by section: names, and what is shown beside them
TABLES = ("days", "hours", "placements", "products", "platforms", "languages")
HIDDEN = ("<10", "not shown")
URL = "https://links.example"


@pytest.fixture
async def database(ready_url: str) -> AsyncIterator[Database]:
    async with brands(ready_url) as opened:
        yield opened


@dataclass
class Page(HTMLParser):
    """The tables of a page, by the id of their heading."""

    found: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()
        self._table: str | None = None
        self._cells: list[str] = []
        self._in = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._table = (dict(attrs)["aria-labelledby"] or "").removeprefix("h-")
            self.found[self._table] = []
        if tag == "tr":
            self._cells = []
        self._in = tag in ("th", "td")
        if self._in:
            self._cells.append("")

    def handle_data(self, data: str) -> None:
        if self._in and self._cells:
            self._cells[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._in = False
        if tag == "tr" and self._table and len(self._cells) == 2:
            self.found[self._table].append((self._cells[0], self._cells[1]))


def plain(shown: Any) -> str:
    """A number as a number, however it is written."""
    return str(shown).replace(",", "")


async def told(database: Database, campaign: str) -> tuple[Figures, Figures, Figures, Figures]:
    """Page, CSV, JSON and API of a campaign, each as a brand gets it."""
    counted, now = counted_world(Clock(NOW)), ms(NOW)
    chance = random.Random(campaign)
    world = World(counted.now, lambda: chance.randbytes(8).hex(), chance.randbytes)
    token, link = campaign * 16, campaign * 8
    await database.unit(
        lambda tx: report_links.add(tx, HOME, campaign, link, token, now, now + DAY)
    )
    await database.unit(lambda tx: api_tokens.add(tx, HOME, campaign, link, token, "key", now))
    routes = report_routes(database, world, secure=False) + api_routes(database, world, URL)
    async with TestClient(TestServer(application(routes))) as client:
        page = Page()
        page.feed(await (await client.post(f"/r/{token}?language=en")).text())
        table = await (await client.get(f"/r/{link}/report.csv?language=en")).text()
        text = await (await client.get(f"/r/{link}/report.json?language=en")).text()
        by = {"Authorization": f"Bearer {token}"}
        api = await (await client.get("/v1/report.json", headers=by)).json()
    return _shown(page.found), _csv(table), _json(json.loads(text)), _json(api)


def _shown(found: Figures) -> Figures:
    """Without the heads of the tables. Names of rows are translated on the page."""
    return {name: [(item, plain(n)) for item, n in rows[1:]] for name, rows in found.items()}


def _csv(text: str) -> Figures:
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in TABLES}
    for section, item, value in list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))[1:]:
        found.setdefault(section, []).append((item, value))
    return found


def _json(told: Any) -> Figures:
    tables = {
        name: [(files.safe(row["name"]), plain(row["clicks"])) for row in rows]
        for name, rows in told["tables"].items()
    }
    for name in ("waterfall", "numbers"):
        tables[name] = [(item, plain(count)) for item, count in told[name].items()]
    return tables


def real(again: Recount) -> dict[str, Counter[str]]:
    return {
        "days": again.days, "hours": again.hours, "placements": again.placements,
        "products": again.products, "platforms": again.platforms, "languages": again.languages,
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
async def test_page_csv_json_and_api_are_a_recount_of_the_rows(
    database: Database, ready_url: str, seed: int
) -> None:
    await add(database, generated(seed, (90, 500, 2500, 6000)[seed]))
    await more(ready_url)
    for campaign in (OURS, THEIRS):
        again = await recount(ready_url, campaign)
        page, table, text, api = await told(database, campaign)
        assert text == api
        for name in (*TABLES, "waterfall", "numbers"):
            counts = [count for _, count in text[name]]
            assert table[name] == text[name]
            if counts and (name != "products" or len(page.get(name, []))):
                assert [count for _, count in page[name]] == counts
        waterfall = dict(text["waterfall"])
        assert waterfall["net"] == shown(again.classes["human"])
        assert waterfall["gross"] in (str(again.gross), "not shown")
        for name, counted in real(again).items():
            names = {files.safe(item): count for item, count in counted.items()}
            for item, count in text[name]:
                assert count in HIDDEN or int(count) == names.get(item, 0), (name, item)
            assert not text[name] or names.keys() <= {item for item, _ in text[name]}


@pytest.mark.parametrize("seed", range(4))
async def test_the_chat_and_the_card_are_a_recount_of_the_rows(ready_url: str, seed: int) -> None:
    rows = generated(seed, (90, 500, 2500, 6000)[seed])
    async with Stage.open(ready_url, public_url=URL) as bot:
        await tables(ready_url, home=False)
        await bot.unit(lambda tx: add_clicks(tx, rows))
        for who, brand, campaign in (("Aminul", "আড়ং", OURS), ("Karim", "Bata", THEIRS)):
            await invite(bot, who, brand)
            await bot.say(who, "/language en")
            again = await recount(ready_url, campaign)
            said = (await bot.say(who, "/report"))[-1].text.splitlines()
            assert f": {shown(again.classes['human'])} clicks in the last 30 days" in plain(said[0])
            _places_told(said, again.placements)
            asked = (await bot.say("creator", f"/report card {brand} daily"))[-1].text
            code = asked.split("/report join ")[1].split()[0]
            await bot.say(who, f"/report join {code}", place=brand)
        await bot.advance(13 * 3600)
        await Sealer(bot.adda.database, bot.adda.world).catch_up()
        await bot.advance(9 * 3600)
        for brand, campaign in (("আড়ং", OURS), ("Bata", THEIRS)):
            count = (await recount(ready_url, campaign)).days["2026-11-20"]
            card = latin(bot.seen(place=brand)[-1].text)
            said_so = f": {shown(count)}টি লিংক ক্লিক" if count else "কোনো ক্লিক আসেনি"
            assert said_so in card


def latin(text: str) -> str:
    return plain(text).translate(str.maketrans("০১২৩৪৫৬৭৮৯", "0123456789"))


def _places_told(lines: list[str], real: Counter[str]) -> None:
    """Each place with its count, or with a word that it is not told."""
    told = dict(line.rsplit(": ", 1) for line in lines[1:] if ": " in line)
    for place, count in real.items():
        if place in told:
            assert plain(told[place]) in (str(count), *HIDDEN), place


def shown(count: int) -> str:
    return "<10" if 0 < count < 10 else str(count)


async def test_every_question_of_the_api_keeps_to_its_campaign_and_community(
    database: Database, ready_url: str
) -> None:
    await add(database, generated(2, 300))
    await more(ready_url)
    sale = api_tokens.Sale("A-1", 5, "BDT")
    mine = api_tokens.ApiToken("t", "", HOME, OURS)
    await database.unit(lambda tx: api_tokens.sell(tx, mine, sale, 1))
    strangers = [("c2", OURS), (HOME, THEIRS), (HOME, "k0")]
    async with database.read() as tx:
        assert await api_tokens.sold(tx, mine, "A-1") == (sale, False)
        assert len(await api_tokens.sales(tx, HOME, OURS)) == 1
        for community, campaign in strangers:
            other = api_tokens.ApiToken("t", "", community, campaign)
            assert await api_tokens.sold(tx, other, "A-1") is None
            assert await api_tokens.sales(tx, community, campaign) == []
    for community, campaign in strangers:
        other = api_tokens.ApiToken("t", "", community, campaign)
        assert not await database.unit(_reversing(other))
    for community, campaign in (("c2", OURS), (HOME, "k0")):
        assert not await database.unit(_adding(community, campaign))


def _reversing(token: api_tokens.ApiToken) -> Work:
    return lambda tx: api_tokens.reverse(tx, token, "A-1", 2)


def _adding(community: str, campaign: str) -> Work:
    return lambda tx: api_tokens.add(tx, community, campaign, "i", "t", "k", 1)
