"""Sealing: every night the day before, after an outage all that were missed, and corrections."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import structlog

from bot.wire import millis, moment
from bot.world import World
from handlers.reporting import seal as pure
from handlers.reporting.webhooks import announced
from storage import seals as store
from storage.database import Database
from storage.seals import Entry, Home, Sealed
from storage.tx import Row, Tx

LATE = timedelta(minutes=10)  # after midnight, so that clicks on their way are in
CORRECTED = 85  # days back that are looked at again; single clicks are kept for 90
EVERY = 300.0  # seconds between two looks at the clock
CHUNK = 2000  # nonces stored in one unit of work
FIRST, RECLASSIFIED, RECOUNTED = "sealed", "reclassified", "recounted"

log = structlog.get_logger("sealing")


class Sealer:
    """Seals the days of every community. Several may run at once: one of them gets to write."""

    def __init__(self, database: Database, world: World) -> None:
        self._database = database
        self._world = world
        self._key = store.signer(database.seal)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.catch_up()
            except Exception as problem:
                if not self._database.away(problem):
                    log.exception("sealing failed")
            await asyncio.sleep(EVERY)

    async def catch_up(self) -> int:
        """Seal what is finished and not sealed, and what was corrected; how many entries."""
        async with self._database.read() as tx:
            homes = await store.homes(tx)
        made = 0
        for home in homes:
            made += await self._days(home)
            made += await self._corrections(home)
        return made

    async def _days(self, home: Home) -> int:
        async with self._database.read() as tx:
            last = await store.last_day(tx, home.id)
        made = 0
        for day in _unsealed(home, last, self._world.now()):
            made += await self._seal(home, day, 1, FIRST)
        return made

    async def _corrections(self, home: Home) -> int:
        """Days whose counts are no longer those that were sealed."""
        today = self._world.now().astimezone(ZoneInfo(home.timezone)).date()
        since = (today - timedelta(days=CORRECTED)).isoformat()
        async with self._database.read() as tx:
            sealed = await store.sealed_counts(tx, home.id, since)
            now = await store.totals(tx, home.id, since, max(sealed, default=since))
        made = 0
        for day, (revision, counts) in sorted(sealed.items()):
            if (real := now.get(day, {})) != counts:
                reason = RECLASSIFIED if _sums(real) == _sums(counts) else RECOUNTED
                made += await self._seal(home, date.fromisoformat(day), revision + 1, reason)
        return made

    async def _seal(self, home: Home, day: date, revision: int, reason: str) -> int:
        """1 when this process has written the entry."""
        rows = await self._with_nonces(home, day)
        salts = {campaign: self._world.random(32) for campaign in {r["campaign"] for r in rows}}
        campaigns = await asyncio.to_thread(_trees, day.isoformat(), rows, salts, self._world)
        root = pure.root([day_leaf(one) for one in campaigns])
        async with self._database.read() as tx:
            before = await store.head(tx, home.id)
        entry = Entry(
            self._world.new_id(), home.id, (before.number if before else 0) + 1, day.isoformat(),
            revision, reason, root.hex(), pure.fingerprint(before), millis(self._world.now()),
            "", "",
        )  # fmt: skip
        entry = pure.signed(entry, self._key)
        return int(await self._database.unit(lambda tx: self._written(tx, home, entry, campaigns)))

    async def _written(self, tx: Tx, home: Home, entry: Entry, campaigns: Sequence[Sealed]) -> bool:
        """With the entry goes what programs of brands are to be told of it."""
        if not await store.add(tx, entry, campaigns):
            return False
        counts = {one.campaign: one.counts for one in campaigns}
        await announced(tx, entry, counts, home.timezone, self._world)
        return True

    async def _with_nonces(self, home: Home, day: date) -> list[Row]:
        """The day's requests, each with the nonce it has from now on."""
        first, end = _bounds(day, home.timezone)
        rows = await self._read(home, first, end)
        bare = [row["id"] for row in rows if row["nonce"] is None]
        for at in range(0, len(bare), CHUNK):
            part = bare[at : at + CHUNK]
            random = self._world.random(pure.NONCE * len(part))
            nonces = list(zip(part, _cut(random, pure.NONCE), strict=True))
            await self._database.unit(partial(store.add_nonces, nonces=nonces))
        rows = await self._read(home, first, end) if bare else rows
        return [row for row in rows if row["nonce"] is not None]

    async def _read(self, home: Home, first: int, end: int) -> list[Row]:
        async with self._database.read() as tx:
            return await store.rows(tx, home.id, first, end)


def _cut(text: bytes, size: int) -> Iterator[bytes]:
    return (text[at : at + size] for at in range(0, len(text), size))


def _sums(counts: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    return {campaign: sum(classes.values()) for campaign, classes in counts.items()}


def _bounds(day: date, timezone: str) -> tuple[int, int]:
    """The moments (ms) at which a day begins and ends."""
    zone = ZoneInfo(timezone)
    first, end = (
        millis(datetime(one.year, one.month, one.day, tzinfo=zone))
        for one in (day, day + timedelta(days=1))
    )
    return first, end


def _unsealed(home: Home, last: str | None, now: datetime) -> Iterator[date]:
    """The days that are over and not sealed, oldest first."""
    zone = ZoneInfo(home.timezone)
    day = moment(home.began).astimezone(zone).date()
    if last is not None:
        day = date.fromisoformat(last) + timedelta(days=1)
    over = (now - LATE).astimezone(zone).date()
    while day < over:
        yield day
        day += timedelta(days=1)


# Trees ----------------------------------------------------------------------------------------


def _trees(day: str, rows: Sequence[Row], salts: Mapping[str, bytes], world: World) -> list[Sealed]:
    """A tree for each campaign with requests on the day, in order of their ids."""
    found: list[Sealed] = []
    for campaign in sorted(salts):
        own = sorted((r for r in rows if r["campaign"] == campaign), key=lambda r: str(r["id"]))
        counts = Counter(str(row["class"]) for row in own)
        salt = salts[campaign]
        leaves = [
            pure.leaf(total_nonce(salt, kind), pure.total_value(day, kind, counts[kind]))
            for kind in pure.classes_of(counts)
        ]
        leaves += [pure.leaf(bytes.fromhex(r["nonce"]), pure.row_value(r)) for r in own]
        leaves += _cut(world.random(32 * pure.padding(len(leaves))), 32)
        found.append(Sealed(campaign, salt, pure.root(leaves), dict(counts), leaves))
    return found


def total_nonce(salt: bytes, kind: str) -> bytes:
    """What the count of a class is hashed with: nobody guesses it who does not have the salt."""
    return pure.leaf(salt, ["nonce", kind])[: pure.NONCE]


def campaign_nonce(salt: bytes) -> bytes:
    return pure.leaf(salt, ["campaign"])[: pure.NONCE]


def day_leaf(sealed: Sealed) -> bytes:
    return pure.leaf(campaign_nonce(sealed.nonce), [sealed.campaign, sealed.root.hex()])
