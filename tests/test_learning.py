"""Learning: replies and thumbs are proposed, the team approves, and all of it can be taken back."""

from __future__ import annotations

import asyncio

from bot.actions import pack
from bot.platforms.playground import Message
from handlers.questions.actions import Approve, Preview
from tests.stage import Stage

DRESS = ("লাল ড্রেসের দাম কত?", "লাল ড্রেস ২,৪৫০ টাকা।")
DELIVERY = ("ডেলিভারি চার্জ কত?", "ঢাকায় ৮০ টাকা, ঢাকার বাইরে ১৩০ টাকা।")
RETURN = ("ফেরত দেওয়ার নিয়ম কী?", "তিন দিনের মধ্যে ফেরত দেওয়া যায়।")
LIVE = "কাল লাইভে কয়টায় আসবেন?"
BANGLISH = "kal live e koytay asben?"
NINE = "রাত নয়টায় আসবো।"
DAY = 86_400


async def teach(bot: Stage, *entries: tuple[str, str]) -> None:
    for question, answer in entries or (DRESS, DELIVERY, RETURN):
        await bot.command("creator", "answers add", {"question": question, "answer": answer})


async def written(bot: Stage, who: str, text: str, platform: str = "telegram") -> str:
    """Say something in the group; its id."""
    await bot.say(who, text, platform, "fans")
    shown = bot.playground.seen(who, platform, "fans")
    return next(m.id for m in reversed(shown) if m.author == who)


def preview(seen: list[Message]) -> Message:
    return next(m for m in seen if "শিখে রাখবো?" in m.text)


async def proposals(bot: Stage) -> Message:
    return (await bot.say("creator", "/learn list"))[-1]


async def thumb(bot: Stage, who: str, text: str) -> None:
    seen = await bot.say(who, text)
    await bot.press(who, seen[-1], "কাজে লেগেছে")


async def test_the_whole_loop_on_both_platforms(bot: Stage) -> None:
    await bot.say("Rima", LIVE)
    await bot.say("Lota", BANGLISH, "discord")
    inbox = (await bot.say("creator", "/inbox"))[-1]
    assert f"১. {LIVE} (২ জন জানতে চেয়েছেন)" in inbox.text
    await bot.press("creator", inbox, "১ নম্বরের উত্তর")
    await bot.say("creator", NINE)
    done = (await bot.say("creator", "হ্যাঁ"))[-1]
    assert "২ জন পাবেন" in done.text
    assert "শিখে রাখলাম (উত্তর নং ১)" in done.text
    for who, platform in (("Rima", "telegram"), ("Lota", "discord")):
        assert sum(NINE in m.text for m in bot.seen(who, platform)) == 1
    for platform in ("telegram", "discord"):
        assert (await bot.say("Karim", LIVE, platform))[-1].text == NINE
    assert BANGLISH in (await proposals(bot)).text  # the other wording waits for approval


async def test_an_answer_that_replaced_another_comes_back_when_it_is_unlearnt(bot: Stage) -> None:
    await teach(bot, DRESS)
    seen = await bot.say("Rima", DRESS[0])
    await bot.press("Rima", seen[-1], "ভুল উত্তর")
    await bot.press("creator", (await bot.say("creator", "/inbox"))[-1], "১ নম্বরের উত্তর")
    await bot.say("creator", "এখন ২,২০০ টাকা।")
    done = (await bot.say("creator", "হ্যাঁ"))[-1]
    assert (await bot.say("Lota", DRESS[0]))[-1].text == "এখন ২,২০০ টাকা।"
    await bot.press("creator", done, "শিখবেন না")
    assert (await bot.say("Karim", DRESS[0]))[-1].text == DRESS[1]


# The team's replies ----------------------------------------------------------------------------


async def test_a_reply_of_the_team_to_a_fans_question_is_proposed_in_private(bot: Stage) -> None:
    await bot.say("creator", "/start")
    asked = await written(bot, "Rima", LIVE)
    seen = await bot.say("creator", NINE, place="fans", reply=asked)
    shown = preview(seen)
    assert (shown.place, shown.to) == ("dm", "creator")
    assert LIVE in shown.text
    assert NINE in shown.text
    assert (await bot.say("Lota", LIVE))[-1].text != NINE  # nothing is learnt before approval
    learnt = await bot.press("creator", shown, "শিখে রাখুন")
    assert "শিখে রাখলাম" in learnt[-1].text
    assert (await bot.say("Karim", LIVE))[-1].text == NINE
    assert "নতুন কিছু নেই" in (await proposals(bot)).text


