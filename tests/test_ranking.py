"""Ranking: what a knowledge base teaches about itself, and how sure that makes it."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.questions.calibration import Calibration
from handlers.questions.classifier import Descent, Sparse, fit, softmax
from handlers.questions.concepts import lexicon
from handlers.questions.features import features
from handlers.questions.index import Index, Phrase, band
from handlers.questions.postings import Frequencies
from handlers.questions.typos import mended

THINGS = ("kettle", "lantern", "anchor", "violin", "compass", "blanket", "ladder", "mirror")
ASKING = (
    "where can i find the {}", "i lost my {} yesterday", "is the {} broken", "{} repair please",
    "who took the old {}", "my {} makes a noise", "how heavy is that {}", "a new {} for me",
)  # fmt: skip


def taught(things: Sequence[str] = THINGS, ways: Sequence[str] = ASKING) -> list[Phrase]:
    return [Phrase(thing, way.format(thing)) for thing in things for way in ways]


@pytest.fixture(scope="module")
def trained() -> Index:
    """Enough wordings for the classifier to be trusted."""
    return Index.build([*taught(), *taught([f"{thing} box" for thing in THINGS])])


def test_entries_worded_in_many_ways_are_told_apart(trained: Index) -> None:
    assert trained._trained is not None
    for thing in THINGS:
        assert trained.rank(f"have you seen a {thing} somewhere")[0].entry == thing
        assert trained.rank(f"have you seen a {thing} box")[0].entry == f"{thing} box"


def test_what_was_never_taught_is_less_sure_than_what_was(trained: Index) -> None:
    known = min(trained.rank(f"did the {thing} break")[0].p for thing in THINGS)
    assert trained.rank("ajke ki brishti hobe")[0].p < known
    assert band(trained.rank("good morning everyone")) == "handover"


def test_the_sum_of_all_p_is_at_most_1(trained: Index) -> None:
    for question in ("kettle", "kettle box or lantern", "নতুন আয়না", "zzzz"):
        matches = trained.rank(question, top=100)
        assert len(matches) == 2 * len(THINGS)
        assert sum(match.p for match in matches) <= 1 + 1e-6
        assert [m.p for m in matches] == sorted((m.p for m in matches), reverse=True)


def test_the_same_knowledge_base_gives_the_same_p() -> None:
    first, second = (Index.build(taught()).rank("where is my violin") for _ in range(2))
    assert first == second


def test_two_identical_questions_with_different_answers_are_offered_both() -> None:
    index = Index.build([Phrase("a", "ডেলিভারি চার্জ কত?"), Phrase("b", "ডেলিভারি চার্জ কত?")])
    matches = index.rank("ডেলিভারি চার্জ কত?")
    assert {match.entry for match in matches} == {"a", "b"}
    assert matches[0].p == pytest.approx(matches[1].p)
    assert band(matches) == "choose"


def test_phrases_that_are_all_the_same_give_equal_p() -> None:
    index = Index.build([Phrase(str(at % 20), "dam koto") for at in range(300)])
    ps = [match.p for match in index.rank("dam koto", top=20)]
    assert max(ps) <= 0.5
    assert sum(ps) <= 1 + 1e-6


@pytest.mark.parametrize("entries", [0, 1, 2])
@pytest.mark.parametrize("text", ["", "😂😂", "দাম কত?", "dam koto " * 2_000])
def test_a_tiny_knowledge_base_of_odd_texts_can_be_asked(entries: int, text: str) -> None:
    index = Index.build([Phrase(str(at), text) for at in range(entries)])
    assert len(index.rank("dam koto?")) == entries
    assert all(0 <= match.p <= 1 for match in index.rank("dam koto? " * 1_000))


def test_candidates_of_a_large_knowledge_base_are_ranked_untrained() -> None:
    phrases = [*taught(), *taught([f"{thing} box" for thing in THINGS])]
    counted = Frequencies.of(features(phrase.text, lexicon()) for phrase in phrases)
    index = Index.build(phrases, frequencies=counted)
    assert index._trained is None
    assert index.rank("have you seen a violin somewhere")[0].entry == "violin"


def test_a_classifier_fits_what_it_is_shown() -> None:
    random_ = np.random.default_rng(1)
    classes = np.repeat(np.arange(4, dtype=np.int32), 10)
    points = np.eye(4, dtype=np.float32)[classes]
    points += 0.2 * random_.standard_normal((40, 4)).astype(np.float32)
    gram = (points @ points.T).astype(np.float32)
    shares = fit(gram, classes, np.ones(40, np.float32))
    assert (softmax(gram @ shares).argmax(axis=1) == classes).all()


def test_many_texts_are_learned_in_batches() -> None:
    classes = np.array([at % 3 for at in range(900)], np.int32)
    texts = Sparse(np.arange(901), classes.astype(np.int64), np.ones(900, np.float32))
    descent = Descent(texts, classes, 3)
    descent.learn(np.arange(900), 3)
    assert [int(descent.logits(text).argmax()) for text in range(6)] == [0, 1, 2, 0, 1, 2]


def test_p_is_how_often_it_is_right() -> None:
    random_ = np.random.default_rng(2)
    classes = random_.integers(1, 6, 4_000).astype(np.int32)
    logits = random_.standard_normal((4_000, 6)).astype(np.float32)
    logits[np.arange(4_000), classes] += 2
    known = Calibration.of(logits[:2_000], classes[:2_000], talk=1)
    ps = np.array([known.probabilities(row, talk=1) for row in logits[2_000:]])
    right = ps.argmax(axis=1) + 1 == classes[2_000:]
    assert ps.max(axis=1).mean() == pytest.approx(right.mean(), abs=0.03)
    sure = ps.max(axis=1) >= 0.7
    assert right[sure].mean() == pytest.approx(ps.max(axis=1)[sure].mean(), abs=0.04)


def test_what_no_entry_answers_is_unsure_even_where_every_phrase_is_told_apart() -> None:
    random_ = np.random.default_rng(4)
    classes = random_.integers(1, 6, 400).astype(np.int32)
    logits = random_.standard_normal((400, 6)).astype(np.float32)
    logits[np.arange(400), classes] += 8
    known = Calibration.of(logits, classes, talk=1)
    assert known.probabilities(logits[0], talk=1).max() > 0.9
    foreign = random_.standard_normal((200, 6)).astype(np.float32)
    assert np.mean([known.probabilities(row, talk=1).max() >= 0.45 for row in foreign]) < 0.2


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("prixe", {"price", "prize"}), ("delivry", {"delivery"}), ("gft", {"prize"})],
)
def test_a_slip_from_several_words_may_mean_each_of_them(typed: str, meant: set[str]) -> None:
    assert mended(typed, lexicon()).concepts >= meant


@pytest.mark.parametrize("typed", ["qwrtz", "xy", "a1b2", "ল"])
def test_what_is_near_no_word_means_nothing(typed: str) -> None:
    assert mended(typed, lexicon()).concepts == frozenset()


@given(st.lists(st.builds(Phrase, st.sampled_from("abcd"), st.text(max_size=20)), min_size=60))
@settings(max_examples=8, deadline=None)
def test_a_knowledge_base_of_many_odd_texts_gives_probabilities(phrases: list[Phrase]) -> None:
    matches = Index.build(phrases).rank(random.Random(3).choice(phrases).text + " dam", top=9)
    assert all(0 <= match.p <= 1 for match in matches)
    assert sum(match.p for match in matches) <= 1 + 1e-6
