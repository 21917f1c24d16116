"""What the buttons and timers of a giveaway stand for."""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions import tagged
from bot.model import Action

# Pressed by fans -----------------------------------------------------------------------------


@tagged("ge")
@dataclass(frozen=True, slots=True)
class Enter(Action):
    """Be in it, once however often it is pressed."""

    giveaway: str


@tagged("gl")
@dataclass(frozen=True, slots=True)
class Leave(Action):
    """Be out of it."""

    giveaway: str


@tagged("gh")
@dataclass(frozen=True, slots=True)
class How(Action):
    """Tell the rules and how it is drawn."""

    giveaway: str


@tagged("gr")
@dataclass(frozen=True, slots=True)
class Result(Action):
    """Show who won and how to check it."""

    giveaway: str


# Pressed by the team -------------------------------------------------------------------------


@tagged("gp")
@dataclass(frozen=True, slots=True)
class Publish(Action):
    """Open the draft to everyone."""

    giveaway: str


@tagged("gx")
@dataclass(frozen=True, slots=True)
class Discard(Action):
    """Throw the draft away."""

    giveaway: str


@tagged("gn")
@dataclass(frozen=True, slots=True)
class EndNow(Action):
    """Close it early and draw."""

    giveaway: str


@tagged("gc")
@dataclass(frozen=True, slots=True)
class CallOff(Action):
    """Cancel it: pressed it asks for the reason, filled it happens."""

    giveaway: str


# Caused by time alone ------------------------------------------------------------------------


@tagged("gk")
@dataclass(frozen=True, slots=True)
class Count(Action):
    """Renew the count in the public posts."""

    giveaway: str


@tagged("gf")
@dataclass(frozen=True, slots=True)
class Freeze(Action):
    """Close the pool and publish the fingerprint of its list."""

    giveaway: str


@tagged("gd")
@dataclass(frozen=True, slots=True)
class Draw(Action):
    """Find the winners in the frozen list."""

    giveaway: str


@tagged("gt")
@dataclass(frozen=True, slots=True)
class Tell(Action):
    """Tell how it ended to those who entered in a private chat, from the entry after `after`."""

    giveaway: str
    after: int


@tagged("gw")
@dataclass(frozen=True, slots=True)
class Fade(Action):
    """Forget who did not win, and the key that could tell."""

    giveaway: str
