"""Multinomial logistic regression, small: a convex fit in numpy that takes a second or less."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Whole = NDArray[np.int32]

DECAY: Final = 0.03  # of the weights (L2): between 0.003 and 0.1 hardly matters
ROUNDS: Final = 20  # more fit the phrases closer and answer no better
_GROWTH: Final = 1.5
_BATCH: Final = 256
_RATE: Final = 0.15
_DECAY_MANY: Final = 0.15  # as `DECAY`, of all texts together


def softmax(logits: Floats) -> Floats:
    """Probabilities, each row adding up to 1."""
    p: Floats = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p /= p.sum(axis=-1, keepdims=True)
    return p


def fit(gram: Floats, classes: Whole, weights: Floats, decay: float = DECAY) -> Floats:
    """The shares (texts, classes) for which `gram @ shares` are the logits of the texts.

    `gram` (texts, texts) is how near each text is to each; a text of `weights` 0.5 counts half.
    Minimises the cross-entropy plus decay/2 of the squared weights, by accelerated gradient
    descent in the space the gram spans: one product with `gram` a round, whatever the features.
    """
    shares = np.zeros((len(classes), int(classes.max()) + 1), np.float32)
    logits, ahead, ahead_logits = shares, shares, shares
    best, momentum = np.inf, 1.0
    step = 1.0 / max(float(gram.sum(axis=1).max()), 1.0)
    for _ in range(ROUNDS):
        loss, slope = _loss(ahead, ahead_logits, classes, weights, decay)
        moved = gram @ slope
        steep = float((slope * moved).sum())
        step *= _GROWTH**4 if best == np.inf else _GROWTH
        while True:
            new, new_logits = ahead - step * slope, ahead_logits - step * moved
            new_loss = _loss(new, new_logits, classes, weights, decay)[0]
            if new_loss <= loss - step / 2 * steep or step < 1e-9:
                break
            step /= 2
        if new_loss > best:  # overshot: start again from the best without momentum
            ahead, ahead_logits, momentum = shares, logits, 1.0
            continue
        following = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        push = np.float32((momentum - 1) / following)
        ahead, ahead_logits = new + push * (new - shares), new_logits + push * (new_logits - logits)
        shares, logits, best, momentum = new, new_logits, new_loss, following
    return shares


def _loss(
    shares: Floats, logits: Floats, classes: Whole, weights: Floats, decay: float
) -> tuple[float, Floats]:
    """What `fit` makes small, and its slope."""
    p = softmax(logits)
    at = np.arange(len(classes))
    missed = -np.log(np.maximum(p[at, classes], 1e-30)) @ weights
    loss = float(missed) + decay / 2 * float(np.vdot(shares, logits))
    p[at, classes] -= 1
    return loss, p * weights[:, None] + decay * shares


@dataclass(frozen=True, slots=True, eq=False)
class Sparse:
    """Texts by their features: text `t` has `features[starts[t]:starts[t + 1]]` with `values`."""

    starts: NDArray[np.int64]  # (texts + 1,)
    features: NDArray[np.int64]
    values: Floats

    def some(self, batch: NDArray[np.intp]) -> tuple[Floats, NDArray[np.int64]]:
        """The texts of `batch` as a matrix of the features any of them has, and which those are."""
        lengths = self.starts[batch + 1] - self.starts[batch]
        ends = np.cumsum(lengths)
        at = np.arange(ends[-1]) + np.repeat(self.starts[batch] - ends + lengths, lengths)
        used, column = np.unique(self.features[at], return_inverse=True)
        matrix = np.zeros((len(batch), len(used)), np.float32)
        matrix[np.repeat(np.arange(len(batch)), lengths), column] = self.values[at]
        return matrix, used


class Descent:
    """The same model for thousands of texts: `values @ weights` are the logits of a text.

    Gradient descent in batches, with a rate for each weight that falls as it is moved.
    """

    def __init__(self, texts: Sparse, classes: Whole, width: int) -> None:
        """`width`: how many features there are."""
        self.weights = np.zeros((width, int(classes.max()) + 1), np.float32)
        self._moved = np.full_like(self.weights, 1e-4)
        self._texts, self._classes = texts, classes
        self._decay = _DECAY_MANY / len(classes)
        self._random = np.random.default_rng(0)  # the same texts give the same weights

    def learn(self, some: NDArray[np.intp], passes: int) -> None:
        """Go through the texts `some` so many times."""
        for _ in range(passes):
            shuffled = self._random.permutation(some)
            for batch in np.array_split(shuffled, -(-len(shuffled) // _BATCH)):
                self._step(batch)

    def _step(self, batch: NDArray[np.intp]) -> None:
        matrix, used = self._texts.some(batch)
        p = softmax(matrix @ self.weights[used])
        p[np.arange(len(batch)), self._classes[batch]] -= 1
        slope = matrix.T @ p + np.float32(self._decay * len(batch)) * self.weights[used]
        self._moved[used] += slope**2
        self.weights[used] -= _RATE * slope / np.sqrt(self._moved[used])

    def logits(self, text: int) -> Floats:
        """Of one of the texts."""
        part = slice(self._texts.starts[text], self._texts.starts[text + 1])
        return self._texts.values[part] @ self.weights[self._texts.features[part]]
