"""The real program in a process of its own: started, watched, ended or killed, and looked into."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import asyncpg
import psutil

from storage.address import is_postgres, sqlite_path
from storage.database import Database, open_database
from storage.seal import Seal
from tests.peers.discord import DiscordPeer
from tests.peers.telegram import TelegramPeer

ROOT = Path(__file__).parent.parent
SECRET = "a secret of the tests"
START = 20.0  # seconds a start may take on a machine that does other things as well
STOP = 10.0  # seconds a stop may take
T = TypeVar("T")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


class Program:
    """`python -m bot run` in `folder`, with settings by environment and nothing else of ours; or
    another `module` than `bot`.

    Started again it has the same folder, port and database. `log` are the lines of the last start.
    """

    def __init__(self, folder: Path, module: str = "bot", **settings: str) -> None:
        self.folder = folder
        self.module = module
        self.port = free_port()
        self.settings = {
            "DATABASE_URL": "sqlite:///data/adda.db", "SECRET_KEY": SECRET, "COMMUNITY": "Mitu",
            "LANGUAGE": "en", "OPERATOR": "ops@example.org", "HTTP_PORT": str(self.port),
            "LOG_FORMAT": "json", "BEACON_RELAYS": "none", **settings,
        }  # fmt: skip
        self.log: list[str] = []
        self._news = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None
        self._listening: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database_url(self) -> str:
        """The database's address, wherever one stands."""
        given = self.settings["DATABASE_URL"]
        if is_postgres(given):
            return given
        return f"sqlite:///{self.folder / sqlite_path(given)}"

    @property
    def on_postgres(self) -> bool:
        return is_postgres(self.settings["DATABASE_URL"])

    async def start(self, *arguments: str) -> None:
        """Begin; returns while it is still starting."""
        self.log = []
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", self.module, "run", *arguments, cwd=self.folder,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT), **self.settings},
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        self._listening = asyncio.create_task(self._listen(self._process))

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None
        async for line in process.stderr:
            self.log.append(line.decode().rstrip())
            self._stir()
        await process.wait()
        self._stir()

    def _stir(self) -> None:
        self._news.set()
        self._news.clear()

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def until(self, happened: Callable[[], Awaitable[T]], within: float = START) -> T:
        """What `happened` gives once it is true; asked at each line it says, and every 50 ms.

        AssertionError, with what it said, when it ends or the time is up before.
        """
        try:
            async with asyncio.timeout(within):
                while not (found := await happened()):
                    assert self.running, f"it ended: {self.log[-5:]}"
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._news.wait(), 0.05)
                return found
        except TimeoutError:
            raise AssertionError(f"not within {within:g} s; it said {self.log[-5:]}") from None

    async def says(self, words: str, within: float = START) -> str:
        """The first line with these words."""

        async def said() -> str:
            return next((line for line in self.log if words in line), "")

        return await self.until(said, within)

    async def up(self, *arguments: str) -> None:
        """Start, and return once /healthz says that all is well."""
        await self.start(*arguments)
        async with aiohttp.ClientSession() as session:

            async def well() -> bool:
                with contextlib.suppress(aiohttp.ClientConnectionError):
                    async with session.get(f"{self.url}/healthz") as response:
                        return response.status == 200
                return False

            await self.until(well)

    async def ended(self, within: float = STOP) -> int:
        """Its exit code, once it ended by itself or was told to."""
        assert self._process is not None
        assert self._listening is not None
        async with asyncio.timeout(within):
            await self._listening
        return await self._process.wait()

    async def kill(self) -> None:
        """As by `kill -9`: no warning, nothing finished."""
        await self._signal(signal.SIGKILL)

    async def stop(self) -> int:
        """As by a service manager's SIGTERM; the exit code. TimeoutError after 10 seconds."""
        return await self._signal(signal.SIGTERM)

    async def _signal(self, number: signal.Signals) -> int:
        assert self._process is not None
        self._process.send_signal(number)
        return await self.ended()

    async def close(self) -> None:
        """End it however it stands."""
        if self.running:
            await self.kill()

    @asynccontextmanager
    async def database(self) -> AsyncIterator[Database]:
        """What it left behind, while it does not run."""
        assert not self.running
        opened = await open_database(self.database_url, Seal(SECRET))
        try:
            yield opened
        finally:
            await opened.close()

    async def sql(self, statement: str) -> list[dict[str, Any]]:
        """Straight to its database, to change nothing while it runs; the rows, by name."""
        if is_postgres(self.database_url):
            server = await asyncpg.connect(self.database_url)
            try:
                return [dict(row) for row in await server.fetch(statement)]
            finally:
                await server.close()
        with closing(sqlite3.connect(sqlite_path(self.database_url))) as file, file:
            file.row_factory = sqlite3.Row
            return [dict(row) for row in file.execute(statement)]

    async def leases_end(self) -> None:
        """The minute passes after which others may send what a dead process had in hand; a file
        has one process, which does not wait."""
        assert not self.running
        if self.on_postgres:
            await self.sql("update outbox set leased_until = null where leased_until is not null")

    def listening(self) -> set[tuple[str, int]]:
        """Every address it takes connections on."""
        assert self._process is not None
        return {
            (seen.laddr.ip, seen.laddr.port)
            for seen in psutil.Process(self._process.pid).net_connections("inet")
            if seen.status == psutil.CONN_LISTEN
        }

    def code(self) -> str:
        """The claim code it showed at its first start."""
        line = next(line for line in self.log if "/claim" in line)
        return str(json.loads(line)["write"].removeprefix("/claim "))


def telegram_settings(peer: TelegramPeer) -> Mapping[str, str]:
    """What makes the program a bot of this peer."""
    return {
        "TELEGRAM_TOKEN": peer.token, "TELEGRAM_API_BASE": peer.base,
        "TELEGRAM_FILE_BASE": peer.file_base,
    }  # fmt: skip


def discord_settings(peer: DiscordPeer) -> Mapping[str, str]:
    """What makes the program a bot of this peer."""
    return {
        "DISCORD_TOKEN": peer.token, "DISCORD_API_BASE": peer.api_base,
        "DISCORD_GATEWAY_URL": peer.gateway_url,
    }  # fmt: skip


@asynccontextmanager
async def program(folder: Path, **settings: Any) -> AsyncIterator[Program]:
    """A program that is not started yet, and does not outlive the block."""
    made = Program(folder, **settings)
    try:
        yield made
    finally:
        await made.close()
