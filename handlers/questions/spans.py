"""Reading: the sentence that a few words of Banglish are from, however either is spelled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

import numpy as np

from handlers.questions.normalise import tokens
from handlers.questions.sounds import Vocabulary

_DEAREST: Final = 4.0  # nats a letter, for which a word still counts a little


class Sentences:
    """Sentences of either script, made ready for spans."""

    def __init__(self, texts: Iterable[str]) -> None:
        places: defaultdict[str, list[int]] = defaultdict(list)
        self._count = 0
        for text in texts:
            for word in set(tokens(text)):
                places[word].append(self._count)
            self._count += 1
        self._vocabulary = Vocabulary(places)
        self._places = [np.array(places[word]) for word in self._vocabulary.words]

    def nearest(self, span: str, top: int = 5) -> list[tuple[int, float]]:
        """The `top` sentences, by their number, that have the words of `span`, best first.

        Each word counts for the cheapest word of the sentence it can be a spelling of. The figure
        is how much of a word for word match that is, 0 to 1.
        """
        total = np.zeros(self._count)
        letters = 0
        for word in tokens(span):
            found, costs = self._vocabulary.costs(word)
            near = np.zeros(self._count)
            for at in np.argsort(-costs)[np.count_nonzero(costs >= _DEAREST) :]:
                near[self._places[found[at]]] = 1 - costs[at] / _DEAREST  # the cheapest last
            total += near * len(word)
            letters += len(word)
        best = np.argsort(-total, kind="stable")[:top]
        return [(int(at), float(total[at] / letters)) for at in best if total[at] > 0]
