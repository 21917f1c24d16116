"""The playground over HTTP: its page, and a JSON door to everything people do there."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from bot import pictures, present, wire
from bot.delivery import SELF
from bot.platforms.base import Capabilities, CommandCard, Key, Sheet
from bot.platforms.playground import BOT, LIMITS, Message, NotThere, Playground
from storage import outbox
from storage.database import Database
from web import given
from web.app import HEADERS as SAFE
from web.given import Check, Wrong

HERE = Path(__file__).parent
API = "/playground/api/"
REPORT = "/playground/report"  # in the frame of the brand's screen
PATIENCE = 60.0  # seconds for everything that follows from one call
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
FILES = (".css", ".js", ".svg")

Json = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Act:
    """Something done on the stage: the fields it takes are the function's arguments."""

    do: Callable[..., Awaitable[Any]]
    needed: Mapping[str, Check]
    optional: Mapping[str, Check] = field(default_factory=dict)


WHO: Mapping[str, Check] = {"who": given.name, "platform": given.platform}
WHERE: Mapping[str, Check] = {**WHO, "place": given.place}
ACTS = {
    "say": Act(Playground.say, {**WHERE, "text": given.text}, {"reply": given.line}),
    "command": Act(Playground.command, {**WHERE, "command": given.line}, {"args": given.args}),
    "press": Act(Playground.press, {**WHO, "message": given.line, "button": given.button}),
    "fill": Act(Playground.fill, {**WHO, "form": given.line, "values": given.values}),
    "join": Act(Playground.join, {**WHO, "place": given.group}),
    "suggest": Act(
        Playground.typing,
        {**WHO, "command": given.line, "option": given.line, "so_far": given.typed},
        {"place": given.place},
    ),
    "advance": Act(Playground.advance, {"seconds": given.seconds}),
    "reset": Act(Playground.reset, {}),
}


def playground(stage: Playground, zone: str, report: Handler | None = None) -> list[web.RouteDef]:
    """The page at `/playground` and the API below it; `zone` is the IANA zone of its clock.
    `report` lets the brand's screen into its report."""
    api = Api(stage, zone, REPORT if report else None)
    return [
        *([web.get(REPORT, _guarded(report))] if report else []),
        web.get("/", _guarded(_home)),
        web.get("/playground", _guarded(_page)),
        web.get("/static/{name}", _static),
        web.get(f"{API}transcript", _guarded(api.transcript)),
        web.get(f"{API}picture", _guarded(api.picture)),
        web.get(f"{API}commands", _guarded(api.commands)),
        web.get(f"{API}pulse", _guarded(api.pulse)),
        *(web.post(f"{API}{name}", _guarded(api.acting(act))) for name, act in ACTS.items()),
    ]


def upcoming(database: Database) -> Callable[[], Awaitable[datetime | None]]:
    """For `Playground.connect`: when a timer or a letter next falls due."""

    async def earliest() -> datetime | None:
        async with database.read() as tx:
            dues = [await outbox.next_due(tx, name) for name in (SELF, *LIMITS)]
        return min((wire.moment(due) for due in dues if due is not None), default=None)

    return earliest


# Who may come in -----------------------------------------------------------------------------


def stranger(peer: str | None, headers: Mapping[str, str]) -> str | None:
    """Why a request is refused, None when it comes from this machine and this page.

    The Host is looked at because another site's name may be made to point here; forwarding
    headers because a proxy on this machine would let anyone in.
    """
    host = headers.get("Host", "")
    if not (_loopback(peer) and _loopback(_hostname(host))) or any(h in headers for h in FORWARDED):
        return "The playground is for this machine alone. Open it at 127.0.0.1."
    origin = headers.get("Origin")
    if origin is not None and origin.lower() not in (f"http://{host}", f"https://{host}"):
        return "Another site may not use the playground. Open it at 127.0.0.1."
    return None


