"""Two entries of what turned out to be one person: one entry, and a line in the public log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from handlers.giveaways.persons import commitment
from handlers.giveaways.record import following
from storage import connecting as store
from storage import giveaway_log
from storage import giveaway_turns as turns
from storage.connecting import Entered
from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Person:
    """A member and their (platform, user) accounts."""

    member: str
    accounts: tuple[tuple[str, str], ...]


async def merge_entries(tx: Tx, keep: Person, gone: Person) -> int:
    """Everything `gone` entered is `keep`'s. In how many open giveaways two entries became one."""
    found = await store.entries(tx, keep.member, gone.member)
    return sum([
        await _merge(tx, giveaway, list(group), keep, gone)
        for giveaway, group in groupby(found, attrgetter("giveaway"))
    ])  # fmt: skip


async def _merge(tx: Tx, giveaway: str, entries: list[Entered], keep: Person, gone: Person) -> int:
    inside = [one for one in entries if not one.left]
    open_still = False
    if inside and not inside[0].cancelled:
        open_still = await _told(tx, giveaway, inside, keep, gone)
    if open_still or len(inside) < len(entries):
        await _only(tx, entries, inside)
    elif len(inside) > 1:  # both stand in a list that nothing changes any more
        await store.make_twin(tx, inside[1])
    await store.move_entries(tx, giveaway, keep.member, gone.member)
    return int(open_still and len(inside) > 1)


async def _told(
    tx: Tx, giveaway: str, inside: Sequence[Entered], keep: Person, gone: Person
) -> bool:
    """Count and log what happens to the entries that are in; False once the list is frozen."""
    open_still, log = await turns.change(tx, giveaway, 1 - len(inside))
    if log is not None:
        accounts = {one.member: one.accounts for one in (keep, gone)}
        of = [commitment(log.key, giveaway, accounts[one.member]) for one in inside]
        made = commitment(log.key, giveaway, (*keep.accounts, *gone.accounts))
        lines = following(log.number, log.head, {"kind": "merge", "C": made, "of": of})
        await giveaway_log.put(tx, giveaway, lines)
        await store.set_line(tx, inside[0], lines[-1].number)
    return open_still


async def _only(tx: Tx, entries: Sequence[Entered], inside: Sequence[Entered]) -> None:
    """The lowest number that is in stays, or the lowest of all."""
    stays = (inside or entries)[0]
    for one in entries:
        if one is not stays:
            await store.drop_entry(tx, one)
