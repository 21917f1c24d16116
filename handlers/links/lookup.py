"""Links by their slugs, in memory; what nobody knows is asked for together."""

from __future__ import annotations

import asyncio

from storage import clicks, links
from storage.database import Database
from storage.links import Link

KNOWN = 10_000  # links kept in memory
ASKED = 500  # slugs in one question


class Lookup:
    """However many unknown slugs are asked for, the database has one question at a time."""

    def __init__(self, database: Database, patience: float) -> None:
        self._database = database
        self._patience = patience
        self._known: dict[str, Link] = {}
        self._asked: dict[str, asyncio.Future[Link | None]] = {}
        self._asking: asyncio.Task[None] | None = None

    def known(self, slug: str) -> Link | None:
        """The link as it was last seen; None says nothing about whether there is one."""
        return self._known.get(slug)

    async def find(self, slug: str) -> Link | None:
        """The link as it was last seen. Raises when the database is away and it never was."""
        return self._known.get(slug) or await self._asked_for(slug)

    async def fresh(self, link: Link) -> Link:
        """The link as it is now; as it was last seen when the database does not say."""
        try:
            return await self._asked_for(link.slug) or link
        except Exception:
            return link

    async def _asked_for(self, slug: str) -> Link | None:
        answer = self._asked.get(slug)
        if answer is None:
            answer = self._asked[slug] = asyncio.get_running_loop().create_future()
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask())
        return await asyncio.shield(answer)

    def remember(self, link: Link) -> None:
        if len(self._known) >= KNOWN and link.slug not in self._known:
            del self._known[next(iter(self._known))]
        self._known[link.slug] = link

    async def fill(self) -> None:
        """Know the newest links before anyone asks. Raises when the database is away."""
        if self._known:
            return
        async with self._database.read() as tx:
            for link in reversed(await links.latest(tx, KNOWN)):
                self.remember(link)

    async def _ask(self) -> None:
        try:
            while self._asked:
                slugs = list(self._asked)[:ASKED]
                answers = {slug: self._asked.pop(slug) for slug in slugs}
                await self._answer(answers)
        finally:
            self._asking = None

    async def _answer(self, answers: dict[str, asyncio.Future[Link | None]]) -> None:
        try:
            async with asyncio.timeout(self._patience), self._database.read() as tx:
                found = await clicks.standing(tx, sorted(answers))
        except Exception as problem:
            for answer in answers.values():
                answer.set_exception(problem)
                answer.exception()  # whoever asked may have gone
            return
        for slug, answer in answers.items():
            link = found.get(slug)
            if link is not None:
                self.remember(link)
            answer.set_result(link)
