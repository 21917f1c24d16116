"""Entries that look alike, for the organiser to think about: hints, never proof; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from storage.giveaway_entrants import Seen

TOGETHER = 3  # so many in one second are worth a line
BURST, WINDOW = 20, 60_000  # so many within so many ms
FRESH = 60_000  # ms between the bot's first sight of somebody and their entry
DAY = 86_400_000  # ms

Born = Callable[[str, str], int | None]


@dataclass(frozen=True, slots=True)
class Clusters:
    """Entry numbers. `together`: entered in one second; `bursts`: many within a minute; `fresh`:
    entered as soon as the bot first saw them; `silent`: never wrote a word to it; `twins`: accounts
    made on one day, by that day (days since 1970)."""

    total: int
    together: tuple[tuple[int, ...], ...]
    bursts: tuple[tuple[int, ...], ...]
    fresh: tuple[int, ...]
    silent: tuple[int, ...]
    twins: tuple[tuple[int, ...], ...]


def clusters(seen: Sequence[Seen], born: Born) -> Clusters:
    """Of those who are in; `born` tells when an account (platform, user) was made (ms), where that
    can be told."""
    inside = [one for one in seen if one.left_at is None]
    made = {one.number: born(one.platform, one.user) for one in inside}
    days = _alike(inside, lambda one: _day(made[one.number]))
    return Clusters(
        len(inside),
        _alike(inside, lambda one: one.at // 1000),
        _bursts(inside),
        tuple(one.number for one in inside if one.at - one.met_at < FRESH),
        tuple(one.number for one in inside if one.silent),
        days,
    )


def _day(made: int | None) -> int | None:
    return None if made is None else made // DAY


def _alike(
    entries: Sequence[Seen], key: Callable[[Seen], Hashable | None]
) -> tuple[tuple[int, ...], ...]:
    """Groups of at least `TOGETHER` with one key, the largest first."""
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for one in entries:
        found = key(one)
        if found is not None:
            groups[found].append(one.number)
    large = [tuple(numbers) for numbers in groups.values() if len(numbers) >= TOGETHER]
    return tuple(sorted(large, key=lambda numbers: (-len(numbers), numbers)))


def _bursts(entries: Sequence[Seen]) -> tuple[tuple[int, ...], ...]:
    """Runs in which every `BURST` entries in a row came within the window."""
    ordered = sorted(entries, key=lambda one: (one.at, one.number))
    found: list[tuple[int, ...]] = []
    start = end = 0  # the run that is growing: ordered[start:end]
    for at in range(len(ordered) - BURST + 1):
        if ordered[at + BURST - 1].at - ordered[at].at >= WINDOW:
            continue
        if at >= end and end:
            found.append(tuple(one.number for one in ordered[start:end]))
            start = at
        elif not end:
            start = at
        end = at + BURST
    return (*found, tuple(one.number for one in ordered[start:end])) if end else ()
