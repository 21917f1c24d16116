"""Reading the times of giveaways, and saying how they were read."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.feature import Context, Glance
from bot.model import Refuse, Say
from handlers import when
from handlers.when import Moment

YEAR = timedelta(hours=8760)
SHORTEST = timedelta(minutes=5)
MORNING = time(9)  # when a giveaway opens on a day that came without a clock time
_LATE = 4  # hours after midnight that people count to the night before
_HOURS = re.compile(r"[+-]?\d+")


async def prepared(_glance: Glance, _asked: Any) -> None:
    """Reading the first time takes 0.2 s: off the loop, before the unit."""
    await asyncio.to_thread(when.prepare)


def end(ctx: Context, text: str) -> Moment:
    """The end that was written, to come and within a year. Raises Refuse. A number alone is hours,
    a day alone ends at its last minute."""
    found = _read(ctx, text, when.END_OF_DAY)
    if found.at - ctx.now < SHORTEST:
        raise Refuse(Say("giveaway.short_time", minutes=SHORTEST // timedelta(minutes=1)))
    return found


def start(ctx: Context, text: str) -> Moment:
    """The start that was written, to come and within a year. Raises Refuse."""
    return _read(ctx, text, MORNING)


def _read(ctx: Context, text: str, clock: time) -> Moment:
    given = text.strip()[:60]
    figure = when.spelled(given)
    written = f"{figure} hours" if re.fullmatch(r"\d{1,4}", figure) else text
    found = when.read(written, ctx.now, ctx.community.timezone, clock)
    if found is None:
        raise Refuse(Say("giveaway.bad_time", given=given))
    wrong = ""
    if found.at <= ctx.now:
        wrong = "giveaway.past_time"
    elif found.at - ctx.now > YEAR:
        wrong = "giveaway.far_time"
    if wrong:
        raise Refuse(Say(wrong, given=given, read=found.at, night=night(ctx, found.at)))
    return found


# Saying it -----------------------------------------------------------------------------------


def night(ctx: Context, at: datetime) -> Say:
    """For the hours after midnight: the night of which day that is; else nothing."""
    local = at.astimezone(ZoneInfo(ctx.community.timezone))
    if local.hour >= _LATE:
        return Say("text", text="")
    return Say(f"giveaway.night_{(local - timedelta(days=1)).isoweekday() % 7}")


def left(span: timedelta) -> Say:
    """A length of time in its two largest units."""
    minutes = round(span / timedelta(minutes=1))
    days, hours = divmod(minutes // 60, 24)
    units = (("days", days), ("hours", hours), ("minutes", minutes % 60))
    first = next((at for at, (_, count) in enumerate(units) if count), 2)
    said = [Say(f"giveaway.span_{name}", count=count) for name, count in units[first : first + 2]]
    if len(said) == 1 or not units[first + 1][1]:
        return said[0]
    return Say("giveaway.span_two", first=said[0], second=said[1])
