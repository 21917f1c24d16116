"""The bots that are compared, each a process of its own: `python -m benchmarks.subjects b1 …`."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

Subject = Callable[[argparse.Namespace], Awaitable[None]]


async def b1(options: argparse.Namespace) -> None:
    """A bare echo on python-telegram-bot's defaults; `--concurrent N` for B2."""
    from telegram.ext import MessageHandler, filters

    async def echo(update: Any, _context: Any) -> None:
        await update.message.reply_text(update.message.text or "")

    await _library(options, MessageHandler(filters.TEXT, echo))


async def b5(options: argparse.Namespace) -> None:
    """The same library in a group where nobody mentions the bot."""
    from telegram.ext import MessageHandler, filters

    async def echo(update: Any, _context: Any) -> None:
        await update.message.reply_text(update.message.text or "")

    await _library(options, MessageHandler(filters.Mention("@adda_test_bot"), echo))


async def j1(options: argparse.Namespace) -> None:
    """The same library taking entries: aiosqlite, one transaction a press (FULL), then a toast."""
    import aiosqlite
    from telegram.ext import CallbackQueryHandler

    turn = asyncio.Lock()
    db = await aiosqlite.connect(Path(options.folder) / "j1.db", isolation_level=None)
    await db.execute("pragma journal_mode=wal")
    await db.execute("pragma synchronous=full")
    await db.execute(
        "create table entries (person integer, giveaway text, primary key (person, giveaway))"
    )

    async def enter(update: Any, _context: Any) -> None:
        query = update.callback_query
        async with turn:
            await db.execute("begin immediate")
            entry = (query.from_user.id, query.data)
            await db.execute("insert into entries values (?, ?) on conflict do nothing", entry)
            await db.execute("commit")
        await query.answer("আপনি আছেন।")

    await _library(options, CallbackQueryHandler(enter))


async def _library(options: argparse.Namespace, handler: Any) -> None:
    """python-telegram-bot as its documentation runs it.

    Its HTTP client looks for sniffio at every lock; where that is missing a bare bot is a fifth
    slower than it need be, so here something stands in for it.
    """
    from telegram.ext import Application

    sniffio: Any = ModuleType("sniffio")
    sniffio.current_async_library = lambda: "asyncio"
    sys.modules.setdefault("sniffio", sniffio)
    builder = Application.builder().token(options.token)
    builder = builder.base_url(options.base).base_file_url(options.file_base)
    if options.concurrent:
        builder = builder.concurrent_updates(options.concurrent)
    app = builder.build()
    app.add_handler(handler)
    async with app:
        await app.start()
        assert app.updater is not None
        await app.updater.start_polling()
        await asyncio.Event().wait()


async def f(options: argparse.Namespace) -> None:
    """A raw aiohttp echo with 64 senders: no library, nothing kept."""
    import aiohttp

    url = f"{options.base}{options.token}/"
    jobs: asyncio.Queue[tuple[int, str]] = asyncio.Queue(1000)
    session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))

    async def sender() -> None:
        while True:
            chat, text = await jobs.get()
            body = {"chat_id": chat, "text": text}
            async with session.post(url + "sendMessage", json=body) as response:
                await response.read()

    senders = [asyncio.create_task(sender()) for _ in range(options.concurrent or 64)]
    offset = 0
    while senders:
        poll = {"offset": offset, "timeout": 20}
        async with session.post(url + "getUpdates", json=poll) as response:
            updates = json.loads(await response.read())["result"]
        for update in updates:
            offset = update["update_id"] + 1
            await jobs.put((update["message"]["chat"]["id"], update["message"]["text"]))


async def a(options: argparse.Namespace) -> None:
    """A bare aiogram echo."""
    from aiogram import Bot, Dispatcher
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.types import Message

    server = TelegramAPIServer.from_base(options.base.removesuffix("/bot"))
    bot = Bot(options.token, session=AiohttpSession(api=server))
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Message) -> None:
        await message.answer(message.text or "")

    await dispatcher.start_polling(bot, handle_signals=False)


async def d1(options: argparse.Namespace) -> None:
    """A bare discord.py bot: /help, a button that says "in", and messages it does not answer.

    `--base` is the API's address, `--file-base` the gateway's.
    """
    import discord
    import yarl
    from discord import app_commands
    from discord.gateway import DiscordWebSocket
    from discord.http import Route

    Route.BASE = options.base
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(options.file_base)
    intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
    client = discord.Client(intents=intents)
    tree = app_commands.CommandTree(client)

    @tree.command(name="help", description="help")
    async def help_(interaction: Any) -> None:
        await interaction.response.send_message("…", ephemeral=True)

    async def enter(interaction: Any) -> None:
        await interaction.response.send_message("in", ephemeral=True)

    @client.event
    async def on_message(message: Any) -> None:
        if client.user in message.mentions:
            await message.reply(message.content)

    @client.event
    async def on_ready() -> None:
        button: Any = discord.ui.Button(label="Enter", custom_id="ge:1")
        button.callback = enter
        view = discord.ui.View(timeout=None)
        view.add_item(button)
        client.add_view(view)
        await tree.sync()
        await client.guilds[0].text_channels[0].send("a giveaway", view=view)

    await client.start(options.token)


async def adda(options: argparse.Namespace) -> None:
    """Adda's durable path: inbox, effect and outbox on disk (FULL), confirmed after the commit.

    The whole program, but that its one feature is the echo and it waits for no pace.
    """
    from benchmarks.echo import echo
    from bot.app import assemble
    from bot.book import Book
    from bot.core import Core
    from bot.forms import forms
    from bot.platforms.base import Pace
    from bot.platforms.limits import TELEGRAM
    from bot.platforms.telegram import Telegram
    from bot.settings import Settings
    from bot.world import real_world
    from storage import people
    from storage.database import open_database
    from storage.seal import Seal

    world, settings = real_world(), Settings.model_validate({"community": "Mitu"})
    telegram = Telegram(
        options.token, world.now, api_base=options.base, file_base=options.file_base
    )
    telegram.capabilities = replace(TELEGRAM, pace=Pace())
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        database = await open_database(f"sqlite:///{Path(folder) / 'a.db'}", Seal("benchmark"))
        await database.unit(lambda tx: people.add_community(tx, "c", "Mitu", "bn", "Asia/Dhaka", 0))
        whole = assemble(settings, world, database, {"telegram": telegram})
        book = Book([forms, echo])
        core = Core(database, book, world, whole.postman, {"telegram": telegram.capabilities})
        await replace(whole, book=book, core=core).run(asyncio.Event())


def main() -> None:
    """Run one subject until it is ended."""
    parser = argparse.ArgumentParser()
    subjects: dict[str, Subject] = {
        "b1": b1, "b5": b5, "j1": j1, "f": f, "a": a, "d1": d1, "adda": adda,
    }  # fmt: skip
    parser.add_argument("subject", choices=subjects)
    for name in ("--base", "--file-base", "--token"):
        parser.add_argument(name, required=True)
    parser.add_argument("--concurrent", type=int, default=0)
    parser.add_argument("--folder", default=None)
    options = parser.parse_args()
    run: Any = subjects[options.subject](options)
    try:
        asyncio.run(run)
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
