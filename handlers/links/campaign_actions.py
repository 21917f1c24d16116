"""What the buttons of a campaign stand for: pressed they ask, filled in they happen."""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions import tagged
from bot.model import Action


@tagged("ca")
@dataclass(frozen=True, slots=True)
class AddPlace(Action):
    """One more link, for another place."""

    campaign: str


@tagged("cd")
@dataclass(frozen=True, slots=True)
class Dates(Action):
    """When it starts and ends."""

    campaign: str


@tagged("cl")
@dataclass(frozen=True, slots=True)
class Labels(Action):
    """The words that say it is an ad."""

    campaign: str


@tagged("cx")
@dataclass(frozen=True, slots=True)
class Extras(Action):
    """Its name, goal, coupon, and whether destinations carry parameters."""

    campaign: str


@tagged("cp")
@dataclass(frozen=True, slots=True)
class AddProduct(Action):
    """One more product, or another page for one."""

    campaign: str


@tagged("ch")
@dataclass(frozen=True, slots=True)
class History(Action):
    """Show what was changed."""

    campaign: str


@tagged("cs")
@dataclass(frozen=True, slots=True)
class Show(Action):
    """Show all of it."""

    campaign: str


@tagged("ce")
@dataclass(frozen=True, slots=True)
class End(Action):
    """End it now."""

    campaign: str


@tagged("cr")
@dataclass(frozen=True, slots=True)
class DropRule(Action):
    """The link leads these readers nowhere else any more; "any" stands for every language or
    device."""

    link: str
    language: str
    device: str
