"""People who open short links while servers die and databases go away, each known by a host."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from storage.migrate import migrate
from storage.seal import Seal
from storage.whole import whole
from tests.process import SECRET, Program
from tests.user_agents import CHROME

SLUGS = ("eidsale", "puja-offer")
SHOP = "https://shop.example/saree"
_HOME = ("home", "Mitu", "en", "Asia/Dhaka", 0)
_LABELS = ("বিজ্ঞাপন · আড়ং-র সাথে পেইড পার্টনারশিপ", "Ad · paid partnership with আড়ং")


async def seed(url: str, secret: str = SECRET) -> None:
    """A database at `url` with one running campaign and a link of each of SLUGS."""
    await migrate(url)
    key = Seal(secret).close("00" * 32)
    async with whole(url) as db:
        await db.fill("communities", ("id", "name", "language", "timezone", "created_at"), [_HOME])
        await db.fill(
            "brands", ("id", "community", "name", "created_at"), [("b", "home", "আড়ং", 0)]
        )
        await db.fill(
            "campaigns",
            ("id", "community", "brand", "disclosure_bn", "disclosure_en", "key_sealed",
             "starts_at"),
            [("c", "home", "b", *_LABELS, key, 0)],
        )  # fmt: skip
        await db.fill(
            "links",
            ("id", "slug", "community", "campaign", "destination", "placement", "created_at"),
            [(f"l{n}", slug, "home", "c", SHOP, slug, 0) for n, slug in enumerate(SLUGS)],
        )


@dataclass(slots=True)
class Openers:
    """`urls` are the servers they come to in turn, `people` how many at once.

    `led` are the hosts of those who were redirected; `others` counts every other answer by its
    status, and "none" for a connection that brought none.
    """

    urls: Sequence[str]
    people: int = 16
    pause: float = 0.0  # seconds between two openings of one person
    led: set[str] = field(default_factory=set)
    others: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0  # seconds
    _count: int = 0

    @contextlib.asynccontextmanager
    async def at_work(self) -> Any:
        """They open links until the block ends, and then until each has an answer."""
        enough = asyncio.Event()
        async with aiohttp.ClientSession() as browser, asyncio.TaskGroup() as group:
            for number in range(self.people):
                group.create_task(self._person(browser, number, enough))
            try:
                yield self
            finally:
                enough.set()

    async def _person(
        self, browser: aiohttp.ClientSession, number: int, enough: asyncio.Event
    ) -> None:
        url = self.urls[number % len(self.urls)]
        while not enough.is_set():
            if not await self._open(browser, f"{url}/{SLUGS[number % len(SLUGS)]}"):
                await asyncio.sleep(0.02)  # nobody is there at the moment
            elif self.pause:
                await asyncio.sleep(self.pause)

    async def _open(self, browser: aiohttp.ClientSession, url: str) -> bool:
        """False when there was no answer."""
        self._count += 1
        host, began = f"opener-{self._count}.example", asyncio.get_running_loop().time()
        headers = {"User-Agent": CHROME, "Referer": f"https://{host}/"}
        try:
            async with browser.get(url, headers=headers, allow_redirects=False) as answer:
                if answer.status == 302 and answer.headers["Location"] == SHOP:
                    self.led.add(host)
                else:
                    self.others[str(answer.status)] += 1
        except aiohttp.ClientError:
            self.others["none"] += 1
            return False
        self.slowest = max(self.slowest, asyncio.get_running_loop().time() - began)
        return True

    async def led_on(self, more: int, within: float = 30.0) -> None:
        """Returns when so many more were redirected. AssertionError when time is up before."""
        goal = len(self.led) + more
        try:
            async with asyncio.timeout(within):
                while len(self.led) < goal:  # noqa: ASYNC110
                    await asyncio.sleep(0.005)
        except TimeoutError:
            raise AssertionError(f"only {len(self.led)} of {goal}: {self.others}") from None


@dataclass(frozen=True, slots=True)
class Count:
    """What the database says of the openers."""

    rows: int
    totals: int
    lost: frozenset[str]  # redirected, and no row
    doubled: frozenset[str]  # more than one row

    @property
    def right(self) -> bool:
        return self.rows == self.totals and not self.lost and not self.doubled


async def count(program: Program, led: set[str]) -> Count:
    """Straight from the database of a program, which may run."""
    rows = await program.sql("select referrer, count(*) as n from clicks group by referrer")
    totals = await program.sql("select coalesce(sum(clicks), 0) as n from click_totals")
    kept = {row["referrer"]: row["n"] for row in rows}
    return Count(
        sum(kept.values()), int(totals[0]["n"]), frozenset(led - kept.keys()),
        frozenset(host for host, times in kept.items() if times > 1),
    )  # fmt: skip


def spilled(folder: Path) -> list[str]:
    """The files in which clicks wait for their database."""
    found = folder.rglob("*.clicks*.jsonl*")
    return sorted(file.name for file in found if file.suffix != ".lock")


def locks(folder: Path) -> list[str]:
    """The locks of spill files that were ever claimed there."""
    return sorted(file.name for file in folder.rglob("*.lock"))
