"""How long a brand's report takes over ten million clicks: reading its figures, and the whole page.

The roll-ups of ten million clicks over ninety days are filled in; then figures are read and the
page is asked for over HTTP, in turn. Also on PostgreSQL where ADDABOT_TEST_POSTGRES names a server.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp.test_utils import TestClient, TestServer

from bot.wire import millis
from bot.world import Clock, counted_world
from handlers.links.classify import Class
from handlers.reporting.figures import figures
from storage import report_links
from storage.database import Database, open_database
from storage.migrate import migrate
from storage.seal import Seal
from storage.whole import whole
from tests.stage import postgres_url
from web.app import application
from web.report import report_routes

CLICKS, LINKS, DAYS = 10_000_000, 10, 90
UNTIL = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PLATFORMS = ("web", "telegram", "discord", "login")
TOKEN = "0" * 32
VALUES = {
    "hour": 24, "language": 4, "device": 3, "browser": 12, "country": 12, "referrer": 30,
    "member": 2,
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    print("| database | figures, ms | page, ms | CSV, ms |\n" + "| --- " * 4 + "|")
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure("SQLite", f"sqlite:///{Path(folder) / 'adda.db'}", rounds))
    if server := os.environ.get("ADDABOT_TEST_POSTGRES"):
        asyncio.run(_on_postgres(server, rounds))


async def _on_postgres(server: str, rounds: int) -> None:
    async with postgres_url(server) as url:
        await _measure("PostgreSQL", url, rounds)


async def _measure(name: str, url: str, rounds: int) -> None:
    await _filled(url)
    database = await open_database(url, Seal("benchmark"))
    try:
        app = application(report_routes(database, counted_world(Clock(NOW)), secure=False))
        async with TestClient(TestServer(app)) as client:
            page = (await client.post(f"/r/{TOKEN}")).url.path
            table = page.replace("/report", "/report.csv")
            asked: list[Callable[[], Awaitable[Any]]] = [
                lambda: _figures(database), lambda: _got(client, page), lambda: _got(client, table),
            ]  # fmt: skip
            spent: list[list[float]] = [[] for _ in asked]
            for _ in range(rounds):
                for one, into in zip(asked, spent, strict=True):
                    into.append(await _timed(one))
    finally:
        await database.close()
    print(f"| {name} | {' | '.join(f'{statistics.median(one):.0f}' for one in spent)} |")


async def _timed(work: Callable[[], Awaitable[Any]]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    await work()
    return (time.perf_counter() - began) * 1000


async def _figures(database: Database) -> None:
    async with database.read() as tx:
        found = await figures(tx, "c", "k", UNTIL - timedelta(days=DAYS - 1), UNTIL, NOW)
    assert found is not None
    assert found.gross == CLICKS


async def _got(client: TestClient[Any, Any], path: str) -> None:
    answer = await client.get(path)
    assert answer.status == 200
    assert "10,000,000" in (text := await answer.text()) or "10000000" in text or "১,০০" in text


async def _filled(url: str) -> None:
    """A campaign of ten links whose clicks are spread evenly over everything."""
    await migrate(url)
    start = millis(NOW) - (DAYS - 1) * 86_400_000
    link = ("id", "slug", "community", "campaign", "destination", "placement", "created_at")
    async with whole(url) as db:
        await db.fill(
            "communities", ("id", "name", "language", "timezone", "created_at"),
            [("c", "Mitu", "bn", "Asia/Dhaka", start)],
        )  # fmt: skip
        await db.fill("brands", ("id", "community", "name", "created_at"), [("b", "c", "B", start)])
        await db.fill(
            "campaigns",
            ("id", "community", "brand", "disclosure_bn", "disclosure_en", "key_sealed",
             "starts_at", "name"), [("k", "c", "b", "x", "x", "", start, "Eid")],
        )  # fmt: skip
        await db.fill(
            "links", link,
            [(f"{n:016}", f"l{n}", "c", "k", "https://s.example", f"placement {n}", start)
             for n in range(LINKS)],
        )  # fmt: skip
        await db.fill("click_totals", ("link", "day", "platform", "class", "clicks"), _totals())
        await db.fill("click_facets", ("link", "day", "facet", "value", "clicks"), _facets())
        await db.fill("click_people", ("campaign", "day", "people"), [
            ("k", day, CLICKS // DAYS // 3) for day in _days()
        ])  # fmt: skip
    async with whole(url) as db:
        await db.script(["analyze"])
    await _linked(url)


async def _linked(url: str) -> None:
    database = await open_database(url, Seal("benchmark"))
    now = millis(NOW)
    await database.unit(
        lambda tx: report_links.add(tx, "c", "k", "0" * 16, TOKEN, now, now + 86_400_000)
    )
    await database.close()


def _days() -> list[str]:
    return [(UNTIL - timedelta(days=n)).isoformat() for n in range(DAYS)]


def _totals() -> Iterator[tuple[str, str, str, str, int]]:
    kinds = [str(kind) for kind in Class]
    cells = LINKS * DAYS * len(PLATFORMS) * len(kinds)
    left = CLICKS
    for link in range(LINKS):
        for day in _days():
            for platform in PLATFORMS:
                for kind in kinds:
                    clicks = -(-left // cells)
                    left, cells = left - clicks, cells - 1
                    yield f"{link:016}", day, platform, kind, clicks


def _facets() -> Iterator[tuple[str, str, str, str, int]]:
    for link in range(LINKS):
        for day in _days():
            for facet, count in VALUES.items():
                for value in range(count):
                    name = "verified" if (facet, value) == ("member", 0) else f"{value:02}"
                    yield f"{link:016}", day, facet, name, 10


if __name__ == "__main__":
    main()
