"""What everybody may know of a giveaway: its row, what its public log says, and entry numbers."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from handlers.giveaways.log import Event
from storage import giveaway_proofs as store
from storage.giveaway_proofs import Published
from storage.giveaways import Giveaway
from storage.tx import Tx

REMEMBERED = 200  # giveaways whose log was read
FEW = 10  # smaller counts of a platform are not told


@dataclass(frozen=True, slots=True)
class Holding:
    """A prize and who holds or held it; `lost` says why, "" while it is theirs."""

    slot: int
    commitment: str
    promoted: bool = False
    claimed: bool = False
    lost: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """`events` are those of the log without people entering and leaving, `numbers` the entry
    numbers of those named in it, `platforms` how many entered where, if that may be told."""

    published: Published
    events: Sequence[Event]
    numbers: Mapping[str, int]
    platforms: Mapping[str, int]

    def of(self, kind: str) -> list[Event]:
        return [event for event in self.events if event["kind"] == kind]

    def one(self, kind: str) -> Event | None:
        return next(iter(self.of(kind)), None)


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of a log up to line `number`, and of the list it ends in."""

    number: int = 0
    events: tuple[Event, ...] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)
    platforms: Mapping[str, int] = field(default_factory=dict)


class Library:
    """Reads of each log what it has not read yet: a page may be asked for often."""

    def __init__(self) -> None:
        self._read: OrderedDict[str, _Read] = OrderedDict()

    async def facts(self, tx: Tx, giveaway: str) -> Facts | None:
        """None for a draft, and for what never was."""
        found = await store.published(tx, giveaway)
        if found is None:
            return None
        read = self._read.get(giveaway, _Read())
        if read.number < found.giveaway.log_number:
            read = self._read[giveaway] = await _further(tx, found.giveaway, read)
            self._read.move_to_end(giveaway)
        if len(self._read) > REMEMBERED:
            self._read.popitem(last=False)
        return Facts(found, read.events, read.numbers, read.platforms)


async def _further(tx: Tx, row: Giveaway, read: _Read) -> _Read:
    lines = await store.news(tx, row.id, read.number, row.log_number)
    events = (*read.events, *(json.loads(line.event) for line in lines))
    if row.frozen_at is None:
        return _Read(row.log_number, events)
    numbers = await store.numbers(tx, row.id, _named(events))
    platforms = told(await store.platforms(tx, row.id), row.entrants or 0)
    return _Read(row.log_number, events, numbers, platforms)


def told(platforms: Mapping[str, int], entrants: int) -> Mapping[str, int]:
    """All of them or none: the total would give away the one that is left out. None either when
    entries are gone, or people who are on both platforms make the sum another one."""
    whole = sum(platforms.values()) == entrants
    return platforms if whole and all(count >= FEW for count in platforms.values()) else {}


def _named(events: Iterable[Event]) -> list[str]:
    """The commitments that the page names."""
    found: list[str] = []
    for event in events:
        found += [event["C"]] if "C" in event else []
        found += [*event["winners"], *event["reserves"]] if event["kind"] == "draw" else []
    return list(dict.fromkeys(found))


def holdings(events: Sequence[Event]) -> list[Holding]:
    """Every prize with who won it, and who moved up to it, in that order."""
    found: list[Holding] = []
    for event in events:
        kind = event["kind"]
        if kind == "draw":
            found += [Holding(slot, c) for slot, c in enumerate(event["winners"], 1)]
        elif kind == "promote":
            found.append(Holding(event["slot"], event["C"], promoted=True))
        elif kind in ("claim", "lost"):
            change = {"claimed": True} if kind == "claim" else {"lost": event["why"]}
            found = [_changed(one, event, change) for one in found]
    return sorted(found, key=lambda one: one.slot)


def _changed(one: Holding, event: Event, change: Mapping[str, object]) -> Holding:
    same = (one.slot, one.commitment) == (event["slot"], event["C"]) and not one.lost
    return replace(one, **change) if same else one  # type: ignore[arg-type]
