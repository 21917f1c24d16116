"""What the benchmarks of answers are made of: entries, typos and baselines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.answers_baselines import Bm25, Fts5
from benchmarks.answers_data import Trial, mistyped
from benchmarks.answers_scale import entry, questions, subjects
from handlers.questions.evaluate import Asked, Known


def test_made_entries_are_all_different_and_the_same_every_time() -> None:
    entries = [entry(at, about) for at, about in enumerate(subjects(3000))]
    assert entries == [entry(at, about) for at, about in enumerate(subjects(3000))]
    assert len({text for one in entries for text in one.questions}) == 4500
    asked = questions(100, 3000)
    assert {one.script for one in asked} == {"bn", "en", "bn-Latn"}
    assert len({one.entry for one in asked}) == 100


@given(text=st.text("abz কখাি্১ 1?🙂"), seed=st.integers(0, 9))
def test_a_typo_touches_two_neighbouring_letters_at_most(text: str, seed: int) -> None:
    trial = Trial([], [Asked(text, "a", ""), Asked(text, None, "")])
    [wrong] = [one.text for one in mistyped(trial, seed).questions]
    kept = next(at for at in range(len(text) + 1) if text[:at] != wrong[:at] or at == len(text))
    rest = text[kept + 1 :]
    assert wrong.endswith(rest)
    assert abs(len(text) - len(wrong)) <= 1


@pytest.mark.parametrize("make", [Bm25, Fts5])
def test_baselines_find_an_entry_by_its_best_phrase(make: type[Bm25 | Fts5]) -> None:
    reader = make([Known("a", ("size chart", "which sizes")), Known("b", ("price of it",))])
    assert [match.entry for match in reader.rank("the price?")] == ["b"]
    assert [match.entry for match in reader.rank("which size")] == ["a"]
    assert reader.rank("nothing known") == []
    assert reader.rank("") == []
