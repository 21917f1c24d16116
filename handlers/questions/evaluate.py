"""How well a knowledge base answers questions whose entries are known: figures from predictions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from handlers.questions.fields import phrases_of
from handlers.questions.index import Band, Match, band
from handlers.questions.large import Ranking, ranking
from handlers.questions.normalise import language, script

SURE: Final = 0.7  # the p from which `band` answers
TOP: Final = 10  # entries predicted a question; a right one below counts as not found
_BINS, _BIN = 10, 10  # of the calibration error: the most bins, the fewest questions in one
_BANDS: Final[tuple[Band, ...]] = ("answer", "choose", "handover")


@dataclass(frozen=True, slots=True)
class Known:
    """An entry: the ways it is asked, and its answer in each language."""

    id: str
    questions: tuple[str, ...]
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the entry that answers it: None when there is none. `script` groups it."""

    text: str
    entry: str | None
    script: str


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a reader made of a question, and the seconds that took."""

    asked: Asked
    matches: Sequence[Match]
    band: Band
    seconds: float

    @property
    def p(self) -> float:
        """That of the first entry; 0 without one."""
        return self.matches[0].p if self.matches else 0.0

    @property
    def place(self) -> int | None:
        """Where the right entry stands, from 1; None when it does not or there is none."""
        places = (at for at, match in enumerate(self.matches, 1) if match.entry == self.asked.entry)
        return next(places, None)


@dataclass(frozen=True, slots=True)
class Found:
    """How often the right entry comes first, among the first three; the mean of 1 / its place."""

    questions: int
    accuracy_at_1: float | None
    accuracy_at_3: float | None
    mrr: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares between 0 and 1; None where no question tells.

    `auroc`: how often a question that has an entry gets a higher p than one that has none.
    `precision`, `coverage`: of the questions that have an entry, how many of those with a first
    p of at least `SURE` are right, and how many that is. `bands` and `false_answers`: what is done
    with those that have an entry, and how often one that has none is answered all the same.
    """

    all: Found
    scripts: dict[str, Found]
    out_of_scope: int
    auroc: float | None
    calibration_error: float | None
    precision: float | None
    coverage: float | None
    bands: dict[Band, float]
    false_answers: float | None
    false_offers: float | None
    p50_ms: float
    p95_ms: float


def ready(entries: Sequence[Known]) -> Ranking:
    """The knowledge base made ready as the bot does it. Slow: seconds for thousands of entries."""
    questions = [(entry.id, text) for entry in entries for text in entry.questions]
    answers = [(entry.id, text) for entry in entries for text in entry.answers]
    return ranking(phrases_of(questions, answers))


def script_of(text: str) -> str:
    """bn (Bengali letters), bn-Latn (Banglish), en (other Latin letters), mixed or none."""
    match script(text):
        case "beng":
            return "bn"
        case "latn":
            return "bn-Latn" if language(text) == "bn-Latn" else "en"
        case other:
            return other


def predict(
    reader: Ranking, questions: Sequence[Asked], clock: Callable[[], float]
) -> Iterator[Prediction]:
    """One question after the other; `clock` gives seconds."""
    for asked in questions:
        began = clock()
        matches = reader.rank(asked.text, TOP)
        decided = band(matches)
        yield Prediction(asked, matches, decided, clock() - began)


def figures(predictions: Sequence[Prediction]) -> Figures:
    """Of at least one prediction."""
    within = [one for one in predictions if one.asked.entry is not None]
    beyond = [one for one in predictions if one.asked.entry is None]
    scripts = sorted({one.asked.script for one in within})
    sure = [one for one in within if one.p >= SURE]
    p50, p95 = np.percentile([one.seconds for one in predictions], (50, 95)) * 1000
    return Figures(
        all=_found(within),
        scripts={name: _found([o for o in within if o.asked.script == name]) for name in scripts},
        out_of_scope=len(beyond),
        auroc=auroc([one.p for one in within], [one.p for one in beyond]),
        calibration_error=calibration_error(
            [one.p for one in within], [one.place == 1 for one in within]
        ),
        precision=_share([one.place == 1 for one in sure]),
        coverage=_share([one.p >= SURE for one in within]),
        bands={name: _share([o.band == name for o in within]) or 0.0 for name in _BANDS},
        false_answers=_share([one.band == "answer" for one in beyond]),
        false_offers=_share([one.band == "choose" for one in beyond]),
        p50_ms=float(p50),
        p95_ms=float(p95),
    )


def auroc(inside: ArrayLike, outside: ArrayLike) -> float | None:
    """How often a score of `inside` is above one of `outside`, a tie counting half."""
    high, low = np.asarray(inside, float), np.sort(np.asarray(outside, float))
    if not high.size or not low.size:
        return None
    below = np.searchsorted(low, high, "left") + np.searchsorted(low, high, "right")
    return float(below.mean() / (2 * low.size))


def calibration_error(p: ArrayLike, right: ArrayLike) -> float | None:
    """ECE: the mean distance of what was promised from what came true, over bins of equal mass.

    Ten bins of questions with neighbouring p, fewer where they would hold less than ten each.
    """
    promised, came = np.asarray(p, float), np.asarray(right, float)
    if not promised.size:
        return None
    order = np.argsort(promised, kind="stable")
    bins = np.array_split(order, max(1, min(_BINS, promised.size // _BIN)))
    gaps = [abs(float((promised[some] - came[some]).sum())) for some in bins]
    return sum(gaps) / promised.size


def _found(within: Sequence[Prediction]) -> Found:
    places = [one.place for one in within]
    return Found(
        len(within),
        _share([place == 1 for place in places]),
        _share([place is not None and place <= 3 for place in places]),
        _share([1 / place if place else 0.0 for place in places]),
    )


def _share(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
