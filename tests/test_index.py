"""The index: the entry a question means is found, and what it does not know is handed over."""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.questions.concepts import background, lexicon_with
from handlers.questions.index import Index, Match, Phrase, band
from handlers.questions.typos import slip
from tests.test_reading import spellings

SHOP = (
    ("price", "লাল কাতান ড্রেসের দাম কত?", "How much is the red katan dress?"),
    ("delivery", "ডেলিভারি চার্জ কত?", "What is the delivery charge?"),
    ("size", "সাইজ চার্ট আছে?", "Do you have a size chart?"),
    ("return", "পণ্য ফেরত দেওয়া যাবে?", "What is your return policy?"),
    ("giveaway", "গিভঅ্যাওয়েতে কীভাবে অংশ নেব?", "How do I join the giveaway?"),
    ("origin", "ড্রেসটা কোথা থেকে কিনেছেন?", "Where is the dress from?"),
    ("live", "লাইভে কখন আসবেন?", "When do you go live?"),
)
ASKED = {
    "price": ("লাল ড্রেসের দাম কত?", "red dress price?", "dam koto lal dress tar"),
    "delivery": ("delivery charge koto", "ডেলিভারি চার্জ কত", "how much is shipping"),
    "size": ("size chart den apu", "সাইজ চার্টটা দেন", "size guide please"),
    "return": ("exchange kora jabe?", "ফেরত দিতে পারব?", "can i return it"),
    "giveaway": ("giveaway te join korbo kivabe", "গিভওয়েতে অংশ নেওয়ার নিয়ম কী"),
    "live": ("apu live e asben kokhon", "লাইভ কবে?", "when is the next live"),
}
ELSEWHERE = (
    "what is the capital of France",
    "তোমার প্রিয় খেলোয়াড় কে",
    "bangladesh er rajdhani kothay",
    "assalamu alaikum apu kemon achen",
    "many thanks!",
    "ভিডিওটা খুব সুন্দর হয়েছে",
    "how old are you",
    "tui ekta pagol",
    "আগামীকাল কি বৃষ্টি হবে?",
)


@pytest.fixture(scope="module")
def shop() -> Index:
    return Index.build([Phrase(entry, text) for entry, *texts in SHOP for text in texts])


@pytest.mark.parametrize(
    ("entry", "question"), [(entry, text) for entry, texts in ASKED.items() for text in texts]
)
def test_a_question_in_any_script_is_answered_by_its_entry(
    shop: Index, entry: str, question: str
) -> None:
    matches = shop.rank(question)
    assert matches[0].entry == entry
    assert band(matches) == "answer"


@pytest.mark.parametrize("column", [1, 2], ids=["bengali", "english"])
def test_entries_written_in_one_language_answer_the_other(column: int) -> None:
    index = Index.build([Phrase(row[0], row[column]) for row in SHOP])
    asked = [(entry, text) for entry, texts in ASKED.items() for text in texts]
    assert [index.rank(text)[0].entry for _, text in asked] == [entry for entry, _ in asked]


@pytest.mark.parametrize(
    ("question", "entry"),
    [
        ("delviery chrage koto", "delivery"),
        ("ডেলিবারি চারজ কত", "delivery"),
        ("red drress prce?", "price"),
        ("exchnage kora jabe", "return"),
    ],
)
def test_a_slip_of_the_finger_does_not_hide_what_is_meant(question: str, entry: str) -> None:
    index = Index.build([Phrase(row[0], row[1]) for row in SHOP])
    assert index.rank(question)[0].entry == entry


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_a_slip_is_a_slip_from_both_sides(one: str, other: str) -> None:
    assert slip(one, other) == slip(other, one)


@pytest.mark.parametrize("other", ["prce", "pricee", "prize", "pirce", "price", "rice", "pric"])
def test_one_letter_or_two_swapped_are_a_slip(other: str) -> None:
    assert slip("price", other)


@pytest.mark.parametrize("other", ["pie", "prizes", "rpcie", "", "pcire", "prcie s"])
def test_more_than_that_is_another_word(other: str) -> None:
    assert not slip("price", other)


def test_a_community_whose_own_words_are_all_phrases_can_be_asked_with_typos() -> None:
    index = Index.build([Phrase("price", "দাম কত?")], lexicon_with({"boro apu": "price"}))
    assert index.rank("prcie koto")[0].entry == "price"


@pytest.mark.parametrize("question", ELSEWHERE)
def test_what_is_asked_elsewhere_is_handed_over(shop: Index, question: str) -> None:
    assert band(shop.rank(question)) == "handover"


def test_small_talk_is_handed_over_and_never_an_entry(shop: Index) -> None:
    entries = {entry for entry, *_ in SHOP}
    for message in background():
        matches = shop.rank(message)
        assert band(matches) == "handover", message
        assert {match.entry for match in matches} <= entries


