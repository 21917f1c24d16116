"""What a brand sees of its campaign, read in one view of the database."""

from __future__ import annotations

from datetime import datetime

from handlers.reporting.campaign_view import campaign_view
from handlers.reporting.view import View
from storage.database import Database


async def brands_view(database: Database, community: str, campaign: str, now: datetime) -> View:
    """The whole campaign up to today, or its last days. Raises LookupError without a campaign."""
    async with database.read() as tx:
        return await campaign_view(tx, community, campaign, now)
