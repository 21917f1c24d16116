"""A judge that is not ours: aiogram's models of the Bot API's requests, updates and results."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import aiogram.methods
from aiogram.types import Update
from pydantic import BaseModel, TypeAdapter, ValidationError

from tests.peers.telegram_people import Json


class Judge:
    """Says what is wrong with a payload, or None."""

    def __init__(self) -> None:
        self._results: dict[str, TypeAdapter[Any]] = {}

    def request(self, method: str, values: Json) -> str | None:
        """Is this a request of the Bot API, with nothing it does not know?"""
        kind = getattr(aiogram.methods, method[0].upper() + method[1:], None)
        return self._judge(kind, values, method) if kind else f"{method}: no such method"

    def update(self, update: Json) -> str | None:
        """Is this an update of the Bot API?"""
        return self._judge(Update, update, "update")

    def result(self, method: str, result: object) -> str | None:
        """Is this what the method returns?"""
        if method not in self._results:
            kind: Any = getattr(aiogram.methods, method[0].upper() + method[1:])
            self._results[method] = TypeAdapter(kind.__returning__)
        try:
            model = self._results[method].validate_python(result)
        except ValidationError as error:
            return f"{method} → {error}"
        unknown = list(_unknown(model, f"{method} →"))
        return f"unknown: {', '.join(unknown)}" if unknown else None

    def _judge(self, kind: type[BaseModel], values: Json, name: str) -> str | None:
        try:
            model = kind.model_validate(values)
        except ValidationError as error:
            return f"{name}: {error}"
        unknown = list(_unknown(model, name))
        return f"unknown: {', '.join(unknown)}" if unknown else None


def _unknown(value: object, path: str) -> Iterator[str]:
    """The paths of fields that the models accepted without knowing them."""
    match value:
        case BaseModel():
            yield from (f"{path}.{name}" for name in value.model_extra or ())
            for name, inner in value.__dict__.items():
                yield from _unknown(inner, f"{path}.{name}")
        case list() | tuple():
            for number, inner in enumerate(value):
                yield from _unknown(inner, f"{path}[{number}]")
