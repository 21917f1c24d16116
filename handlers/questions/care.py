"""How sure the bot must be: five steps from very careful to eager, and what each would do; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from handlers.questions.index import Band, Match, band
from handlers.questions.taught import Taught, Wording

USUAL: Final = 3
# By step from 1: least p to answer, least p to offer a choice, least lead over the second.
_STEPS: Final = (
    (0.9, 0.55, 0.25), (0.8, 0.5, 0.2), (0.7, 0.45, 0.15), (0.6, 0.36, 0.1), (0.5, 0.26, 0.05),
)  # fmt: skip
STEPS: Final = tuple(range(1, len(_STEPS) + 1))
ENOUGH: Final = 10  # wordings that can be tried; fewer say nothing
_ALONE, _FOLDS, _LARGE, _FEW = 40, 5, 3000, 300


@dataclass(frozen=True, slots=True)
class Trial:
    """A wording asked as if it had not been taught: `entry` is right, None when nothing is."""

    matches: tuple[Match, ...]
    entry: str | None


@dataclass(frozen=True, slots=True)
class Effect:
    """Per cent: of the answers given, those that are right (None: none is given); of the questions
    that have an answer, those that get one at once."""

    precision: int | None
    coverage: int


def banded(matches: Sequence[Match], step: int) -> Band:
    """What to do with ranked `matches` at this step; an unknown step is the usual one."""
    return band(matches, *_STEPS[step - 1 if step in STEPS else USUAL - 1])


def trials(taught: Taught) -> list[Trial]:
    """Every wording (of a large knowledge base a few hundred), kept back and then asked.

    Slow: seconds for thousands of phrases. Up to 40 wordings are kept back one at a time, more in
    five parts. Where an entry has no other wording it is kept back whole: whatever is answered
    then is wrong.
    """
    wordings = [(entry, text) for entry, text, _ in taught.texts]
    return [trial for part in _parts(wordings) for trial in _tried(taught, part)]


def _parts(wordings: list[Wording]) -> Iterator[list[Wording]]:
    if len(wordings) > _LARGE:
        yield wordings[:: len(wordings) // _FEW]
        return
    parts = len(wordings) if len(wordings) <= _ALONE else _FOLDS
    yield from (wordings[at::parts] for at in range(parts))


def _tried(taught: Taught, part: list[Wording]) -> Iterator[Trial]:
    back = frozenset(part)
    left = {entry for entry, text, _ in taught.texts if (entry, text) not in back}
    index = taught.index(back)
    for entry, text in part:
        yield Trial(tuple(index.rank(text)), entry if entry in left else None)


def answerable(tried: Sequence[Trial]) -> int:
    """How many of the trials have a right answer."""
    return sum(trial.entry is not None for trial in tried)


def effect(tried: Sequence[Trial], step: int) -> Effect:
    """What this step would have done with the trials, of which at least one is answerable."""
    given = [trial for trial in tried if banded(trial.matches, step) == "answer"]
    right = sum(trial.matches[0].entry == trial.entry for trial in given)
    precision = 100 * right // len(given) if given else None
    return Effect(precision, 100 * answerable(given) // answerable(tried))
