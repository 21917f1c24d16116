"""Teaching: a second answer to a question asks what to do; answers in each language and script."""

from __future__ import annotations

import asyncio

from bot.platforms.playground import Message
from tests.shop import labels
from tests.stage import Stage

FIRST, SECOND = "/answers add শাড়ির দাম কত? | ৩,০০০ টাকা", "/answers add শাড়ির দাম কত | ৪,০০০ টাকা"


async def ask(bot: Stage, question: str, who: str = "Rima") -> Message:
    return (await bot.say(who, question))[-1]


async def test_a_second_answer_to_a_question_changes_nothing_by_itself(bot: Stage) -> None:
    await bot.say("creator", FIRST)
    seen = await bot.say("creator", SECOND)
    assert "একটা উত্তর আগে থেকেই আছে (নং ১):\n৩,০০০ টাকা" in seen[-1].text
    assert (await ask(bot, "শাড়ির দাম কত?")).text == "৩,০০০ টাকা"
    assert "মোট ১টা" in (await bot.say("creator", "/answers list"))[-1].text
    assert "কিছু বদলাইনি" in (await bot.say("creator", FIRST))[-1].text


async def test_of_two_people_who_answer_at_once_one_is_asked(bot: Stage) -> None:
    lines = (FIRST, SECOND)
    await asyncio.gather(*(bot.playground.say("creator", "telegram", "dm", line) for line in lines))
    told = [m.text for m in bot.seen("creator", "telegram", "dm")]
    assert sum("যোগ হলো" in text for text in told) == 1
    assert sum("আগে থেকেই আছে" in text for text in told) == 1


async def test_the_new_answer_replaces_the_old_one_and_back_again(bot: Stage) -> None:
    await bot.say("creator", FIRST)
    seen = await bot.say("creator", SECOND)
    done = await bot.press("creator", seen[-1], "আগেরটার জায়গায়")
    assert done[-1].text == "উত্তর নং ১ এখন: ৪,০০০ টাকা\nআগে ছিল: ৩,০০০ টাকা"
    assert (await ask(bot, "শাড়ির দাম কত?")).text == "৪,০০০ টাকা"
    await bot.press("creator", done[-1], "আগেরটাই")
    assert (await ask(bot, "শাড়ির দাম কত?")).text == "৩,০০০ টাকা"


async def test_both_are_kept_under_a_clearer_question_and_offered_as_a_choice(bot: Stage) -> None:
    await bot.say("creator", FIRST, "discord")
    seen = await bot.say("creator", SECOND, "discord")
    form = (await bot.press("creator", seen[-1], "দুটোই"))[-1]
    taken = await bot.fill("creator", form, {"question": "শাড়ির দাম কত?"})
    assert "একটু আলাদা করে লিখুন" in taken[-1].text
    done = await bot.fill("creator", form, {"question": "কাতান শাড়ির দাম কত?"})
    assert "যোগ হলো: কাতান শাড়ির দাম কত?" in done[-1].text
    clear = await ask(bot, "কাতান শাড়ির দাম কত?")
    assert "৪,০০০ টাকা" in clear.text or labels(clear)[0] == "কাতান শাড়ির দাম কত?"
    offered = await ask(bot, "শাড়ির দাম কত?")
    assert set(labels(offered)[:2]) == {"শাড়ির দাম কত?", "কাতান শাড়ির দাম কত?"}


# Languages and scripts -------------------------------------------------------------------------


async def test_banglish_is_answered_in_bengali_letters_unless_chosen(bot: Stage) -> None:
    await bot.say("creator", "/answers add শাড়ির দাম কত? | তিন হাজার টাকা | Three thousand taka")
    await bot.say("creator", "/answers edit 1 banglish Tin hajar taka")
    assert (await ask(bot, "sharir dam koto apu")).text == "তিন হাজার টাকা"
    assert "বাংলায় উত্তর" in (await bot.say("Rima", "/language banglish"))[-1].text
    assert (await ask(bot, "sharir dam koto apu")).text == "Tin hajar taka"
    assert (await ask(bot, "what is the price of the saree")).text == "Tin hajar taka"
    assert "Banglish" in (await bot.say("Rima", "/mydata"))[-1].text
    asks = (await bot.say("Lota", "/language"))[-1]
    await bot.press("Lota", asks, "Banglish")
    assert (await ask(bot, "শাড়ির দাম কত?", "Lota")).text == "Tin hajar taka"


async def test_who_chose_banglish_gets_bengali_letters_where_there_is_nothing_else(
    bot: Stage,
) -> None:
    await bot.say("creator", "/answers add শাড়ির দাম কত? | তিন হাজার টাকা | Three thousand taka")
    await bot.say("Rima", "/language banglish")
    assert (await ask(bot, "sharir dam koto")).text == "তিন হাজার টাকা"
    assert "টিমকে পাঠিয়েছি" in (await ask(bot, "office er number ta lagbe")).text
