"""The adapter against a simulation of Discord that is not ours: permissions, expiry, components."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import discord as library
import pytest
import simcord

from bot.actions import unpack
from bot.model import Called, Event, Filled, Place, Pressed, Said, Typing
from bot.platforms.base import Gone, Key, Line, Outgoing, Sent, Sheet
from bot.platforms.discord import Discord
from tests.discord_house import CARDS, Bells, Core, answer, real_now

SHEET = Sheet("নতুন", (Line("prize", "পুরস্কার", True, False, 99),), "rn:giveaway.new")
ENTER = ((Key("অংশ নিন", "ge:0001"),),)


@dataclass
class Room:
    """A server with one channel and one fan, in the simulation."""

    env: Any
    core: Core
    bells: Bells
    discord: Discord
    guild: Any
    channel: Any
    fan: Any

    @property
    def place(self) -> Place:
        return Place("discord", str(self.guild.id), str(self.channel.id), private=False)

    def answers(self, how: str, text: str = "", **more: Any) -> None:
        """From now on, answer everything like this."""

        async def act(event: Event) -> None:
            await answer(self.discord, event, how, text, id=event.id[-25:], **more)

        self.core.act = act

    async def says(self, text: str, **more: Any) -> Sent:
        with self.env.time_context():
            return await self.discord.send(Outgoing("1", "message", self.place, text, **more))


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    core, bells = Core(), Bells()
    discord = Discord("simulated", now=real_now, later=bells.later)
    discord.attend(core, CARDS)
    env = simcord.Env(discord.client)
    await env.start()
    with env.time_context():
        await discord.show_commands(CARDS)
    guild = env.create_guild()
    channel = guild.create_text_channel("giveaways")
    fan = guild.add_member(env.create_user("rina"))
    await env.settle()
    core.events.clear()
    yield Room(env, core, bells, discord, guild, channel, fan)
    await env.shutdown()
    await discord.close()
    env.raise_errors()


async def test_a_command_is_answered_to_the_asker_alone(room: Room) -> None:
    room.answers("ephemeral", "৳ ২,৪৫০")
    seen = await room.fan.slash(room.channel, "ask", question="দাম?")
    assert room.core.events[-1].intent == Called("ask", {"question": "দাম?"})
    assert (seen.response.content, seen.ephemeral) == ("৳ ২,৪৫০", True)


async def test_a_press_works_for_everyone_who_sees_the_button(room: Room) -> None:
    room.answers("ephemeral", "you are in")
    sent = await room.says("🎁", rows=ENTER)
    shown = room.channel.last_message
    assert str(shown.id) == sent.message
    for name in ("mita", "tuli"):
        fan = room.guild.add_member(room.env.create_user(name))
        seen = await fan.click(shown, label="অংশ নিন")
        assert (seen.response.content, seen.ephemeral) == ("you are in", True)
    assert [e.intent for e in room.core.events] == [Pressed(unpack("ge:0001"))] * 2
    assert {e.message for e in room.core.events} == {sent.message}


async def test_a_form_is_one_discord_accepts_and_comes_back(room: Room) -> None:
    room.answers("form", sheet=SHEET)
    shown = await room.fan.slash(room.channel, "giveaway new")
    room.answers("ephemeral", "খোলা হলো")
    seen = await room.fan.submit_modal(shown, {"prize": "শাড়ি"})
    assert room.core.events[-1].intent == Filled(unpack("rn:giveaway.new"), {"prize": "শাড়ি"})
    assert seen.response.content == "খোলা হলো"


async def test_suggestions_are_ones_discord_accepts(room: Room) -> None:
    room.answers("choices", choices=(("দাম কত?", "price"),))
    offered = await room.fan.autocomplete(room.channel, "ask", "question", "দা")
    assert offered == [{"name": "দাম কত?", "value": "price"}]
    assert room.core.events[-1].intent == Typing("ask", "question", "দা")


async def test_a_message_menu_brings_words_the_bot_could_not_read(room: Room) -> None:
    room.answers("ephemeral", "শিখলাম")
    other = room.guild.add_member(room.env.create_user("mita"))
    shown = await other.send(room.channel, "ডেলিভারি ২ দিন")
    assert room.core.events == []
    await room.fan.context_menu(room.channel, "Teach the bot this answer", shown)
    assert room.core.events[-1].intent == Called("learn", {"message": "ডেলিভারি ২ দিন"})


async def test_mentions_and_direct_messages_are_heard(room: Room) -> None:
    await room.fan.send(room.channel, f"<@{room.env.bot.user.id}> দাম?")
    await room.fan.send_dm("dam koto?")
    assert [e.intent for e in room.core.events] == [Said("দাম?"), Said("dam koto?")]
    assert room.core.events[1].place == Place("discord", str(room.fan.id))


async def test_an_acknowledged_answer_is_shown_where_thinking_stood(room: Room) -> None:
    seen = await room.fan.slash(room.channel, "ask")
    with room.env.time_context():
        room.bells.ring()
        await room.env.settle()
        assert (seen.deferred, seen.ephemeral) == (True, True)
        await answer(room.discord, room.core.events[-1], "ephemeral", "at last")
    assert seen.response.content == "at last"
    assert seen.followups == []


async def test_a_second_process_knows_what_was_said(room: Room) -> None:
    room.answers("ephemeral", "once")
    seen = await room.fan.slash(room.channel, "ask")
    event = room.core.events[-1]
    room.discord._tickets._live.clear()
    with room.env.time_context():
        again = await answer(room.discord, event, "ephemeral", "once")
    assert again.message == str(seen.response.id)
    assert seen.followups == []


async def test_three_seconds_are_all_there_is(room: Room) -> None:
    await room.fan.slash(room.channel, "ask")
    await room.env.advance_time(4)
    with room.env.time_context(), pytest.raises(Gone, match="expired"):
        await answer(room.discord, room.core.events[-1], "ephemeral", "too late")


async def test_a_channel_closed_to_the_bot_is_told_apart(room: Room) -> None:
    everyone = room.guild.default_role
    closed = room.guild.create_text_channel(
        "closed", overwrites={everyone: library.PermissionOverwrite(send_messages=False)}
    )
    place = Place("discord", str(room.guild.id), str(closed.id), private=False)
    with room.env.time_context(), pytest.raises(Gone, match="blocked"):
        await room.discord.send(Outgoing("1", "message", place, "hello"))
