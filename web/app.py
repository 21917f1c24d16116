"""The web application: what every answer carries, what an error says, and listening on a port."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
from collections.abc import Callable, Iterable
from typing import Self

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.world import code

BODY_LIMIT = 1 << 20  # bytes of a request; no platform's update comes near
STOP_WITHIN = 4.0  # seconds for answers under way when stopping
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SENTENCES = {
    404: (
        "There is nothing at this address. Perhaps it was cut while copying.",
        "এই ঠিকানায় কিছু নেই। হয়তো কপি করার সময় কেটে গেছে।",
    ),
    405: (
        "This address cannot be used that way.",
        "এই ঠিকানা এভাবে ব্যবহার করা যায় না।",
    ),
    413: (
        "That is too long. Please send less at once.",
        "লেখাটা বেশি বড়। একবারে একটু কম পাঠান।",
    ),
}  # fmt: skip
OURS = (
    "Something went wrong on our side (code {code}). Try again; nothing was lost.",
    "আমাদের দিকে একটা সমস্যা হয়েছে (কোড {code})। আবার চেষ্টা করুন; আপনার কিছু হারায়নি।",
)
STOPPING = web.AppKey("stopping", asyncio.Event)  # for answers that would go on for ever
log = structlog.get_logger("web")


class Taken(Exception):
    """The address cannot be listened on; the text says what to change."""


def application(
    routes: Iterable[web.AbstractRouteDef], random: Callable[[int], bytes] = os.urandom
) -> web.Application:
    """All routes behind the security headers and the error sentences; `random` makes the codes
    of incidents."""

    @web.middleware
    async def speak(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Every failure is a sentence; what went wrong stays in the log, under its code."""
        try:
            return await handler(request)
        except web.HTTPException as error:
            return _in_words(request, error)
        except Exception:
            incident = code(random(3)).upper()
            log.exception("bug", route=_route(request), code=incident)
            return _said(request, 500, [sentence.format(code=incident) for sentence in OURS])

    app = web.Application(middlewares=[speak], client_max_size=BODY_LIMIT)
    app[STOPPING] = asyncio.Event()
    app.on_shutdown.append(_stop)
    app.on_response_prepare.append(_protect)
    app.add_routes(routes)
    return app


async def _stop(app: web.Application) -> None:
    app[STOPPING].set()


async def _protect(_request: web.Request, response: web.StreamResponse) -> None:
    """A route may have set a header of its own before."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = "Adda"


def _in_words(request: web.Request, error: web.HTTPException) -> web.Response:
    """A refusal that only says its number gets a sentence."""
    unsaid = error.text == f"{error.status}: {error.reason}"
    if error.status in SENTENCES and (unsaid or isinstance(error, web.HTTPRequestEntityTooLarge)):
        return _said(request, error.status, SENTENCES[error.status], error.headers.get("Allow"))
    raise error


def _said(
    request: web.Request, status: int, sentences: Iterable[str], allow: str | None = None
) -> web.Response:
    headers = {"Allow": allow} if allow else None
    if "/api/" in request.path:
        return web.json_response({"error": next(iter(sentences))}, status=status, headers=headers)
    return web.Response(text="\n".join(sentences) + "\n", status=status, headers=headers)


def _route(request: web.Request) -> str:
    """The route's pattern: an address itself may hold a secret."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "none"


class Site:
    """The application on an address. `port` 0 takes any free one; `address` says which."""

    def __init__(self, app: web.Application, host: str, port: int) -> None:
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=STOP_WITHIN, keepalive_timeout=75
        )
        self._host, self._port = host, port
        self.address = ""

    async def start(self) -> None:
        """Answers when this returns. Raises `Taken`."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            await self._runner.cleanup()
            raise Taken(_remedy(error, self._host, self._port)) from None
        port = self._runner.addresses[0][1]
        host = f"[{self._host}]" if ":" in self._host else self._host
        self.address = f"http://{host}:{port}"

    async def close(self) -> None:
        """Take no more, finish what is being answered; at most 10 s."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(10):
                await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def _remedy(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"Port {port} is taken. Set HTTP_PORT."
        case errno.EACCES | errno.EPERM:
            return f"Port {port} needs an administrator. Set HTTP_PORT to 1024 or more."
    return f"{host} is no address of this machine. Set HTTP_HOST, for example to 127.0.0.1."
