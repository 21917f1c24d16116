"""What a knowledge base teaches about itself once its entries are worded in several ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from handlers.questions.calibration import Calibration
from handlers.questions.classifier import Descent, Floats, Sparse, Whole, fit
from handlers.questions.neighbours import NEAR, Neighbours
from handlers.questions.postings import Postings, Query

# How much letters, spelling, words and concepts say to the classifier, of few texts and of many.
LEARN: Final = np.array([0.3, 0.75, 0.55, 0.5], np.float32)
LEARN_MANY: Final = np.array([0.15, 0.6, 0.5, 0.65], np.float32)
_MANY: Final = 3_000  # texts from which not each is compared with each
_WORK: Final = 2e9  # texts x texts x classes beyond which nothing is learned ...
_CLASSES: Final = 2_000
_FEW, _ENOUGH = 40, 200  # texts to try it on: from when it counts, from when it counts alone
_FOLDED: Final = 1e9  # ... and beyond which one part is held back instead of five
_FOLDS: Final = 5
_GAIN: Final = 0.1  # right so much less often than the nearest neighbour it counts for nothing
_SPREAD: Final = 1.0  # see `Calibration.of`; of many texts it tells nothing
_NOTHING: Final = np.zeros((0, 0), np.float32)
_PASSES, _MORE = 5, 2  # through many texts: without the part held back, then with it


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """Logits are `_bent` nearness @ `shares` or, for many texts, features @ `weights`."""

    shares: Floats  # (texts, classes), empty for many texts
    weights: Floats  # (features, classes), empty for few
    calibration: Calibration
    trust: float  # against the nearest neighbour's, 0 to 1

    def logits(self, query: Query, postings: Postings) -> Floats:
        """Of every class, shape (classes,)."""
        if len(self.weights):
            return query.scaled(LEARN_MANY) @ self.weights[query.features]
        return _bent(postings.nearness(query, LEARN)) @ self.shares


def teachable(entries: Sequence[Sequence[float]]) -> bool:
    """Whether entries with these weights of their texts have enough that can be tried."""
    whole = [sum(weight >= 1 for weight in entry) for entry in entries]
    return sum(texts for texts in whole if texts > 1) > _FEW


def train(postings: Postings, neighbours: Neighbours) -> Trained | None:
    """Slow. None when too few entries have two texts, or there are too many entries.

    How much it is trusted grows with the texts it can be tried on, and with the share of the
    entries that have two or more.
    """
    folds = _folds(neighbours)
    classes = int(neighbours.classes.max()) + 1
    tried = neighbours.classes[folds >= 0]
    share = len(np.unique(tried)) / max(classes - neighbours.talk, 1)
    trust = share * min(1.0, (len(tried) - _FEW) / (_ENOUGH - _FEW))
    work = postings.texts**2 * classes
    if trust <= 0 or classes > _CLASSES or (work > _WORK and postings.texts <= _MANY):
        return None
    if postings.texts > _MANY:
        return _train_many(postings, neighbours, folds, trust)
    gram = _gram(postings)
    parts = range(_FOLDS if work < _FOLDED else 1)
    held = [_held_back(gram, neighbours, folds == part) for part in parts if part in folds]
    logits, right = (np.concatenate(part) for part in zip(*held, strict=True))
    learned = float((logits[:, neighbours.talk :].argmax(axis=1) + neighbours.talk == right).mean())
    trust *= float(np.clip(1 + (learned - _untaught(postings, neighbours, folds)) / _GAIN, 0, 1))
    if trust == 0:
        return None
    return Trained(
        shares=fit(gram, neighbours.classes, neighbours.weights),
        weights=_NOTHING,
        calibration=Calibration.of(logits, right, neighbours.talk, _SPREAD),
        trust=trust,
    )


def _folds(neighbours: Neighbours) -> Whole:
    """Which of five parts each text is held back in; -1 where its class has no other text."""
    folds = np.full(len(neighbours.classes), -1, np.int32)
    starts = np.searchsorted(neighbours.classes, np.arange(neighbours.classes[-1] + 2))
    for entry in range(neighbours.talk, len(starts) - 1):
        whole = np.flatnonzero(neighbours.weights[starts[entry] : starts[entry + 1]] >= 1)
        if len(whole) > 1:
            folds[starts[entry] + whole] = (np.arange(len(whole)) + entry) % _FOLDS
    return folds


def _untaught(postings: Postings, neighbours: Neighbours, folds: Whole) -> float:
    """How often the nearest neighbour is right on some texts that are held back."""
    held = np.flatnonzero(folds >= 0)
    tried = set(held[:: -(-len(held) // _ENOUGH)].tolist())
    right = []
    for text, query in enumerate(postings.queries()):
        if text in tried:
            near = neighbours.scores(postings.nearness(query, NEAR), folds != folds[text])
            best = near[neighbours.talk :].argmax() + neighbours.talk
            right.append(best == neighbours.classes[text])
    return float(np.mean(right))


def _gram(postings: Postings) -> Floats:
    """How near each text is to each."""
    return _bent(np.stack([postings.nearness(query, LEARN) for query in postings.queries()]))


def _bent(near: Floats) -> Floats:
    """Nearness as features and pairs of features give it: two shared at once say more than two."""
    near = near / LEARN.sum()
    return near + near**2


def _held_back(
    gram: Floats, neighbours: Neighbours, back: NDArray[np.bool_]
) -> tuple[Floats, Whole]:
    """Logits of the texts that are held `back` from training, and their classes."""
    kept, asked = np.flatnonzero(~back), np.flatnonzero(back)
    shares = fit(gram[np.ix_(kept, kept)], neighbours.classes[kept], neighbours.weights[kept])
    return gram[np.ix_(asked, kept)] @ shares, neighbours.classes[asked]


def _train_many(postings: Postings, neighbours: Neighbours, folds: Whole, trust: float) -> Trained:
    """A fifth is held back for the calibration, then learned as well."""
    queries = list(postings.queries())
    texts = Sparse(
        np.concatenate(([0], np.cumsum([len(query.features) for query in queries]))),
        np.concatenate([query.features for query in queries]),
        np.concatenate([query.scaled(LEARN_MANY) for query in queries]),
    )
    descent = Descent(texts, neighbours.classes, len(postings.idf))
    back = np.flatnonzero(folds == 0)
    descent.learn(np.flatnonzero(folds != 0), _PASSES)
    logits = np.stack([descent.logits(int(text)) for text in back])
    calibration = Calibration.of(logits, neighbours.classes[back], neighbours.talk)
    descent.learn(np.arange(postings.texts), _MORE)
    return Trained(_NOTHING, descent.weights, calibration, trust)
