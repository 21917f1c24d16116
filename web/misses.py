"""How often one network asks for links that are none: guessing slugs gets no further with speed."""

from __future__ import annotations

from handlers.links.visitors import network

A_MINUTE = 30  # misses of one network that are looked up in the database
WINDOW_MS = 60_000
NETWORKS = 10_000  # remembered at once


class Misses:
    """Counts misses by network, a minute at a time; what it remembers is bounded.

    Addresses are kept as their /24 or /48, in memory alone, for a minute of asking.
    """

    def __init__(self, a_minute: int = A_MINUTE, networks: int = NETWORKS) -> None:
        self._a_minute = a_minute
        self._networks = networks
        self._seen: dict[str, tuple[int, int]] = {}  # when its minute began (ms), misses

    def many(self, address: str, now: int) -> bool:
        """True when this address has missed too often within its minute. `now` in ms."""
        began, misses = self._seen.get(network(address), (now, 0))
        return misses >= self._a_minute and now - began < WINDOW_MS

    def missed(self, address: str, now: int) -> None:
        """One more miss; the network that was counted longest ago makes room."""
        where = network(address)
        began, misses = self._seen.pop(where, (now, 0))
        if now - began >= WINDOW_MS:
            began, misses = now, 0
        if len(self._seen) >= self._networks:
            del self._seen[next(iter(self._seen))]
        self._seen[where] = (began, misses + 1)
