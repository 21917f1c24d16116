"""What Adda says as Telegram's requests, menus as its commands, and its refusals as ours: pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from telegram import BotCommand
from telegram.constants import BotCommandLimit
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from bot.platforms.base import Busy, CommandCard, Doubt, Gone, Key, Outgoing
from bot.platforms.telegram_http import Flood, NotSent

NAME = re.compile(r"[a-z0-9_]{1,32}\Z")
EXPIRED = ("query is too old", "query_id_invalid")
UNWELCOME = (
    "chat not found",
    "chat_write_forbidden",
    "no rights",
    "not enough rights",
    "topic_closed",
)
UNCHANGED = "message is not modified"
NO_LOGIN = ("bot_domain_invalid", "login url", "button_url_invalid")


def request(out: Outgoing) -> tuple[str, dict[str, Any]]:
    """The method and values that say it. Raises `Gone` for what Telegram has not."""
    match out.how:
        case "message" if out.picture is not None:
            photo = {"photo": out.picture.png}
            return "sendPhoto", _chat(out) | photo | _caption(out) | _answering(out)
        case "message":
            return "sendMessage", _chat(out) | _words(out) | _answering(out)
        case "edit" if out.message is not None:
            message = {"chat_id": int(out.place.chat), "message_id": int(out.message)}
            return "editMessageText", message | _words(out)
        case "toast" if out.ticket is not None:
            return "answerCallbackQuery", {"callback_query_id": out.ticket} | _toast(out)
    raise Gone(f"Telegram cannot send this as {out.how}")


def plainer(out: Outgoing, why: str) -> Outgoing | None:
    """Without its picture, or with ordinary buttons what was refused for its login buttons; None
    where that is not why."""
    if out.picture is not None:  # too large, or no right to send photos there
        return replace(out, picture=None)
    rows = tuple(tuple(replace(key, login=None) for key in row) for row in out.rows)
    refused = rows != out.rows and any(word in why.lower() for word in NO_LOGIN)
    return replace(out, rows=rows) if refused else None


def _chat(out: Outgoing) -> dict[str, Any]:
    thread = {"message_thread_id": int(out.place.thread)} if out.place.thread else {}
    return {"chat_id": int(out.place.chat)} | thread


def _words(out: Outgoing) -> dict[str, Any]:
    # A preview would fetch a tracked address, and count a click, before anybody opened it.
    return {"text": out.text, "link_preview_options": {"is_disabled": True}} | _keyboard(out)


def _caption(out: Outgoing) -> dict[str, Any]:
    """A photo has no description apart: its caption says what it shows."""
    words = out.text or (out.picture.alt if out.picture else "")
    return {"caption": words} | _keyboard(out)


def _keyboard(out: Outgoing) -> dict[str, Any]:
    if not out.rows:
        return {}
    return {"reply_markup": {"inline_keyboard": [[_key(key) for key in row] for row in out.rows]}}


def _toast(out: Outgoing) -> dict[str, str]:
    """Its words; the deep link under its button, if any, opens by itself."""
    text = {"text": out.text} if out.text else {}
    links = [key.url for row in out.rows for key in row if key.url is not None]
    return text | ({"url": links[0]} if links else {})


def _key(key: Key) -> dict[str, Any]:
    if key.login is not None:
        return {"text": key.label, "login_url": {"url": key.login}}
    if key.url is not None:
        return {"text": key.label, "url": key.url}
    return {"text": key.label, "callback_data": key.data}


def _answering(out: Outgoing) -> dict[str, Any]:
    if out.reply_to is None:
        return {}
    reply = {"message_id": int(out.reply_to), "allow_sending_without_reply": True}
    return {"reply_parameters": reply}


def trouble(error: TelegramError) -> Busy | Doubt | Gone:
    """What an error of the library means for what was being sent."""
    match error:
        case Flood():
            return Busy(error.seconds)
        case NotSent():
            return Busy(2.0, "no connection to Telegram")
        case InvalidToken():
            return Busy(60.0, "Telegram refuses the token")
        case Forbidden():
            return Gone("blocked")
        case BadRequest():  # a NetworkError to the library, yet it will never go better
            why = error.message.lower()
            if any(words in why for words in EXPIRED):
                return Gone("expired")
            return Gone("blocked" if any(words in why for words in UNWELCOME) else error.message)
    return Doubt(error.message)


def typed_names(commands: Sequence[CommandCard]) -> dict[str, str]:
    """What a person types to what is meant: "giveaway", "giveaway_new" → "giveaway new" …"""
    names = [card.name for card in commands if card.menu is None]
    heads = {name.split()[0]: name.split()[0] for name in names}
    return heads | {name.replace(" ", "_"): name for name in names}


def menu(commands: Sequence[CommandCard], language: str, *, team: bool) -> list[BotCommand]:
    """The command menu in a language, the team's commands only where the team looks."""
    cards = {
        card.name.replace(" ", "_"): card.about.get(language, card.about["en"])
        for card in commands
        if card.menu is None and (team or not card.team)
    }
    limit = BotCommandLimit.MAX_DESCRIPTION
    shown = [BotCommand(name, about[:limit]) for name, about in cards.items() if NAME.match(name)]
    return shown[: BotCommandLimit.MAX_COMMAND_NUMBER]