def _loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        address = ip_address(host or "")
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _hostname(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _guarded(handler: Handler) -> Handler:
    """Only for this machine; what cannot be obeyed is answered with a sentence."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        peer = request.transport.get_extra_info("peername") if request.transport else None
        refusal = stranger(peer[0] if peer else None, request.headers)
        if refusal is not None:
            return web.json_response({"error": refusal}, status=403)
        try:
            return await handler(request)
        except (Wrong, NotThere) as wrong:
            return web.json_response({"error": str(wrong)}, status=400)

    return guarded


# The page ------------------------------------------------------------------------------------


async def _home(_request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound("/playground")


async def _page(_request: web.Request) -> web.StreamResponse:
    page = _file(HERE / "pages" / "playground.html")
    page.headers["Content-Security-Policy"] = f"{SAFE['Content-Security-Policy']}; frame-src 'self'"
    return page


async def _static(request: web.Request) -> web.StreamResponse:
    path = HERE / "static" / request.match_info["name"]
    if path.suffix not in FILES or path.parent != HERE / "static" or not path.is_file():
        raise web.HTTPNotFound
    return _file(path)


def _file(path: Path) -> web.FileResponse:
    return web.FileResponse(path, headers={"Cache-Control": "no-cache"})


# The API -------------------------------------------------------------------------------------


class Api:
    """One call at a time, so that what is seen after it was caused by it."""

    def __init__(self, stage: Playground, zone: str, report: str | None = None) -> None:
        self._stage = stage
        self._zone = zone
        self._report = report
        self._turn = asyncio.Lock()

    def acting(self, act: Act) -> Handler:
        """Do it, and tell what the person newly sees; without a person, what anyone does."""

        async def acting(request: web.Request) -> web.StreamResponse:
            fields = given.read(await _body(request), act.needed, act.optional)
            async with self._turn, asyncio.timeout(PATIENCE):
                before = self._stage.tick
                got = await act.do(self._stage, **fields)
            who, platform = fields.get("who"), fields.get("platform")
            shown = self._stage.seen(who, platform, after=before)
            seen = [_seen(m, everyone=who is None) for m in shown if m.author == BOT]
            if got is None:
                return self._answer(seen)
            return self._answer(seen, choices=[{"label": shown, "value": it} for shown, it in got])

        return acting

    async def transcript(self, request: web.Request) -> web.StreamResponse:
        """Everything on a person's screen: the bot's messages, and apart what people said."""
        asked = {name: value for name, value in request.query.items() if value}
        fields = given.read(asked, WHO, {"place": given.place})
        shown = self._stage.seen(**fields)
        said = [
            {"id": m.id, "author": m.author, "text": m.text, "place": m.place, "order": m.order}
            for m in shown
            if m.author != BOT
        ]
        return self._answer([_seen(m) for m in shown if m.author == BOT], said=said)

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """The picture of a message."""
        fields = given.read(request.query, {"message": given.line}, {})
        message = self._stage.messages.get(fields["message"])
        if message is None or message.picture is None:
            raise web.HTTPNotFound
        kept = {"Cache-Control": "private, max-age=3600"}
        return web.Response(body=message.picture.png, content_type=pictures.TYPE, headers=kept)

    async def commands(self, request: web.Request) -> web.StreamResponse:
        """The commands of a platform, described in a language."""
        needed = {"platform": given.platform, "language": given.language}
        fields = given.read(request.query, needed, {})
        door = self._stage.doors[fields["platform"]]
        cards = [_card(card, fields["language"], door.capabilities) for card in door.commands]
        return self._answer([], commands=cards, forms=door.capabilities.fields > 0)

    async def pulse(self, _request: web.Request) -> web.StreamResponse:
        """The time, and a mark that grows with every change on any screen."""
        return self._answer([], mark=self._stage.tick, zone=self._zone, report=self._report)

    def _answer(self, seen: list[Json], **more: Any) -> web.Response:
        now = self._stage.clock.now().isoformat(timespec="milliseconds")
        answer = {"seen": seen, **more, "now": now}
        return web.json_response(answer, headers={"Cache-Control": "no-store"})


async def _body(request: web.Request) -> Any:
    try:
        return json.loads(await request.read())
    except web.HTTPRequestEntityTooLarge:
        raise Wrong("That is too long for one call. Send at most 1 MB.") from None
    except (ValueError, RecursionError):
        raise Wrong('The body is not JSON. Send an object such as {"who": "Rima"}.') from None


def _seen(message: Message, *, everyone: bool = False) -> Json:
    """A message of the bot; where it is not clear for whom it is, that is added."""
    capabilities = LIMITS[message.platform]
    shown: Json = {
        "id": message.id,
        "place": message.place,
        "private": message.to is not None,
        "text": message.text,
        "buttons": [_button(key) for row in message.rows for key in row],
        "edited": message.edited,
        "kind": message.kind,
        "length": present.length(message.text, capabilities.unit),
        "limit": capabilities.toast if message.kind == "toast" else capabilities.text,
        "order": message.order,
    }
    if message.sheet is not None:
        shown["form"] = _form(message, message.sheet)
    if message.picture is not None:
        src = f"{API}picture?message={message.id}"
        shown["picture"] = {"src": src, "alt": message.picture.alt}
        shown["limit"] = capabilities.caption
    return shown | ({"platform": message.platform, "to": message.to} if everyone else {})


def _button(key: Key) -> Json:
    if key.url is not None:
        return {"id": "url", "label": key.label, "url": key.url}
    return {"id": key.data, "label": key.label}


def _form(message: Message, sheet: Sheet) -> Json:
    fields = [
        {"name": line.name, "label": line.label, "required": line.required, "long": line.long,
         "limit": line.limit, "value": line.value}
        for line in sheet.lines
    ]  # fmt: skip
    return {"id": message.id, "title": sheet.title, "fields": fields}


def _card(card: CommandCard, language: str, capabilities: Capabilities) -> Json:
    options = [
        {"name": option.name, "label": option.about[language], "kind": option.kind,
         "required": option.required,
         "choices": [{"label": label, "value": value} for label, value in option.choices],
         "suggested": option.suggested and capabilities.suggestions > 0}
        for option in card.options
    ]  # fmt: skip
    return {
        "name": card.name, "about": card.about[language], "team": card.team, "menu": card.menu,
        "options": options,
    }  # fmt: skip
