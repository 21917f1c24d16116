"""The gap report: what fans ask and what has no answer, told to managers, with honest counts."""

from __future__ import annotations

from bot.model import Role
from storage import people
from storage.tx import Tx
from tests.stage import Stage

DRESS = ("লাল ড্রেসের দাম কত?", "লাল ড্রেস ২,৪৫০ টাকা।")
OFFICE = "অফিস কোথায়?"
HOUR = 3600
UNTIL_SUNDAY = 2 * 24 * HOUR + 8 * HOUR  # from Friday noon to Sunday 20:00 in Dhaka


async def a_week(bot: Stage) -> None:
    """Three ask the price, one finds it helpful and one wrong; three ask for the office."""
    question, answer = DRESS
    await bot.command("creator", "answers add", {"question": question, "answer": answer})
    for who, button in (("Rima", "কাজে"), ("Lota", "ভুল"), ("Karim", "")):
        seen = await bot.say(who, question)
        if button:
            await bot.press(who, seen[-1], button)
    for who, asked in (("Rima", OFFICE), ("Lota", "office kothay?"), ("Tuli", OFFICE)):
        await bot.say(who, asked)


def reports(bot: Stage, who: str = "creator", platform: str = "telegram") -> list[str]:
    return [m.text for m in bot.seen(who, platform, "dm") if "ভক্তরা যা জানতে" in m.text]


async def test_the_report_gives_ideas_and_keeps_its_counts_apart(bot: Stage) -> None:
    await a_week(bot)
    report = (await bot.say("creator", "/gaps"))[-1].text
    assert f"• ৩ জন জানতে চেয়েছেন: {OFFICE}" in report
    assert f"• ৩ বার: {DRESS[0]} (উত্তর নং ১)" in report
    assert "বট উত্তর দিয়েছে ৩ বার।" in report
    assert "কাজে লেগেছে বলেছেন ১ জন, ভুল বলেছেন ১ জন। বাকি ১ বার কেউ কিছু জানাননি।" in report
    assert "টিমের কাছে গেছে ৪টা প্রশ্ন; টিমের উত্তর পেয়েছেন ০ জন।" in report
    assert "এখন ২টা বিষয়" in report


async def test_the_report_comes_on_sunday_evening_to_managers_alone(bot: Stage) -> None:
    async def helper(tx: Tx) -> None:
        await people.add_member(tx, "c1", "h1", "telegram", "Helper", "Helper", Role.HELPER, 0)

    await bot.unit(helper)
    await a_week(bot)
    await bot.advance(UNTIL_SUNDAY - 60)
    assert reports(bot) == []
    await bot.advance(120)
    assert len(reports(bot)) == 1
    assert len(reports(bot, platform="discord")) == 1
    assert reports(bot, "Helper") == []
    assert reports(bot, "Rima") == []


async def test_the_report_comes_every_week_there_is_something_to_tell(bot: Stage) -> None:
    question, answer = DRESS
    await bot.command("creator", "answers add", {"question": question, "answer": answer})
    await bot.say("Rima", question)
    await bot.advance(UNTIL_SUNDAY + HOUR)
    assert len(reports(bot)) == 1
    await bot.advance(7 * 24 * HOUR)
    assert len(reports(bot)) == 1  # nobody asked
    await bot.say("Rima", question)
    await bot.advance(7 * 24 * HOUR)
    assert len(reports(bot)) == 2


async def test_a_report_missed_while_the_bot_was_down_comes_once(bot: Stage) -> None:
    await a_week(bot)
    bot.clock.advance(UNTIL_SUNDAY + 26 * HOUR)  # nothing ran meanwhile
    await bot.advance(1)
    assert len(reports(bot)) == 1
    await bot.advance(5 * 24 * HOUR)
    assert len(reports(bot)) == 1


async def test_a_week_without_questions_is_said_to_be_one(bot: Stage) -> None:
    assert "কোনো প্রশ্ন আসেনি" in (await bot.say("creator", "/gaps"))[-1].text


async def test_fans_do_not_read_the_report(bot: Stage) -> None:
    assert "টিমের জন্য" in (await bot.say("Rima", "/gaps"))[-1].text


async def test_counts_outlive_the_questions_but_no_text_does(bot: Stage) -> None:
    await bot.say("Rima", OFFICE)
    await bot.advance(40 * 24 * HOUR)

    async def left(tx: Tx) -> list[object]:
        days = await tx.all("days_entries", community="c1", since="", until="9", most=9)
        total = await tx.one("days_total", community="c1", since="", until="9")
        asked = await tx.all("questions_wordings", community="c1", most=9)
        return [list(days), int(total["handed"]) if total else None, list(asked)]

    assert await bot.unit(left) == [[], 1, []]
