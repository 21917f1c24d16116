"""What everyone on the playground sees: messages, toasts and forms, on two imitated platforms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

from bot.model import Place
from bot.platforms.base import Key, Membership, Outgoing, Sheet, Shot

BOT = "adda"
KEEP = 100_000  # messages on the screens, and tickets; the oldest go first


@dataclass(slots=True)
class Message:
    """Something on a screen. `to` is the only person who sees it, None for everyone in the place.

    `place` is "dm" or the group's name. `order` counts messages and changes anywhere; `changed`
    is the count at this message's last change.
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
    order: int = 0
    changed: int = 0
    picture: Shot | None = None

    def seen_by(self, who: str) -> bool:
        return self.to is None or self.to == who


@dataclass(slots=True)
class Ticket:
    """What a person did that can be answered at once."""

    who: str
    place: Place
    pressed: bool


class NotThere(LookupError):
    """The screen does not offer this; the text says what to do instead."""


class Screens:
    """The messages, and what can still be answered."""

    def __init__(self) -> None:
        self.messages: dict[str, Message] = {}
        self.blocked: set[tuple[str, str]] = set()  # (platform, who)
        self.down: set[str] = set()  # platforms that take nothing now
        self.born: dict[tuple[str, str], datetime] = {}  # (platform, who) → their account's start
        self.memberships: dict[tuple[str, str, str], Membership | Exception | None] = {}
        self.tickets: dict[str, Ticket] = {}
        self.choices: dict[str, tuple[tuple[str, str], ...]] = {}
        self.tick = 0  # a mark in time: what changed after it has a greater `changed`
        self._by_change: dict[str, Message] = {}  # what changed last is last

    def seen(
        self, who: str | None = None, platform: str | None = None, place: str | None = None,
        after: int = 0,
    ) -> list[Message]:  # fmt: skip
        """Messages in order; None means any. A private chat is seen by its own person alone."""
        latest = takewhile(lambda m: m.changed > after, reversed(self._by_change.values()))
        found = [
            m
            for m in latest
            if (who is None or m.seen_by(who))
            and (platform is None or m.platform == platform)
            and (place is None or m.place == place)
        ]
        return sorted(found, key=lambda m: m.order)

    def on_screen(self, who: str, platform: str, id: str) -> Message:
        """The message with this id. Raises NotThere when this person does not see it."""
        shown = self.messages.get(id)
        if shown is None or not shown.seen_by(who) or shown.platform != platform:
            raise NotThere(
                f"{who} sees no message {id!r} on {platform}. "
                "Take an id from “seen” or from the transcript."
            )
        return shown

    def put(self, message: Message) -> Message:
        self._change(message)
        message.order = message.changed
        self.messages[message.id] = message
        if len(self.messages) > KEEP:
            self._by_change.pop(_drop_oldest(self.messages), None)
        return message

    def edit(self, message: Message, out: Outgoing) -> None:
        if (message.text, message.rows) != (out.text, out.rows):
            message.text, message.rows, message.edited = out.text, out.rows, True
            self._change(message)

    def issue(self, id: str, ticket: Ticket) -> None:
        """Something was done that can be answered by this ticket."""
        self.tickets[id] = ticket
        if len(self.tickets) > KEEP:
            _drop_oldest(self.tickets)

    def standing(self, platform: str, place: str, who: str) -> Membership | None:
        """Everyone is in every group, unless it was put otherwise; an error put there is raised."""
        found = self.memberships.get((platform, place, who), Membership())
        if isinstance(found, Exception):
            raise found
        return found

    def clear(self) -> None:
        for kept in (self.messages, self._by_change, self.tickets, self.choices, self.blocked):
            kept.clear()
        self.down.clear()
        self.born.clear()
        self.memberships.clear()
        self.tick += 1

    def _change(self, message: Message) -> None:
        self.tick += 1
        message.changed = self.tick
        self._by_change.pop(message.id, None)
        self._by_change[message.id] = message


def _drop_oldest(kept: dict[str, Any]) -> str:
    oldest = next(iter(kept))
    del kept[oldest]
    return oldest


def handed_in(sheet: Sheet, values: Mapping[str, str]) -> dict[str, str]:
    """A form as a platform hands it in: a field not given keeps what the form held.

    Raises NotThere for what no platform would let through.
    """
    names = [line.name for line in sheet.lines]
    for name in values:
        if name not in names:
            raise NotThere(f"This form has no field {name!r}. It has: {', '.join(names)}.")
    filled = {line.name: values.get(line.name, line.value) for line in sheet.lines}
    for line in sheet.lines:
        named, length = f"“{line.label}” ({line.name})", len(filled[line.name])
        if line.required and not filled[line.name].strip():
            raise NotThere(f"{named} is required. Give it a value.")
        if length > line.limit:
            raise NotThere(f"{named} may have {line.limit} characters, not {length}. Shorten it.")
    return filled
