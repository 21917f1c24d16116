"""What a newer ruleset leaves as it is, and what is told of what it moved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.links.classify import RULESET
from handlers.links.judging import OTHER, SOURCES
from storage.clicks import ClickRow
from tests.box import Box
from tests.reclassified import HOUR, NOW, OLD, PYTHON, add, again, click, counts, link_of, recounted
from tests.shop import URL, kept
from tests.stage import Stage
from tests.user_agents import BOTS, CHROME


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


async def people(bot: Stage) -> list[int]:
    return [row["people"] for row in await kept(bot, "select people from click_people")]


async def test_there_are_never_more_people_than_clicks_nor_clicks_without_people(
    bot: Stage,
) -> None:
    link, campaign = await link_of(bot)
    agents = [PYTHON, PYTHON, CHROME]
    await add(bot, [click(n, link, campaign, agent, "human") for n, agent in enumerate(agents)])
    assert await people(bot) == [3]
    await again(bot)
    assert await people(bot) == [1]
    other, second = await link_of(bot, "Aarong")
    await add(bot, [click(n, other, second, CHROME, "bot") for n in range(5, 8)])
    await again(bot)
    assert sorted(await people(bot)) == [1, 1]


async def test_a_member_stays_while_a_click_of_theirs_counts(bot: Stage) -> None:
    link, campaign = await link_of(bot)
    rows = [
        click(0, link, campaign, PYTHON, "human", who="gone"),
        click(1, link, campaign, PYTHON, "human", who="later"),
        click(2, link, campaign, CHROME, "human", who="later"),
        click(3, link, campaign, PYTHON, "human", who="before"),
    ]
    await add(bot, rows)
    # the first click of "before" was so long ago that its row is no more
    await kept(bot, f"update click_members set first_at = {NOW - HOUR} where who = 'before'")
    await again(bot)
    assert (await counts(bot))["members"] == {"later": NOW + 2, "before": NOW - HOUR}


async def test_what_has_no_agent_or_a_newer_ruleset_stays(bot: Stage) -> None:
    link, campaign = await link_of(bot)
    rows = [
        click(0, link, campaign, PYTHON, "human")._replace(agent=None),
        click(1, link, campaign, PYTHON, "human", ruleset=str(RULESET + 1)),
        click(2, link, campaign, PYTHON, "head"),
        click(3, link, campaign, PYTHON, "prefetch"),
    ]
    await add(bot, rows)
    before = await kept(bot, "select * from clicks order by id")
    done = await again(bot)
    assert (done.judged, done.unknown) == (0, 1)
    assert await kept(bot, "select * from clicks order by id") == before


async def test_a_class_that_holds_gets_the_new_reason_and_moves_nothing(bot: Stage) -> None:
    link, campaign = await link_of(bot)
    await add(bot, [click(0, link, campaign, CHROME, "human")])
    done = await again(bot)
    rows = await kept(bot, "select class, reason, ruleset from clicks")
    assert rows == [{"class": "human", "reason": "browser", "ruleset": str(RULESET)}]
    assert (done.judged, done.moves) == (1, {})


async def test_a_referrer_counted_among_the_rest_is_taken_from_the_rest(bot: Stage) -> None:
    link, campaign = await link_of(bot)
    rows: list[ClickRow] = []
    for n in range(SOURCES + 2):
        source = f"h{n}.example" if n < SOURCES else OTHER
        agent = PYTHON if n in (0, SOURCES) else CHROME
        rows.append(
            click(n, link, campaign, agent, "human", referrer=f"h{n}.example", source=source)
        )
    rows.append(click(900, link, campaign, CHROME, "bot", referrer="new.example"))
    rows.append(click(901, link, campaign, CHROME, "bot", referrer="more.example"))
    await add(bot, rows)
    await again(bot)
    facets = {key[3]: n for key, n in (await counts(bot))["facets"].items() if key[2] == "referrer"}
    assert "h0.example" not in facets
    assert facets["h1.example"] == facets["new.example"] == 1  # in the place that became free
    assert facets[OTHER] == 2  # the one that stayed, and more.example
    assert sum(facets.values()) == SOURCES + 2


# What is told


async def report(bot: Stage, who: str = "creator") -> list[str]:
    return (await bot.say(who, "/report"))[-1].text.splitlines()


async def test_the_report_says_what_was_moved_when_and_by_which_rules(bot: Stage) -> None:
    link, campaign = await link_of(bot)
    rows = [click(n, link, campaign, PYTHON, "human", who=f"p{n}") for n in range(12)]
    rows += [click(20 + n, link, campaign, CHROME, "bot") for n in range(3)]
    rows += [click(30 + n, link, campaign, BOTS[0], "preview") for n in range(4)]
    await add(bot, rows)
    before = await report(bot)
    assert before[0].endswith("১২ ক্লিক")
    await again(bot)
    after = await report(bot)
    assert after[0].endswith("৩ ক্লিক")
    at = "শুক্রবার, ২০ নভেম্বর দুপুর ১২:০০"
    assert f"{at} থেকে গোনার নিয়ম ২: “গোনা ক্লিক” থেকে “বট” ভাগে গেছে ১২।" in after
    await bot.say("creator", "/language en")
    lines = await report(bot)
    moved = [line for line in lines if line.startswith(f"Ruleset {RULESET}, applied on Fri 20 Nov")]
    assert [line.partition("PM: ")[2] for line in moved] == [
        "12 moved from counted clicks to robots.",
        "3 moved from robots to counted clicks.",
        "4 moved between reasons that do not count.",
    ]


async def test_a_brand_is_told_no_small_number(bot: Stage) -> None:
    link, campaign = await link_of(bot)
    await add(bot, [click(n, link, campaign, PYTHON, "human") for n in range(9)])
    await again(bot)
    seen = await bot.say("creator", "/team invite brand | আড়ং")
    await bot.say("Ishita", f"/claim {seen[-1].text.split('/claim ')[1].strip()}")
    assert any("“বট” ভাগে গেছে <১০।" in line for line in await report(bot, "Ishita"))


async def test_the_command_prints_what_moved_and_first_what_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Box(tmp_path, monkeypatch)
    url = f"sqlite:///{tmp_path / 'data' / 'adda.db'}"
    box.env(DATABASE_URL=url, SECRET_KEY="test secret")
    async with Stage.open(url, public_url=URL) as bot:
        link, campaign = await link_of(bot)
        await add(bot, [click(n, link, campaign, PYTHON, "human") for n in range(7)])
        dry = await box.run("links", "reclassify", "--dry-run")
        assert dry.out.startswith(f"Ruleset {RULESET}: 7 clicks judged, 7 would move.\n")
        assert (await kept(bot, "select distinct ruleset from clicks")) == [{"ruleset": OLD}]
        said = await box.run("links", "reclassify")  # beside the running bot
        assert (said.code, said.err) == (0, "")
        assert said.out.startswith(f"Ruleset {RULESET}: 7 clicks judged, 7 moved.\n")
        assert said.out.splitlines()[-1].split() == ["আড়ং", "human", "bot", "7"]
        assert await counts(bot) == await recounted(bot)
        assert (await kept(bot, "select at from click_revisions"))[0]["at"] != NOW
