"""The loopback Discord server in its own process: lines of JSON in, lines of JSON out."""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from typing import TYPE_CHECKING, TextIO

from tests.peers.discord_world import Interaction, Json

if TYPE_CHECKING:
    from tests.peers.discord import DiscordPeer


async def serve(peer: DiscordPeer, lines: TextIO, out: TextIO) -> None:
    """Tell the addresses, then do what each line says until the input ends."""
    _say(out, {"api_base": peer.api_base, "gateway_url": peer.gateway_url, "token": peer.token})
    while line := await asyncio.to_thread(lines.readline):
        wanted = json.loads(line)
        _say(out, await _do(peer, wanted["call"], wanted.get("with", {})))


async def _do(peer: DiscordPeer, call: str, given: Json) -> Json:
    if call == "flood":
        return await flood(peer, **given)
    if call == "state":
        return {"sent": len(peer.sent), "invalid": peer.invalid, "beats": peer.gateway.beats,
                "identifies": len(peer.gateway.identifies)}  # fmt: skip
    done = await getattr(peer, call)(**given)
    if not isinstance(done, Interaction):
        return {"done": done if isinstance(done, dict) else None}
    return {"first": await peer.answers(done)}


def _say(out: TextIO, line: Json) -> None:
    out.write(json.dumps(line) + "\n")
    out.flush()


async def flood(
    peer: DiscordPeer, kind: str, count: int, window: int = 64, path: str = "help",
    button: str = "",
) -> Json:  # fmt: skip
    """Answers per second and latency in milliseconds of `count` events, `window` under way.

    kind: "slash" calls `path`; "press" presses `button` under the bot's last message, each time
    as another person; "chatter" writes messages that are not for the bot, then calls `path` once
    and waits for its answer.
    """
    gate, took = asyncio.Semaphore(window), list[float]()

    async def one(number: int) -> None:
        async with gate:
            began = time.perf_counter()
            if kind == "press":
                told = await peer.presses(f"fan {number}", peer.messages[-1], button)
            else:
                told = await peer.slash(f"fan {number}", path)
            await peer.answers(told, 60.0)
            took.append((time.perf_counter() - began) * 1000)

    began = time.perf_counter()
    if kind == "chatter":
        for number in range(count):
            await peer.says(f"fan {number % 100}", "hello everyone")
        await one(0)
    else:
        await asyncio.gather(*(one(number) for number in range(count)))
    seconds = time.perf_counter() - began
    cuts = statistics.quantiles(took, n=100) if len(took) > 1 else took * 99
    return {"count": count, "seconds": seconds, "per_second": count / seconds,
            "p50": cuts[49], "p99": cuts[98]}  # fmt: skip
