"""What Discord tells, as events; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.actions import unpack
from bot.model import (
    Called,
    Event,
    Filled,
    Identity,
    Intent,
    Joined,
    Left,
    Overheard,
    Place,
    Pressed,
    Quote,
    Said,
    Typing,
)

Json = Mapping[str, Any]
PLATFORM = "discord"
PRESS = 3  # a kind of interaction
_MESSAGE_MENU = 3
_SUB_COMMAND = 1
_BUTTON = 2
_PLAIN, _ANSWER = 0, 19  # kinds of message that a person wrote


def event_of(
    name: str, raw: Json, *, bot: str, menus: Mapping[str, str], now: datetime
) -> Event | None:
    """The event a gateway dispatch stands for, None when it is not for us.

    `bot` is the bot's user id, `menus` the commands behind the labels of context menus. `now`
    dates what Discord does not date itself.
    """
    match name:
        case "INTERACTION_CREATE":
            return _interaction(raw, menus)
        case "MESSAGE_CREATE":
            return _message(raw, bot)
        case "GUILD_CREATE":
            return _joined(raw)
        case "GUILD_DELETE" if not raw.get("unavailable"):
            place = Place(PLATFORM, raw["id"], None, False)
            id = f"{PLATFORM}:left:{raw['id']}:{now.timestamp():.3f}"
            return Event(id, now, place, Identity(PLATFORM, bot), Left())
    return None


def moment_of(snowflake: str) -> datetime:
    """When Discord made this id."""
    return datetime.fromtimestamp(((int(snowflake) >> 22) + 1_420_070_400_000) / 1000, UTC)


def _identity(user: Json, member: Json | None = None) -> Identity:
    """`member` is their membership of the server where it happens, as far as Discord shows it."""
    told = member or {}
    joined, roles = told.get("joined_at"), told.get("roles")
    return Identity(
        PLATFORM, user["id"], told.get("nick") or user.get("global_name") or user["username"],
        # No language: Discord has no Bengali interface, so English says nothing of the reader.
        born=born(user["id"]),
        since=datetime.fromisoformat(joined) if joined else None,
        roles=None if roles is None else tuple(roles),
    )  # fmt: skip


def born(user: str) -> datetime | None:
    """When this account was made; None for what is no id of Discord's."""
    return moment_of(user) if user.isascii() and user.isdigit() and len(user) <= 20 else None


def _where(raw: Json, user: str) -> Place:
    if "guild_id" in raw:
        return Place(PLATFORM, raw["guild_id"], raw["channel_id"], False)
    return Place(PLATFORM, user)


def _who(raw: Json) -> Identity:
    member = raw.get("member")
    return _identity(member["user"], member) if member else _identity(raw["user"])


def _interaction(raw: Json, menus: Mapping[str, str]) -> Event | None:
    intent = _intent(raw["type"], raw.get("data") or {}, menus)
    if intent is None:
        return None
    who = _who(raw)
    return Event(
        f"{PLATFORM}:{raw['id']}", moment_of(raw["id"]), _where(raw, who.user), who, intent,
        ticket_of(raw["type"], raw["id"], raw["token"]),
        raw["message"]["id"] if "message" in raw else None,
        (raw.get("data") or {}).get("target_id"),
        _pointed_at(raw.get("data") or {}),
    )  # fmt: skip


def ticket_of(kind: int, id: str, token: str) -> str:
    """The handle by which an interaction is answered."""
    return f"{kind}:{id}:{token}"


def _intent(kind: int, data: Json, menus: Mapping[str, str]) -> Intent | None:
    match kind:
        case 2 if data.get("type", 1) == _MESSAGE_MENU:
            message = data["resolved"]["messages"][data["target_id"]]
            return Called(menus.get(data["name"], data["name"]), {"message": message["content"]})
        case 2:
            command, options = _path(data)
            return Called(command, {option["name"]: _text(option["value"]) for option in options})
        case 3 if data["component_type"] == _BUTTON:
            return Pressed(unpack(data["custom_id"]))
        case 4:
            command, options = _path(data)
            typed = next(option for option in options if option.get("focused"))
            return Typing(command, typed["name"], _text(typed["value"]))
        case 5:
            return Filled(unpack(data["custom_id"]), dict(_fields(data["components"])))
    return None


def _path(data: Json) -> tuple[str, list[Json]]:
    """A command's name with its sub-command, and the options given."""
    name, options = data["name"], data.get("options", [])
    while options and options[0]["type"] <= _SUB_COMMAND + 1:
        name, options = f"{name} {options[0]['name']}", options[0].get("options", [])
    return name, options


def _text(value: str | int | float | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _fields(components: list[Json]) -> Iterator[tuple[str, str]]:
    """Values of a form: labels hold one input each, rows (the older shape) a list of them."""
    for outer in components:
        inner = [outer["component"]] if "component" in outer else outer.get("components", [])
        yield from ((field["custom_id"], field.get("value") or "") for field in inner)


def _message(raw: Json, bot: str) -> Event | None:
    author = raw["author"]
    if author.get("bot") or "webhook_id" in raw or raw.get("type", _PLAIN) not in (_PLAIN, _ANSWER):
        return None
    answered = raw.get("referenced_message") or {}
    ours = answered.get("author", {}).get("id") == bot
    mentioned = any(user["id"] == bot for user in raw.get("mentions", ()))
    text = _unaddressed(raw.get("content", ""), bot)
    media = not text and bool(raw.get("attachments") or raw.get("sticker_items"))
    said: Intent = Said(text, answered["id"] if ours else None, media)
    if "guild_id" in raw and not (mentioned or (ours and (text or media))):
        if ours or not text or not answered or answered.get("author", {}).get("bot"):
            return None
        said = Overheard(text)
    who = _identity(author, raw.get("member"))
    return Event(
        f"{PLATFORM}:{raw['id']}", moment_of(raw["id"]), _where(raw, who.user), who, said,
        message=raw["id"], about=answered.get("id"),
        quote=_quote(answered) if answered else None,
    )  # fmt: skip


def _quote(raw: Json) -> Quote:
    """A message that another answers, or whose menu was opened."""
    author = raw.get("author")
    about = (raw.get("message_reference") or {}).get("message_id")
    return Quote(_identity(author) if author else None, raw.get("content", ""), about)


def _pointed_at(data: Json) -> Quote | None:
    """The message whose menu was opened."""
    messages = (data.get("resolved") or {}).get("messages") or {}
    found = messages.get(data.get("target_id"))
    return _quote(found) if found else None


def _unaddressed(text: str, bot: str) -> str:
    """The text without the bot's name at either end."""
    for name in (f"<@{bot}>", f"<@!{bot}>"):
        text = text.strip().removeprefix(name).removesuffix(name)
    return text.strip()


def _joined(raw: Json) -> Event | None:
    """Every server is told of at each start; the same joining is always the same event.

    Discord does not say who added the bot: the server's owner stands for them.
    """
    if raw.get("unavailable") or "joined_at" not in raw:
        return None
    at = datetime.fromisoformat(raw["joined_at"])
    place = Place(PLATFORM, raw["id"], raw.get("system_channel_id"), False)
    id = f"{PLATFORM}:joined:{raw['id']}:{at.timestamp():.0f}"
    return Event(id, at, place, Identity(PLATFORM, raw["owner_id"]), Joined(raw["name"]))
