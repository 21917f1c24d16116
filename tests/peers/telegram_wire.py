"""How requests reach a pretended Telegram, how answers leave it, and how either goes wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from tests.peers.telegram_api import typed
from tests.peers.telegram_people import Json


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with a request. Status 0 drops the connection; `acts`: it took effect first.

    `part` is how many bytes of the answer get out before the connection drops.
    """

    status: int = 0
    description: str = ""
    parameters: Mapping[str, int] | None = None
    acts: bool = False
    part: int | None = None

    @property
    def body(self) -> str:
        """The answer; a gateway in front of Telegram speaks HTML."""
        if not self.description:
            return f"<html><body><h1>{self.status} Bad Gateway</h1></body></html>"
        answer: Json = {"ok": False, "error_code": self.status, "description": self.description}
        if self.parameters is not None:
            answer["parameters"] = dict(self.parameters)
        return json.dumps(answer)


BLOCKED = Fault(403, "Forbidden: bot was blocked by the user")
UNAUTHORIZED = Fault(401, "Unauthorized")


def flood(seconds: int) -> Fault:
    """Too many requests."""
    return Fault(
        429, f"Too Many Requests: retry after {seconds}", parameters={"retry_after": seconds}
    )


def broken(status: int = 502, *, acts: bool = False) -> Fault:
    """A gateway error, before or after the request took effect."""
    return Fault(status, acts=acts)


def dropped(*, acts: bool = False, part: int | None = None) -> Fault:
    """The connection goes away instead of an answer, or in the middle of it."""
    return Fault(acts=acts or part is not None, part=part)


@dataclass(slots=True)
class Call:
    """One request of the bot: its typed values, when it came (loop seconds), what was answered."""

    method: str
    values: Json
    at: float
    files: dict[str, bytes] = field(default_factory=dict)
    status: int = 200
    answer: Any = None

    @property
    def text(self) -> str:
        """The text or caption asked for."""
        return str(self.values.get("text", self.values.get("caption", "")))

    @property
    def buttons(self) -> list[str]:
        """The labels of the buttons asked for."""
        rows = (self.values.get("reply_markup") or {}).get("inline_keyboard", [])
        return [button["text"] for row in rows for button in row]


def unfit(call: Call) -> str | None:
    """Why a photo that came as a file is none that Telegram takes; None for other requests."""
    if call.method != "sendPhoto" or "photo" not in call.files:
        return None
    photo = call.files["photo"]
    if not photo.startswith(b"\x89PNG\r\n\x1a\n"):
        return "sendPhoto: IMAGE_PROCESS_FAILED"
    width, height = (int.from_bytes(photo[at : at + 4], "big") for at in (16, 20))
    narrow, wide = sorted((width, height))
    if len(photo) > 10 << 20 or width + height > 10_000 or wide > 20 * narrow:
        return f"sendPhoto: PHOTO_INVALID_DIMENSIONS {width}x{height}, {len(photo)} bytes"
    return None


def answer(status: int, what: Json) -> web.Response:
    """An answer as Telegram gives it."""
    body = json.dumps(what).encode()
    return web.Response(status=status, body=body, content_type="application/json")


async def begin(request: web.BaseRequest, body: bytes, part: int) -> None:
    """Send the first `part` bytes of an answer that promises more."""
    response = web.StreamResponse(headers={"Content-Length": str(len(body))})
    await response.prepare(request)
    await response.write(body[:part])


async def values_of(request: web.BaseRequest) -> tuple[Json, dict[str, bytes]]:
    """A request's values, whichever way it carries them, and the files sent with it."""
    query = dict(parse_qsl(request.raw_path.partition("?")[2]))
    kind = request.content_type
    if kind == "application/json":
        return typed(query) | json.loads(await request.read()), {}
    if not kind.startswith("multipart/"):
        return typed(query | dict(parse_qsl((await request.read()).decode()))), {}
    return _parts(await request.post(), query)


def _parts(form: Mapping[str, object], query: dict[str, str]) -> tuple[Json, dict[str, bytes]]:
    values, files = dict(query), {}
    for name, value in form.items():
        if isinstance(value, web.FileField):
            with value.file as file:
                files[name] = file.read()
            values.setdefault(name, f"attach://{name}")
        else:
            values[name] = str(value)
    return typed(values), files
