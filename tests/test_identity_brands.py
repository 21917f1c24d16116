"""Brands see totals: no command, button or double role tells them about a person."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.platforms.playground import Message
from tests.members import joins, told
from tests.shop import URL, Web, clicks, kept, new_link, own_link
from tests.stage import Stage


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


@pytest.fixture
async def web(bot: Stage, tmp_path: Path) -> AsyncIterator[Web]:
    async with Web.open(bot, tmp_path / "spill") as opened:
        yield opened


async def test_a_helper_who_also_stands_for_a_brand_is_not_told_names(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    await bot.say("creator", "/identity on")
    await web.get(await own_link(bot, "Rima"))
    await joins(bot, "Mina", "helper")
    await joins(bot, "Mina", "brand", "আড়ং")
    answer = await told(bot, "Mina", f"/link clickers {slug}")
    assert "Rima" not in answer
    assert "ব্র্যান্ড শুধু মোট সংখ্যা" in answer


async def test_no_command_and_no_button_tells_a_brand_about_a_person(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    await bot.say("creator", "/identity on")
    tokens = []
    for who in ("Rima", "Lota"):
        tokens.append(await own_link(bot, who))
        await web.get(tokens[-1])
    await joins(bot, "Brand", "brand", "আড়ং")
    ids = [row["id"] for row in await kept(bot, "select id from members where role = 0")]
    secrets = ["Rima", "Lota", *ids, *tokens, *[row["who"] for row in await clicks(bot)]]
    cards = bot.adda.book.cards()
    assert {"link clickers", "links", "mydata"} <= {card.name for card in cards}
    assert any(card.name.startswith("report") for card in cards)
    seen: list[Message] = []
    for card in cards:
        given = {"address": slug, "brand": "আড়ং", "link": slug, "role": "brand"}
        args = {
            one.name: one.choices[0][0] if one.choices else given.get(one.name, "1")
            for one in card.options
        }
        if card.name != "claim":
            seen += await bot.command("Brand", card.name, args)
            seen += await bot.command("Brand", card.name, slug)
        seen += await bot.press("Brand", seen[-1], f"rn:{card.name.replace(' ', '.')}")
    assert len(seen) > len(cards)
    shown = "\n".join(f"{one.text} {one.rows}" for one in seen)
    assert [secret for secret in secrets if secret in shown] == []
