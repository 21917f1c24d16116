"""What is to be said and which commands there are, as Discord's JSON; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.pictures import NAME
from bot.platforms.base import CommandCard, Key, Line, OptionCard, Outgoing, Sheet
from bot.platforms.limits import DISCORD
from bot.present import fit

Json = dict[str, Any]
FILE = "files[0]"  # of a body that carries a picture; see `parted`
EPHEMERAL, NO_PREVIEWS, LOADING = 1 << 6, 1 << 2, 1 << 7
_TITLE = 45  # of a form; of a field's label too
_DESCRIPTION, _CHOICE = 100, 100
_KINDS = {"text": 3, "choice": 3, "whole": 4, "yes_no": 5}
_EVERYWHERE = {"contexts": [0, 1], "integration_types": [0]}  # servers and the chat with the bot


def body_of(out: Outgoing, flags: int = 0) -> Json:
    """A message: nobody is notified unless named in `ping`, and no address is opened to preview
    it (that would count as a click)."""
    body: Json = {
        "content": out.text,
        "components": [
            {"type": 1, "components": [_button(key) for key in row]} for row in out.rows
        ],
        "allowed_mentions": {"parse": [], "users": list(out.ping[:100]), "replied_user": False},
        "flags": flags | NO_PREVIEWS,
    }
    if out.picture is not None:
        about = {"id": 0, "filename": NAME, "description": out.picture.alt}
        body |= {"attachments": [about], FILE: out.picture.png}
    return body


def parted(body: Json) -> tuple[Json, bytes | None]:
    """What goes as JSON, and the file that goes beside it."""
    data = body.get("data", body)
    if FILE not in data:
        return body, None
    bare = {name: value for name, value in data.items() if name != FILE}
    return (body | {"data": bare} if "data" in body else bare), data[FILE]


def message_of(out: Outgoing) -> Json:
    """An ordinary message, which appears once however often it is sent with one id."""
    body = body_of(out) | {"nonce": out.id, "enforce_nonce": True}
    if out.reply_to is not None:
        body["message_reference"] = {"message_id": out.reply_to, "fail_if_not_exists": False}
    return body


def _button(key: Key) -> Json:
    if key.url is not None:
        return {"type": 2, "style": 5, "label": key.label, "url": key.url}
    return {"type": 2, "style": 1, "label": key.label, "custom_id": key.data}


def modal_of(sheet: Sheet) -> Json:
    """A form."""
    title = fit(sheet.title, _TITLE, "codepoint")
    lines = [_line(line) for line in sheet.lines[: DISCORD.fields]]
    return {"custom_id": sheet.data, "title": title, "components": lines}


def _line(line: Line) -> Json:
    limit = min(max(line.limit, 1), 4000)
    field: Json = {
        "type": 4, "custom_id": line.name, "style": 2 if line.long else 1,
        "required": line.required, "max_length": limit,
    }  # fmt: skip
    if line.value:
        field["value"] = line.value[:limit]
    label = {"type": 18, "label": fit(line.label, _TITLE, "codepoint"), "component": field}
    if len(line.label) > _TITLE:
        label["description"] = fit(line.label, _DESCRIPTION, "codepoint")
    return label


def choices_of(out: Outgoing) -> Json:
    """Suggestions."""
    items = out.choices[: DISCORD.suggestions]
    return {"choices": [_choice(shown, value) for shown, value in items]}


def _choice(shown: str, value: str) -> Json:
    return {"name": fit(shown, _CHOICE, "codepoint"), "value": value[:_CHOICE]}


def commands_of(cards: Sequence[CommandCard]) -> list[Json]:
    """All commands. Those of two words stand together under their first.

    Raises ValueError when a command is also the first word of others: Discord cannot show that.
    """
    single: dict[str, Json] = {}
    groups: dict[str, list[Json]] = {}
    for card in cards:
        first, _, second = card.name.partition(" ")
        if card.menu is not None:
            single[f"menu {card.name}"] = {"type": 3, "name": menu_label(card)}
        elif second:
            groups.setdefault(first, []).append({"type": 1, **_named(card, second)})
        else:
            single[first] = {"type": 1, **_named(card, first)}
    if both := single.keys() & groups.keys():
        raise ValueError(f"on Discord {sorted(both)} are commands or have sub-commands, not both")
    made = [*single.values(), *(_group(name, subs) for name, subs in groups.items())]
    return [command | _EVERYWHERE for command in made]


def _group(name: str, subs: list[Json]) -> Json:
    names = ", ".join(sub["name"] for sub in subs)
    description = fit(f"{name}: {names}", _DESCRIPTION, "codepoint")
    return {"type": 1, "name": name, "description": description, "options": subs}


def menu_label(card: CommandCard) -> str:
    """What a context menu's entry is called; Discord allows 32 characters."""
    return card.about["en"][:32]


def _named(card: CommandCard, name: str) -> Json:
    options = sorted(card.options, key=lambda option: not option.required)
    return {"name": name, "description": _about(card.about), "options": [*map(_option, options)]}


def _about(about: Mapping[str, str]) -> str:
    """Both languages in one: Discord knows no Bengali interface that could choose between them."""
    texts = dict.fromkeys(text for text in (about.get("bn"), about.get("en")) if text)
    both = " · ".join(texts)
    return both if len(both) <= _DESCRIPTION else fit(next(iter(texts)), _DESCRIPTION, "codepoint")


def _option(option: OptionCard) -> Json:
    made: Json = {
        "type": _KINDS[option.kind],
        "name": option.name,
        "description": _about(option.about),
        "required": option.required,
    }
    if option.choices:
        made["choices"] = [_choice(shown, value) for shown, value in option.choices[:25]]
    elif option.suggested and option.kind == "text":
        made["autocomplete"] = True
    return made


def unchanged(ours: Sequence[Json], theirs: Sequence[Json]) -> bool:
    """True when the commands Discord has say the same as ours, in whatever order."""

    def in_order(commands: Sequence[Json]) -> list[Json]:
        return sorted(commands, key=lambda one: (one.get("type", 1), one["name"]))

    return _same(in_order(ours), in_order(theirs))


def _same(ours: Any, theirs: Any) -> bool:
    """Compares what we said; what Discord adds of its own, or leaves out as empty, is the same."""
    match ours, theirs:
        case dict(), dict():
            return all(_same(value, theirs.get(name)) for name, value in ours.items())
        case list(), list():
            return len(ours) == len(theirs) and all(map(_same, ours, theirs))
        case _:
            return bool(ours == theirs or (not ours and not theirs))
