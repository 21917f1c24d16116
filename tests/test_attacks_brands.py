"""Attacks on figures, rewards and budgets, each with its defence standing and taken away."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from storage import assist, clicks, downloads, figures, links, tokens
from storage.links import Brand, Link
from storage.tx import Tx
from tests.shop import SHOP, TELEGRAM_BOT, URL, Web, kept, new_link, own_link, phone
from tests.stage import Stage
from tests.test_attacks import DEFENCE, Patch
from tests.test_reports import invite

MANY = 37  # a number that nothing else here is


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


@pytest.fixture
async def shop(bot: Stage, tmp_path: Path) -> AsyncIterator[Web]:
    async with Web.open(bot, tmp_path / "spill") as opened:
        yield opened


# Brand A reading brand B ------------------------------------------------------------------------


async def two_brands(bot: Stage, shop: Web) -> str:
    """Aminul stands for আড়ং; the link is Bata's, which people opened."""
    await new_link(bot, "TikTok", "আড়ং")
    theirs = await new_link(bot, "Reels", "Bata")
    for number in range(MANY):
        await shop.get(f"/{theirs}", phone(number))
    await invite(bot, "Aminul", "আড়ং")
    return theirs


@DEFENCE
async def test_a_brand_reads_nothing_of_another_by_any_command(
    bot: Stage, shop: Web, monkeypatch: Patch, stands: bool
) -> None:
    async def all_brands(tx: Tx, community: str, _member: str) -> list[Brand]:
        return await links.brands(tx, community)

    if not stands:
        monkeypatch.setattr(links, "brands_of", all_brands)
    slug = await two_brands(bot, shop)
    (row,) = await kept(bot, "select id from campaigns where brand in "
                        "(select id from brands where name = 'Bata')")  # fmt: skip
    heard = ""
    for card in bot.adda.book.cards():
        for given in ("", "Bata", slug, row["id"]):
            seen = await bot.say("Aminul", f"/{card.name} {given}".strip())
            heard += "".join(message.text for message in seen)
            await bot.say("Aminul", "/cancel")
    assert any(number in heard for number in (str(MANY), "৩৭")) is not stands
    assert "আড়ং" in heard


@DEFENCE
async def test_figures_are_of_one_campaign_and_its_own_community(
    bot: Stage, shop: Web, monkeypatch: Patch, stands: bool
) -> None:
    if not stands:  # the question forgets to ask whose campaign it is
        monkeypatch.setattr(clicks, "totals", _of_anyone)
    await two_brands(bot, shop)
    (row,) = await kept(bot, "select l.campaign, l.community from links l "
                        "join campaigns c on c.id = l.campaign join brands b on b.id = c.brand "
                        "where b.name = 'Bata'")  # fmt: skip
    async with bot.adda.database.read() as tx:
        own = await clicks.totals(tx, row["community"], row["campaign"], "2026-01-01")
        foreign = await clicks.totals(tx, "another", row["campaign"], "2026-01-01")
        for ask in (clicks.facets, clicks.people, tokens.intents):
            assert not await ask(tx, "another", row["campaign"], "2026-01-01")
        assert not await clicks.verified(tx, "another", row["campaign"])
        assert await figures.head(tx, "another", row["campaign"]) is None
    assert sum(total.clicks for total in own) == MANY
    assert (foreign == []) is stands


async def _of_anyone(tx: Tx, _community: str, campaign: str, since: str) -> list[Any]:
    home = "c1"
    rows = await tx.all("campaign_totals", community=home, campaign=campaign, since=since)
    return [clicks.Total(r["placement"], r["platform"], r["class"], r["clicks"]) for r in rows]


READS = [
    (module, name)
    for module in (clicks, figures)
    for name, function in inspect.getmembers(module, inspect.iscoroutinefunction)
    if function.__module__ == module.__name__ and not name.startswith("_")
    and not name.startswith(("add_", "recover_")) and name != "standing"
]  # fmt: skip


@pytest.mark.parametrize(("module", "name"), READS, ids=lambda one: getattr(one, "__name__", one))
def test_no_question_of_a_report_can_be_asked_without_saying_whose(
    module: ModuleType, name: str
) -> None:
    given = inspect.signature(getattr(module, name)).parameters
    needed = {one.name for one in given.values() if one.default is one.empty}
    assert {"community", "campaign"} <= needed or "span" in needed
    if "span" in needed:
        fields = inspect.signature(figures.Span).parameters
        assert fields["community"].default is fields["campaign"].default is inspect.Parameter.empty


# Rewards ----------------------------------------------------------------------------------------


