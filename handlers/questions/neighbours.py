"""Which entries a question is near to, by the nearest of their texts and by all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from handlers.questions.classifier import Floats, Whole

# How much letters, spelling, words and concepts say to the nearest neighbour.
NEAR: Final = np.array([1, 0, 0, 1.2], np.float32) / np.float32(2.2)
NEAR_UNMEANT: Final = np.array([1, 0, 0, 0], np.float32)  # of a question without concepts


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """The texts of a knowledge base by class: those of the background first, then its entries.

    A group is a message of the background or all texts of an entry; both are neighbours in order.
    """

    classes: Whole  # (texts,)
    weights: Floats  # (texts,)
    firsts: Whole  # (groups,): the first text of each
    opening: Whole  # (classes,): the first group of each
    talk: int  # how many classes are the background's

    @classmethod
    def of(cls, talk: Sequence[int], entries: Sequence[Sequence[float]]) -> Self:
        """`talk`: how many messages each class of the background has; `entries`: the weights of
        each one's texts."""
        sizes = [1] * sum(talk) + [len(entry) for entry in entries]
        members = [*talk, *map(len, entries)]
        groups = [*talk, *[1] * len(entries)]
        weights = [1.0] * sum(talk) + [weight for entry in entries for weight in entry]
        return cls(
            classes=np.repeat(np.arange(len(members), dtype=np.int32), members),
            weights=np.array(weights, np.float32),
            firsts=_starts(sizes),
            opening=_starts(groups),
            talk=len(talk),
        )

    def scores(self, near: Floats, kept: Floats | float = 1.0) -> Floats:
        """How near each class is, 0 to 1: (…, classes) from how near texts are, (…, texts).

        An entry counts by its nearest text and by the mean of its texts, half and half. A text
        whose `kept` is 0 is passed over.
        """
        weights = self.weights * kept
        near = near * weights
        nearest = np.maximum.reduceat(near, self.firsts, axis=-1)
        total = np.add.reduceat(near * weights, self.firsts, axis=-1)
        mean = total / np.maximum(np.add.reduceat(weights**2, self.firsts), 1e-6)
        found: Floats = np.maximum.reduceat((nearest + mean) / 2, self.opening, axis=-1)
        return found


def _starts(sizes: Sequence[int]) -> Whole:
    return np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.int32)
