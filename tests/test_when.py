"""Moments as creators write them."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.when import LONGEST, Moment, read

DHAKA = "Asia/Dhaka"
NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)  # Friday noon in Dhaka


def local(text: str, now: datetime = NOW, zone: str = DHAKA) -> str | None:
    found = read(text, now, zone)
    return f"{found.at.astimezone(ZoneInfo(zone)):%a %d %b %Y %H:%M}" if found else None


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("৩ দিন", timedelta(days=3)),
        ("3 din", timedelta(days=3)),
        ("in 3 days", timedelta(days=3)),
        ("৭দিন পর", timedelta(days=7)),
        ("এক সপ্তাহ", timedelta(days=7)),
        ("24h", timedelta(hours=24)),
        ("2 ঘন্টা", timedelta(hours=2)),
        ("২ ঘণ্টা পর", timedelta(hours=2)),
        ("দেড় ঘণ্টা", timedelta(minutes=90)),
        ("90 min", timedelta(minutes=90)),
        ("1 day 2 hours", timedelta(hours=26)),
    ],
)
def test_a_length_of_time_counts_from_now(text: str, span: timedelta) -> None:
    assert read(text, NOW, DHAKA) == Moment(NOW + span, span)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("tomorrow 9 pm", "Sat 21 Nov 2026 21:00"),
        ("kal rat 9 ta", "Sat 21 Nov 2026 21:00"),
        ("আগামীকাল সন্ধ্যা সাতটায়", "Sat 21 Nov 2026 19:00"),
        ("শুক্রবার রাত ৯টা", "Fri 27 Nov 2026 21:00"),
        ("রাত ৯ টা শুক্রবার", "Fri 27 Nov 2026 21:00"),
        ("শুক্রবার রাত সা\u09dcে ৯টা", "Fri 27 Nov 2026 21:30"),
        ("শুক্রবার রাত সা\u09a1\u09bcে ৯টা", "Fri 27 Nov 2026 21:30"),
        ("shonibar rat sare 9ta", "Sat 21 Nov 2026 21:30"),
        ("শনিবার রাত পৌনে দশটা", "Sat 21 Nov 2026 21:45"),
        ("agami shukrobar rat 8 ta", "Fri 27 Nov 2026 20:00"),
        ("৩০ নভেম্বর সন্ধ্যা ৬টা", "Mon 30 Nov 2026 18:00"),
        ("৩০/১১ রাত ১০টা", "Mon 30 Nov 2026 22:00"),
        ("১লা ডিসেম্বর রাত নয়টায়", "Tue 01 Dec 2026 21:00"),
        ("30 Nov 18:00", "Mon 30 Nov 2026 18:00"),
        ("30 Nov 2026 at 9:30 PM", "Mon 30 Nov 2026 21:30"),
        ("2026-12-01 21:00", "Tue 01 Dec 2026 21:00"),
        ("2027-05-06 10:00", "Thu 06 May 2027 10:00"),
        ("December 5th 7pm", "Sat 05 Dec 2026 19:00"),
        ("কাল দুপুর ২টা", "Sat 21 Nov 2026 14:00"),
        ("দুপুর দে\u09dcটা", "Fri 20 Nov 2026 13:30"),
        ("kal bikal 5 ta", "Sat 21 Nov 2026 17:00"),
        ("পরশু ভোর ৫টা", "Sun 22 Nov 2026 05:00"),
        ("রাত ৯.৩০", "Fri 20 Nov 2026 21:30"),
        ("রাত ৯টা ৩০ মিনিট", "Fri 20 Nov 2026 21:30"),
        ("সকাল ১০টা", "Sat 21 Nov 2026 10:00"),
        ("৭ দিন পর রাত ৯টা", "Fri 27 Nov 2026 21:00"),
        ("21:00", "Fri 20 Nov 2026 21:00"),
        ("11:00", "Sat 21 Nov 2026 11:00"),
    ],
)
def test_a_moment_is_read_in_bengali_english_and_banglish(text: str, meant: str) -> None:
    assert local(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("শুক্রবার রাত ১২টা", "Sat 28 Nov 2026 00:00"),
        ("friday midnight", "Sat 28 Nov 2026 00:00"),
        ("শনিবার রাত ১টা", "Sun 22 Nov 2026 01:00"),
        ("২১ নভেম্বর রাত ২টা", "Sun 22 Nov 2026 02:00"),
        ("আজ রাত ১২টা", "Sat 21 Nov 2026 00:00"),
        ("রাত ১২টা", "Sat 21 Nov 2026 00:00"),
        ("friday 12 am", "Fri 27 Nov 2026 00:00"),
    ],
)
def test_the_hours_after_midnight_end_the_day_whose_night_was_named(text: str, meant: str) -> None:
    assert local(text) == meant


def test_past_midnight_tonight_is_the_night_that_is() -> None:
    late = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)  # Saturday, half past midnight in Dhaka
    assert local("রাত ২টা", late) == "Sat 21 Nov 2026 02:00"
    assert local("আজ রাত ২টা", late) == "Sat 21 Nov 2026 02:00"
    assert local("কাল রাত ২টা", late) == "Mon 23 Nov 2026 02:00"


def test_a_day_without_a_clock_time_is_taken_at_its_end() -> None:
    assert local("শুক্রবার") == "Fri 27 Nov 2026 23:59"
    assert local("কাল") == "Sat 21 Nov 2026 23:59"


@pytest.mark.parametrize("text", ["yesterday", "last friday 9pm", "2020-01-01", "আজ সকাল ১০টা"])
def test_what_is_past_is_read_as_past(text: str) -> None:
    found = read(text, NOW, DHAKA)
    assert found is not None
    assert found.at < NOW


@pytest.mark.parametrize(
    "text",
    [
        "", "-", "soon", "march", "2027", "5", "25:00", "রাত ২৫টা", "31 Feb 21:00", "7 cats",
        "9pm EST", "10:00 UTC", "জানি না", "9999999 days", "1571234567", "1" * 100,
    ],
)  # fmt: skip
def test_what_nobody_could_read_is_none(text: str) -> None:
    assert read(text, NOW, DHAKA) is None


@given(st.text(max_size=LONGEST + 5))
def test_no_text_is_too_much(text: str) -> None:
    found = read(text, NOW, DHAKA)
    assert found is None or found.at.tzinfo is UTC


def test_hours_pass_and_days_turn_where_the_clocks_change() -> None:
    before = datetime(2026, 10, 24, 12, tzinfo=UTC)  # London's clocks go back in the night
    hours, days = (read(text, before, "Europe/London") for text in ("24 hours", "1 day"))
    assert hours is not None
    assert days is not None
    assert hours.at - before == timedelta(hours=24)
    assert days.at - before == timedelta(hours=25)


def test_a_time_that_the_clocks_skip_is_the_one_after_it() -> None:
    before = datetime(2027, 3, 27, 12, tzinfo=UTC)  # London's clocks go forward in the night
    assert local("tomorrow 1:30 am", before, "Europe/London") == "Sun 28 Mar 2027 02:30"


def test_the_library_is_loaded_when_a_date_is_first_read() -> None:
    script = "import sys, handlers.when; print('dateparser' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
