"""Answers: what the team teaches, by hand, by table, and by answering fans."""

from __future__ import annotations

import asyncio

import pytest

from bot.actions import pack
from bot.platforms.playground import Message
from handlers.questions.actions import More
from handlers.questions.drafts import ANSWER, QUESTION
from handlers.questions.entries import Remove, Restore, Turn
from tests.stage import Stage

UNKNOWN = "কাল লাইভে কয়টায় আসবেন?"
TIME = "রাত নয়টায় লাইভে আসবো।"


async def helper(bot: Stage, who: str, platform: str = "discord") -> None:
    seen = await bot.say("creator", "/team invite helper")
    await bot.say(who, f"/claim {seen[-1].text.split('/claim ')[1].strip()}", platform)


async def open_form(bot: Stage, who: str, platform: str = "discord") -> Message:
    """The form for the first question of the inbox, on a platform that has forms."""
    inbox = await bot.say(who, "/inbox", platform)
    return (await bot.press(who, inbox[-1], "১ নম্বরের"))[-1]


def heard(bot: Stage, who: str, platform: str | None = None) -> list[Message]:
    """The team's answers that this person sees."""
    return [m for m in bot.seen(who, platform) if "-এর টিম): " in m.text]


async def test_a_fan_is_told_the_answer_once_where_they_asked(bot: Stage) -> None:
    await bot.say("Rima", UNKNOWN)
    form = await open_form(bot, "creator")
    assert form.sheet is not None
    assert UNKNOWN in form.sheet.title
    done = await bot.fill("creator", form, {"answer": TIME, "learn": "হ্যাঁ"})
    assert "১ জন পাবেন" in done[-1].text
    told = heard(bot, "Rima")
    assert [(m.platform, m.place) for m in told] == [("telegram", "dm")]
    assert told[0].text == f"আপনার প্রশ্ন: {UNKNOWN}\nউত্তর (Mitu-এর টিম): {TIME}"
    again = await bot.fill("creator", form, {"answer": TIME, "learn": "না"})
    assert "আর অপেক্ষায় নেই" in again[-1].text
    assert len(heard(bot, "Rima")) == 1


async def test_what_the_team_answered_is_learnt_and_can_be_unlearnt(bot: Stage) -> None:
    await bot.say("Rima", UNKNOWN)
    done = await bot.fill("creator", await open_form(bot, "creator"), {"answer": TIME})
    assert (await bot.say("Lota", "kal live e koytay asben"))[-1].text == TIME
    await bot.press("creator", done[-1], "শিখবেন না")
    assert "টিমকে পাঠিয়েছি" in (await bot.say("Moni", "কাল লাইভে কয়টায় আসবেন"))[-1].text


async def test_the_team_answers_one_by_one_where_there_are_no_forms(bot: Stage) -> None:
    await bot.say("Rima", UNKNOWN, "discord")
    inbox = await bot.say("creator", "/inbox")
    asked = await bot.press("creator", inbox[-1], "১ নম্বরের")
    assert UNKNOWN in asked[-1].text
    asked = await bot.say("creator", TIME)
    assert "শিখে রাখবো" in asked[-1].text
    done = await bot.say("creator", "না")
    assert "শিখে রাখলাম" not in done[-1].text
    assert [m.platform for m in heard(bot, "Rima")] == ["discord"]
    assert "যোগ করা হয়নি" in (await bot.say("creator", "/answers list"))[-1].text


async def test_two_helpers_who_answer_at_once_tell_the_fan_once(bot: Stage) -> None:
    await helper(bot, "Sumi")
    await helper(bot, "Tuli")
    await bot.say("Rima", UNKNOWN)
    forms = {who: await open_form(bot, who) for who in ("Sumi", "Tuli")}
    values = {"answer": TIME, "learn": "না"}
    await asyncio.gather(
        *(bot.playground.fill(who, "discord", form.id, values) for who, form in forms.items())
    )
    assert len(heard(bot, "Rima")) == 1
    said = [bot.seen(who, "discord", "dm") for who in forms]
    assert sum("১ জন পাবেন" in m.text for seen in said for m in seen) == 1
    assert sum("আর অপেক্ষায় নেই" in m.text for seen in said for m in seen) == 1


