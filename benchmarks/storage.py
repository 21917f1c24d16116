"""G6, G7: units of inbox + entry + outbox a second, 64 callers, everything on disk.

`python -m benchmarks.storage [--rounds 5] [--count 20000] [--fsync 2] [--postgres URL]`

`s1` runs the same four statements through plain aiosqlite, one transaction an update; `adda` runs
them as units of ours, sealing included. `synchronous=FULL` in both, a fresh file and process each.
With `--postgres` (a server on which databases may be made) the same units run there as well, and
`p1` is asyncpg with one transaction an update, for information. Prints a table.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from itertools import count as counted
from pathlib import Path
from typing import Any

import aiosqlite
import asyncpg

from benchmarks.rounds import Figures, interleaved, percentile, table
from benchmarks.slow_fsync import shim
from storage import giveaway_turns as turns
from storage import giveaways, outbox, people
from storage.database import Database, open_database
from storage.giveaway_turns import Entrant
from storage.outbox import Letter
from storage.queries.load import load
from storage.seal import Seal
from storage.sqlite import SqliteDatabase
from storage.tx import Tx
from tests.stage import postgres_url

CALLERS = 64
NOW = 1_795_000_000_000
BODY = '{"say":["giveaway.entered",{"number":1}],"buttons":[],"user":"fan","open":false}'
NAMES = ("inbox_add", "giveaway_number", "giveaway_entry_add", "outbox_add")
Join = Callable[[int], Awaitable[None]]


def letter(number: int) -> Letter:
    """An answer on its way, as the core stores it."""
    return Letter(
        f"{number:016d}", "c", "telegram", f"fan {number}", None, True, "reply", BODY, "bn", None,
        f"ticket {number}", "7", NOW, NOW, NOW + 3_600_000,
    )  # fmt: skip


async def join(number: int, answer: Letter, tx: Tx) -> None:
    """What one press leaves in the database."""
    who = Entrant(f"m{number}", "telegram", answer.chat, True)
    if not await outbox.first_time(tx, f"telegram:{number}", NOW):
        return
    turn = await turns.take_number(tx, "c", "g", who, NOW)
    if turn is None or not await turns.add_entry(tx, "g", who, turn, NOW):
        raise RuntimeError(f"{who} is in already")
    await outbox.add(tx, answer, NOW + 60_000)


def values(number: int, sealed: str) -> dict[str, dict[str, Any]]:
    """The same by statement, for who does without our functions."""
    answer = letter(number)
    row = {field: getattr(answer, field) for field in Letter.__slots__ if field != "body"}
    row |= {"private": 1, "body_sealed": sealed, "leased_until": NOW + 60_000}
    who = {"id": "g", "member": f"m{number}", "platform": "telegram", "user_id": answer.chat}
    return {
        "inbox_add": {"id": f"telegram:{number}", "now": NOW},
        "giveaway_number": who | {"community": "c", "now": NOW, "account": "x"},
        "giveaway_entry_add": who | {"now": NOW, "private": 1, "line": None},
        "outbox_add": row,
    }


async def made(url: str, people_to_join: int) -> Database:
    """A new database with an open giveaway and members who are not in it."""
    database = await open_database(url, Seal("benchmark"))

    async def unit(tx: Tx) -> None:
        await people.add_community(tx, "c", "Mitu", "bn", "Asia/Dhaka", NOW)
        await giveaways.add(tx, "c", "g", "লাল শাড়ি", 1, 24, NOW)
        await giveaways.publish(tx, "c", "g", NOW + 86_400_000, "{}", "0", NOW)
        for number in range(people_to_join):
            await tx.run("member_add", id=f"m{number}", community="c", role=0, now=NOW)

    await database.unit(unit)
    return database


# The subjects --------------------------------------------------------------------------------


async def adda(url: str, count: int) -> Figures:
    """Units of ours, whichever database is behind them."""
    database = await made(url, count)
    commits = counted()
    if isinstance(database, SqliteDatabase):
        commit = database._commit

        async def watched(*given: Any) -> Any:
            next(commits)
            return await commit(*given)

        database._commit = watched  # type: ignore[assignment,method-assign]
    answers = [letter(number) for number in range(count)]
    work = [partial(join, number, answer) for number, answer in enumerate(answers)]
    figures = await driven(count, lambda number: database.unit(work[number]))
    await database.close()
    grouped = isinstance(database, SqliteDatabase)
    return figures | {"commits a unit": next(commits) / count if grouped else 1.0}


async def s1(url: str, count: int) -> Figures:
    """Plain aiosqlite on one connection, one transaction an update."""
    await (await made(url, count)).close()
    queries = load("aiosqlite", "sqlite")
    texts = {name: queries[name].sql for name in NAMES}  # type: ignore[attr-defined]
    given = [values(number, Seal("benchmark").close(BODY)) for number in range(count)]
    turn = asyncio.Lock()
    async with aiosqlite.connect(url.removeprefix("sqlite:///"), isolation_level=None) as db:
        for pragma in ("journal_mode=wal", "synchronous=full", "foreign_keys=on"):
            await db.execute(f"pragma {pragma}")

        async def one(number: int) -> None:
            async with turn:
                await db.execute("begin immediate")
                for name, row in given[number].items():
                    found = list(await db.execute_fetchall(texts[name], row))
                    if name == "giveaway_number":
                        given[number]["giveaway_entry_add"]["number"] = found[0][0]
                await db.execute("commit")

        return await driven(count, one) | {"commits a unit": 1.0}


async def p1(url: str, count: int) -> Figures:
    """Plain asyncpg over a pool, one transaction an update."""
    await (await made(url, count)).close()
    queries: Any = load("asyncpg", "postgres")
    given = [values(number, Seal("benchmark").close(BODY)) for number in range(count)]
    async with asyncpg.create_pool(url, min_size=16, max_size=16) as connections:

        async def one(number: int) -> None:
            async with connections.acquire() as db, db.transaction():
                for name, row in given[number].items():
                    found = await queries[name](db, **row)
                    if name == "giveaway_number":
                        given[number]["giveaway_entry_add"]["number"] = found[0]

        return await driven(count, one) | {"commits a unit": 1.0}


async def driven(count: int, one: Join) -> Figures:
    """`count` joins by 64 callers, each waiting for its own."""
    numbers, waits = iter(range(count)), list[float]()

    async def caller() -> None:
        for number in numbers:
            began = time.perf_counter()
            await one(number)
            waits.append(time.perf_counter() - began)

    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    return {
        "units/s": count / seconds, "CPU µs": cpu / count * 1e6,
        "p50 ms": percentile(waits, 50) * 1e3, "p99 ms": percentile(waits, 99) * 1e3,
    }  # fmt: skip


SUBJECTS = {"s1": s1, "adda": adda, "p1": p1, "adda-postgres": adda}


async def alone(subject: str, url: str, count: int) -> Figures:
    """One subject on a database that is gone afterwards."""
    if subject in ("s1", "adda"):
        return await SUBJECTS[subject](url, count)
    async with postgres_url(url) as fresh:
        return await SUBJECTS[subject](fresh, count)


def measured(subject: str, options: argparse.Namespace) -> Figures:
    """One subject in a process of its own."""
    few = options.count // 10 if subject in ("s1", "p1", "adda-postgres") else options.count
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'a.db'}"
        url = url if subject in ("s1", "adda") else options.postgres
        command = [sys.executable, "-m", "benchmarks.storage", "--one", subject]
        command += ["--url", url, "--count", str(few)]
        env = {**os.environ, **shim(options.fsync, folder)}
        told = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE)
    figures: Figures = json.loads(told.stdout)
    return figures


def main() -> None:
    """Run the rounds and print the table, or (for itself) one subject as a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=20_000, help="units; a tenth for s1 and p1")
    parser.add_argument("--fsync", type=float, default=0.0, help="added milliseconds of an fsync")
    parser.add_argument("--postgres", metavar="URL", default="")
    parser.add_argument("--one", choices=SUBJECTS, help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(asyncio.run(alone(options.one, options.url, options.count))))
        return
    names = ["p1", "adda-postgres"] if options.postgres else ["s1", "adda"]
    print(table(interleaved({n: partial(measured, n, options) for n in names}, options.rounds)))


if __name__ == "__main__":
    main()
