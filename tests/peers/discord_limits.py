"""Discord's documented limits as plain checks: each returns what is wrong, in words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

Json = dict[str, Any]
MESSAGE_KEYS = {
    "content", "components", "flags", "allowed_mentions", "nonce", "enforce_nonce",
    "message_reference", "tts", "embeds", "attachments",
}  # fmt: skip
FLAGS = 1 << 2 | 1 << 6 | 1 << 12  # suppress embeds, ephemeral, suppress notifications
STRING, WHOLE, YES_NO = 3, 4, 5


def _length(of: Mapping[str, Any], key: str, least: int, most: int) -> Iterator[str]:
    value = of.get(key, "")
    if not isinstance(value, str) or not least <= len(value) <= most:
        yield f"{key} must be {least}-{most} characters, got {str(value)[:60]!r}"


def message(body: Json, *, webhook: bool = False, edit: bool = False) -> list[str]:
    """What is wrong with the body of a message, an interaction's reply or an edit of either."""
    wrong = [f"unknown field {key!r}" for key in body.keys() - MESSAGE_KEYS]
    wrong += _length(body, "content", 0, 2000)
    if not edit and not (body.get("content") or body.get("components") or body.get("embeds")):
        wrong.append("an empty message")
    wrong += _rows(body.get("components") or [])
    wrong += _attachments(body.get("attachments") or [])
    if body.get("flags", 0) & ~FLAGS or (body.get("flags", 0) & 1 << 6 and not webhook):
        wrong.append(f"flags {body['flags']} cannot be set here")
    if "nonce" in body:
        wrong += _length(body, "nonce", 1, 25)
    if "nonce" in body and webhook:
        wrong.append("a webhook takes no nonce")
    return wrong + list(_mentions(body.get("allowed_mentions")))


def _attachments(given: list[Json]) -> Iterator[str]:
    for place, one in enumerate(given):
        if str(one.get("id")) != str(place) or not one.get("filename"):
            yield f"attachment {one} names no file of the request"
        yield from _length(one, "description", 0, 1024)


def file(content: bytes | None, body: Json) -> list[str]:
    """What is wrong with the file beside a body, which it must announce."""
    named = len((body.get("data") or body).get("attachments") or [])
    if content is None:
        return ["an attachment without its file"] if named else []
    wrong = [] if named == 1 else ["a file that no attachment names"]
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        wrong.append("a file that is no picture")
    return [*wrong, "Request entity too large"] if len(content) > 10 << 20 else wrong


def _mentions(allowed: Json | None) -> Iterator[str]:
    if allowed is None:
        return
    parse, users = allowed.get("parse", []), allowed.get("users", [])
    if set(parse) - {"users", "roles", "everyone"} or len(users) > 100:
        yield f"allowed_mentions {allowed} is not valid"
    if users and "users" in parse:
        yield "allowed_mentions names users both by list and by kind"


def _rows(rows: list[Json]) -> Iterator[str]:
    if len(rows) > 5:
        yield f"{len(rows)} rows of buttons, 5 are allowed"
    seen: set[str] = set()
    for row in rows:
        buttons = row.get("components", [])
        if row.get("type") != 1 or not 1 <= len(buttons) <= 5:
            yield f"a row has {len(buttons)} buttons, 1-5 are allowed"
        for button in buttons:
            yield from _button(button, seen)


def _button(button: Json, seen: set[str]) -> Iterator[str]:
    yield from _length(button, "label", 1, 80)
    if button.get("type") != 2 or button.get("style") not in (1, 2, 3, 4, 5):
        yield f"{button} is not a button"
    if button.get("style") == 5:
        yield from _length(button, "url", 1, 512)
        if not str(button.get("url")).startswith(("http://", "https://")) or "custom_id" in button:
            yield f"{button} is not a link"
        return
    yield from _length(button, "custom_id", 1, 100)
    if "url" in button:
        yield "a button with a custom_id takes no url"
    if button.get("custom_id") in seen:
        yield f"custom_id {button['custom_id']!r} stands twice in one message"
    seen.add(str(button.get("custom_id")))


