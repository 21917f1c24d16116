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


@tagged("gj")
@dataclass(frozen=True, slots=True)
class Claim(Action):
    """Take the prize: pressed it asks where it should go, filled it is claimed."""

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


@tagged("gb")
@dataclass(frozen=True, slots=True)
class Paste(Action):
    """Give the beacon's value: pressed it asks for it, filled it is checked."""

    giveaway: str


@tagged("gv")
@dataclass(frozen=True, slots=True)
class Claims(Action):
    """Show who claimed what, and where it should go."""

    giveaway: str


@tagged("go")
@dataclass(frozen=True, slots=True)
class Delivered(Action):
    """The prize of this slot was handed over: what was told for that is deleted."""

    giveaway: str
    slot: int


@tagged("gq")
@dataclass(frozen=True, slots=True)
class Disqualify(Action):
    """Take the prize from the holder of this slot, whose entry has this number: pressed it asks
    for the reason, filled it happens."""

    giveaway: str
    slot: int
    number: int


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


@tagged("ga")
@dataclass(frozen=True, slots=True)
class Seek(Action):
    """Fetch the beacon's round; `tries` have failed before."""

    giveaway: str
    tries: int


@tagged("gy")
@dataclass(frozen=True, slots=True)
class Redraw(Action):
    """Draw, after `tries` at which a platform could not tell about somebody."""

    giveaway: str
    tries: int


@tagged("gu")
@dataclass(frozen=True, slots=True)
class Remind(Action):
    """A quarter of the time to claim is left."""

    giveaway: str
    slot: int
    number: int


@tagged("gz")
@dataclass(frozen=True, slots=True)
class Lapse(Action):
    """The time to claim is over: the next in line moves up."""

    giveaway: str
    slot: int
    number: int


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
