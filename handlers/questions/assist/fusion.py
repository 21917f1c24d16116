"""Fusing two readings of a question: letters and concepts first, embeddings beside them; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from handlers.questions.index import Match, Phrase
from handlers.questions.normalise import Language

Floats = NDArray[np.float32]

# What embeddings may add at most. Models have seen little Banglish.
_WEIGHT: Final[dict[Language | None, float]] = {"bn": 0.5, "en": 0.5, "bn-Latn": 0.25, None: 0.25}
_NEAREST = 3  # entries the embeddings may speak for; a thousand small doubts would add up
# A logistic on the centred cosine and on its lead over the next entry or the background. Set by
# hand, since every model differs: what keeps it safe is the weight.
_STEEP, _HALF = 8.0, 0.4


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """The embeddings of a knowledge base; never changed.

    `rows` (phrases + background, dimensions) are unit vectors, the background's last; `lengths` are
    their lengths once `centre` (dimensions,) is taken away, which is what all texts have in common.
    """

    entries: tuple[str, ...]
    owners: NDArray[np.intp]  # (phrases,): the entry of each
    weights: Floats  # (phrases,)
    rows: Floats
    centre: Floats
    lengths: Floats

    @classmethod
    def of(cls, phrases: Sequence[Phrase], rows: Floats) -> Self:
        """`rows` of the phrases, in order, and then of the background."""
        named = dict.fromkeys(phrase.entry for phrase in phrases)
        entries = {entry: at for at, entry in enumerate(named)}
        centre = rows.mean(axis=0)
        # |row - centre|² of unit rows, without a second matrix.
        squares = 1 - 2 * (rows @ centre) + centre @ centre
        return cls(
            tuple(entries),
            np.array([entries[phrase.entry] for phrase in phrases], dtype=np.intp),
            np.array([phrase.weight for phrase in phrases], dtype=np.float32),
            rows, centre, np.sqrt(np.maximum(squares, 1e-6)),
        )  # fmt: skip

    def near(self, question: Floats) -> tuple[Floats, float]:
        """Centred cosines of a unit vector (dimensions,) to each entry's nearest phrase, and to the
        nearest background message: shapes (entries,) and ()."""
        asked = question - self.centre
        cosines = (self.rows @ asked - self.centre @ asked) / self.lengths
        cosines /= max(float(np.linalg.norm(asked)), 1e-3)
        phrases = len(self.owners)
        nearest = np.zeros(len(self.entries), dtype=np.float32)
        np.maximum.at(nearest, self.owners, cosines[:phrases] * self.weights)
        return nearest, float(cosines[phrases:].max(initial=0.0))


def fuse(
    matches: Sequence[Match], question: Floats, vectors: Vectors, script: Language | None
) -> list[Match]:
    """`matches` with what the embeddings add, best first; as many as there were, at least three.

    p becomes 1 - (1 - p)(1 - w q), where q is how sure the embeddings are of an entry and w their
    weight in this script: nothing is taken away but by a rival (the p still add up to at most 1),
    and an entry that only the embeddings know gets w at most, which is offered, never answered.
    """
    weight = _WEIGHT[script]
    p = {match.entry: match.p for match in matches}
    for entry, sure in _sure(*vectors.near(question), vectors.entries):
        p[entry] = 1 - (1 - p.get(entry, 0.0)) * (1 - weight * sure)
    scale = max(1.0, sum(p.values()))
    ranked = sorted(p.items(), key=lambda one: -one[1])
    return [Match(entry, p / scale) for entry, p in ranked[: max(_NEAREST, len(matches))]]


def _sure(near: Floats, background: float, entries: Sequence[str]) -> list[tuple[str, float]]:
    """The nearest entries, and how sure each is, 0 to 1."""
    best = np.argsort(-near, kind="stable")[: _NEAREST + 1]
    found = []
    for at in best[:_NEAREST]:
        rival = max([float(near[other]) for other in best if other != at], default=0.0)
        lead = float(near[at]) - max(rival, background)
        evidence = _STEEP * (float(near[at]) - _HALF + lead)
        found.append((entries[at], float(1 / (1 + np.exp(-evidence)))))
    return found
