"""People use the bot on Discord: each is answered once, in time, and as privately as it should."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.actions import unpack
from bot.model import Called, Filled, Place, Pressed, Said, Typing
from bot.platforms.base import Gone, Line, Outgoing, Sent, Sheet
from bot.platforms.discord import Discord
from tests.discord_house import ENTER, House, answer, open_house, place, post, words, writes

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


async def test_a_command_in_public_is_answered_to_the_asker_alone(
    house: House, discord: Discord
) -> None:
    told = await house.peer.slash("Rina", "ask", {"question": "দাম কত?"})
    event = await house.event()
    assert event.intent == Called("ask", {"question": "দাম কত?"})
    sent = await answer(discord, event, "ephemeral", "৳ ২,৪৫০")
    assert (await house.peer.answers(told))["type"] == 4
    assert words(house.peer, told) == "৳ ২,৪৫০"
    assert told.private
    assert sent == Sent(told.reply)


async def test_a_command_in_private_is_answered_with_a_message_that_stays(
    house: House, discord: Discord
) -> None:
    told = await house.peer.slash("Rina", "giveaway new", {"prize": "saree"}, dm=True)
    await answer(discord, await house.event(), "ephemeral", "done")
    assert words(house.peer, told) == "done"
    assert not told.private


async def test_an_answer_for_all_is_seen_by_all(house: House, discord: Discord) -> None:
    told = await house.peer.slash("Rina", "ask", {})
    await answer(discord, await house.event(), "message", "for all")
    assert words(house.peer, told) == "for all"
    assert not told.private


async def test_what_takes_longer_than_1_2_seconds_is_acknowledged_and_then_shown(
    house: House, discord: Discord
) -> None:
    told = await house.peer.slash("Rina", "ask", {})
    event = await house.event()
    assert [seconds for seconds, _, _ in house.bells.wound] == [1.2]
    house.bells.ring()
    assert await house.peer.answers(told) == {"type": 5, "data": {"flags": ALONE}}
    await answer(discord, event, "ephemeral", "at last")
    assert words(house.peer, told) == "at last"
    assert told.private
    assert writes(house) == [("POST", "callback", 200), ("PATCH", "@original", 200)]


async def test_what_was_answered_in_time_is_not_acknowledged_again(
    house: House, discord: Discord
) -> None:
    await house.peer.slash("Rina", "ask", {})
    await answer(discord, await house.event(), "ephemeral", "at once")
    assert house.bells.wound[0][2].cancelled()
    await answer(discord, house.core.events[0], "toast")
    assert writes(house) == [("POST", "callback", 200)]


async def test_an_answer_given_while_the_acknowledgement_is_on_its_way_waits_for_it(
    house: House, discord: Discord
) -> None:
    told = await house.peer.slash("Rina", "ask", {})
    event = await house.event()
    house.bells.ring()
    await asyncio.gather(*(answer(discord, event, "ephemeral", "once") for _ in range(3)))
    assert words(house.peer, told) == "once"
    assert len(writes(house)) == 2


async def test_what_began_for_one_is_not_shown_to_all(house: House, discord: Discord) -> None:
    told = await house.peer.slash("Rina", "ask", {})
    event = await house.event()
    house.bells.ring()
    await house.peer.answers(told)
    sent = await answer(discord, event, "message", "for all")
    assert [(m["id"], m["content"], m["flags"] & ALONE) for m in house.peer.messages] == [
        (sent.message, "for all", 0)
    ]


async def test_a_press_with_nothing_to_say_ends_silently(house: House, discord: Discord) -> None:
    told = await house.peer.presses("Rina", await post(house, discord), "অংশ নিন")
    event = await house.event()
    assert event.intent == Pressed(unpack("ge:0001"))
    await answer(discord, event, "toast")
    assert (await house.peer.answers(told))["type"] == 6


@pytest.mark.parametrize("late", [True, False])
async def test_a_command_with_nothing_to_say_leaves_no_trace(
    house: House, discord: Discord, late: bool
) -> None:
    told = await house.peer.slash("Rina", "ask", {})
    event = await house.event()
    if late:
        house.bells.ring()
        await house.peer.answers(told)
    await answer(discord, event, "toast")
    assert told.state == "silent"
    assert house.peer.messages == []


async def test_a_form_is_shown_filled_and_read(house: House, discord: Discord) -> None:
    await house.peer.slash("Rina", "giveaway new", {})
    lines = (
        Line("prize", "পুরস্কার", required=True, long=False, limit=100),
        Line("hours", "কত ঘণ্টা", required=True, long=False, limit=9, value="24"),
    )
    sheet = Sheet("নতুন গিভঅ্যাওয়ে", lines, "rn:giveaway.new")
    await answer(discord, await house.event(), "form", sheet=sheet)
    told = await house.peer.submits("Rina", "rn:giveaway.new", {"prize": "শাড়ি"})
    filled = await house.event(2)
    assert filled.intent == Filled(unpack("rn:giveaway.new"), {"prize": "শাড়ি", "hours": "24"})
    assert filled.place == place(house)
    await answer(discord, filled, "ephemeral", "খোলা হলো")
    assert words(house.peer, told) == "খোলা হলো"


async def test_a_form_comes_too_late_after_the_acknowledgement(
    house: House, discord: Discord
) -> None:
    told = await house.peer.slash("Rina", "giveaway new", {})
    event = await house.event()
    house.bells.ring()
    await house.peer.answers(told)
    with pytest.raises(Gone, match="expired"):
        await answer(discord, event, "form", sheet=Sheet("T", (), "rn:ask"))
    assert writes(house) == [("POST", "callback", 200)]


async def test_suggestions_come_while_typing_and_are_never_deferred(
    house: House, discord: Discord
) -> None:
    told = await house.peer.types("Rina", "ask", "question", "দা")
    event = await house.event()
    assert event.intent == Typing("ask", "question", "দা")
    assert house.bells.wound == []
    await answer(discord, event, "choices", choices=(("দাম কত?", "price"),))
    body = await house.peer.answers(told)
    assert body == {"type": 8, "data": {"choices": [{"name": "দাম কত?", "value": "price"}]}}


async def test_a_message_menu_brings_the_message(house: House, discord: Discord) -> None:
    shown = await house.peer.says("Mita", "ডেলিভারি ২ দিন লাগে")
    told = await house.peer.menu("Rina", "Teach the bot this answer", shown)
    event = await house.event()
    assert event.intent == Called("learn", {"message": "ডেলিভারি ২ দিন লাগে"})
    await answer(discord, event, "ephemeral", "শিখলাম")
    assert words(house.peer, told) == "শিখলাম"


async def test_words_for_the_bot_are_answered_where_they_were_said(
    house: House, discord: Discord
) -> None:
    question = await house.peer.mentions("Rina", "দাম কত?")
    asked = await house.event()
    assert (asked.intent, asked.place) == (Said("দাম কত?"), place(house))
    sent = await answer(discord, asked, "message", "৳ ২,৪৫০", reply_to=asked.message)
    body = house.peer.sent[-1].body
    assert body["message_reference"]["message_id"] == question["id"]
    await house.peer.replies("Rina", house.peer.world.messages[str(sent.message)], "আর নীলটা?")
    assert (await house.event(2)).intent == Said("আর নীলটা?", sent.message)


async def test_a_direct_message_is_answered_there_without_opening_it_again(
    house: House, discord: Discord
) -> None:
    await house.peer.dm("Rina", "dam koto?")
    event = await house.event()
    await answer(discord, event, "message", "৳ 2,450")
    assert writes(house) == [("POST", "messages", 200)]
    assert "/users/@me/channels" not in [r.path for r in house.peer.sent]
    assert house.peer.messages[0]["channel_id"] == house.peer.world.dm(event.who.user)["id"]


async def test_someone_who_has_not_written_yet_is_reached(house: House, discord: Discord) -> None:
    user = house.peer.world.user("Rina")["id"]
    for number in ("1", "2"):
        await discord.send(Outgoing(number, "message", Place("discord", user), "you won"))
    assert len(house.peer.messages) == 2
    assert [r.path for r in house.peer.sent].count("/users/@me/channels") == 1


async def test_not_every_direct_message_is_remembered_for_ever(
    house: House, discord: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.discord.KNOWN_DMS", 1)
    users = [house.peer.world.user(name)["id"] for name in ("Rina", "Mita", "Rina")]
    for number, user in enumerate(users):
        await discord.send(Outgoing(str(number), "message", Place("discord", user), "you won"))
    assert [r.path for r in house.peer.sent].count("/users/@me/channels") == 3


async def test_an_edit_changes_words_and_buttons(house: House, discord: Discord) -> None:
    shown = await post(house, discord)
    out = Outgoing("0002", "edit", place(house), "🎁 ১২ জন", message=shown["id"])
    assert await discord.send(out) == Sent(shown["id"])
    assert (shown["content"], shown["components"]) == ("🎁 ১২ জন", [])


async def test_an_edit_that_answers_a_press_is_one_request(house: House, discord: Discord) -> None:
    shown = await post(house, discord)
    told = await house.peer.presses("Rina", shown, "অংশ নিন")
    event = await house.event()
    await answer(discord, event, "edit", "🎁 ১৩ জন", message=event.message, rows=ENTER)
    assert (await house.peer.answers(told))["type"] == 7
    assert shown["content"] == "🎁 ১৩ জন"


async def test_a_long_answer_goes_on_as_privately_as_it_began(
    house: House, discord: Discord
) -> None:
    told = await house.peer.slash("Rina", "ask", {})
    event = await house.event()
    for part in ("0001", "0001.1", "0001.1"):
        await answer(discord, event, "ephemeral", part, id=part)
    assert words(house.peer, told) == "0001"
    (more,) = told.followups
    assert house.peer.world.messages[more]["content"] == "0001.1"
    assert house.peer.world.messages[more]["flags"] & ALONE
