"""`run`: the bot at work on the platforms whose tokens are set, and the web server beside it."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import structlog
from aiohttp import web

from bot import logs
from bot.app import Adda, assemble, run_to_end, stop_on_signal, tune_interpreter
from bot.commands import Trouble
from bot.platforms.base import Platform
from bot.platforms.telegram_login import login
from bot.settings import Settings
from bot.setup import prepare
from bot.world import World, real_world
from handlers.giveaways.relays import Relays
from handlers.links.clicks import Clicks
from handlers.links.shop_pages import Prober
from handlers.links.spill_files import claimed
from handlers.reporting.posting import Poster
from handlers.reporting.sealing import Sealer
from storage.database import Database, open_database
from storage.seal import Seal
from storage.setup import try_key
from web.api import api_routes
from web.app import Site, application
from web.downloads import download_routes
from web.giveaway import giveaway_routes
from web.health import health
from web.login import login_routes
from web.qr import qr_routes
from web.redirect import Doors, redirect_routes
from web.report import report_routes
from web.webhook import webhook

NOTHING = (
    "There is no token, so there is nothing to run. Make one with `python -m bot init`, "
    "or try Adda without any: `python -m bot demo`."
)
NO_WEBHOOK = (
    "TELEGRAM_WEBHOOK needs PUBLIC_URL, the https address at which Telegram reaches this server."
)
NO_LOGIN = (
    "TELEGRAM_LOGIN needs PUBLIC_URL, the https address whose domain this bot was given at "
    "@BotFather (/setdomain). Set it, or set TELEGRAM_LOGIN=false."
)
ALONE = (
    "Another process runs on this database. Stop it first, or move to PostgreSQL: SQLite is for "
    "exactly one."
)
ONLY = ("telegram", "discord", "web")
log = structlog.get_logger("run")


class CannotRun(Trouble):
    """The settings leave nothing to do; the text says the remedy."""


def run_command(arguments: argparse.Namespace) -> None:
    """Run until SIGTERM or Ctrl-C. Raises CannotRun and the errors of the parts, as sentences."""
    settings = Settings()
    logs.set_up(settings.log_level, settings.log_format)
    run_to_end(run(settings, arguments.only))


async def run(settings: Settings, only: str | None = None) -> None:
    """All of Adda, or one part of it."""
    world, seal = real_world(), Seal(settings.secret())
    doors = platforms(settings, world, seal, only)
    if not doors and only != "web":
        raise CannotRun(NOTHING)
    stop = stop_on_signal()
    async with opened(settings, seal) as database:
        with claimed(spill_file(settings)) as spill:
            if database.dialect == "sqlite" and spill != spill_file(settings):
                raise CannotRun(ALONE)
            clicks = Clicks(database, world, spill)
            if only == "web":
                await serve(settings, world, database, clicks, stop)
                return
            code = await prepare(database, settings, world)
            joined = {door.name: door for door in doors}
            adda = assemble(
                settings, world, database, joined, Prober(), Poster(), relays_of(settings, world)
            )
            serving = site(settings, seal, adda, clicks)
            async with serving, counting(clicks), sealing(database, world):
                _say(settings, doors, only, code)
                await adda.run(stop)


def relays_of(settings: Settings, world: World) -> Relays | None:
    """Those to fetch draws' randomness from, None where the operator wants none."""
    return Relays(settings.beacon_relays, world.now) if settings.beacon_relays else None


async def serve(
    settings: Settings, world: World, database: Database, clicks: Clicks, stop: asyncio.Event
) -> None:
    """Links and downloads alone, until `stop`: no platform, no timer; those are the main process's,
    and several of these may run beside it on PostgreSQL. Raises WrongKey."""
    await database.unit(try_key)
    routes = health(database, {}) + _links(settings, world, database, clicks)
    async with Site(application(routes), settings.http_host, settings.http_port), counting(clicks):
        _say(settings, (), "web", None)
        tune_interpreter()
        await stop.wait()


@contextlib.asynccontextmanager
async def opened(settings: Settings, seal: Seal) -> AsyncIterator[Database]:
    """The database, migrated; closed when the block ends."""
    database = await open_database(settings.database_url, seal)
    try:
        yield database
    finally:
        await database.close()


