"""Posts: the team says which product a post shows, and a reply to it is about that product."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bot.actions import pack
from bot.platforms.discord_read import event_of
from bot.platforms.playground import Message
from bot.platforms.telegram_read import Reader
from handlers.questions.posts import Link, LinkNumbered, Unlink
from storage import cards
from tests.shop import labels
from tests.stage import START, Stage

PAYLOADS = Path(__file__).parent / "payloads"
POST = "নতুন কালেকশন এসে গেছে! 💙"


async def teach(bot: Stage) -> None:
    for line in ("লাল ড্রেস | 2450 | লাল, M, L", "নীল ড্রেস | 2650 | নীল, S, M"):
        await bot.say("creator", f"/answers card {line}")
    await bot.say("creator", "/answers add ডেলিভারি চার্জ কত? | ঢাকায় ৮০ টাকা।")
    await bot.say("creator", "/answers add ফেরত দেওয়া যায়? | সাত দিনের মধ্যে।")


async def post(bot: Stage, platform: str = "telegram", text: str = POST) -> str:
    """The id of a post of the creator's in the group."""
    await bot.playground.say("creator", platform, "fans", text)
    return bot.playground.seen("creator", platform, "fans")[-1].id


async def linked(bot: Stage, number: int = 2) -> str:
    await teach(bot)
    id = await post(bot)
    seen = await bot.say("creator", f"/answers post {number}", place="fans", reply=id)
    assert f"রিপ্লাই দিয়ে কেউ কিছু জানতে চাইলে নং {'০১২৩৪'[number]}" in seen[-1].text
    return id


async def reply(bot: Stage, id: str, text: str, who: str = "Rima") -> Message:
    return (await bot.say(who, f"@adda {text}", place="fans", reply=id))[-1]


async def test_a_reply_to_a_post_is_about_its_product(bot: Stage) -> None:
    id = await linked(bot)
    assert (await reply(bot, id, "price?")).text.startswith("নীল ড্রেস – দাম ২,৬৫০ টাকা")
    assert (await reply(bot, id, "eta koto apu")).text.startswith("নীল ড্রেস – দাম")
    assert (await reply(bot, id, "size ki ki?")).text.startswith("নীল ড্রেস – সাইজ: S, M")
    assert (await reply(bot, id, "এই ড্রেসটার দাম কত?")).text.startswith("নীল ড্রেস – দাম")


async def test_what_the_card_does_not_say_is_answered_by_what_does(bot: Stage) -> None:
    id = await linked(bot)
    assert (await reply(bot, id, "ডেলিভারি চার্জ কত?")).text == "ঢাকায় ৮০ টাকা।"
    assert (await reply(bot, id, "ফেরত দেওয়া যায়?")).text == "সাত দিনের মধ্যে।"


async def test_another_question_offers_the_product_first(bot: Stage) -> None:
    id = await linked(bot)
    seen = await reply(bot, id, "এটা কি গরমে পরা যাবে?")
    assert labels(seen)[0] == "নীল ড্রেস"
    assert "কোনোটাই না" in labels(seen)[-1]


async def test_without_the_post_the_same_words_mean_any_product(bot: Stage) -> None:
    await linked(bot)
    other = await post(bot, text="আরেকটা পোস্ট")
    assert not (await reply(bot, other, "price?")).text.startswith("নীল ড্রেস –")


async def test_a_post_can_be_taken_off_a_product(bot: Stage) -> None:
    id = await linked(bot)
    said = [m for m in bot.seen("creator", "telegram") if "রিপ্লাই দিয়ে কেউ" in m.text]
    assert "জোড়া নেই" in (await bot.press("creator", said[-1], "এর না"))[-1].text
    assert not (await reply(bot, id, "price?")).text.startswith("নীল ড্রেস –")


async def test_a_removed_product_leaves_its_post(bot: Stage) -> None:
    id = await linked(bot)
    await bot.say("creator", "/answers remove 2")
    assert not (await reply(bot, id, "price?")).text.startswith("নীল ড্রেস –")


