"""Reading, step 5: the entry of a knowledge base that a question means, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from typing import Literal, Self

import numpy as np

from handlers.questions.calibration import shipped
from handlers.questions.classifier import Floats
from handlers.questions.concepts import Lexicon, background_classes
from handlers.questions.concepts import lexicon as shipped_lexicon
from handlers.questions.features import features, features_of
from handlers.questions.memory import give_back
from handlers.questions.neighbours import NEAR, NEAR_UNMEANT, Neighbours
from handlers.questions.normalise import tokens
from handlers.questions.postings import Frequencies, Postings, Query, Rows
from handlers.questions.trained import Trained, teachable, train

Band = Literal["answer", "choose", "handover"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to ask for `entry`, or with a lower weight (0.5) the text of its answer."""

    entry: str
    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Match:
    """`p`, between 0 and 1, is how likely `entry` answers the question."""

    entry: str
    p: float


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """A knowledge base made ready for questions; immutable, so it may be shared by threads.

    Entries worded once are told apart by the nearest neighbour, with a calibration that is
    shipped; the more of them are worded twice or more, the more a classifier trained on them
    counts, calibrated on phrases it was not shown.
    """

    _lexicon: Lexicon
    _entries: tuple[str, ...]
    _postings: Postings
    _neighbours: Neighbours
    _trained: Trained | None

    @classmethod
    def build(
        cls,
        phrases: Sequence[Phrase],
        lexicon: Lexicon | None = None,
        frequencies: Frequencies | None = None,
    ) -> Self:
        """Index `phrases` in any order and script, each with a weight above 0.

        Takes seconds for thousands of phrases. With `frequencies` as `of_read`.
        """
        known = lexicon or shipped_lexicon()
        groups: dict[str, list[Phrase]] = {}
        for phrase in phrases:
            groups.setdefault(phrase.entry, []).append(phrase)
        weights = [[phrase.weight for phrase in group] for group in groups.values()]
        texts = (tokens(phrase.text) for group in groups.values() for phrase in group)
        if frequencies is not None:
            return cls.of_read(tuple(groups), weights, texts, known, frequencies)
        learns = teachable(weights)
        read = Rows.of(features_of(text, known, learns) for text in texts)
        postings = Postings.of(read.after(_background(known, learns)))
        neighbours = Neighbours.of(_talk(), weights)
        trained = train(postings, neighbours) if learns else None
        made = cls(known, tuple(groups), postings, neighbours, trained)
        if learns:
            give_back()
        return made

    @classmethod
    def of_read(
        cls,
        entries: Sequence[str],
        weights: Sequence[Sequence[float]],
        texts: Iterable[Sequence[str]],
        lexicon: Lexicon,
        frequencies: Frequencies,
    ) -> Self:
        """Index `entries`, each with the weights of its texts; these as `tokens` reads them.

        `frequencies` are of a larger knowledge base that the entries are the likeliest of: nothing
        is trained, so it takes milliseconds.
        """
        read = Rows.of(features_of(text, lexicon, spelled=False) for text in texts)
        postings = Postings.of(read, frequencies, _weighed(lexicon, frequencies))
        neighbours = Neighbours.of(_talk(), weights)
        return cls(lexicon, tuple(entries), postings, neighbours, None)

    def rank(self, question: str, top: int = 3) -> list[Match]:
        """The `top` likeliest entries, best first; their p add up to at most 1.

        Empty when the knowledge base is, or when `question` has no word in a script we read.
        """
        asked = features(question, self._lexicon, spelled=self._trained is not None)
        if not self._entries or not asked:
            return []
        p = self._probabilities(self._postings.query(asked))
        best = np.argsort(-p, kind="stable")[:top]
        return [Match(self._entries[entry], float(p[entry])) for entry in best]

    def _probabilities(self, query: Query) -> Floats:
        """How likely each entry is meant: shape (entries,), sum at most 1."""
        talk, trained = self._neighbours.talk, self._trained
        p: Floats | float = 0.0
        if trained is not None:
            logits = trained.logits(query, self._postings)
            p = trained.trust * trained.calibration.probabilities(logits, talk)
            if trained.trust == 1:
                return p
        near = self._postings.nearness(query, NEAR if query.meant else NEAR_UNMEANT)
        scores = self._neighbours.scores(near)
        alone = shipped(scores[talk:], float(scores[:talk].max()))
        return p + (1 - (trained.trust if trained else 0.0)) * alone


@lru_cache(maxsize=4)
def _background(lexicon: Lexicon, spelled: bool) -> Rows:
    made = Rows.of(features(message, lexicon, spelled) for _, message in background_classes())
    give_back()  # what reading the lexicon took as well
    return made


@lru_cache(maxsize=4)
def _weighed(lexicon: Lexicon, frequencies: Frequencies) -> Postings:
    return Postings.of(_background(lexicon, spelled=False), frequencies)


@cache
def _talk() -> list[int]:
    return [len(list(same)) for _, same in groupby(name for name, _ in background_classes())]


def band(matches: Sequence[Match], hi: float = 0.7, lo: float = 0.45, margin: float = 0.15) -> Band:
    """What to do with ranked `matches`: answer, offer the best few to choose from, or hand over.

    A first that is likely but less than `margin` before the second is offered, not answered.
    """
    if not matches or matches[0].p < lo:
        return "handover"
    second = matches[1].p if len(matches) > 1 else 0.0
    return "answer" if matches[0].p >= hi and matches[0].p - second >= margin else "choose"
