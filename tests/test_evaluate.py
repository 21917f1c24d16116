"""Testing a knowledge base: the figures, and the command that prints them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.questions.evaluate import (
    Asked,
    Known,
    Prediction,
    auroc,
    calibration_error,
    figures,
    predict,
    ready,
    script_of,
)
from handlers.questions.index import Match, band
from tests.box import Box, Said

KNOWLEDGE = """id,question,answer,phrases
dress,লাল ড্রেসের দাম কত?,৳২৪৫০,"red dress price?
dam koto lal dress tar"
delivery,ডেলিভারি চার্জ কত?,ঢাকায় ৳৮০,
live,লাইভ কবে?,প্রতি শুক্রবার রাত ৯টায়,
back,ফেরত দেওয়া যায়?,৭ দিনের মধ্যে ফেরত দিতে পারবেন,
"""
QUESTIONS = """text,entry,script
লাল জামার দাম কত,dress,bn
delivery charge koto,delivery,rm
when are you live?,live,
চেঙ্গিস খান কোন বংশের রাজা ছিলেন?,,bn
🙂,back,
"""


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Box:
    return Box(tmp_path, monkeypatch)


async def evaluate(box: Box, *more: str, k: str = KNOWLEDGE, q: str = QUESTIONS) -> Said:
    box.put("k", k)
    box.put("q", q)
    return await box.run("answers", "evaluate", "--knowledge", "k", "--questions", "q", *more)


async def measured(box: Box, **files: str) -> dict[str, Any]:
    said = await evaluate(box, "--json", **files)
    assert (said.code, said.err) == (0, "")
    told: dict[str, Any] = json.loads(said.out)
    return told


def prediction(entry: str | None, *matches: tuple[str, float], script: str = "bn") -> Prediction:
    ranked = [Match(id, p) for id, p in matches]
    return Prediction(Asked("?", entry, script), ranked, band(ranked), 0.002)


# Figures ------------------------------------------------------------------------------------------


def test_places_of_the_right_entry_are_counted() -> None:
    told = figures(
        [
            prediction("a", ("a", 0.9), ("b", 0.1)),
            prediction("a", ("b", 0.5), ("c", 0.2), ("a", 0.1), script="en"),
            prediction("a", ("b", 0.5), ("c", 0.2), ("d", 0.1), ("a", 0.05)),
            prediction("a", script="en"),
        ]
    )
    assert (told.all.questions, told.all.accuracy_at_1, told.all.accuracy_at_3) == (4, 0.25, 0.5)
    assert told.all.mrr == pytest.approx((1 + 1 / 3 + 1 / 4) / 4)
    assert list(told.scripts) == ["bn", "en"]
    assert told.scripts["bn"].accuracy_at_1 == 0.5
    assert told.scripts["en"].mrr == pytest.approx(1 / 6)
    assert [told.p50_ms, told.p95_ms] == pytest.approx([2.0, 2.0])


def test_precision_and_coverage_are_of_questions_that_have_an_entry() -> None:
    told = figures(
        [
            prediction("a", ("a", 0.9)),
            prediction("a", ("b", 0.7)),
            prediction("a", ("a", 0.69)),
            prediction("a", ("a", 0.1)),
            prediction(None, ("a", 0.95)),
            prediction(None, ("a", 0.5)),
            prediction(None),
            prediction(None),
        ]
    )
    assert (told.precision, told.coverage) == (0.5, 0.5)
    assert told.bands == {"answer": 0.5, "choose": 0.25, "handover": 0.25}
    assert (told.out_of_scope, told.false_answers, told.false_offers) == (4, 0.25, 0.25)
    # 0.9 is above three of the four, 0.7 and 0.69 too, 0.1 above two.
    assert told.auroc == (3 + 3 + 3 + 2) / 16


def test_what_no_question_tells_is_left_open() -> None:
    beyond = figures([prediction(None, ("a", 0.2))])
    assert (beyond.all.accuracy_at_1, beyond.auroc, beyond.calibration_error) == (None, None, None)
    within = figures([prediction("a", ("a", 0.2))])
    assert (within.auroc, within.precision, within.false_answers) == (None, None, None)
    assert within.coverage == 0.0


@pytest.mark.parametrize(
    ("inside", "outside", "expected"),
    [
        ([0.9, 0.8], [0.1, 0.2], 1.0),
        ([0.1], [0.9], 0.0),
        ([0.5, 0.5], [0.5], 0.5),
        ([0.9, 0.4], [0.5, 0.4, 0.1], (3 + 1 + 0.5) / 6),
        ([], [0.5], None),
        ([0.5], [], None),
    ],
)
def test_auroc_is_how_often_inside_is_above_outside(
    inside: list[float], outside: list[float], expected: float | None
) -> None:
    assert auroc(inside, outside) == (None if expected is None else pytest.approx(expected))


SCORES = st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), min_size=1, max_size=40)


@given(inside=SCORES, outside=SCORES)
def test_auroc_agrees_with_comparing_every_pair(inside: list[float], outside: list[float]) -> None:
    wins = sum((i > o) + 0.5 * (i == o) for i in inside for o in outside)
    assert auroc(inside, outside) == pytest.approx(wins / len(inside) / len(outside))


def test_calibration_error_is_the_distance_between_promised_and_true() -> None:
    assert calibration_error([], []) is None
    assert calibration_error([0.8], [False]) == pytest.approx(0.8)
    assert calibration_error([0.5, 0.5], [True, False]) == 0
    # Two bins of ten: 0.2 promised and 0.1 true, 0.9 promised and 0.6 true.
    right = [True] + [False] * 9 + [True] * 6 + [False] * 4
    assert calibration_error([0.2] * 10 + [0.9] * 10, right) == pytest.approx((0.1 + 0.3) / 2)
    assert calibration_error([0.9] * 10 + [0.2] * 10, right[10:] + right[:10]) == pytest.approx(0.2)


def test_a_question_is_grouped_by_how_it_is_written() -> None:
    assert script_of("দাম কত?") == "bn"
    assert script_of("dam koto apu") == "bn-Latn"
    assert script_of("how much is the dress") == "en"
    assert script_of("dress টা কত price") == "mixed"
    assert script_of("🙂 123") == "none"


def test_an_answer_counts_while_an_entry_is_asked_in_one_way_only() -> None:
    entries = [Known("a", ("শিপিং?",), ("blue katan",)), Known("b", ("size", "map"), ("red silk",))]
    asked = [Asked(text, None, "") for text in ("blue katan", "red silk")]
    first, second = predict(ready(entries), asked, clock=iter(range(9)).__next__)
    assert first.matches[0].entry == "a"
    assert first.p > second.p
    assert first.seconds == 1


# The command --------------------------------------------------------------------------------------


async def test_the_figures_are_printed_as_a_table(box: Box) -> None:
    said = await evaluate(box)
    assert (said.code, said.err) == (0, "")
    assert "4, asked in 6 ways" in said.out
    assert "4 in scope, 1 out of scope" in said.out
    rows = {line.split()[0]: line.split()[1:] for line in said.out.splitlines() if line}
    assert rows["all"][:2] == ["4", "75.0%"]
    assert rows["Bengali"] == ["1", "100.0%", "100.0%", "1.000"]
    named = "AUROC|calibration error|precision|coverage|false answers|p50 / p95|time to fit|memory"
    assert [name for name in named.split("|") if name not in said.out] == []


async def test_the_figures_are_printed_as_json(box: Box) -> None:
    told = await measured(box)
    assert (told["entries"], told["phrases"], told["questions"]) == (4, 6, 4)
    assert (told["accuracy_at_1"], told["accuracy_at_3"]) == (0.75, 0.75)
    assert told["scripts"].keys() == {"bn", "rm", "en", "none"}
    assert told["scripts"]["rm"] == {
        "questions": 1, "accuracy_at_1": 1.0, "accuracy_at_3": 1.0, "mrr": 1.0,
    }  # fmt: skip
    assert told["threshold"] == 0.7
    assert set(told["bands"]) == {"answer", "choose", "handover"}
    shares = ("mrr", "auroc", "calibration_error", "precision", "coverage", "false_answers")
    assert all(0 <= told[name] <= 1 for name in shares)
    costs = ("p50_ms", "p95_ms", "fit_s", "memory_mib")
    assert all(told[name] > 0 for name in costs)


async def test_every_prediction_is_written_a_line_each(box: Box) -> None:
    await evaluate(box, "--out", "p.jsonl")
    lines = [json.loads(line) for line in box.read("p.jsonl").splitlines()]
    assert [line["text"] for line in lines][:2] == ["লাল জামার দাম কত", "delivery charge koto"]
    assert [line["entry"] for line in lines] == ["dress", "delivery", "live", None, "back"]
    assert [line["script"] for line in lines] == ["bn", "rm", "en", "bn", "none"]
    first = lines[0]
    assert set(first) == {"text", "entry", "predicted", "band", "script"}
    assert all(len({one["id"] for one in line["predicted"]}) >= 3 for line in lines)
    assert [one["p"] for one in lines[-1]["predicted"]] == [0, 0, 0]  # no word to go by
    assert first["predicted"][0]["id"] == "dress"
    assert all(0 <= one["p"] <= 1 for one in first["predicted"])
    assert {line["band"] for line in lines} <= {"answer", "choose", "handover"}


async def test_tables_and_json_of_the_same_things_give_the_same_figures(box: Box) -> None:
    known = [
        {"id": 1, "question": "লাইভ কবে?", "answer": {"bn": "শুক্রবার", "en": "Friday"}},
        {"id": 2, "question": "ডেলিভারি চার্জ কত?", "phrases": ["shipping cost?", "delivery fee"]},
    ]
    asked = [{"text": "live kobe?", "entry": 1}, {"text": "who is he?", "entry": None}]
    k = "id,question,answer_bn,answer_en,phrases\n1,লাইভ কবে?,শুক্রবার,Friday,\n"
    k += '2,ডেলিভারি চার্জ কত?,,,"shipping cost?\ndelivery fee"\n'
    expected = await measured(box, k=k, q="text,entry\nlive kobe?,1\nwho is he?,\n")
    for many in (known, {"entries": known}):
        for q in (json.dumps(asked), "\n".join(map(json.dumps, asked))):
            told = await measured(box, k=json.dumps(many), q=q)
            assert told["mrr"] == expected["mrr"]
            assert told["bands"] == expected["bands"]
            assert told["out_of_scope"] == 1


async def test_a_bengali_table_of_a_spreadsheet_is_read(box: Box) -> None:
    k = "\ufeff" + "ID;প্রশ্ন;উত্তর\r\nক১;লাইভ কবে?;শুক্রবার\r\nখ২;দাম কত?;৳৩০০\r\n"
    told = await measured(box, k=k, q="\ufeff" + "text;entry\r\nলাইভ কবে হবে;ক১\r\n")
    assert (told["entries"], told["accuracy_at_1"]) == (2, 1.0)
    assert (told["auroc"], told["false_answers"]) == (None, None)


async def test_an_entry_without_an_id_is_known_by_its_question(box: Box) -> None:
    told = await measured(
        box, k="question,answer\nলাইভ কবে?,শুক্রবার\n", q="text,entry\nkobe live,লাইভ কবে?\n"
    )
    assert told["accuracy_at_1"] == 1.0


async def test_two_entries_may_have_the_same_question(box: Box) -> None:
    told = await measured(
        box, k="id,question,answer\n1,দাম কত?,৩০০\n2,দাম কত?,৪০০\n", q="text,entry\nদাম কত?,2\n"
    )
    assert told["accuracy_at_3"] == 1.0


@pytest.mark.parametrize(
    ("k", "q", "reason"),
    [
        ("", QUESTIONS, "k is empty. Its first line should be: id,question,answer,phrases"),
        ("id,question,answer\n", QUESTIONS, "k is empty."),
        ("[]", QUESTIONS, "k is empty."),
        (KNOWLEDGE, "text,entry\n", "q is empty. Its first line should be: text,entry"),
        ("id,name\n1,দাম\n", QUESTIONS, "k has no column question. Its first line should be:"),
        (KNOWLEDGE, "question\nদাম কত?\n", "q has no column text and entry."),
        (KNOWLEDGE, "text,entry\nদাম?,price\n", "line 2: no entry has the id 'price'; leave the"),
        (KNOWLEDGE, "text,entry\n,dress\n", "line 2: no text."),
        ("id,question\n1,a\n1,b\n", QUESTIONS, "line 3: the id '1' is that of line 2 too;"),
        ("id,question\n1,\n", QUESTIONS, "line 2: neither a question nor a phrase;"),
        ('id,question\n1,a\n2,"b\n', QUESTIONS, "line 3: its quotes are not closed;"),
        ("id,question\n1,a,b\n", QUESTIONS, "line 2: more cells than columns; put a text"),
        ('[{"id": 1, "question": "a"}, 5]', QUESTIONS, "line 2: not an object in braces."),
        ('{"id": 1, "question": "a"}\n{oops}', QUESTIONS, "line 2: not JSON ("),
    ],
)
async def test_a_file_that_cannot_be_used_is_a_sentence(
    box: Box, k: str, q: str, reason: str
) -> None:
    said = await evaluate(box, k=k, q=q)
    assert said.code == 2
    assert reason in said.err
    assert said.out == ""


async def test_only_the_first_wrong_lines_are_told(box: Box) -> None:
    said = await evaluate(box, q="text,entry\n" + "দাম?,x\n" * 25)
    assert said.err.count("line ") == 10
    assert "… and 15 more." in said.err


async def test_a_file_that_is_not_text_or_not_there_is_a_sentence(box: Box) -> None:
    said = await evaluate(box, "--out", "no folder/p.jsonl")
    assert (said.code, said.err) == (
        2, "no folder/p.jsonl cannot be written: No such file or directory.\n",
    )  # fmt: skip
    (box.folder / "k").write_bytes(b"\xff\xfeid")
    asked = ("answers", "evaluate", "--questions", "q", "--knowledge")
    said = await box.run(*asked, "k")
    assert (said.code, said.err) == (2, "k is not UTF-8. Save it as “CSV UTF-8”.\n")
    said = await box.run(*asked, "elsewhere.csv")
    assert (said.code, said.err) == (2, "There is no elsewhere.csv.\n")


async def test_the_command_says_what_it_needs(box: Box) -> None:
    assert "--knowledge" in (await box.run("answers", "evaluate")).err
    assert "WHAT" in (await box.run("answers")).err
