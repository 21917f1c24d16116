"""G10: memory under a backlog of 100,000 updates; and how soon and how small the program starts.

`python -m benchmarks.backlog [--rounds 3] [--count 100000] [--seconds 60]`

`presses`: so many wait at Telegram, all are entered and answered. `questions`: so many wait,
and the answers go out at the pace Telegram allows, so after `--seconds` most still wait. Growth
is the most that resident memory ever was above what it was after a warm-up. `run` is
`python -m bot run` on both platforms, `demo` is `python -m bot demo`: seconds until /healthz is
well, and resident memory a second later. Prints two tables.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.joins import ready
from benchmarks.program import WARM, Running, free_ports, settings_for, started
from benchmarks.rounds import Figures, interleaved, table
from benchmarks.storm import Storm
from tests.peers.discord import DiscordPeer

WARM_UP = 1000


async def presses(count: int, _seconds: float) -> Figures:
    """Everything that waits is taken in and answered."""
    with tempfile.TemporaryDirectory() as place:
        async with Storm() as peer, await ready("adda", Path(place), peer, {}) as bot:
            await peer.make(WARM_UP, giveaway=WARM)
            await peer.all_answered(WARM_UP)
            before, watch = bot.resident(), asyncio.create_task(most(bot))
            await peer.make(count)
            await peer.all_answered(count, 1800.0)
            watch.cancel()
            return {"grown MiB": await watch - before, "answered": peer.answered}


async def questions(count: int, seconds: float) -> Figures:
    """Answers may not go out faster than Telegram allows, so the rest must wait there."""
    with tempfile.TemporaryDirectory() as place:
        async with Storm() as peer, await ready("adda", Path(place), peer, {}) as bot:
            await peer.make(30, kind="says")
            await peer.all_answered(30)
            before, watch = bot.resident(), asyncio.create_task(most(bot))
            await peer.make(count, kind="says")
            await asyncio.sleep(seconds)
            watch.cancel()
            return {"grown MiB": await watch - before, "answered": peer.answered}


async def most(bot: Running) -> float:
    """The most resident memory seen until cancelled, in MiB."""
    seen = 0.0
    try:
        while True:
            seen = max(seen, bot.resident())
            await asyncio.sleep(0.05)
    except asyncio.CancelledError:
        return seen


async def start(subject: str) -> Figures:
    """A start on an empty folder, both platforms on."""
    with tempfile.TemporaryDirectory() as place:
        folder, (port,) = Path(place), free_ports()
        async with Storm() as peer, DiscordPeer() as other:
            settings = settings_for(
                folder, port, TELEGRAM_TOKEN=peer.token, TELEGRAM_API_BASE=peer.base,
                TELEGRAM_FILE_BASE=peer.file_base, DISCORD_TOKEN=other.token,
                DISCORD_API_BASE=other.api_base, DISCORD_GATEWAY_URL=other.gateway_url,
            )  # fmt: skip
            command = ["run"] if subject == "run" else ["demo", "--port", str(port)]
            async with started(folder, "bot", *command, port=port, **settings) as bot:
                if subject == "run":
                    await other.ready(30.0)
                await asyncio.sleep(1)
                return {"s to healthy": bot.began, "resident MiB": bot.resident()}


def main() -> None:
    """Run the rounds and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=60.0)
    options = parser.parse_args()
    print(table(interleaved({n: partial(_start, n) for n in ("run", "demo")}, options.rounds)))
    print()
    for work in (presses, questions):
        measure = {work.__name__: partial(_backlog, work.__name__, options)}
        print(table(interleaved(measure, options.rounds)), end="\n\n")


def _start(subject: str) -> Figures:
    return asyncio.run(start(subject))


def _backlog(kind: str, options: argparse.Namespace) -> Figures:
    work = presses if kind == "presses" else questions
    return asyncio.run(work(options.count, options.seconds))


if __name__ == "__main__":
    main()
