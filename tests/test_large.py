"""Large knowledge bases: what a question means is found among thousands of entries."""

from __future__ import annotations

import random

import pytest

from handlers.questions import large
from handlers.questions.index import Index, Phrase
from handlers.questions.large import LargeIndex, ranking

COLOURS = ("লাল", "নীল", "সবুজ", "কালো", "সাদা", "হলুদ", "গোলাপি")
THINGS = ("শাড়ি", "জামা", "ব্যাগ", "জুতা", "ফোন", "ক্যামেরা", "লিপস্টিক", "ঘড়ি")
ASKED = ("দাম কত?", "সাইজ কত?", "ডেলিভারি চার্জ কত?", "কোথায় পাব?")


def shop(entries: int) -> list[Phrase]:
    """A question and an answer for each of so many entries, no two alike."""
    chosen = random.Random(7)
    made = []
    for number in range(entries):
        name = "".join(chosen.choices(("ka", "mo", "ri", "ta", "no", "be", "lu"), k=4))
        wanted = f"{chosen.choice(COLOURS)} {name} {chosen.choice(THINGS)} {chosen.choice(ASKED)}"
        made += [Phrase(str(number), wanted), Phrase(str(number), f"{name}: ১২০০ টাকা", 0.5)]
    return made


def test_a_few_entries_are_all_compared() -> None:
    assert isinstance(ranking(shop(20)), Index)


def test_thousands_of_entries_are_searched() -> None:
    assert isinstance(ranking(shop(large.LARGE + 1)), LargeIndex)


def test_the_entry_meant_is_among_the_candidates() -> None:
    phrases = shop(3000)
    index = LargeIndex.build(phrases)
    asked = random.Random(3).sample(phrases[::2], 60)
    right = [index.rank(phrase.text)[0].entry == phrase.entry for phrase in asked]
    assert sum(right) >= 55


@pytest.mark.parametrize("question", ["lal dress tar dam koto", "price of the red dress?"])
def test_another_script_finds_it_as_well(question: str) -> None:
    phrases = [*shop(300), Phrase("dress", "লাল ড্রেসের দাম কত?"), Phrase("host", "আপনার বাসা কোথায়?")]
    assert LargeIndex.build(phrases).rank(question)[0].entry == "dress"


@pytest.mark.parametrize("question", ["", "🙂🙂", "zzqqxx"])
def test_what_shares_nothing_has_no_match(question: str) -> None:
    assert LargeIndex.build(shop(150)).rank(question) == []


def test_fewer_entries_than_candidates_are_all_ranked() -> None:
    assert LargeIndex.build(shop(3)).rank(shop(3)[0].text)[0].entry == "0"
