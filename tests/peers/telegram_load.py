"""The loopback Telegram as a process of its own that makes load.

`python -m tests.peers.telegram_load` prints `{"base": …, "file_base": …, "token": …}` and serves
until it is ended. Beside the Bot API, `POST /control` with
`{"kind", "count", "people", "rate", "text", "data"}` makes updates: "says" (private), "presses"
(of `data`), "chatter" (in a group, to nobody); rate is per second, 0 all at once.
`GET /control` tells what was asked and how long updates waited for their answers, in seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Sequence

from aiohttp import web

from tests.peers.telegram import TelegramPeer
from tests.peers.telegram_people import Json, Person
from tests.peers.telegram_wire import Call, answer


class LoadPeer(TelegramPeer):
    """A peer that counts and times answers instead of keeping them."""

    def __init__(self, *, latency: float, poll_latency: float | None, port: int) -> None:
        super().__init__(
            judge=False, record=False, latency=latency, poll_latency=poll_latency, port=port
        )
        self._counts: Counter[str] = Counter()
        self._born: defaultdict[str | int, deque[float]] = defaultdict(deque)
        self._waits: list[float] = []
        self._first: float | None = None
        self._last = 0.0
        self._load: asyncio.Task[None] | None = None

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.raw_path != "/control":
            return await super()._handle(request)
        if request.method == "POST":
            self._load = asyncio.create_task(self._make(json.loads(await request.read())))
        return answer(200, self.story())

    def _note(self, call: Call) -> None:
        now = asyncio.get_running_loop().time()
        self._counts[f"{call.method} {call.status}"] += 1
        if call.method == "getUpdates":
            self._first = self._first or (now if call.answer else None)
        else:
            self._last = now
            query, chat = call.values.get("callback_query_id"), call.values.get("chat_id", 0)
            born = self._born.get(query or chat)
            if born:
                self._waits.append(now - born.popleft())
        self._stir()

    def story(self) -> Json:
        """What happened since the last load began; times in seconds."""
        waits = sorted(self._waits)
        at = {f"p{q}": waits[len(waits) * q // 100] for q in (50, 99)} if waits else {}
        span = max(self._last - self._first, 0.0) if self._first is not None else 0.0
        counts = dict(self._counts)
        return {"asked": counts, "waiting": self.waiting, "answered": len(waits), "span": span} | at

    async def _make(self, load: Json) -> None:
        self._counts.clear()
        self._born.clear()
        self._waits.clear()
        self._first, self._last = None, 0.0
        one = self._maker(load)
        count, rate = load["count"], load.get("rate", 0)
        start = asyncio.get_running_loop().time()
        for number in range(count):
            if rate and (ahead := start + number / rate - asyncio.get_running_loop().time()) > 0:
                await asyncio.sleep(ahead)
            one(number)

    def _maker(self, load: Json) -> Callable[[int], None]:
        people = [self.person(f"fan {n}") for n in range(load.get("people", 1000))]
        group = self.group("Adda")
        text = load.get("text", "লাল ড্রেসের দাম কত?")
        data = load.get("data", "ge:0001")
        message = self._keep(group, {"from": self.me, "text": "…"}, None)
        clock = asyncio.get_running_loop().time

        def says(who: Person) -> None:
            self._born[who.id].append(clock())
            self.says(who, text)

        def presses(who: Person) -> None:
            query = self.presses(who, message, data, forged=True)["callback_query"]["id"]
            self._born[query].append(clock())

        def chatter(who: Person) -> None:
            self.says(who, text, group)

        act = {"says": says, "presses": presses, "chatter": chatter}[load["kind"]]
        return lambda number: act(people[number % len(people)])


async def serve(peer: TelegramPeer) -> None:
    """Say where it listens, then listen for ever."""
    async with peer:
        where = {"base": peer.base, "file_base": peer.file_base, "token": peer.token}
        sys.stdout.write(json.dumps(where) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the peer until it is ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds for every request")
    parser.add_argument("--poll-latency", type=float, help="seconds for a poll, if other")
    options = parser.parse_args(arguments)
    peer = LoadPeer(latency=options.latency, poll_latency=options.poll_latency, port=options.port)
    asyncio.run(serve(peer))


if __name__ == "__main__":
    main()
