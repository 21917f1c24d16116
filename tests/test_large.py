"""Large knowledge bases: what a question means is found among thousands of entries."""

from __future__ import annotations

import random
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands.answers import resident
from handlers.questions import large
from handlers.questions.concepts import lexicon
from handlers.questions.features import features
from handlers.questions.index import Index, Phrase
from handlers.questions.large import LargeIndex, Texts, ranking
from handlers.questions.memory import give_back
from handlers.questions.normalise import tokens
from handlers.questions.postings import Frequencies, Postings, Rows

NEAR = np.array([1, 1, 1, 1], np.float32)

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


def test_candidates_are_ranked_as_a_small_knowledge_base_of_the_same_frequencies() -> None:
    phrases = shop(large.CANDIDATES)
    counted = Frequencies.of(features(phrase.text, lexicon()) for phrase in phrases)
    index = LargeIndex.build(phrases)
    for question in ("lal jama dam koto", "নীল ব্যাগ কোথায় পাব?", "camera delivery charge", "size"):
        ranked = index.rank(question, large.CANDIDATES)
        found = {match.entry for match in ranked}
        small = Index.build([p for p in phrases if p.entry in found], frequencies=counted)
        expected = {match.entry: match.p for match in small.rank(question, large.CANDIDATES)}
        assert len(ranked) > 1
        assert {match.entry: match.p for match in ranked} == pytest.approx(expected)


@given(st.lists(st.builds(Phrase, st.sampled_from("abc"), st.text(max_size=30)), min_size=1))
@settings(max_examples=100, deadline=None)
def test_texts_are_kept_as_they_were_read(phrases: list[Phrase]) -> None:
    texts = Texts.of(phrases)
    for number, entry in enumerate(texts.entries):
        kept = [texts.read(text) for text in texts.texts(number)]
        assert kept == [tokens(phrase.text) for phrase in phrases if phrase.entry == entry]


def test_texts_after_others_are_compared_as_if_read_together() -> None:
    read = [features(phrase.text, lexicon()) for phrase in shop(30)]
    apart = Postings.of(Rows.of(read[20:]).after(Rows.of(read[:20])))
    together = Postings.of(Rows.of(read))
    asked = features("lal shari dam koto, delivery charge?", lexicon())
    near = together.nearness(together.query(asked), NEAR)
    assert apart.nearness(apart.query(asked), NEAR) == pytest.approx(near, abs=1e-6)
    assert near.max() > 0.3


def test_postings_before_others_are_compared_as_if_in_one() -> None:
    read = [features(phrase.text, lexicon()) for phrase in shop(30)]
    counted = Frequencies.of(read)
    first = Postings.of(Rows.of(read[:20]), counted)
    second = Postings.of(Rows.of(read[20:]), counted, first)
    together = Postings.of(Rows.of(read), counted)
    asked = features("lal shari dam koto, delivery charge?", lexicon())
    near = together.nearness(together.query(asked), NEAR)
    assert second.nearness(second.query(asked), NEAR) == pytest.approx(near, abs=1e-6)


def test_a_feature_is_rarer_the_fewer_texts_have_it() -> None:
    counted = Frequencies.of(
        [{"ab": 1.0, "bc": 1.0}, {"ab": 1.0, "cd": 1.0}, {"ab": 1.0, "cd": 1.0}]
    )
    idf = counted.idf(np.array([hash("ab"), hash("cd"), hash("bc"), hash("zz")], np.int64))
    every, some, once, unknown, never = idf.tolist()
    assert every < some < once == unknown < never


@pytest.mark.skipif(sys.platform != "linux", reason="other systems give memory back by themselves")
def test_freed_memory_goes_back_to_the_system() -> None:
    blocks = [bytes([1]) * 100_000 for _ in range(600)]
    last = blocks[-1]
    full = resident()
    del blocks
    give_back()
    assert resident() < full - 40
    assert len(last) == 100_000
