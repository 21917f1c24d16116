"""Whether somebody is in a group: a yes, a no, "not now" and "never" are four different answers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.model import Place, Pressed
from bot.platforms.base import Busy, Gone, Membership
from bot.platforms.discord import Discord
from bot.platforms.telegram import Telegram
from tests.discord_house import House, open_house, place, post
from tests.peers.telegram import TelegramPeer
from tests.peers.telegram_people import Chat
from tests.peers.telegram_wire import BLOCKED, broken, dropped, flood

NOW = datetime(2026, 11, 21, 13, 0, tzinfo=UTC)


class Nobody:
    """A core that is told nothing."""

    async def handle(self, _event: object) -> None: ...

    def crowded(self) -> bool:
        return False


# Telegram ---------------------------------------------------------------------------------------


@pytest.fixture
async def peer() -> AsyncIterator[TelegramPeer]:
    async with TelegramPeer() as peer:
        yield peer


@pytest.fixture
async def telegram(peer: TelegramPeer) -> AsyncIterator[Telegram]:
    door = Telegram(peer.token, lambda: NOW, api_base=peer.base, file_base=peer.file_base)
    task = asyncio.create_task(door.run(Nobody(), ()))
    await peer.until(lambda: bool(peer.polls))
    yield door
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    await door.close()


def group(chat: Chat) -> Place:
    return Place("telegram", str(chat.id), private=False)


@pytest.mark.parametrize("status", ["member", "administrator", "creator", "restricted"])
async def test_telegram_says_who_is_in_a_group(
    peer: TelegramPeer, telegram: Telegram, status: str
) -> None:
    chat, rima = peer.group("fans", bot="administrator"), peer.person("Rima")
    peer.stands(rima, chat, status)
    assert await telegram.membership(group(chat), str(rima.id)) == Membership(status)


@pytest.mark.parametrize("status", ["left", "kicked"])
async def test_who_left_or_was_thrown_out_is_no_member(
    peer: TelegramPeer, telegram: Telegram, status: str
) -> None:
    chat, rima = peer.group("fans", bot="administrator"), peer.person("Rima")
    peer.stands(rima, chat, status)
    assert await telegram.membership(group(chat), str(rima.id)) is None


@pytest.mark.parametrize("user", ["77", "no-number"])
async def test_who_never_was_there_is_no_member(
    peer: TelegramPeer, telegram: Telegram, user: str
) -> None:
    assert await telegram.membership(group(peer.group("fans")), user) is None


@pytest.mark.parametrize("fault", [flood(7), broken(502), dropped()])
async def test_a_platform_in_trouble_says_neither_yes_nor_no(
    peer: TelegramPeer, telegram: Telegram, fault: object
) -> None:
    chat, rima = peer.group("fans"), peer.person("Rima")
    peer.fail("getChatMember", fault)  # type: ignore[arg-type]
    with pytest.raises(Busy):
        await telegram.membership(group(chat), str(rima.id))
    assert await telegram.membership(group(chat), str(rima.id)) == Membership("member")


async def test_a_group_that_the_bot_was_thrown_out_of_tells_nothing(
    peer: TelegramPeer, telegram: Telegram
) -> None:
    chat, rima = peer.group("fans", bot="kicked"), peer.person("Rima")
    with pytest.raises(Gone):
        await telegram.membership(group(chat), str(rima.id))
    peer.fail("getChatMember", BLOCKED)
    with pytest.raises(Gone):
        await telegram.membership(group(peer.group("others")), str(rima.id))


async def test_telegram_knows_no_age_of_accounts(telegram: Telegram) -> None:
    assert telegram.born("5000000001") is None


# Discord ----------------------------------------------------------------------------------------


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with open_house() as made:
        yield made
        assert made.peer.invalid == []


@pytest.fixture
async def discord(house: House) -> AsyncIterator[Discord]:
    async with house.running() as (discord, _):
        await house.peer.ready()
        yield discord


async def test_discord_says_since_when_and_with_which_roles(house: House, discord: Discord) -> None:
    world, where = house.peer.world, place(house)
    rima = world.user("Rima")["id"]
    since = NOW - timedelta(days=3)
    world.joined[where.chat, rima] = since.isoformat()
    world.roles[where.chat, rima] = ["42"]
    assert await discord.membership(where, rima) == Membership("member", since, ("42",))


async def test_who_left_a_server_is_no_member(house: House, discord: Discord) -> None:
    world, where = house.peer.world, place(house)
    rima = world.user("Rima")["id"]
    world.absent.add((where.chat, rima))
    assert await discord.membership(where, rima) is None
    assert await discord.membership(where, "100000000000000009") is None


@pytest.mark.parametrize("status", [429, 503, None])
async def test_discord_in_trouble_says_neither_yes_nor_no(
    house: House, discord: Discord, status: int | None
) -> None:
    where, rima = place(house), house.peer.world.user("Rima")["id"]
    house.peer.fail("GET", "/members/", status, retry_after=0.0, times=5)
    with pytest.raises(Busy):
        await discord.membership(where, rima)


async def test_a_server_that_the_bot_may_not_see_tells_nothing(
    house: House, discord: Discord
) -> None:
    rima = house.peer.world.user("Rima")["id"]
    with pytest.raises(Gone):
        await discord.membership(Place("discord", "99", "98", private=False), rima)


async def test_discords_ids_tell_how_old_an_account_is(discord: Discord) -> None:
    assert discord.born("175928847299117063") == datetime(
        2016, 4, 30, 11, 18, 25, 796000, tzinfo=UTC
    )
    assert discord.born("Rima") is None


async def test_a_press_in_a_server_brings_age_roles_and_time_there(
    house: House, discord: Discord
) -> None:
    world, where = house.peer.world, place(house)
    message = await post(house, discord)
    rima = world.user("Rima")["id"]
    since = NOW - timedelta(days=8)
    world.joined[where.chat, rima] = since.isoformat()
    world.roles[where.chat, rima] = ["42"]
    await house.peer.presses("Rima", message, "অংশ নিন")
    event = await house.event()
    assert isinstance(event.intent, Pressed)
    assert (event.who.since, event.who.roles) == (since, ("42",))
    assert event.who.born == discord.born(rima)
