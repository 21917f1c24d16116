"""The whole program against a loopback Discord: three seconds, faults, breaks, death, the end."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.peers.discord import HOME, DiscordPeer
from tests.peers.discord_world import Interaction
from tests.process import START, Program, discord_settings, program

pytestmark = pytest.mark.asyncio(loop_scope="module")
FIRST = 3.0  # seconds until Discord gives an interaction up
CALLBACK, CHANNEL, HOOK = "/callback", "/channels", "/webhooks"


@pytest_asyncio.fixture(loop_scope="module")
async def peer() -> AsyncIterator[DiscordPeer]:
    async with DiscordPeer() as made:
        yield made
        assert made.invalid == []


@pytest_asyncio.fixture(loop_scope="module")
async def bot(peer: DiscordPeer, tmp_path: Path, database_url: str) -> AsyncIterator[Program]:
    """A bot that is connected, on each kind of database in turn; tests may kill it."""
    given = discord_settings(peer)
    async with program(tmp_path, DATABASE_URL=database_url, **given) as made:
        await begin(made, peer)
        yield made


async def begin(bot: Program, peer: DiscordPeer) -> None:
    """Start, and return when it has a session of its own."""
    sessions = len(peer.gateway.identifies)
    await bot.up()
    await peer.until(
        lambda: len(peer.gateway.identifies) > sessions and peer.gateway.connected, START
    )


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def long_lived(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[DiscordPeer, Program]]:
    """One bot that has to survive everything that happens to it, test after test."""
    folder = tmp_path_factory.mktemp("bot")
    async with DiscordPeer() as peer, program(folder, **discord_settings(peer)) as made:
        await begin(made, peer)
        yield peer, made
        assert peer.invalid == []
        assert await made.stop() == 0
        assert [line for line in made.log if '"error"' in line] == []


@pytest.fixture
def survivor(long_lived: tuple[DiscordPeer, Program]) -> DiscordPeer:
    """The Discord of the bot that survives."""
    return long_lived[0]


def alone(peer: DiscordPeer, who: str) -> list[str]:
    """What a person reads alone with the bot, answers to interactions included."""
    channel = peer.world.dm(peer.world.user(who)["id"])["id"]
    return [m["content"] for m in peer.messages if m["channel_id"] == channel]


def shown(peer: DiscordPeer, told: Interaction) -> str:
    """What an interaction's answer says, "" while there is none or it is "thinking…"."""
    reply = peer.reply(told)
    return str(reply["content"]) if reply and told.state == "shown" else ""


async def answered(peer: DiscordPeer, told: Interaction, within: float = FIRST) -> str:
    """What it says once it is there."""
    await peer.until(lambda: shown(peer, told), within)
    return shown(peer, told)


async def caught_up(peer: DiscordPeer) -> None:
    """Returns when all that was told before is handled: somebody new was answered, too."""
    last = f"number {len(peer.sent)}"
    await peer.dm(last, "hello")
    await peer.until(lambda: alone(peer, last), 10)
    await answered(peer, await peer.slash(f"{last}, too", "help", dm=True))


def fresh(peer: DiscordPeer) -> str:
    """Somebody who was never here."""
    return f"fan {len(peer.sent)}"


# On its way --------------------------------------------------------------------------------------


async def test_a_command_is_answered_within_three_seconds(survivor: DiscordPeer) -> None:
    began = time.monotonic()
    told = await survivor.slash("Rima", "start", dm=True)
    assert "Mitu" in await answered(survivor, told)
    assert time.monotonic() - began < FIRST


async def test_a_command_in_a_server_that_joined_no_community_gets_a_sentence(
    survivor: DiscordPeer,
) -> None:
    told = await survivor.slash("Rima", "help", guild=HOME)
    assert await answered(survivor, told) != ""
    assert told.private


