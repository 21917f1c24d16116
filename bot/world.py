"""The clock and the source of ids and secrets: no other module reads either."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # no i l o u: read aloud and typed without mistakes


@dataclass(frozen=True, slots=True)
class World:
    """`now` is aware UTC; `new_id` gives 16 ASCII characters in order of time; `random` bytes."""

    now: Callable[[], datetime]
    new_id: Callable[[], str]
    random: Callable[[int], bytes]


_PAIRS = [one + two for one in _LETTERS for two in _LETTERS]


def spell(number: int, length: int) -> str:
    """The last `length` digits of a number in base 32."""
    pairs = [_PAIRS[(number >> shift) & 1023] for shift in range((length - 1) // 2 * 10, -1, -10)]
    return "".join(pairs)[-length:]


def code(random: bytes) -> str:
    """Random bytes as letters people can read out, one for every byte."""
    return "".join(_LETTERS[byte & 31] for byte in random)


def real_world() -> World:
    """The operating system's clock and randomness."""

    # Two processes start at different points of a large circle, and count on from there.
    numbers = itertools.count(int.from_bytes(os.urandom(5), "big"))

    lately = lru_cache(maxsize=4)(
        spell
    )  # most ids share their millisecond, and 1,024 a number's head

    def new_id() -> str:
        number = next(numbers)
        return lately(int(time.time() * 1000), 9) + lately(number >> 10, 5) + _PAIRS[number & 1023]

    return World(lambda: datetime.now(UTC), new_id, os.urandom)


class Clock:
    """A clock that can be moved forward: the playground's, and (frozen) the tests'."""

    def __init__(self, start: datetime | None = None) -> None:
        self._frozen = start
        self._moved = timedelta()

    def now(self) -> datetime:
        return (self._frozen or datetime.now(UTC)) + self._moved

    def advance(self, seconds: float) -> None:
        self._moved += timedelta(seconds=seconds)


def counted_world(clock: Clock) -> World:
    """A world without chance: ids count up, "random" bytes too. For tests."""
    ids, seeds = itertools.count(1), itertools.count(1)

    def random(length: int) -> bytes:
        return (next(seeds).to_bytes(4, "big") * (length // 4 + 1))[:length]

    return World(clock.now, lambda: f"{next(ids):016d}", random)
