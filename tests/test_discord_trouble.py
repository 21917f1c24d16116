"""When something goes wrong on Discord: nothing is lost, nothing is said twice or too early."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.model import Event, Place
from bot.platforms.base import Busy, Doubt, Gone, Outgoing
from bot.platforms.discord import Discord
from tests.discord_house import House, answer, open_house, place, post, words, writes

ALONE = 1 << 6


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


async def twice(discord: Discord, event: Event, how: str) -> None:
    """Answer; where it is in doubt, once more, as the postman does."""
    with pytest.raises(Doubt):
        await answer(discord, event, how, "once")
    await answer(discord, event, how, "once")


@pytest.mark.parametrize("status", [502, None])
@pytest.mark.parametrize("done", [True, False])
async def test_an_answer_in_doubt_is_seen_once(
    house: House, discord: Discord, status: int | None, done: bool
) -> None:
    told = await house.peer.slash("Rina", "ask", {})
    house.peer.fail("POST", "/callback", status, after=done)
    await twice(discord, await house.event(), "ephemeral")
    assert [m["content"] for m in house.peer.messages] == ["once"]
    assert words(house.peer, told) == "once"
    assert told.followups == []


async def test_an_answer_after_an_acknowledgement_in_doubt_is_seen_once(
    house: House, discord: Discord
) -> None:
    told = await house.peer.slash("Rina", "ask", {})
    event = await house.event()
    house.peer.fail("POST", "/callback", None, after=True)
    house.bells.ring()
    await house.peer.answers(told)
    await answer(discord, event, "ephemeral", "once")
    assert [m["content"] for m in house.peer.messages] == ["once"]
    assert told.private


@pytest.mark.parametrize("status", [503, None])
@pytest.mark.parametrize("done", [True, False])
async def test_a_message_in_doubt_is_seen_once(
    house: House, discord: Discord, status: int | None, done: bool
) -> None:
    await house.peer.dm("Rina", "hello")
    house.peer.fail("POST", "/messages", status, after=done)
    await twice(discord, await house.event(), "message")
    assert [m["content"] for m in house.peer.messages] == ["once"]


async def test_an_edit_that_failed_is_simply_tried_again(house: House, discord: Discord) -> None:
    shown = await post(house, discord)
    house.peer.fail("PATCH", "/messages", 500)
    out = Outgoing("0002", "edit", place(house), "new", message=shown["id"])
    with pytest.raises(Busy):
        await discord.send(out)
    await discord.send(out)
    assert shown["content"] == "new"


async def test_too_many_requests_give_one_message_and_not_too_early(
    house: House, discord: Discord
) -> None:
    house.peer.fail("POST", "/messages", 429, retry_after=0.2)
    out = Outgoing("0001", "message", place(house), "once")
    with pytest.raises(Busy) as busy:
        await discord.send(out)
    assert busy.value.seconds == pytest.approx(0.2)
    with pytest.raises(Busy) as still:  # not even asked: it would count against the bot
        await discord.send(out)
    assert 0 < still.value.seconds <= 0.2
    await asyncio.sleep(still.value.seconds)
    await discord.send(out)
    assert [status for _, _, status in writes(house)] == [429, 200]
    assert len(house.peer.messages) == 1


async def test_a_limit_on_everything_holds_everything_back(house: House, discord: Discord) -> None:
    house.peer.fail("POST", "/messages", 429, retry_after=0.1, everywhere=True)
    with pytest.raises(Busy):
        await discord.send(Outgoing("0001", "message", place(house), "one"))
    other = Place("discord", house.peer.world.user("Rina")["id"])
    with pytest.raises(Busy) as busy:
        await discord.send(Outgoing("0002", "message", other, "two"))
    await asyncio.sleep(busy.value.seconds)
    await discord.send(Outgoing("0002", "message", other, "two"))
    assert [status for _, _, status in writes(house)] == [429, 200]


async def test_an_answer_that_must_wait_is_given_once(house: House, discord: Discord) -> None:
    told = await house.peer.slash("Rina", "ask", {})
    house.peer.fail("POST", "/callback", 429, retry_after=0.1)
    event = await house.event()
    with pytest.raises(Busy):
        await answer(discord, event, "ephemeral", "once")
    await asyncio.sleep(0.1)
    await answer(discord, event, "ephemeral", "once")
    assert words(house.peer, told) == "once"


async def test_after_three_seconds_an_answer_for_one_is_over_and_one_for_all_goes_out_plain(
    house: House, discord: Discord
) -> None:
    told = await house.peer.slash("Rina", "ask", {})
    event = await house.event()
    house.peer.ages(told, 4)
    with pytest.raises(Gone, match="expired"):
        await answer(discord, event, "ephemeral", "late")
    with pytest.raises(Gone, match="expired"):
        await answer(discord, event, "toast")
    await answer(discord, event, "message", "late, for all")
    assert [m["content"] for m in house.peer.messages] == ["late, for all"]
    assert writes(house) == [("POST", "callback", 404), ("POST", "messages", 200)]


async def test_after_fifteen_minutes_an_answer_goes_out_as_an_ordinary_message(
    house: House, discord: Discord
) -> None:
    told = await house.peer.slash("Rina", "ask", {}, dm=True)
    event = await house.event()
    house.bells.ring()
    await house.peer.answers(told)
    house.peer.ages(told, 901)
    await answer(discord, event, "message", "late")
    assert house.peer.messages[-1]["content"] == "late"
    assert house.peer.sent[-1].body["nonce"] == "0001"


async def test_a_message_sent_before_with_other_words_gets_the_newer_ones(
    house: House, discord: Discord
) -> None:
    first = await post(house, discord, text="3 people are in")
    second = await post(house, discord, text="4 people are in")
    assert first["id"] == second["id"]
    assert second["content"] == "4 people are in"
    await post(house, discord, text="4 people are in")
    assert [how for how, _, _ in writes(house)] == ["POST", "POST", "PATCH", "POST"]


async def test_another_process_finds_out_what_the_first_one_said(house: House) -> None:
    async with house.running() as (first, _):
        await house.peer.ready()
        said = await house.peer.slash("Rina", "ask", {})
        thinking = await house.peer.slash("Mita", "ask", {})
        public = await house.peer.slash("Tuli", "ask", {})
        await answer(first, await house.event(1), "ephemeral", "once")
        await house.event(3)
        house.bells.ring()
        await asyncio.gather(house.peer.answers(thinking), house.peer.answers(public))
    async with house.running() as (second, _):
        await house.peer.until(lambda: house.peer.gateway.identifies[1:])
        for event in house.core.events[:2]:
            await answer(second, event, "ephemeral", "once")
        await answer(second, house.core.events[2], "message", "for all")
    assert [(m["content"], m["flags"] & ALONE) for m in house.peer.messages] == [
        ("once", ALONE), ("once", ALONE), ("for all", 0),
    ]  # fmt: skip
    assert (words(house.peer, said), words(house.peer, thinking)) == ("once", "once")


async def test_after_a_silent_end_another_process_can_still_speak(house: House) -> None:
    async with house.running() as (first, _):
        await house.peer.ready()
        told = await house.peer.slash("Rina", "ask", {})
        await answer(first, await house.event(), "toast")
    async with house.running() as (second, _):
        await house.peer.until(lambda: house.peer.gateway.identifies[1:])
        await answer(second, house.core.events[0], "ephemeral", "after all")
    (said,) = told.followups
    assert house.peer.world.messages[said]["content"] == "after all"


async def test_a_button_works_after_a_restart_and_after_a_break(house: House) -> None:
    async with house.running() as (first, _):
        await house.peer.ready()
        shown = await post(house, first)
    async with house.running() as (second, _):
        await house.peer.until(lambda: house.peer.gateway.identifies[1:])
        house.peer.gateway.reset()
        told = await house.peer.presses("Rina", shown, "অংশ নিন")
        await answer(second, await house.event(), "ephemeral", "you are in")
    assert words(house.peer, told) == "you are in"
    assert len(house.peer.gateway.resumes) == 1


async def test_closed_direct_messages_are_told_apart(house: House, discord: Discord) -> None:
    user = house.peer.world.user("Rina")["id"]
    house.peer.rest.closed_dms.add(user)
    with pytest.raises(Gone, match="blocked"):
        await discord.send(Outgoing("0001", "message", Place("discord", user), "hello"))


@pytest.mark.parametrize(
    ("where", "why"),
    [
        (Place("discord", "1", "404", private=False), "blocked"),
        (Place("discord", "1", None, private=False), "no channel"),
    ],
)
async def test_a_place_that_cannot_be_written_to_is_told_apart(
    discord: Discord, where: Place, why: str
) -> None:
    with pytest.raises(Gone, match=why):
        await discord.send(Outgoing("0001", "message", where, "hello"))


async def test_a_message_that_is_gone_cannot_be_edited(house: House, discord: Discord) -> None:
    with pytest.raises(Gone, match="Unknown Message"):
        await discord.send(Outgoing("0001", "edit", place(house), "new", message="404"))


async def test_what_discord_refuses_is_not_tried_for_ever() -> None:
    async with open_house() as house, house.running() as (discord, _):
        await house.peer.ready()
        with pytest.raises(Gone, match="0-2000"):
            await discord.send(Outgoing("0001", "message", place(house), "ক" * 2001))
        assert len(house.peer.invalid) == 1


async def test_nobody_is_notified_who_was_not_named(house: House, discord: Discord) -> None:
    await post(house, discord, text="@everyone <@1>", ping=("7",))
    await house.peer.slash("Rina", "ask", {})
    await answer(discord, await house.event(), "ephemeral", "@everyone")
    bodies = [r.body.get("data", r.body) for r in house.peer.sent if r.path.startswith("/c") or
              r.interaction]  # fmt: skip
    assert [body["allowed_mentions"]["parse"] for body in bodies] == [[], []]
    assert [body["allowed_mentions"]["users"] for body in bodies] == [["7"], []]
