"""The totals of one sealed day as a brand may know them: what a webhook is sent."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from handlers.reporting.campaign_view import campaign_view
from handlers.reporting.few import Hidden, Shown
from handlers.reporting.figures import figures
from handlers.reporting.view import View, view
from storage.tx import Tx
from storage.webhooks import Delivery

FORMAT = 1


async def day_totals(tx: Tx, community: str, delivery: Delivery, now: datetime) -> str:
    """JSON. A day that the page does not tell is not told here either. Raises LookupError."""
    day = date.fromisoformat(delivery.day)
    found = await figures(tx, community, delivery.campaign, day, day, now)
    if found is None:
        raise LookupError(f"campaign {delivery.campaign} vanished")
    page = await campaign_view(tx, community, delivery.campaign, now)
    told = _contents(view(found, exact=False), _on_page(page, delivery.day))
    seal = {"number": delivery.number, "root": delivery.root}
    about = {
        "format": FORMAT, "event": "day", "campaign": delivery.campaign,
        "brand": found.head.brand, "name": found.head.campaign, "day": delivery.day,
        "time_zone": found.head.timezone, "revision": delivery.revision, "seal": seal,
    }  # fmt: skip
    return json.dumps(about | told, ensure_ascii=False, separators=(",", ":"))


def _on_page(page: View, day: str) -> Hidden | None:
    """What the page says of the day where it does not say how many clicks it had."""
    shown = next((row.clicks for row in page.tables["days"] if row.name == day), None)
    return shown if isinstance(shown, Hidden) else None


def _contents(shown: View, hidden: Hidden | None) -> dict[str, Any]:
    if hidden is not None:
        return {"clicks": hidden.value, "waterfall": {}, "numbers": {}}
    left_out = {row.name: _plain(row.clicks) for row in shown.left_out}
    return {
        "clicks": _plain(shown.net),
        "waterfall": {"gross": _plain(shown.gross), **left_out, "net": _plain(shown.net)},
        "numbers": {name: _plain(count) for name, count in shown.numbers.items()},
    }


def _plain(count: Shown) -> int | str:
    return count.value if isinstance(count, Hidden) else count
