"""Short links: `GET /{slug}` leads to the shop once the click is on disk, or says why not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from aiohttp import hdrs, web

from bot.wire import millis
from bot.world import World
from handlers.links.around import Surroundings
from handlers.links.classify import PURPOSES, Class, Visit, classify, cut, family
from handlers.links.click_ids import click_id
from handlers.links.clicks import Clicks, Opening
from handlers.links.routing import target
from storage.database import Database
from storage.links import Link
from web.link_pages import GO, LED, Pages
from web.misses import Misses
from web.visitor import Network, client, country, from_ours, reader, within

log = structlog.get_logger("redirect")
_NAME = re.compile(r"([a-z0-9-]{3,40})(?:\.([a-z0-9]{12}))?(\+)?")


@dataclass(frozen=True, slots=True)
class Doors:
    """`trusted` are the proxies whose X-Forwarded-For is believed, and whose `country_header`
    names the country; `own_pages`: an opening from a page of ours is our own, as it is not where
    the only pages are a playground's."""

    trusted: Sequence[Network] = ()
    country_header: str = ""
    own_pages: bool = True


def redirect_routes(
    clicks: Clicks, database: Database, world: World, doors: Doors | None = None
) -> list[web.RouteDef]:
    """`GET` and `HEAD` of `/{slug}`, `/{slug}.{token}`, and either with a `+` for a page that says
    first who pays. `clicks.run()` must be running beside them."""
    return [web.get("/{name}", Redirect(clicks, database, world, doors or Doors()).lead)]


class Redirect:
    """One request for a short link."""

    def __init__(self, clicks: Clicks, database: Database, world: World, doors: Doors) -> None:
        self._clicks = clicks
        self._world, self._seal = world, database.seal
        self._doors = doors
        self._pages = Pages()
        self._around = Surroundings(database)
        self._misses = Misses()

    async def lead(self, request: web.Request) -> web.StreamResponse:
        name = _NAME.fullmatch(request.match_info["name"].lower())
        if name is None:
            return self._pages.unknown()
        link = self._clicks.known(name[1])
        if link is None:
            looked_up = await self._look_up(request, name[1])
            if not isinstance(looked_up, Link):
                return looked_up
            link = looked_up
        now = self._now()
        if name[3] or not _leads(link, now):
            link = await self._clicks.fresh(link)
            if name[3] or not _leads(link, now):
                return await self._page(request, link, name[0].removesuffix("+"))
        click = self._world.new_id() if link.click_ids else ""
        opening = self._opening(request, name[2] or "", click)
        link, kind = await self._clicks.record(link, opening)
        if kind is Class.PREVIEW or link.over(now) or not _leads(link, now):
            return await self._page(request, link, name[0])
        given = click_id(self._seal, click) if click and link.click_ids else None
        return web.Response(status=302, headers={hdrs.LOCATION: _to(request, link, given), **LED})

    def _now(self) -> int:
        return millis(self._world.now())

    # What is unknown ----------------------------------------------------------------------------

    async def _look_up(self, request: web.Request, slug: str) -> Link | web.Response:
        """The link from the database; whoever guesses fast gets the same answer without asking."""
        address, now = self._address(request), self._now()
        if self._misses.many(address, now):
            return self._pages.unknown()
        try:
            link = await self._clicks.find(slug)
        except Exception as problem:  # a fan is told what to do, whatever it is
            log.warning("links cannot be looked up", why=repr(problem))
            return self._pages.away()
        if link is None:
            self._misses.missed(address, now)
            return self._pages.unknown()
        return link

    # Instead of the shop ------------------------------------------------------------------------

    async def _page(self, request: web.Request, link: Link, name: str) -> web.Response:
        """What the link is, for those who are not led on: robots that show it, people who want to
        know first, and everyone outside the offer's time."""
        language, now = reader(request.headers.get(hdrs.ACCEPT_LANGUAGE, "")), self._now()
        if link.over(now):
            return self._pages.ended(link, await self._around.all(link, now), language)
        if not link.begun(now):
            return self._pages.early(link, language)
        agent = cut(request.headers.get(hdrs.USER_AGENT, ""))
        if classify(Visit(hdrs.METH_GET, agent, {})).kind is Class.PREVIEW:
            return self._pages.preview(link, await self._around.language(link))
        return self._pages.check(link, name, _to(request, link), language)

    # What the request says ----------------------------------------------------------------------

    def _opening(self, request: web.Request, token: str, click: str) -> Opening:
        headers = request.headers
        return Opening(
            request.method,
            headers.get(hdrs.USER_AGENT, ""),
            {name: headers[name] for name in PURPOSES if name in headers},
            self._address(request),
            headers.get(hdrs.REFERER, ""),
            token,
            headers.get("DNT") == "1" or headers.get("Sec-GPC") == "1",
            headers.get(hdrs.ACCEPT_LANGUAGE, ""),
            self._country(request),
            self._doors.own_pages and from_ours(headers) and request.query_string != GO,
            click,
        )

    def _address(self, request: web.Request) -> str:
        if not self._doors.trusted:
            return request.remote or ""
        forwarded = request.headers.getall("X-Forwarded-For", ())
        return client(request.remote or "", forwarded, self._doors.trusted)

    def _country(self, request: web.Request) -> str:
        doors = self._doors
        given = request.headers.get(doors.country_header) if doors.country_header else None
        if not given or not within(request.remote or "", doors.trusted):
            return ""
        return country(given)


def _leads(link: Link, now: int) -> bool:
    return not link.direct and link.begun(now)


def _to(request: web.Request, link: Link, click: str | None = None) -> str:
    """Where this reader is led; with the id of their click where the shop is given one."""
    if not link.rules and not link.utm and click is None:
        return link.destination
    language = reader(request.headers.get(hdrs.ACCEPT_LANGUAGE, ""))
    device = family(request.headers.get(hdrs.USER_AGENT, "")).os
    return target(link, link.rules, language, device, click_id=click)
