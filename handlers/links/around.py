"""What a page about a link says besides the link: the community's language, other offers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from storage import links, people
from storage.database import Database
from storage.links import Link

LISTED = 5  # other offers on a page
PATIENCE = 2.0  # seconds; a page can do without
log = structlog.get_logger("pages")


@dataclass(frozen=True, slots=True)
class Around:
    """`language` is the community's ("bn" or "en"), `running` its other offers, newest first."""

    language: str = "bn"
    running: Sequence[Link] = ()


class Surroundings:
    """Looks around a link; what cannot be looked up is left out, as a page must be shown."""

    def __init__(self, database: Database, patience: float = PATIENCE) -> None:
        self._database = database
        self._patience = patience

    async def language(self, link: Link) -> Around:
        """The language of the link's community alone."""
        return await self._look(link, None)

    async def all(self, link: Link, now: int) -> Around:
        """The language and the offers running at `now` (milliseconds)."""
        return await self._look(link, now)

    async def _look(self, link: Link, now: int | None) -> Around:
        try:
            async with asyncio.timeout(self._patience), self._database.read() as tx:
                home = await people.community(tx, link.community)
                found = [] if now is None else await links.current(tx, link.community, now, 100)
        except Exception as problem:
            log.warning("a page says less than it could", why=repr(problem))
            return Around()
        running = _others(link, found)
        return Around(home.language if home else "bn", running)


def _others(link: Link, found: Sequence[Link]) -> list[Link]:
    """One link for each offer: a product of a campaign, wherever it was placed."""
    offers: dict[tuple[str, str | None], Link] = {}
    for one in found:
        if one.id != link.id:
            offers.setdefault((one.campaign, one.product), one)
    return list(offers.values())[:LISTED]
