"""Taking somebody out of a giveaway whose list is not frozen: forgotten, or banned."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.giveaways.persons import commitment
from handlers.giveaways.record import following
from storage import giveaway_log
from storage import giveaway_turns as turns
from storage.tx import Tx


async def pull(
    tx: Tx, giveaway: str, member: str, accounts: Iterable[tuple[str, str]], now: int
) -> bool:
    """True when they were in and the list was open: the public log says that they left."""
    if not await turns.out(tx, giveaway, member, now):
        return False
    open_still, log = await turns.change(tx, giveaway, -1)
    if log is not None:
        event = {"kind": "leave", "C": commitment(log.key, giveaway, accounts)}
        await giveaway_log.put(tx, giveaway, following(log.number, log.head, event))
    return open_still