async def test_on_discord_the_menu_of_the_post_offers_likely_products(bot: Stage) -> None:
    await teach(bot)
    id = await post(bot, "discord", "লাল ড্রেস, দাম ইনবক্সে")
    before = bot.playground.tick
    await bot.playground.command(
        "creator", "discord", "fans", "product_post", {"message": "লাল ড্রেস, দাম ইনবক্সে"}, about=id
    )
    seen = bot.seen("creator", "discord", after=before)[-1]
    assert "কোন পণ্যের" in seen.text
    assert labels(seen)[0] == "১. লাল ড্রেস"
    await bot.press("creator", seen, "১. লাল")
    asked = await bot.say("Rima", "@adda price?", "discord", "fans", reply=id)
    assert asked[-1].text.startswith("লাল ড্রেস – দাম ২,৪৫০ টাকা")
    form = (await bot.press("creator", seen, "অন্যটা"))[-1]
    await bot.fill("creator", form, {"number": "২"})
    asked = await bot.say("Rima", "@adda price?", "discord", "fans", reply=id)
    assert asked[-1].text.startswith("নীল ড্রেস – দাম")


async def test_without_a_post_the_team_is_told_how(bot: Stage) -> None:
    await teach(bot)
    seen = await bot.say("creator", "/answers post 2")
    assert "পোস্টটায় রিপ্লাই দিয়ে লিখুন: /answers post ২" in seen[-1].text
    id = await post(bot)
    seen = await bot.say("creator", "/answers post 99", place="fans", reply=id)
    assert "৯৯ নম্বরের কোনো উত্তর নেই" in seen[-1].text


async def test_a_fan_may_not_link_posts(bot: Stage) -> None:
    id = await linked(bot)
    seen = await bot.say("Rima", "/answers post 1", place="fans", reply=id)
    own = await bot.say("Rima", "/help")
    for forged in (Link(id, "x"), LinkNumbered(id), Unlink(id)):
        seen += await bot.press("Rima", own[-1], pack(forged))
    assert all("টিমের জন্য" in m.text for m in seen)
    assert (await reply(bot, id, "price?")).text.startswith("নীল ড্রেস –")


async def test_a_post_belongs_to_its_chat(bot: Stage) -> None:
    id = await linked(bot)
    found = await bot.unit(lambda tx: cards.posted(tx, "c1", "telegram", "fans", id))
    assert found is not None
    assert await bot.unit(lambda tx: cards.posted(tx, "c1", "telegram", "other", id)) is None
    assert await bot.unit(lambda tx: cards.posted(tx, "c2", "telegram", "fans", id)) is None


# What the platforms tell -----------------------------------------------------------------------


def _payload(name: str) -> dict[str, Any]:
    raw: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text("utf-8"))
    return raw


def test_telegram_tells_which_message_is_answered_whoever_wrote_it() -> None:
    update = _payload("telegram_reply_to_another")
    message = update["message"]
    answered = str(message["reply_to_message"]["message_id"])
    reader = Reader(1, "adda_bot", {})
    command = update | {"message": message | {"text": "/answers post 3"}}
    event = reader.event(command, START)
    assert event is not None
    assert event.about == answered
    topic = message | {"reply_to_message": {"message_id": 7, "forum_topic_created": {}}}
    event = reader.event(command | {"message": topic | {"text": "/answers post 3"}}, START)
    assert event is not None
    assert event.about is None


def test_discord_tells_which_message_is_answered_or_has_its_menu_opened() -> None:
    told = _payload("discord_reply")
    event = event_of("MESSAGE_CREATE", told, bot="1131000000000000001", menus={}, now=START)
    assert event is not None
    assert event.about == told["referenced_message"]["id"]
    menu = _payload("discord_menu")
    event = event_of("INTERACTION_CREATE", menu, bot="1", menus={}, now=START)
    assert event is not None
    assert event.about == menu["data"]["target_id"]