async def test_a_press_is_answered_within_three_seconds(survivor: DiscordPeer) -> None:
    asked = await survivor.slash("Mina", "language", dm=True)
    await answered(survivor, asked)
    reply = survivor.reply(asked)
    assert reply is not None
    pressed = await survivor.presses("Mina", reply, "English")
    assert "English" in await answered(survivor, pressed)


FAULTS: dict[str, dict[str, Any]] = {
    "429": {"status": 429, "retry_after": 1.2},
    "502 before": {"status": 502},
    "502 after": {"status": 502, "after": True},
    "dropped before": {"status": None},
    "dropped after": {"status": None, "after": True},
}


def faults(test: Callable[..., Any]) -> Any:
    return pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())(test)


@faults
async def test_an_answer_to_a_command_comes_once_whatever_goes_wrong(
    survivor: DiscordPeer, fault: dict[str, Any]
) -> None:
    fan = fresh(survivor)
    survivor.fail("POST", CALLBACK, **fault)
    told = await survivor.slash(fan, "start", dm=True)
    assert "Mitu" in await answered(survivor, told, 6.0)
    await caught_up(survivor)
    assert len(alone(survivor, fan)) == 1
    assert told.followups == []


@faults
async def test_an_answer_to_a_message_comes_once_whatever_goes_wrong(
    survivor: DiscordPeer, fault: dict[str, Any]
) -> None:
    fan = fresh(survivor)
    survivor.fail("POST", CHANNEL, **fault)
    await survivor.dm(fan, "hello")
    await survivor.until(lambda: alone(survivor, fan), 10.0)
    await caught_up(survivor)
    assert len(alone(survivor, fan)) == 1


async def test_told_to_wait_it_does_not_ask_early(survivor: DiscordPeer) -> None:
    fan = fresh(survivor)
    survivor.fail("POST", CHANNEL, 429, retry_after=1.5)
    await survivor.dm(fan, "hello")
    await survivor.until(lambda: alone(survivor, fan), 10.0)
    channel = survivor.world.dm(survivor.world.user(fan)["id"])["id"]
    tries = [one for one in survivor.sent if one.path == f"/channels/{channel}/messages"]
    assert [one.status for one in tries] == [429, 200]
    assert tries[1].at - tries[0].at >= 1.5


async def test_a_question_too_long_a_forged_button_and_nobodys_turn_get_a_sentence(
    survivor: DiscordPeer,
) -> None:
    told = await survivor.slash("Long", "ask", {"question": "ক" * 6000}, dm=True)
    assert "6,000" in (await answered(survivor, told)).replace("৬,০০০", "6,000")
    asked = await survivor.slash("Tania", "language", dm=True)
    await answered(survivor, asked)
    reply = survivor.reply(asked)
    assert reply is not None
    reply["components"][0]["components"][0]["custom_id"] = "gf:forged"
    forged = await survivor.presses("Tania", reply, "gf:forged")
    assert "old" in (await answered(survivor, forged)).replace("পুরোনো", "old")
    told = await survivor.slash("Tania", "team list", dm=True)
    assert "team" in (await answered(survivor, told)).replace("টিম", "team")


# Breaks of the connection ------------------------------------------------------------------------


async def test_after_a_reset_the_session_is_resumed_and_nothing_is_lost(
    survivor: DiscordPeer,
) -> None:
    gateway, fan = survivor.gateway, fresh(survivor)
    resumes, identifies = len(gateway.resumes), len(gateway.identifies)
    gateway.reset()
    told = await survivor.slash(fan, "start", dm=True)
    await survivor.dm(f"{fan}, too", "hello")
    assert "Mitu" in await answered(survivor, told)
    await survivor.until(lambda: alone(survivor, f"{fan}, too"), FIRST)
    await caught_up(survivor)
    assert [len(alone(survivor, who)) for who in (fan, f"{fan}, too")] == [1, 1]
    assert (len(gateway.resumes) - resumes, len(gateway.identifies) - identifies) == (1, 0)


