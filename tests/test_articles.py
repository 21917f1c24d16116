"""Articles and pasted text: which lines are questions, and what is left of their answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.words import Reader
from handlers.questions.articles import import_article

Read = list[tuple[int, str, str]]


def read(text: str) -> Read:
    """(line, question, answer); nothing was refused."""
    found = import_article(text)
    assert found.problems == []
    return [
        (line, one.draft.question, next(iter(one.draft.answers.values())))
        for line, one in found.rows
    ]


def refused(text: str) -> list[str]:
    reader = Reader("en", "UTC")
    return [reader.text(problem.said()) for problem in import_article(text).problems]


def test_markdown_headings_are_questions_and_their_sections_answers() -> None:
    text = """# মিতুর দোকান
যা জানতে চান সব এখানে।

## ডেলিভারি চার্জ কত? ##
ঢাকায় **৮০ টাকা**।

ঢাকার বাইরে `১৩০`।
## অর্ডার করবো কীভাবে?
1. পেজে মেসেজ দিন
2. ঠিকানা দিন

- ক্যাশ
* [বিকাশ](https://bkash.example/pay)
---
> দুই দিনে পাবেন
"""
    assert read(text) == [
        (1, "মিতুর দোকান", "যা জানতে চান সব এখানে।"),
        (4, "ডেলিভারি চার্জ কত?", "ঢাকায় ৮০ টাকা।\n\nঢাকার বাইরে ১৩০।"),
        (
            8,
            "অর্ডার করবো কীভাবে?",
            "1. পেজে মেসেজ দিন\n2. ঠিকানা দিন\n\n• ক্যাশ\n• বিকাশ (https://bkash.example/pay)\n\n"
            "দুই দিনে পাবেন",
        ),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Price?\n======\n300 taka\n\nSizes?\n------\nM and L",
        "**Price?**\n300 taka\n\n__Sizes?__\nM and L",
        "1. Price?\n300 taka\n\n2. Sizes?\nM and L",
        "১। Price?\n300 taka\n২। Sizes?\nM and L",
        "Price?\n300 taka\n\nSizes?\nM and L",
        "- Price?\n300 taka\n- Sizes?\nM and L",
        "Q: Price?\nA: 300 taka\n\nQ: Sizes?\nA: M and L",
        "Question 1: Price?\nAnswer: 300 taka\nQuestion 2: Sizes?\nAnswer: M and L",
        "**Q1.** Price?\n**A.** 300 taka\n**Q2.** Sizes?\n**A.** M and L",
        "প্রশ্ন: Price? উত্তর: 300 taka\nপ্রশ্ন: Sizes? উত্তর: M and L",
        "প্রশ্ন ১ – Price?\r\nউত্তর – 300 taka\r\nপ্রশ্ন ২ – Sizes?\r\nউত্তর – M and L",
    ],
)
def test_headings_are_known_however_they_are_written(text: str) -> None:
    assert [(question, answer) for _, question, answer in read(text)] == [
        ("Price?", "300 taka"),
        ("Sizes?", "M and L"),
    ]


def test_short_lines_over_a_paragraph_are_headings_when_nothing_else_is() -> None:
    text = "ডেলিভারি\nঢাকায় ৮০ টাকা।\n\nদুই দিনে পাবেন।\n\nফেরত:\nসাত দিনের মধ্যে।"
    assert [row[1:] for row in read(text)] == [
        ("ডেলিভারি", "ঢাকায় ৮০ টাকা।\n\nদুই দিনে পাবেন।"),
        ("ফেরত", "সাত দিনের মধ্যে।"),
    ]


def test_steps_of_a_list_are_no_headings() -> None:
    text = "১. অর্ডার করবো কীভাবে?\n১. মেসেজ দিন\n২. ঠিকানা দিন\n\n২. ফেরত?\nসাত দিন"
    assert [row[1:] for row in read(text)] == [
        ("অর্ডার করবো কীভাবে?", "১. মেসেজ দিন\n২. ঠিকানা দিন"),
        ("ফেরত?", "সাত দিন"),
    ]


def test_an_answer_goes_on_over_lines_until_the_next_question() -> None:
    text = "প্রশ্ন: দাম?\nউত্তর: ৩০০\n- লাল\n- নীল\n\n# সাইজ\nপ্রশ্ন: সাইজ?\nউত্তর: M"
    assert [row[1:] for row in read(text)] == [("দাম?", "৩০০\n• লাল\n• নীল"), ("সাইজ?", "M")]


def test_one_heading_under_two_products_says_which() -> None:
    text = "# লাল শাড়ি\n## দাম\n৩০০\n# নীল শাড়ি\n## দাম\n৪০০"
    assert [row[1] for row in read(text)] == ["লাল শাড়ি – দাম", "নীল শাড়ি – দাম"]


def test_what_is_refused_is_named_by_its_heading_and_line() -> None:
    long = "ক" * 3001
    text = f"# এক\n\n# দুই\n{long}\n# তিন\nআছে\n# তিন\nআবার"
    assert refused(text) == [
        "“এক” (line 1): The answer is missing.",
        "“দুই” (line 3): An answer may have 3,000 characters; this one has 3,001.",
        "“তিন” (line 7): Line 5 has the same heading; that one was kept.",
    ]
    assert [line for line, _ in import_article(text).rows] == [5]


def test_a_question_without_an_answer_is_refused() -> None:
    text = "প্রশ্ন: দাম?\nপ্রশ্ন: সাইজ?\nউত্তর: M"
    assert refused(text) == ["“দাম?” (line 1): The answer is missing."]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "There is no text"),
        (" \n\n", "There is no text"),
        ("কোনো শিরোনাম নেই, শুধু একটা লাইন।", "found no answers in it"),
        ("x\n" * 50_001, "50,000 lines"),
        ("x" * 20_000_001, "too large"),
    ],
)
def test_text_without_answers_says_what_to_do(text: str, why: str) -> None:
    assert import_article(text).rows == []
    assert why in refused(text)[0]


def test_code_and_front_matter_hold_no_headings() -> None:
    text = "---\ntitle: x\n---\n# দাম?\n<!-- note -->\n৩০০\n```\n```\n"
    assert read(text) == [(4, "দাম?", "৩০০")]


PIECES = ["# ", "## x", "প্রশ্ন: ক", "উত্তর: খ", "Q: a", "A: b", "১. গ?", "- ঘ", "**ঙ**", "===", "---",
          "", "", "লেখা।", "কেন?", "\0", "\ufeff", "|", "```", "> চ", "[a](b", "*"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=14), st.sampled_from(["\n", "\r\n", "\r"]))
def test_no_text_is_too_odd_to_be_read(pieces: list[str], end: str) -> None:
    found = import_article(end.join(pieces))
    assert all(1 <= line <= len(pieces) for line, _ in found.rows)
    assert all(content.draft.answers for _, content in found.rows)
    assert found.rows or found.problems


@pytest.mark.parametrize(
    "piece", ["[", "**", "*a ", "`", "q: ", "# ", "_ ", "![", " উত্তর", "- - - "]
)
def test_hostile_lines_are_read_in_little_time(piece: str) -> None:
    found = import_article("# a\n" + piece * (200_000 // len(piece)))
    assert found.rows or found.problems
