"""Two brands with clicks of every kind, for tests of reports; and a recount from the rows."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from handlers.reporting.figures import Report, figures
from storage import clicks as store
from storage.clicks import ClickRow
from storage.database import Database, open_database
from storage.seal import Seal
from storage.whole import whole
from tests.whole import contents

ZONE = ZoneInfo("Asia/Dhaka")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SINCE, UNTIL = date(2026, 11, 1), date(2026, 11, 20)
START = datetime(2026, 10, 31, 18, tzinfo=UTC)  # midnight in Dhaka
DAY = 86_400_000
HOME, OURS, THEIRS = "c1", "k1", "k2"
CLASSES = (
    "human", "human", "human", "human", "head", "prefetch", "preview", "automation", "bot", "self",
    "rate", "repeat", "incentivised",
)  # fmt: skip
HOSTILE = "=cmd|' /C calc'!A0<script>alert(1)</script>"
# link: (campaign, placement, product)
LINKS = {
    "l1": (OURS, "TikTok ভিডিও ১২", "p1"), "l2": (OURS, HOSTILE, "p2"), "l3": (OURS, "বায়ো", "p2"),
    "l4": (OURS, "Discord", None), "l9": (THEIRS, "Their reel", None),
}  # fmt: skip


def ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


@asynccontextmanager
async def brands(url: str) -> AsyncIterator[Database]:
    """A database with two brands, each with a campaign of its own and links, and no click."""
    database = await open_database(url, Seal("test secret"))
    await tables(url)
    try:
        yield database
    finally:
        await database.close()


async def tables(url: str, *, home: bool = True) -> None:
    """The two brands, with the community itself unless it is there."""
    start = ms(START)
    async with whole(url) as db:
        await db.fill(
            "communities", ("id", "name", "language", "timezone", "created_at"),
            [(HOME, "Mitu", "bn", "Asia/Dhaka", start)] * home
            + [("c2", "Else", "bn", "Asia/Dhaka", start)],
        )  # fmt: skip
        await db.fill(
            "brands", ("id", "community", "name", "created_at"),
            [("b1", HOME, "আড়ং", start), ("b2", HOME, "Bata", start)],
        )  # fmt: skip
        await db.fill(
            "campaigns",
            ("id", "community", "brand", "disclosure_bn", "disclosure_en", "key_sealed",
             "starts_at", "ends_at", "name", "goal"),
            [(OURS, HOME, "b1", "বিজ্ঞাপন আড়ং", "Ad আড়ং", "", start, start + 30 * DAY, "Eid", 5000),
             (THEIRS, HOME, "b2", "বিজ্ঞাপন Bata", "Ad Bata", "", start, None, "", None)],
        )  # fmt: skip
        await db.fill(
            "products", ("id", "campaign", "name", "destination", "created_at"),
            [("p1", OURS, "শাড়ি", "https://s.example/1", start),
             ("p2", OURS, "<b>Bag</b>", "https://s.example/2", start)],
        )  # fmt: skip
        await db.fill(
            "links", ("id", "slug", "community", "campaign", "destination", "placement",
                      "created_at", "product"),
            [(id, f"slug{id}", HOME, campaign, "https://s.example", placement, start, product)
             for id, (campaign, placement, product) in LINKS.items()],
        )  # fmt: skip


def generated(seed: int, count: int) -> list[ClickRow]:
    """Clicks on all links over 20 days, unevenly, so that there are small and large groups."""
    chance, rows = random.Random(seed), []
    links = chance.choices(
        list(LINKS), weights=[chance.random() ** 3 + 0.01 for _ in LINKS], k=count
    )
    days = [chance.random() ** 3 + 0.001 for _ in range(20)]
    for number, link in enumerate(links):
        day = chance.choices(range(20), weights=days)[0]
        at = ms(START + timedelta(days=day, seconds=chance.randrange(86_400)))
        rows.append(click(f"{seed}-{number:06}", link, at, chance.choice(CLASSES), chance))
    return rows


def click(id: str, link: str, at: int, kind: str, chance: random.Random) -> ClickRow:
    local = datetime.fromtimestamp(at / 1000, ZONE)
    who = f"w{chance.randrange(40)}" if chance.random() < 0.3 else None
    visitor = f"v{chance.randrange(300)}"
    referrer = chance.choice([None, "t.example", "=1+1.example"])
    return ClickRow(
        id, link, at, kind, "browser", "1", chance.choice(["web", "telegram", "discord"]), who,
        "phone", "chrome", "android", referrer, 0, None, "human", chance.choice([None, "bn", "en"]),
        None, 0, local.date().isoformat(), f"{local.hour:02}", LINKS[link][0], visitor,
        referrer or "",
    )  # fmt: skip


async def add(database: Database, rows: list[ClickRow]) -> None:
    await database.unit(lambda tx: store.add_clicks(tx, rows))


async def report(
    database: Database, campaign: str = OURS, community: str = HOME, now: datetime = NOW
) -> Report:
    async with database.read() as tx:
        found = await figures(tx, community, campaign, SINCE, UNTIL, now)
    assert found is not None
    return found


@dataclass(frozen=True)
class Recount:
    """A campaign, counted again from every row of `clicks`."""

    gross: int
    classes: Counter[str]
    days: Counter[str]
    hours: Counter[str]
    placements: Counter[str]
    products: Counter[str]
    platforms: Counter[str]
    languages: Counter[str]
    verified: int


async def recount(url: str, campaign: str) -> Recount:
    rows = [row for row in await _rows(url) if LINKS[row["link"]][0] == campaign]
    human = [row for row in rows if row["class"] == "human"]
    local = [datetime.fromtimestamp(row["at"] / 1000, ZONE) for row in human]
    names = {"p1": "শাড়ি", "p2": "<b>Bag</b>", None: ""}
    return Recount(
        len(rows), Counter(row["class"] for row in rows),
        Counter(at.date().isoformat() for at in local), Counter(f"{at.hour:02}" for at in local),
        Counter(LINKS[row["link"]][1] for row in human),
        Counter(names[LINKS[row["link"]][2]] for row in human),
        Counter(row["platform"] for row in human),
        Counter(row["language"] or "" for row in human),
        sum(row["who"] is not None for row in human),
    )  # fmt: skip


async def _rows(url: str) -> list[dict[str, Any]]:
    from storage import schema

    columns = schema.tables(schema.migrations(), schema.newest(schema.migrations()))["clicks"]
    found = (await contents(url))["clicks"]
    return [dict(zip(columns, row, strict=True)) for row in found]


async def more(url: str) -> None:
    """Presses, questions, giveaways, changes and revisions of our campaign."""
    at = ms(START) + DAY
    async with whole(url) as db:
        await db.fill("link_intents", ("link", "day", "platform", "intents"),
                      [("l1", "2026-11-02", "telegram", 30)])  # fmt: skip
        await db.fill(
            "entries", ("id", "community", "number", "asked", "helpful", "wrong", "created_at",
                        "changed_at", "link"), [("e1", HOME, 1, "dam", 0, 0, at, at, "slugl1")],
        )  # fmt: skip
        await db.fill(
            "question_days", ("community", "day", "entry", "answered", "helpful", "wrong",
                              "handed"), [(HOME, "2026-11-02", "e1", 784, 91, 3, 0)],
        )  # fmt: skip
        await db.fill(
            "giveaways",
            ("id", "community", "prize", "winners", "hours", "created_at", "published_at",
             "last_number", "entered", "changes", "counted", "campaign", "disclosure_bn",
             "disclosure_en"),
            [("g1", HOME, "x", 1, 1, at, at, 0, 55, 0, 0, OURS, "বিজ্ঞাপন", "Ad")],
        )  # fmt: skip
        await db.fill(
            "campaign_changes", ("id", "campaign", "link", "at", "field", "before", "after"),
            [("h1", OURS, "l1", at, "destination", "https://a.example", "https://b.example")],
        )  # fmt: skip
        await db.fill("click_revisions", ("campaign", "ruleset", "at", "was", "now", "clicks"),
                      [(OURS, "2", at, "human", "bot", 12)])  # fmt: skip
