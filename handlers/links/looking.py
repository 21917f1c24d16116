"""The timer by which shops behind links are looked at; what is done then is `health`'s."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.actions import tagged
from bot.feature import Context
from bot.model import Action, Later

EVERY = timedelta(days=1)


@tagged("lh")
@dataclass(frozen=True, slots=True)
class Look(Action):
    """See whether the shops behind running links open, and come back tomorrow."""


def looking(ctx: Context, after: timedelta = EVERY) -> Later:
    """There is one such timer in a community, from its first link on."""
    return Later(ctx.now + after, Look(), key=f"shops:{ctx.community.id}")
