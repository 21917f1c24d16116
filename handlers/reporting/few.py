"""Small numbers are not told to a brand, and cannot be computed from those that are; pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

FEW = 10  # the size from which a group of people is told exactly
SPREAD = 5  # at least so many sizes a hidden group must still be able to have


class Hidden(Enum):
    """What stands in the place of a number: `FEW` is 1 to 9, `WITHHELD` one that would give a
    small one away."""

    FEW = "<10"
    WITHHELD = "not shown"


Shown = int | Hidden


def alone(count: int) -> Shown:
    """A number that no total is shown for. Zero is nobody's, so it is told."""
    return Hidden.FEW if 0 < count < FEW else count


def total(counts: Sequence[int]) -> Shown:
    """The sum of parts that are told `alone`; WITHHELD where it would give a small one away."""
    few = [count for count in counts if 0 < count < FEW]
    if sum(counts) >= FEW and few and not _safe(sum(few), len(few), 0):
        return Hidden.WITHHELD
    return alone(sum(counts))


def hide(counts: Sequence[int]) -> list[Shown]:
    """The parts of a total that readers know.

    A part from 1 to 9 becomes FEW. What all hidden parts make together is the total less those
    shown; where that leaves one of them fewer than SPREAD sizes, the next larger parts are
    WITHHELD as well, and where there are none left, all are.
    """
    few = [i for i, count in enumerate(counts) if 0 < count < FEW]
    more: list[int] = []
    rest = sorted((i for i, c in enumerate(counts) if c >= FEW), key=lambda i: (counts[i], i))
    while few and not _safe(sum(counts[i] for i in (*few, *more)), len(few), len(more)):
        if not rest:
            return [Hidden.WITHHELD] * len(counts)
        more.append(rest.pop(0))
    marks = dict.fromkeys(few, Hidden.FEW) | dict.fromkeys(more, Hidden.WITHHELD)
    return [marks.get(i, count) for i, count in enumerate(counts)]


def _safe(together: int, few: int, more: int) -> bool:
    """Whether a FEW part can have at least SPREAD sizes when so many parts make `together`."""
    largest = min(FEW - 1, together - (few - 1) - FEW * more)
    smallest = 1 if more else max(1, together - (FEW - 1) * (few - 1))
    return largest - smallest + 1 >= SPREAD
