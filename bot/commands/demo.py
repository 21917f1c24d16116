"""`demo`: the whole of Adda in a browser, without a token: two imitated platforms, one sample."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bot import logs
from bot.app import Adda, assemble, run_to_end, stop_on_signal
from bot.commands.run import counting, opened
from bot.commands.sample import COMMUNITY, GIVEAWAY, LINKS, SHOP, answers
from bot.model import Role
from bot.platforms.playground import Playground
from bot.settings import Settings
from bot.world import Clock, World, real_world
from handlers.links.clicks import Clicks
from storage import links, people
from storage.schema import migrations, newest, tables
from storage.seal import Seal
from storage.tx import Tx
from storage.whole import whole
from web.api import api_routes
from web.app import Site, application
from web.giveaway import giveaway_routes
from web.health import health
from web.playground import playground, upcoming
from web.qr import qr_routes
from web.redirect import Doors, redirect_routes
from web.report import report_routes
from web.report_pane import BrandPane

KEY = "playground"  # nothing in a playground is secret
PLATFORMS = ("telegram", "discord")


def demo_command(arguments: argparse.Namespace) -> None:
    """Serve the playground on this machine until Ctrl-C."""
    logs.set_up("warning", "text")
    with database(arguments.database) as url:
        run_to_end(demo(url, arguments.port))


@contextlib.contextmanager
def database(file: str | None) -> Iterator[str]:
    """The address of the given file, or of one that is gone afterwards."""
    if file is not None:
        yield f"sqlite:///{Path(file).absolute()}"
        return
    with tempfile.TemporaryDirectory(prefix="adda-") as folder:
        yield f"sqlite:///{folder}/adda.db"


async def demo(url: str, port: int) -> None:
    """Everything on one loopback port; a database that has a community already is left as it is."""
    settings = Settings.model_validate(
        {"database_url": url, "community": COMMUNITY, "operator": "you, on this machine",
         "http_port": port, "public_url": f"http://127.0.0.1:{port}"}
    )  # fmt: skip
    clock, real = Clock(), real_world()
    world = World(clock.now, real.new_id, real.random)
    stage, stop = Playground(world, clock), stop_on_signal()
    async with opened(settings, Seal(KEY)) as store:
        adda = assemble(settings, world, store, stage.doors)
        clicks = Clicks(store, world, Path(url.removeprefix("sqlite:///") + ".clicks.jsonl"))
        working = asyncio.create_task(adda.run(stop))
        try:
            await _open(adda, stage)
            async with _site(adda, stage, clicks) as site, counting(clicks):
                sys.stdout.write(f"Playground: {site.address}\n")
                sys.stdout.flush()
                await working
        finally:
            stop.set()
            await working


def _site(adda: Adda, stage: Playground, clicks: Clicks) -> Site:
    routes = health(adda.database, adda.platforms)
    pane = BrandPane(adda.database, adda.world, SHOP)
    routes += playground(stage, adda.settings.timezone, pane.enter)
    routes += qr_routes(adda.database, adda.world, adda.settings.public_url)
    routes += report_routes(adda.database, adda.world, secure=False, framed=True)
    routes += api_routes(adda.database, adda.world, adda.settings.public_url)
    routes += giveaway_routes(adda.database, adda.world, adda.settings.beacon_relays)
    routes += redirect_routes(clicks, adda.database, adda.world, Doors(own_pages=False))
    return Site(application(routes), adda.settings.http_host, adda.settings.http_port)


async def _open(adda: Adda, stage: Playground) -> None:
    """People may act from now on; an empty database gets the sample."""

    async def refill() -> None:
        async with whole(adda.settings.database_url) as everything:
            names = tables(migrations(), newest(migrations()))
            await everything.script(f"delete from {name}" for name in reversed(names))  # noqa: S608
        await fill(adda, stage)

    for door in stage.doors.values():
        door.open(adda.core, adda.book.cards())
    stage.connect(adda.postman.idle, upcoming(adda.database), refill)
    async with adda.database.read() as tx:
        home = await people.home_community(tx)
    if home is None:
        await fill(adda, stage)


async def fill(adda: Adda, stage: Playground) -> None:
    """A community with a creator, a brand, answers and sponsored links, made as a creator would."""

    async def found(tx: Tx) -> None:
        community, now = adda.world.new_id(), round(adda.world.now().timestamp() * 1000)
        await people.add_community(tx, community, COMMUNITY, "bn", "Asia/Dhaka", now)
        for who, role in (("creator", Role.OWNER), ("brand", Role.BRAND)):
            for platform in PLATFORMS:
                member = adda.world.new_id()
                await people.add_member(tx, community, member, platform, who, who, role, now)
        for platform in PLATFORMS:
            await people.attach(tx, community, platform, "fans", None, "fans", now)

    await adda.database.unit(found)
    await stage.command("creator", "telegram", "dm", "answers import", {"text": answers()})
    shown = stage.seen("creator", "telegram", "dm")[-1]
    await stage.press("creator", "telegram", shown.id, shown.rows[0][0].data or "")
    for link in LINKS:
        await stage.command("creator", "telegram", "dm", "link new", link)
    await adda.database.unit(_read_figures)
    stage.clear()
    await stage.command("creator", "telegram", "dm", "giveaway new", GIVEAWAY)
    preview = stage.seen("creator", "telegram", "dm")[-1]
    await stage.press("creator", "telegram", preview.id, preview.rows[0][0].data or "")


async def _read_figures(tx: Tx) -> None:
    """The sample's brand person may read the sample brand's figures."""
    home = await people.home_community(tx)
    shop = await links.find_brand(tx, home.id, SHOP) if home else None
    if home is None or shop is None:
        return
    for platform in PLATFORMS:
        member = await people.find_member(tx, home.id, platform, "brand")
        if member is not None:
            await links.add_brand_person(tx, shop.id, member.id)
