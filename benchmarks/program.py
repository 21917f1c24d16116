"""The real program under a benchmark: its database made ready, its process started and weighed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import psutil

from bot.model import Role
from handlers.giveaways import terms
from handlers.giveaways.plan import Plan
from handlers.giveaways.publishing import fixed_terms
from handlers.giveaways.record import record
from storage import giveaway_plans as plans
from storage import giveaways, people
from storage.database import open_database
from storage.giveaway_plans import NewDraft
from storage.giveaways import Keys, Stand
from storage.seal import Seal
from storage.tx import Tx

ROOT = Path(__file__).parent.parent
SECRET = "benchmark"
WARM, STORM = "0000000000000001", "0000000000000002"  # two open giveaways
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Running:
    """A process; `began` is the seconds from its start until /healthz said all is well."""

    process: psutil.Process
    port: int
    began: float = 0.0

    def cpu(self) -> float:
        """Processor seconds so far."""
        spent = self.process.cpu_times()
        return float(spent.user + spent.system)

    def resident(self) -> float:
        """Resident memory in MiB."""
        return float(self.process.memory_info().rss / 2**20)


async def prepare(folder: Path, stand: Stand, creator: str) -> None:
    """The program's database: a community with one place, its owner, and two open giveaways."""
    seal, now = Seal(SECRET), round(time.time() * 1000)

    async def unit(tx: Tx) -> None:
        await people.add_community(tx, "c", "Mitu", "bn", "Asia/Dhaka", now)
        owner = (tx, "c", "m", stand.platform, creator, "Mitu", Role.OWNER, now)
        await people.add_member(*owner)
        await people.attach(tx, "c", stand.platform, stand.chat, stand.thread, "fans", now)
        for id in (WARM, STORM):
            await open_giveaway(tx, "c", id, [stand], now)

    database = await open_database(f"sqlite:///{folder / 'adda.db'}", seal)
    try:
        await database.unit(unit)
    finally:
        await database.close()


async def open_giveaway(tx: Tx, community: str, id: str, stands: Sequence[Stand], now: int) -> None:
    """One that opened as it would by hand, with the usual plan, for a day from `now` (ms) on."""
    new = NewDraft("লাল শাড়ি", 1, 24, None, Plan().packed())
    await plans.add(tx, community, id, new, now)
    draft = await plans.draft(tx, community, id)
    assert draft is not None
    secret = os.urandom(32)
    promise = terms.promise(draft.giveaway, Plan(), now // 1000 + DAY, secret)
    fixed = fixed_terms(promise, "", "")
    await plans.publish(tx, community, draft.giveaway, fixed, now)
    await record(tx, id, {"kind": "open", "params": fixed.params, "at": now // 1000})
    await giveaways.put_keys(tx, id, Keys(os.urandom(32), secret))
    await giveaways.put_stands(tx, id, stands)


@asynccontextmanager
async def started(
    folder: Path, *command: str, port: int = 0, **settings: str
) -> AsyncIterator[Running]:
    """`python -m …` in `folder`; with a `port`, once http://127.0.0.1:port/healthz is well."""
    env = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT), **settings}
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *command, cwd=folder, env=env, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        if port:
            await _healthy(port)
        yield Running(psutil.Process(process.pid), port, time.perf_counter() - began)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _healthy(port: int) -> None:
    async with asyncio.timeout(60), aiohttp.ClientSession() as session:
        while True:
            with contextlib.suppress(aiohttp.ClientConnectionError):
                async with session.get(f"http://127.0.0.1:{port}/healthz") as response:
                    if response.status == 200:
                        return
            await asyncio.sleep(0.01)


def settings_for(folder: Path, port: int, **more: str) -> dict[str, str]:
    """Settings of a program whose database `prepare` made."""
    return {
        "DATABASE_URL": f"sqlite:///{folder / 'adda.db'}", "SECRET_KEY": SECRET,
        "COMMUNITY": "Mitu", "HTTP_PORT": str(port), "LOG_LEVEL": "error", **more,
    }  # fmt: skip


def free_ports(count: int = 1) -> Sequence[int]:
    """Ports nobody listens on."""
    with contextlib.ExitStack() as held:
        taken = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in taken:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in taken]
