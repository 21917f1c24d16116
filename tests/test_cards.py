"""Product cards: what the team writes, what a fan reads, and whose ad it is."""

from __future__ import annotations

import pytest

from bot.actions import pack
from bot.platforms.playground import Message
from handlers.questions.entries import KeepBoth, Remove, Swap
from handlers.questions.normalise import normalise
from storage import knowledge, people
from storage.knowledge import Draft
from storage.tx import Tx
from tests.stage import Stage

DAY = 86_400
CARD = {
    "product": "লাল ড্রেস", "price": "২,৪৫০ টাকা", "choice": "লাল, মেরুন, M, L, XL",
    "delivery_charge": "৮০ / ১৩০", "order": "পেজের ইনবক্সে নাম আর ঠিকানা লিখুন",
}  # fmt: skip
PRICE = "লাল ড্রেস – দাম ২,৪৫০ টাকা (২০ নভেম্বর দেখা)"
DELIVERY = "ডেলিভারি: শহরের ভেতরে ৮০ টাকা, বাইরে ১৩০ টাকা"
WHOLE = [
    PRICE, "রং: লাল, মেরুন", "সাইজ: M, L, XL", DELIVERY, "অর্ডার: পেজের ইনবক্সে নাম আর ঠিকানা লিখুন",
]  # fmt: skip


async def make(bot: Stage, **changes: str) -> Message:
    return (await bot.command("creator", "answers card", CARD | changes))[-1]


async def ask(bot: Stage, question: str, who: str = "Rima") -> Message:
    return (await bot.say(who, question))[-1]


# What a fan reads ------------------------------------------------------------------------------


async def test_a_card_is_shown_as_a_fan_will_see_it(bot: Stage) -> None:
    seen = await make(bot)
    assert seen.text.splitlines() == ["উত্তর নং ১ এখন এমন দেখাবে:", *WHOLE]


async def test_what_was_asked_about_comes_first(bot: Stage) -> None:
    await make(bot)
    assert (await ask(bot, "লাল ড্রেসের দাম কত?")).text.splitlines() == WHOLE
    sizes = (await ask(bot, "lal dress er size ki ki ache")).text.splitlines()
    assert sizes[0] == "লাল ড্রেস – সাইজ: M, L, XL"
    assert set(sizes[1:]) >= {"রং: লাল, মেরুন", DELIVERY, "দাম ২,৪৫০ টাকা (২০ নভেম্বর দেখা)"}
    assert (await ask(bot, "লাল ড্রেস কীভাবে অর্ডার করব?")).text.startswith("লাল ড্রেস – অর্ডার:")
    assert (await ask(bot, "লাল ড্রেসের ডেলিভারি চার্জ কত?")).text.startswith(f"লাল ড্রেস – {DELIVERY}")


async def test_a_card_is_read_in_the_language_of_the_question(bot: Stage) -> None:
    await make(bot)
    lines = (await ask(bot, "what is the price of the red dress")).text.splitlines()
    assert lines[:2] == ["লাল ড্রেস – Price 2,450 taka (seen on 20 November)", "Colours: লাল, মেরুন"]
    assert lines[3] == "Delivery: 80 taka in the city, 130 taka outside"


async def test_a_price_seen_long_ago_says_so_kindly_until_it_is_checked_again(bot: Stage) -> None:
    await make(bot)
    await bot.advance(30 * DAY)
    assert (await ask(bot, "লাল ড্রেসের দাম কত?")).text.startswith(PRICE)
    await bot.advance(15 * DAY)
    old = (await ask(bot, "লাল ড্রেসের দাম কত?")).text.splitlines()[0]
    assert old.startswith("লাল ড্রেস – দাম ২,৪৫০ টাকা (৪৫ দিন আগে দেখা – ")
    await bot.say("creator", "/answers edit 1 price 2450")
    assert "(৪ জানুয়ারি দেখা)" in (await ask(bot, "লাল ড্রেসের দাম কত?")).text


async def test_what_a_card_does_not_say_is_admitted_and_goes_to_the_team(bot: Stage) -> None:
    await make(bot, choice="")
    seen = await ask(bot, "লাল ড্রেসের কী কী রং আছে?")
    assert seen.text.splitlines()[0] == "লাল ড্রেস – এর রং এখনও আমার জানা নেই"
    assert "টিমকে পাঠিয়েছি" in (await bot.press("Rima", seen, "টিমকে জিজ্ঞেস"))[-1].text
    assert "কী কী রং" in (await bot.say("creator", "/inbox"))[-1].text


async def test_stock_is_told_in_words(bot: Stage) -> None:
    await make(bot)
    for stock, told in (("নেই", "এখন স্টকে নেই"), ("yes", "স্টকে আছে"), ("৩ পিস", "স্টক: ৩ পিস")):
        await bot.say("creator", f"/answers edit 1 stock {stock}")
        assert (await ask(bot, "লাল ড্রেস কি স্টকে আছে?")).text.startswith(f"লাল ড্রেস – {told}")


async def test_a_photo_is_a_link_under_the_text(bot: Stage) -> None:
    await make(bot)
    seen = await bot.say("creator", "/answers edit 1 photo https://pics.example/red.jpg")
    assert seen[-1].text.endswith("ছবি: https://pics.example/red.jpg")
    wrong = await bot.say("creator", "/answers edit 1 photo আমার গ্যালারিতে")
    assert "ছবির জায়গায় ছবির লিংক দিন" in wrong[-1].text


