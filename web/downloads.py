"""Downloads: a page with one button, behind which the answers of a community are a file, once."""

from __future__ import annotations

import asyncio
import html
import re

from aiohttp import hdrs, web

from bot.model import Say
from bot.wire import millis
from bot.words import LANGUAGES, Reader
from bot.world import World
from handlers.giveaways.exporting import entries_file
from handlers.questions.exporting import as_csv, as_json
from handlers.questions.taking import PATH
from storage import downloads, holdings
from storage.database import Database, Glimpses

_TOKEN = re.compile(r"[0-9a-z]{16,64}")
# Never kept by a browser or a proxy, found by no search, and told to no other site.
_PRIVATE = {
    "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}  # fmt: skip
_TYPES = {"csv": "text/csv", "json": "application/json"}


def download_routes(database: Database, world: World) -> list[web.RouteDef]:
    """`GET /answers/{token}` shows the button, `POST` gives the file: what fetches addresses to
    show them in a chat must not use the one download up."""

    async def show(request: web.Request) -> web.Response:
        token = _token(request)
        async with database.read() as tx:
            there = await downloads.offered(tx, token, millis(world.now()))
        return _page("ready" if there else "gone", 200 if there else 404)

    async def give(request: web.Request) -> web.Response:
        token, now = _token(request), millis(world.now())
        taken = await database.unit(lambda tx: downloads.take(tx, token, now))
        if taken is None:
            return _page("gone", 404)
        text, what = await _text(database, taken), "entries" if taken.giveaway else "answers"
        named = f'attachment; filename="adda-{what}.{taken.format}"'
        return web.Response(
            body=text.encode(), content_type=_TYPES[taken.format], charset="utf-8",
            headers={hdrs.CONTENT_DISPOSITION: named, **_PRIVATE},
        )  # fmt: skip

    path = f"/{PATH}/{{token}}"
    return [web.get(path, show), web.post(path, give)]


async def _text(database: Database, taken: downloads.Download) -> str:
    if taken.giveaway is not None:
        views = Glimpses(database)
        return await entries_file(views, taken.community, taken.giveaway, taken.format)
    async with database.read() as tx:
        rows = await holdings.rows_of(tx, taken.community)
    return await asyncio.to_thread(_file, rows, taken)


def _file(rows: holdings.Rows, taken: downloads.Download) -> str:
    write = as_json if taken.format == "json" else as_csv
    return write(holdings.joined(rows), taken.timezone)


def _token(request: web.Request) -> str:
    """Nothing else is worth asking the database for."""
    token = request.match_info["token"]
    return token if _TOKEN.fullmatch(token) else ""


def _page(key: str, status: int) -> web.Response:
    """In both languages; the button is a form that comes back to the same address."""
    say = [Reader(language, "UTC").text for language in LANGUAGES]
    words = "".join(f"<p>{html.escape(one(Say(f'download.{key}')))}</p>" for one in say)
    label = html.escape(" · ".join(one(Say("export.open")) for one in say))
    form = f'<form method="post"><button>{label}</button></form>' if key == "ready" else ""
    text = (
        '<!doctype html><html lang="bn"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Adda</title>{words}{form}</html>"
    )
    return web.Response(text=text, status=status, content_type="text/html", headers=_PRIVATE)
