"""Sentences, buttons and forms as JSON, so that what is to be said outlives the process."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from bot.actions import pack, unpack
from bot.model import Action, Button, Field, Form, Picture, Place, Post, Say, Value

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _value(value: Value) -> Any:
    match value:
        case Say():
            return {"say": say_out(value)}
        case datetime():
            return {"at": millis(value)}
        case tuple():
            return {"lines": [say_out(line) for line in value]}
        case _:
            return value


def _value_in(raw: Any) -> Value:
    if isinstance(raw, str | int):
        return raw
    ((kind, value),) = raw.items()
    if kind == "say":
        return say_in(value)
    return moment(value) if kind == "at" else tuple(say_in(line) for line in value)


def say_out(say: Say) -> list[Any]:
    """[key] or [key, values], ready for JSON."""
    if not say.values:
        return [say.key]
    return [say.key, {name: _value(value) for name, value in say.values.items()}]


def say_in(raw: list[Any]) -> Say:
    """The sentence `say_out` wrote."""
    values = raw[1] if len(raw) > 1 else {}
    return Say(raw[0], **{name: _value_in(value) for name, value in values.items()})


def buttons_out(buttons: tuple[Button, ...]) -> list[Any]:
    """[label, action or None, address or None, login path if any] each, ready for JSON."""
    return [
        [say_out(b.label), pack(b.to) if isinstance(b.to, Action) else None,
         b.to if isinstance(b.to, str) else None, *([b.login] if b.login else [])]
        for b in buttons
    ]  # fmt: skip


def buttons_in(raw: list[Any]) -> tuple[Button, ...]:
    return tuple(
        Button(say_in(label), unpack(data) if data is not None else url, *login)
        for label, data, url, *login in raw
    )


def picture_out(picture: Picture) -> list[Any]:
    """[kind, values, alt], ready for JSON."""
    return [picture.kind, picture.values, say_out(picture.alt)]


def picture_in(raw: list[Any]) -> Picture:
    return Picture(raw[0], raw[1], say_in(raw[2]))


def post_out(post: Post) -> dict[str, Any]:
    """A post that waits in the letter of another, without a picture."""
    place = post.place
    more = {"otherwise": post_out(post.otherwise)} if post.otherwise else {}
    return {
        "place": [place.platform, place.chat, place.thread, place.private],
        "say": say_out(post.text), "buttons": buttons_out(post.buttons), "key": post.key,
        "language": post.language, **more,
    }  # fmt: skip


def post_in(raw: dict[str, Any]) -> Post:
    """The post `post_out` wrote."""
    return Post(
        Place(*raw["place"]), say_in(raw["say"]), buttons_in(raw["buttons"]), raw["key"],
        raw["language"], otherwise=post_in(raw["otherwise"]) if "otherwise" in raw else None,
    )  # fmt: skip


def form_out(form: Form) -> dict[str, Any]:
    fields = [[f.name, say_out(f.label), f.required, f.long, f.limit, f.value] for f in form.fields]
    return {"title": say_out(form.title), "fields": fields, "then": pack(form.then)}


def form_in(raw: dict[str, Any]) -> Form:
    fields = tuple(
        Field(name, say_in(label), required, long, limit, value)
        for name, label, required, long, limit, value in raw["fields"]
    )
    return Form(say_in(raw["title"]), fields, unpack(raw["then"]))


def text(raw: Any) -> str:
    """Compact JSON, Bengali as it is."""
    return _ENCODER.encode(raw)


def millis(at: datetime) -> int:
    """An aware moment as milliseconds since 1970."""
    return round(at.timestamp() * 1000)


def moment(at: int) -> datetime:
    """Milliseconds since 1970 as an aware moment (UTC)."""
    return datetime.fromtimestamp(at / 1000, UTC)


def text_in(raw: str) -> str:
    """The string in a piece of JSON."""
    return str(json.loads(raw))
