"""Pictures of letters: drawn when they are sent, from a few values, by makers of features."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

Maker = Callable[[str], bytes]
NAME, TYPE = "picture.png", "image/png"
MOST = 8 << 20  # bytes; every platform takes so much

_makers: dict[str, Maker] = {}
log = structlog.get_logger("pictures")


def maker(kind: str) -> Callable[[Maker], Maker]:
    """Declare what draws the PNG of a kind of picture from its values; pure, run on a thread."""

    def register(function: Maker) -> Maker:
        if kind in _makers and _makers[kind].__qualname__ != function.__qualname__:
            raise ValueError(f"{kind!r} is drawn by {_makers[kind].__qualname__} already")
        _makers[kind] = function
        return function

    return register


async def drawn(kind: str, values: str) -> bytes | None:
    """The picture, or None where it cannot be made: then the words go alone."""
    try:
        png = await asyncio.to_thread(_makers[kind], values)
    except Exception:
        log.exception("not drawn", kind=kind)
        return None
    return png if len(png) <= MOST else None
