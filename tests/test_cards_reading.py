"""Cards, pure: what people write becomes facts, and a question names its topics."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Refuse
from handlers.questions import cards
from handlers.questions.topics import asked
from storage import knowledge
from storage.cards import Fact


@pytest.mark.parametrize(
    ("text", "kept"),
    [("২,৪৫০ টাকা", "2450"), ("৳ 2,450/-", "2450"), ("1,25,000 tk", "125000"), ("০", "0"),
     ("২৪৫০ (আগে ২৮০০)", "২৪৫০ (আগে ২৮০০)"), ("inbox", "inbox"), ("9999999999", "9999999999")],
)  # fmt: skip
def test_a_price_is_a_number_of_taka_or_words(text: str, kept: str) -> None:
    assert cards.fact("price", text) == kept


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("লাল, নীল, M, L, XL", {"colours": "লাল, নীল", "sizes": "M, L, XL"}),
        ("রং: লাল, নীল / সাইজ: ৩৮, ৪০", {"colours": "লাল, নীল", "sizes": "৩৮, ৪০"}),
        ("red/blue; S M L", {"colours": "red, blue", "sizes": "S M L"}),
        ("size: S থেকে XL", {"sizes": "S থেকে XL"}),
        ("Free size", {"sizes": "Free size"}),
        (" ", {}),
    ],
)
def test_colours_and_sizes_are_told_apart(text: str, found: dict[str, str]) -> None:
    assert cards.choices(text) == found


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("80 / 130", "80", "130"),
        ("ঢাকায় ৮০ টাকা, ঢাকার বাইরে ১,৩০০ টাকা", "৮০ টাকা", "১,৩০০ টাকা"),
        ("outside Dhaka 130, inside Dhaka 80", "80", "130"),
        ("সারা দেশে ১০০ টাকা", "সারা দেশে ১০০ টাকা", None),
        ("ফ্রি", "ফ্রি", None),
    ],
)
def test_delivery_inside_and_outside_are_told_apart(
    text: str, inside: str, outside: str | None
) -> None:
    found = cards.delivery(text)
    assert (found.get("inside"), found.get("outside")) == (inside, outside)


@given(st.text(max_size=400), st.sampled_from(sorted(cards.LIMITS)))
def test_any_text_is_a_fact_or_refused_with_a_reason(text: str, name: str) -> None:
    try:
        kept = cards.fact(name, text)
    except Refuse:
        return
    assert len(kept) <= 3 * cards.LIMITS[name]  # a photo's host may be written longer, in ASCII
    assert cards.fact(name, kept) == kept


@given(st.text(max_size=200))
def test_any_text_is_asked_about_something_or_nothing(text: str) -> None:
    found = asked(text)
    assert len(set(found.topics)) == len(found.topics)
    cards.choices(text)
    cards.delivery(text)


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("price?", ("price",)), ("eta koto?", ("price",)), ("এটার দাম কত আপু", ("price",)),
        ("rong ki ki ache", ("colours",)), ("M size hobe?", ("sizes",)), ("available?", ("stock",)),
        ("dhakar baire delivery koto", ("delivery",)), ("কীভাবে অর্ডার করব", ("order",)),
        ("dam koto r delivery charge koto", ("price", "delivery")), ("লাইভ কবে?", ()),
    ],
)  # fmt: skip
def test_a_question_names_its_topics_in_order(text: str, topics: tuple[str, ...]) -> None:
    assert asked(text).topics == topics


def test_days_are_counted_where_the_community_is() -> None:
    late = round(datetime(2026, 11, 19, 20, tzinfo=UTC).timestamp() * 1000)  # the 20th in Dhaka
    entry = knowledge.Entry("e", 1, "ক", {}, facts={"price": Fact("5", late)})
    now = datetime(2026, 11, 20, tzinfo=UTC)
    line = cards.said(entry, "bn", (), now, "Asia/Dhaka").values["lines"][0]  # type: ignore[index]
    assert line.values["line"].values["day"] == 20  # type: ignore[union-attr]
