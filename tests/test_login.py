"""A login button in a group: Telegram's signature is checked, and brings one personal link."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from bot.platforms.telegram_login import login
from storage.database import open_database
from storage.seal import Seal
from tests.peers.telegram import TOKEN
from tests.peers.telegram_login import signed
from tests.shop import EN, SHOP, URL, Web, classes, clicks, kept, new_link, phone
from tests.stage import START, Stage
from tests.user_agents import CHROME
from web.app import application
from web.login import login_routes

RIMA = {
    "id": "5312345678",
    "first_name": "রিমা",
    "username": "rima",
    "photo_url": "https://t.me/i/1",
}
AT = int(START.timestamp())
Enter = Callable[..., Awaitable[ClientResponse]]


# What is believed ----------------------------------------------------------------------------


def read(fields: dict[str, str], later: int = 0, token: str = TOKEN) -> Any:
    return login(token, fields.items(), START + timedelta(seconds=later))


def test_who_telegram_signs_is_known_by_their_account() -> None:
    found = read(signed(TOKEN, AT, RIMA | {"last_name": "খান"}))
    assert (found.who.platform, found.who.user, found.who.name) == (
        "telegram", "5312345678", "রিমা খান",
    )  # fmt: skip
    assert re.fullmatch("[a-z0-9]{12}", found.token)
    again = read(signed(TOKEN, AT, RIMA))
    assert again.token != found.token
    assert again.token == read(signed(TOKEN, AT, RIMA)).token


@pytest.mark.parametrize(
    "change",
    [{"id": "1"}, {"first_name": "Lota"}, {"auth_date": str(AT + 1)}, {"hash": "0" * 64},
     {"hash": ""}, {"hash": "é" * 64}, {"id": ""}, {"last_name": "added"}],
    ids=str,
)  # fmt: skip
def test_a_changed_field_is_a_forgery(change: dict[str, str]) -> None:
    assert read(signed(TOKEN, AT, RIMA) | change) is None


def test_what_another_bots_token_signed_is_a_forgery() -> None:
    assert read(signed("4242424242:another", AT, RIMA)) is None


@pytest.mark.parametrize(("later", "holds"), [(0, True), (300, True), (301, False), (-61, False)])
def test_a_signature_holds_for_minutes(later: int, holds: bool) -> None:
    assert (read(signed(TOKEN, AT, RIMA), later) is not None) is holds


def test_of_fields_that_telegram_does_not_document_nothing_is_believed() -> None:
    fields = signed(TOKEN, AT, RIMA)
    assert read(fields | {"role": "owner"}) == read(fields)
    assert login(TOKEN, [*fields.items(), ("id", "1")], START) is None
    assert login(TOKEN, [("id", "1"), *fields.items()], START) is None
    assert read({name: value for name, value in fields.items() if name != "hash"}) is None
    assert read({}) is None


# Where it leads ------------------------------------------------------------------------------


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


@pytest.fixture
async def web(bot: Stage, tmp_path: Path) -> AsyncIterator[Web]:
    async with Web.open(bot, tmp_path / "spill") as opened:
        yield opened


@pytest.fixture
async def enter(bot: Stage) -> AsyncIterator[Enter]:
    """Open a login address of a slug with the fields given in its query."""
    world = bot.adda.world
    routes = login_routes(bot.adda.database, world, lambda query: login(TOKEN, query, world.now()))
    async with TestClient(TestServer(application(routes))) as client:

        async def opened(
            slug: str, fields: dict[str, str], method: str = "GET", **headers: str
        ) -> ClientResponse:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            return await client.request(
                method, f"/login/{slug}?{urlencode(fields)}", allow_redirects=False,
                headers={"User-Agent": CHROME, **sent},
            )  # fmt: skip

        yield opened


def now(bot: Stage) -> int:
    return int(bot.clock.now().timestamp())


def rima(bot: Stage, **more: str) -> dict[str, str]:
    return signed(TOKEN, now(bot), RIMA | more)


async def own(answer: ClientResponse) -> str:
    """The personal link an answer leads to, at once or by the first button of its page."""
    if answer.status == 302:
        return answer.headers["Location"]
    found = re.search(r'class="go" href="([^"?]+)\?go"', await answer.text())
    assert found is not None
    return found[1]


async def test_the_first_login_says_what_is_counted_and_leads_to_a_link_of_ones_own(
    bot: Stage, web: Web, enter: Enter
) -> None:
    slug = await new_link(bot)
    answer = await enter(slug, rima(bot))
    page = await answer.text()
    assert answer.status == 200
    assert page.index(EN) < page.index("counted under a pseudonym")
    assert "ছদ্মনামে" in page
    assert f'href="{SHOP}"' in page
    mine = await own(answer)
    assert re.fullmatch(rf"/{slug}\.[a-z0-9]{{12}}", mine)
    assert (await web.get(f"{mine}?go", Sec_Fetch_Site="same-origin")).status == 302
    click = (await clicks(bot))[0]
    assert (click["platform"], click["class"], click["forwarded"]) == ("telegram", "human", 0)
    assert click["who"] is not None


async def test_the_second_login_leads_on_at_once_and_both_were_presses(
    bot: Stage, web: Web, enter: Enter
) -> None:
    slug = await new_link(bot)
    first = await own(await enter(slug, rima(bot)))
    await web.get(first)
    await bot.advance(60)
    answer = await enter(slug, rima(bot))
    assert answer.status == 302
    assert answer.headers["Location"] != first
    await web.get(answer.headers["Location"])
    assert len({row["who"] for row in await clicks(bot)}) == 1
    intents = await kept(bot, "select platform, day, intents from link_intents")
    assert intents == [{"platform": "telegram", "day": "2026-11-20", "intents": 2}]


async def test_neither_signature_nor_token_is_kept_or_told_to_the_shop(
    bot: Stage, web: Web, enter: Enter
) -> None:
    slug = await new_link(bot)
    first = await enter(slug, rima(bot))
    await bot.advance(60)
    for answer in (first, await enter(slug, rima(bot)), await web.get(await own(first))):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"


async def test_a_refused_forged_or_stale_login_opens_the_same_link_for_nobody(
    bot: Stage, web: Web, enter: Enter
) -> None:
    slug = await new_link(bot)
    people = await kept(bot, "select * from members")
    for fields in ({}, rima(bot) | {"id": "1"}, signed(TOKEN, now(bot) - 301, RIMA)):
        answer = await enter(slug, fields)
        assert (answer.status, answer.headers["Location"]) == (302, f"/{slug}")
        assert (await web.get(f"/{slug}")).status == 302
        await bot.advance(11)
    assert {row["who"] for row in await clicks(bot)} == {None}
    assert await classes(bot) == ["human"] * 3
    assert await kept(bot, "select * from link_tokens") == []
    assert await kept(bot, "select * from members") == people


async def test_a_signature_shown_again_is_the_same_link_and_forwarded_from_another_device(
    bot: Stage, web: Web, enter: Enter
) -> None:
    slug = await new_link(bot)
    seen = rima(bot)
    mine = await own(await enter(slug, seen))
    await web.get(mine)
    await bot.advance(100)
    stolen = await own(await enter(slug, seen))
    assert stolen == mine
    await web.get(stolen, phone(2))
    victim, thief = await clicks(bot)
    assert (victim["forwarded"], thief["forwarded"], thief["who"]) == (0, 1, None)
    assert await kept(bot, "select intents from link_intents") == [{"intents": 1}]


async def test_of_two_at_once_who_are_new_here_one_member_is_made(bot: Stage, enter: Enter) -> None:
    slug = await new_link(bot)
    before = len(await kept(bot, "select * from members"))
    earlier = signed(TOKEN, now(bot) - 1, RIMA)
    answers = await asyncio.gather(*(enter(slug, one) for one in (rima(bot), earlier) * 3))
    found = {await own(answer) for answer in answers}
    assert len(await kept(bot, "select * from members")) == before + 1
    tokens = await kept(bot, "select token from link_tokens")
    assert {f"/{slug}.{row['token']}" for row in tokens} == found - {f"/{slug}"}
    assert len(tokens) == 2
    assert await kept(bot, "select intents from link_intents") == [{"intents": 2}]


async def test_a_signature_shown_at_another_link_names_nobody_there(
    bot: Stage, enter: Enter
) -> None:
    seen = rima(bot)
    await enter(await new_link(bot), seen)
    other = await new_link(bot, "YouTube")
    answer = await enter(other, seen)
    assert (answer.status, answer.headers["Location"]) == (302, f"/{other}")
    assert len(await kept(bot, "select * from link_tokens")) == 1


@pytest.mark.parametrize(
    "how",
    [{"method": "HEAD"}, {"Sec_Purpose": "prefetch"}, {"DNT": "1"}, {"Sec_GPC": "1"}],
    ids=str,
)
async def test_robots_and_who_declines_use_no_signature_up(
    bot: Stage, enter: Enter, how: dict[str, str]
) -> None:
    slug = await new_link(bot)
    answer = await enter(slug, rima(bot), **how)
    assert (answer.status, answer.headers["Location"]) == (302, f"/{slug}")
    assert await kept(bot, "select * from link_tokens") == []


async def test_whoever_is_not_told_apart_is_led_to_the_shared_link(
    bot: Stage, enter: Enter
) -> None:
    slug = await new_link(bot)
    await enter(slug, rima(bot))
    member = (await kept(bot, "select member from link_tokens"))[0]["member"]
    await bot.advance(1)
    await kept(bot, f"insert into untracked values ('{member}', 0)")
    assert (await enter(slug, rima(bot))).headers["Location"] == f"/{slug}"
    await bot.say("creator", "/identity off")
    people = await kept(bot, "select * from members")
    lota = signed(TOKEN, now(bot), {"id": "77", "first_name": "Lota"})
    assert (await enter(slug, lota)).headers["Location"] == f"/{slug}"
    assert await kept(bot, "select * from members") == people


async def test_links_that_are_over_or_unknown_are_answered_where_all_links_are(
    bot: Stage, enter: Enter
) -> None:
    slug = await new_link(bot)
    await bot.say("creator", f"/link end {slug}")
    for name in (slug, "unknown1"):
        assert (await enter(name, rima(bot))).headers["Location"] == f"/{name}"
    assert await kept(bot, "select * from link_tokens") == []


@pytest.mark.parametrize(
    "name", ["%2F%2Fevil.example", "evil.example", "a%0D%0Ab", "..%2Fx", "x" * 41]
)
async def test_a_login_leads_nowhere_but_to_links(bot: Stage, enter: Enter, name: str) -> None:
    answer = await enter(name, rima(bot))
    assert answer.status == 404
    assert "Location" not in answer.headers


async def test_while_the_database_is_away_a_login_opens_the_shared_link(tmp_path: Path) -> None:
    async with Stage.open(f"sqlite:///{tmp_path / 'a.db'}", public_url=URL) as bot:
        gone = await open_database(f"sqlite:///{tmp_path / 'b.db'}", Seal("test secret"))
        await gone.close()
        world = bot.adda.world
        routes = login_routes(gone, world, lambda query: login(TOKEN, query, world.now()))
        async with TestClient(TestServer(application(routes))) as client:
            path = f"/login/abcdefg?{urlencode(rima(bot))}"
            answer = await client.get(path, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (302, "/abcdefg")
