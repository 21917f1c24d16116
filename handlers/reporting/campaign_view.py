"""What a brand sees of its campaign, the same on the page, in the files and through the API."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.wire import millis, moment
from handlers.reporting.figures import figures
from handlers.reporting.view import View, view
from storage import figures as store
from storage.tx import Tx

DAYS = 92  # shown at most, so that the page stays small


async def campaign_view(tx: Tx, community: str, campaign: str, now: datetime) -> View:
    """The whole campaign up to today, or its last days. Raises LookupError without a campaign."""
    head = await store.head(tx, community, campaign)
    if head is None:
        raise LookupError(f"campaign {campaign} vanished")
    zone = ZoneInfo(head.timezone)
    over = head.ends_at is not None and head.ends_at <= millis(now)
    last: datetime = moment(head.ends_at) if over and head.ends_at else now
    until = max(last, moment(head.starts_at)).astimezone(zone).date()
    since = moment(head.starts_at).astimezone(zone).date()
    since = max(since, until - timedelta(days=DAYS - 1))
    found = await figures(tx, community, campaign, since, until, now)
    if found is None:
        raise LookupError(f"campaign {campaign} vanished")
    return view(found, exact=False)
