"""Typed actions behind buttons and timers, packed into at most 40 ASCII bytes."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import TypeVar, get_type_hints

from bot.model import Action

LIMIT = 40  # Telegram takes 64 bytes, Discord 100 characters; the rest is room for adapters
A = TypeVar("A", bound=Action)

_types: dict[str, type[Action]] = {}
_tags: dict[type[Action], str] = {}
_plain = re.compile(r"[A-Za-z0-9_.~-]*\Z")
_shapes: dict[type[Action], tuple[tuple[str, type], ...]] = {}


@dataclasses.dataclass(frozen=True, slots=True)
class Stale(Action):
    """What a button carried that no action of ours reads: forged, or from an older version."""

    data: str


def tagged(tag: str) -> Callable[[type[A]], type[A]]:
    """Give an action its tag on the wire. A tag, once used, keeps its meaning for ever."""

    def register(kind: type[A]) -> type[A]:
        if tag in _types and _types[tag].__qualname__ != kind.__qualname__:
            raise ValueError(f"the tag {tag!r} already stands for {_types[tag].__qualname__}")
        _types[tag], _tags[kind] = kind, tag
        return kind

    return register


def _shape(kind: type[Action]) -> tuple[tuple[str, type], ...]:
    if kind not in _shapes:
        hints = get_type_hints(kind)
        _shapes[kind] = tuple((f.name, hints[f.name]) for f in dataclasses.fields(kind))
    return _shapes[kind]


def pack(action: Action) -> str:
    """The action as text for a button. Raises ValueError when it would not fit or not return."""
    tag = _tags.get(type(action))
    if tag is None:
        raise ValueError(f"{type(action).__qualname__} has no tag")
    parts = [tag, *(str(getattr(action, name)) for name, _ in _shape(type(action)))]
    data = ":".join(parts)
    if len(data) > LIMIT or not all(_plain.match(part) for part in parts):
        raise ValueError(f"{data!r} does not fit a button: {LIMIT} bytes of A-Z a-z 0-9 _ . ~ -")
    return data


def unpack(data: str) -> Action:
    """The action that `pack` made into this text; `Stale` for anything else. Never raises."""
    tag, *values = data.split(":")
    kind = _types.get(tag)
    if kind is None or len(data) > LIMIT or not all(_plain.match(value) for value in values):
        return Stale(data[:LIMIT])
    shape = _shape(kind)
    if len(shape) != len(values):
        return Stale(data[:LIMIT])
    try:
        fields = {
            name: int(value) if hint is int else value
            for (name, hint), value in zip(shape, values, strict=True)
        }
    except ValueError:
        return Stale(data[:LIMIT])
    return kind(**fields)
