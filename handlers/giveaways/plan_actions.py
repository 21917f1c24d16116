"""What the buttons and timers around drafts, amendments and series stand for."""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions import tagged
from bot.model import Action

# Drafts --------------------------------------------------------------------------------------


@tagged("za")
@dataclass(frozen=True, slots=True)
class Template(Action):
    """Begin a draft: "one", "several" or "sponsored"; pressed it asks, filled there is one."""

    kind: str


@tagged("zb")
@dataclass(frozen=True, slots=True)
class Who(Action):
    """Who may enter: pressed it asks, filled it is so."""

    giveaway: str


@tagged("zc")
@dataclass(frozen=True, slots=True)
class Bonus(Action):
    """What gives more tickets."""

    giveaway: str


@tagged("zd")
@dataclass(frozen=True, slots=True)
class Drawing(Action):
    """Where the chance comes from, reserves, time to claim."""

    giveaway: str


@tagged("ze")
@dataclass(frozen=True, slots=True)
class Rules(Action):
    """Age, region, contact, what is asked of those who look suspicious."""

    giveaway: str


@tagged("zf")
@dataclass(frozen=True, slots=True)
class ShowDraft(Action):
    """The preview once more."""

    giveaway: str


# When it opens -------------------------------------------------------------------------------


@tagged("zg")
@dataclass(frozen=True, slots=True)
class AskStart(Action):
    """When to publish: pressed it asks, filled it shows how that was read."""

    giveaway: str


@tagged("zh")
@dataclass(frozen=True, slots=True)
class Start(Action):
    """Publish by itself `at` unix seconds."""

    giveaway: str
    at: int


@tagged("zi")
@dataclass(frozen=True, slots=True)
class DropStart(Action):
    """Not by itself any more."""

    giveaway: str


@tagged("zj")
@dataclass(frozen=True, slots=True)
class Open(Action):
    """The time to publish, asked for as `at` (unix seconds), has come."""

    giveaway: str
    at: int


# Amendments ----------------------------------------------------------------------------------


@tagged("zl")
@dataclass(frozen=True, slots=True)
class AskExtend(Action):
    """Show what extending until `at` (unix seconds) would mean."""

    giveaway: str
    at: int


@tagged("zm")
@dataclass(frozen=True, slots=True)
class Extend(Action):
    """End at `at` (unix seconds) instead."""

    giveaway: str
    at: int


@tagged("zn")
@dataclass(frozen=True, slots=True)
class AddPrize(Action):
    """One more prize: pressed it asks which, filled it is added."""

    giveaway: str


# Series --------------------------------------------------------------------------------------


@tagged("zo")
@dataclass(frozen=True, slots=True)
class Repeat(Action):
    """Let it come again `every` ("weekly", "monthly", or "off")."""

    giveaway: str
    every: str


@tagged("zk")
@dataclass(frozen=True, slots=True)
class Again(Action):
    """The time for the next of its series has come."""

    giveaway: str


@tagged("zp")
@dataclass(frozen=True, slots=True)
class Odds(Action):
    """Rehearse the draw."""

    giveaway: str
