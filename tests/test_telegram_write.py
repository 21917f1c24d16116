"""Words become Telegram's requests and menus, its refusals become ours."""

from __future__ import annotations

import pytest
from telegram import constants
from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

from bot.model import Place
from bot.platforms.base import Busy, CommandCard, Doubt, Gone, Key, Outgoing
from bot.platforms.limits import TELEGRAM
from bot.platforms.telegram_http import Flood, NotSent, refusal
from bot.platforms.telegram_write import menu, request, trouble, typed_names
from tests.peers.telegram_judge import Judge

DM = Place("telegram", "5312345678")
GROUP = Place("telegram", "-1002003004005", private=False)
GIVEAWAYS = Place("telegram", "-1002003004999", "7", private=False)


def test_a_message_carries_its_topic_reply_and_buttons() -> None:
    rows = ((Key("যোগ দিন", "ge:0001"), Key("নিয়ম", url="https://example.com/rules")),)
    out = Outgoing("1", "message", GIVEAWAYS, "🎁", rows, reply_to="301")
    method, values = request(out)
    assert (method, values) == (
        "sendMessage",
        {
            "chat_id": -1002003004999,
            "message_thread_id": 7,
            "text": "🎁",
            "link_preview_options": {"is_disabled": True},
            "reply_parameters": {"message_id": 301, "allow_sending_without_reply": True},
            "reply_markup": {
                "inline_keyboard": [
                    [
                        {"text": "যোগ দিন", "callback_data": "ge:0001"},
                        {"text": "নিয়ম", "url": "https://example.com/rules"},
                    ]
                ]
            },
        },
    )
    assert Judge().request(method, values) is None


def test_an_edit_without_buttons_takes_them_away() -> None:
    method, values = request(Outgoing("1", "edit", DM, "শেষ", message="12"))
    assert method == "editMessageText"
    assert "reply_markup" not in values
    assert Judge().request(method, values) is None


def test_a_toast_with_a_link_opens_the_private_chat() -> None:
    link = "https://t.me/adda_test_bot?start=r_1"
    out = Outgoing("1", "toast", GROUP, "এখানে দেখুন", ((Key("খুলুন", url=link),),), ticket="9")
    method, values = request(out)
    assert values == {"callback_query_id": "9", "text": "এখানে দেখুন", "url": link}
    assert Judge().request(method, values) is None
    silent = request(Outgoing("1", "toast", GROUP, ticket="9"))
    assert silent == ("answerCallbackQuery", {"callback_query_id": "9"})


@pytest.mark.parametrize("how", ["form", "choices", "ephemeral"])
def test_what_telegram_has_not_is_gone(how: str) -> None:
    with pytest.raises(Gone, match=how):
        request(Outgoing("1", how, GROUP, ticket="9"))  # type: ignore[arg-type]


def test_what_we_claim_telegram_can_do_is_what_the_library_knows() -> None:
    assert TELEGRAM.text == constants.MessageLimit.MAX_TEXT_LENGTH
    assert TELEGRAM.toast == constants.CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH
    assert TELEGRAM.row <= constants.InlineKeyboardMarkupLimit.BUTTONS_PER_ROW
    total = constants.InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER
    assert total >= TELEGRAM.row * TELEGRAM.rows
    assert TELEGRAM.pace.overall_per_second == constants.FloodLimit.MESSAGES_PER_SECOND
    assert TELEGRAM.pace.group_per_minute == constants.FloodLimit.MESSAGES_PER_MINUTE_PER_GROUP


# Refusals ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (Flood(7), Busy(7.0)),
        (NotSent("ClientConnectorError"), Busy(2.0)),
        (InvalidToken(), Busy(60.0)),
        (Forbidden("Forbidden: bot was blocked by the user"), Gone("blocked")),
        (BadRequest("Bad Request: chat not found"), Gone("blocked")),
        (BadRequest("not enough rights to send text messages to the chat"), Gone("blocked")),
        (BadRequest("Bad Request: TOPIC_CLOSED"), Gone("blocked")),
        (BadRequest("query is too old and response timeout expired"), Gone("expired")),
        (BadRequest("Bad Request: message is too long"), Gone("Message is too long")),
        (TimedOut("SocketTimeoutError"), Doubt("SocketTimeoutError")),
        (NetworkError("HTTP 502"), Doubt("HTTP 502")),
        (TelegramError("something new"), Doubt("something new")),
    ],
    ids=repr,
)
def test_errors_are_told_apart(error: TelegramError, meaning: Busy | Doubt | Gone) -> None:
    found = trouble(error)
    assert type(found) is type(meaning)
    assert getattr(found, "why", None) == getattr(meaning, "why", None)
    assert getattr(found, "seconds", None) == getattr(meaning, "seconds", None)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (429, b'{"description": "slow", "parameters": {"retry_after": 31}}', Flood),
        (429, b"nginx", Flood),
        (400, b'{"description": "no", "parameters": null}', BadRequest),
        (413, b"<html>", BadRequest),
        (502, b"<html>", NetworkError),
        (500, b'["odd"]', NetworkError),
        (404, b"", InvalidToken),
    ],
)
def test_answers_that_are_not_well_are_read_whatever_they_hold(
    status: int, body: bytes, kind: type[TelegramError]
) -> None:
    assert type(refusal(status, body)) is kind


# Menus ------------------------------------------------------------------------------------------

CARDS = (
    CommandCard("ask", {"en": "Ask a question", "bn": "প্রশ্ন করুন"}),
    CommandCard("giveaway new", {"en": "e" * 300, "bn": "নতুন গিভঅ্যাওয়ে"}, team=True),
    CommandCard("teach", {"en": "Teach the bot this answer"}, menu="message"),
    CommandCard("প্রশ্ন", {"en": "cannot be typed"}),
)


def test_a_menu_shows_what_can_be_typed_to_those_who_may() -> None:
    assert [c.to_dict() for c in menu(CARDS, "bn", team=False)] == [
        {"command": "ask", "description": "প্রশ্ন করুন"}
    ]
    asks, news = menu(CARDS, "en", team=True)
    assert (asks.description, news.command, len(news.description)) == (
        "Ask a question",
        "giveaway_new",
        256,
    )


def test_a_command_of_two_words_can_be_typed_as_one() -> None:
    assert typed_names(CARDS)["giveaway_new"] == "giveaway new"
    assert typed_names(CARDS)["giveaway"] == "giveaway"
