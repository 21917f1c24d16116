"""Telegram's webhook: updates come in here and are confirmed once they are committed."""

from __future__ import annotations

import hmac
from typing import Protocol

from aiohttp import web

SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105


class Receive(Protocol):
    """Takes one raw update and the secret that came with it; gives the HTTP status to answer.

    200 only after the commit: Telegram repeats an update until it hears 200. 401 when the
    secret is wrong.
    """

    async def __call__(self, raw: bytes, secret: str | None) -> int: ...


def webhook(path_secret: str, receive: Receive) -> list[web.RouteDef]:
    """`POST /telegram/{path_secret}`; any other path is as unknown as if there were none."""

    async def deliver(request: web.Request) -> web.Response:
        given = request.match_info["secret"]
        if not hmac.compare_digest(given.encode(), path_secret.encode()):
            raise web.HTTPNotFound
        raw = await request.read()
        return web.Response(status=await receive(raw, request.headers.get(SECRET)))

    return [web.post("/telegram/{secret}", deliver)]