def modal(data: Json) -> list[str]:
    """What is wrong with a modal."""
    wrong = [*_length(data, "custom_id", 1, 100), *_length(data, "title", 1, 45)]
    components = data.get("components", [])
    if not 1 <= len(components) <= 5:
        wrong.append(f"a modal has {len(components)} components, 1-5 are allowed")
    for label in components:
        if label.get("type") != 18:
            wrong.append(f"{label} is not a label with one text input")
            continue
        wrong += [*_length(label, "label", 1, 45), *_length(label, "description", 0, 100)]
        wrong += _input(label.get("component", {}))
    return wrong


def _input(field: Json) -> Iterator[str]:
    yield from _length(field, "custom_id", 1, 100)
    yield from _length(field, "placeholder", 0, 100)
    yield from _length(field, "value", 0, min(4000, field.get("max_length", 4000)))
    if field.get("type") != 4 or field.get("style") not in (1, 2):
        yield f"{field} is not a text input"
    if not 1 <= field.get("max_length", 4000) <= 4000:
        yield "max_length must be 1-4000"


def choices(items: list[Json]) -> list[str]:
    """What is wrong with choices, fixed or suggested."""
    wrong = [f"{len(items)} choices, 25 are allowed"] if len(items) > 25 else []
    for item in items:
        wrong += [*_length(item, "name", 1, 100), *_length(item, "value", 1, 100)]
    return wrong


def commands(cards: list[Json]) -> list[str]:
    """What is wrong with a bulk upsert of commands."""
    wrong: list[str] = []
    for kind, most in ((1, 100), (2, 15), (3, 15)):
        names = [card.get("name") for card in cards if card.get("type", 1) == kind]
        if len(names) > most or len(set(names)) < len(names):
            wrong.append(f"{len(names)} commands of type {kind}, {most} different ones are allowed")
    for card in cards:
        if card.get("type", 1) == 1:
            wrong += _slash(card)
        else:
            wrong += _length(card, "name", 1, 32)
            if card.get("description") or card.get("options"):
                wrong.append("a context menu has neither description nor options")
    return wrong


def _plain(name: object) -> bool:
    """Letters, digits, - _ and '; no combining signs outside Devanagari and Thai."""
    return (
        isinstance(name, str)
        and 1 <= len(name) <= 32
        and name == name.lower()
        and all(c in "-_'" or unicodedata.category(c)[0] in "LN" for c in name)
    )


def _slash(card: Json) -> Iterator[str]:
    if _weight(card) > 8000:
        yield f"/{card.get('name')} is longer than 8,000 characters"
    yield from _named(card)
    yield from _options(card.get("options", []), depth=0)


def _named(card: Json) -> Iterator[str]:
    if not _plain(card.get("name")):
        yield f"{card.get('name')!r} is not a name"
    yield from _length(card, "description", 1, 100)


def _weight(card: Json) -> int:
    own = len(card.get("name", "")) + len(card.get("description", ""))
    values = sum(len(c["name"]) + len(str(c["value"])) for c in card.get("choices", []))
    return own + values + sum(_weight(option) for option in card.get("options", []))


def _options(options: list[Json], depth: int) -> Iterator[str]:
    names = [option.get("name") for option in options]
    if len(names) > 25 or len(set(names)) < len(names):
        yield f"options {names}: 25 different ones are allowed"
    subs = [option.get("type") in (1, 2) for option in options]
    if any(subs) and not all(subs):
        yield "sub-commands and options stand side by side"
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        yield f"options {names}: required ones come first"
    for option in options:
        yield from _named(option)
        yield from _option(option, depth)


def _option(option: Json, depth: int) -> Iterator[str]:
    fixed = option.get("choices", [])
    if option.get("type") == 1 and depth == 0:
        yield from _options(option.get("options", []), depth=1)
    elif option.get("type") not in (STRING, WHOLE, YES_NO):
        yield f"option {option.get('name')!r} has type {option.get('type')}"
    if fixed and option.get("autocomplete"):
        yield f"option {option.get('name')!r} has both choices and autocomplete"
    yield from choices(fixed)
