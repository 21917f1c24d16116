"""How long clicks are kept one by one: 90 days, as /privacy promises; the totals stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.actions import tagged
from bot.feature import Context, Feature
from bot.model import Action, Later
from bot.wire import millis
from storage import clicks

KEEP = timedelta(days=90)
EVERY = timedelta(days=1)


@tagged("lt")
@dataclass(frozen=True, slots=True)
class Tidy(Action):
    """Delete the clicks that are old enough, and come back tomorrow."""


def tidying(ctx: Context) -> Later:
    """There is one such timer in a community, from its first link on."""
    return Later(ctx.now + EVERY, Tidy(), key=f"clicks:{ctx.community.id}")


def retention(feature: Feature) -> None:
    @feature.due(Tidy)
    async def tidy(ctx: Context, _due: Tidy) -> Later:
        await clicks.forget_old(ctx.tx, ctx.community.id, millis(ctx.now - KEEP))
        return tidying(ctx)
