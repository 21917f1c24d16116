"""How long clicks are kept one by one: 90 days, as /privacy promises; their counts stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.actions import tagged
from bot.feature import Context, Feature
from bot.model import Action, Effect, Later
from bot.wire import millis
from handlers.links.looking import looking
from storage import click_retention as store
from storage import tokens

KEEP = timedelta(days=90)
DAY = timedelta(days=1)
SECRET = timedelta(hours=48)  # how long a day's secret outlives the day
MOST = 500  # rows deleted of each kind in one unit of work, which holds up everybody else


@tagged("lt")
@dataclass(frozen=True, slots=True)
class Tidy(Action):
    """Delete what is old enough, and come back tomorrow, or at once while there is more."""


def tidying(ctx: Context) -> Later:
    """There is one such timer in a community, from its first link on."""
    return _again(ctx, DAY)


def _again(ctx: Context, after: timedelta) -> Later:
    return Later(ctx.now + after, Tidy(), key=f"clicks:{ctx.community.id}")


def retention(feature: Feature) -> None:
    @feature.due(Tidy)
    async def tidy(ctx: Context, _due: Tidy) -> list[Effect]:
        following = _again(ctx, timedelta(0)) if await _swept(ctx) else tidying(ctx)
        return [following, looking(ctx)]  # links made before shops were looked at are looked at too


async def _swept(ctx: Context) -> bool:
    """True when there may be more to delete."""
    tx, old = ctx.tx, ctx.now - KEEP
    await store.destroy_day_keys(tx, (ctx.now - SECRET).date().isoformat())
    await tokens.forget_old(tx, ctx.community.id, millis(old))
    # Wherever the community is, its day has ended and its secrets are destroyed a day later.
    last = (ctx.now - SECRET - DAY).date().isoformat()
    deleted = (
        await store.forget_clicks(tx, millis(old), MOST),
        await store.forget_visitors(tx, ctx.community.id, last, MOST),
        await store.forget_agents(tx, millis(old - DAY), MOST),
    )
    return MOST in deleted