async def test_approving_a_reply_also_answers_those_who_wait_elsewhere(bot: Stage) -> None:
    asked = await written(bot, "Rima", f"@adda {LIVE}")
    await bot.say("Lota", BANGLISH, "discord")
    seen = await bot.say("creator", NINE, place="fans", reply=asked)
    before = len(bot.seen(place="fans"))
    done = await bot.press("creator", preview(seen), "শিখে রাখুন")
    assert any("২ জন পাবেন" in m.text for m in done)
    assert sum(NINE in m.text for m in bot.seen("Lota", "discord")) == 1
    assert len(bot.seen(place="fans")) == before  # there it stands already


async def test_what_fans_and_the_team_say_among_themselves_is_left_alone(bot: Stage) -> None:
    asked = await written(bot, "Rima", LIVE)
    assert await bot.say("Lota", NINE, place="fans", reply=asked) == []
    mine = await written(bot, "creator", "কাল কে কে থাকবে?")
    assert await bot.say("creator", "আমি থাকবো।", place="fans", reply=mine) == []
    chat = await written(bot, "Rima", "আজ খুব ভালো লাগলো")
    assert await bot.say("creator", "শুনে খুশি হলাম আপু", place="fans", reply=chat) == []
    assert await bot.say("creator", "ধন্যবাদ", place="fans", reply=asked) == []
    assert "নতুন কিছু নেই" in (await proposals(bot)).text


async def test_nothing_is_kept_of_people_who_talk_to_each_other(bot: Stage) -> None:
    asked = await written(bot, "Rima", LIVE)
    await bot.say("Lota", NINE, place="fans", reply=asked)

    async def count(tx: object) -> int:
        return len(await tx.all("team", community="c1", role=0))  # type: ignore[attr-defined]

    assert await bot.unit(count) == 2  # the creator on two platforms


async def test_learn_as_a_reply_takes_the_words_as_the_answer(bot: Stage) -> None:
    asked = await written(bot, "Rima", LIVE)
    seen = await bot.say("creator", f"/learn {NINE}", place="fans", reply=asked)
    shown = preview(seen)
    assert shown.to == "creator"
    assert LIVE in shown.text
    assert NINE in shown.text


async def test_learn_as_a_reply_to_an_answer_asks_for_its_question(bot: Stage) -> None:
    said = await written(bot, "creator", NINE)
    await bot.say("creator", "/learn", place="fans", reply=said)
    shown = preview(await bot.say("creator", LIVE))
    assert LIVE in shown.text
    assert NINE in shown.text


async def test_learn_with_question_and_answer_is_previewed_and_changed(bot: Stage) -> None:
    shown = preview(await bot.say("creator", f"/learn add {LIVE} | রাত আটটায়।"))
    await bot.press("creator", shown, "বদলান")
    kept = bot.seen("creator", "telegram", "dm")[-1]
    await bot.press("creator", kept, "বাদ")  # the question stays as it is
    changed = preview(await bot.say("creator", NINE))
    assert LIVE in changed.text
    assert NINE in changed.text
    await bot.press("creator", changed, "শিখে রাখুন")
    assert (await bot.say("Rima", LIVE))[-1].text == NINE
    again = await bot.press("creator", changed, "শিখে রাখুন")
    assert "আগেই" in again[-1].text


async def test_the_menu_of_a_message_teaches_on_discord(bot: Stage) -> None:
    await bot.say("Rima", f"@adda {LIVE}", "discord", "fans")
    asked = next(m.id for m in bot.playground.seen("Rima", "discord") if m.author == "Rima")
    before = bot.playground.tick
    await bot.playground.command(
        "creator", "discord", "fans", "teach", {"message": f"@adda {LIVE}"}, about=asked
    )
    form = bot.seen("creator", "discord", after=before)[-1]
    assert form.sheet is not None
    assert [line.value for line in form.sheet.lines] == [LIVE, ""]
    shown = preview(await bot.fill("creator", form, {"answer": NINE}))
    assert shown.kind == "ephemeral"
    await bot.press("creator", shown, "শিখে রাখুন")
    assert (await bot.say("Karim", LIVE))[-1].text == NINE
    assert any(NINE in m.text for m in bot.seen(place="fans"))  # who waited is told


async def test_a_proposed_entry_is_discarded(bot: Stage) -> None:
    shown = preview(await bot.say("creator", f"/learn add {LIVE} | {NINE}"))
    assert "বাদ দেওয়া হলো" in (await bot.press("creator", shown, "বাদ দিন"))[-1].text
    assert "নতুন কিছু নেই" in (await proposals(bot)).text
    assert "টিমকে পাঠিয়েছি" in (await bot.say("Rima", LIVE))[-1].text


async def test_fans_cannot_teach_or_approve(bot: Stage) -> None:
    shown = preview(await bot.say("creator", f"/learn add {LIVE} | {NINE}"))
    data = shown.rows[0][0].data or ""
    assert "টিমের জন্য" in (await bot.say("Rima", f"/learn {NINE}"))[-1].text
    hello = (await bot.say("Rima", LIVE))[-1]
    for forged in (data, pack(Preview("0")), pack(Approve("0"))):
        assert "টিমের জন্য" in (await bot.press("Rima", hello, forged))[-1].text


