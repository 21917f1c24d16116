"""The playground's brand sees its report as a brand does: the page itself, in a frame."""

from __future__ import annotations

from aiohttp import web

from bot.wire import millis
from bot.world import World, code
from handlers.reporting.commands import PATH, TOKEN
from storage import people
from storage import report_links as store
from storage.database import Database
from storage.report_links import ReportLink
from storage.tx import Tx
from web.report import PAGE, cookie_name, language_of

LASTS = 730 * 86_400_000  # ms of the playground's clock, which people turn forward


class BrandPane:
    """Lets the playground's brand into the report of one brand: no press, since it is on this
    machine. One report link serves until the sample is laid anew."""

    def __init__(self, database: Database, world: World, brand: str) -> None:
        self._database, self._world, self._brand = database, world, brand
        self._token = ""

    async def enter(self, request: web.Request) -> web.StreamResponse:
        """To the page, with the cookie that opens it; 404 while the brand has no campaign."""
        cookie = code(self._world.random(TOKEN))
        link = await self._database.unit(lambda tx: self._let_in(tx, cookie))
        if link is None:
            raise web.HTTPNotFound
        there = f"/{PATH}/{link.id}"
        to = web.HTTPSeeOther(f"{there}/{PAGE}?language={language_of(request)}")
        to.set_cookie(cookie_name(link.id), cookie, path=there, httponly=True, samesite="Lax")
        raise to

    async def _let_in(self, tx: Tx, cookie: str) -> ReportLink | None:
        now = millis(self._world.now())
        link = await store.find(tx, self._token) if self._token else None
        if link is None or link.over(now):
            link = await self._made(tx, now)
        if link is not None:
            await store.enter(tx, link, cookie, self._world.new_id(), now)
        return link

    async def _made(self, tx: Tx, now: int) -> ReportLink | None:
        home = await people.home_community(tx)
        named = await store.campaigns(tx, home.id, now) if home else []
        found = next((one for one in named if one.brand == self._brand), None)
        if home is None or found is None:
            return None
        self._token = code(self._world.random(TOKEN))
        until = now + LASTS
        await store.add(tx, home.id, found.id, self._world.new_id(), self._token, now, until)
        return await store.find(tx, self._token)
