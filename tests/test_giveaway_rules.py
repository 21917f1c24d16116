"""The rules of a giveaway: what they say, that the terms name their hash, and that they stay."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from bot.model import Community
from handlers.giveaways import rules
from handlers.giveaways.plan import Plan, Requirements
from storage.giveaways import Giveaway, giveaway_of
from tests.giveaway_stage import PRIZE, drafted, id_of, opened, row
from tests.stage import Stage

HOME = Community("c1", "Mitu", "bn", "Asia/Dhaka")
OPENS, CLOSES = 1_795_154_400_000, 1_795_186_800_000  # 20 November 2026, noon and 9 pm in Dhaka


def giveaway(**values: Any) -> Giveaway:
    """A giveaway with its times."""
    plain: dict[str, Any] = dict.fromkeys(
        ("closed_at", "params", "params_hash", "counted_at", "ended_at", "frozen_at", "root",
         "head", "entrants", "tickets", "drawn_at", "secret", "cancelled_at", "reason")
    )  # fmt: skip
    del plain["closed_at"]
    numbers = dict.fromkeys(("last_number", "entered", "changes", "counted"), 0)
    return Giveaway(
        id="0" * 16, community="c1", prize=PRIZE, winners=2, hours=24, created_at=0,
        published_at=OPENS, closes_at=CLOSES, **{**plain, **numbers, **values},
    )  # fmt: skip


def texts(plan: Plan, sponsor: str = "") -> tuple[str, str]:
    return rules.made(giveaway(), plan, HOME, sponsor)


def test_the_plain_rules_say_everything_that_has_to_be_said() -> None:
    bn, en = texts(Plan())
    for words in (
        "Organiser: Mitu.", "everybody may enter", "No purchase needed",
        "starts Fri 20 Nov, 12:00 PM, ends Fri 20 Nov, 9:00 PM (Asia/Dhaka time)",
        f"Prize: {PRIZE}, for 2 winners.", "Draw:", "GW1", "Telling:",
        "within 48 hours", "the next 3 in the list", "Grounds for disqualification",
        "not sponsored or run by Telegram or Discord", "deleted 30 days after the draw",
        "/forgetme", "never ask for money, a PIN or an OTP",
    ):  # fmt: skip
        assert words in en
    for words in (
        "আয়োজক: Mitu।", "সবাই যোগ দিতে পারেন", "কিছু কিনতে হবে না",
        "শুরু শুক্রবার, ২০ নভেম্বর দুপুর ১২:০০, শেষ শুক্রবার, ২০ নভেম্বর রাত ৯:০০ (Asia/Dhaka সময়)",
        "৪৮ ঘণ্টার মধ্যে", "পরের ৩ জন", "বাদ পড়ার কারণ",
        "Telegram বা Discord চালায় না, স্পনসরও করে না", "ড্রয়ের ৩০ দিন পরে মুছে যায়", "OTP চাইব না",
    ):  # fmt: skip
        assert words in bn


def test_each_choice_stands_in_the_rules() -> None:
    plan = Plan(
        beacon="manual", source="DSE index", reserves=0, claim_h=24, cap=5,
        tickets={"enter": 1, "linked": 2, "click": 1},
        requirements=Requirements(30, 7, 48, "1234", True),
        more=(("বই", 3),), adult=True, region="Bangladesh", contact="mitu@example.org",
    )  # fmt: skip
    _, en = texts(plan, "আড়ং")
    for words in (
        "The prize comes from: আড়ং.", "Contact: mitu@example.org.", "Age: 18 or over.",
        "Region: Bangladesh.", "at least 30 days old", "for at least 7 days", "48 hours before",
        "has the role 1234", "in both the Telegram group and the Discord server",
        "1 for entering, 2 more for connecting both accounts, 1 more for opening the sponsor's",
        "or for the button without the link. At most 5", "Prize: বই, for 3 winners.",
        "public source: DSE index", "within 24 hours",
    ):  # fmt: skip
        assert words in en
    assert "Reserves:" not in en


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (Plan(beacon="drand"), "the public source drand"),
        (Plan(beacon="commit-reveal"), "you are trusting the organiser"),
    ],
)
def test_the_rules_say_where_the_chance_comes_from(plan: Plan, words: str) -> None:
    assert words in texts(plan)[1]


def test_the_same_fields_give_the_same_rules_and_another_field_another_hash() -> None:
    assert texts(Plan()) == texts(Plan())
    hashes = {rules.digest(*texts(replace(Plan(), claim_h=hours))) for hours in (24, 48, 72)}
    assert len(hashes) == 3


async def test_published_rules_are_those_the_terms_name(bot: Stage) -> None:
    id = id_of((await opened(bot))["telegram"])
    kept = await row(bot, id)
    written = f"{kept['rules_bn']}\n\n{kept['rules_en']}".encode()
    assert json.loads(kept["params"])["rules"] == sha256(written).hexdigest()
    found = giveaway_of(kept)
    assert rules.text(found, "bn").startswith(f"নিয়মাবলি: {PRIZE}\n")
    assert rules.text(found, "en").startswith(f"Rules: {PRIZE}\n")


async def test_a_draft_has_no_rules_yet(bot: Stage) -> None:
    found = giveaway_of(await row(bot, id_of(await drafted(bot))))
    assert rules.text(found, "bn") == ""


async def test_the_rules_are_in_the_zone_of_the_community(bot: Stage) -> None:
    kept = await row(bot, id_of((await opened(bot))["telegram"]))
    assert "শেষ শনিবার, ২১ নভেম্বর দুপুর ১২:০০ (Asia/Dhaka সময়)" in kept["rules_bn"]
