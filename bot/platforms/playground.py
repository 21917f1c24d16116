"""A platform without a network: doors that imitate Telegram and Discord, to try and to test."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.actions import unpack
from bot.model import (
    Called,
    Event,
    Filled,
    Identity,
    Intent,
    Joined,
    Overheard,
    Place,
    Pressed,
    Quote,
    Said,
    Typing,
)
from bot.platforms.base import (
    Busy,
    Capabilities,
    CommandCard,
    Gone,
    Membership,
    Outgoing,
    Pace,
    Receiver,
    Sent,
    photographed,
)
from bot.platforms.limits import DISCORD, TELEGRAM
from bot.platforms.screens import BOT, Message, NotThere, Screens, Ticket, handed_in
from bot.world import Clock, World

__all__ = ["BOT", "LIMITS", "Door", "Message", "NotThere", "Playground"]

STEPS = 10_000  # moments at which something falls due in one go; the rest falls due together
LAST_YEAR = 2199
TELLING = ("discord",)  # what happens in a group comes with the person's membership there
LIMITS: Mapping[str, Capabilities] = {
    "telegram": replace(TELEGRAM, pace=Pace()),
    "discord": replace(DISCORD, pace=Pace(), moment="words", markdown=False),
}


class Playground(Screens):
    """The stage both doors share: what everyone sees, and the things people do."""

    def __init__(self, world: World, clock: Clock) -> None:
        super().__init__()
        self.world = world
        self.clock = clock
        self.doors = {name: Door(name, caps, self) for name, caps in LIMITS.items()}
        self._advanced = timedelta()
        self._settle: Callable[[], Awaitable[None]] | None = None
        self._upcoming: Callable[[], Awaitable[datetime | None]] | None = None
        self._refill: Callable[[], Awaitable[None]] | None = None

    def connect(
        self,
        settle: Callable[[], Awaitable[None]],
        upcoming: Callable[[], Awaitable[datetime | None]] | None = None,
        refill: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """`settle` returns once everything that follows from what was done has happened;
        `upcoming` says when something next falls due; `refill` empties the database and puts
        the sample back."""
        self._settle, self._upcoming, self._refill = settle, upcoming, refill

    # What people do -----------------------------------------------------------------------------

    async def say(
        self, who: str, platform: str, place: str, text: str, reply: str | None = None
    ) -> None:
        """Write something; in a group the bot hears only mentions, replies and commands."""
        about = reply
        if reply is not None and self.on_screen(who, platform, reply).author != BOT:
            reply = None  # people talking among themselves
        message = self._said(who, platform, place, text)
        words = text.replace(f"@{BOT}", " ").strip()
        if text.startswith("/") and text[1:].strip():
            command, *rest = text[1:].split(None, 1)
            name = self.doors[platform].meant(command.partition("@")[0])
            intent: Intent = Called(name, text="".join(rest).strip())
        elif place == "dm" or reply is not None or words != text.strip():
            intent = Said(words, reply)
        elif about is not None:
            intent = Overheard(words)
        else:
            return
        await self._do(who, platform, place, intent, message, about)

    async def command(
        self, who: str, platform: str, place: str, command: str,
        args: Mapping[str, str] | str = "", about: str | None = None,
    ) -> None:  # fmt: skip
        """Call a command, with a line of text or named values, from the menu of `about` if any."""
        name = self.doors[platform].meant(command.removeprefix("/"))
        if isinstance(args, str):
            shown, intent = args, Called(name, text=args)
        else:
            shown = " ".join(f"{option}:{value}" for option, value in args.items())
            intent = Called(name, {option: str(value) for option, value in args.items()})
        message = self._said(who, platform, place, f"/{name} {shown}".strip())
        await self._do(who, platform, place, intent, message, about)

    async def press(self, who: str, platform: str, message: str, button: str) -> None:
        """Press a button by its id; an id the message does not have arrives as a forged press."""
        shown = self.on_screen(who, platform, message)
        await self._do(who, platform, shown.place, Pressed(unpack(button)), message)

    async def fill(self, who: str, platform: str, form: str, values: Mapping[str, str]) -> None:
        """Hand in a form that was shown; a field not given keeps what the form held."""
        shown = self.on_screen(who, platform, form)
        if shown.sheet is None:
            raise NotThere(f"Message {form!r} is no form. Give the id of one that has a form.")
        filled = Filled(unpack(shown.sheet.data), handed_in(shown.sheet, values))
        await self._do(who, platform, shown.place, filled)

    async def typing(
        self, who: str, platform: str, command: str, option: str, so_far: str, place: str = "dm"
    ) -> tuple[tuple[str, str], ...]:
        """(shown, value) pairs suggested while an option is typed."""
        most = self.doors[platform].capabilities.suggestions
        if not most:
            return ()
        ticket = await self._do(who, platform, place, Typing(command, option, so_far))
        return self.choices.pop(ticket, ())[:most]

    async def join(self, who: str, platform: str, place: str) -> None:
        """Add the bot to a group."""
        await self._do(who, platform, place, Joined(place))

    async def settle(self) -> None:
        if self._settle is not None:
            await self._settle()

    def _said(self, who: str, platform: str, place: str, text: str) -> str:
        """Put it on the screens; its id."""
        id, to = self.world.new_id(), who if place == "dm" else None
        self.put(Message(id, platform, place, to, "said", text, author=who))
        return id

    def _quote(self, message: str | None) -> Quote | None:
        shown = self.messages.get(message or "")
        if shown is None:
            return None
        return Quote(Identity(shown.platform, shown.author, shown.author), shown.text)

    async def _do(
        self, who: str, platform: str, place: str, intent: Intent, message: str | None = None,
        about: str | None = None,
    ) -> str:  # fmt: skip
        ticket, door = self.world.new_id(), self.doors[platform]
        where = Place(platform, who) if place == "dm" else Place(platform, place, private=False)
        self.issue(ticket, Ticket(who, where, isinstance(intent, Pressed)))
        event = Event(
            f"play:{ticket}", self.world.now(), where, self._identity(who, where), intent,
            ticket, message, about, self._quote(about),
        )  # fmt: skip
        await door.core.handle(event)
        await self.settle()
        return ticket

    def _identity(self, who: str, where: Place) -> Identity:
        """With as much of their membership as the imitated platform tells of it."""
        platform, told = where.platform, None
        if platform in TELLING and not where.private:
            told = self.memberships.get((platform, where.chat, who), Membership())
        known = told if isinstance(told, Membership) else None
        return Identity(
            platform, who, who, born=self.born.get((platform, who)),
            since=known.since if known else None,
            roles=known.roles if known else None if platform in TELLING else (),
        )  # fmt: skip

    # What time does -----------------------------------------------------------------------------

    async def advance(self, seconds: float) -> None:
        """Let time pass; what falls due on the way happens in order, each at its moment."""
        await self.settle()
        end = self.clock.now() + timedelta(seconds=seconds)
        if end.year > LAST_YEAR:
            raise NotThere(f"The clock goes to {LAST_YEAR} at most. Reset the playground.")
        for _ in range(STEPS):
            due = await self._upcoming() if self._upcoming is not None else None
            if due is None or due > end:
                break
            self._until(due)
            await self.settle()
        self._until(end)
        await self.settle()

    def _until(self, moment: datetime) -> None:
        ahead = moment - self.clock.now()
        if ahead > timedelta():
            self.clock.advance(ahead.total_seconds())
            self._advanced += ahead

    async def reset(self) -> None:
        """Clear every screen, set the clock back and put the sample back."""
        if self._refill is None:
            raise NotThere("This playground has no sample to go back to. Start it again instead.")
        self.clock.advance(-self._advanced.total_seconds())
        self._advanced = timedelta()
        self.clear()
        await self._refill()
        await self.settle()


@dataclass(slots=True)
class Door:
    """One imitated platform; delivers onto the stage."""

    name: str
    capabilities: Capabilities
    stage: Playground
    commands: Sequence[CommandCard] = ()
    _core: Receiver | None = field(default=None)
    _meant: Mapping[str, str] = field(default_factory=dict)

    @property
    def core(self) -> Receiver:
        if self._core is None:
            raise NotThere("The playground is still starting. Try again in a moment.")
        return self._core

    async def run(self, core: Receiver, commands: Sequence[CommandCard]) -> None:
        """Nothing comes by itself: people act through the stage."""
        self.open(core, commands)
        await asyncio.Event().wait()

    def open(self, core: Receiver, commands: Sequence[CommandCard]) -> None:
        self._core, self.commands = core, commands
        self._meant = {card.name.replace(" ", "_"): card.name for card in commands}

    def meant(self, command: str) -> str:
        """The command's own name: one of two words may be typed as one, "giveaway_new"."""
        return self._meant.get(command, command)

    async def send(self, out: Outgoing) -> Sent:
        stage, out = self.stage, await photographed(out)
        if self.name in stage.down:
            raise Busy(5)
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
        return self._put(out, stage.world.new_id(), alone)

    def _put(self, out: Outgoing, id: str, alone: str | None) -> Sent:
        """`alone` is the only one who sees it, in a public place."""
        place, to = ("dm", out.place.chat) if out.place.private else (out.place.chat, alone)
        kind = "message" if out.how == "edit" else out.how
        shown = Message(id, self.name, place, to, kind, out.text, out.rows, out.sheet)
        shown.picture = out.picture
        self.stage.put(shown)
        return Sent(id)

    def _edit(self, out: Outgoing) -> Sent:
        id = out.message or ""
        message = self.stage.messages.get(id)
        if message is None:  # said before a restart: real platforms would not have forgotten it
            return self._put(out, id, None)
        self.stage.edit(message, out)
        return Sent(id)

    async def close(self) -> None:
        """Nothing to let go of."""

    async def membership(self, place: Place, user: str) -> Membership | None:
        """Everyone is in every group unless the stage says otherwise."""
        return self.stage.standing(self.name, place.chat, user)

    def born(self, user: str) -> datetime | None:
        return self.stage.born.get((self.name, user))

    def deep_link(self, payload: str) -> str | None:
        return f"https://t.me/{BOT}?start={payload}" if self.name == "telegram" else None

    def fresh(self) -> float | None:
        return 0.0 if self._core is not None else None