async def test_one_answer_reaches_everyone_who_asked_the_same(bot: Stage) -> None:
    await bot.say("Rima", UNKNOWN)
    await bot.say("Lota", "কাল লাইভে  কয়টায় আসবেন", "discord")
    await bot.say("Moni", f"@adda {UNKNOWN}", place="fans")
    await bot.say("Nila", f"@adda {UNKNOWN}", place="fans")
    form = await open_form(bot, "creator")
    assert "(৪ জন জানতে চেয়েছেন)" in bot.seen("creator", "discord")[-2].text
    await bot.fill("creator", form, {"answer": TIME})
    assert [m.place for m in heard(bot, "Rima", "telegram")] == ["dm", "fans"]
    assert [m.place for m in heard(bot, "Lota", "discord")] == ["dm"]
    assert [(m.place, m.to) for m in heard(bot, "Moni")] == [("fans", None)]
    assert "উত্তর দেওয়া হয়েছে" in (await bot.say("creator", "/inbox"))[-1].text


async def test_a_question_asked_by_command_in_a_group_is_answered_alone(bot: Stage) -> None:
    seen = await bot.command("Rima", "ask", {"question": UNKNOWN}, "discord", "fans")
    assert "আলাদা চ্যাটে জানাবো" in seen[-1].text
    await bot.fill("creator", await open_form(bot, "creator"), {"answer": TIME})
    assert [(m.place, m.to) for m in heard(bot, "Rima")] == [("dm", "Rima")]
    assert heard(bot, "Lota") == []


async def test_a_long_question_is_answered_and_learnt(bot: Stage) -> None:
    await bot.say("Rima", "মেহেদি রঙের বড় ওড়না " * 90)
    await bot.fill("creator", await open_form(bot, "creator"), {"answer": "আছে। " * 590})
    assert heard(bot, "Rima")[0].text.endswith("আছে।")
    assert (await bot.say("Lota", "মেহেদি রঙের বড় ওড়না"))[-1].text.startswith("আছে।")


async def test_the_inbox_is_paged_and_the_oldest_come_first(bot: Stage) -> None:
    for letter in "কখগঘচছ":
        await bot.say("Rima", f"{letter * 3} মানে?")
    first = (await bot.say("creator", "/inbox"))[-1]
    assert first.text.splitlines()[:2] == ["৬টা প্রশ্ন অপেক্ষায়, সবচেয়ে পুরোনোটা আগে:", "১. ককক মানে?"]
    rest = (await bot.press("creator", first, "আরও"))[-1]
    assert rest.text.splitlines()[1:] == ["৬. ছছছ মানে?"]
    for skip in (-5, 10**12):
        assert await bot.press("creator", first, pack(More(skip)))


async def test_a_fan_may_not_see_the_inbox_or_teach(bot: Stage) -> None:
    seen = []
    for line in ("/inbox", "/answers add ক | খ", "/answers list", "/answers remove 1"):
        seen += await bot.say("Rima", line)
    for forged in (Remove("x"), Restore("x"), Turn(1), More(0)):
        seen += await bot.press("Rima", seen[0], pack(forged))
    assert len(seen) == 8
    assert all("টিমের জন্য" in m.text for m in seen)


# Teaching --------------------------------------------------------------------------------------


async def test_the_same_question_again_asks_before_it_replaces(bot: Stage) -> None:
    await bot.say("creator", "/answers add শাড়ির দাম কত? | ৩,০০০ টাকা | 3,000 taka")
    seen = await bot.say("creator", "/answers add শাড়ির দাম কত | ৩,৫০০ টাকা")
    assert "আগে থেকেই আছে (নং ১)" in seen[-1].text
    done = await bot.press("creator", seen[-1], "আগেরটার জায়গায়")
    assert "৩,০০০ টাকা" in done[-1].text
    assert (await bot.say("Rima", "what is the price of saree"))[-1].text == "৩,৫০০ টাকা"
    assert "মোট ১টা" in (await bot.say("creator", "/answers list"))[-1].text


