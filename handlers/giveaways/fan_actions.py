"""What the buttons stand for that fans get in private."""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions import tagged
from bot.model import Action


@tagged("gem")
@dataclass(frozen=True, slots=True)
class Mine(Action):
    """Am I in, with how many tickets and why?"""

    giveaway: str


@tagged("get")
@dataclass(frozen=True, slots=True)
class Receipt(Action):
    """Show everything with which the entry can be found again in the public list."""

    giveaway: str


@tagged("gef")
@dataclass(frozen=True, slots=True)
class FreeClick(Action):
    """The ticket of the sponsor's link, without opening it."""

    giveaway: str


@tagged("ges")
@dataclass(frozen=True, slots=True)
class Solve(Action):
    """The one of three that was pressed, counted from 0."""

    giveaway: str
    choice: int


@tagged("gec")
@dataclass(frozen=True, slots=True)
class Connect(Action):
    """The other account, which asked for this code, is mine as well."""

    code: str


@tagged("gea")
@dataclass(frozen=True, slots=True)
class Agree(Action):
    """Whoever gave my code may be one person with me."""

    code: str
