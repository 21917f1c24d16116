"""Who is in a group: what Telegram says of one person, told apart from its not saying."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from telegram.error import BadRequest, TelegramError

from bot.model import Place
from bot.platforms.base import Busy, Doubt, Membership
from bot.platforms.telegram_write import trouble

AGAIN = 2.0  # seconds until a question whose answer was lost is put again
STRANGERS = ("user not found", "participant_id_invalid", "user_id_invalid", "invalid user_id")

Call = Callable[[str, dict[str, Any]], Awaitable[Any]]


async def membership(call: Call, place: Place, user: str) -> Membership | None:
    """See `Platform.membership`. Sure only where the bot is administrator."""
    if not user.isdecimal():  # no id of Telegram's
        return None
    try:
        values = {"chat_id": int(place.chat), "user_id": int(user)}
        found = await call("getChatMember", values)
    except TelegramError as error:
        if _stranger(error):
            return None
        problem = trouble(error)
        if isinstance(problem, Doubt):  # a question may always be repeated
            raise Busy(AGAIN, str(problem)) from None
        raise problem from None
    return Membership(found["status"]) if inside(found) else None


def _stranger(error: TelegramError) -> bool:
    why = error.message.lower()
    return isinstance(error, BadRequest) and any(words in why for words in STRANGERS)


def inside(member: Mapping[str, Any]) -> bool:
    """Whether this `ChatMember` is in the chat."""
    if member["status"] == "restricted":
        return bool(member["is_member"])
    return member["status"] in ("creator", "administrator", "member")
