"""Clicks as an older ruleset kept them, and what the rows of clicks come to; for tests."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from handlers.links.agents import agent_id, reduced
from handlers.links.classify import RULESET
from handlers.links.reclassify import Done, reclassify
from storage import clicks as store
from storage.clicks import ClickRow
from storage.database import Database
from storage.tx import Tx
from tests.shop import kept, new_link
from tests.stage import START, Stage
from tests.user_agents import BOTS, CHROME, IPHONE, PREVIEWS, WINDOWS

NOW = int(START.timestamp() * 1000)
HOUR = 3_600_000
OLD = str(RULESET - 1)
PYTHON = "python-requests/2.31.0"
AGENTS = [
    PYTHON,
    *PREVIEWS[:4],
    *BOTS[:6],
    CHROME,
    f"{WINDOWS} Chrome/124.0.0.0 Safari/537.36",
    IPHONE,
]
ZONE = ZoneInfo("Asia/Dhaka")


def click(number: int, link: str, campaign: str, agent: str, kind: str, **more: Any) -> ClickRow:
    """A click as an older ruleset kept it, whatever the present one thinks of its agent."""
    at = more.pop("at", NOW + number)
    local = datetime.fromtimestamp(at / 1000, UTC).astimezone(ZONE)
    values = {
        "id": f"k{number:05}", "link": link, "at": at, "kind": kind, "reason": "as it was",
        "ruleset": OLD, "platform": "web", "who": None, "device": "phone", "browser": "chrome",
        "os": "android", "referrer": None, "forwarded": 0, "agent": agent_id(reduced(agent)),
        "otherwise": "human", "language": "bn", "country": "BD", "recovered": 0,
        "day": local.date().isoformat(), "hour": f"{local.hour:02d}", "campaign": campaign,
        "visitor": f"v{number}", "source": more.get("referrer") or "",
    }  # fmt: skip
    return ClickRow(**{**values, **more})


async def link_of(bot: Stage, brand: str = "আড়ং") -> tuple[str, str]:
    """A new link and its campaign."""
    slug = await new_link(bot, brand=brand)
    rows = await kept(bot, f"select id, campaign from links where slug = '{slug}'")
    return rows[0]["id"], rows[0]["campaign"]


async def add(bot: Stage, rows: list[ClickRow]) -> None:
    words = {agent_id(reduced(agent)): reduced(agent) for agent in AGENTS}

    async def unit(tx: Tx) -> None:
        await store.add_agents(tx, words.items(), NOW)
        await store.add_clicks(tx, rows)

    await bot.unit(unit)


# What the rows say, counted by this test


async def counts(bot: Stage) -> dict[str, Any]:
    """Every count that is kept of clicks."""
    totals = await kept(bot, "select link, day, platform, class, clicks from click_totals")
    facets = await kept(bot, "select link, day, facet, value, clicks from click_facets")
    members = await kept(bot, "select who, first_at from click_members")
    return {
        "totals": {tuple(row.values())[:-1]: row["clicks"] for row in totals},
        "facets": {tuple(row.values())[:-1]: row["clicks"] for row in facets},
        "members": {row["who"]: row["first_at"] for row in members},
    }


async def recounted(bot: Stage) -> dict[str, Any]:
    """The same from the rows themselves."""
    totals, facets, members = Counter[Any](), Counter[Any](), dict[str, int]()
    for row in await kept(bot, "select * from clicks order by at desc"):
        local = datetime.fromtimestamp(row["at"] / 1000, UTC).astimezone(ZONE)
        day = local.date().isoformat()
        totals[row["link"], day, row["platform"], row["class"]] += 1
        if row["class"] == "human":
            member = "anonymous" if row["who"] is None else "verified"
            values = {name: row[name] or "" for name in store.FACETS if name in row}
            for facet, value in {**values, "hour": f"{local.hour:02d}", "member": member}.items():
                facets[row["link"], day, facet, value] += 1
            if row["who"]:
                members[row["who"]] = row["at"]
    return {"totals": dict(totals), "facets": dict(facets), "members": members}


async def revisions(bot: Stage) -> dict[tuple[str, str], int]:
    rows = await kept(bot, "select was, now, clicks, ruleset from click_revisions")
    assert {row["ruleset"] for row in rows} <= {str(RULESET)}
    return {(row["was"], row["now"]): row["clicks"] for row in rows}


async def again(bot: Stage, database: Database | None = None, **more: Any) -> Done:
    return await reclassify(database or bot.adda.database, lambda: NOW, **more)
