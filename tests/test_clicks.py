"""Clicks while the database is slow, silent or away: everyone is led on, nothing is lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from storage.database import Database
from storage.tx import Tx
from tests.shop import SHOP, URL, Web, classes, clicks, kept, new_link, own_link, phone
from tests.stage import Stage


class Moody:
    """A real database whose line can be held, cut, or cut after the work was done."""

    def __init__(self, real: Database) -> None:
        self.real = real
        self.dialect, self.seal = real.dialect, real.seal
        self.mood = "well"
        self.asked = asyncio.Event()
        self.go = asyncio.Event()
        self.done = asyncio.Event()

    async def open(self) -> None:
        await self.real.open()

    async def close(self) -> None:
        await self.real.close()

    def away(self, error: BaseException) -> bool:
        return self.real.away(error)

    async def unit(self, work: Any, *, apart: bool = False) -> Any:
        self.asked.set()
        if self.mood == "held":
            await self.go.wait()
        if self.mood == "cut":
            raise ConnectionRefusedError
        done = await self.real.unit(work, apart=apart)
        if self.mood == "silent":
            raise ConnectionResetError
        self.done.set()
        return done

    def read(self) -> AbstractAsyncContextManager[Tx]:
        return _nothing() if self.mood == "cut" else self.real.read()


@asynccontextmanager
async def _nothing() -> AsyncIterator[Tx]:
    raise ConnectionRefusedError
    yield


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


@pytest.fixture
def moody(bot: Stage) -> Moody:
    return Moody(bot.adda.database)


@pytest.fixture
def spill(tmp_path: Path) -> Path:
    return tmp_path / "clicks.spill"


@pytest.fixture
async def web(bot: Stage, moody: Moody, spill: Path) -> AsyncIterator[Web]:
    async with Web.open(bot, spill, moody, attended=False) as opened:
        yield opened


async def total(bot: Stage) -> int:
    rows = await kept(bot, "select sum(clicks) as clicks from click_totals")
    return int(rows[0]["clicks"] or 0)


async def test_nobody_is_led_on_before_the_click_is_committed(
    bot: Stage, moody: Moody, web: Web
) -> None:
    slug = await new_link(bot)
    moody.mood = "held"
    opening = asyncio.create_task(web.get(f"/{slug}"))
    await moody.asked.wait()
    assert (await web.get("/0000000")).status == 404  # had it been answered, it would be here
    assert not opening.done()
    assert await clicks(bot) == []
    moody.go.set()
    assert (await opening).status == 302
    assert await classes(bot) == ["human"]


async def test_while_the_database_is_away_fans_are_led_on_and_counted_once_later(
    bot: Stage, moody: Moody, web: Web
) -> None:
    slug = await new_link(bot)
    assert (await web.get(f"/{slug}")).status == 302
    moody.mood = "cut"
    answers = await asyncio.gather(*(web.get(f"/{slug}", phone(n)) for n in range(10)))
    assert {(a.status, a.headers["Location"]) for a in answers} == {(302, SHOP)}
    assert len(await clicks(bot)) == 1
    moody.mood = "well"
    await web.clicks.catch_up()
    await web.clicks.catch_up()
    assert await classes(bot) == ["human"] * 11
    assert await total(bot) == 11
    assert (await web.get(f"/{slug}", phone(11))).status == 302
    assert len(await clicks(bot)) == 12


async def test_a_click_whose_commit_was_not_confirmed_is_not_counted_twice(
    bot: Stage, moody: Moody, web: Web, spill: Path
) -> None:
    slug = await new_link(bot)
    await web.clicks.catch_up()  # knows the day's secret
    moody.mood = "silent"
    assert (await web.get(f"/{slug}")).status == 302
    assert (await web.get(f"/{slug}", phone(2))).status == 302
    assert len(await clicks(bot)) == 1  # the second went straight to the file
    moody.mood = "well"
    await web.clicks.catch_up()
    assert await classes(bot) == ["human", "human"]
    assert await total(bot) == 2
    assert not list(spill.parent.glob("clicks.spill*"))


async def test_a_replay_that_breaks_off_is_taken_up_again(
    bot: Stage, moody: Moody, web: Web
) -> None:
    slug = await new_link(bot)
    await web.get(f"/{slug}")
    moody.mood = "cut"
    await web.get(f"/{slug}", phone(2))
    moody.mood = "silent"
    with pytest.raises(ConnectionResetError):
        await web.clicks.catch_up()
    moody.mood = "cut"
    await web.get(f"/{slug}", phone(3))
    moody.mood = "well"
    await web.clicks.catch_up()
    assert await classes(bot) == ["human"] * 3
    assert await total(bot) == 3


async def test_a_database_that_does_not_answer_keeps_nobody_waiting(
    bot: Stage, moody: Moody, spill: Path
) -> None:
    slug = await new_link(bot)
    async with Web.open(bot, spill, moody, patience=0.05, attended=False) as web:
        moody.mood = "held"
        assert (await web.get(f"/{slug}")).status == 302
        moody.go.set()
        moody.mood = "well"
        await web.clicks.catch_up()
    assert await classes(bot) == ["human"]
    assert await total(bot) == 1


async def test_without_a_file_to_write_to_fans_are_led_on_and_the_database_is_tried_again(
    bot: Stage, moody: Moody, tmp_path: Path
) -> None:
    slug = await new_link(bot)
    async with Web.open(bot, tmp_path / "missing" / "spill", moody, attended=False) as web:
        await web.get(f"/{slug}")
        moody.mood = "cut"
        assert (await web.get(f"/{slug}", phone(2))).status == 302
        moody.mood = "well"
        await web.clicks.catch_up()
        assert (await web.get(f"/{slug}", phone(3))).status == 302
    assert await classes(bot) == ["human", "human"]


async def test_a_personal_link_opened_during_an_outage_is_still_the_members(
    bot: Stage, moody: Moody, web: Web
) -> None:
    slug = await new_link(bot)
    await web.get(f"/{slug}")
    mine = await own_link(bot, "Rima")
    moody.mood = "cut"
    assert (await web.get(mine, phone(2))).status == 302
    moody.mood = "well"
    await web.clicks.catch_up()
    click = (await clicks(bot))[1]
    assert click["who"] is not None
    assert click["platform"] == "telegram"


async def test_links_are_known_before_anyone_opened_them(
    bot: Stage, moody: Moody, web: Web
) -> None:
    slug = await new_link(bot)
    await web.clicks.catch_up()
    moody.mood = "cut"
    assert (await web.get(f"/{slug}")).status == 302


async def test_a_link_nobody_can_look_up_now_asks_for_patience(
    bot: Stage, moody: Moody, web: Web
) -> None:
    slug = await new_link(bot)
    moody.mood = "cut"
    answer = await web.get(f"/{slug}")
    assert (answer.status, answer.headers["Cache-Control"]) == (503, "no-store")
    assert "একটু পরে আবার খুলুন" in await answer.text()
    moody.mood = "well"
    assert (await web.get(f"/{slug}")).status == 302


async def test_what_a_crash_left_behind_is_counted_at_the_next_start(
    bot: Stage, moody: Moody, web: Web, spill: Path
) -> None:
    slug = await new_link(bot)
    await web.get(f"/{slug}")
    moody.mood = "cut"
    await web.get(f"/{slug}", phone(2))
    with spill.open("a") as file:
        file.write('{"id":"cut sho')
    anew = Moody(bot.adda.database)
    async with asyncio.timeout(30), Web.open(bot, spill, anew):
        await anew.done.wait()
    assert await classes(bot) == ["human", "human"]


async def test_after_an_outage_clicks_come_back_by_themselves(
    bot: Stage, moody: Moody, spill: Path
) -> None:
    slug = await new_link(bot)
    async with asyncio.timeout(30), Web.open(bot, spill, moody) as web:
        await web.get(f"/{slug}")
        moody.mood = "cut"
        await web.get(f"/{slug}", phone(2))
        moody.done.clear()
        moody.mood = "well"
        await moody.done.wait()
    assert await total(bot) == 2


async def test_the_spill_file_holds_no_address_and_is_for_its_owner_alone(
    bot: Stage, moody: Moody, web: Web, spill: Path
) -> None:
    slug = await new_link(bot)
    await web.get(f"/{slug}")
    moody.mood = "cut"
    await web.get(f"/{slug}", phone(777), Referer="https://m.example/rima?x=1")
    text, mode = _read(spill)
    assert json.loads(text)["row"]["referrer"] == "m.example"
    assert not any(secret in text for secret in ("127.0.0", "777", "Mozilla", "rima"))
    assert mode == 0o600


def _read(spill: Path) -> tuple[str, int]:
    return spill.read_text(), spill.stat().st_mode & 0o777
