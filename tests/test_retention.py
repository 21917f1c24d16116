"""What is destroyed of clicks and when; their counts stay."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from handlers.links import retention
from tests.shop import URL, Web, clicks, kept, new_link, phone
from tests.stage import Stage
from tests.user_agents import WEBVIEW

DAY = 86_400


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


@pytest.fixture
async def web(bot: Stage, tmp_path: Path) -> AsyncIterator[Web]:
    async with Web.open(bot, tmp_path / "spill") as opened:
        yield opened


async def days(bot: Stage) -> list[str]:
    return [row["day"] for row in await kept(bot, "select day from day_keys order by day")]


async def counts(bot: Stage) -> dict[str, Any]:
    """Everything a report is read from."""
    tables = ("click_totals", "click_facets", "click_people", "click_members")
    return {name: await kept(bot, f"select * from {name} order by 1, 2, 3") for name in tables}


async def test_clicks_go_after_ninety_days_and_their_counts_stay(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    await web.get(f"/{slug}")
    before = await counts(bot)
    await bot.advance(89 * DAY)
    assert len(await clicks(bot)) == 1
    await bot.advance(2 * DAY)
    assert await clicks(bot) == []
    assert await counts(bot) == before
    assert before["click_totals"][0]["clicks"] == 1


async def test_more_than_a_unit_may_delete_goes_at_once_in_several(
    bot: Stage, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "MOST", 2)
    slug = await new_link(bot)
    for number in range(7):
        await web.get(f"/{slug}", phone(number))
    await bot.advance(92 * DAY)  # the timer was not asked for all that time
    assert await clicks(bot) == []
    assert await kept(bot, "select * from click_visitors") == []


async def test_what_is_young_stays_when_the_old_goes(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    await web.get(f"/{slug}")
    await bot.advance(60 * DAY)
    await web.get(f"/{slug}", phone(2))
    await bot.advance(31 * DAY)
    assert [row["id"] for row in await clicks(bot)] == [(await clicks(bot))[-1]["id"]]
    assert len(await clicks(bot)) == 1


async def test_a_days_secret_is_shared_sealed_and_destroyed(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    await web.get(f"/{slug}")
    row = (await kept(bot, "select * from day_keys"))[0]
    assert (row["day"], row["key_sealed"][:3]) == ("2026-11-20", "s1:")
    await bot.advance(2 * DAY)
    assert "2026-11-20" in await days(bot)
    await bot.advance(2 * DAY)
    assert await days(bot) == []


async def test_visitors_go_with_their_secret_and_leave_their_number(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    await web.get(f"/{slug}")
    await web.get(f"/{slug}", phone(2))
    assert len(await kept(bot, "select * from click_visitors")) == 2
    await bot.advance(5 * DAY)
    assert await kept(bot, "select * from click_visitors") == []
    people = await kept(bot, "select day, people from click_people")
    assert people == [{"day": "2026-11-20", "people": 2}]


async def test_words_of_agents_nobody_has_any_more_go(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    await web.get(f"/{slug}")
    await web.get(f"/{slug}", WEBVIEW)
    await bot.advance(60 * DAY)
    await web.get(f"/{slug}", WEBVIEW)
    await bot.advance(40 * DAY)
    agents = await kept(bot, "select id from click_agents")
    assert agents == [{"id": (await clicks(bot))[-1]["agent"]}]


async def test_two_processes_tell_visitors_apart_alike(
    bot: Stage, web: Web, tmp_path: Path
) -> None:
    slug = await new_link(bot)
    async with Web.open(bot, tmp_path / "another") as other:
        await web.get(f"/{slug}")
        await bot.advance(20)
        await other.get(f"/{slug}")
    people = await kept(bot, "select people from click_people")
    assert people == [{"people": 1}]
