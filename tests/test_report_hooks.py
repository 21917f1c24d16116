"""Webhooks: each sealed day once, signed, tried until it arrives, and nothing of another brand."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import AsyncIterator
from itertools import pairwise

import jsonschema
import pytest

from bot.app import assemble
from bot.world import World, counted_world
from handlers.reporting.posting import AGENT, Poster
from handlers.reporting.sealing import Sealer
from handlers.reporting.webhooks import webhooks
from storage import webhooks as store
from storage.database import open_database
from storage.seal import Seal
from storage.tx import Tx
from storage.whole import whole
from tests.receiver import Receiver, receiving
from tests.shop import URL, kept, new_link
from tests.stage import Stage
from tests.test_attacks import Patch
from tests.test_report_links import clicked
from web.openapi import described

HOUR, DAY = 3600, 86_400


@pytest.fixture
async def shop() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


@pytest.fixture
async def bot(ready_url: str, monkeypatch: Patch) -> AsyncIterator[Stage]:
    post = Poster(loopback=True, seconds=0.5)
    monkeypatch.setattr("bot.app.webhooks", lambda url, _post: webhooks(url, post))
    async with Stage.open(ready_url, public_url=URL) as stage:
        await stage.say("creator", "/language en")
        yield stage


async def hooked(bot: Stage, shop: Receiver, brand: str = "আড়ং", path: str = "/in") -> str:
    """The signing key of a new hook."""
    text = (await bot.say("creator", f"/report hook {brand} | {shop.base}{path}"))[-1].text
    found = re.search(r"Signing key: ([0-9a-z]{32})$", text, re.MULTILINE)
    assert found is not None, text
    return found[1]


async def night(bot: Stage, hours: float = 19) -> None:
    """Time passes, the days that are over are sealed, and what is due is done."""
    await bot.advance(hours * HOUR)
    await Sealer(bot.adda.database, bot.adda.world).catch_up()
    await bot.advance(0)


def told(bot: Stage) -> list[str]:
    """What the team was told of programs."""
    marks = ("could not be delivered", "no longer takes")
    return [m.text for m in bot.seen("creator") if any(mark in m.text for mark in marks)]


async def pending(bot: Stage) -> int:
    rows = await kept(bot, "select id from hook_deliveries where done_at is null")
    return len(rows)


async def test_after_a_day_is_sealed_its_totals_come_once_signed_and_as_described(
    bot: Stage, shop: Receiver
) -> None:
    await clicked(bot, await new_link(bot), 40)
    await clicked(bot, await new_link(bot, "bio"), 15, "bot")
    key = await hooked(bot, shop)
    await night(bot)
    await night(bot, 1)
    (got,) = shop.got
    (entry,) = await kept(bot, "select number, root from seals")
    assert got.signed_with(key)
    assert not got.signed_with(key[::-1])
    assert (got.path, got.headers["User-Agent"]) == ("/in", AGENT)
    assert got.headers["Content-Type"] == "application/json"
    description = described(URL)
    jsonschema.validate(got.body, {"$ref": "#/components/schemas/Day", **description})
    assert got.body["seal"] == entry
    assert {name: got.body[name] for name in ("day", "brand", "revision", "clicks")} == {
        "day": "2026-11-20", "brand": "আড়ং", "revision": 1, "clicks": 40,
    }  # fmt: skip
    assert got.body["waterfall"] == {
        "gross": 55, "checks": 0, "previews": 0, "bots": 15, "self": 0, "rate": 0, "repeats": 0,
        "incentivised": 0, "net": 40,
    }  # fmt: skip
    named = {one["name"] for one in description["webhooks"]["day"]["post"]["parameters"]}
    assert named <= got.headers.keys()
    assert await pending(bot) == 0


async def test_a_day_without_a_click_is_told_too_and_small_numbers_never(
    bot: Stage, shop: Receiver
) -> None:
    await clicked(bot, await new_link(bot), 3)
    await hooked(bot, shop)
    await night(bot)
    await night(bot, 24)
    first, second = (got.body for got in shop.got)
    assert first["clicks"] == "<10"
    values = {*first["waterfall"].values(), *first["numbers"].values()}
    assert values <= {"<10", "not shown", 0}
    assert (second["day"], second["clicks"]) == ("2026-11-21", 0)


async def test_what_fails_is_sent_again_the_same_with_a_new_signature(
    bot: Stage, shop: Receiver
) -> None:
    await clicked(bot, await new_link(bot), 40)
    key = await hooked(bot, shop)
    shop.answers = [500, "slow", "dead", 429]
    await night(bot)
    assert len(shop.got) == 1
    await bot.advance(50)
    assert len(shop.got) == 1
    await bot.advance(HOUR)
    assert len({(got.id, got.raw) for got in shop.got}) == 1
    assert all(got.signed_with(key) for got in shop.got)
    at = [int(got.headers["Adda-Timestamp"]) for got in shop.got]
    assert [b - a for a, b in pairwise(at)] == [60, 120, 240, 480]
    (row,) = await kept(bot, "select attempts, outcome, done_at from hook_deliveries")
    assert (row["attempts"], row["outcome"]) == (5, "")
    assert row["done_at"] is not None
    assert told(bot) == []


@pytest.mark.parametrize("where", ["http://10.0.0.7/", "http://127.0.0.1:1/", "own"])
async def test_nobody_is_led_on(bot: Stage, shop: Receiver, where: str) -> None:
    await clicked(bot, await new_link(bot), 40)
    await hooked(bot, shop)
    shop.answers = [f"{shop.base}/inside" if where == "own" else where] * 2
    await night(bot)
    await bot.advance(70)
    assert [got.path for got in shop.got] == ["/in"] * 2
    (row,) = await kept(bot, "select outcome from hook_deliveries")
    assert row["outcome"] == "307"


async def test_after_three_days_it_is_given_up_and_told_once_until_something_arrives(
    bot: Stage, shop: Receiver
) -> None:
    await clicked(bot, await new_link(bot), 40)
    await hooked(bot, shop)
    shop.answers = [500] * 1000
    for _ in range(6):
        await night(bot, 24)
    assert len(told(bot)) == 1
    assert "127.0.0.1: it answers with error 500" in told(bot)[0]
    given_up = await kept(bot, "select attempts from hook_deliveries where done_at is not null")
    assert len(given_up) == 3
    assert all(row["attempts"] > 10 for row in given_up)
    shop.answers = []
    await bot.advance(DAY)
    assert await pending(bot) == 0
    shop.answers = [500] * 1000
    await night(bot, 24)
    await bot.advance(4 * DAY)
    assert len(told(bot)) == 2


async def test_410_ends_the_hook_and_the_team_hears_of_it(bot: Stage, shop: Receiver) -> None:
    await clicked(bot, await new_link(bot), 40)
    await hooked(bot, shop)
    shop.answers = [410]
    for _ in range(3):
        await night(bot, 24)
    assert len(shop.got) == 1
    assert told(bot) == [
        "127.0.0.1 said that it no longer takes the totals of আড়ং, so nothing is sent there any "
        "more. /report hook gives a new address."
    ]
    assert "nothing to end" in (await bot.say("creator", "/report hook আড়ং | off"))[-1].text


async def test_taken_back_nothing_is_sent_any_more_not_even_what_waited(
    bot: Stage, shop: Receiver
) -> None:
    await clicked(bot, await new_link(bot), 40)
    await hooked(bot, shop)
    shop.answers = [500]
    await night(bot)
    assert "Ended" in (await bot.say("creator", "/report hook আড়ং | off"))[-1].text
    for _ in range(2):
        await night(bot, 24)
    assert len(shop.got) == 1


async def test_taken_by_the_program_and_not_put_on_record_it_comes_again_with_its_id(
    bot: Stage, shop: Receiver, monkeypatch: Patch
) -> None:
    """We die after it was sent: the program knows the id, so it counts the day once."""
    await clicked(bot, await new_link(bot), 40)
    await hooked(bot, shop)
    real, tried = store.done, []

    async def dying(tx: Tx, id: str, why: str, now: int) -> bool:
        tried.append(id)
        if len(tried) == 1:
            raise RuntimeError("the process died")
        return await real(tx, id, why, now)

    monkeypatch.setattr(store, "done", dying)
    await night(bot)
    await bot.advance(10)
    assert len(shop.got) == 2
    assert len({(got.id, got.raw) for got in shop.got}) == 1
    assert await pending(bot) == 0


async def test_of_two_processes_one_sends(bot: Stage, shop: Receiver, ready_url: str) -> None:
    if bot.adda.database.dialect == "sqlite":
        pytest.skip("a file has one process")
    await clicked(bot, await new_link(bot), 40)
    await hooked(bot, shop)
    await bot.advance(19 * HOUR)
    chance = random.Random(5)
    counted = counted_world(bot.clock)
    world = World(counted.now, lambda: chance.randbytes(8).hex(), chance.randbytes)
    database = await open_database(ready_url, Seal("test secret"))
    other = assemble(bot.adda.settings, world, database, {}, post=Poster(loopback=True))
    other.postman._handle = other.core.handle
    await asyncio.gather(Sealer(database, world).catch_up(),
                         Sealer(bot.adda.database, bot.adda.world).catch_up())  # fmt: skip
    for _ in range(4):
        await asyncio.gather(other.postman.look(), bot.adda.postman.look())
        await asyncio.gather(other.postman.idle(), bot.adda.postman.idle())
    await database.close()
    assert len(shop.got) == 1


async def test_two_who_settle_a_delivery_at_once_settle_it_once(bot: Stage, shop: Receiver) -> None:
    await clicked(bot, await new_link(bot), 40)
    await hooked(bot, shop)
    shop.answers = [500]
    await night(bot)
    (row,) = await kept(bot, "select id from hook_deliveries")
    works = [lambda tx: store.done(tx, row["id"], "", 1)] * 4
    assert sorted(await asyncio.gather(*map(bot.unit, works))) == [False, False, False, True]


async def test_a_correction_comes_with_its_revision_to_those_it_concerns(
    bot: Stage, shop: Receiver
) -> None:
    ours, theirs = await new_link(bot, "TikTok", "আড়ং"), await new_link(bot, "Reels", "Bata")
    for slug in (ours, theirs):
        await clicked(bot, slug, 40)
    await hooked(bot, shop, "আড়ং", "/ours")
    await hooked(bot, shop, "Bata", "/theirs")
    await night(bot)
    assert sorted(got.path for got in shop.got) == ["/ours", "/theirs"]
    await clicked(bot, ours, 25, "bot")  # late, on the day that is sealed
    await night(bot, 1)
    (late,) = shop.got[2:]
    assert (late.path, late.body["revision"]) == ("/ours", 2)
    assert (late.body["day"], late.body["waterfall"]["bots"]) == ("2026-11-20", 25)
    assert late.id not in {got.id for got in shop.got[:2]}


async def test_a_hook_is_told_nothing_of_another_campaign(bot: Stage, shop: Receiver) -> None:
    await clicked(bot, await new_link(bot, "TikTok", "আড়ং"), 40)
    await clicked(bot, await new_link(bot, "Their reel", "Bata"), 61)
    keys = {path: await hooked(bot, shop, brand, path)
            for brand, path in (("আড়ং", "/ours"), ("Bata", "/theirs"))}  # fmt: skip
    await night(bot)
    found = {got.path: got for got in shop.got}
    assert found["/ours"].body["clicks"] == 40
    assert found["/theirs"].body["clicks"] == 61
    assert "Bata" not in found["/ours"].raw.decode()
    assert "61" not in re.sub(r"[0-9a-z]{16,}", "", found["/ours"].raw.decode())
    for path, key in keys.items():
        assert [got.signed_with(key) for got in found.values()] == [p == path for p in found]


async def test_a_day_that_the_page_hides_is_hidden_here(bot: Stage, shop: Receiver) -> None:
    """Its own count is large, but with it that of a small day could be computed."""
    slug = await new_link(bot)
    await clicked(bot, slug, 12)
    await clicked(bot, slug, 500, "bot")
    (row,) = await kept(bot, f"select id from links where slug = '{slug}'")
    async with whole(bot.adda.settings.database_url) as db:
        rows = [(row["id"], "2026-11-19", "web", "human", 3), (row["id"], "2026-11-18", "web",
                "human", 400)]  # fmt: skip
        await db.fill("click_totals", ("link", "day", "platform", "class", "clicks"), rows)
        await db.script(["update campaigns set starts_at = starts_at - 259200000"])
    await hooked(bot, shop)
    await night(bot)
    (body,) = [got.body for got in shop.got if got.body["day"] == "2026-11-20"]
    assert (body["clicks"], body["waterfall"], body["numbers"]) == ("not shown", {}, {})
