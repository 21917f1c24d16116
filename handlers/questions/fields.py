"""What an entry is found by: its questions, and its answer while it is asked in one way only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from handlers.questions.index import Phrase

ANSWER_WEIGHT: Final = 0.5  # of an answer's words, against 1 of a question's


def phrases_of(
    questions: Sequence[tuple[str, str]], answers: Sequence[tuple[str, str]]
) -> list[Phrase]:
    """Phrases of a knowledge base, from (entry, question) and (entry, answer) pairs."""
    ways = Counter(entry for entry, _ in questions)
    phrases = [Phrase(entry, text) for entry, text in questions]
    phrases += [Phrase(entry, text, ANSWER_WEIGHT) for entry, text in answers if ways[entry] == 1]
    return phrases
