"""The database away for half a minute while people open links: everyone is led on and counted.

`python -m benchmarks.outage --seconds 30 --database postgres` cuts the line to the server that
ADDABOT_TEST_POSTGRES names; `--database sqlite` holds the file's write lock from outside. Prints
what was found; exit code 1 when a click was lost or counted twice, or somebody was not led on.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from storage.address import sqlite_path
from tests.openers import Openers, count, seed, spilled
from tests.process import Program, program
from tests.stage import postgres_url
from tests.wire import line_to

PEOPLE = 32
PAUSE = 0.05  # seconds between two openings of one person
BEFORE, AFTER = 500, 500  # people led on before the outage, and after it
SETTLE = 60.0  # seconds until all must be counted


async def outage(folder: Path, kind: str, seconds: float) -> list[str]:
    """What went wrong; prints the figures."""
    async with _served(folder, kind) as (web, direct, away):
        openers = Openers([web.url], people=PEOPLE, pause=PAUSE)
        async with openers.at_work():
            await openers.led_on(BEFORE)
            before, openers.slowest = len(openers.led), 0.0
            async with away:
                await asyncio.sleep(seconds)
                during, slowest = len(openers.led) - before, openers.slowest
                waiting = spilled(folder)
            back = time.perf_counter()
            await openers.led_on(AFTER)
        web.settings["DATABASE_URL"] = direct

        async def counted() -> bool:
            return (await count(web, openers.led)).right and not spilled(folder)

        with contextlib.suppress(AssertionError):
            await web.until(counted, SETTLE)
        settled, kept = time.perf_counter() - back, await count(web, openers.led)
        recovered = await web.sql("select count(*) as n from clicks where recovered = 1")
    _print("seconds away", round(seconds))
    _print("led on during the outage", during)
    _print("slowest of them (ms)", round(slowest * 1000))
    _print("led on altogether", len(openers.led))
    _print("clicks kept", kept.rows)
    _print("shown as recovered", int(recovered[0]["n"]))
    _print("clicks lost", len(kept.lost))
    _print("clicks counted twice", len(kept.doubled))
    _print("answers other than a redirect", sum(openers.others.values()))
    print(f"{'seconds until all were counted':<34}{settled:>8.1f}")
    wrong = [] if kept.right else [f"rows {kept.rows}, totals {kept.totals}"]
    wrong += [str(dict(openers.others))] if openers.others else []
    wrong += [] if during and waiting else ["nobody was led on while it was away"]
    return wrong + [f"still in {name}" for name in spilled(folder)]


def _print(what: str, number: int) -> None:
    print(f"{what:<34}{number:>8,}")


@asynccontextmanager
async def _served(
    folder: Path, kind: str
) -> AsyncIterator[tuple[Program, str, contextlib.AbstractAsyncContextManager[None]]]:
    """The program, its database's own address, and the outage."""
    if kind == "sqlite":
        url = f"sqlite:///{folder / 'data' / 'adda.db'}"
        await seed(url)
        async with program(folder, DATABASE_URL=url) as web:
            await web.up("--only", "web")
            yield web, url, _held(sqlite_path(url))
        return
    async with postgres_url(os.environ["ADDABOT_TEST_POSTGRES"]) as url:
        await seed(url)
        async with line_to(url) as (line, through), program(folder, DATABASE_URL=through) as web:
            await web.up("--only", "web")

            @asynccontextmanager
            async def cut() -> AsyncIterator[None]:
                await line.cut()
                yield
                await line.mend()

            yield web, url, cut()


@asynccontextmanager
async def _held(path: Path) -> AsyncIterator[None]:
    with contextlib.closing(sqlite3.connect(path, timeout=10)) as other:
        other.execute("begin immediate")
        yield
        other.rollback()


def main() -> None:
    """1 when something was lost, doubled or refused."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wrong = asyncio.run(outage(Path(folder), options.database, options.seconds))
    print(*wrong, sep="\n")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