async def test_answers_are_listed_in_pages_and_removed_by_a_button(bot: Stage) -> None:
    for at in range(1, 8):
        await bot.say("creator", f"/answers add প্রশ্ন {at} কী? | উত্তর {at}")
    first = (await bot.say("creator", "/answers list"))[-1]
    assert "মোট ৭টা উত্তর। পৃষ্ঠা ১/২" in first.text
    second = (await bot.press("creator", first, "পরের"))[-1]
    assert "৭. প্রশ্ন 7 কী?\nউত্তর 7" in second.text
    removed = (await bot.press("creator", second, "৭ নম্বর"))[-1]
    assert "উত্তর নং ৭ মোছা হলো" in removed.text
    assert "আগেই মোছা" in (await bot.press("creator", second, "৭ নম্বর"))[-1].text
    assert "ফিরে এসেছে" in (await bot.press("creator", removed, "ফিরিয়ে"))[-1].text
    assert "ফেরানো গেল না" in (await bot.press("creator", removed, "ফিরিয়ে"))[-1].text
    for page in ("9", "-3", "999999999999"):
        assert "পৃষ্ঠা" in (await bot.say("creator", f"/answers list {page}"))[-1].text
    for number in ("8", "-1", "99999999999"):
        seen = await bot.say("creator", f"/answers remove {number}")
        assert "কোনো উত্তর নেই" in seen[-1].text


async def test_a_removed_answer_does_not_come_back_beside_a_newer_one(bot: Stage) -> None:
    await bot.say("creator", "/answers add শাড়ির দাম কত? | ৩,০০০ টাকা")
    removed = await bot.say("creator", "/answers remove 1")
    await bot.say("creator", "/answers add শাড়ির দাম কত? | ৩,৫০০ টাকা")
    assert "ফেরানো গেল না" in (await bot.press("creator", removed[-1], "ফিরিয়ে"))[-1].text


@pytest.mark.parametrize(
    ("question", "answer", "why"),
    [
        ("???", "হ্যাঁ", "তাতে কোনো শব্দ নেই"),
        ("ক " * QUESTION, "হ্যাঁ", "প্রশ্ন সর্বোচ্চ ৪০০ অক্ষর"),
        ("কী?", "ক" * (ANSWER + 1), "উত্তর সর্বোচ্চ ৩,০০০ অক্ষর"),
    ],
)
async def test_what_cannot_be_taught_is_refused_with_the_reason(
    bot: Stage, question: str, answer: str, why: str
) -> None:
    seen = await bot.command("creator", "answers add", {"question": question, "answer": answer})
    assert why in seen[-1].text


async def test_two_people_teach_at_once_and_nothing_is_lost(bot: Stage) -> None:
    await helper(bot, "Sumi")
    lines = [("creator", i) for i in range(5)] + [("Sumi", i) for i in range(5, 10)]
    await asyncio.gather(
        *(
            bot.playground.say(who, "discord", "dm", f"/answers add প্রশ্ন {i} কী? | উত্তর {i}")
            for who, i in lines
        )
    )
    assert "মোট ১০টা" in (await bot.say("creator", "/answers list"))[-1].text


# Tables ----------------------------------------------------------------------------------------


async def test_an_imported_table_answers_and_says_what_was_left_out(bot: Stage) -> None:
    table = "question,answer,phrases\nদাম কত?,৩০০ টাকা,koto taka lagbe\nসাইজ?,\n"
    form = (await bot.command("creator", "answers import", {}, "discord"))[-1]
    seen = await bot.fill("creator", form, {"text": table})
    assert "লাইন ৩: উত্তরটা লেখা নেই।" in seen[-1].text
    await bot.press("creator", seen[-1], "যোগ করুন")
    assert (await bot.say("Rima", "koto taka lagbe"))[-1].text == "৩০০ টাকা"


async def test_importing_again_changes_rows_by_their_id(bot: Stage) -> None:
    async def put(table: str) -> str:
        seen = (await bot.command("creator", "answers import", {"text": table}))[-1]
        if seen.rows:
            await bot.press("creator", seen, "যোগ করুন")
        return seen.text

    await put("id,question,answer\na,শাড়ির দাম?,৩০০\nb,জুতার দাম?,৫০০")
    await put("id,question,answer\na,শাড়ির দাম কত?,৩৫০\nb,জুতার দাম?,৫৫০")
    assert "উত্তর নং ২-এর, যার id আলাদা" in await put("id,question,answer\nc,জুতার দাম?,১")
    listed = (await bot.say("creator", "/answers list"))[-1].text
    assert "১. শাড়ির দাম কত?\n৩৫০" in listed
    assert "২. জুতার দাম?\n৫৫০" in listed


async def test_a_helper_may_not_import(bot: Stage) -> None:
    await helper(bot, "Sumi", "telegram")
    seen = await bot.command("Sumi", "answers import", {"text": "question,answer\nক,খ"})
    assert "ম্যানেজার" in seen[-1].text
