"""Telegram's raw updates as events: pure, and quick about what is not for us."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.actions import unpack
from bot.model import (
    Called,
    Event,
    Identity,
    Intent,
    Joined,
    Left,
    Overheard,
    Place,
    Pressed,
    Quote,
    Said,
)
from bot.platforms.telegram_members import inside

ALLOWED = ("message", "callback_query", "my_chat_member")
MEDIA = frozenset(
    {
        "animation",
        "audio",
        "contact",
        "dice",
        "document",
        "location",
        "paid_media",
        "photo",
        "poll",
        "sticker",
        "story",
        "venue",
        "video",
        "video_note",
        "voice",
    }
)
COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?:\s+(.*))?\Z", re.DOTALL)

Json = Mapping[str, Any]


class Reader:
    """Reads for one bot. `commands` is what a person types ("giveaway_new") to what is meant."""

    def __init__(self, user: int, username: str, commands: Mapping[str, str]) -> None:
        self._user = user
        self._username = username.lower()
        self._commands = commands
        self._mention = re.compile(rf"(?<![\w@/])@{re.escape(username)}(?!\w)", re.IGNORECASE)

    def event(self, update: Json, now: datetime) -> Event | None:
        """The event in an update, or None when it is not for us; `now` where it has no date."""
        if (message := update.get("message")) is not None:
            return self._of_message(update["update_id"], message)
        if (query := update.get("callback_query")) is not None:
            return _of_query(update["update_id"], query, now)
        if (change := update.get("my_chat_member")) is not None:
            return _of_membership(update["update_id"], change)
        return None

    def _of_message(self, number: int, message: Json) -> Event | None:
        private = message["chat"]["type"] == "private"
        intent = self._private(message) if private else self._public(message)
        who = message.get("from")
        # Other bots, channels and hidden administrators cannot be told apart or answered alone.
        if intent is None or who is None or who["is_bot"]:
            return None
        return Event(
            id=f"telegram:{number}",
            at=datetime.fromtimestamp(message["date"], UTC),
            place=_place(message["chat"], message),
            who=_identity(who),
            intent=intent,
            message=str(message["message_id"]),
            about=_about(message),
            quote=_quote(message),
        )

    def _private(self, message: Json) -> Intent | None:
        text = message.get("text")
        if text is not None:
            return self._command(text) or Said(text, self._replied(message))
        if MEDIA.isdisjoint(message):
            return None  # a service message: something was pinned, a timer was set …
        return Said(message.get("caption", ""), self._replied(message), media=True)

    def _public(self, message: Json) -> Intent | None:
        if "migrate_from_chat_id" in message:  # a group became a supergroup with another id
            return Joined(message["chat"].get("title", ""))
        text = message.get("text")
        if text is not None and text.startswith("/"):
            return self._command(text)
        words = message.get("caption", "") if text is None else text
        replied = self._replied(message) if "reply_to_message" in message else None
        if "@" in words and self._mention.search(words):
            words = " ".join(self._mention.sub(" ", words).split())
        elif replied is None:
            return Overheard(text) if text and _between_people(message) else None
        if text is None and MEDIA.isdisjoint(message):
            return None
        return Said(words, replied, media=text is None)

    def _command(self, text: str) -> Called | None:
        """The command at the head of a text, unless it is another bot's."""
        found = COMMAND.match(text)
        if found is None:
            return None
        name, target, rest = found[1].lower(), found[2], found[3]
        if target is not None and target.lower() != self._username:
            return None
        return Called(self._commands.get(name, name), text=(rest or "").strip())

    def _replied(self, message: Json) -> str | None:
        """The message of ours this answers."""
        author = (message.get("reply_to_message") or {}).get("from")
        return _about(message) if author and author["id"] == self._user else None


def _about(message: Json) -> str | None:
    """The message this answers, whoever wrote that."""
    reply = message.get("reply_to_message")
    if reply is None or "forum_topic_created" in reply:  # a topic's every message answers that
        return None
    return str(reply["message_id"])


def _quote(message: Json) -> Quote | None:
    """Whose message this answers, and its words."""
    if _about(message) is None:
        return None
    reply = message["reply_to_message"]
    author = reply.get("from")
    words = reply.get("text", reply.get("caption", ""))
    return Quote(_identity(author) if author else None, words)


def _between_people(message: Json) -> bool:
    """True for an answer to what another person wrote."""
    quote = _quote(message)
    return quote is not None and not message["reply_to_message"].get("from", {}).get("is_bot", True)


def _of_query(number: int, query: Json, now: datetime) -> Event | None:
    message = query.get("message")
    if message is None or "data" not in query:  # of an inline message or a game: not ours
        return None
    return Event(
        id=f"telegram:{number}",
        at=now,
        place=_place(message["chat"], message),
        who=_identity(query["from"]),
        intent=Pressed(unpack(query["data"])),
        ticket=query["id"],
        message=str(message["message_id"]),
    )


def _of_membership(number: int, change: Json) -> Event | None:
    chat = change["chat"]
    was, is_ = inside(change["old_chat_member"]), inside(change["new_chat_member"])
    if was == is_ or (is_ and chat["type"] == "private"):
        return None  # other rights, or a person who lets us write again
    return Event(
        id=f"telegram:{number}",
        at=datetime.fromtimestamp(change["date"], UTC),
        place=_place(chat, {}),
        who=_identity(change["from"]),
        intent=Joined(chat.get("title", "")) if is_ else Left(),
    )


def _place(chat: Json, message: Json) -> Place:
    # Outside topics `message_thread_id` names a chain of replies, where nothing can be sent.
    thread = message.get("message_thread_id") if message.get("is_topic_message") else None
    return Place(
        "telegram",
        str(chat["id"]),
        None if thread is None else str(thread),
        private=chat["type"] == "private",
    )


def _identity(user: Json) -> Identity:
    name = f"{user['first_name']} {user.get('last_name', '')}".strip()
    language = user.get("language_code", "")[:2]
    return Identity(
        "telegram", str(user["id"]), name, language if language in ("bn", "en") else None, roles=()
    )
