"""A shop may be given the id of each click, and by it tell us which placement a sale came of."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp.test_utils import TestClient

from bot.words import LANGUAGES, catalogue
from handlers.links.click_ids import click_id, click_of
from storage.seal import Seal
from tests.shop import Web, clicks, kept, new_link, phone
from tests.stage import Stage
from tests.test_api import MOMENT, SALE, access, api, bot, tell

__all__ = ["api", "bot"]  # fixtures
Client = TestClient[Any, Any]


@pytest.fixture
async def shop(bot: Stage, tmp_path: Path) -> AsyncIterator[Web]:
    async with Web.open(bot, tmp_path / "spill") as opened:
        yield opened


async def switch(bot: Stage, slug: str, to: str) -> str:
    given = {"address": slug, "click_id": to}
    return (await bot.command("creator", "link edit", given))[-1].text


async def led(shop: Web, slug: str, number: int = 0) -> str | None:
    """The id of the click, where the shop is given one."""
    answer = await shop.get(f"/{slug}", phone(number))
    assert answer.status == 302
    return parse_qs(urlsplit(answer.headers["Location"]).query).get("click_id", [None])[0]


async def places(api: Client, by: Any) -> list[tuple[str, int, int]]:
    told = await (await api.get("/v1/conversions", headers=by.headers)).json()
    return [(one["placement"], one["sales"], one["amount"]) for one in told["placements"]]


async def test_a_sale_is_counted_for_the_placement_of_its_click(
    bot: Stage, shop: Web, api: Client
) -> None:
    first, second = await new_link(bot, "TikTok"), await new_link(bot, "bio")
    for slug in (first, second):
        await switch(bot, slug, "on")
    by = await access(bot)
    ids = [await led(shop, slug, n) for n, slug in enumerate((first, first, second))]
    assert len(set(ids)) == 3
    for number, click in enumerate(ids):
        sale = SALE | {"transaction": f"A-{number}", "amount": 100, "click": click}
        assert (await tell(api, by, sale, MOMENT + number)).status == 201
    assert (await tell(api, by, SALE | {"transaction": "A-9"}, MOMENT + 9)).status == 201
    assert await places(api, by) == [("TikTok", 2, 200), ("bio", 1, 100)]
    await tell(api, by, {"transaction": "A-0", "reverse": True}, MOMENT + 20)
    assert await places(api, by) == [("TikTok", 1, 100), ("bio", 1, 100)]
    assert {row["id"] for row in await clicks(bot)} == {str(one)[:16] for one in ids}


async def test_a_shop_is_given_no_id_unless_the_team_wants_it(bot: Stage, shop: Web) -> None:
    slug = await new_link(bot)
    assert await led(shop, slug) is None
    assert "report will show" in await switch(bot, slug, "on")
    assert "leads there already" in await switch(bot, slug, "on")
    await led(shop, slug, 1)  # a link may be known as it was for one click more
    assert await led(shop, slug, 2) is not None
    await switch(bot, slug, "off")
    await led(shop, slug, 3)
    assert await led(shop, slug, 4) is None
    changes = await kept(bot, "select before, after from campaign_changes "
                         "where field = 'click_id' order by id")  # fmt: skip
    assert [(one["before"], one["after"]) for one in changes] == [("off", "on"), ("on", "off")]


async def test_an_id_that_we_did_not_give_is_refused_and_another_brands_counts_nowhere(
    bot: Stage, shop: Web, api: Client
) -> None:
    ours, theirs = await new_link(bot, "TikTok", "আড়ং"), await new_link(bot, "Reels", "Bata")
    for slug in (ours, theirs):
        await switch(bot, slug, "on")
        await led(shop, slug)
    by = await access(bot)
    mine, other = await led(shop, ours, 5), await led(shop, theirs, 6)
    assert mine is not None
    forged = mine[:-1] + ("0" if mine[-1] != "0" else "1")
    for wrong in (forged, mine[:16], "x" * 32, "é" * 32, 7, None, [mine]):
        answer = await tell(api, by, SALE | {"click": wrong})
        assert answer.status == 400, wrong
    assert (await tell(api, by, SALE | {"click": other})).status == 201
    assert await places(api, by) == []


async def test_a_direct_link_has_no_ids(bot: Stage) -> None:
    given = {"brand": "আড়ং", "destination": "https://s.example/", "placement": "Box",
             "direct": "yes"}  # fmt: skip
    await bot.command("creator", "link new", given)
    (row,) = await kept(bot, "select slug from links")
    assert "past us" in await switch(bot, row["slug"], "on")


def test_an_id_belongs_to_one_server_and_one_click() -> None:
    ours, other = Seal("one secret"), Seal("another")
    given = click_id(ours, "0" * 16)
    assert click_of(ours, given) == "0" * 16
    assert click_of(other, given) is None
    assert click_of(ours, "1" + given[1:]) is None
    assert click_of(ours, "") is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_can_be_changed_has_a_name_in_the_report(language: str) -> None:
    known = catalogue()[language]
    fields = {key.removeprefix("campaign.field.") for key in known if "campaign.field." in key}
    assert "click_id" in fields
    assert {one for one in fields - {"made"} if f"report_page.field.{one}" not in known} == set()
