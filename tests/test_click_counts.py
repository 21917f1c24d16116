"""What reports are read from: counted with every click, in the same transaction."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from handlers.links import judging
from storage import clicks as store
from storage.tx import Tx
from tests.shop import (
    TELEGRAM_BOT,
    URL,
    Web,
    classes,
    clicks,
    kept,
    new_link,
    own_link,
    phone,
)
from tests.stage import Stage
from tests.test_clicks import Moody
from tests.user_agents import CHROME

SINCE = "2026-11-01"


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


@pytest.fixture
async def web(bot: Stage, tmp_path: Path) -> AsyncIterator[Web]:
    async with Web.open(bot, tmp_path / "spill") as opened:
        yield opened


async def campaign(bot: Stage, slug: str) -> str:
    found = await kept(bot, f"select campaign from links where slug = '{slug}'")
    return str(found[0]["campaign"])


async def facets(bot: Stage, campaign: str, community: str = "c1") -> dict[tuple[str, str], int]:
    async with bot.adda.database.read() as tx:
        found = await store.facets(tx, community, campaign, SINCE)
    return {(one.facet, one.value): one.clicks for one in found}


async def ask(bot: Stage, question: Any, *arguments: Any) -> Any:
    async with bot.adda.database.read() as tx:
        return await question(tx, *arguments)


async def test_counted_clicks_are_known_by_every_facet(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    await web.get(f"/{slug}", Accept_Language="bn-BD,en;q=0.5", Referer="https://m.example/x?y=1")
    await web.get(f"/{slug}", phone(2), Accept_Language="en")
    await web.get(f"/{slug}", TELEGRAM_BOT, Accept_Language="fr")
    assert await facets(bot, await campaign(bot, slug)) == {
        ("hour", "12"): 2, ("language", "bn"): 1, ("language", "en"): 1, ("device", "phone"): 2,
        ("browser", "chrome"): 2, ("country", ""): 2, ("referrer", "m.example"): 1,
        ("referrer", ""): 1, ("member", "anonymous"): 2,
    }  # fmt: skip
    assert [row["language"] for row in await clicks(bot)] == ["bn", "en", "fr"]


async def test_every_facet_adds_up_to_the_clicks_that_count(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    for number in range(12):
        agent = phone(number % 5) if number % 3 else TELEGRAM_BOT
        await web.get(f"/{slug}", agent, Accept_Language=("bn", "en", "x-1")[number % 3])
        await bot.advance(7)
    counted = (await classes(bot)).count("human")
    assert 0 < counted < 12
    sums: dict[str, int] = dict.fromkeys(store.FACETS, 0)
    for (facet, _), count in (await facets(bot, await campaign(bot, slug))).items():
        sums[facet] += count
    assert sums == dict.fromkeys(store.FACETS, counted)


async def test_members_count_once_in_a_campaign_and_their_clicks_as_verified(
    bot: Stage, web: Web
) -> None:
    slug = await new_link(bot)
    rima = await own_link(bot, "Rima")
    await web.get(rima)
    await bot.advance(20)
    await web.get(rima)
    await web.get(await own_link(bot, "Karim"), phone(2))
    await web.get(f"/{slug}", phone(3))
    ours = await campaign(bot, slug)
    assert await ask(bot, store.verified, "c1", ours) == 2
    found = await facets(bot, ours)
    assert (found["member", "verified"], found["member", "anonymous"]) == (3, 1)


async def test_people_are_estimated_by_day_and_robots_are_none(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    for agent in (CHROME, CHROME, phone(2), TELEGRAM_BOT):
        await web.get(f"/{slug}", agent)
        await bot.advance(11)
    await bot.advance(86_400)
    await web.get(f"/{slug}")
    days = await ask(bot, store.people, "c1", await campaign(bot, slug), SINCE)
    assert days == {"2026-11-20": 2, "2026-11-21": 1}


async def test_nobody_reads_another_brands_or_communitys_counts(bot: Stage, web: Web) -> None:
    slug, other = await new_link(bot), await new_link(bot, brand="Yellow")
    await web.get(f"/{slug}")
    theirs = await campaign(bot, other)
    assert await facets(bot, theirs) == {}
    assert await ask(bot, store.totals, "c1", theirs, SINCE) == []
    assert await ask(bot, store.people, "c1", theirs, SINCE) == {}
    ours = await campaign(bot, slug)
    assert await facets(bot, ours, "c2") == {}
    assert await ask(bot, store.totals, "c2", ours, SINCE) == []
    assert await ask(bot, store.people, "c2", ours, SINCE) == {}
    assert await ask(bot, store.verified, "c2", ours) == 0
    assert await ask(bot, store.people, "c1", ours, SINCE) == {"2026-11-20": 1}


async def test_forged_referrers_do_not_grow_the_counts_without_end(
    bot: Stage, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "SOURCES", 3)
    slug = await new_link(bot)
    for number in range(6):
        await web.get(f"/{slug}", phone(number), Referer=f"https://r{number}.example/")
    found = await facets(bot, await campaign(bot, slug))
    assert {value: n for (facet, value), n in found.items() if facet == "referrer"} == {
        "r0.example": 1, "r1.example": 1, "r2.example": 1, "other": 3,
    }  # fmt: skip
    assert (await clicks(bot))[-1]["referrer"] == "r5.example"


async def test_the_words_of_an_agent_are_kept_once_and_its_versions_never(
    bot: Stage, web: Web
) -> None:
    slug = await new_link(bot)
    await web.get(f"/{slug}")
    await web.get(f"/{slug}", CHROME.replace("124.0.0.0", "125.0.0.0"))
    agents = await kept(bot, "select * from click_agents")
    assert len(agents) == 1
    assert "chrome" in agents[0]["words"]
    assert "124" not in agents[0]["words"]
    assert [row["agent"] for row in await clicks(bot)] == [agents[0]["id"]] * 2


async def test_more_than_thirty_openings_a_minute_are_no_persons(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    for _ in range(33):
        assert (await web.get(f"/{slug}")).status == 302
    assert await classes(bot) == ["human"] + ["repeat"] * 29 + ["rate"] * 3
    await bot.advance(61)
    await web.get(f"/{slug}")
    assert (await classes(bot))[-1] == "human"


async def test_what_a_robot_would_be_as_a_person_is_kept(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    for _ in range(2):
        await web.get(f"/{slug}", TELEGRAM_BOT)
    rows = [(row["class"], row["otherwise"]) for row in await clicks(bot)]
    assert rows == [("preview", "human"), ("preview", "repeat")]


async def test_a_click_for_a_giveaways_ticket_is_not_counted_as_a_persons(
    bot: Stage, web: Web
) -> None:
    slug = await new_link(bot)
    mine = await own_link(bot, "Rima")
    await kept(bot, "update link_tokens set incentive = 1 where true returning token")
    await web.get(mine)
    assert await classes(bot) == ["incentivised"]
    assert await facets(bot, await campaign(bot, slug)) == {}
    assert await ask(bot, store.verified, "c1", await campaign(bot, slug)) == 0


async def test_a_long_user_agent_is_cut_before_anything_looks_at_it(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    await web.get(f"/{slug}", CHROME.ljust(512) + " TelegramBot" + "x" * 7000)
    assert await classes(bot) == ["human"]


async def test_a_unit_that_is_run_again_says_the_same_of_whose_click_it_is(
    bot: Stage, tmp_path: Path
) -> None:
    await new_link(bot)
    mine = await own_link(bot, "Rima")

    class Twice(Moody):
        """As PostgreSQL asks for it when two units met one another's locks."""

        async def unit(self, work: Any, *, apart: bool = False) -> Any:
            async def rolled_back(tx: Tx) -> None:
                await work(tx)
                raise LookupError

            with contextlib.suppress(LookupError):
                await self.real.unit(rolled_back, apart=apart)
            return await self.real.unit(work, apart=apart)

    async with Web.open(bot, tmp_path / "again", Twice(bot.adda.database)) as again:
        assert (await again.get(mine)).status == 302
    row = (await clicks(bot))[0]
    assert (row["platform"], row["forwarded"], row["who"] is None) == ("telegram", 0, False)
    opened = await kept(bot, "select opened_by from link_tokens")
    assert opened[0]["opened_by"] is not None
    total = await kept(bot, "select sum(clicks) as clicks from click_totals")
    assert int(total[0]["clicks"]) == 1


async def test_the_teams_click_is_theirs_when_its_unit_is_run_again(
    bot: Stage, tmp_path: Path
) -> None:
    await new_link(bot)
    mine = await own_link(bot, "creator")
    moody = Moody(bot.adda.database)
    async with Web.open(bot, tmp_path / "spill", moody, attended=False) as web:
        await web.clicks.catch_up()
        moody.mood = "silent"
        await web.get(mine)
        moody.mood = "well"
        await web.clicks.catch_up()
    assert await classes(bot) == ["self"]
