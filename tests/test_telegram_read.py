"""Telegram's updates, as captured, become events."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions import Stale, unpack
from bot.model import (
    Called,
    Event,
    Identity,
    Joined,
    Left,
    Overheard,
    Place,
    Pressed,
    Quote,
    Said,
)
from bot.platforms.telegram_read import Reader
from tests.peers.telegram_judge import Judge
from tests.peers.telegram_people import Json

PAYLOADS = Path(__file__).parent / "payloads"
NOW = datetime(2026, 11, 21, 13, 0, tzinfo=UTC)
SENT = datetime.fromtimestamp(1763730000, UTC)
CHANGED = datetime.fromtimestamp(1763731111, UTC)
RUPA = Identity("telegram", "5312345678", "রূপা দত্ত", "bn")
TANVIR = Identity("telegram", "6890123457", "Tanvir", "en")
DM = Place("telegram", "5312345678")
GROUP = Place("telegram", "-1002003004005", private=False)
GIVEAWAYS = Place("telegram", "-1002003004999", "7", private=False)
READER = Reader(4242424242, "adda_test_bot", {"giveaway_new": "giveaway new"})


def payload(name: str) -> Json:
    found: Json = json.loads((PAYLOADS / f"telegram_{name}.json").read_text("utf-8"))
    return found


def read(name: str) -> Event | None:
    return READER.event(payload(name), NOW)


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("start", Event("101", SENT, DM, RUPA, Called("start", text="claim_7K2P9QXM"), None, "11")),
        ("question", Event("102", SENT, DM, RUPA, Said("লাল ড্রেসের দাম কত?"), None, "12")),
        (
            "command",
            Event(
                "103",
                SENT,
                GIVEAWAYS,
                TANVIR,
                Called("giveaway new", text="জামদানি শাড়ি\n২ জন"),
                None,
                "301",
            ),
        ),
        ("mention", Event("106", SENT, GROUP, RUPA, Said("👗👗 লাল ড্রেসের দাম কত?"), None, "304")),
        (
            "reply",
            Event("107", SENT, GROUP, TANVIR, Said("and the blue one?", "304"), None, "305"),
        ),
        (
            "press",
            Event(
                "110",
                NOW,
                GIVEAWAYS,
                RUPA,
                Pressed(unpack("ge:0001")),
                "22816405913465117",
                "310",
            ),
        ),
        (
            "press_old",
            Event(
                "111",
                NOW,
                GROUP,
                TANVIR,
                Pressed(Stale("gd:0001:\u200bforged")),
                "22816405913465118",
                "12",
            ),
        ),
        ("photo", Event("112", SENT, DM, RUPA, Said("এটার দাম কত?", media=True), None, "13")),
        ("voice", Event("113", SENT, DM, RUPA, Said("", media=True), None, "14")),
        (
            "photo_mention",
            Event("115", SENT, GROUP, TANVIR, Said("dam koto?", media=True), None, "308"),
        ),
        ("added", Event("117", CHANGED, GROUP, TANVIR, Joined("আড্ডা ফ্যাশন"))),
        ("removed", Event("119", CHANGED, GROUP, TANVIR, Left())),
        ("blocked", Event("120", CHANGED, DM, RUPA, Left())),
        ("upgraded", Event("122", SENT, GROUP, TANVIR, Joined("আড্ডা ফ্যাশন"), None, "1")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_update_becomes_the_event_it_is(name: str, event: Event) -> None:
    found = read(name)
    assert found is not None
    assert found.id == f"telegram:810000{event.id}"
    got = (found.at, found.place, found.who, found.intent, found.ticket, found.message)
    assert got == (event.at, event.place, event.who, event.intent, event.ticket, event.message)


@pytest.mark.parametrize(
    "name",
    [
        "other_bot",
        "chatter",
        "topic",
        "pinned",
        "hidden_admin",
        "promoted",
        "unblocked",
    ],
)
def test_what_is_not_for_us_is_nothing(name: str) -> None:
    assert read(name) is None


def test_an_answer_to_another_person_is_overheard_with_what_it_answers() -> None:
    found = read("reply_to_another")
    assert found is not None
    assert found.intent == Overheard("same here")
    assert found.about == "303"
    assert found.quote == Quote(RUPA, "কাল কে কে আসছেন?")


@pytest.mark.parametrize("path", sorted(PAYLOADS.glob("telegram_*.json")), ids=lambda p: p.stem)
def test_every_payload_is_one_telegram_could_send(path: Path) -> None:
    assert Judge().update(json.loads(path.read_text("utf-8"))) is None


def test_other_kinds_of_update_are_nothing() -> None:
    assert READER.event({"update_id": 1, "poll": {}}, NOW) is None
    inline = payload("press")
    del inline["callback_query"]["message"]
    assert READER.event(inline, NOW) is None


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("/ASK dam koto", Called("ask", text="dam koto")),
        ("/ask@adda_test_bot", Called("ask")),
        ("/ask\nদুই লাইনে\nপ্রশ্ন", Called("ask", text="দুই লাইনে\nপ্রশ্ন")),
        ("/ask@other_bot hello", Said("/ask@other_bot hello")),
        ("/প্রশ্ন", Said("/প্রশ্ন")),
        ("/", Said("/")),
        ("dam /ask koto", Said("dam /ask koto")),
        ("@adda_test_bot dam koto", Said("@adda_test_bot dam koto")),
    ],
)
def test_in_private_a_command_is_read_and_all_else_is_said(
    text: str, intent: Called | Said
) -> None:
    update = payload("question")
    update["message"]["text"] = text
    found = READER.event(update, NOW)
    assert found is not None
    assert found.intent == intent


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("@ADDA_test_bot dam koto", "dam koto"),
        ("dam koto, @adda_test_bot?", "dam koto, ?"),
        ("mail me: rupa@adda_test_bot", None),
        ("https://t.me/@adda_test_bot", None),
        ("@adda_test_bots", None),
        ("/ban@other_bot @adda_test_bot", None),
    ],
)
def test_in_a_group_only_a_real_mention_counts(text: str, said: str | None) -> None:
    update = payload("mention")
    update["message"]["text"] = text
    found = READER.event(update, NOW)
    assert (found.intent if found else None) == (Said(said) if said else None)


@given(st.text(max_size=200))
def test_whatever_a_button_carries_is_a_press_or_refused_later(data: str) -> None:
    update = payload("press")
    update["callback_query"]["data"] = data
    found = READER.event(update, NOW)
    assert found is not None
    assert isinstance(found.intent, Pressed)
