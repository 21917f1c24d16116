"""Tables of answers: what is read from them, and what is said of the rows that cannot be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Say
from bot.words import Reader
from handlers.questions.drafts import ANSWER, QUESTION
from handlers.questions.importing import PHRASES, Problem, import_csv


def reasons(problems: list[Problem]) -> list[tuple[int, str]]:
    reader = Reader("en", "UTC")
    return [(problem.line, reader.text(problem.why)) for problem in problems]


def test_a_table_with_every_column_is_read() -> None:
    rows, problems = import_csv(
        "id,question,answer,phrases,answer_bn,answer_en\r\n"
        'p1,লাল ড্রেসের দাম কত?,,"dam koto\nred dress price","২,৪৫০ টাকা","2,450 taka"\r\n'
    )
    assert problems == []
    [(line, draft)] = rows
    assert (line, draft.ref, draft.question) == (2, "p1", "লাল ড্রেসের দাম কত?")
    assert draft.phrases == ("dam koto", "red dress price")
    assert draft.answers == {"bn": "২,৪৫০ টাকা", "en": "2,450 taka"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize(
    "head", [("question", "answer"), ("Question ", "ANSWER"), ("প্রশ্ন", "উত্তর")]
)
def test_delimiters_byte_order_marks_and_headings_are_understood(
    delimiter: str, mark: str, head: tuple[str, str]
) -> None:
    table = [head, ("দাম কত?", "৩০০ টাকা"), ("size?", "this is it")]
    rows, problems = import_csv(mark + "\n".join(delimiter.join(row) for row in table))
    assert problems == []
    assert [draft.answers for _, draft in rows] == [{"bn": "৩০০ টাকা"}, {"en": "this is it"}]


def test_broken_rows_are_named_by_their_line_and_the_good_ones_kept() -> None:
    rows, problems = import_csv(
        "question,answer\n"
        "দাম কত?,৩০০ টাকা\n"  # 2
        "\n"
        "সাইজ?,\n"  # 4
        "রং?,লাল, নীল\n"  # 5
        '"খোলা, উদ্ধৃতি\n'  # 6
        "স্টক?,আছে\n"  # 7
        '"দুই\nলাইন?",হ্যাঁ\n'  # 8
        "দাম কত,৪০০ টাকা\n"  # 10
        ",নেই\n"  # 11
        "শেষ?,শেষ\n"  # 12
    )
    assert [(line, draft.question) for line, draft in rows] == [
        (2, "দাম কত?"), (7, "স্টক?"), (8, "দুই লাইন?"), (12, "শেষ?"),
    ]  # fmt: skip
    assert [line for line, _ in reasons(problems)] == [4, 5, 6, 10, 11]
    assert "More cells than columns (“নীল”)" in reasons(problems)[1][1]
    assert "left open" in reasons(problems)[2][1]
    assert "Line 2 has the same question" in reasons(problems)[3][1]


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ("", "no text"),
        ("দাম কত?,৩০০ টাকা", "must name the columns"),
        ("question,answer,answer\nক,খ,গ", "answer is there twice"),
        ('"question,answer\nক,খ', "left open"),
        ("x" * 20_000_001, "too large"),
    ],
)
def test_a_table_without_rows_says_why(table: str, why: str) -> None:
    rows, problems = import_csv(table)
    assert rows == []
    assert why in reasons(problems)[0][1]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (f"x{'y' * 100},ক?,খ,,,", "An id may have"),
        (f"1,{'ক' * (QUESTION + 1)},খ,,,", "A question may have"),
        (f"1,ক?,{'খ' * (ANSWER + 1)},,,", "An answer may have"),
        ('1,ক?,খ,"' + "\n".join(f"ধরন {i}" for i in range(PHRASES + 1)) + '",,', "phrases"),
        (f"1,ক?,খ,{'গ' * (QUESTION + 1)},,", "A question may have"),
        ("1,ক?,এক কথা,,অন্য কথা,", "two different answers"),
        ('1,ক?,"' + "খ" * 140_000 + '",,,', "left open"),
    ],
)
def test_what_is_too_much_for_a_row_is_refused(row: str, why: str) -> None:
    rows, problems = import_csv("id,question,answer,phrases,answer_bn,answer_en\n" + row)
    assert rows == []
    assert why in reasons(problems)[0][1]


CELL = st.text(alphabet='কখ abc?",;\n\r\t\0\u2028', max_size=12)


@given(st.lists(st.lists(CELL, max_size=4), max_size=6), st.sampled_from(",;\t"))
def test_no_table_is_too_broken_to_be_read(rows: list[list[str]], delimiter: str) -> None:
    text = "question,answer\n" + "\n".join(delimiter.join(row) for row in rows)
    drafts, problems = import_csv(text)
    last = text.count("\n") + text.count("\r") + 1
    assert all(1 <= line <= last for line, _ in drafts)
    assert all(1 <= problem.line <= last and isinstance(problem.why, Say) for problem in problems)
