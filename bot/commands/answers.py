"""`addabot answers evaluate`: how well a knowledge base answers the questions of a file."""

from __future__ import annotations

import argparse
import dataclasses
import gc
import itertools
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.commands import Misused
from bot.commands.answers_files import read_knowledge, read_questions
from handlers.questions.evaluate import (
    SURE,
    Figures,
    Prediction,
    figures,
    predict,
    ready,
)

LEAST = 3  # entries written of each prediction
SCRIPTS = {
    "bn": "Bengali",
    "en": "English",
    "bn-Latn": "Banglish",
    "mixed": "mixed",
    "none": "other",
}


def answers_command(args: argparse.Namespace) -> int:
    """Fit, ask everything, print the figures. Raises Misused for a file that cannot be used."""
    entries = read_knowledge(args.knowledge)
    questions = read_questions(args.questions, {entry.id for entry in entries})
    gc.collect()
    before, began = resident(), time.perf_counter()
    reader = ready(entries)
    fit = time.perf_counter() - began
    predictions = list(predict(reader, questions, time.perf_counter))
    after = resident()
    told = figures(predictions)
    if args.out is not None:
        _write(args.out, predictions, [entry.id for entry in entries])
    size = {"entries": len(entries), "phrases": sum(len(entry.questions) for entry in entries)}
    cost = {"fit_s": fit, "memory_mib": after, "memory_growth_mib": after - before}
    if args.json:
        print(json.dumps(size | as_json(told) | cost, ensure_ascii=False))
    else:
        print("\n".join((*_counts(told, size), "", *_by_script(told), "", *_rest(told, cost))))
    return 0


def resident() -> float:
    """Resident memory of this process in MiB; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def as_json(told: Figures) -> dict[str, Any]:
    """The figures with those of all questions on top."""
    made = dataclasses.asdict(told)
    whole: dict[str, Any] = made.pop("all")
    return whole | {"threshold": SURE} | made


def _write(file: Path, predictions: Sequence[Prediction], ids: Sequence[str]) -> None:
    """One JSON object a line, in the order of the questions."""
    try:
        with file.open("w", encoding="utf-8") as out:
            for one in predictions:
                out.write(json.dumps(_line(one, ids), ensure_ascii=False) + "\n")
    except OSError as error:
        raise Misused(f"{file} cannot be written: {error.strerror}.") from None


def _line(one: Prediction, ids: Sequence[str]) -> dict[str, Any]:
    """At least three entries if there are so many: those that have nothing in common at p 0."""
    ranked = {match.entry: round(match.p, 6) for match in one.matches}
    others = (id for id in ids if id not in ranked)
    ranked |= dict.fromkeys(itertools.islice(others, max(0, LEAST - len(ranked))), 0.0)
    return {
        "text": one.asked.text,
        "entry": one.asked.entry,
        "predicted": [{"id": id, "p": p} for id, p in ranked.items()],
        "band": one.band,
        "script": one.asked.script,
    }


def _counts(told: Figures, size: dict[str, int]) -> list[str]:
    return [
        _row("entries", f"{size['entries']:,}, asked in {size['phrases']:,} ways"),
        _row("questions", f"{told.all.questions:,} in scope, {told.out_of_scope:,} out of scope"),
    ]


def _by_script(told: Figures) -> list[str]:
    named = {SCRIPTS.get(name, name): found for name, found in told.scripts.items()}
    lines = [f"{'in scope':16}{'questions':>10}{'@1':>9}{'@3':>9}{'MRR':>8}"]
    for name, found in ({"all": told.all} | named).items():
        shares = f"{percent(found.accuracy_at_1):>9}{percent(found.accuracy_at_3):>9}"
        mrr = "–" if found.mrr is None else f"{found.mrr:.3f}"
        lines.append(f"{name:16}{found.questions:>10,}{shares}{mrr:>8}")
    return lines


def _rest(told: Figures, cost: dict[str, float]) -> list[str]:
    bands = " / ".join(percent(told.bands[band]) for band in ("answer", "choose", "handover"))
    false = f"{percent(told.false_answers)}, and {percent(told.false_offers)} offered a choice"
    return [
        _row("answer or not, AUROC", percent(told.auroc)),
        _row("calibration error", f"{percent(told.calibration_error)} (ECE, equal-mass bins)"),
        _row(f"precision at p ≥ {SURE}", percent(told.precision)),
        _row(f"coverage at p ≥ {SURE}", percent(told.coverage)),
        _row("answer / choose / hand over", f"{bands} of those in scope"),
        _row("false answers, out of scope", false),
        _row("time a query, p50 / p95", f"{told.p50_ms:.2f} / {told.p95_ms:.2f} ms"),
        _row("time to fit", f"{cost['fit_s']:.2f} s"),
        _row("memory", f"{cost['memory_mib']:.0f} MiB, {cost['memory_growth_mib']:.0f} for this"),
    ]


def _row(name: str, value: str) -> str:
    return f"{name:30}{value}"


def percent(share: float | None) -> str:
    """One decimal; a dash where no question tells."""
    return "–" if share is None else f"{share:.1%}"
