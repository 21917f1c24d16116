"""The postman: takes letters as they are written, or finds them when they are due, and sends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot import wire
from bot.actions import unpack
from bot.delivery import SELF
from bot.desk import Desk
from bot.model import Due, Event, Identity, Place
from bot.platforms.base import Outgoing, Platform
from bot.world import World
from storage import outbox
from storage.database import Database
from storage.outbox import Letter

log = structlog.get_logger("postman")

POLL = 1.0  # seconds between looks for letters somebody else left
CLAIM = 200  # letters leased at once
LEASE_MS = 60_000
CROWD = 2_000  # letters in hand above which no more events are taken in
PRUNE_EVERY = timedelta(hours=1)
KEEP_SETTLED = timedelta(days=2)
KEEP_SEEN = timedelta(days=30)  # no platform repeats an event for so long


class Postman:
    """Owns one desk a platform, and the timers. Polling is the truth; wake-ups are hints."""

    def __init__(
        self, database: Database, world: World, platforms: Mapping[str, Platform], zone: str
    ) -> None:
        self._database = database
        self._world = world
        self._desks = {
            name: Desk(database, world, platform, zone) for name, platform in platforms.items()
        }
        self._wake = asyncio.Event()
        self._looking = asyncio.Lock()
        self._handle: Callable[[Event], Awaitable[None]] | None = None
        self._timers: set[asyncio.Task[None]] = set()
        self._fired = 0
        self._pruned: datetime | None = None

    def crowded(self) -> bool:
        return sum(desk.in_hand for desk in self._desks.values()) > CROWD

    def take(self, event: Event, letters: Sequence[Letter], due: bool) -> None:
        """Send these now, which are leased to this process; `due`: look for others as well."""
        desk = self._desks.get(event.place.platform)
        answered = False
        for letter in letters:
            self._desks[letter.platform].put(letter)
            answered = answered or letter.ticket is not None
        if desk is not None and event.ticket is not None and not answered:
            desk.acknowledge(Outgoing(event.id[-25:], "toast", event.place, ticket=event.ticket))
        if due:
            self._wake.set()

    def suggest(self, event: Event, items: tuple[tuple[str, str], ...]) -> None:
        """Show suggestions, if it is not too late."""
        desk = self._desks[event.place.platform]
        out = Outgoing(event.id[-25:], "choices", event.place, ticket=event.ticket, choices=items)
        desk.acknowledge(out)

    def wake(self) -> None:
        """Something may be due: look now."""
        self._wake.set()

    async def open(self) -> None:
        """Before the first event: with one process a file, old leases are a dead process's."""
        if self._database.dialect == "sqlite":
            await self._database.unit(outbox.release_all)

    async def run(self, handle: Callable[[Event], Awaitable[None]]) -> None:
        """Send until cancelled. `handle` takes the events that timers cause."""
        self._handle = handle
        async with asyncio.TaskGroup() as group:
            for desk in self._desks.values():
                group.create_task(desk.run())
            group.create_task(self._look())

    async def _look(self) -> None:
        while True:
            try:
                await self.look()
                await self._prune()
            except Exception as error:
                if not self._database.away(error):
                    raise
                log.error("the database is away; trying again", why=type(error).__name__)
            try:
                async with asyncio.timeout(POLL):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def look(self) -> None:
        """Take in whatever is due."""
        async with self._looking:
            self._wake.clear()
            await self._fire()
            for name, desk in self._desks.items():
                for letter in await self._claim(name, CLAIM - desk.in_hand):
                    desk.put(letter)

    async def _claim(self, platform: str, room: int) -> list[Letter]:
        now = wire.millis(self._world.now())
        if room <= 0:
            return []
        async with self._database.read() as tx:
            due = await outbox.next_due(tx, platform)
        if due is None or due > now:
            return []
        return await self._database.unit(
            lambda tx: outbox.claim(tx, platform, now, now + LEASE_MS, room)
        )

    async def _fire(self) -> None:
        """Timers: each becomes an event whose unit also closes the timer."""
        letters = await self._claim(SELF, CLAIM - len(self._timers))
        for letter in letters:
            self._fired += 1
            task = asyncio.create_task(self._due(letter))
            self._timers.add(task)
            task.add_done_callback(self._timers.discard)

    async def _due(self, letter: Letter) -> None:
        event = Event(
            f"{SELF}:{letter.id}", self._world.now(), Place(SELF, letter.chat),
            Identity(SELF, "timer"), Due(unpack(wire.text_in(letter.body))), str(letter.fence),
        )  # fmt: skip
        try:
            if self._handle is not None:
                await self._handle(event)
        except Exception:
            log.exception("timer failed", event_id=event.id, attempts=letter.attempts)
            await self._again(letter)

    async def _again(self, letter: Letter) -> None:
        wait = timedelta(seconds=min(2.0**letter.attempts, 300))
        due = wire.millis(self._world.now() + wait)
        try:
            await self._database.unit(lambda tx: outbox.again(tx, [(letter, due)]))
        except Exception as error:
            if not self._database.away(error):
                raise
            log.warning("the timer waits for its lease to run out", letter=letter.id)

    async def idle(self) -> None:
        """Returns when nothing is due and nothing is on its way."""
        while True:
            before = self._taken()
            while self._timers:
                await asyncio.wait(self._timers)
            for desk in self._desks.values():
                await desk.quiet()
            await self.look()
            if self._taken() == before and not self._timers:
                return

    def _taken(self) -> int:
        """How many letters and timers were ever taken in hand."""
        return self._fired + sum(desk.taken for desk in self._desks.values())

    async def finish(self) -> None:
        """Send what is in hand and put it on record; the rest stays in the database."""
        if self._timers:
            await asyncio.wait(self._timers)
        for desk in self._desks.values():
            await desk.quiet()

    async def _prune(self) -> None:
        now = self._world.now()
        if self._pruned is not None and now - self._pruned < PRUNE_EVERY:
            return
        self._pruned = now
        settled, seen = wire.millis(now - KEEP_SETTLED), wire.millis(now - KEEP_SEEN)
        await self._database.unit(lambda tx: outbox.prune(tx, settled, seen))