@DEFENCE
async def test_a_preview_earns_nobody_a_ticket(
    bot: Stage, shop: Web, monkeypatch: Patch, stands: bool
) -> None:
    if not stands:
        everyone = frozenset(("human", "preview", "head"))
        monkeypatch.setattr("handlers.links.ledger.PEOPLE", everyone)
    await new_link(bot)
    mine = await own_link(bot, "Rima")
    await kept(bot, "update link_tokens set incentive = 1")
    (token,) = await kept(bot, "select member, link from link_tokens")
    await shop.get(mine, TELEGRAM_BOT)
    await shop.head(mine)
    assert (await _rewarded(bot, token) is None) is stands
    await shop.get(mine)
    assert await _rewarded(bot, token) is not None


async def _rewarded(bot: Stage, token: dict[str, Any]) -> int | None:
    async with bot.adda.database.read() as tx:
        return await tokens.rewarded_at(tx, token["member"], token["link"])


@DEFENCE
async def test_who_forwards_a_link_made_for_a_ticket_does_not_earn_it_by_others(
    bot: Stage, shop: Web, monkeypatch: Patch, stands: bool
) -> None:
    if not stands:
        monkeypatch.setattr("storage.tokens.IDENTITY_MS", 10**12)
    await new_link(bot)
    mine = await own_link(bot, "Rima")
    await kept(bot, "update link_tokens set incentive = 1")
    (token,) = await kept(bot, "select member, link from link_tokens")
    await bot.advance(16 * 60)
    await shop.get(mine, phone(5))
    assert (await _rewarded(bot, token) is None) is stands


# Races ------------------------------------------------------------------------------------------


async def at_once(bot: Stage, *works: Callable[[Tx], Coroutine[Any, Any, Any]]) -> list[Any]:
    """What units of work give that begin in the same moment, each on a line of its own."""
    return list(await asyncio.gather(*map(bot.adda.database.unit, works)))


@DEFENCE
async def test_two_who_end_a_link_at_once_end_it_once(
    bot: Stage, monkeypatch: Patch, stands: bool
) -> None:
    async def careless(tx: Tx, community: str, slug: str, now: int) -> Link | None:
        found = await links.link_by_slug(tx, slug)
        await tx.one("link_end", community=community, slug=slug, now=now)
        return found

    slug = await new_link(bot)
    if not stands:
        monkeypatch.setattr(links, "end_link", careless)
    ended = await at_once(bot, *[lambda tx: links.end_link(tx, "c1", slug, 10**13)] * 4)
    assert (sum(one is not None for one in ended) == 1) is stands


@DEFENCE
async def test_a_budget_is_not_overspent_by_many_at_once(
    bot: Stage, monkeypatch: Patch, stands: bool
) -> None:
    async def careless(tx: Tx, day: str, budget: int) -> bool:
        spent = await assist.spent(tx, day)
        await tx.run("assist_spend", day=day, budget=10**9)
        return spent <= budget

    if not stands:
        monkeypatch.setattr(assist, "spend", careless)
    given = await at_once(bot, *[lambda tx: assist.spend(tx, "2026-11-20", 3)] * 8)
    assert (sum(given) == 3) is stands


async def test_a_download_is_given_to_one_of_many_and_a_look_does_not_take_it(bot: Stage) -> None:
    token, later = "a" * 32, 10**13
    await bot.unit(lambda tx: downloads.offer(tx, "c1", token, "csv", 0, later))
    looks = await at_once(bot, *[lambda tx: downloads.offered(tx, token, 1)] * 3)
    taken = await at_once(bot, *[lambda tx: downloads.take(tx, token, 1)] * 4)
    assert looks == [True] * 3
    assert sum(one is not None for one in taken) == 1


async def test_of_two_visitors_at_once_one_uses_a_personal_link(bot: Stage) -> None:
    await new_link(bot)
    token = (await own_link(bot, "Rima")).rpartition(".")[2]
    (row,) = await kept(bot, "select link, issued_at from link_tokens")

    def take(visitor: str) -> Callable[[Tx], Coroutine[Any, Any, Any]]:
        return lambda tx: tokens.take_token(tx, token, row["link"], visitor, row["issued_at"] + 1)

    holders = await at_once(bot, *(take(f"visitor {number}") for number in range(4)))
    assert len({holder.opened_by for holder in holders}) == 1


async def test_edits_at_once_are_all_on_record_each_from_what_the_one_before_left(
    bot: Stage,
) -> None:
    slug = await new_link(bot)
    edits = [
        bot.say("creator", f"/link edit {slug} | https://shop.example/{n} |", platform)
        for n, platform in enumerate(["telegram", "discord"] * 4)
    ]
    await asyncio.gather(*edits)
    (link,) = await kept(bot, f"select destination from links where slug = '{slug}'")
    changes = await kept(
        bot, "select before, after from campaign_changes where field = 'destination'"
    )
    assert len(changes) == len(edits)
    at = SHOP  # the changes are one chain from what it was to what it is
    for _ in edits:
        (at,) = [change["after"] for change in changes if change["before"] == at]
    assert at == link["destination"]
