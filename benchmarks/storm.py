"""A loopback Telegram whose people all press one button."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from benchmarks.program import STORM
from tests.peers.telegram_load import LoadPeer
from tests.peers.telegram_people import Json


class Storm(LoadPeer):
    """`fans` is the group in which they press."""

    def __init__(self, *, latency: float = 0.0) -> None:
        super().__init__(latency=latency, poll_latency=0.0, port=0)
        self.fans = self.group("fans")
        self._post = self._keep(self.fans, {"from": self.me, "text": "…"}, None)

    def _maker(self, load: Json) -> Callable[[int], None]:
        if load["kind"] != "presses":
            return super()._maker(load)
        clock, data = asyncio.get_running_loop().time, load["data"]

        def press(number: int) -> None:
            who = self.person(f"fan {number + load['first']}")
            query = self.presses(who, self._post, data, forged=True)["callback_query"]["id"]
            self._born[query].append(clock())

        return press

    async def make(
        self, count: int, *, kind: str = "presses", rate: float = 0, first: int = 0,
        giveaway: str = STORM,
    ) -> None:  # fmt: skip
        """`count` updates, from the fan `first` on; `rate` a second, or all at once."""
        await self._make(
            {"kind": kind, "count": count, "rate": rate, "first": first, "people": 1000,
             "data": f"ge:{giveaway}"}
        )  # fmt: skip

    @property
    def waits(self) -> list[float]:
        """Seconds every update waited for its answer."""
        return self._waits

    @property
    def span(self) -> float:
        """Seconds from the first update that was fetched to the last answer."""
        return self._last - (self._first or 0.0)

    @property
    def answered(self) -> int:
        """How many updates of the load were answered."""
        return len(self._waits)

    def asked_for(self, method: str) -> int:
        """How often the bot called a method since the load began."""
        return sum(n for asked, n in self._counts.items() if asked.startswith(method))

    async def all_answered(self, count: int, deadline: float = 120.0) -> None:
        """Until that many were. TimeoutError after `deadline` seconds."""
        async with asyncio.timeout(deadline):
            while self.answered < count:  # noqa: ASYNC110 - counted without a stir each
                await asyncio.sleep(0.02)