# Fans' wordings --------------------------------------------------------------------------------


async def test_a_wording_is_learnt_only_when_the_team_approves(bot: Stage) -> None:
    await teach(bot)
    await thumb(bot, "Rima", "lal dress ta koto taka apu?")
    shown = await proposals(bot)
    assert "“lal dress ta koto taka apu?” লিখে ১ জন উত্তর নং ১ চেয়েছেন" in shown.text
    assert "✓" not in shown.text
    learnt = (await bot.press("creator", shown, "১ ঠিক আছে"))[-1]
    assert "এভাবেও চিনবো" in learnt.text
    assert "নতুন কিছু নেই" in (await proposals(bot)).text
    undone = await bot.press("creator", learnt, "ফিরিয়ে নিন")
    assert "ফিরিয়ে নেওয়া হলো" in undone[-1].text
    assert "লিখে ১ জন" in (await proposals(bot)).text
    assert "ফেরানোর মতো কিছু নেই" in (await bot.press("creator", learnt, "ফিরিয়ে নিন"))[-1].text


async def test_one_person_counts_once_however_often_they_press(bot: Stage) -> None:
    await teach(bot)
    for _ in range(5):
        await thumb(bot, "Rima", "lal dress ta koto taka?")
    shown = await proposals(bot)
    assert "লিখে ১ জন" in shown.text
    assert "সব ঠিক আছে" not in str(shown.rows)
    assert "(কাজে লেগেছে ১, ভুল ০)" in (await bot.say("creator", "/answers list"))[-1].text


async def test_a_brigade_can_neither_teach_nor_make_nonsense_look_likely(bot: Stage) -> None:
    await teach(bot, ("শাড়ির দাম কত?", "শাড়ি ৩,০০০ টাকা।"), ("জুতার দাম কত?", "জুতা ১,২০০ টাকা।"))
    for number in range(8):
        seen = await bot.say(f"fan {number}", "dam koto?")
        await bot.press(f"fan {number}", seen[-1], "জুতার")
    shown = await proposals(bot)
    assert "“dam koto?” লিখে ৮ জন উত্তর নং ২ চেয়েছেন" in shown.text
    again = await bot.say("Rima", "dam koto?")
    assert "এগুলোর কোনোটা" in again[-1].text  # still a choice


async def test_all_likely_wordings_are_approved_with_one_tap(bot: Stage) -> None:
    await teach(bot)
    for who in ("Rima", "Lota"):
        await thumb(bot, who, "lal dress ta koto taka?")
    await thumb(bot, "Karim", "ফেরত দেওয়া যায় কি?")
    shown = await proposals(bot)
    assert shown.text.count("✓ মিলছে") == 1
    done = (await bot.press("creator", shown, "✓ দেওয়াগুলো"))[-1]
    assert "lal dress ta koto taka?" in done.text
    assert "ফেরত" not in done.text.replace("ফিরিয়ে", "")
    rest = await proposals(bot)
    assert "ফেরত দেওয়া যায় কি?" in rest.text
    assert "lal dress" not in rest.text
    await bot.press("creator", done, "ফিরিয়ে নিন")
    assert "lal dress" in (await proposals(bot)).text


async def test_a_discarded_wording_is_not_proposed_again(bot: Stage) -> None:
    await teach(bot)
    await thumb(bot, "Rima", "lal dress ta koto taka?")
    await bot.press("creator", await proposals(bot), "১ বাদ")
    await thumb(bot, "Lota", "lal dress ta koto taka?")
    assert "নতুন কিছু নেই" in (await proposals(bot)).text


async def test_a_wrong_choice_is_no_wording(bot: Stage) -> None:
    await teach(bot, ("শাড়ির দাম কত?", "শাড়ি ৩,০০০ টাকা।"), ("জুতার দাম কত?", "জুতা ১,২০০ টাকা।"))
    seen = await bot.say("Rima", "dam koto?")
    chosen = await bot.press("Rima", seen[-1], "জুতার")
    await bot.press("Rima", chosen[-1], "ভুল উত্তর")
    assert "নতুন কিছু নেই" in (await proposals(bot)).text


async def test_the_words_of_an_entry_are_not_proposed_to_it(bot: Stage) -> None:
    await teach(bot)
    await thumb(bot, "Rima", DRESS[0].replace("?", " ??"))
    assert "নতুন কিছু নেই" in (await proposals(bot)).text