@contextlib.asynccontextmanager
async def counting(clicks: Clicks) -> AsyncIterator[None]:
    """Clicks kept aside while the database was away are brought in while the block runs."""
    task = asyncio.create_task(clicks.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@contextlib.asynccontextmanager
async def sealing(database: Database, world: World) -> AsyncIterator[None]:
    """Days that are over are sealed while the block runs, those missed before as well."""
    task = asyncio.create_task(Sealer(database, world).run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def site(settings: Settings, seal: Seal, adda: Adda, clicks: Clicks) -> Site:
    """Health, redirects, and the webhook where one is asked for."""
    routes = health(adda.database, adda.platforms)
    telegram = adda.platforms.get("telegram")
    if settings.telegram_webhook and telegram is not None:
        from bot.platforms.telegram import Telegram

        assert isinstance(telegram, Telegram)  # noqa: S101
        routes += webhook(_secret(seal, "webhook path"), telegram.receive)
    routes += _links(settings, adda.world, adda.database, clicks)
    return Site(application(routes), settings.http_host, settings.http_port)


def _links(
    settings: Settings, world: World, database: Database, clicks: Clicks
) -> list[web.RouteDef]:
    """What every process that listens serves."""
    doors = Doors(settings.trusted_proxies, settings.country_header)
    routes = download_routes(database, world) + redirect_routes(clicks, database, world, doors)
    routes += qr_routes(database, world, settings.public_url)
    secure = settings.public_url.startswith("https:")
    routes += report_routes(database, world, secure=secure)
    routes += api_routes(database, world, settings.public_url)
    routes += giveaway_routes(database, world, settings.beacon_relays)
    if settings.telegram_login and settings.telegram_token:
        token = settings.telegram_token
        routes += login_routes(database, world, lambda query: login(token, query, world.now()))
    return routes


def platforms(
    settings: Settings, world: World, seal: Seal, only: str | None = None
) -> list[Platform]:
    """The front doors whose tokens are set; a library is imported only when it is needed."""
    doors: list[Platform] = []
    if settings.telegram_token and only in (None, "telegram"):
        from bot.platforms.telegram import Telegram, Webhook

        hook = None
        if settings.telegram_webhook:
            if not settings.public_url:
                raise CannotRun(NO_WEBHOOK)
            path = f"{settings.public_url}/telegram/{_secret(seal, 'webhook path')}"
            hook = Webhook(path, _secret(seal, "webhook header"))
        doors.append(
            Telegram(
                settings.telegram_token, world.now, api_base=settings.telegram_api_base,
                file_base=settings.telegram_file_base, webhook=hook, login=_login(settings),
            )
        )  # fmt: skip
    if settings.discord_token and only in (None, "discord"):
        from bot.platforms.discord import Discord

        doors.append(
            Discord(
                settings.discord_token, api_base=settings.discord_api_base,
                gateway_url=settings.discord_gateway_url, now=world.now,
            )
        )  # fmt: skip
    return doors


def _login(settings: Settings) -> str:
    """Where login buttons lead, "" when there are none. Raises CannotRun."""
    if not settings.telegram_login:
        return ""
    if not settings.public_url.startswith("https://"):
        raise CannotRun(NO_LOGIN)
    return settings.public_url


def _secret(seal: Seal, purpose: str) -> str:
    """A secret that outlives restarts and needs no setting of its own."""
    return hashlib.sha256(seal.derive(purpose)).hexdigest()


def spill_file(settings: Settings) -> Path:
    """Where clicks go while the database is away: beside it, or here for a server. Another process
    takes a name like it."""
    if settings.database_url.startswith("sqlite:///"):
        return Path(settings.database_url.removeprefix("sqlite:///") + ".clicks.jsonl")
    return Path("adda.clicks.jsonl")


def _say(settings: Settings, doors: Sequence[Platform], only: str | None, code: str | None) -> None:
    on = {door.name for door in doors}
    for name, token in (("telegram", settings.telegram_token), ("discord", settings.discord_token)):
        state = "on" if name in on else "off (no token)" if not token else "off (--only)"
        log.info("platform", name=name, state=state)
    links = settings.public_url or "off (set PUBLIC_URL): links are given direct, untracked"
    log.info("links", address=links)
    if code is not None and only != "web":
        log.info("claim this bot within 15 minutes", write=f"/claim {code}")
