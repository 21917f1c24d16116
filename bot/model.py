"""Who, where, what happened and what to do about it: the words every part of Adda shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum


class Role(IntEnum):
    """What a member of a community may do; a higher role may do all a lower one may."""

    FAN = 0
    BRAND = 10
    HELPER = 20
    MANAGER = 30
    OWNER = 40


@dataclass(frozen=True, slots=True)
class Identity:
    """One account on one platform; `language` is only the platform's hint ("bn", "en").

    `born`: when the account was made, `since`: since when they are in the group or server, `roles`
    they have there (none where the platform has no such thing); None where it did not say.
    """

    platform: str
    user: str
    name: str = ""
    language: str | None = None
    born: datetime | None = field(default=None, compare=False)
    since: datetime | None = field(default=None, compare=False)
    roles: tuple[str, ...] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Login:
    """A person a platform vouches for on a page of ours. `token` is the same 12 characters of
    [a-z0-9] whenever the same proof is shown, and cannot be made from it by others."""

    who: Identity
    token: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is said. A private place has the other person's user id as `chat`.

    On Telegram `chat` is the chat and `thread` the topic; on Discord `chat` is the server and
    `thread` the channel.
    """

    platform: str
    chat: str
    thread: str | None = None
    private: bool = True


@dataclass(frozen=True, slots=True)
class Community:
    """One creator and everyone around them, on all platforms; `timezone` is an IANA name."""

    id: str
    name: str
    language: str = "bn"
    timezone: str = "Asia/Dhaka"


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a community, however many identities; `language` is what they chose."""

    id: str
    role: Role = Role.FAN
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """What a button or a timer stands for; subclasses are declared with `actions.tagged`."""


@dataclass(frozen=True, slots=True, init=False)
class Say:
    """A sentence by its key, text only at delivery: `Say("giveaway.entered", number=12)`.

    Values are text, whole numbers, aware moments, other sentences, or a tuple of sentences
    (set one a line).
    """

    key: str
    values: Mapping[str, Value] = field(hash=False)

    def __init__(self, key: str, **values: Value) -> None:
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "values", values)


Value = str | int | datetime | Say | tuple[Say, ...]


@dataclass(frozen=True, slots=True)
class Button:
    """A labelled choice: `to` is an action of ours or an http(s) address.

    `login` is a path of our server that is opened instead of `to` where the platform can tell
    that server who opens it.
    """

    label: Say
    to: Action | str
    login: str | None = None


# What happened -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """Text meant for the bot; `media` when it came as a picture, voice or sticker instead.

    `replied` is the platform's id of the message of ours it answers.
    """

    text: str
    replied: str | None = None
    media: bool = False


@dataclass(frozen=True, slots=True)
class Overheard:
    """A person's answer to another person in a group. The core lets it go, and keeps nothing of
    it, unless the writer has the role that its handler asks for."""

    text: str


@dataclass(frozen=True, slots=True)
class Called:
    """A command: named `args` where the platform has fields, else the rest of the line as `text`.

    `command` may hold its sub-command ("giveaway new") or leave it at the head of `text`.
    """

    command: str
    args: Mapping[str, str] = field(default_factory=dict, hash=False)
    text: str = ""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button. What it carries can be forged: only actions declared `pressed` are obeyed."""

    action: Action


@dataclass(frozen=True, slots=True)
class Filled:
    """A completed form."""

    action: Action
    values: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Due:
    """A moment that was asked for with `Later` has come. Platforms never make these."""

    action: Action


@dataclass(frozen=True, slots=True)
class Typing:
    """Someone is typing an option's value and may be helped with suggestions."""

    command: str
    option: str
    so_far: str


@dataclass(frozen=True, slots=True)
class Joined:
    """The bot was added to a group or server by `Event.who`; `title` is that place's name."""

    title: str


@dataclass(frozen=True, slots=True)
class Left:
    """The bot was removed from a group, or blocked by a person (a private place)."""


Intent = Said | Overheard | Called | Pressed | Filled | Due | Typing | Joined | Left


@dataclass(frozen=True, slots=True)
class Quote:
    """The message an event is `about`: whose it is and its words, as far as the platform shows
    them. `about` is the message that one answers in turn."""

    who: Identity | None = None
    text: str = ""
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a platform.

    `id` is the platform's own ("telegram:81", "discord:1320…"), so that a repeat is recognised.
    `ticket` is the adapter's own handle for answering at once (callback query, interaction
    token); `message` the platform's id of the message pressed or said, where there is one;
    `about` that of the message it answers or whose menu was opened, whoever wrote that.
    """

    id: str
    at: datetime
    place: Place
    who: Identity
    intent: Intent
    ticket: str | None = None
    message: str | None = None
    about: str | None = None
    quote: Quote | None = None


# What to do ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture beside words, which say all that it shows: a maker of its `kind` draws it from
    `values` when it is sent (see `bot.pictures`). `alt` is for readers who do not see it."""

    kind: str
    values: str
    alt: Say


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer the event; in a public place privately wherever the platform can."""

    text: Say
    buttons: tuple[Button, ...] = ()
    private: bool = True
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """Say something somewhere. The same `key` edits the same message; a keyed post that has
    not been seen to arrive is sent again, one without a key never is. Only one without a key
    shows its picture. `otherwise` is said when this cannot be delivered; it names its language."""

    place: Place
    text: Say
    buttons: tuple[Button, ...] = ()
    key: str | None = None
    language: str | None = None
    picture: Picture | None = None
    otherwise: Post | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """At a moment, act. Survives restarts; happens once. Of timers with one `key` there is one,
    which keeps the earlier moment."""

    at: datetime
    action: Action
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form; `value` is what it holds beforehand, `limit` in characters."""

    name: str
    label: Say
    required: bool = True
    long: bool = False
    limit: int = 400
    value: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """Ask several things at once (a modal), or one by one where a platform has no forms."""

    title: Say
    fields: tuple[Field, ...]
    then: Action


@dataclass(frozen=True, slots=True)
class Choices:
    """Suggestions for an option that is being typed: (shown, value) pairs."""

    items: tuple[tuple[str, str], ...]


Effect = Reply | Post | Later | Form | Choices


class Refuse(Exception):
    """The only exception a handler raises on purpose: undo everything, answer privately."""

    def __init__(self, say: Say, *buttons: Button) -> None:
        super().__init__(say.key)
        self.say = say
        self.buttons = buttons