async def test_a_person_sees_and_forgets_their_words_and_opinions(bot: Stage) -> None:
    await teach(bot)
    await thumb(bot, "Rima", "lal dress ta koto taka?")
    mine = (await bot.say("Rima", "/mydata"))[-1].text
    assert "lal dress ta koto taka?" in mine
    assert "১টা উত্তর কাজে লেগেছে" in mine
    sure = await bot.say("Rima", "/forgetme")
    await bot.press("Rima", sure[-1], "হ্যাঁ")
    assert "নতুন কিছু নেই" in (await proposals(bot)).text


async def test_what_nobody_decides_is_deleted_after_a_month(bot: Stage) -> None:
    await teach(bot)
    await thumb(bot, "Rima", "lal dress ta koto taka?")
    await bot.advance(31 * DAY)
    assert "নতুন কিছু নেই" in (await proposals(bot)).text


# What was wrong --------------------------------------------------------------------------------


async def test_a_wrong_answer_goes_to_the_team_with_the_reason_and_what_was_said(
    bot: Stage,
) -> None:
    await teach(bot)
    seen = await bot.say("Rima", DRESS[0])
    asked = (await bot.press("Rima", seen[-1], "ভুল উত্তর"))[-1]
    labels = [key.label for row in asked.rows for key in row]
    assert labels[:3] == ["তথ্যটা পুরোনো", "এটা জানতে চাইনি", "অন্য কিছু, লিখে জানাই"]
    assert "জানিয়ে দিলাম" in (await bot.press("Rima", asked, "পুরোনো"))[-1].text
    inbox = (await bot.say("creator", "/inbox"))[-1].text
    assert "(বটের উত্তর নং ১ ভুল বলেছেন – তথ্যটা পুরোনো)" in inbox
    assert f"বট বলেছিল: {DRESS[1]}" in inbox


async def test_the_reason_in_own_words_is_asked_for_in_private(bot: Stage) -> None:
    await teach(bot)
    seen = await bot.say("Rima", f"@adda {DRESS[0]}", "discord", "fans")
    asked = (await bot.press("Rima", seen[-1], "ভুল উত্তর"))[-1]
    assert asked.kind == "ephemeral"
    form = (await bot.press("Rima", asked, "অন্য কিছু"))[-1]
    assert form.sheet is not None
    await bot.fill("Rima", form, {"note": "দোকানে ২,৬০০ লেখা"})
    inbox = (await bot.say("creator", "/inbox"))[-1].text
    assert "লিখেছেন: দোকানে ২,৬০০ লেখা" in inbox
    assert "দোকানে ২,৬০০ লেখা" in (await bot.say("Rima", "/mydata", "discord"))[-1].text


async def test_a_person_calls_an_answer_wrong_once(bot: Stage) -> None:
    await teach(bot)
    for _ in range(3):
        seen = await bot.say("Rima", DRESS[0])
        asked = await bot.press("Rima", seen[-1], "ভুল উত্তর")
        await bot.press("Rima", asked[-1], "বাতিল")
    assert "(কাজে লেগেছে ০, ভুল ১)" in (await bot.say("creator", "/answers list"))[-1].text


async def test_reasons_belong_to_the_one_who_asked(bot: Stage) -> None:
    await teach(bot)
    seen = await bot.say("Rima", DRESS[0])
    asked = (await bot.press("Rima", seen[-1], "ভুল উত্তর"))[-1]
    data = asked.rows[0][0].data or ""
    hello = (await bot.say("Lota", "hi"))[-1]
    assert "যিনি প্রশ্ন করেছিলেন" in (await bot.press("Lota", hello, data))[-1].text


async def test_two_of_the_team_who_approve_at_once_teach_it_once(bot: Stage) -> None:
    shown = preview(await bot.say("creator", f"/learn add {LIVE} | {NINE}"))
    data = shown.rows[0][0].data or ""
    press = bot.playground.press
    await asyncio.gather(*(press("creator", "telegram", shown.id, data) for _ in range(4)))
    await bot.playground.settle()
    texts = [m.text for m in bot.seen("creator", "telegram")]
    assert sum("শিখে রাখলাম" in text for text in texts) == 1
    assert "মোট ১টা উত্তর" in (await bot.say("creator", "/answers list"))[-1].text


async def test_many_who_press_at_once_are_each_counted_once(bot: Stage) -> None:
    await teach(bot)
    fans = [f"fan {number}" for number in range(8)]
    for fan in fans:
        await bot.say(fan, "lal dress ta koto taka?")
    shown = {m.to: m for m in bot.seen() if m.text == DRESS[1]}
    await asyncio.gather(*(bot.press(fan, shown[fan], "কাজে") for fan in fans for _ in range(2)))
    assert "লিখে ৮ জন" in (await proposals(bot)).text
    assert "(কাজে লেগেছে ৮, ভুল ০)" in (await bot.say("creator", "/answers list"))[-1].text