# What the team does ----------------------------------------------------------------------------


async def test_a_card_is_filled_in_as_a_form_of_five_fields(bot: Stage) -> None:
    form = (await bot.command("creator", "answers card", {}, "discord"))[-1]
    assert form.sheet is not None
    assert [line.name for line in form.sheet.lines] == list(CARD)
    assert [line.required for line in form.sheet.lines] == [True, False, False, False, False]
    assert PRICE in (await bot.fill("creator", form, CARD))[-1].text


async def test_a_card_is_asked_for_line_by_line_where_there_are_no_forms(bot: Stage) -> None:
    await bot.say("creator", "/answers card")
    for text in ("লাল ড্রেস", "2450 tk"):
        seen = await bot.say("creator", text)
    for _ in range(3):
        seen = await bot.press("creator", seen[-1], "বাদ দিন")
    assert seen[-1].text.splitlines() == ["উত্তর নং ১ এখন এমন দেখাবে:", PRICE]


async def test_editing_says_what_stood_there(bot: Stage) -> None:
    await make(bot)
    seen = await bot.say("creator", "/answers edit 1 colours সবুজ, নীল")
    assert "রং: সবুজ, নীল" in seen[-1].text
    assert "আগে ছিল: লাল, মেরুন" in seen[-1].text
    await bot.say("creator", "/answers edit ১ name সবুজ ড্রেস")
    assert (await ask(bot, "সবুজ ড্রেসের রং কী?")).text.startswith("সবুজ ড্রেস – রং: সবুজ, নীল")
    await bot.say("creator", "/answers edit 1 colours")
    assert "রং" not in (await bot.say("creator", "/answers edit 1 chart M: ৩৮, L: ৪০"))[-1].text


async def test_the_last_thing_an_answer_says_is_not_deleted(bot: Stage) -> None:
    await make(bot, choice="", delivery_charge="", order="")
    seen = await bot.say("creator", "/answers edit 1 price")
    assert "উত্তরে আর কিছুই থাকবে না" in seen[-1].text
    assert (await ask(bot, "লাল ড্রেসের দাম কত?")).text == PRICE


async def test_a_card_of_nothing_and_a_second_of_one_name_are_refused(bot: Stage) -> None:
    empty = await bot.command("creator", "answers card", {"product": "লাল ড্রেস"})
    assert "অন্তত একটা তথ্য" in empty[-1].text
    await make(bot)
    assert "উত্তর নং ১ আগে থেকেই আছে" in (await make(bot, price="৩০০০")).text
    assert "মোট ১টা" in (await bot.say("creator", "/answers list"))[-1].text
    await make(bot, product="নীল ড্রেস")
    taken = await bot.say("creator", "/answers edit 2 name লাল ড্রেস!")
    assert "উত্তর নং ১ আগে থেকেই আছে" in taken[-1].text


@pytest.mark.parametrize("field", [*CARD, "edit"])
async def test_ten_thousand_characters_get_a_sentence(bot: Stage, field: str) -> None:
    long = "ক, " * 3333
    if field == "edit":
        await make(bot)
        args = {"number": "1", "field": "chart", "value": long}
        seen = (await bot.command("creator", "answers edit", args))[-1]
    else:
        seen = await make(bot, **{field: long})
    assert "সর্বোচ্চ" in seen.text


async def test_a_fan_may_not_touch_cards(bot: Stage) -> None:
    await make(bot)
    lines = (
        "card ক | ৫",
        "edit 1 price 5",
        "link 1",
        "post 1",
        "care",
        "synonym ক | খ",
        "synonyms",
    )
    seen = [(await bot.say("Rima", f"/answers {line}"))[-1] for line in lines]
    for forged in (Swap("x", "y"), KeepBoth("x")):
        seen += await bot.press("Rima", seen[0], pack(forged))
    assert all("টিমের জন্য" in m.text for m in seen)


async def test_another_communitys_entries_cannot_be_reached(bot: Stage) -> None:
    await make(bot)

    async def theirs(tx: Tx) -> None:
        await people.add_community(tx, "c2", "Nila", "bn", "Asia/Dhaka", 0)
        for number in range(2):
            draft = Draft(f"চুড়ি {number}", normalise(f"চুড়ি {number}"), {"bn": "গোপন"})
            await knowledge.put(tx, "c2", draft, f"theirs{number}", 0)
        await knowledge.remove(tx, "c2", "theirs1", 0)

    await bot.unit(theirs)
    seen = [await ask(bot, f"/answers {line}", "creator") for line in ("edit 2 price 5", "link 2")]
    assert all("২ নম্বরের কোনো উত্তর নেই" in m.text for m in seen)
    mine = (await bot.say("creator", "/answers list"))[-1]
    entry = (mine.rows[0][0].data or "").partition(":")[2]
    for forged in (Swap(entry, "theirs1"), Swap("theirs0", "theirs1"), KeepBoth("theirs1"),
                   Remove("theirs0")):  # fmt: skip
        assert "আগেই মোছা" in (await bot.press("creator", mine, pack(forged)))[-1].text
    assert (await ask(bot, "লাল ড্রেসের দাম কত?")).text.startswith(PRICE)
