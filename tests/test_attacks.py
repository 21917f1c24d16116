"""Attacks on short links, each with its defence standing and with it taken away.

Where a defence is taken away the attack must succeed: so a test of this list can fail.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse

from handlers.links.addresses import Destination
from handlers.links.clicks import Clicks
from tests.shop import (
    SHOP,
    TELEGRAM_BOT,
    URL,
    Web,
    classes,
    clicks,
    kept,
    new_link,
    own_link,
    phone,
)  # fmt: skip
from tests.stage import Stage
from web.misses import A_MINUTE, Misses
from web.redirect import Doors

DEFENCE = pytest.mark.parametrize("stands", [True, False], ids=["defended", "undefended"])
Patch = pytest.MonkeyPatch


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


@pytest.fixture
async def shop(bot: Stage, tmp_path: Path) -> AsyncIterator[Web]:
    async with Web.open(bot, tmp_path / "spill") as opened:
        yield opened


# Where a link leads -----------------------------------------------------------------------------

FOREIGN = (
    "https://shop.example@evil.example/", "javascript:alert(1)", "//evil.example/",
    "https://shop.example\\@evil.example/", "https://shop.example%0d%0aX: y@evil.example/",
    "data:text/html,<script>alert(1)</script>",
)  # fmt: skip


@DEFENCE
async def test_open_redirect_by_an_address_that_deceives(
    bot: Stage, monkeypatch: Patch, stands: bool
) -> None:
    if not stands:
        anything = lambda text, loopback: Destination(text, text, text)  # noqa: ARG005, E731
        monkeypatch.setattr("handlers.links.making.destination", anything)
    for number, address in enumerate(FOREIGN):
        await bot.say("creator", f"/link new আড়ং | {address} | place {number}")
    assert (await kept(bot, "select destination from links") == []) is stands


async def test_nothing_in_a_request_says_where_it_leads(bot: Stage, shop: Web) -> None:
    slug, evil = await new_link(bot), "https://evil.example/"
    given = {"X_Forwarded_Host": "evil.example", "Forwarded": "host=evil.example", "Origin": evil}
    for path in (f"/{slug}?to={evil}&url={evil}", f"/{slug}?{evil}", f"/{slug}#{evil}"):
        answer = await shop.get(path, phone(len(path)), **given)
        assert answer.headers["Location"] == SHOP
    for path in (f"/{slug}/{evil}", "/%2f%2fevil.example", f"/{evil}"):
        assert (await shop.get(path, **given)).status == 404


@DEFENCE
async def test_a_destination_is_not_swapped_without_a_trace(
    bot: Stage, shop: Web, monkeypatch: Patch, stands: bool
) -> None:
    async def silence(*_: Any) -> None: ...

    slug = await new_link(bot)
    if not stands:
        monkeypatch.setattr("storage.campaigns.log", silence)
    await bot.say("creator", f"/link edit {slug} | https://other.example/ |")
    assert (await shop.get(f"/{slug}")).headers["Location"] == "https://other.example/"
    changes = await kept(
        bot, "select before, after, member from campaign_changes where field = 'destination'"
    )
    seen = await bot.say("creator", "/campaign history আড়ং")
    assert ("other.example" in seen[-1].text and "shop.example" in seen[-1].text) is stands
    told = {"before": SHOP, "after": "https://other.example/", "member": "owner-telegram"}
    assert (changes == [told]) is stands


# Who somebody says they are ---------------------------------------------------------------------


@DEFENCE
async def test_a_spoofed_address_makes_no_new_visitor(
    bot: Stage, tmp_path: Path, stands: bool
) -> None:
    slug = await new_link(bot)
    trusted = [ip_network("10.0.0.0/8" if stands else "0.0.0.0/0")]
    async with Web.open(bot, tmp_path / "spill", trusted=trusted, country="CF-IPCountry") as shop:
        for number in range(4):
            forged = {"X_Forwarded_For": f"198.51.{number}.1", "CF_IPCountry": "US"}
            await shop.get(f"/{slug}", **forged)
    honest = ["human", "repeat", "repeat", "repeat"]
    assert (await classes(bot) == honest) is stands
    assert ({row["country"] for row in await clicks(bot)} == {None}) is stands


@DEFENCE
async def test_openings_from_our_own_pages_are_not_counted_as_peoples(
    bot: Stage, tmp_path: Path, monkeypatch: Patch, stands: bool
) -> None:
    if not stands:
        monkeypatch.setattr("tests.shop.Doors", partial(Doors, own_pages=False))
    slug = await new_link(bot)
    async with Web.open(bot, tmp_path / "spill") as shop:
        ours = f"http://{shop.client.host}:{shop.client.port}/report"
        await shop.get(f"/{slug}", phone(1), Sec_Fetch_Site="same-origin")
        await shop.get(f"/{slug}", phone(2), Referer=ours)
        expected = "self" if stands else "human"
        assert await classes(bot) == [expected] * 2
        await shop.get(f"/{slug}", phone(3), Sec_Fetch_Site="cross-site")
        await shop.get(f"/{slug}", phone(4), Referer="https://elsewhere.example/report")
        assert await classes(bot) == [expected] * 2 + ["human"] * 2


@DEFENCE
async def test_a_flood_of_made_up_tokens_counts_as_few_people(
    bot: Stage, shop: Web, monkeypatch: Patch, stands: bool
) -> None:
    if not stands:
        monkeypatch.setattr("handlers.links.visitors.RATE", 10**9)
    slug = await new_link(bot)
    for number in range(60):
        assert (await shop.get(f"/{slug}.{number:012d}")).status == 302  # led on all the same
    counted = (await classes(bot)).count("human")
    assert (counted <= 30) is stands
    assert (await classes(bot)).count("rate") == 60 - counted


# Guessing ---------------------------------------------------------------------------------------


@DEFENCE
async def test_slugs_are_not_guessed_by_speed(
    bot: Stage, shop: Web, monkeypatch: Patch, stands: bool
) -> None:
    asked: list[str] = []
    find = Clicks.find

    async def watched(self: Clicks, slug: str) -> Any:
        asked.append(slug)
        return await find(self, slug)

    monkeypatch.setattr(Clicks, "find", watched)
    if not stands:
        monkeypatch.setattr(Misses, "many", lambda *_: False)
    slug = await new_link(bot)
    assert (await shop.get(f"/{slug}")).status == 302
    asked.clear()
    answers = [await shop.get(f"/guess-{number:03d}") for number in range(2 * A_MINUTE)]
    assert {(a.status, await a.read()) for a in answers} == {(404, await answers[0].read())}
    assert (len(asked) == A_MINUTE) is stands
    assert (await shop.get(f"/{slug}", phone(2))).status == 302
    await bot.advance(61)
    asked.clear()
    await shop.get("/guess-again")
    assert asked == ["guess-again"]


def test_what_is_remembered_of_guessers_is_bounded_and_forgets_the_oldest() -> None:
    misses = Misses(a_minute=2, networks=3)
    for address in ("10.0.0.1", "10.0.0.2", "10.0.1.1", "10.0.2.1", "10.0.3.1", "10.0.3.1"):
        misses.missed(address, 0)
    assert not misses.many("10.0.0.1", 0)  # made room for others
    assert misses.many("10.0.3.99", 59_999)  # its network
    assert not misses.many("10.0.3.1", 60_000)
    assert len(misses._seen) == 3


# Tokens -----------------------------------------------------------------------------------------


@DEFENCE
async def test_the_shop_never_hears_the_token(
    bot: Stage, tmp_path: Path, monkeypatch: Patch, stands: bool
) -> None:
    if not stands:
        bare = {"Cache-Control": "no-store"}
        monkeypatch.setattr("web.redirect.LED", bare)
        monkeypatch.setattr("web.link_pages.LED", bare)
        monkeypatch.setattr("web.app.HEADERS", {})
    await new_link(bot)
    mine = await own_link(bot, "Rima")
    token = mine.rpartition(".")[2]
    async with Web.open(bot, tmp_path / "spill") as shop:
        answers = [await shop.get(path) for path in (mine, f"{mine}+", "/unknown")]
    assert (_policies(answers) == {"no-referrer"}) is stands
    assert token not in answers[0].headers["Location"]
    assert token not in str(answers[2].headers)


def _policies(answers: list[ClientResponse]) -> set[str | None]:
    return {answer.headers.get("Referrer-Policy") for answer in answers}


@DEFENCE
async def test_a_preview_uses_nothing_up(
    bot: Stage, shop: Web, monkeypatch: Patch, stands: bool
) -> None:
    if not stands:
        people = frozenset(("human", "preview", "head", "prefetch"))
        monkeypatch.setattr("handlers.links.ledger.PEOPLE", people)
    await new_link(bot)
    mine = await own_link(bot, "Rima")
    tokens = "select token, opened_by from link_tokens"
    before = await kept(bot, tokens)
    await shop.get(mine, TELEGRAM_BOT)
    await shop.get(f"{mine}+", TELEGRAM_BOT)
    await shop.head(mine, phone(8))
    await shop.get(mine, phone(9), Sec_Purpose="prefetch")
    assert (await kept(bot, tokens) == before) is stands
    await shop.get(mine, phone(1))
    last = (await clicks(bot))[-1]
    assert ((last["class"], last["forwarded"]) == ("human", 0)) is stands
    assert (last["who"] is not None) is stands
