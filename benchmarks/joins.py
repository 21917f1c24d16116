"""G4: entries a second in a join storm: press → committed entry → toast.

`python -m benchmarks.joins [--rounds 5] [--count 6000] [--rate 2000] [--latency 0.05] [--fsync 2]`

`adda` is `python -m bot run` with everything on, where every press is that of a fan never seen
before; in `adda-known` the fans are members already. `j1` is python-telegram-bot on its defaults
with one aiosqlite transaction a press. Closed loop: all presses wait at once, for the capacity.
With `--rate` they come at that rate a second, for the waiting times (`j1` is left out: it drowns).
Every answered press is looked up in the database afterwards. Prints a table.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import tempfile
from contextlib import AbstractAsyncContextManager, closing
from functools import partial
from pathlib import Path

from benchmarks.program import STORM, WARM, Running, free_ports, prepare, settings_for, started
from benchmarks.rounds import Figures, interleaved, percentile, table
from benchmarks.slow_fsync import shim
from benchmarks.storm import Storm
from storage.giveaways import Stand

WARM_UP = 500
TABLES = {"adda.db": "giveaway_entries", "j1.db": "entries"}


async def ready(
    subject: str, folder: Path, peer: Storm, env: dict[str, str]
) -> AbstractAsyncContextManager[Running]:
    """A bot of this peer that is about to start: the whole program, or a bare one by its name."""
    if not subject.startswith("adda"):
        where = ("--base", peer.base, "--file-base", peer.file_base, "--token", peer.token)
        more = ("--folder", str(folder))
        return started(folder, "benchmarks.subjects", subject, *where, *more, **env)  # type: ignore[arg-type]
    (port,) = free_ports()
    await prepare(folder, Stand("telegram", str(peer.fans.id), None), "1")
    settings = settings_for(
        folder, port, TELEGRAM_TOKEN=peer.token, TELEGRAM_API_BASE=peer.base,
        TELEGRAM_FILE_BASE=peer.file_base, **env,
    )  # fmt: skip
    return started(folder, "bot", "run", port=port, **settings)


async def measured(subject: str, options: argparse.Namespace) -> Figures:
    """A fresh peer, a fresh process, a warm-up, then the storm."""
    count: int = options.count if subject != "j1" else options.count // 4
    with tempfile.TemporaryDirectory() as place:
        folder, env = Path(place), shim(options.fsync, place)
        async with Storm(latency=options.latency) as peer:
            async with await ready(subject, folder, peer, env) as bot:
                known = count if subject == "adda-known" else 0
                await peer.make(known or WARM_UP, giveaway=WARM)
                await peer.all_answered(known or WARM_UP)
                cpu = bot.cpu()
                await peer.make(count, rate=options.rate, first=0 if known else WARM_UP)
                await peer.all_answered(count)
                cpu = bot.cpu() - cpu
            lost = count - _entries(folder)
            assert not lost, f"{lost} presses were answered and are not in the database"
            return {
                "joins/s": count / peer.span, "CPU µs": cpu / count * 1e6,
                "p50 ms": percentile(peer.waits, 50) * 1e3,
                "p99 ms": percentile(peer.waits, 99) * 1e3,
            }  # fmt: skip


def _entries(folder: Path) -> int:
    """How many entered the giveaway of the storm."""
    name = next(name for name in TABLES if (folder / name).exists())
    with closing(sqlite3.connect(folder / name)) as db:
        where = "giveaway in (?, 'ge:' || ?)"
        query = f"select count(*) from {TABLES[name]} where {where}"  # noqa: S608 - ours
        return int(db.execute(query, (STORM, STORM)).fetchone()[0])


def main() -> None:
    """Run the rounds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=6000, help="presses; a quarter for j1")
    parser.add_argument("--rate", type=float, default=0, help="presses a second; 0 all at once")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds of every API call")
    parser.add_argument("--fsync", type=float, default=0.0, help="added milliseconds of an fsync")
    options = parser.parse_args()
    names = ["adda", "adda-known"] if options.rate else ["j1", "adda", "adda-known"]
    subjects = {name: partial(_alone, name, options) for name in names}
    print(table(interleaved(subjects, options.rounds)))


def _alone(subject: str, options: argparse.Namespace) -> Figures:
    return asyncio.run(measured(subject, options))


if __name__ == "__main__":
    main()
