"""Tells one visitor from another for a while, without keeping anything that names them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

DAY_MS = 86_400_000
REPEAT_MS = 10_000
MOST = 100_000  # openings remembered at once


class Visitors:
    """Keys under a secret that lives for a day (UTC) and in memory alone; `random` gives bytes."""

    def __init__(self, random: Callable[[int], bytes]) -> None:
        self._random = random
        self._day = -1
        self._secret = b""
        self._recent: dict[tuple[str, str], int] = {}  # in the order of time

    def key(self, address: str, user_agent: str, at: int) -> str:
        """The same for the same network and program within a day; cannot be turned back."""
        if at // DAY_MS != self._day:
            self._day, self._secret = at // DAY_MS, self._random(32)
        text = f"{network(address)} {user_agent}".encode("utf-8", "replace")
        return hashlib.blake2b(text, digest_size=12, key=self._secret).hexdigest()

    def again(self, what: str, visitor: str, at: int) -> bool:
        """True when this visitor opened `what` within the last ten seconds; else remembers it."""
        while self._recent:
            oldest = next(iter(self._recent))
            if self._recent[oldest] > at - REPEAT_MS and len(self._recent) < MOST:
                break
            del self._recent[oldest]
        if (what, visitor) in self._recent:
            return True
        self._recent[what, visitor] = at
        return False


def network(address: str) -> str:
    """The /24 or /48 an address belongs to; the text itself when it is no address."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is None:
            return f"{int(ip) >> 80:x}"
        ip = ip.ipv4_mapped
    return str(int(ip) >> 8)
