"""QR codes: a link's picture, at an address that only the team was given."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.wire import millis
from bot.world import World
from handlers.links import qr
from storage import links
from storage.database import Database
from storage.links import Link

_LONGEST = 200  # characters of a token
_HEADERS = {"Cache-Control": "private, max-age=3600", "X-Robots-Tag": "noindex, nofollow"}


def qr_routes(database: Database, world: World, public_url: str) -> list[web.RouteDef]:
    """`GET /qr/{token}.png`; opening it counts nothing."""

    async def picture(request: web.Request) -> web.Response:
        link = await _link(database, request.match_info["token"], millis(world.now()))
        if link is None:
            raise web.HTTPNotFound
        url = link.destination if link.direct else f"{public_url}/{link.slug}"
        body = await asyncio.to_thread(qr.png, url)
        return web.Response(body=body, content_type="image/png", headers=_HEADERS)

    return [web.get(f"/{qr.PREFIX}/{{token}}.png", picture)]


async def _link(database: Database, token: str, now: int) -> Link | None:
    """The link that has not ended whose picture is asked for."""
    if len(token) > _LONGEST or not token.isascii():
        return None
    async with database.read() as tx:
        slug = qr.slug_in(tx.seal, token)
        found = await links.link_by_slug(tx, slug) if slug else None
    return found if found is not None and not found.over(now) else None
