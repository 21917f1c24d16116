"""Clicks: every request for a link is classified and durable before anyone is led on."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog

from bot.wire import millis
from bot.world import World
from handlers.links.classify import Class
from handlers.links.judging import WEB, Judge, Opening
from handlers.links.ledger import Ledger, Waiting
from handlers.links.lookup import Lookup
from handlers.links.spill import Spill
from handlers.links.visitors import Visitors
from handlers.links.waiting import Queue
from storage import click_retention
from storage.database import Database
from storage.links import Link
from storage.tokens import IDENTITY_MS

__all__ = ["IDENTITY_MS", "WEB", "Clicks", "Opening"]

PATIENCE = 3.0  # seconds a fan waits for the database
RETRY = 1.0  # seconds between attempts to reach it again
MOST = 10_000  # clicks that may wait for the database at once; further ones go to the spill file

log = structlog.get_logger("clicks")
_CLASSES = {kind.value: kind for kind in Class}


class Clicks:
    """Looks links up and counts what comes for them.

    Memory knows which link a slug is, which never changes; where it leads, and whether it is over,
    is said by the unit of work that stores the click.
    """

    def __init__(
        self, database: Database, world: World, spill: Path, patience: float = PATIENCE,
        most: int = MOST,
    ) -> None:  # fmt: skip
        """`spill` is a file of this process alone, for clicks the database does not take within
        `patience` seconds and for those beyond the `most` that may wait for it."""
        self._patience = patience
        self._database = database
        self._world = world
        self._spill = Spill(spill)
        self._visitors = Visitors(world.random)
        self._judge = Judge(self._visitors)
        self._ledger = Ledger(database)
        self._queue: Queue[Waiting] = Queue(self._ledger.store, self._failed, patience, most)
        self._links = Lookup(database, patience)
        self._away = False  # the database did not answer when it was last asked
        self._wake = asyncio.Event()
        self._learning = asyncio.Lock()

    def known(self, slug: str) -> Link | None:
        """The link as it was last seen, from memory alone."""
        return self._links.known(slug)

    async def find(self, slug: str) -> Link | None:
        """The link as it was last seen. Raises when the database is away and it never was.

        Slugs nobody knows are asked for together, one question at a time however many there are.
        """
        return await self._links.find(slug)

    async def fresh(self, link: Link) -> Link:
        """The link as it is now, for whoever is not led on; as it was last seen when the database
        does not say."""
        return await self._links.fresh(link)

    async def record(self, link: Link, opening: Opening) -> tuple[Link, Class]:
        """Returns when the request is on disk, with the link as it is now and what it counts as."""
        waiting = self.judged(link, opening) or await self._first(link, opening)
        if self._away or not await self._queue.put(waiting):
            await self._kept(waiting)
        if waiting.link is not None and waiting.link is not link:
            self._links.remember(waiting.link)
            link = waiting.link
        return link, _CLASSES[waiting.row.kind]

    async def run(self) -> None:
        """Catch up at the start and after every outage; until cancelled."""
        while True:
            self._wake.clear()
            try:
                await self.catch_up()
            except Exception as problem:
                log.warning("clicks wait in the spill file", why=repr(problem))
                await asyncio.sleep(RETRY)
            else:
                await self._wake.wait()

    async def catch_up(self) -> None:
        """Bring what the spill file holds into the database. Raises when that is away."""
        await self._links.fill()
        await self._spill.replay(self._recover)
        self._away = False
        await self._learn(millis(self._world.now()))

    # One request --------------------------------------------------------------------------------

    def judged(self, link: Link, opening: Opening) -> Waiting | None:
        """The request as a click that nobody stored yet; None before the day's secret is known."""
        at = millis(self._world.now())
        return self._click(link, opening, at) if self._visitors.told(at) else None

    async def _first(self, link: Link, opening: Opening) -> Waiting:
        at = millis(self._world.now())
        await self._learn(at)
        return self._click(link, opening, at)

    def _click(self, link: Link, opening: Opening, at: int) -> Waiting:
        id = opening.id or self._world.new_id()
        row, words = self._judge.click(id, at, link, opening)
        return Waiting(row, link.slug, words, opening.token, opening.declined)

    async def _learn(self, at: int) -> None:
        """Ask for the day's secret; while the database is away one of our own has to do."""

        async def unit(tx: Any) -> bytes:
            day = datetime.fromtimestamp(at / 1000, UTC).date().isoformat()
            return await click_retention.day_key(tx, day, self._world.random(32), at)

        async with self._learning:
            if self._away or self._visitors.told(at):
                return
            try:
                async with asyncio.timeout(self._patience):
                    self._visitors.tell(at, await self._database.unit(unit))
            except Exception as problem:
                self._failed(problem)

    def _failed(self, problem: Exception) -> None:
        if not self._away:
            log.warning("the database does not take clicks", why=repr(problem))
        self._away = True

    async def _kept(self, waiting: Waiting) -> None:
        try:
            await self._spill.keep(waiting.record())
        except OSError:
            log.exception("a click is lost", click=waiting.row.id)
        self._wake.set()

    # After an outage ----------------------------------------------------------------------------

    async def _recover(self, records: Sequence[Any]) -> None:
        """Clicks may have been stored before they were spilled: those are left as they are."""
        clicks = [click for record in records if (click := Waiting.of(record)) is not None]
        await self._taken(clicks)
        self._away = False
        log.info("clicks recovered", clicks=len(clicks))

    async def _taken(self, clicks: Sequence[Waiting]) -> None:
        """Have the clicks stored. One that the database refuses is set aside, lest it keep all
        others from being stored for ever."""
        try:
            await self._ledger.recover(clicks)
        except Exception as problem:
            if self._database.away(problem):
                raise
            if len(clicks) == 1:
                log.error("a click is refused", click=clicks[0].row.id, why=repr(problem))
                await self._spill.refuse(clicks[0].record())
                return
            await self._taken(clicks[: len(clicks) // 2])
            await self._taken(clicks[len(clicks) // 2 :])
