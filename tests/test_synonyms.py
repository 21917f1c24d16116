"""Synonyms: a community's own words, taught, listed, removed, and understood in questions."""

from __future__ import annotations

import pytest

from bot.actions import pack
from handlers.questions.synonyms import LONGEST, More, RemoveSynonym
from storage import people, tuning
from storage.tx import Tx
from tests.shop import labels
from tests.stage import Stage

ANSWER = "জামা ১,৮০০ টাকা।"


async def teach(bot: Stage) -> None:
    await bot.say("creator", f"/answers add জামার দাম কত? | {ANSWER}")
    await bot.say("creator", "/answers add শাড়ির দাম কত? | শাড়ি ৩,০০০ টাকা।")
    await bot.say("creator", "/answers add ডেলিভারি চার্জ কত? | ৮০ টাকা")


async def test_a_word_of_their_own_is_understood_and_forgotten_again(bot: Stage) -> None:
    await teach(bot)
    asked = "টুনটুনির দাম কত?"
    assert (await bot.say("Rima", asked))[-1].text != ANSWER
    added = await bot.say("creator", "/answers synonym টুনটুনি | জামা")
    assert "“টুনটুনি” লিখলে “জামা” বুঝবো" in added[-1].text
    assert (await bot.say("Lota", asked))[-1].text == ANSWER
    await bot.press("creator", added[-1], "বাদ দিন")
    assert (await bot.say("Moni", asked))[-1].text != ANSWER


async def test_synonyms_are_listed_with_buttons_that_remove_them(bot: Stage) -> None:
    assert "এখনও কোনো নিজস্ব শব্দ" in (await bot.say("creator", "/answers synonyms"))[-1].text
    for at in range(11):
        await bot.say("creator", f"/answers synonym শব্দ{at} দাম")
    first = (await bot.say("creator", "/answers synonyms"))[-1]
    assert first.text.splitlines()[0] == "আপনাদের নিজস্ব শব্দ, মোট ১১টা:"
    assert len(first.text.splitlines()) == 10
    rest = (await bot.press("creator", first, "আরও"))[-1]
    assert len(rest.text.splitlines()) == 3
    gone = await bot.press("creator", rest, labels(rest)[0])
    assert "আর ধরবো না" in gone[-1].text
    assert "আগেই বাদ" in (await bot.press("creator", rest, labels(rest)[0]))[-1].text
    assert await bot.press("creator", first, pack(More(10**12)))


@pytest.mark.parametrize(
    ("word", "means", "why"),
    [
        ("???", "দাম", "অন্তত একটা শব্দ"),
        ("দাম", "দাম!", "দুটো শব্দ একই"),
        ("ক" * (LONGEST + 1), "দাম", "সর্বোচ্চ ৬০ অক্ষর"),
        ("ক", "দাম " * 2500, "সর্বোচ্চ ৬০ অক্ষর"),
    ],
)
async def test_what_cannot_be_a_synonym_is_refused_with_the_reason(
    bot: Stage, word: str, means: str, why: str
) -> None:
    seen = await bot.command("creator", "answers synonym", {"word": word, "means": means})
    assert why in seen[-1].text


async def test_the_same_synonym_is_kept_once(bot: Stage) -> None:
    await bot.say("creator", "/answers synonym থ্রিপিস | জামা")
    assert "আগে থেকেই আছে" in (await bot.say("creator", "/answers synonym থ্রিপিস | জামা"))[-1].text


async def test_another_communitys_synonym_stays(bot: Stage) -> None:
    async def theirs(tx: Tx) -> None:
        await people.add_community(tx, "c2", "Nila", "bn", "Asia/Dhaka", 0)
        await tuning.add_synonym(tx, "c2", "s2", "থ্রিপিস", "জামা")

    await bot.unit(theirs)
    seen = await bot.say("creator", "/answers synonyms")
    assert "এখনও কোনো" in seen[-1].text
    assert "আগেই বাদ" in (await bot.press("creator", seen[-1], pack(RemoveSynonym("s2"))))[-1].text
    assert await bot.unit(lambda tx: tuning.synonyms(tx, "c2")) == [("থ্রিপিস", "জামা")]


async def test_a_fan_may_not_remove_synonyms(bot: Stage) -> None:
    added = await bot.say("creator", "/answers synonym থ্রিপিস | জামা")
    data = added[-1].rows[0][0].data or ""
    own = await bot.say("Rima", "/help")
    assert "টিমের জন্য" in (await bot.press("Rima", own[-1], data))[-1].text
