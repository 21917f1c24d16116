"""The server of one subject of `benchmarks.redirects`, in a process of its own on uvloop."""

from __future__ import annotations

import argparse
import asyncio
import secrets
from ipaddress import ip_network
from pathlib import Path

import uvloop
from aiohttp import hdrs, web

from bot.app import tune_interpreter
from bot.world import real_world
from handlers.links.classify import Class
from handlers.links.clicks import Clicks, Opening
from storage.database import open_database
from storage.links import Link
from storage.migrate import migrate
from storage.seal import Seal
from storage.whole import whole
from web.app import Site, application
from web.redirect import Doors, redirect_routes

SECRET = "benchmark"
LINKS = 20
SHOP = "https://shop.example/saree?size=m"


def slug(number: int) -> str:
    return f"link-{number:02d}"


class Unkept(Clicks):
    """Looks links up and classifies requests, and stores nothing but the first one."""

    async def record(self, link: Link, opening: Opening) -> tuple[Link, Class]:
        click = self.judged(link, opening)
        return (link, Class(click.row.kind)) if click else await super().record(link, opening)


def static() -> web.RouteDef:
    """The same answer to everybody."""
    headers = {
        hdrs.LOCATION: SHOP, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
    }  # fmt: skip

    async def lead(_request: web.Request) -> web.Response:
        return web.Response(status=302, headers=headers)

    return web.get("/{name}", lead)


async def prepare(url: str, seal: Seal) -> None:
    """A community with one campaign of twenty links, unless it is there."""
    await migrate(url)
    ids = [f"{number:016d}" for number in range(LINKS)]
    key = seal.close(secrets.token_hex(32))
    campaign = ("id", "community", "brand", "disclosure_bn", "disclosure_en", "key_sealed")
    link = ("id", "slug", "community", "campaign", "destination", "placement", "created_at")
    async with whole(url) as db:
        if await db.value("select count(*) from links"):
            return
        await db.fill(
            "communities", ("id", "name", "language", "timezone", "created_at"),
            [("c", "Mitu", "bn", "Asia/Dhaka", 0)],
        )  # fmt: skip
        await db.fill("brands", ("id", "community", "name", "created_at"), [("b", "c", "Brand", 0)])
        await db.fill("campaigns", (*campaign, "starts_at"), [(ids[0], "c", "b", "x", "x", key, 0)])
        await db.fill(
            "links",
            link,
            [(id, slug(n), "c", ids[0], SHOP, f"place {n}", 0) for n, id in enumerate(ids)],
        )


async def serve(subject: str, url: str, port: int, folder: Path) -> None:
    world, seal = real_world(), Seal(SECRET)
    await prepare(url, seal)
    database = await open_database(url, seal)
    clicks = (Unkept if subject == "lookup" else Clicks)(database, world, folder / "spill")
    if subject == "static":
        routes = [static()]
    else:
        routes = redirect_routes(clicks, database, world, Doors([ip_network("127.0.0.0/8")]))
    running = asyncio.create_task(clicks.run())
    async with Site(application(routes), "127.0.0.1", port):
        tune_interpreter()  # as the program does
        print("ready", flush=True)
        await running


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("subject", choices=["static", "lookup", "durable"])
    parser.add_argument("url")
    parser.add_argument("port", type=int)
    parser.add_argument("folder", type=Path)
    chosen = parser.parse_args()
    uvloop.run(serve(chosen.subject, chosen.url, chosen.port, chosen.folder))


if __name__ == "__main__":
    main()
