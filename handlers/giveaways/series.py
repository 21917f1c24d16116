"""Giveaways that come again: when the next opens, and what it is like; pure."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.feature import Context
from bot.model import Later
from bot.wire import millis, moment
from handlers.giveaways.plan import unpacked
from handlers.giveaways.plan_actions import Again
from storage.giveaway_plans import Draft, NewDraft
from storage.giveaways import Giveaway

WEEK = timedelta(days=7)
REST = timedelta(minutes=10)  # between a close and the next opening: the draw is told in between


def next_of(ctx: Context, giveaway: Giveaway) -> list[Later]:
    """The timer of the one after it, if it repeats."""
    if giveaway.repeats is None:
        return []
    return [Later(opens(ctx, giveaway), Again(giveaway.id), key=f"again:{giveaway.id}")]


def opens(ctx: Context, giveaway: Giveaway) -> datetime:
    """When the next opens: a period after this one did, by the clock on the wall, and after its
    close; never in the past."""
    wanted = _later(moment(giveaway.published_at or ctx.ms), giveaway, ctx.community.timezone)
    return max(wanted, moment(giveaway.closes_at or 0) + REST, ctx.now)


def following(ctx: Context, before: Draft) -> NewDraft:
    """The next of its series, opened now: the same, as long as that was to last, or until the same
    clock time a period later."""
    g, ends = before.giveaway, before.ends_at
    while ends is not None and ends <= ctx.ms:
        ends = millis(_later(moment(ends), g, ctx.community.timezone))
    plan = replace(unpacked(g.plan), more=()).packed()  # prizes that were added were for that one
    return NewDraft(g.prize, g.winners, g.hours, ends, plan, g.repeats, g.series or g.id)


def over(giveaway: Giveaway) -> bool:
    """Drawn or called off: nothing stands in the way of the next."""
    return giveaway.drawn_at is not None or giveaway.cancelled_at is not None


def _later(at: datetime, giveaway: Giveaway, zone: str) -> datetime:
    """A period later on the clock on the wall; the last day of a shorter month."""
    local = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if giveaway.repeats == "monthly":
        year, month = divmod(local.year * 12 + local.month, 12)
        day = min(local.day, monthrange(year, month + 1)[1])
        local = local.replace(year=year, month=month + 1, day=day)
    else:
        local += WEEK
    return local.replace(tzinfo=ZoneInfo(zone))
