"""G8: Discord events a second: messages nobody answers, and presses that enter a giveaway.

`python -m benchmarks.discord [--rounds 5] [--count 3000]`

`d1` is a bare discord.py bot that keeps nothing; `adda` is `python -m bot run`, where each press is
that of a fan never seen before and is answered after the commit of the entry. Both on the same
loopback server, 64 interactions under way at once. Prints two tables.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import tempfile
import time
from contextlib import AbstractAsyncContextManager, closing
from functools import partial
from pathlib import Path

from benchmarks.program import STORM, Running, free_ports, prepare, settings_for, started
from benchmarks.rounds import Figures, interleaved, percentile, table
from storage.giveaways import Stand
from tests.peers.discord import HOME, DiscordPeer
from tests.peers.discord_world import Json

WINDOW = 64
WARM_UP = 300
SUBJECTS = ("d1", "adda")


async def ready(
    subject: str, folder: Path, peer: DiscordPeer
) -> AbstractAsyncContextManager[Running]:
    """A bot of this peer that is about to start."""
    if subject == "d1":
        where = ("--base", peer.api_base, "--file-base", peer.gateway_url, "--token", peer.token)
        return started(folder, "benchmarks.subjects", "d1", *where)
    guild, (port,) = peer.world.guild(HOME), free_ports()
    stand = Stand("discord", guild["id"], guild["system_channel_id"])
    await prepare(folder, stand, peer.world.user("creator")["id"])
    settings = settings_for(
        folder, port, DISCORD_TOKEN=peer.token, DISCORD_API_BASE=peer.api_base,
        DISCORD_GATEWAY_URL=peer.gateway_url,
    )  # fmt: skip
    return started(folder, "bot", "run", port=port, **settings)


async def post(subject: str, peer: DiscordPeer) -> tuple[Json, str]:
    """The message whose button enters, and what the button is called."""
    if subject == "d1":
        await peer.until(lambda: peer.messages, 30.0)
        return peer.messages[-1], "ge:1"
    await peer.ready(30.0)
    await peer.until(lambda: peer.rest.commands, 30.0)
    told = await peer.slash("creator", "giveaway show")
    await peer.answers(told, 30.0)
    shown = peer.reply(told)
    assert shown is not None
    return shown, f"ge:{STORM}"


async def chatter(subject: str, count: int) -> Figures:
    """Messages in a server that are not for the bot, then one press that is."""
    with tempfile.TemporaryDirectory() as place:
        async with DiscordPeer() as peer, await ready(subject, Path(place), peer) as bot:
            message, button = await post(subject, peer)
            cpu, began = bot.cpu(), time.perf_counter()
            for number in range(count):
                await peer.says(f"fan {number % 100}", "hello everyone")
            await peer.answers(await peer.presses("fan 0", message, button), 60.0)
            seconds, cpu = time.perf_counter() - began, bot.cpu() - cpu
    return {"messages/s": count / seconds, "CPU µs": cpu / count * 1e6}


async def presses(subject: str, count: int) -> Figures:
    """Presses, each by another person."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        async with DiscordPeer() as peer, await ready(subject, folder, peer) as bot:
            message, button = await post(subject, peer)
            await _pressed(peer, message, button, range(WARM_UP))
            cpu, began = bot.cpu(), time.perf_counter()
            waits = await _pressed(peer, message, button, range(WARM_UP, WARM_UP + count))
            seconds, cpu = time.perf_counter() - began, bot.cpu() - cpu
            assert not peer.invalid, peer.invalid[:3]
        if subject == "adda":
            with closing(sqlite3.connect(folder / "adda.db")) as db:
                query = "select count(*) from giveaway_entries"
                lost = WARM_UP + count - db.execute(query).fetchone()[0]
            assert not lost, f"{lost} presses were answered and are not in the database"
    return {
        "presses/s": count / seconds, "CPU µs": cpu / count * 1e6,
        "p50 ms": percentile(waits, 50) * 1e3, "p99 ms": percentile(waits, 99) * 1e3,
    }  # fmt: skip


async def _pressed(peer: DiscordPeer, message: Json, button: str, who: range) -> list[float]:
    """How long each waited, in seconds; `WINDOW` press at once."""
    numbers, waits = iter(who), list[float]()

    async def fans() -> None:
        for number in numbers:
            began = time.perf_counter()
            told = await peer.presses(f"fan {number}", message, button)
            await peer.answers(told, 60.0)
            waits.append(time.perf_counter() - began)

    await asyncio.gather(*(fans() for _ in range(WINDOW)))
    return waits


def main() -> None:
    """Run the rounds and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=3000)
    options = parser.parse_args()
    talk = {name: partial(_chatter, name, options.count * 3) for name in SUBJECTS}
    print(table(interleaved(talk, options.rounds)), end="\n\n")
    joins = {name: partial(_presses, name, options.count) for name in SUBJECTS}
    print(table(interleaved(joins, options.rounds)))


def _chatter(subject: str, count: int) -> Figures:
    return asyncio.run(chatter(subject, count))


def _presses(subject: str, count: int) -> Figures:
    return asyncio.run(presses(subject, count))


if __name__ == "__main__":
    main()
