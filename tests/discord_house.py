"""The Discord adapter beside its loopback server, with a core that does what a test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.model import Event, Place
from bot.platforms.base import CommandCard, Key, OptionCard, Outgoing, Sent
from bot.platforms.discord import Discord
from tests.peers.discord import HOME, DiscordPeer
from tests.peers.discord_world import Interaction, Json

ABOUT = {"bn": "প্রশ্ন করুন", "en": "Ask"}
ENTER = ((Key("অংশ নিন", "ge:0001"),),)
CARDS = (
    CommandCard("ask", ABOUT, (OptionCard("question", "text", ABOUT, False, suggested=True),)),
    CommandCard("giveaway new", ABOUT, (OptionCard("prize", "text", ABOUT, False),)),
    CommandCard("learn", {"bn": "শেখান", "en": "Teach the bot this answer"}, menu="message"),
)


def real_now() -> datetime:
    return datetime.now(UTC)


class Core:
    """Remembers what it was handed, and does `act`."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.full = False
        self.act: Callable[[Event], Awaitable[Any]] | None = None

    async def handle(self, event: Event) -> None:
        self.events.append(event)
        if self.act is not None:
            await self.act(event)

    def crowded(self) -> bool:
        return self.full


class Bells:
    """Timers that ring when a test says so."""

    def __init__(self) -> None:
        self.wound: list[tuple[float, Callable[[], None], asyncio.TimerHandle]] = []

    def later(self, seconds: float, call: Callable[[], None]) -> asyncio.TimerHandle:
        handle = asyncio.get_running_loop().call_later(3600, call)
        self.wound.append((seconds, call, handle))
        return handle

    def ring(self) -> None:
        """All that were not called off."""
        wound, self.wound = self.wound, []
        for _, call, handle in wound:
            if not handle.cancelled():
                handle.cancel()
                call()


@dataclass(slots=True)
class House:
    """`waits` are the pauses the adapter asked for; none of them is made."""

    peer: DiscordPeer
    core: Core = field(default_factory=Core)
    bells: Bells = field(default_factory=Bells)
    waits: list[float] = field(default_factory=list)

    async def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(0)

    def adapter(self, token: str | None = None) -> Discord:
        return Discord(
            token or self.peer.token, now=real_now, api_base=self.peer.api_base,
            gateway_url=self.peer.gateway_url, wait=self.wait, later=self.bells.later,
        )  # fmt: skip

    @asynccontextmanager
    async def running(
        self, cards: Sequence[CommandCard] = CARDS
    ) -> AsyncIterator[tuple[Discord, asyncio.Task[None]]]:
        """A process of the bot, so to speak."""
        discord = self.adapter()
        task = asyncio.create_task(discord.run(self.core, cards))
        try:
            yield discord, task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await discord.close()

    async def event(self, count: int = 1) -> Event:
        """The event number `count`, once the core has it."""
        await self.peer.until(lambda: len(self.core.events) >= count)
        return self.core.events[count - 1]


@asynccontextmanager
async def open_house() -> AsyncIterator[House]:
    async with DiscordPeer() as peer:
        yield House(peer)


async def answer(discord: Discord, event: Event, how: Any, text: str = "", **more: Any) -> Sent:
    """Answer an event as the core would."""
    given: dict[str, Any] = {"id": "0001", "ticket": event.ticket, "text": text} | more
    return await discord.send(Outgoing(how=how, place=event.place, **given))


def words(peer: DiscordPeer, told: Interaction) -> str | None:
    """What an interaction's reply now says."""
    reply = peer.reply(told)
    return reply["content"] if reply else None


def place(house: House) -> Place:
    guild = house.peer.world.guild(HOME)
    return Place("discord", guild["id"], guild["channels"][0]["id"], private=False)


async def post(house: House, discord: Discord, **more: Any) -> Json:
    """A message of the bot's in the server, with a button."""
    given: dict[str, Any] = {"id": "post", "text": "🎁", "rows": ENTER} | more
    sent = await discord.send(Outgoing(how="message", place=place(house), **given))
    return house.peer.world.messages[str(sent.message)]


def writes(house: House) -> list[tuple[str, str, int]]:
    """What the bot asked since it was ready: method, last part of the path, status."""
    own = ("/users", "/applications", "/oauth2", "/gateway")
    return [
        (r.method, r.path.rpartition("/")[2], r.status)
        for r in house.peer.sent
        if not r.path.startswith(own)
    ]
