"""Public sets of questions, and creators' questions, as knowledge bases and what they are asked."""

from __future__ import annotations

import csv
import json
import random
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from handlers.questions.evaluate import Asked, Known, script_of

SCRIPTS = {"bn": "Bengali", "en": "English", "rm": "Banglish", "mix": "mixed"}  # of fans_dev
_BENGALI = "অআইউএওকখগঘচছজঝটঠডঢণতথদধনপফবভমযরলশষসহািীুূেৈোৌ"
Pairs = Iterable[tuple[str, str]]  # text, label


@dataclass(frozen=True, slots=True)
class Trial:
    """A knowledge base and the questions it is to be asked."""

    knowledge: Sequence[Known]
    questions: Sequence[Asked]


def banking77(data: Path, train: str) -> Trial:
    """77 intents of a bank; `train` is "5", "10" (phrases each) or "full"."""
    folder = data / "banking77"
    pairs = _csv(folder / "train.csv") if train == "full" else _lines(folder / f"train_{train}")
    return _trial(pairs, _csv(folder / "test.csv"))


def banking77_beyond(data: Path, kind: str) -> Trial:
    """50 of the intents; out of scope are the others ("id-oos") or other fields ("ood-oos")."""
    folder = data / "banking77"
    beyond = _read(folder / f"oos50_{kind}_test.txt")
    return _trial(_lines(folder / "oos50_in_train"), _lines(folder / "oos50_in_test"), beyond)


def hwu64(data: Path, train: str) -> Trial:
    """64 intents of a home assistant; `train` is "5" or "10"."""
    return _trial(_lines(data / "hwu64" / f"train_{train}"), _lines(data / "hwu64" / "test"))


def clinc150(data: Path, train: str) -> Trial:
    """150 intents of ten fields and, out of scope, anything; asked is the validation half."""
    whole = json.loads((data / "clinc150" / "train_val.json").read_text("utf-8"))
    pairs = whole["train"] if train == "full" else _lines(data / "clinc150" / f"train_{train}")
    return _trial(pairs, whole["val"], [text for text, _ in whole["oos_val"]])


def fans(data: Path, taught: str) -> Trial:
    """Creators' questions; `taught` is "bn" (each entry's Bengali question alone) or "all"."""
    whole = _fans(data)
    known = [Known(one["id"], _taught(one, taught)) for one in whole["intents"]]
    asked = [
        Asked(text, one["id"], SCRIPTS[script])
        for one in whole["intents"]
        for script, texts in one["test"].items()
        for text in texts
    ]
    beyond = [Asked(t, None, SCRIPTS[s]) for s, texts in whole["oos"].items() for t in texts]
    return Trial(known, asked + beyond)


def fans_general(data: Path, taught: str) -> Trial:
    """The same entries; out of scope are questions of general knowledge in Bengali."""
    within = fans(data, taught)
    lines = _read(data / "miracl_bn" / "topics.bn-train.tsv")
    beyond = [Asked(line.partition("\t")[2], None, "Bengali") for line in lines]
    return Trial(within.knowledge, [one for one in within.questions if one.entry] + beyond)


def drawn(trial: Trial, size: int, seed: int) -> Trial:
    """A part of the knowledge base; questions of the rest become near, but out of scope."""
    known = random.Random(seed).sample(list(trial.knowledge), size)
    ids = {entry.id for entry in known}
    asked = [
        replace(one, entry=one.entry if one.entry in ids else None)
        for one in trial.questions
        if one.entry is not None
    ]
    return Trial(known, asked)


def mistyped(trial: Trial, seed: int) -> Trial:
    """One typo a question that has an entry."""
    chance = random.Random(seed)
    asked = [replace(one, text=_typo(one.text, chance)) for one in trial.questions if one.entry]
    return Trial(trial.knowledge, asked)


def _typo(text: str, chance: random.Random) -> str:
    """A letter left out, doubled, replaced by any other, or changed with the next."""
    places = [at for at, letter in enumerate(text) if letter.isalpha() or "\u0981" <= letter < "০"]
    if not places:
        return text
    at = chance.choice(places)
    other = _BENGALI if text[at] >= "\u0980" else string.ascii_lowercase
    end = at + 2 if at + 1 in places else at + 1
    new = chance.choice(["", text[at] * 2, chance.choice(other), None])
    return (
        text[:at] + (text[at:end][::-1] if new is None else new + text[at + 1 : end]) + text[end:]
    )


def _trial(train: Pairs, test: Pairs, beyond: Iterable[str] = ()) -> Trial:
    phrases: dict[str, list[str]] = {}
    for text, label in train:
        phrases.setdefault(label, []).append(text)
    asked = [Asked(text, label, script_of(text)) for text, label in test]
    asked += [Asked(text, None, script_of(text)) for text in beyond if text.strip()]
    return Trial([Known(label, tuple(texts)) for label, texts in phrases.items()], asked)


def _taught(one: dict[str, Any], taught: str) -> tuple[str, ...]:
    if taught == "bn":
        return (one["bn"],)
    return (one["bn"], one["en"], *(text for texts in one["train"].values() for text in texts))


@cache
def _fans(data: Path) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(
        (data / "fans_dev" / "creator_faq_dev.json").read_text("utf-8")
    )
    return whole


def _csv(file: Path) -> list[tuple[str, str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return [(row["text"], row["category"]) for row in csv.DictReader(text)]


def _lines(stem: Path) -> list[tuple[str, str]]:
    texts, labels = (
        _read(stem.with_name(stem.name + ".txt")),
        _read(stem.with_name(stem.name + ".label")),
    )
    return list(zip(texts, labels, strict=True))


def _read(file: Path) -> list[str]:
    return file.read_text("utf-8").splitlines()
