"""Fitting text: never over a limit, never inside a letter, nothing lost but at the cut."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot import present
from bot.platforms.base import Key
from bot.platforms.limits import DISCORD, TELEGRAM

BENGALI = st.text(alphabet="কখগপ্রশ্নয়াড়িোংঃ ।\n👨‍👩‍👧🇧🇩e\u0301abc", max_size=300)


@given(BENGALI, st.integers(8, 60), st.sampled_from(["utf16", "codepoint"]))
def test_every_part_fits_and_nothing_but_white_space_is_lost(
    text: str, limit: int, unit: str
) -> None:
    parts = present.pieces(text, limit, unit)
    assert all(present.length(part, unit) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(BENGALI, st.integers(1, 60), st.sampled_from(["utf16", "codepoint"]))
def test_a_shortened_text_fits(text: str, limit: int, unit: str) -> None:
    assert present.length(present.fit(text, limit, unit), unit) <= limit


def test_a_cut_never_parts_a_conjunct_an_emoji_or_a_flag() -> None:
    assert present.fit("প্রশ্ন" * 3, 10, "codepoint") == "প্রশ্নপ্র…"
    assert not present.whole("শ্ন", 2)
    assert not present.whole("👨‍👩‍👧", 2)
    assert not present.whole("🇧🇩", 1)
    assert present.whole("🇧🇩🇮🇳", 2)
    assert not present.whole("কি", 1)


def test_cuts_prefer_a_paragraph_then_a_sentence() -> None:
    text = "প্রথম বাক্য। দ্বিতীয় বাক্যটা বেশ লম্বা"
    assert present.pieces(text, 30, "codepoint")[0] == "প্রথম বাক্য।"
    assert present.pieces("one two\n\nthree four five", 18, "codepoint")[0] == "one two"


def test_emoji_count_twice_on_telegram() -> None:
    assert present.length("👍", "utf16") == 2
    assert present.length("👍", "codepoint") == 1
    assert present.length("প্রশ্ন", "utf16") == 6


def test_buttons_stand_three_a_row_with_labels_cut_to_size() -> None:
    keys = [Key("x" * 200, data=f"d{n}") for n in range(7)]
    rows = present.rows(keys, DISCORD)
    assert [len(row) for row in rows] == [3, 3, 1]
    assert all(len(key.label) <= 80 for row in rows for key in row)


def test_an_address_too_long_for_a_platform_makes_no_button() -> None:
    long = Key("shop", url="https://example.org/" + "x" * 600)
    assert present.rows([long], DISCORD) == ()
    assert present.rows([long], TELEGRAM) == ((long,),)