def test_a_topic_no_concept_covers_is_found_by_its_letters() -> None:
    index = Index.build(
        [
            Phrase("kiln", "মাটির চুল্লিতে কত ডিগ্রিতে পোড়ান?"),
            Phrase("glaze", "গ্লেজের মিশ্রণ কোন অনুপাতে বানান?"),
            Phrase("clay", "এঁটেল মাটি ছানার আগে ভেজান কেন?"),
        ]
    )
    assert index.rank("chullite koto digrite poran")[0].entry == "kiln"
    assert index.rank("glejer misron onupat")[0].entry == "glaze"
    assert index.rank("etel mati vejan keno")[0].entry == "clay"


def test_the_answer_text_helps_but_the_question_counts_more() -> None:
    answer = "আমাদের শোরুম মিরপুর ১০ নম্বরে, শাহ আলী প্লাজার তিন তলায়।"
    index = Index.build(
        [
            Phrase("showroom", "শোরুমটা কোথায়?"),
            Phrase("showroom", answer, 0.5),
            Phrase("metro", "শাহ আলী প্লাজার কাছে মেট্রো আছে?"),
        ]
    )
    assert index.rank("mirpur e ache?")[0].entry == "showroom"
    assert index.rank("শাহ আলী প্লাজার কাছে মেট্রো")[0].entry == "metro"


def test_an_empty_knowledge_base_ranks_to_nothing() -> None:
    assert Index.build([]).rank("dam koto?") == []


@pytest.mark.parametrize("question", ["", "?!", "😂😂😂", "Сколько стоит?", "\u200d"])
def test_a_question_without_words_ranks_to_nothing(shop: Index, question: str) -> None:
    assert shop.rank(question) == []


def test_as_many_matches_are_given_as_there_are_and_are_asked_for(shop: Index) -> None:
    assert [len(shop.rank("dress", top)) for top in (1, 3, 100)] == [1, 3, len(SHOP)]


def test_the_order_in_which_phrases_come_changes_nothing(shop: Index) -> None:
    phrases = [Phrase(entry, text) for entry, *texts in SHOP for text in texts]
    random.Random(1).shuffle(phrases)
    again = Index.build(phrases)
    for question in ("red dress price?", "kobe live", "ফেরত"):
        first, second = shop.rank(question), again.rank(question)
        assert [match.entry for match in first] == [match.entry for match in second]
        assert [match.p for match in first] == pytest.approx([match.p for match in second])


def test_an_index_cannot_be_changed(shop: Index) -> None:
    with pytest.raises(FrozenInstanceError):
        shop._entries = ()  # type: ignore[misc]


@given(spellings())
@settings(max_examples=150, deadline=None)
def test_every_unicode_form_of_a_question_ranks_alike(pair: tuple[str, str]) -> None:
    index = Index.build([Phrase(entry, text) for entry, *texts in SHOP[:3] for text in texts])
    question, other = pair
    assert index.rank(other) == index.rank(question)


@given(st.text(min_size=1, max_size=40), st.integers(1, 10_000))
@settings(max_examples=150, deadline=2_000)
def test_any_text_of_any_length_gives_probabilities(text: str, times: int) -> None:
    index = Index.build([Phrase(entry, text) for entry, *texts in SHOP[:3] for text in texts])
    matches = index.rank((text * times)[:10_000])
    assert sum(match.p for match in matches) <= 1 + 1e-9
    assert [match.p for match in matches] == sorted((match.p for match in matches), reverse=True)
    assert all(0 <= match.p <= 1 for match in matches)


@given(st.lists(st.builds(Phrase, st.sampled_from("abc"), st.text(max_size=20)), max_size=8))
@settings(max_examples=100, deadline=None)
def test_a_knowledge_base_of_any_texts_can_be_asked(phrases: list[Phrase]) -> None:
    matches = Index.build(phrases).rank("dam koto")
    assert len(matches) == min(3, len({phrase.entry for phrase in phrases}))


@pytest.mark.parametrize(
    ("ps", "expected"),
    [
        ((), "handover"),
        ((0.44,), "handover"),
        ((0.45,), "choose"),
        ((0.69, 0.1), "choose"),
        ((0.7, 0.1), "answer"),
        ((0.75, 0.7), "choose"),
    ],
)
def test_the_band_follows_from_the_first_and_its_lead(ps: tuple[float, ...], expected: str) -> None:
    assert band([Match(str(place), p) for place, p in enumerate(ps)]) == expected


FIRST = """
from bot.commands.answers import resident
from handlers.questions.index import Index, Phrase
before = resident()
Index.build([Phrase("price", "দাম কত?")]).rank("lal jama tar dam koto")
print(resident() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="resident memory is read from /proc")
def test_the_first_question_of_a_process_takes_little_memory() -> None:
    """The lexicon, the sounds and the background are read for it; dicts of them took 20 MiB."""
    ran = subprocess.run([sys.executable, "-c", FIRST], capture_output=True, check=True)
    assert 1 < float(ran.stdout) < 14
