"""Where one entry stands in a finished draw: its line in the list and its rank in the order."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Sequence

from handlers.giveaways import fairness
from handlers.giveaways.fairness import Entry
from storage import giveaway_proofs as store
from storage.tx import Tx

HASH = fairness.HASH_BYTES
REMEMBERED = 1_000_000  # entries, 64 bytes each
PAGE = 5000


class _Cut(Sequence[bytes]):
    """Hashes one after another in one piece of memory, for looking one up."""

    def __init__(self, hashes: Sequence[bytes]) -> None:
        self._whole = b"".join(hashes)

    def __len__(self) -> int:
        return len(self._whole) // HASH

    def __getitem__(self, at: int) -> bytes:  # type: ignore[override]
        return self._whole[at * HASH : (at + 1) * HASH]


class Order:
    """The list by commitment and the keys in ascending order; made once, a second for 300,000."""

    def __init__(self, seed: bytes, entries: Sequence[Entry]) -> None:
        self._seed = seed
        self._list = _Cut([entry.commitment for entry in entries])
        self._keys = _Cut(sorted(fairness.key(seed, entry) for entry in entries))
        self.root = fairness.root(entries).hex()

    def __len__(self) -> int:
        return len(self._list)

    def rank(self, entry: Entry) -> int:
        """1 is the best."""
        return bisect_left(self._keys, fairness.key(self._seed, entry)) + 1

    def line(self, entry: Entry) -> int:
        """Counted from 1."""
        return bisect_left(self._list, entry.commitment) + 1

    def steps(self, entry: Entry) -> int:
        """How many hashes lead from the entry to the root."""
        at, count, found = self.line(entry) - 1, len(self), 0
        while count > 1:
            found += at ^ 1 < count
            at, count = at >> 1, (count + 1) >> 1
        return found


class Orders:
    """The orders asked for last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Order] = OrderedDict()
        self._making = asyncio.Lock()

    async def of(self, tx: Tx, giveaway: str, seed: bytes) -> Order:
        async with self._making:
            if giveaway not in self._kept:
                entries = await _entries(tx, giveaway)
                self._kept[giveaway] = await asyncio.to_thread(Order, seed, entries)
            self._kept.move_to_end(giveaway)
            while len(self._kept) > 1 and sum(map(len, self._kept.values())) > REMEMBERED:
                self._kept.popitem(last=False)
            return self._kept[giveaway]


async def _entries(tx: Tx, giveaway: str) -> list[Entry]:
    found: list[Entry] = []
    after = ""
    while rows := await store.list_page(tx, giveaway, after, PAGE):
        found += [Entry(bytes.fromhex(commitment), tickets) for commitment, tickets in rows]
        after = rows[-1][0]
    return found
