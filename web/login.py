"""Login buttons: `GET /login/{slug}` leads whom a platform vouches for to their own link."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import structlog
from aiohttp import hdrs, web
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from bot.model import Login, Say
from bot.words import LANGUAGES, Reader
from bot.world import World
from handlers.links import login as logins
from handlers.links.classify import PURPOSES
from handlers.links.disclosure import label_of
from handlers.links.login import Way
from storage.database import Database

PATIENCE = 3.0  # seconds a fan waits for the database
# Neither the signature nor the token may be kept by a proxy or be told to the shop.
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
_SLUG = re.compile(r"[a-z0-9-]{3,40}")
Verify = Callable[[Iterable[tuple[str, str]]], Login | None]
log = structlog.get_logger("login")


def login_routes(database: Database, world: World, verify: Verify) -> list[web.RouteDef]:
    """`verify` reads who it is out of a query. Whoever is not known, or does not want to be, is
    led to the shared link; no one is stopped."""
    page = _Page()

    async def enter(request: web.Request) -> web.StreamResponse:
        slug = request.match_info["slug"].lower()
        if not _SLUG.fullmatch(slug):
            raise web.HTTPNotFound
        login = verify(request.query.items()) if _asks(request) else None
        way = await _way(slug, login) if login is not None else Way(f"/{slug}")
        return page.shown(way) if way.notice else _led(way.to)

    async def _way(slug: str, login: Login) -> Way:
        try:
            async with asyncio.timeout(PATIENCE):
                return await database.unit(partial(logins.way, world, slug, login))
        except Exception as problem:  # whatever it is, the fan is led on
            log.warning("a login cannot be looked up", why=repr(problem))
            return Way(f"/{slug}")

    return [web.get("/login/{slug}", enter)]


def _asks(request: web.Request) -> bool:
    """A person's own opening, who did not ask to be left alone."""
    headers = request.headers
    declined = headers.get("DNT") == "1" or headers.get("Sec-GPC") == "1"
    return (
        request.method == hdrs.METH_GET and not declined and not any(p in headers for p in PURPOSES)
    )


def _led(to: str) -> web.Response:
    return web.Response(status=302, headers={hdrs.LOCATION: to, **HEADERS})


@dataclass(frozen=True, slots=True)
class _Part:
    language: str
    label: str
    notice: str
    go: str
    untracked: str


class _Page:
    """The one line on what is counted, before a member's first personal link."""

    def __init__(self) -> None:
        found = Environment(
            loader=PackageLoader("web", "pages"), autoescape=True, undefined=StrictUndefined
        )
        self._page: Template = found.get_template("login.html")
        style = re.search(r"<style>(.*?)</style>", self._page.render(parts=[], way=None), re.DOTALL)
        digest = hashlib.sha256((style[1] if style else "").encode()).digest()
        self._headers = HEADERS | {
            "Content-Security-Policy": (
                f"default-src 'none'; style-src 'sha256-{base64.b64encode(digest).decode()}'; "
                "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            )
        }

    def shown(self, way: Way) -> web.Response:
        assert way.link is not None  # noqa: S101
        parts = []
        for language in LANGUAGES:
            say = Reader(language, way.link.timezone).text
            parts.append(
                _Part(
                    language, say(label_of(way.link)), say(way.notice or Say("lines", lines=())),
                    say(Say("login.continue")), say(Say("login.untracked")),
                )
            )  # fmt: skip
        return web.Response(
            text=self._page.render(parts=parts, way=way), content_type="text/html",
            headers=self._headers,
        )  # fmt: skip
