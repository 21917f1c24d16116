"""Intents: presses of buttons that promise a link, which the clicks can be held against."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.feature import Context
from storage import tokens
from storage.links import Link
from storage.tokens import Intents
from storage.tx import Tx

__all__ = ["Intents", "by_day", "counted", "press"]


async def press(tx: Tx, ctx: Context, link: Link) -> None:
    """A press of a button is counted in the unit that answers it: once, as the event itself is."""
    await counted(tx, link, ctx.place.platform, ctx.now)


async def counted(tx: Tx, link: Link, platform: str, now: datetime) -> None:
    """One press more on the day it is in the community's time zone."""
    day = now.astimezone(ZoneInfo(link.timezone)).date().isoformat()
    await tokens.add_intent(tx, link.id, day, platform)


async def by_day(tx: Tx, community: str, campaign: str, since: str) -> list[Intents]:
    """The campaign's presses from the day `since` (ISO date) on, by day, link and platform."""
    return await tokens.intents(tx, community, campaign, since)
