"""Words: every key in every language, used as the code uses it, within every limit."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.numbers import format_decimal

from bot.app import features
from bot.book import Book
from bot.model import Say
from bot.settings import Settings
from bot.words import LANGUAGES, Reader, Template, catalogue, number

ROOT = Path(__file__).parent.parent
SOURCES = [p for top in ("bot", "handlers") for p in (ROOT / top).rglob("*.py")]


def forms(template: Template) -> list[str]:
    return list(template.values()) if isinstance(template, dict) else [template]


def fields(template: Template) -> set[str]:
    parsed = (part for text in forms(template) for part in string.Formatter().parse(text))
    return {name for _, name, _, _ in parsed if name}


def said() -> Iterator[tuple[str, int, str, set[str] | None]]:
    """Every `Say("key", value=…)` in the source: file, line, key, names of the values."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Say" and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    names = {k.arg for k in node.keywords if k.arg is not None}
                    known = len(names) == len(node.keywords)
                    yield path.name, node.lineno, first.value, names if known else None


SAID = list(said())


def test_both_languages_have_the_same_keys() -> None:
    keys = [set(catalogue()[language]) for language in LANGUAGES]
    assert keys[0] == keys[1]


def test_a_sentence_takes_the_same_values_in_both_languages() -> None:
    bn, en = (catalogue()[language] for language in LANGUAGES)
    assert {key for key in bn if fields(bn[key]) != fields(en[key])} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_the_code_says_exists_and_gets_its_values(language: str) -> None:
    texts = catalogue()[language]
    assert len(SAID) > 50
    wrong = [
        f"{file}:{line} {key}"
        for file, line, key, names in SAID
        if key not in texts or (names is not None and not fields(texts[key]) <= names)
    ]
    assert wrong == []


def test_every_command_and_option_is_described_within_the_platforms_limits() -> None:
    for card in Book(features(Settings.model_construct())).cards():
        abouts = [card.about, *(option.about for option in card.options)]
        for about in abouts:
            assert len(" · ".join(about.values())) <= 100, (card.name, about)


def test_labels_of_buttons_fit() -> None:
    for language in LANGUAGES:
        for file, line, key, _ in SAID:
            if key.startswith("button.") and key != "button.stale":
                assert all(len(t) <= 64 for t in forms(catalogue()[language][key])), (file, line)


def test_numbers_and_moments_are_written_as_the_reader_writes() -> None:
    bn, en = Reader("bn", "Asia/Dhaka"), Reader("en", "Asia/Dhaka")
    at = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    assert bn.text(Say("text", text=Say("lines", lines=(Say("text", text=125000),)))) == "১,২৫,০০০"
    assert bn.text(Say("text", text=at)) == "শুক্রবার, ২০ নভেম্বর রাত ৯:০০"
    assert en.text(Say("text", text=at)) == "Fri 20 Nov, 9:00 PM"
    assert Reader("en", "UTC", unix=True).text(Say("text", text=at)) == "<t:1795186800:F>"


@pytest.mark.parametrize("value", [0, 7, -45, 999, 1000, -12_345, 99_999, 100_000, 12_345_678])
def test_numbers_are_grouped_as_the_locale_groups_them(value: int) -> None:
    assert number(value, "en") == format_decimal(value, locale="en")
    latin = str.maketrans("০১২৩৪৫৬৭৮৯", "0123456789")
    assert number(value, "bn").translate(latin) == format_decimal(value, locale="bn")


def test_marks_in_what_people_write_stay_as_they_were_typed() -> None:
    reader = Reader("en", "UTC", markdown=True)
    typed = "*gold* _ring_ https://a.example/x_y_z\n> so"
    assert reader.text(Say("text", text=typed)) == (
        "\\*gold\\* \\_ring\\_ https://a.example/x_y_z\n\\> so"
    )
