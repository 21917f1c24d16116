"""The seal: what was counted cannot be changed unseen, and a person can still be forgotten."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from bot.world import Clock, World, counted_world
from handlers.reporting import seal as pure
from handlers.reporting.proof import packed, sealed_days
from handlers.reporting.sealing import Sealer
from handlers.reporting.verify import check
from handlers.reporting.view import view
from storage import seals as store
from storage.database import Database
from storage.seals import Entry
from storage.whole import whole
from tests.reported import HOME, NOW, OURS, START, add, brands, click, generated, ms, report

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))


@pytest.fixture
async def database(ready_url: str) -> AsyncIterator[Database]:
    async with brands(ready_url) as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def world(clock: Clock) -> World:
    chance = random.Random(7)
    counted = counted_world(clock)
    return World(counted.now, counted.new_id, chance.randbytes)


@pytest.fixture
def sealer(database: Database, world: World) -> Sealer:
    return Sealer(database, world)


async def proof(database: Database, campaign: str = OURS, *, exact: bool = False) -> bytes:
    shown = view(await report(database, campaign), exact=exact)
    async with database.read() as tx:
        chain, days = await sealed_days(tx, shown)
    return packed(shown, "bn", chain, days, store.signer(database.seal))


async def chain(database: Database) -> list[Entry]:
    async with database.read() as tx:
        return await store.chain(tx, HOME)


async def test_every_finished_day_is_sealed_once(database: Database, sealer: Sealer) -> None:
    await add(database, generated(1, 500))
    assert await sealer.catch_up() == 19  # 1 to 19 November; the 20th is not over
    assert await sealer.catch_up() == 0
    entries = await chain(database)
    assert [entry.day for entry in entries] == [f"2026-11-{day:02}" for day in range(1, 20)]
    assert pure.chain_faults(entries, entries[0].signed_by) == []


async def test_after_an_outage_the_missed_days_are_sealed(
    database: Database, sealer: Sealer, clock: Clock
) -> None:
    await sealer.catch_up()
    clock.advance(timedelta(days=4).total_seconds())
    assert await sealer.catch_up() == 4
    entries = await chain(database)
    assert entries[-1].day == "2026-11-23"
    assert pure.chain_faults(entries, entries[0].signed_by) == []


async def test_two_programs_seal_a_day_once(database: Database, world: World) -> None:
    await add(database, generated(1, 100))
    await asyncio.gather(*(Sealer(database, world).catch_up() for _ in range(3)))
    await Sealer(database, world).catch_up()
    entries = await chain(database)
    assert [entry.day for entry in entries] == [f"2026-11-{day:02}" for day in range(1, 20)]
    assert pure.chain_faults(entries, entries[0].signed_by) == []


async def test_a_correction_is_a_new_signed_entry(
    database: Database, sealer: Sealer, ready_url: str
) -> None:
    """A newer ruleset calls clicks of a sealed day robots."""
    rows = [click(f"{n}", "l1", ms(START), "human", random.Random(n)) for n in range(50)]
    await add(database, rows)
    await sealer.catch_up()
    before = (await chain(database))[0]
    async with whole(ready_url) as db:
        await db.script([
            "update clicks set class = 'bot' where id < '12'",
            "delete from click_totals",
        ])  # fmt: skip
        moved = sum(f"{n}" < "12" for n in range(50))
        await db.fill(
            "click_totals", ("link", "day", "platform", "class", "clicks"),
            [("l1", "2026-11-01", "web", "bot", moved),
             ("l1", "2026-11-01", "web", "human", 50 - moved)],
        )  # fmt: skip
    assert await sealer.catch_up() == 1
    entries = await chain(database)
    assert entries[0] == before
    assert (entries[-1].day, entries[-1].revision, entries[-1].reason) == (
        "2026-11-01", 2, "reclassified",
    )  # fmt: skip
    assert pure.chain_faults(entries, before.signed_by) == []
    assert check(await proof(database)).faults == []
    assert await sealer.catch_up() == 0


async def test_a_late_click_is_a_correction_too(database: Database, sealer: Sealer) -> None:
    await add(database, generated(1, 100))
    await sealer.catch_up()
    await add(database, [click("late", "l1", ms(START), "human", random.Random(1))])
    assert await sealer.catch_up() == 1
    assert (await chain(database))[-1].reason == "recounted"


async def test_forgetting_a_person_leaves_the_seal_valid(
    database: Database, sealer: Sealer, ready_url: str
) -> None:
    rows = [
        click(f"{n:02}", "l1", ms(START), "human", random.Random(n))._replace(who=who)
        for n, who in enumerate(["rima", "rima", *[None] * 30])
    ]  # fmt: skip
    await add(database, rows)
    await sealer.catch_up()
    before = await proof(database)

    async def forget(tx: Any) -> None:
        await store.forget(tx, HOME, "rima")

    await database.unit(forget)
    async with whole(ready_url) as db:
        await db.script(["update clicks set who = null where who = 'rima'"])
        assert await db.value("select count(*) from sealed_nonces") == 30
    assert await sealer.catch_up() == 0  # no correction
    after = await proof(database)
    assert check(before).faults == check(after).faults == []
    async with database.read() as tx:
        first = (await chain(database))[0]
        leaves = await store.leaves_of(tx, HOME, OURS, first.id)
    assert len(leaves) == 64  # 10 classes and 32 clicks, made up to a power of two


async def test_what_a_leaf_was_made_of_goes_with_its_click(
    database: Database, sealer: Sealer, ready_url: str
) -> None:
    await add(database, generated(1, 50))
    await sealer.catch_up()

    async def tidy(tx: Any) -> None:
        await tx.run("clicks_forget_old", before=ms(NOW), most=100)

    await database.unit(tidy)
    async with whole(ready_url) as db:
        assert await db.value("select count(*) from sealed_nonces") == 0
    assert check(await proof(database)).faults == []


async def test_only_the_community_itself_is_asked_for_leaves(
    database: Database, sealer: Sealer
) -> None:
    await add(database, generated(1, 100))
    await sealer.catch_up()
    entry = (await chain(database))[0]
    async with database.read() as tx:
        assert await store.leaves_of(tx, HOME, OURS, entry.id)
        assert await store.leaves_of(tx, "c2", OURS, entry.id) == []
        assert await store.leaves_of(tx, HOME, "k0", entry.id) == []
        assert await store.campaigns_of(tx, "c2", entry.id) == []
        assert await store.chain(tx, "c2") == []


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40), st.data())
def test_every_leaf_leads_to_the_root_and_no_other_does(
    leaves: list[bytes], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(leaves) - 1))
    steps = pure.path(leaves, place)
    assert pure.climbed(leaves[place], steps) == pure.root(leaves)
    assert pure.climbed(bytes(31) + b"\x01", steps) != pure.root(leaves)
