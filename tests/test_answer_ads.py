"""Answers that are ads: the disclosure first, the fan's own link last, or not shown at all."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.platforms.playground import Message
from handlers.questions.normalise import normalise
from storage import knowledge
from storage.knowledge import Draft
from storage.tx import Tx
from tests.shop import BN, EN, URL, labels, new_link, urls
from tests.stage import Stage

PRICE = "লাল ড্রেস – দাম ২,৪৫০ টাকা (২০ নভেম্বর দেখা)"


@pytest.fixture
async def shop(ready_url: str) -> AsyncIterator[Stage]:
    """A bot whose links are counted."""
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


async def make(bot: Stage) -> None:
    await bot.say("creator", "/answers card লাল ড্রেস | 2450 | লাল, M, L")


async def ask(bot: Stage, question: str, who: str = "Rima") -> Message:
    return (await bot.say(who, question))[-1]


async def test_an_ad_says_so_first_and_its_own_link_is_the_last_button(shop: Stage) -> None:
    await make(shop)
    slug = await new_link(shop)
    assert (await shop.say("creator", f"/answers link 1 {slug}"))[-1].text.splitlines()[1] == BN
    seen = await ask(shop, "লাল ড্রেসের দাম কত?")
    assert seen.text.splitlines()[:2] == [BN, PRICE]
    assert urls(seen)[-1].startswith(f"{URL}/{slug}.")
    assert labels(seen)[-1].startswith("দোকানে দেখুন")
    english = await ask(shop, "what is the price of the red dress")
    assert english.text.startswith(f"{EN}\nলাল ড্রেস – Price")


async def test_in_public_the_link_is_given_to_whoever_presses(shop: Stage) -> None:
    await make(shop)
    await shop.say("creator", f"/answers link 1 {await new_link(shop)}")
    seen = (await shop.say("Rima", "@adda লাল ড্রেসের দাম কত?", place="fans"))[-1]
    assert seen.text.startswith(BN)
    assert urls(seen) == []
    await shop.press("Lota", seen, "দোকানে দেখুন")
    own = shop.seen("Lota", "telegram", "dm")[-1]
    assert urls(own)[0].startswith(f"{URL}/")


async def test_a_choice_of_an_ad_says_so_too(shop: Stage) -> None:
    await shop.say("creator", "/answers card শাড়ি | ৩০০০")
    await shop.say("creator", "/answers card জুতা | ১২০০")
    await shop.say("creator", f"/answers link 2 {await new_link(shop)}")
    offered = await ask(shop, "শাড়ি নাকি জুতা?")
    seen = await shop.press("Rima", offered, "জুতা")
    assert seen[-1].text.startswith(f"{BN}\nজুতা – দাম ১,২০০ টাকা")
    public = (await shop.say("Rima", "@adda শাড়ি নাকি জুতা?", place="fans"))[-1]
    await shop.press("Lota", public, "জুতা")
    assert shop.seen("Lota", "telegram", "dm")[-1].text.startswith(f"{BN}\nজুতা")


async def test_when_the_campaign_is_over_the_answer_stays_without_the_link(shop: Stage) -> None:
    await make(shop)
    slug = await new_link(shop)
    await shop.say("creator", f"/answers link 1 {slug}")
    await shop.say("creator", f"/link end {slug}")
    seen = await ask(shop, "লাল ড্রেসের দাম কত?")
    assert PRICE in seen.text
    assert urls(seen) == []
    refused = await shop.say("creator", f"/answers link 1 {URL}/{slug}")
    assert "শেষ হয়ে গেছে" in refused[-1].text


async def test_a_sponsor_without_a_label_cannot_be_shown(shop: Stage) -> None:
    await make(shop)
    refused = await shop.say("creator", "/answers link 1 আড়ং")
    assert "“আড়ং” নামে কোনো স্পনসর লিংক চলছে না" in refused[-1].text
    assert "/link new" in refused[-1].text
    await new_link(shop)
    assert BN in (await shop.say("creator", "/answers link 1 আড়ং"))[-1].text
    assert BN not in (await shop.say("creator", "/answers link 1"))[-1].text


async def test_a_sponsored_link_in_the_text_is_not_let_through_unsaid(shop: Stage) -> None:
    address = f"{URL}/{await new_link(shop)}"
    for line in (f"add দাম? | এখানে কিনুন {address}", f"card ক | {address}"):
        refused = await shop.say("creator", f"/answers {line}")
        assert "বিজ্ঞাপন তা শুরুতে বলা নেই" in refused[-1].text
    table = {"text": f"question,answer\nশাড়ির দাম কত?,এখানে {address}"}
    await shop.command("creator", "answers import", table)

    async def imported(tx: Tx) -> None:
        draft = Draft("জুতা?", normalise("জুতা?"), {"bn": f"এখানে {address}"})
        await knowledge.put(tx, "c1", draft, "imported", 0)

    await shop.unit(imported)
    assert (await ask(shop, "জুতা?")).text.startswith(BN)
