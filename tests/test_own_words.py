"""A community's own words, and the messages that ask nothing."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.questions.concepts import background, background_classes, lexicon, lexicon_with
from handlers.questions.normalise import script
from handlers.questions.smalltalk import small_talk


def named(text: str) -> frozenset[str]:
    return lexicon().of(text)


# --- a community's own words ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "means", "asked"),
    [
        ("jamdani", "saree", "jamdani koto?"),
        ("মোহিনী", "saree", "mohini ta den"),
        ("জোড়া শালিক", "কাপল সেট", "জোড়া শালিক আছে?"),
        ("hadiya", "price", "hadiya koto"),
        ("dc", "delivery charge", "DC koto apu"),
        ("price", "hadiya", "hadiya koto"),
        ("doorstep", "delivery_charge", "doorstep?"),
    ],
)
def test_a_synonym_means_what_its_creator_says(word: str, means: str, asked: str) -> None:
    own = lexicon_with({word: means})
    expected = named(means) or named(word)
    assert expected & own.of(asked)
    assert not expected <= named(asked) or word in ("price", "jamdani")


def test_a_synonym_adds_to_what_a_word_means_already() -> None:
    own = lexicon_with([("jamdani", "saree")])
    assert own.of("jamdani") == named("jamdani") | {"saree"}


def test_a_synonym_may_be_longer_than_any_phrase_that_is_shipped() -> None:
    long = "mitu apur shei purono diner golpo er moto jinish"
    assert len(long.split()) > max(lexicon().openings.values())
    assert lexicon_with({long: "saree"}).of(f"{long} ache?") >= {"saree"}


def test_two_new_words_are_a_concept_of_their_own() -> None:
    own = lexicon_with([("zubizar", "zubizarreta")])
    assert own.of("zubizar koto") & own.of("zubizarreta ache?") - named("koto")
    assert named("zubizarreta") == frozenset()


def test_the_order_of_synonyms_does_not_matter() -> None:
    pairs = [("zubi", "zubizarreta"), ("zubizarreta", "saree")]
    for ordered in (pairs, pairs[::-1]):
        assert "saree" in lexicon_with(ordered).of("zubi")


def test_communities_do_not_hear_each_others_words() -> None:
    one, other = lexicon_with({"tupur": "saree"}), lexicon_with({"tupur": "cake"})
    for _ in range(2):  # the second time from what was kept
        assert one.of("tupur") == {"saree"}
        assert other.of("tupur") == {"cake"}
        assert named("tupur") == frozenset()


def test_no_synonyms_are_the_shipped_tables() -> None:
    assert lexicon_with({}) is lexicon()
    assert lexicon_with([("", ""), ("?!", "saree")]).of("saree") == named("saree")


@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), max_size=5))
@settings(max_examples=30, deadline=None)
def test_any_pairs_can_be_synonyms(pairs: list[tuple[str, str]]) -> None:
    own = lexicon_with(pairs)
    assert own.of("delivery charge koto") >= {"delivery_charge", "how_much"}


# --- what asks nothing ----------------------------------------------------------------------------


def test_the_background_has_300_messages_in_three_scripts() -> None:
    messages = background()
    assert len(messages) == len(set(messages)) >= 300
    assert Counter(map(script, messages))["beng"] >= 80
    assert messages == tuple(message for _, message in background_classes())


def test_every_class_of_the_background_is_in_bengali_and_latin_letters() -> None:
    by_class: defaultdict[str, set[str]] = defaultdict(set)
    for kind, message in background_classes():
        by_class[kind].add(script(message))
    assert set(by_class) >= {"greeting", "thanks", "praise", "gossip", "general", "abuse", "spam"}
    assert [kind for kind, scripts in by_class.items() if not scripts >= {"beng", "latn"}] == []


def test_greetings_and_thanks_of_the_background_are_small_talk() -> None:
    classes = background_classes()
    known = [small_talk(message) for kind, message in classes if kind in ("greeting", "thanks")]
    assert sum(talk is not None for talk in known) >= len(known) / 2
    asked = ("general", "assistant", "homework", "news", "gossip")
    assert [m for kind, m in classes if kind in asked and small_talk(m) is not None] == []
