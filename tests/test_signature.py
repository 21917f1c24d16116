"""A handler's signature is its command: what people type becomes values, or a sentence."""

from __future__ import annotations

from typing import Literal

import pytest

from bot.model import Refuse
from bot.signature import missing, options_of, read, split


async def link(brand: str, destination: str, placement: str) -> None: ...
async def answer(question: str, answer: str, translation: str = "") -> None: ...
async def giveaway(prize: str, hours: int = 24, winners: int = 1) -> None: ...
async def team(role: Literal["helper", "owner"] = "helper", sure: bool = False) -> None: ...
async def learn(text: str) -> None: ...


LINK, ANSWER, GIVEAWAY, TEAM, TEXT = (
    options_of(f, 0) for f in (link, answer, giveaway, team, learn)
)


@pytest.mark.parametrize(
    ("options", "typed", "given"),
    [
        (LINK, "Aarong https://a.example video", ["Aarong", "https://a.example", "video"]),
        (LINK, '"Deshi Shaj" https://a.example TV', ["Deshi Shaj", "https://a.example", "TV"]),
        (LINK, "Deshi Shaj | https://a.example | bio", ["Deshi Shaj", "https://a.example", "bio"]),
        (LINK, "Deshi Shaj dress", ["Deshi", "Shaj", "dress"]),
        (ANSWER, "লাল ড্রেসের দাম কত? ২৪৫০", ["লাল ড্রেসের দাম কত? ২৪৫০"]),
        (ANSWER, "দাম কত?", ["দাম কত?"]),
        (ANSWER, "দাম কত? | ২৪৫০ টাকা", ["দাম কত?", "২৪৫০ টাকা"]),
        (GIVEAWAY, "লাল কাতান শাড়ি", ["লাল কাতান শাড়ি"]),
        (GIVEAWAY, "লাল শাড়ি | ৪৮ | ২", ["লাল শাড়ি", "৪৮", "২"]),
        (GIVEAWAY, '"লাল শাড়ি" 48 2', ["লাল শাড়ি", "48", "2"]),
        (TEXT, "a | b | c, all of it", ["a | b | c, all of it"]),
        (TEXT, "", []),
    ],
)  # fmt: skip
def test_a_typed_line_becomes_values(options, typed, given) -> None:  # type: ignore[no-untyped-def]
    assert list(split(typed, options).values()) == given


def test_values_are_read_as_their_kind_in_either_script() -> None:
    values = read(GIVEAWAY, {"prize": " শাড়ি ", "hours": "৪৮", "winners": ""})
    assert values == {"prize": "শাড়ি", "hours": 48, "winners": 1}
    assert read(TEAM, {"role": "OWNER", "sure": "হ্যাঁ"}) == {"role": "owner", "sure": True}


@pytest.mark.parametrize(
    ("options", "given", "key"),
    [
        (GIVEAWAY, {}, "option.missing"),
        (GIVEAWAY, {"prize": "x", "hours": "soon"}, "option.not_whole"),
        (GIVEAWAY, {"prize": "x", "hours": "9" * 30}, "option.not_whole"),
        (TEAM, {"role": "king"}, "option.not_choice"),
        (TEAM, {"sure": "maybe"}, "option.not_yes_no"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(options, given, key) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Refuse) as refused:
        read(options, given)
    assert refused.value.say.key == key


def test_a_required_value_of_blanks_is_missing() -> None:
    assert missing(GIVEAWAY, {"prize": "  "})
    assert not missing(GIVEAWAY, {"prize": "x"})


def test_a_kind_we_cannot_ask_for_is_a_mistake_of_the_feature() -> None:
    async def wrong(size: float) -> None: ...

    with pytest.raises(TypeError, match="size"):
        options_of(wrong, 0)
