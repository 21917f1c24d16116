"""G5: processor time of a message in a group that is not for the bot.

`python -m benchmarks.chatter [--rounds 5] [--count 20000]`

First the reading alone, from the same decoded JSON: the library's `Update.de_json` against our
`Reader.event`. Then whole processes on a loopback Telegram whose group talks: `b5` is
python-telegram-bot with a handler for mentions, `adda` is `python -m bot run`. Prints two tables.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from telegram import Bot, Update

from benchmarks.joins import ready
from benchmarks.program import Running
from benchmarks.rounds import Figures, interleaved, table
from benchmarks.storm import Storm
from bot.platforms.telegram_read import Reader

WARM_UP = 1000
IDLE = 0.02  # processor seconds in a quarter of a second at rest


async def updates(count: int) -> list[dict[str, Any]]:
    """What people say to each other in a group, as it comes out of JSON."""
    async with Storm() as peer:
        said = [peer.says(f"fan {n % 100}", "কাল লাইভ কয়টায়?", peer.fans) for n in range(count)]
    return [json.loads(json.dumps(update)) for update in said]


def reading(read: Callable[[Any], object], talk: list[dict[str, Any]]) -> Figures:
    """What reading one message takes."""
    began = time.process_time()
    for update in talk:
        read(update)
    return {"CPU µs": (time.process_time() - began) / len(talk) * 1e6}


async def working(subject: str, count: int) -> Figures:
    """What a whole process spends on one message, fetching included."""
    with tempfile.TemporaryDirectory() as place:
        async with Storm() as peer, await ready(subject, Path(place), peer, {}) as bot:
            await _talked(peer, bot, WARM_UP)
            cpu = bot.cpu()
            await _talked(peer, bot, count)
            cpu = bot.cpu() - cpu
            assert peer.asked_for("sendMessage") == 0, "somebody answered"
    return {"CPU µs": cpu / count * 1e6}


async def _talked(peer: Storm, bot: Running, count: int) -> None:
    """That many messages, all fetched, and the bot at rest again."""
    await peer.make(count, kind="chatter")
    spent = -1.0
    while peer.waiting or bot.cpu() - spent > IDLE:
        spent = bot.cpu()
        await asyncio.sleep(0.25)


def main() -> None:
    """Run the rounds and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=20_000)
    options = parser.parse_args()
    talk, bot = asyncio.run(updates(options.count)), Bot("1:token")
    reader, now = Reader(4242424242, "adda_test_bot", {}), datetime.now(UTC)
    alone: dict[str, Callable[[], Figures]] = {
        "Update.de_json": partial(reading, partial(Update.de_json, bot=bot), talk),
        "Reader.event": partial(reading, partial(reader.event, now=now), talk),
    }
    print(table(interleaved(alone, options.rounds)), end="\n\n")
    whole: dict[str, Callable[[], Figures]] = {
        name: partial(_alone, name, options.count) for name in ("b5", "adda")
    }
    print(table(interleaved(whole, options.rounds)))


def _alone(subject: str, count: int) -> Figures:
    return asyncio.run(working(subject, count))


if __name__ == "__main__":
    main()
