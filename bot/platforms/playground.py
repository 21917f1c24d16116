"""A platform without a network: doors that imitate Telegram and Discord, to try and to test."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.actions import unpack
from bot.model import Called, Event, Filled, Identity, Intent, Joined, Place, Pressed, Said, Typing
from bot.platforms.base import (
    Capabilities,
    CommandCard,
    Gone,
    Key,
    Outgoing,
    Pace,
    Receiver,
    Sent,
    Sheet,
)  # fmt: skip
from bot.platforms.limits import DISCORD, TELEGRAM
from bot.world import Clock, World

BOT = "adda"
LIMITS: Mapping[str, Capabilities] = {
    "telegram": replace(TELEGRAM, pace=Pace()),
    "discord": replace(DISCORD, pace=Pace(), moment="words"),
}


@dataclass(slots=True)
class Message:
    """Something on a screen. `to` is the only person who sees it, None for everyone in the place.

    `place` is "dm" or the group's name; `changed` counts up with every change anywhere.
    """

    id: str
    platform: str
    place: str
    to: str | None
    kind: str
    text: str
    rows: tuple[tuple[Key, ...], ...] = ()
    sheet: Sheet | None = None
    edited: bool = False
    author: str = BOT
    changed: int = 0

    def seen_by(self, who: str) -> bool:
        return self.to is None or self.to == who


@dataclass(slots=True)
class Ticket:
    """What a person did that can be answered at once."""

    who: str
    place: Place
    pressed: bool


class UnknownButton(LookupError):
    """There is no such message or form."""


class Playground:
    """The stage both doors share: what everyone sees, and the things people do."""

    def __init__(self, world: World, clock: Clock) -> None:
        self.world = world
        self.clock = clock
        self.messages: dict[str, Message] = {}
        self.blocked: set[tuple[str, str]] = set()  # (platform, who)
        self.tickets: dict[str, Ticket] = {}
        self.choices: dict[str, tuple[tuple[str, str], ...]] = {}
        self.doors = {name: Door(name, caps, self) for name, caps in LIMITS.items()}
        self._count = itertools.count(1)
        self._settle: Callable[[], Awaitable[None]] | None = None

    def connect(self, settle: Callable[[], Awaitable[None]]) -> None:
        """`settle` returns once everything that follows from what was done has happened."""
        self._settle = settle

    # What people do -----------------------------------------------------------------------------

    async def say(
        self, who: str, platform: str, place: str, text: str, reply: str | None = None
    ) -> None:
        """Write something; in a group the bot hears only mentions, replies and commands."""
        self._said(who, platform, place, text)
        words = text.replace(f"@{BOT}", " ").strip()
        if text.startswith("/"):
            command, _, rest = text[1:].partition(" ")
            intent: Intent = Called(command.partition("@")[0], text=rest.strip())
        elif place == "dm" or reply is not None or words != text.strip():
            intent = Said(words, reply)
        else:
            return
        await self._do(who, platform, place, intent)

    async def command(
        self, who: str, platform: str, place: str, command: str, args: Mapping[str, str] | str
    ) -> None:
        """Call a command, with a line of text or named values."""
        if isinstance(args, str):
            shown, intent = args, Called(command, text=args)
        else:
            shown = " ".join(f"{name}:{value}" for name, value in args.items())
            intent = Called(command, {name: str(value) for name, value in args.items()})
        self._said(who, platform, place, f"/{command} {shown}".strip())
        await self._do(who, platform, place, intent)

    async def press(self, who: str, platform: str, message: str, button: str) -> None:
        """Press a button by its id; an id the message does not have arrives as a forged press."""
        shown = self.messages.get(message)
        if shown is None or not shown.seen_by(who) or shown.platform != platform:
            raise UnknownButton(f"there is no message {message!r} here")
        await self._do(who, platform, shown.place, Pressed(unpack(button)), message)

    async def fill(self, who: str, platform: str, form: str, values: Mapping[str, str]) -> None:
        """Hand in a form that was shown."""
        shown = self.messages.get(form)
        if shown is None or shown.sheet is None or not shown.seen_by(who):
            raise UnknownButton(f"there is no form {form!r} here")
        filled = Filled(unpack(shown.sheet.data), {k: str(v) for k, v in values.items()})
        await self._do(who, platform, shown.place, filled)

    async def typing(
        self, who: str, platform: str, command: str, option: str, so_far: str
    ) -> tuple[tuple[str, str], ...]:
        """What is suggested while an option is typed."""
        ticket = await self._do(who, platform, "dm", Typing(command, option, so_far))
        return self.choices.pop(ticket, ())

    async def join(self, who: str, platform: str, place: str) -> None:
        """Add the bot to a group."""
        await self._do(who, platform, place, Joined(place))

    async def advance(self, seconds: float) -> None:
        """Let time pass; what falls due on the way happens in order."""
        self.clock.advance(seconds)
        await self.settle()

    async def settle(self) -> None:
        if self._settle is not None:
            await self._settle()

    # What people see ----------------------------------------------------------------------------

    @property
    def tick(self) -> int:
        """A mark in time: messages changed after it have a greater `changed`."""
        return max((m.changed for m in self.messages.values()), default=0)

    def seen(
        self, who: str | None = None, platform: str | None = None, place: str | None = None,
        after: int = 0,
    ) -> list[Message]:  # fmt: skip
        """Messages in order; None means any. A private chat is seen by its own person alone."""
        return [
            m
            for m in self.messages.values()
            if m.changed > after
            and (who is None or m.seen_by(who))
            and (platform is None or m.platform == platform)
            and (place is None or m.place == place)
        ]

    def put(self, message: Message) -> Message:
        message.changed = next(self._count)
        self.messages[message.id] = message
        return message

    def edit(self, message: Message, out: Outgoing) -> None:
        if (message.text, message.rows) != (out.text, out.rows):
            message.text, message.rows, message.edited = out.text, out.rows, True
            message.changed = next(self._count)

    def _said(self, who: str, platform: str, place: str, text: str) -> None:
        to = who if place == "dm" else None
        self.put(Message(self._id(), platform, place, to, "said", text, author=who))

    def _id(self) -> str:
        return self.world.new_id()

    async def _do(
        self, who: str, platform: str, place: str, intent: Intent, message: str | None = None
    ) -> str:
        ticket, door = self._id(), self.doors[platform]
        where = Place(platform, who) if place == "dm" else Place(platform, place, private=False)
        self.tickets[ticket] = Ticket(who, where, isinstance(intent, Pressed))
        event = Event(
            f"play:{ticket}", self.world.now(), where, Identity(platform, who, who), intent,
            ticket, message,
        )  # fmt: skip
        await door.core.handle(event)
        await self.settle()
        return ticket


@dataclass(slots=True)
class Door:
    """One imitated platform; delivers onto the stage."""

    name: str
    capabilities: Capabilities
    stage: Playground
    commands: Sequence[CommandCard] = ()
    _core: Receiver | None = field(default=None)

    @property
    def core(self) -> Receiver:
        if self._core is None:
            raise RuntimeError("the playground is not running yet")
        return self._core

    async def run(self, core: Receiver, commands: Sequence[CommandCard]) -> None:
        """Nothing comes by itself: people act through the stage."""
        self.open(core, commands)
        await asyncio.Event().wait()

    def open(self, core: Receiver, commands: Sequence[CommandCard]) -> None:
        self._core, self.commands = core, commands

    async def send(self, out: Outgoing) -> Sent:
        stage = self.stage
        if out.place.private and (self.name, out.place.chat) in stage.blocked:
            raise Gone("blocked")
        if out.how == "choices":
            stage.choices[out.ticket or ""] = out.choices
            return Sent()
        if out.how == "edit":
            return self._edit(out)
        if out.how == "toast" and not out.text:
            return Sent()
        ticket = stage.tickets.get(out.ticket or "")
        if out.how in ("toast", "ephemeral", "form") and ticket is None:
            raise Gone("expired")
        alone = ticket.who if ticket and out.how != "message" else None
        place = "dm" if out.place.private else out.place.chat
        to = out.place.chat if out.place.private else alone
        message = Message(
            stage.world.new_id(), self.name, place, to, out.how, out.text, out.rows, out.sheet
        )
        return Sent(stage.put(message).id)

    def _edit(self, out: Outgoing) -> Sent:
        message = self.stage.messages.get(out.message or "")
        if message is None:
            raise Gone("the message is gone")
        self.stage.edit(message, out)
        return Sent(message.id)

    async def close(self) -> None:
        """Nothing to let go of."""

    def deep_link(self, payload: str) -> str | None:
        return f"https://t.me/{BOT}?start={payload}" if self.name == "telegram" else None

    def fresh(self) -> float | None:
        return 0.0 if self._core is not None else None
