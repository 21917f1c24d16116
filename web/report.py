"""A brand's report: an address shows one button, the press gives a cookie, the cookie the page."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from bot.wire import millis
from bot.words import LANGUAGES
from bot.world import World, code
from handlers.reporting.commands import PATH, TOKEN
from handlers.reporting.files import as_csv, as_json
from handlers.reporting.proof import packed, sealed_days
from handlers.reporting.view import View
from storage import report_links as store
from storage import seals
from storage.database import Database
from storage.report_links import ReportLink
from web.report_check import CheckPage
from web.report_live import EVERY, Live, mark_of
from web.report_pages import Pages, Sealing
from web.report_view import brands_view

HERE = Path(__file__).parent
PAGE = "report"
CHECK = "verify"  # of the page that checks a proof, after the path
FOLLOWS = "Adda-Follows"  # asked for by the page itself: nobody has opened it anew
# Beside the pages, as files of their own.
SCRIPTS: Sequence[str] = ("report.js", "report_check.js", "proof_kit.js")
_TOKEN = re.compile(rf"[0-9a-z]{{{TOKEN}}}")
_ID = re.compile(r"[0-9a-z]{16}")


def report_routes(
    database: Database, world: World, *, secure: bool, framed: bool = False, every: float = EVERY
) -> list[web.RouteDef]:
    """`secure`: the address is https, so cookies go nowhere else. `framed`: our own pages may show
    it in a frame. An open page is brought up to date `every` so many seconds at most.

    What fetches addresses to show them in a chat gets the button and uses nothing up. The page is
    at an address without the token, which therefore stands in no history and no log.
    """
    site = _Reports(database, world, secure, Pages(framed=framed), every)
    door, inside = f"/{PATH}/{{token}}", f"/{PATH}/{{link}}"
    return [
        *(web.get(f"/{PATH}/{name}", _script(name)) for name in SCRIPTS),
        web.get(f"/{PATH}/{CHECK}", _checking(CheckPage())),
        web.get(f"{inside}/{PAGE}", site.page),
        web.get(f"{inside}/live", site.live),
        web.get(f"{inside}/report.csv", site.csv),
        web.get(f"{inside}/report.json", site.json),
        web.get(f"{inside}/proof.zip", site.proof),
        web.get(door, site.door),
        web.post(door, site.enter),
    ]


class _Reports:
    def __init__(
        self, database: Database, world: World, secure: bool, pages: Pages, every: float
    ) -> None:
        self._database, self._world, self._secure = database, world, secure
        self._pages, self._live = pages, Live(database, self._view, every)

    # The door -----------------------------------------------------------------------------------

    async def door(self, request: web.Request) -> web.Response:
        link, language = await self._asked(request), language_of(request)
        if link is None or link.over(self._now()):
            return self._pages.gone(link, language)
        return self._pages.door(link, language)

    async def enter(self, request: web.Request) -> web.Response:
        link, language = await self._asked(request), language_of(request)
        if link is None or link.over(self._now()):
            return self._pages.gone(link, language)
        cookie, opening, now = code(self._world.random(TOKEN)), self._world.new_id(), self._now()
        await self._database.unit(lambda tx: store.enter(tx, link, cookie, opening, now))
        there = f"/{PATH}/{link.id}"
        to = web.Response(
            status=303, headers={hdrs.LOCATION: f"{there}/{PAGE}?language={language}"}
        )
        to.headers.update(self._pages.headers)
        to.set_cookie(
            cookie_name(link.id), cookie, path=there, httponly=True, samesite="Lax",
            secure=self._secure, max_age=max(0, (link.expires_at - now) // 1000),
        )  # fmt: skip
        return to

    async def _asked(self, request: web.Request) -> ReportLink | None:
        token = request.match_info["token"]
        if not _TOKEN.fullmatch(token):
            return None
        async with self._database.read() as tx:
            return await store.find(tx, token)

    # Inside -------------------------------------------------------------------------------------

    async def page(self, request: web.Request) -> web.Response:
        link, language = await self._entered(request), language_of(request)
        if link is None or link.over(self._now()):
            return self._pages.gone(link, language)
        if FOLLOWS not in request.headers:
            opening, now = self._world.new_id(), self._now()
            await self._database.unit(lambda tx: store.opened(tx, link.id, opening, now))
        shown = await self._view(link)
        async with self._database.read() as tx:
            report = shown.report
            newest = await seals.head(tx, link.community)
            renewed = await seals.renewed(
                tx, link.community, link.campaign, report.since, report.until
            )
        sealing = Sealing(newest, renewed)
        return await asyncio.to_thread(self._pages.page, shown, language, sealing, mark_of(shown))

    async def live(self, request: web.Request) -> web.StreamResponse:
        link = await self._entered(request)
        if link is None or link.over(self._now()):
            return web.Response(status=404, headers=self._pages.headers)

        async def still() -> bool:
            now = await self._entered(request)
            return now is not None and not now.over(self._now())

        return await self._live.follow(request, link, still)

    async def csv(self, request: web.Request) -> web.Response:
        return await self._file(request, "csv")

    async def json(self, request: web.Request) -> web.Response:
        return await self._file(request, "json")

    async def _file(self, request: web.Request, kind: str) -> web.Response:
        link, language = await self._entered(request), language_of(request)
        if link is None or link.over(self._now()):
            return self._pages.gone(link, language)
        shown = await self._view(link)
        text = as_csv(shown, language) if kind == "csv" else as_json(shown, language)
        types = {"csv": "text/csv", "json": "application/json"}
        return self._pages.file(text.encode(), types[kind], f"report.{kind}")

    async def proof(self, request: web.Request) -> web.Response:
        link, language = await self._entered(request), language_of(request)
        if link is None or link.over(self._now()):
            return self._pages.gone(link, language)
        shown = await self._view(link)
        async with self._database.read() as tx:
            chain, days = await sealed_days(tx, shown)
        key = seals.signer(self._database.seal)
        data = await asyncio.to_thread(packed, shown, language, chain, days, key)
        return self._pages.file(data, "application/zip", "report-proof.zip")

    async def _entered(self, request: web.Request) -> ReportLink | None:
        """The report of this address, if this browser was let in there."""
        link = request.match_info["link"]
        cookie = request.cookies.get(cookie_name(link), "")
        if not _ID.fullmatch(link) or not _TOKEN.fullmatch(cookie):
            return None
        async with self._database.read() as tx:
            return await store.entered(tx, link, cookie)

    async def _view(self, link: ReportLink) -> View:
        now = self._world.now()
        return await brands_view(self._database, link.community, link.campaign, now)

    def _now(self) -> int:
        return millis(self._world.now())


def _checking(page: CheckPage) -> Handler:
    async def shown(request: web.Request) -> web.Response:
        return page.shown(language_of(request))

    return shown


def _script(name: str) -> Handler:
    async def script(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(HERE / "static" / name, headers={"Cache-Control": "no-cache"})

    return script


def cookie_name(link: str) -> str:
    """A name of its own for each report, so that one browser may see several."""
    return f"report_{link}"


def language_of(request: web.Request) -> str:
    """What the reader chose, else what their browser asks for, else Bengali."""
    chosen = request.query.get("language", "")
    if chosen in LANGUAGES:
        return chosen
    for part in request.headers.get(hdrs.ACCEPT_LANGUAGE, "")[:200].split(","):
        if (code := part.strip()[:2].lower()) in LANGUAGES:
            return code
    return LANGUAGES[0]
