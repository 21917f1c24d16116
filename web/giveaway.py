"""A giveaway's public page, what it promised and how it ended, and the proof of its draw."""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
import weakref
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from bot.wire import millis
from bot.world import World
from handlers.giveaways import proof
from handlers.giveaways.facts import Facts, Library
from handlers.giveaways.proofs import PATH
from storage import giveaway_proofs as store
from storage.database import Database, Glimpses
from storage.giveaways import Giveaway
from web.giveaway_pages import Pages
from web.report import language_of

HERE = Path(__file__).parent
SCRIPTS: Sequence[str] = (
    "giveaway.js", "giveaway_check.js", "giveaway_log.js", "gw1.js", "proof_kit.js",
)  # fmt: skip
KEPT = 8  # proofs kept as files, made anew when the log goes on
_ID = re.compile(r"[0-9a-z]{16}")


def giveaway_routes(
    database: Database, world: World, relays: Sequence[str] = ()
) -> list[web.RouteDef]:
    """`relays` are drand's addresses; the page's script may ask them, and us, and nobody else."""
    site = _Giveaways(database, world, Pages(relays))
    return [
        *(web.get(f"/{PATH}/{name}", _script(name)) for name in SCRIPTS),
        web.get(f"/{PATH}/{{id}}", site.page),
        web.get(f"/{PATH}/{{id}}/{proof.NAME}", site.proof),
    ]


class _Giveaways:
    def __init__(self, database: Database, world: World, pages: Pages) -> None:
        self._database, self._world, self._pages = database, world, pages
        self._library, self._proofs = Library(), _Proofs(database)

    async def page(self, request: web.Request) -> web.Response:
        id, language = request.match_info["id"], language_of(request)
        facts = await self._facts(id) if _ID.fullmatch(id) else None
        if facts is None:
            return self._pages.unknown(language)
        return self._pages.page(facts, language, millis(self._world.now()))

    async def _facts(self, id: str) -> Facts | None:
        async with self._database.read() as tx:
            return await self._library.facts(tx, id)

    async def proof(self, request: web.Request) -> web.StreamResponse:
        id = request.match_info["id"]
        found = await self._found(id) if _ID.fullmatch(id) else None
        if found is None or not proof.provable(found):
            return self._pages.unknown(language_of(request))
        named = {hdrs.CONTENT_DISPOSITION: f'attachment; filename="{proof.NAME}"'}
        headers = self._pages.headers | named | {hdrs.CONTENT_TYPE: "application/zip"}
        return web.FileResponse(await self._proofs.file(found), headers=headers)

    async def _found(self, id: str) -> Giveaway | None:
        async with self._database.read() as tx:
            found = await store.published(tx, id)
        return found.giveaway if found else None


class _Proofs:
    """Proofs as files, each made once for each length of its log, and one at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._folder: Path | None = None
        self._kept: OrderedDict[str, Path] = OrderedDict()
        self._making = asyncio.Lock()

    async def file(self, giveaway: Giveaway) -> Path:
        name = f"{giveaway.id}-{giveaway.log_number}.zip"
        async with self._making:
            if name not in self._kept:
                self._kept[name] = await self._made(giveaway, name)
            self._kept.move_to_end(name)
            if len(self._kept) > KEPT:
                _, oldest = self._kept.popitem(last=False)
                oldest.unlink(missing_ok=True)  # whoever downloads it has it open
            return self._kept[name]

    async def _made(self, giveaway: Giveaway, name: str) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="adda-proofs-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        path = self._folder / name
        with path.open("wb") as into:  # pages of rows follow
            await proof.write(Glimpses(self._database), giveaway, into)
        return path


def _script(name: str) -> Handler:
    async def script(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(HERE / "static" / name, headers={"Cache-Control": "no-cache"})

    return script
