"""Clicks: every request for a link is classified and durable before anyone is led on."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import structlog

from bot.model import Role
from bot.wire import millis
from bot.world import World
from handlers.links.classify import RULESET, Class, Visit, classify, cut, family
from handlers.links.spill import Spill
from handlers.links.visitors import Visitors
from storage import clicks as store
from storage import links
from storage.batcher import Batcher
from storage.clicks import ClickRow
from storage.database import Database
from storage.links import Link
from storage.tx import Tx

IDENTITY_MS = 15 * 60 * 1000  # how long a personal link stands for its member
PATIENCE = 3.0  # seconds a fan waits for the database
RETRY = 1.0  # seconds between attempts to reach it again
KNOWN = 10_000  # links kept in memory
WEB = "web"  # the platform of a click on a shared link

log = structlog.get_logger("clicks")
_HOST = re.compile(r"[a-z0-9.-]{1,253}")


@dataclass(frozen=True, slots=True)
class Opening:
    """A request for a link as it came; `address` and `user_agent` are forgotten at once.

    `purposes` are the headers of `classify.PURPOSES` that came; `token` that of a personal link;
    `declined` when the sender asked not to be tracked.
    """

    method: str
    user_agent: str
    purposes: Mapping[str, str]
    address: str
    referrer: str = ""
    token: str = ""
    declined: bool = False


@dataclass(frozen=True, slots=True)
class Click:
    """A classified request; whose it is will be known in the unit of work that stores it."""

    id: str
    link: str
    at: int
    day: str
    kind: str
    reason: str
    ruleset: str
    device: str
    browser: str
    os: str
    referrer: str | None
    token: str
    visitor: str
    declined: bool


@dataclass(slots=True)
class _Waiting:
    """A click on its way; the unit that stores it puts what the database knows into `link`."""

    click: Click
    link: Link


class Clicks:
    """Looks links up and counts what comes for them.

    Memory knows which link a slug is, which never changes; where it leads, and whether it is over,
    is said by the unit of work that stores the click.
    """

    def __init__(
        self, database: Database, world: World, spill: Path, patience: float = PATIENCE
    ) -> None:
        """`spill` is a file of this process alone, for clicks the database does not take within
        `patience` seconds."""
        self._patience = patience
        self._database = database
        self._world = world
        self._spill = Spill(spill)
        self._visitors = Visitors(world.random)
        self._batcher: Batcher[_Waiting] = Batcher(database, self._write)
        self._known: dict[str, Link] = {}
        self._away = False  # the database did not answer when it was last asked
        self._wake = asyncio.Event()

    async def find(self, slug: str) -> Link | None:
        """The link as it was last seen. Raises when the database is away and it never was."""
        if slug in self._known:
            return self._known[slug]
        async with asyncio.timeout(self._patience), self._database.read() as tx:
            link = await links.link_by_slug(tx, slug)
        if link is not None:
            self._remember(link)
        return link

    async def record(self, link: Link, opening: Opening) -> tuple[Link, Class]:
        """Returns when the request is on disk, with the link as it is now and what it counts as."""
        click = self._click(link, opening)
        waiting = _Waiting(click, link)
        if self._away or not await self._stored(waiting):
            await self._kept(click)
        self._remember(waiting.link)
        return waiting.link, Class(click.kind)

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
        if not self._known:
            async with self._database.read() as tx:
                for link in reversed(await links.latest(tx, KNOWN)):
                    self._remember(link)
        await self._spill.replay(self._recover)
        self._away = False

    def _remember(self, link: Link) -> None:
        if len(self._known) >= KNOWN and link.slug not in self._known:
            del self._known[next(iter(self._known))]
        self._known[link.slug] = link

    # One request --------------------------------------------------------------------------------

    def _click(self, link: Link, opening: Opening) -> Click:
        now = self._world.now()
        at, agent = millis(now), cut(opening.user_agent)
        visitor = self._visitors.key(opening.address, agent, at)
        verdict = classify(Visit(opening.method, agent, opening.purposes))
        what = f"{link.id} {opening.token}"
        if verdict.kind is Class.HUMAN and self._visitors.again(what, visitor, at):
            verdict = classify(Visit(opening.method, agent, opening.purposes, repeated=True))
        device = family(agent)
        return Click(
            self._world.new_id(), link.id, at, _day(now, link.timezone), str(verdict.kind),
            verdict.reason, str(RULESET), device.device, device.browser, device.os,
            host(opening.referrer), opening.token, visitor, opening.declined,
        )  # fmt: skip

    async def _stored(self, waiting: _Waiting) -> bool:
        try:
            async with asyncio.timeout(self._patience):
                await self._batcher.put_and_wait(waiting)
        except Exception as problem:  # whatever it is, the fan is led on and the click is kept
            if not self._away:
                log.warning("the database does not take clicks", why=repr(problem))
            self._away = True
            return False
        return True

    async def _kept(self, click: Click) -> None:
        try:
            await self._spill.keep(asdict(click))
        except OSError:
            log.exception("a click is lost", click=click.id)
        self._wake.set()

    # In the database ----------------------------------------------------------------------------

    async def _write(self, tx: Tx, waiting: Sequence[_Waiting]) -> None:
        """Store clicks on links that are not over."""
        slugs = sorted({one.link.slug for one in waiting})
        now = {slug: await links.link_by_slug(tx, slug) for slug in slugs}
        rows = []
        for one in waiting:
            one.link = now[one.link.slug] or one.link
            if not one.link.over(one.click.at):
                rows.append(await _row(tx, one.click))
        await store.add_clicks(tx, rows)

    async def _recover(self, records: Sequence[Any]) -> None:
        """Clicks may have been stored before they were spilled: those are left as they are."""
        clicks = [click for record in records if (click := _read(record)) is not None]

        async def unit(tx: Tx) -> None:
            await store.recover_clicks(tx, [await _row(tx, click) for click in clicks])

        await self._database.unit(unit)
        self._away = False
        log.info("clicks recovered", clicks=len(clicks))


def _day(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).date().isoformat()


def host(referrer: str) -> str | None:
    """The host of a Referer header, None where it is not one."""
    try:
        found = urlsplit(referrer[:2048]).hostname or ""
    except ValueError:
        return None
    return found if _HOST.fullmatch(found) else None


def _read(record: Any) -> Click | None:
    names = {f.name for f in fields(Click)}
    if not isinstance(record, dict) or set(record) != names:
        log.error("a record of the spill file is not a click")
        return None
    return Click(**record)


async def _row(tx: Tx, click: Click) -> ClickRow:
    """The click as it is kept: with its member's pseudonym while a personal link stands for them.

    Only a person's opening uses a personal link up; previews and other robots do not.
    """
    kind, reason, platform, who, forwarded = click.kind, click.reason, WEB, None, False
    if click.token and (click.declined or kind not in (Class.HUMAN, Class.REPEAT)):
        platform = await links.token_platform(tx, click.token, click.link) or WEB
    elif click.token:
        holder = await links.take_token(tx, click.token, click.link, click.visitor)
        if holder is not None:
            platform = holder.platform
            fresh = click.at - holder.issued_at <= IDENTITY_MS
            forwarded = not fresh or holder.opened_by != click.visitor
            who = None if forwarded else holder.who
            if not forwarded and holder.role > Role.FAN:
                kind, reason = Class.SELF, "team"
    return ClickRow(
        click.id, click.link, click.at, click.day, str(kind), reason, click.ruleset, platform, who,
        click.device, click.browser, click.os, click.referrer, forwarded,
    )  # fmt: skip
