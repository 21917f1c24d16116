"""How well and how fast a User-Agent is judged: robots, previews, browsers inside apps.

`python -m benchmarks.agents [ROBOTS] [--people FILE]`

Without arguments on the strings of our own tests. ROBOTS and FILE have one User-Agent a line, from
wherever you have them; what is judged wrong is printed.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from handlers.links import agents
from handlers.links.classify import Class, cut, judge
from tests.in_app_agents import IN_APP
from tests.user_agents import BOTS, CHROME, PEOPLE, PREVIEWS

ROUNDS = 5
MOST = 4000  # judged in one round, fewer than the memory holds
HOSTILE = (
    "(" * 8192, "a1" * 4096, "a/" * 4096, "Mozilla/5.0 (" + "a;" * 4096, "bo" * 4096,
    "x@" * 4096, CHROME + " compatible" * 700, CHROME + " x" * 4096,
)  # fmt: skip


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("robots", nargs="?", type=Path)
    parser.add_argument("--people", type=Path)
    arguments = parser.parse_args()
    robots, people = lines(arguments.robots), lines(arguments.people)
    told("preview fetchers", PREVIEWS, [one for one in PREVIEWS if kind(one) is not Class.PREVIEW])
    told("robots", robots or BOTS, [one for one in robots or BOTS if kind(one) is Class.HUMAN])
    told("browsers inside apps", IN_APP, [one for one in IN_APP if kind(one) is not Class.HUMAN])
    browsers = people or [one for one, _ in PEOPLE]
    told("browsers", browsers, [one for one in browsers if kind(one) is not Class.HUMAN])
    mixed = [*PREVIEWS, *BOTS, *IN_APP, *(one for one, _ in PEOPLE), *robots, *people][:MOST]
    print(f"{'not seen before':24}{cost(mixed):9.2f} µs")
    print(f"{'seen before':24}{cost(mixed, seen=True):9.2f} µs")
    print(f"{'hostile, 8 KB, slowest':24}{max(cost([one]) for one in HOSTILE):9.2f} µs")


def lines(file: Path | None) -> list[str]:
    return file.read_text("utf-8").splitlines() if file else []


def kind(user_agent: str) -> Class:
    return judge(cut(user_agent)).kind


def told(name: str, asked: Sequence[str], wrong: Sequence[str]) -> None:
    """The share judged right, and what was not."""
    print(f"{name:24}{1 - len(wrong) / len(asked):9.2%} of {len(asked):,}")
    for one in wrong:
        print(f"    {one[:150]}")


def cost(user_agents: Sequence[str], *, seen: bool = False) -> float:
    """Microseconds a User-Agent, the median of some rounds."""
    rounds = []
    for _ in range(ROUNDS):
        if not seen:
            judge.cache_clear()
            agents._reduced.cache_clear()
        began = time.perf_counter()
        for one in user_agents:
            judge(cut(one))
        rounds.append((time.perf_counter() - began) / len(user_agents) * 1e6)
    return statistics.median(rounds)


if __name__ == "__main__":
    main()
