"""Giveaways: what a draw, a proof and an entry cost, beside npm's `discord-giveaways`.

`python -m benchmarks.giveaways [--rounds 3] [--only rank roll] [--entrants 100000]
[--postgres URL]`

Each subject runs in a process of its own, once a round. `draw` is freeze, root, head and ranking;
`roll` is the roll() of discord-giveaways over as many people, installed by npm for the time of the
run (left out, and said so, where node or npm is missing). `verify` is `python verify.py proof.zip`
as a process, its start included. `entries` are presses of the button by people never seen before,
200 waiting at any time, through the whole program but platforms, everything on disk
(synchronous=FULL); `draw s` is then the close, the list, the ranking, the winners and what is said
of them, by the program's own steps. `units` is what an entry leaves in the database, without the
program. With `--postgres` (a server on which databases may be made) both run there as well, over a
tenth of the people. Prints one table.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import uvloop

from benchmarks import giveaways_pure as pure
from benchmarks import giveaways_stored as stored
from benchmarks.rounds import NO_VERDICT, Figures, interleaved, shown, spread
from bot.app import tune_interpreter
from tests.stage import postgres_url

COMPARED = 100_000  # people in the draw that is set beside roll()
UNITS = 20_000
AT_LEAST = "entries/s"  # of other figures, less is better
ENTRIES = {AT_LEAST: 5000.0, "p99 ms": 50.0, "CPU µs": 0.0}
UNSET = dict.fromkeys(ENTRIES, 0.0)  # nothing was set for PostgreSQL
Options = argparse.Namespace


@dataclass(frozen=True, slots=True)
class Subject:
    """`reach` says for each figure what it should be, 0 where nothing was set; `beside` names the
    subject whose figure its own is divided by."""

    what: str
    run: Callable[[Options], Figures]
    reach: Mapping[str, float]
    beside: str = ""


def on_disk(work: stored.Work, count: int, server: str) -> Figures:
    """What is measured in a database that is gone afterwards."""

    async def there() -> Figures:
        if server:
            async with postgres_url(server) as url:
                return await work(url, count)
        with tempfile.TemporaryDirectory() as folder:
            return await work(f"sqlite:///{Path(folder) / 'a.db'}", count)

    tune_interpreter()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(there())


SUBJECTS = {
    "rank": Subject(
        "rank 1,000,000 entrants, 3,000,000 tickets", lambda _: pure.rank(1_000_000, 3), {"s": 5}
    ),
    "draw": Subject(
        f"freeze + root + rank, {COMPARED:,} entrants", lambda _: pure.draw(COMPARED), {"s": 1}
    ),
    "roll": Subject(
        f"roll() of {pure.LIBRARY}, {COMPARED:,} entrants",
        lambda options: pure.roll(COMPARED, options.npm), {"s": 0}, beside="draw",
    ),
    "verify-10k": Subject(
        "verify a proof of 10,000 entries", lambda _: pure.check(10_000, 1), {"s": 0.1}
    ),
    "verify-1m": Subject(
        "verify a proof of 1,000,000 entries", lambda _: pure.check(1_000_000, 1), {"s": 10}
    ),
    "verify-3m": Subject(
        "the same with 3,000,000 tickets", lambda _: pure.check(1_000_000, 3), {"s": 10}
    ),
    "entries": Subject(
        "entries through the program, SQLite",
        lambda options: on_disk(stored.whole, options.entrants, ""), {**ENTRIES, "draw s": 0},
    ),
    "units": Subject(
        "entries as units of storage, SQLite", lambda _: on_disk(stored.units, UNITS, ""), ENTRIES
    ),
    "entries-postgres": Subject(
        "entries through the program, PostgreSQL",
        lambda options: on_disk(stored.whole, options.entrants // 10, options.postgres),
        {**UNSET, "draw s": 0},
    ),
    "units-postgres": Subject(
        "entries as units of storage, PostgreSQL",
        lambda options: on_disk(stored.units, UNITS // 10, options.postgres), UNSET,
    ),
}  # fmt: skip


def measured(name: str, given: Sequence[str]) -> Figures:
    """One subject in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.giveaways", *given, "--one", name]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    figures: Figures = json.loads(told.stdout)
    return figures


def table(done: Mapping[str, Sequence[Figures]]) -> str:
    """A line for every figure: its median, spread, what was to be reached, and the ratio."""
    lines = ["| what | figure | median | spread | to reach | ratio |", "| --- " * 6 + "|"]
    for name, rounds in done.items():
        for head, reach in SUBJECTS[name].reach.items():
            values = [one[head] for one in rounds]
            ratio = _ratio(statistics.median(values), done.get(SUBJECTS[name].beside), head)
            cells = [SUBJECTS[name].what, head, *_judged(values, head, reach), ratio]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _judged(values: Sequence[float], head: str, reach: float) -> tuple[str, str, str]:
    middle, apart = statistics.median(values), spread(values)
    noisy = " (too noisy)" if apart > NO_VERDICT else ""
    more = head == AT_LEAST
    reached = middle >= reach if more else middle <= reach
    limit = f"{'≥' if more else '≤'} {shown(reach)}: {'yes' if reached else 'NO'}" if reach else ""
    return shown(middle), f"±{apart:.0%}{noisy}", limit


def _ratio(middle: float, other: Sequence[Figures] | None, head: str) -> str:
    return f"{middle / statistics.median(one[head] for one in other):.1f}×" if other else ""


def _chosen(options: Options) -> list[str]:
    """Those asked for that can be measured here; says why others are not."""
    names = [name for name in SUBJECTS if not options.only or name in options.only]
    if not options.postgres:
        names = [name for name in names if not name.endswith("-postgres")]
    if "roll" in names and (why := pure.install(options.npm)):
        print(f"roll() of {pure.LIBRARY} is left out: {why}\n")
        names.remove("roll")
    return names


def main() -> None:
    """Run the rounds and print the table, or (for itself) one subject as a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=SUBJECTS, metavar="SUBJECT", default=[])
    parser.add_argument("--entrants", type=int, default=100_000, help="of `entries`")
    parser.add_argument("--postgres", metavar="URL", default="")
    parser.add_argument("--npm", default="", help=argparse.SUPPRESS)
    parser.add_argument("--one", choices=SUBJECTS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(SUBJECTS[options.one].run(options)))
        return
    with tempfile.TemporaryDirectory() as options.npm:
        given = ["--npm", options.npm, "--entrants", str(options.entrants)]
        given += ["--postgres", options.postgres] if options.postgres else []
        names = _chosen(options)
        subjects = {name: partial(measured, name, given) for name in names}
        print(table(interleaved(subjects, options.rounds)))


if __name__ == "__main__":
    main()
