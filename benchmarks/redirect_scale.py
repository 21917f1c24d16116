# ruff: noqa: S608 (every value is a number or a word of this file)
"""What a click costs when many are stored already, and how long a campaign's report takes then.

Clicks of ninety days are filled in by SQL, with the counts a report is read from; then batches are
stored as the redirect stores them, and the report's two questions are asked, sizes in turn.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.redirect_subjects import LINKS, SECRET, prepare, slug
from benchmarks.rounds import shown, spread
from bot.wire import millis
from bot.world import real_world
from handlers.links.classify import Class
from handlers.links.clicks import Clicks, Opening
from handlers.links.ledger import Ledger, Waiting
from storage import clicks as store
from storage.database import Database, open_database
from storage.links import Link
from storage.seal import Seal
from storage.whole import whole

BATCH = 64
BATCHES = 50
DAYS = 90
CAMPAIGN = "0" * 16
AGENT = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/124.0.0.0 Mobile Safari/537.36"
)
VALUES = {
    "hour": 24, "language": 4, "device": 3, "browser": 8, "country": 5, "referrer": 12, "member": 2,
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stored", type=int, nargs="+", default=[0, 1_000_000, 10_000_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--placements", type=int, default=5, help="links the clicks came by")
    asyncio.run(_run(parser.parse_args()))


async def _run(chosen: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        subjects = {stored: await _filled(folder, stored, chosen) for stored in chosen.stored}
        costs: dict[int, list[float]] = {stored: [] for stored in subjects}
        reports: dict[int, list[float]] = {stored: [] for stored in subjects}
        long: list[float] = []
        for _ in range(chosen.rounds):
            for stored, database in subjects.items():
                costs[stored].append(await _cost(database, folder, AGENT))
                reports[stored].append(await _report(database))
            long.append(await _cost(subjects[chosen.stored[0]], folder, AGENT.ljust(8192, "x")))
        for database in subjects.values():
            await database.close()
    print("| clicks stored | CPU µs a click | spread | ratio | report ms |\n" + "| --- " * 5 + "|")
    first = statistics.median(costs[chosen.stored[0]])
    for stored in subjects:
        print(_line(f"{stored:,}", costs[stored], first, reports[stored]))
    print(_line("8 KB User-Agent", long, first, []))


def _line(name: str, costs: Sequence[float], first: float, reports: Sequence[float]) -> str:
    cost = statistics.median(costs)
    report = shown(statistics.median(reports)) if reports else ""
    return f"| {name} | {shown(cost)} | ±{spread(costs):.0%} | {cost / first:.2f}× | {report} |"


async def _cost(database: Database, folder: str, agent: str) -> float:
    """Processor time of a click from the request to the commit, in microseconds."""
    world = real_world()
    clicks = Clicks(database, world, Path(folder) / "spill")
    await clicks.catch_up()
    ledger = Ledger(database)
    links = [link for n in range(4) if (link := await clicks.find(slug(n))) is not None]
    await ledger.store(_batch(clicks, links, agent, 0))
    began = time.process_time()
    for number in range(1, BATCHES + 1):
        await ledger.store(_batch(clicks, links, agent, number))
    return (time.process_time() - began) / BATCHES / BATCH * 1e6


def _batch(clicks: Clicks, links: Sequence[Link], agent: str, number: int) -> list[Waiting]:
    salt = time.time_ns()
    made = [
        clicks.judged(
            links[n % len(links)],
            Opening("GET", agent, {}, f"{(salt >> 9) % 223 + 1}.{number}.{(salt + n) % 256}.7"),
        )
        for n in range(BATCH)
    ]
    return [click for click in made if click is not None]


async def _report(database: Database) -> float:
    """Milliseconds until a campaign's totals and facets are there."""
    began = time.perf_counter()
    async with database.read() as tx:
        totals = await store.totals(tx, "c", CAMPAIGN, "2026-01-01")
        facets = await store.facets(tx, "c", CAMPAIGN, "2026-01-01")
    spent = time.perf_counter() - began
    assert len(facets) >= min(len(totals), 1)
    return spent * 1000


async def _filled(folder: str, stored: int, chosen: argparse.Namespace) -> Database:
    url, seal = f"sqlite:///{Path(folder) / f'{stored}.db'}", Seal(SECRET)
    await prepare(url, seal)
    if stored:
        async with whole(url) as db:
            await db.script(_statements(stored, min(chosen.placements, LINKS)))
    return await open_database(url, seal)


def _statements(stored: int, links: int) -> list[str]:
    """Clicks evenly over ninety days and `links` placements, and their counts."""
    now = millis(real_world().now())
    start, step = now - DAYS * 86_400_000, DAYS * 86_400_000 // stored
    days = f"select date({start} / 1000 + n * 86400, 'unixepoch') from numbers where n < {DAYS}"
    classes = ", ".join(f"('{kind}')" for kind in Class)
    numbers = (
        "with recursive numbers (n) as (select 0 union all select n + 1 from numbers where n < {})"
    )
    few = f"{numbers.format(DAYS)}, days (day) as ({days})"
    # An id begins with its moment, as the program's do.
    clicks = f"""
        insert into clicks (id, link, at, class, reason, ruleset, platform, device, browser, os,
                            referrer, forwarded, agent, otherwise, language)
        {numbers.format(stored - 1)}
        select printf('0%015d', n), printf('%016d', n % {links}), {start} + n * {step}, 'human',
               'browser', '2', 'web', 'phone', 'chrome', 'android', 'm.facebook.com', 0,
               '0123456789abcdef', 'human', 'bn' from numbers
    """
    totals = f"""
        insert into click_totals (link, day, platform, class, clicks)
        {few}, classes (class) as (values {classes})
        select l.id, day, platform, class, {stored} / {DAYS * links}
        from (select id from links limit {links}) l, days, classes,
             (select 'web' as platform union all select 'telegram' union all select 'discord')
    """
    facets = [
        f"""
        insert into click_facets (link, day, facet, value, clicks)
        {few}
        select l.id, day, '{facet}', printf('%02d', v.n), {stored // DAYS // links // count}
        from (select id from links limit {links}) l, days,
             (select n from numbers where n < {count}) v
        """
        for facet, count in VALUES.items()
    ]
    return [clicks, totals, *facets]


if __name__ == "__main__":
    main()
