"""The inbox: what asks the same waits together, one answer reaches all, nobody waits unheard."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.playground import Message
from handlers.questions.grouping import group, likeness, meaning, same
from tests.stage import Stage

LIVE = "কাল লাইভে কয়টায় আসবেন?"
BANGLISH = "kal live e koytay asben?"
OFFICE = "অফিস কোথায়?"
HOUR = 3600


async def ask(bot: Stage, who: str, text: str, platform: str = "telegram") -> list[Message]:
    return await bot.say(who, text, platform)


async def inbox(bot: Stage) -> Message:
    return (await bot.say("creator", "/inbox"))[-1]


async def answer(bot: Stage, text: str, button: str = "১ নম্বরের উত্তর", learn: str = "না") -> Message:
    await bot.press("creator", await inbox(bot), button)
    await bot.say("creator", text)
    seen = await bot.say("creator", learn)
    return next(m for m in seen if "উত্তর পাঠানো হলো" in m.text)


def told(bot: Stage, who: str, platform: str, what: str) -> int:
    """In how many messages to `who` this stands."""
    return sum(what in m.text for m in bot.seen(who, platform))


async def test_questions_of_one_meaning_wait_together_across_scripts_and_platforms(
    bot: Stage,
) -> None:
    await ask(bot, "Rima", LIVE)
    await ask(bot, "Lota", BANGLISH, "discord")
    await ask(bot, "Karim", "what time will you go live tomorrow?")
    await ask(bot, "Tuli", OFFICE)
    shown = await inbox(bot)
    assert "২টা প্রশ্ন অপেক্ষায়" in shown.text
    assert f"১. {LIVE} (৩ জন জানতে চেয়েছেন)" in shown.text
    assert f"২. {OFFICE}" in shown.text
    assert "জন জানতে" not in shown.text.split("২.")[1]


async def test_one_answer_reaches_everyone_where_they_asked_once(bot: Stage) -> None:
    await ask(bot, "Rima", LIVE)
    await ask(bot, "Rima", LIVE)
    await ask(bot, "Lota", BANGLISH, "discord")
    for fan in ("Karim", "Tuli"):
        await bot.say(fan, f"@adda {LIVE}", place="fans")
    done = await answer(bot, "রাত নয়টায়।")
    assert "৪ জন পাবেন" in done.text
    assert told(bot, "Rima", "telegram", "রাত নয়টায়") == 2  # alone, and in the group
    assert [m.place for m in bot.seen("Rima", "telegram") if "রাত নয়টায়" in m.text] == ["dm", "fans"]
    assert told(bot, "Lota", "discord", "রাত নয়টায়") == 1
    assert sum("রাত নয়টায়" in m.text for m in bot.seen(place="fans")) == 1
    assert "সব প্রশ্নের উত্তর" in (await inbox(bot)).text


async def test_what_is_another_question_is_taken_out_of_a_group(bot: Stage) -> None:
    await ask(bot, "Rima", LIVE)
    await ask(bot, "Lota", BANGLISH)
    ways = (await bot.press("creator", await inbox(bot), "কে কীভাবে"))[-1]
    assert LIVE in ways.text
    assert BANGLISH in ways.text
    parted = (await bot.press("creator", ways, "২ নম্বরটা আলাদা"))[-1]
    assert BANGLISH in parted.text
    shown = await inbox(bot)
    assert "২টা প্রশ্ন অপেক্ষায়" in shown.text
    await answer(bot, "রাত নয়টায়।")
    assert told(bot, "Rima", "telegram", "রাত নয়টায়") == 1
    assert told(bot, "Lota", "telegram", "রাত নয়টায়") == 0
    again = await bot.press("creator", ways, "২ নম্বরটা আলাদা")
    assert "কোনো দলে নেই" in again[-1].text


async def test_who_asks_the_same_words_after_a_parting_waits_with_them(bot: Stage) -> None:
    await ask(bot, "Rima", LIVE)
    await ask(bot, "Lota", BANGLISH)
    ways = (await bot.press("creator", await inbox(bot), "কে কীভাবে"))[-1]
    await bot.press("creator", ways, "২ নম্বরটা আলাদা")
    await ask(bot, "Karim", BANGLISH.upper())
    shown = await inbox(bot)
    assert f"{BANGLISH} (২ জন জানতে চেয়েছেন)" in shown.text


async def test_the_team_is_told_once_of_questions_that_ask_the_same(bot: Stage) -> None:
    for number, text in enumerate((LIVE, BANGLISH, LIVE)):
        await ask(bot, f"fan {number}", text)
    notices = [m.text for m in bot.seen("creator", "telegram", "dm")]
    assert notices == ["১টা প্রশ্ন আপনাদের উত্তরের অপেক্ষায়।"]


async def test_a_group_that_asks_the_same_many_times_hears_it_once_and_nothing_is_lost(
    bot: Stage,
) -> None:
    for number in range(60):
        await bot.say(f"fan {number}", f"@adda {LIVE}", place="fans")
    said = bot.seen(place="fans")
    assert len(said) == 1
    assert "টিমকে পাঠিয়েছি" in said[0].text
    assert "(৬০ জন জানতে চেয়েছেন)" in (await inbox(bot)).text
    done = await answer(bot, "রাত নয়টায়।")
    assert "৬০ জন পাবেন" in done.text
    assert sum("রাত নয়টায়" in m.text for m in bot.seen(place="fans")) == 1


async def test_a_place_that_was_told_hours_ago_is_told_again(bot: Stage) -> None:
    await bot.say("Rima", f"@adda {LIVE}", place="fans")
    assert await bot.say("Lota", f"@adda {LIVE}", place="fans") == []
    await bot.advance(2 * HOUR)
    assert len(await bot.say("Karim", f"@adda {LIVE}", place="fans")) == 1


async def test_a_question_that_waits_two_days_is_apologised_for_once_and_alone(bot: Stage) -> None:
    await bot.say("Rima", f"@adda {LIVE}", place="fans")
    await bot.advance(47 * HOUR)
    await ask(bot, "Lota", OFFICE, "discord")
    assert told(bot, "Rima", "telegram", "একটু বেশি সময় লাগছে") == 0
    seen = await bot.advance(2 * HOUR)
    late = [m for m in seen if "একটু বেশি সময় লাগছে" in m.text]
    assert [(m.place, m.to, LIVE in m.text) for m in late] == [("dm", "Rima", True)]
    notice = bot.seen("creator", "telegram", "dm")[-1].text
    assert "২টা প্রশ্ন" in notice
    assert "১টা দুই দিনের বেশি" in notice
    await bot.advance(20 * 24 * HOUR)
    assert told(bot, "Rima", "telegram", "একটু বেশি সময় লাগছে") == 1
    assert told(bot, "Lota", "discord", "একটু বেশি সময় লাগছে") == 1


async def test_who_joins_a_question_already_late_hears_it_two_days_later(bot: Stage) -> None:
    await ask(bot, "Rima", LIVE)
    await bot.advance(60 * HOUR)
    await ask(bot, "Lota", LIVE)
    await bot.advance(49 * HOUR)
    assert told(bot, "Rima", "telegram", "একটু বেশি সময় লাগছে") == 1
    assert told(bot, "Lota", "telegram", "একটু বেশি সময় লাগছে") == 1


@pytest.mark.parametrize("end", ["answered", "cancelled", "forgotten"])
async def test_nobody_is_told_that_a_finished_question_takes_longer(bot: Stage, end: str) -> None:
    seen = await ask(bot, "Rima", LIVE)
    match end:
        case "answered":
            await answer(bot, "রাত নয়টায়।")
        case "cancelled":
            await bot.press("Rima", seen[-1], "বাতিল")
        case "forgotten":
            sure = await bot.say("Rima", "/forgetme")
            await bot.press("Rima", sure[-1], "হ্যাঁ")
    await bot.advance(72 * HOUR)
    assert told(bot, "Rima", "telegram", "একটু বেশি সময় লাগছে") == 0


# Which questions ask the same ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LIVE, BANGLISH),
        ("ডেলিভারি চার্জ কত?", "delivery charge koto apu"),
        ("অফিস কোথায়?", "office ta kothay?"),
        ("লাল ড্রেসের দাম কত?", "red dress price please"),
        ("তোমার বয়স কত?", "apnar boyosh koto"),
    ],
)
def test_the_same_question_in_another_script_is_the_same(one: str, other: str) -> None:
    assert same(meaning(one), meaning(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("লাল ড্রেসের দাম কত?", "নীল ড্রেসের দাম কত?"),
        ("dress er dam koto", "saree er dam koto"),
        ("XL সাইজ আছে?", "M সাইজ আছে?"),
        ("বড় সাইজ আছে?", "ছোট সাইজ আছে?"),
        ("delivery charge dhaka", "delivery charge outside dhaka"),
        ("কাল লাইভ কয়টায়?", "আজ লাইভ কয়টায়?"),
        ("video 12 er dress", "video 13 er dress"),
        ("Sylhet e delivery koto din", "Chittagong e delivery koto din"),
        ("return korte koto din", "return korte koto taka"),
        ("do you ship to india", "do you ship to usa"),
        ("giveaway kobe shesh", "giveaway kobe shuru"),
        ("অফিস কোথায়?", "দোকান কোথায়?"),
        ("ককক মানে?", "খখখ মানে?"),
        ("দাম কত?", "ড্রেসের দাম কত?"),
        ("", ""),
        ("???", "❤️"),
    ],
)
def test_what_differs_in_one_thing_is_another_question(one: str, other: str) -> None:
    assert not same(meaning(one), meaning(other))


def test_a_question_joins_the_first_that_asks_the_same() -> None:
    others = [("a", OFFICE), ("b", LIVE), ("c", BANGLISH)]
    assert group("when is your live tomorrow", others) == "b"
    assert group("ড্রেসের দাম কত?", others) is None


@given(st.text(max_size=80), st.text(max_size=80))
def test_sameness_is_mutual_and_likeness_is_a_share(one: str, other: str) -> None:
    first, second = meaning(one), meaning(other)
    assert same(first, second) == same(second, first)
    assert 0 <= likeness(first, second) <= 1


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_every_unicode_form_of_a_question_is_the_same_question(form: str) -> None:
    assert meaning(unicodedata.normalize(form, LIVE)) == meaning(LIVE)  # type: ignore[arg-type]
