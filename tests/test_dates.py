"""Days as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wire import millis
from handlers.links.dates import day, ends, starts

TODAY = date(2026, 11, 20)  # a Friday


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-11-30", (2026, 11, 30)),
        ("30.11.2026", (2026, 11, 30)),
        ("৩০/১১/২০২৬", (2026, 11, 30)),
        ("30-11-26", (2026, 11, 30)),
        ("৩০/১১", (2026, 11, 30)),
        ("1/2", (2027, 2, 1)),
        ("30 Nov", (2026, 11, 30)),
        ("Nov 30, 2027", (2027, 11, 30)),
        ("30th november", (2026, 11, 30)),
        ("৩০ নভেম্বর ২০২৬", (2026, 11, 30)),
        ("১লা ডিসেম্বর", (2026, 12, 1)),
        ("5 জানু\u09dfারি", (2027, 1, 5)),
        ("5 জানু\u09af\u09bcারি", (2027, 1, 5)),
        ("7 days", (2026, 11, 27)),
        ("in 3 days", (2026, 11, 23)),
        ("৭ দিন", (2026, 11, 27)),
        ("৭দিন পর", (2026, 11, 27)),
        ("২ সপ্তাহ", (2026, 12, 4)),
        ("3 months", (2027, 2, 20)),
        ("today", (2026, 11, 20)),
        ("আগামীকাল", (2026, 11, 21)),
        ("কাল", (2026, 11, 21)),
        ("পরশু।", (2026, 11, 22)),
        ("Friday", (2026, 11, 27)),
        ("শনিবার", (2026, 11, 21)),
        ("2020-01-01", (2020, 1, 1)),
    ],
)
def test_a_day_is_understood(text: str, meant: tuple[int, int, int]) -> None:
    assert day(text, TODAY) == date(*meant)


@pytest.mark.parametrize(
    "text", ["", "-", "soon", "31 Feb", "32.1.2026", "12026-1-1", "0.0", "9999999 days", "7 cats"]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert day(text, TODAY) is None


def test_a_month_from_the_last_of_january_ends_in_february() -> None:
    assert day("১ মাস", date(2027, 1, 31)) == date(2027, 2, 28)


@given(st.text(max_size=30))
def test_no_text_is_too_much(text: str) -> None:
    found = day(text, TODAY)
    assert found is None or isinstance(found, date)


def test_a_day_begins_and_ends_where_the_community_lives() -> None:
    assert starts(TODAY, "Asia/Dhaka") == millis(datetime(2026, 11, 19, 18, tzinfo=UTC))
    assert ends(TODAY, "Asia/Dhaka") == millis(datetime(2026, 11, 20, 17, 59, tzinfo=UTC))
    assert ends(TODAY, "UTC") - starts(TODAY, "UTC") == (24 * 60 - 1) * 60_000
