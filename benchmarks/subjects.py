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
from typing import Any

Subject = Callable[[argparse.Namespace], Awaitable[None]]


async def b1(options: argparse.Namespace) -> None:
    """A bare echo on python-telegram-bot's defaults; `--concurrent N` for B2."""
    from telegram import Update
    from telegram.ext import Application, ContextTypes, MessageHandler, filters

    async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message is not None:
            await update.message.reply_text(update.message.text or "")

    builder = Application.builder().token(options.token)
    builder = builder.base_url(options.base).base_file_url(options.file_base)
    if options.concurrent:
        builder = builder.concurrent_updates(options.concurrent)
    app = builder.build()
    app.add_handler(MessageHandler(filters.TEXT, echo))
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


async def adda(options: argparse.Namespace) -> None:
    """Adda's durable path: inbox, effect and outbox on disk (FULL), confirmed after the commit."""
    from benchmarks.echo import echo
    from bot.book import Book
    from bot.core import Core
    from bot.forms import forms
    from bot.outbox import Postman
    from bot.platforms.base import Pace
    from bot.platforms.limits import TELEGRAM
    from bot.platforms.telegram import Telegram
    from bot.world import real_world
    from storage import people
    from storage.database import open_database
    from storage.seal import Seal

    world = real_world()
    telegram = Telegram(
        options.token, world.now, api_base=options.base, file_base=options.file_base
    )
    telegram.capabilities = replace(TELEGRAM, pace=Pace())  # type: ignore[misc]
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        database = await open_database(f"sqlite:///{Path(folder) / 'a.db'}", Seal("benchmark"))
        await database.unit(lambda tx: people.add_community(tx, "c", "Mitu", "bn", "Asia/Dhaka", 0))
        postman = Postman(database, world, {"telegram": telegram}, "Asia/Dhaka")
        book = Book([forms, echo])
        core = Core(database, book, world, postman, {"telegram": telegram.capabilities})
        await postman.open()
        async with asyncio.TaskGroup() as group:
            group.create_task(postman.run(core.handle))
            group.create_task(telegram.run(core, []))


def main() -> None:
    """Run one subject until it is ended."""
    parser = argparse.ArgumentParser()
    subjects: dict[str, Subject] = {"b1": b1, "f": f, "a": a, "adda": adda}
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
