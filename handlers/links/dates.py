"""Days as people write them, and where a day begins and ends; pure."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.wire import millis
from handlers.when import END_OF_DAY
from handlers.when import day as day


def starts(day: date, zone: str) -> int:
    """The first moment of the day in `zone`, in milliseconds."""
    return millis(datetime.combine(day, time(), ZoneInfo(zone)))


def ends(day: date, zone: str) -> int:
    """The last minute of the day in `zone`, in milliseconds."""
    return millis(datetime.combine(day, END_OF_DAY, ZoneInfo(zone)))
