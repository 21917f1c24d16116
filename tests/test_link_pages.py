"""The pages of short links: who pays first, where it leads, what runs instead, and one 404."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientResponse

from tests.shop import (
    BN,
    EN,
    SHOP,
    TELEGRAM_BOT,
    URL,
    Web,
    classes,
    kept,
    new_link,
    own_link,
    phone,
)
from tests.stage import Stage
from tests.user_agents import CHROME

BENGALI = {"Accept_Language": "bn-BD,bn;q=0.9,en;q=0.5"}
ENGLISH = {"Accept_Language": "en-GB,en;q=0.9,bn;q=0.5"}
DAY_MS = 86_400_000


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


@pytest.fixture
async def web(bot: Stage, tmp_path: Path) -> AsyncIterator[Web]:
    async with Web.open(bot, tmp_path / "spill") as opened:
        yield opened


def button(page: str) -> list[str]:
    return re.findall(r'<a class="go" href="([^"]*)"', page)


async def wholly(answer: ClientResponse) -> tuple[int, bytes, dict[str, str]]:
    """All that can be seen of an answer but the time."""
    headers = {name: value for name, value in answer.headers.items() if name != "Date"}
    return answer.status, await answer.read(), headers


# For robots that show a link --------------------------------------------------------------------


async def test_a_preview_speaks_the_communitys_language_and_names_who_pays_for_what(
    bot: Stage, web: Web
) -> None:
    slug = await new_link(bot)
    await kept(bot, "update campaigns set name = 'লাল শাড়ি'")
    page = await (await web.get(f"/{slug}", TELEGRAM_BOT)).text()
    assert f'<meta property="og:title" content="{BN}">' in page
    assert 'og:description" content="লাল শাড়ি — আড়ং. আড়ং-এর স্পনসর করা লিংক' in page
    assert '<html lang="bn">' in page
    await kept(bot, "update communities set language = 'en'")
    page = await (await web.get(f"/{slug}", TELEGRAM_BOT)).text()
    assert f'<meta property="og:title" content="{EN}">' in page
    assert 'og:description" content="লাল শাড়ি — আড়ং. A link sponsored by আড়ং.' in page
    assert '<meta name="robots" content="noindex, nofollow">' in page
    assert "shop.example" not in page


async def test_a_robot_that_fetches_the_page_for_people_gets_the_same(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    answers = [await web.get(f"/{name}", TELEGRAM_BOT) for name in (slug, f"{slug}+")]
    assert await answers[0].text() == await answers[1].text()
    assert answers[1].headers["X-Robots-Tag"] == "noindex, nofollow"


# For people who want to know first --------------------------------------------------------------


async def test_a_plus_shows_who_pays_and_where_it_leads_and_counts_nothing(
    bot: Stage, web: Web
) -> None:
    slug = await new_link(bot, to="https://শাড়ি.example/a?b=1")
    answer = await web.get(f"/{slug}+", **BENGALI)
    page = (await answer.text()).partition("<main>")[2]
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
    assert page.index(BN) < page.index("শাড়ি.example") < page.index("xn--") < page.index(EN)
    assert button(page) == [f"/{slug}?go"] * 2
    assert "দোকানে দেখুন ↗ (বিজ্ঞাপন)" in page
    assert "<script" not in page
    assert await classes(bot) == []
    head, _, english = (await (await web.get(f"/{slug}+", **ENGLISH)).text()).partition("<main>")
    assert english.index(EN) < english.index("Who pays") < english.index(BN)
    assert '<html lang="en">' in head


async def test_a_plain_ascii_host_is_shown_once(bot: Stage, web: Web) -> None:
    page = await (await web.get(f"/{await new_link(bot)}+", **ENGLISH)).text()
    assert page.count("shop.example") == 2  # once a language
    assert "size=m" not in page


async def test_the_button_of_the_page_counts_as_the_person_who_pressed_it(
    bot: Stage, web: Web
) -> None:
    await new_link(bot)
    mine = await own_link(bot, "Rima")
    page = await (await web.get(f"{mine}+")).text()
    (to, _) = button(page)
    answer = await web.get(to, Sec_Fetch_Site="same-origin")
    assert (answer.status, answer.headers["Location"]) == (302, SHOP)
    rows = await kept(bot, "select class, who, platform from clicks")
    assert [(row["class"], row["platform"]) for row in rows] == [("human", "telegram")]
    assert rows[0]["who"] is not None


async def test_a_direct_link_never_redirects_and_its_button_leads_straight_there(
    bot: Stage, web: Web
) -> None:
    slug = await new_link(bot)
    await web.get(f"/{slug}")  # known as a redirect
    await kept(bot, "update links set direct = 1")
    assert (await web.get(f"/{slug}", phone(2))).status == 200  # the process hears of it
    answer = await web.get(f"/{slug}", phone(3))
    assert (answer.status, answer.headers.get("Location")) == (200, None)
    assert button(await answer.text()) == [SHOP.replace("&", "&amp;")] * 2
    counted = len(await classes(bot))
    await web.get(f"/{slug}", phone(4))
    assert len(await classes(bot)) == counted


# Outside its time -------------------------------------------------------------------------------


async def test_an_offer_that_has_not_begun_says_when_it_will(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    later = bot.clock.now().timestamp() * 1000 + DAY_MS
    await kept(bot, f"update campaigns set starts_at = {later:.0f}")
    answer = await web.get(f"/{slug}")
    page = await answer.text()
    assert (answer.status, answer.headers.get("Location")) == (200, None)
    assert "এই অফারটা শনিবার, ২১ নভেম্বর দুপুর ১২:০০ শুরু হবে" in page
    assert "This offer begins on Sat 21 Nov, 12:00 PM" in page
    assert page.index(BN) < page.index("শুরু হবে")
    assert await classes(bot) == []
    await bot.advance(DAY_MS / 1000)
    assert (await web.get(f"/{slug}")).status == 302


async def test_an_ended_offer_names_what_runs_now_each_with_its_label(bot: Stage, web: Web) -> None:
    old = await new_link(bot)
    others = [await new_link(bot, place, "Bata") for place in ("TikTok", "YouTube")]
    await bot.say("creator", f"/link end {old}")
    page = await (await web.get(f"/{old}", **ENGLISH)).text()
    assert page.index("This offer ended on") < page.index("Running now")
    label = "Ad · paid partnership with Bata"
    assert page.index(label) < page.index(f'href="/{others[1]}+"')
    assert page.count(label) == 1  # one offer, however many places it is in
    assert others[0] not in page
    assert f'href="/{old}' not in page


async def test_an_ended_offer_of_a_community_without_others_lists_nothing(
    bot: Stage, web: Web
) -> None:
    slug = await new_link(bot)
    await bot.say("creator", f"/link end {slug}")
    page = await (await web.get(f"/{slug}", **ENGLISH)).text()
    assert "This offer ended on" in page
    assert "Running now" not in page
    assert "<ul" not in page


# What is unknown --------------------------------------------------------------------------------


async def test_whatever_is_unknown_gets_the_same_answer_to_the_byte(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    names = ["zzzzzzz", "x", "zzzzzzz.0123456789ab", "zzzzzzz+", "ক", "a" * 500, f"{slug}.short",
             f"{slug}++", f"{slug}.0123456789ab.x"]  # fmt: skip
    plain = await wholly(await web.get("/0000000"))
    for name in names:
        assert await wholly(await web.get(f"/{name}", phone(1), **ENGLISH)) == plain, name
    assert plain[0] == 404
    assert "Set-Cookie" not in plain[2]


async def test_a_wrong_token_of_a_known_link_is_no_sign_of_anything(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    mine = await own_link(bot, "Rima")
    right, wrong = await web.get(mine), await web.get(f"/{slug}.0123456789ab", phone(2))
    assert await wholly(right) == await wholly(wrong)


@pytest.mark.parametrize("agent", [CHROME, TELEGRAM_BOT])
async def test_no_page_lets_anything_be_loaded_run_or_framed(
    bot: Stage, web: Web, agent: str
) -> None:
    slug, gone = await new_link(bot), await new_link(bot, "old")
    await bot.say("creator", f"/link end {gone}")
    for path in (f"/{slug}+", f"/{gone}", "/unknown"):
        answer = await web.get(path, agent)
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "frame-ancestors 'none'" in policy
        assert "script" not in policy
        assert "unsafe" not in policy
        assert not re.search(
            r"<script|<form|\son[a-z]+=|\sstyle=|\ssrc=|url\(", await answer.text()
        )
