"""The connection to Discord: slow to give up, sparing with sessions, honest about what is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from discord.http import Route

from bot.model import Joined, Left, Place, Said
from bot.platforms.base import Busy, CommandCard, Outgoing, Stopped
from bot.platforms.discord import AGAIN, Discord
from bot.platforms.discord_gateway import Patience, pause
from bot.platforms.discord_http import _wait_of
from tests.discord_house import ABOUT, CARDS, House, answer, open_house, real_now, words
from tests.peers.discord import HOME


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with open_house() as made:
        yield made
        assert made.peer.invalid == []


async def stopped(task: asyncio.Task[None]) -> str:
    """What the adapter says when it stops for good."""
    with pytest.raises(Stopped) as said:
        await asyncio.wait_for(task, 5)
    return str(said.value)


async def sessions(house: House, count: int) -> None:
    """Returns once so many have been begun."""
    await house.peer.until(lambda: len(house.peer.gateway.identifies) == count)


async def test_after_a_reset_nothing_is_lost_and_no_session_begun(house: House) -> None:
    async with house.running() as (discord, _):
        await house.peer.ready()
        house.peer.gateway.reset()
        told = await house.peer.slash("Rina", "ask", {})
        await answer(discord, await house.event(), "ephemeral", "here")
        assert words(house.peer, told) == "here"
        await house.peer.gateway.reconnect()
        await house.peer.until(lambda: len(house.peer.gateway.resumes) == 2)
        await house.peer.dm("Rina", "still?")
        assert (await house.event(2)).intent == Said("still?")
    assert len(house.peer.gateway.identifies) == 1
    assert house.waits == []


async def test_an_ended_session_is_begun_anew_after_a_pause(house: House) -> None:
    async with house.running():
        await house.peer.ready()
        await house.peer.gateway.invalidate()
        await sessions(house, 2)
        await house.peer.ready()
        await house.peer.dm("Rina", "hello")
        await house.event()


async def test_a_session_that_keeps_ending_costs_few_new_ones(house: House) -> None:
    async with house.running():
        for count in range(1, 8):
            await sessions(house, count)
            await house.peer.until(lambda: house.peer.gateway.connected)
            await house.peer.gateway.invalidate()
        await sessions(house, 8)
    long = [seconds for seconds in house.waits if seconds > 60]
    assert len(long) == 3
    assert all(119 < seconds <= 120 for seconds in long)


def test_no_more_than_725_sessions_are_begun_in_a_day() -> None:
    now, begun = 0.0, 0
    patience = Patience(lambda: now)
    while now < 24 * 3600:
        now += patience.delay() + 0.01
        patience.begin()
        begun += 1
    assert 700 < begun <= 725


def test_trouble_is_logged_once_a_minute() -> None:
    now = 0.0
    patience = Patience(lambda: now)
    with structlog.testing.capture_logs() as lines:
        for _ in range(130):
            patience.complain(OSError("no network"))
            now += 1
    assert [line["why"] for line in lines] == ["OSError: no network"] * 3


def test_pauses_grow_to_a_minute_and_differ() -> None:
    assert pause(0) == 0
    assert 1 <= pause(1) <= 2
    assert 30 <= pause(50) <= 60
    assert len({pause(9) for _ in range(20)}) > 1


async def test_it_waits_for_a_network_that_is_not_up_yet(house: House) -> None:
    house.peer.fail("GET", "/users/@me", 503, times=2)
    house.peer.fail("GET", "/oauth2", None)
    house.peer.gateway.down = True
    async with house.running():
        await house.peer.until(lambda: len(house.waits) > 5)
        house.peer.gateway.down = False
        await house.peer.ready()
        await house.peer.dm("Rina", "hello")
        assert (await house.event()).intent == Said("hello")


async def test_a_wrong_token_stops_it_with_the_remedy(house: House) -> None:
    discord = house.adapter("wrong")
    task = asyncio.create_task(discord.run(house.core, CARDS))
    assert "DISCORD_TOKEN" in await stopped(task)
    await discord.close()
    assert len(house.peer.sent) == 1


async def test_a_token_that_is_revoked_stops_it_when_something_is_sent(house: House) -> None:
    async with house.running() as (discord, task):
        await house.peer.ready()
        house.peer.revoke()
        with pytest.raises(Busy):
            await discord.send(
                Outgoing("1", "message", Place("discord", "1", "2", private=False), "x")
            )
        assert "DISCORD_TOKEN" in await stopped(task)


@pytest.mark.parametrize(
    ("code", "remedy"), [(4004, "DISCORD_TOKEN"), (4014, "privileged intent"), (4011, "servers")]
)
async def test_a_refusal_on_the_gateway_stops_it_with_a_sentence(
    house: House, code: int, remedy: str
) -> None:
    async with house.running() as (_, task):
        await house.peer.ready()
        await house.peer.gateway.closes(code)
        assert remedy in await stopped(task)
    assert len(house.peer.gateway.identifies) == 1


async def test_commands_are_told_once_and_again_only_when_they_changed(house: House) -> None:
    longer = (*CARDS, CommandCard("help", ABOUT))
    for count, cards in enumerate((CARDS, CARDS, longer), 1):
        async with house.running(cards):
            await sessions(house, count)
    assert [r.method for r in house.peer.sent if r.path.endswith("/commands")] == [
        "GET", "PUT", "GET", "GET", "PUT",
    ]  # fmt: skip
    assert {command["name"] for command in house.peer.rest.commands} >= {"ask", "help"}


async def test_a_server_that_is_joined_or_left_is_told_once(house: House) -> None:
    async with house.running():
        await house.peer.ready()
        await house.peer.invites("Mita's server")
        event = await house.event()
        assert event.intent == Joined("Mita's server")
        assert event.who.user == house.peer.world.guild("Mita's server")["owner_id"]
    async with house.running():  # told again at every start, as the same event
        await sessions(house, 2)
        assert (await house.event(2)).id == event.id
        await house.peer.removes("Mita's server")
        assert (await house.event(3)).intent == Left()


async def test_a_server_joined_long_ago_is_not_told_again(house: House) -> None:
    house.peer.world.guild(HOME)["joined_at"] = (
        datetime.now(UTC) - timedelta(hours=25)
    ).isoformat()
    async with house.running():
        await house.peer.ready()
        await house.peer.dm("Rina", "hello")
        await house.event()
    assert [type(event.intent) for event in house.core.events] == [Said]


async def test_what_the_core_has_no_room_for_is_acknowledged_and_kept(house: House) -> None:
    async with house.running():
        await house.peer.ready()
        house.core.full = True
        told = await house.peer.slash("Rina", "ask", {})
        await house.peer.until(lambda: house.bells.wound)
        house.bells.ring()
        assert (await house.peer.answers(told))["type"] == 5
        assert house.core.events == []
        house.core.full = False
        await house.event()


async def test_no_more_is_read_than_can_be_under_way(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.discord.WINDOW", 2)
    done = asyncio.Event()
    house.core.act = lambda _event: done.wait()
    async with house.running():
        await house.peer.ready()
        for number in range(6):
            await house.peer.dm("Rina", str(number))
        with pytest.raises(TimeoutError):
            await house.peer.until(lambda: len(house.core.events) > 2, deadline=0.1)
        assert len(house.core.events) == 2
        done.set()
        await house.event(6)


async def test_an_event_the_core_could_not_keep_is_handed_over_again(house: House) -> None:
    tries = 0

    async def busy(_event: object) -> None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise OSError("the database is away")

    house.core.act = busy
    async with house.running():
        await house.peer.ready()
        await house.peer.dm("Rina", "keep this")
        event = await house.event(3)
        await house.peer.until(lambda: len(house.waits) >= 2)
    assert {one.id for one in house.core.events} == {event.id}
    assert house.waits[:2] == list(AGAIN[:2])


async def test_a_dispatch_that_cannot_be_read_does_no_harm(house: House) -> None:
    async with house.running():
        await house.peer.ready()
        await house.peer.gateway.emit("INTERACTION_CREATE", {"id": "1", "type": 3})
        await house.peer.dm("Rina", "hello")
        assert (await house.event()).intent == Said("hello")


async def test_closing_finishes_what_is_under_way_and_puts_the_library_back(house: House) -> None:
    before = Route.BASE
    done: list[str] = []

    async def slowly(_event: object) -> None:
        await asyncio.sleep(0.05)
        done.append("kept")

    house.core.act = slowly
    async with house.running():
        assert house.peer.api_base == Route.BASE
        await house.peer.ready()
        await house.peer.dm("Rina", "hello")
        await house.event()
    assert done == ["kept"]
    assert before == Route.BASE


async def test_it_is_fresh_once_something_came_in(house: House) -> None:
    async with house.running() as (discord, _):
        assert discord.fresh() is None
        with pytest.raises(Busy):
            await discord.send(Outgoing("1", "message", Place("discord", "1"), "too early"))
        await house.peer.ready()
        await house.peer.until(lambda: discord.fresh() is not None)
        assert 0 <= (discord.fresh() or 0) < 5


async def test_without_a_gateway_address_the_api_is_asked_for_it(house: House) -> None:
    discord = Discord(house.peer.token, now=real_now, api_base=house.peer.api_base)
    task = asyncio.create_task(discord.run(house.core, CARDS))
    await house.peer.ready()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await discord.close()
    assert len(house.peer.gateway.identifies) == 1


@pytest.mark.parametrize(
    "address",
    [{"api_base": "http://example.com/api/v10"}, {"gateway_url": "ws://example.com"}],
)
def test_plain_addresses_are_for_this_machine_alone(address: dict[str, str]) -> None:
    before = Route.BASE
    with pytest.raises(ValueError, match="would show the token"):
        Discord("token", now=real_now, **address)  # type: ignore[arg-type]
    assert before == Route.BASE


def test_a_limit_on_everything_is_told_apart_from_one_on_a_place() -> None:
    assert _wait_of(b'{"retry_after": 0.5, "global": false}', {}) == (0.5, False)
    assert _wait_of(b'{"retry_after": 2, "global": true}', {}) == (2.0, True)
    assert _wait_of(b"<html>", {"Retry-After": "7"}) == (7.0, True)