async def test_asked_to_reconnect_it_resumes(survivor: DiscordPeer) -> None:
    gateway = survivor.gateway
    resumes, identifies = len(gateway.resumes), len(gateway.identifies)
    await gateway.reconnect()
    await survivor.until(lambda: len(gateway.resumes) > resumes and gateway.connected)
    await caught_up(survivor)
    assert len(gateway.identifies) == identifies


async def test_an_ended_session_is_begun_anew(survivor: DiscordPeer) -> None:
    gateway = survivor.gateway
    identifies = len(gateway.identifies)
    await gateway.invalidate()
    await survivor.until(lambda: len(gateway.identifies) > identifies and gateway.connected, 15)
    await caught_up(survivor)
    assert len(gateway.identifies) == identifies + 1


async def test_a_gateway_that_was_away_is_found_again(survivor: DiscordPeer) -> None:
    gateway, resumes = survivor.gateway, len(survivor.gateway.resumes)
    gateway.down = True
    gateway.reset()
    await survivor.until(lambda: not gateway.connected)
    gateway.down = False
    await survivor.until(lambda: len(gateway.resumes) > resumes and gateway.connected, 15)
    await caught_up(survivor)
    assert gateway.connected


# Death ------------------------------------------------------------------------------------------


async def test_a_button_of_before_its_death_still_works(bot: Program, peer: DiscordPeer) -> None:
    told = await peer.slash("Rima", "language", dm=True)
    await answered(peer, told)
    reply = peer.reply(told)
    assert reply is not None
    await bot.kill()
    await begin(bot, peer)
    assert "English" in await answered(peer, await peer.presses("Rima", reply, "English"))


async def test_killed_with_its_answer_just_given_it_gives_no_second_one(
    bot: Program, peer: DiscordPeer
) -> None:
    told = await peer.slash("Rima", "start", dm=True)
    await peer.dm("Mina", "hello")
    await peer.until(lambda: shown(peer, told) and alone(peer, "Mina"))
    await bot.kill()
    await begin(bot, peer)
    await caught_up(peer)
    assert [len(alone(peer, who)) for who in ("Rima", "Mina")] == [1, 1]
    assert told.followups == []


async def test_killed_before_its_answer_arrived_it_gives_it_once(
    bot: Program, peer: DiscordPeer
) -> None:
    peer.fail("POST", CALLBACK, None)
    peer.fail("POST", CHANNEL, None)
    told = await peer.slash("Rima", "start", dm=True)
    await peer.dm("Mina", "hello")
    await peer.until(lambda: not peer.rest.faults)
    await bot.kill()
    await bot.leases_end()
    await begin(bot, peer)
    await peer.until(lambda: alone(peer, "Rima") and alone(peer, "Mina"), 15)
    await caught_up(peer)
    assert [len(alone(peer, who)) for who in ("Rima", "Mina")] == [1, 1]
    assert len(told.followups) <= 1


async def test_commands_are_published_once_and_not_at_every_start(
    bot: Program, peer: DiscordPeer
) -> None:
    await bot.kill()
    await begin(bot, peer)
    assert len([one for one in peer.sent if one.method == "PUT"]) == 1
    assert await bot.stop() == 0


async def test_told_to_stop_in_the_middle_of_a_crowd_it_ends_well_and_loses_nobody(
    bot: Program, peer: DiscordPeer
) -> None:
    crowd = [f"fan {n}" for n in range(60)]
    messages = [await peer.dm(fan, "hello") for fan in crowd]
    await peer.until(lambda: any(alone(peer, fan) for fan in crowd))
    began = time.monotonic()
    assert await bot.stop() == 0
    assert time.monotonic() - began < 10
    kept = {row["id"].removeprefix("discord:") for row in await bot.sql("select id from inbox")}
    await begin(bot, peer)
    await caught_up(peer)
    counts = [len(alone(peer, fan)) for fan in crowd]
    assert counts == [int(message["id"] in kept) for message in messages]
