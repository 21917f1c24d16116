"""What the core asks of a platform, and what a platform may answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Protocol

from bot.model import Event, Place
from bot.pictures import drawn


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a platform lets a bot speak; None is no limit."""

    chat_per_second: float | None = None
    group_per_minute: float | None = None
    overall_per_second: float | None = None


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can do, so that nobody has to ask which one it is.

    Lengths are in `unit`s: UTF-16 code units or code points. `private` lists, best first, the
    ways to answer one person in a public place: "toast" (only for a press, plain text of at most
    `toast`), "ephemeral", "dm".
    """

    text: int
    unit: Literal["utf16", "codepoint"]
    caption: int = 1024  # of the words that stand beside a picture
    alt: int = 1024  # of a picture's description
    label: int = 64
    row: int = 3
    rows: int = 8
    url: int = 2048
    toast: int = 0
    private: tuple[Literal["toast", "ephemeral", "dm"], ...] = ("dm",)
    fields: int = 0  # fields of one form; 0: none, the core asks one by one
    suggestions: int = 0
    acknowledge: float | None = None  # seconds until the platform gives an event up
    ticket_life: float = 900.0  # seconds during which a ticket answers
    idempotent: bool = False  # a send repeated with the same id does not appear twice
    moment: Literal["words", "unix"] = "words"  # "unix": <t:…:F>, shown in the reader's zone
    markdown: bool = False  # it would read marks in what people write
    login: str = ""  # the address of ours that it tells who opens a button; "": it tells none
    pace: Pace = Pace()


@dataclass(frozen=True, slots=True)
class Key:
    """A rendered button: `data` comes back when it is pressed, `url` opens.

    `login` opens instead of either, with the platform's word for who opens it.
    """

    label: str
    data: str | None = None
    url: str | None = None
    login: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A rendered field of a form."""

    name: str
    label: str
    required: bool
    long: bool
    limit: int
    value: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A rendered form; `data` is the packed action that comes back with its values."""

    title: str
    lines: tuple[Line, ...]
    data: str


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture to send with the words; a platform draws it with `bot.pictures.drawn`, into
    `png`. `alt` is plain text for readers who do not see it."""

    kind: str
    values: str
    alt: str
    png: bytes = b""


How = Literal["message", "edit", "toast", "ephemeral", "form", "choices"]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One thing to send, already in the reader's language and within the platform's limits.

    how: "message" in `place`, as an answer to `ticket` or `reply_to` where given; "edit" of
    `message`; "toast" and "ephemeral" answer `ticket`, seen by one person alone; "form" and
    "choices" answer `ticket`. `id` is ASCII, at most 25 characters, the same at every attempt.
    A text-less "toast" only acknowledges; one with a url key opens it where the platform can.
    A "message" or "edit" with a `ticket` also acknowledges it. `ping` are user ids that may be
    notified. With a `picture` the text is its caption; where that cannot be drawn or is refused,
    the text goes alone.
    """

    id: str
    how: How
    place: Place
    text: str = ""
    rows: tuple[tuple[Key, ...], ...] = ()
    ticket: str | None = None
    reply_to: str | None = None
    message: str | None = None
    sheet: Sheet | None = None
    choices: tuple[tuple[str, str], ...] = ()
    ping: tuple[str, ...] = ()
    picture: Shot | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """It arrived; `message` is the platform's id of it, where it has one."""

    message: str | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's place in a group or server: since when, None where the platform does not say, and
    the ids of their roles there."""

    status: str = "member"
    since: datetime | None = None
    roles: tuple[str, ...] = ()


async def photographed(out: Outgoing) -> Outgoing:
    """With its picture drawn, or without one."""
    if out.picture is None or out.picture.png:
        return out
    png = await drawn(out.picture.kind, out.picture.values)
    return replace(out, picture=replace(out.picture, png=png) if png else None)


class Busy(Exception):
    """Not sent: try again in `seconds`."""

    def __init__(self, seconds: float, why: str = "") -> None:
        super().__init__(why or f"busy for {seconds:g} s")
        self.seconds = seconds


class Doubt(Exception):
    """It may or may not have arrived."""


class Gone(Exception):
    """It will never arrive this way. `why` is one word where the core acts on it: "blocked"
    (the person or place refuses us), "expired" (the ticket is over), else a sentence."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Stopped(Exception):
    """This platform cannot go on and trying again would not help; the text says the remedy."""


@dataclass(frozen=True, slots=True)
class OptionCard:
    """An option of a command as a person sees it. Texts are by language ("bn", "en")."""

    name: str
    kind: Literal["text", "whole", "yes_no", "choice"]
    about: Mapping[str, str]
    required: bool
    choices: tuple[tuple[str, str], ...] = ()
    suggested: bool = False


@dataclass(frozen=True, slots=True)
class CommandCard:
    """A command as a person sees it: `name` may be two words ("giveaway new").

    menu: "message" makes it an entry of a message's context menu instead, whose argument
    `message` is the message's text, and `about["en"]` its label.
    """

    name: str
    about: Mapping[str, str]
    options: tuple[OptionCard, ...] = ()
    team: bool = False
    menu: Literal["message"] | None = None


class Receiver(Protocol):
    """The core, as a platform sees it."""

    async def handle(self, event: Event) -> None:
        """Returns once the event is committed (or was before); raises only if it was not."""

    def crowded(self) -> bool:
        """True while so much waits to be sent that no more should be taken in."""


class Platform(Protocol):
    """A front door."""

    name: str
    capabilities: Capabilities

    async def run(self, core: Receiver, commands: Sequence[CommandCard]) -> None:
        """Receive until cancelled. Raises `Stopped` when trying again would not help."""

    async def send(self, out: Outgoing) -> Sent:
        """Send one thing. Raises `Busy`, `Doubt` or `Gone`, nothing else."""

    async def close(self) -> None:
        """Let go of connections; what is under way is finished first."""

    def deep_link(self, payload: str) -> str | None:
        """An address that opens a private chat with the bot and calls `/start payload`
        (64 of A-Z a-z 0-9 _ -), None where the platform has no such thing."""

    async def membership(self, place: Place, user: str) -> Membership | None:
        """Whether this person is in that group or server now; None when they are not.

        Raises `Busy` when it cannot be told now, `Gone` when it cannot be told at all: the bot
        itself is not there, or has no right to know.
        """

    def born(self, user: str) -> datetime | None:
        """When this account was made, where its id tells."""

    def fresh(self) -> float | None:
        """Seconds since something was last received (a poll counts), None before the first."""
