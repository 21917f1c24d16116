"""The first start: one community, as the settings say, and a code for its owner."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.model import Role
from bot.settings import Settings
from bot.setup import CLAIM_LIFE, prepare
from bot.world import Clock, World, counted_world
from storage import people
from storage.database import Database, open_database
from storage.people import CodeRow, CommunityRow
from storage.seal import Seal, WrongKey
from storage.tx import Tx
from tests.stage import START

CLOCK = Clock(START)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    opened = await open_database(database_url, Seal("test secret"))
    yield opened
    await opened.close()


@pytest.fixture
def world() -> World:
    return counted_world(CLOCK)


def settings(**given: Any) -> Settings:
    return Settings.model_validate({"community": "Mitu", **given})


async def home(db: Database) -> CommunityRow | None:
    async with db.read() as tx:
        return await people.home_community(tx)


async def use(db: Database, code: str, after: timedelta) -> CodeRow | None:
    moment = round((START + after).timestamp() * 1000)
    return await db.unit(lambda tx: people.use_code(tx, code, moment))


async def test_the_first_start_makes_the_community_and_gives_a_code_for_its_owner(
    db: Database, world: World
) -> None:
    code = await prepare(db, settings(language="en", timezone="Europe/London"), world)
    assert await home(db) == CommunityRow("home", "Mitu", "en", "Europe/London")
    assert code is not None
    assert code.isalnum()
    used = await use(db, code, timedelta(minutes=14))
    assert used == CodeRow("home", Role.OWNER, None)


async def test_a_code_is_over_after_a_quarter_of_an_hour(db: Database, world: World) -> None:
    code = await prepare(db, settings(), world)
    assert code is not None
    assert await use(db, code, CLAIM_LIFE) is None


async def test_while_nobody_owns_it_each_start_gives_a_new_code(db: Database, world: World) -> None:
    codes = {await prepare(db, settings(), world) for _ in range(3)}
    assert len(codes - {None}) == 3


async def test_there_is_no_code_once_somebody_owns_it(db: Database, world: World) -> None:
    await prepare(db, settings(), world)

    async def owned(tx: Tx) -> None:
        await people.add_member(tx, "home", "m1", "telegram", "1", "Mitu", Role.OWNER, 0)

    await db.unit(owned)
    assert await prepare(db, settings(), world) is None


async def test_changed_settings_are_the_communitys_from_the_next_start(
    db: Database, world: World
) -> None:
    await prepare(db, settings(), world)
    await prepare(db, settings(community="Mitu's kitchen", language="en"), world)
    assert await home(db) == CommunityRow("home", "Mitu's kitchen", "en", "Asia/Dhaka")


async def test_a_community_that_is_there_keeps_its_id(db: Database, world: World) -> None:
    await db.unit(lambda tx: people.add_community(tx, "c1", "Old", "bn", "Asia/Dhaka", 0))
    await prepare(db, settings(), world)
    assert await home(db) == CommunityRow("c1", "Mitu", "bn", "Asia/Dhaka")


async def test_two_starts_at_once_make_one_community(db: Database, world: World) -> None:
    await asyncio.gather(*(prepare(db, settings(), world) for _ in range(8)))
    async with db.read() as tx:
        assert await people.community(tx, "home") is not None


async def test_another_key_is_refused_and_nothing_is_changed(
    db: Database, database_url: str, world: World
) -> None:
    await prepare(db, settings(), world)
    await db.unit(
        lambda tx: people.add_member(tx, "home", "m1", "telegram", "1", "Rima", Role.FAN, 0)
    )
    other = await open_database(database_url, Seal("another secret"))
    try:
        with pytest.raises(WrongKey, match="another SECRET_KEY"):
            await prepare(other, settings(community="Changed"), world)
    finally:
        await other.close()
    kept = await home(db)
    assert kept is not None
    assert kept.name == "Mitu"
