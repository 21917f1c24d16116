"""Tells one visitor from another for a while, without keeping anything that names them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from typing import Generic, TypeVar

DAY_MS = 86_400_000
REPEAT_MS = 10_000
MINUTE_MS = 60_000
RATE = 30  # openings of one visitor within a minute; more are no person's
MOST = 100_000  # of anything remembered at once

K = TypeVar("K")


class Visitors:
    """Keys under the secret of a day (UTC); what was opened lately is in memory alone."""

    def __init__(self, random: Callable[[int], bytes]) -> None:
        """`random` gives the bytes of a secret for as long as nobody told one."""
        self._random = random
        self._day = -1
        self._secret = b""
        self._told = False
        self._opened: _Recent[tuple[str, str]] = _Recent(REPEAT_MS)
        self._minutes: _Recent[str] = _Recent(MINUTE_MS)

    def told(self, at: int) -> bool:
        """True when the secret of that day is the one all processes share."""
        return self._told and at // DAY_MS == self._day

    def tell(self, at: int, secret: bytes) -> None:
        """From now on this is the secret of that day."""
        self._day, self._secret, self._told = at // DAY_MS, secret, True

    def key(self, address: str, user_agent: str, at: int) -> str:
        """The same for the same network and program within a day; cannot be turned back."""
        if at // DAY_MS != self._day:
            self._day, self._secret, self._told = at // DAY_MS, self._random(32), False
        text = f"{network(address)} {user_agent}".encode("utf-8", "replace")
        return hashlib.blake2b(text, digest_size=12, key=self._secret).hexdigest()

    def again(self, link: str, token: str, visitor: str, at: int) -> bool:
        """True when this visitor opened the link within the last ten seconds; else remembers it."""
        what = (f"{link} {token}" if token else link), visitor
        if self._opened.get(what, at) is not None:
            return True
        self._opened.put(what, at, 1)
        return False

    def flooding(self, visitor: str, at: int) -> bool:
        """True from the opening on that is one too many within a minute of the first."""
        count = self._minutes.get(visitor, at) or 0
        self._minutes.put(visitor, at, count + 1)
        return count >= RATE


class _Recent(Generic[K]):
    """Numbers kept for `life` milliseconds from when they were first put, `MOST` at a time.

    Two dictionaries take turns: what is in neither is too old or one too many. Nothing is searched.
    """

    def __init__(self, life: int) -> None:
        self._life = life
        self._young: dict[K, tuple[int, int]] = {}
        self._old: dict[K, tuple[int, int]] = {}
        self._turned = 0

    def get(self, key: K, at: int) -> int | None:
        found = self._young.get(key) or self._old.get(key)
        return found[1] if found and at - found[0] < self._life else None

    def put(self, key: K, at: int, number: int) -> None:
        if at - self._turned >= self._life or len(self._young) >= MOST // 2:
            self._young, self._old, self._turned = {}, self._young, at
        found = self._young.get(key) or self._old.get(key)
        since = found[0] if found and at - found[0] < self._life else at
        self._young[key] = since, number


def network(address: str) -> str:
    """The /24 or /48 an address belongs to; the text itself when it is no address."""
    head, dot, tail = address.rpartition(".")
    if dot and tail.isdecimal() and ":" not in head:
        return head
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is None:
        return f"{int(ip) >> 80:x}"
    return str(ip.ipv4_mapped if isinstance(ip, IPv6Address) else ip).rpartition(".")[0]
