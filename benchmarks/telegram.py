"""G1–G3: echoes a second against the loopback Telegram, interleaved rounds, fresh processes.

`python -m benchmarks.telegram [--rounds 5] [--count 4000] [--latency 0.05] [--fsync 2] b1 adda …`
Prints a table of medians, spreads and the ratio to the first subject.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.slow_fsync import shim

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Round:
    """One run: answers a second, processor time an answer (µs), waits (s), memory (MiB)."""

    rate: float
    cpu: float
    p50: float
    p99: float
    grown: float


@contextlib.contextmanager
def process(*arguments: str, env: dict[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
    """`python -m …`, ended when the block is."""
    command = [sys.executable, "-m", *arguments]
    started = subprocess.Popen(
        command, cwd=ROOT, text=True, stdout=subprocess.PIPE, env={**os.environ, **(env or {})}
    )
    try:
        yield started
    finally:
        started.kill()
        started.wait()


def ask(where: str, load: dict[str, Any] | None = None) -> dict[str, Any]:
    """The peer's story, after making load if some is given."""
    data = json.dumps(load).encode() if load is not None else None
    with urllib.request.urlopen(f"{where}/control", data) as response:  # noqa: S310 - loopback
        story: dict[str, Any] = json.loads(response.read())
    return story


def until(where: str, count: int, deadline: float) -> dict[str, Any]:
    """The story once `count` were answered."""
    end = time.monotonic() + deadline
    while (story := ask(where))["answered"] < count:
        if time.monotonic() > end:
            raise TimeoutError(f"only {story['answered']} of {count} answered: {story}")
        time.sleep(0.02)
    return story


def one(subject: str, options: argparse.Namespace, load: dict[str, Any]) -> Round:
    """A fresh peer, a fresh subject, a warm-up, then the load."""
    name, _, concurrent = subject.partition(":")
    latency = ["--latency", str(options.latency), "--poll-latency", "0"]
    with (
        tempfile.TemporaryDirectory() as folder,
        process("tests.peers.telegram_load", *latency) as peer,
    ):
        assert peer.stdout is not None
        told = json.loads(peer.stdout.readline())
        where = told["base"].removesuffix("/bot")
        given = ["--base", told["base"], "--file-base", told["file_base"], "--token", told["token"]]
        more = ["--concurrent", concurrent or "0", "--folder", folder]
        with process(
            "benchmarks.subjects", name, *given, *more, env=shim(options.fsync, folder)
        ) as bot:
            ask(where, load | {"count": 500})
            until(where, 500, 60)
            it = psutil.Process(bot.pid)
            before, memory = it.cpu_times(), it.memory_info().rss
            ask(where, load)
            story = until(where, load["count"], 60)
            after, grown = it.cpu_times(), it.memory_info().rss - memory
    cpu = after.user + after.system - before.user - before.system
    return Round(
        load["count"] / story["span"], cpu / load["count"] * 1e6, story["p50"], story["p99"],
        grown / 2**20,
    )  # fmt: skip


def spread(values: list[float]) -> float:
    """Half the range over the median: above 0.25 no verdict."""
    return (max(values) - min(values)) / 2 / statistics.median(values)


def main() -> None:
    """Run the rounds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("subjects", nargs="+", help="b1, b1:256, f, a, adda")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=4000)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds of every API call")
    parser.add_argument("--fsync", type=float, default=0.0, help="added milliseconds of an fsync")
    options = parser.parse_args()
    load = {"kind": "says", "count": options.count, "people": 500}
    rounds: dict[str, list[Round]] = {name: [] for name in options.subjects}
    for _ in range(options.rounds):
        for name, done in rounds.items():
            done.append(one(name, options, load))
    first = statistics.median(r.rate for r in rounds[options.subjects[0]])
    print("| subject | answers/s | spread | CPU µs | p50 ms | p99 ms | grown MiB | ratio |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, done in rounds.items():
        rates = [r.rate for r in done]
        middle = [
            statistics.median(values)
            for values in zip(
                *((r.cpu, r.p50 * 1e3, r.p99 * 1e3, r.grown) for r in done), strict=True
            )
        ]
        rate = statistics.median(rates)
        print(
            f"| {name} | {rate:,.0f} | ±{spread(rates):.0%} | {middle[0]:.0f} | {middle[1]:.0f} "
            f"| {middle[2]:.0f} | {middle[3]:.0f} | {rate / first:.2f}× |"
        )


if __name__ == "__main__":
    main()
