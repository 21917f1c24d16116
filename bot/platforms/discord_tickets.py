"""Answers to interactions: the first within three seconds, then an edit of it, then more."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from discord.http import Route

from bot.model import Event
from bot.platforms.base import Gone, Outgoing, Sent
from bot.platforms.discord_http import Answered, Json
from bot.platforms.discord_read import PRESS
from bot.platforms.discord_write import (
    EPHEMERAL,
    LOADING,
    body_of,
    choices_of,
    modal_of,
)  # fmt: skip

ACKNOWLEDGE = 1.2  # seconds after which an interaction nobody answered is deferred
KEPT = 4096  # tickets remembered; what became of an older one is asked of Discord
_REPLY, _DEFER, _SILENT, _UPDATE, _CHOICES, _MODAL = 4, 5, 6, 7, 8, 9
_FIRST = "/interactions/{webhook_id}/{webhook_token}/callback"
_MORE = "/webhooks/{webhook_id}/{webhook_token}"
_ORIGINAL = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"


class State(Enum):
    """What became of an interaction, as far as this process knows."""

    OPEN = auto()  # if it has been answered after all, Discord will say so
    DEFERRED = auto()
    ANSWERED = auto()
    DEAD = auto()


@dataclass(slots=True, eq=False)
class Ticket:
    """An interaction. `private`: its deferral is seen by one person alone; `message`: pressed."""

    kind: int
    id: str
    token: str
    state: State = State.OPEN
    private: bool = False
    message: str | None = None
    sent: dict[str, Sent] = field(default_factory=dict)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # deferral and answer do not cross
    timer: asyncio.TimerHandle | None = None


class Tickets:
    """`call(route, body)` reaches Discord; `app` is the application's id, known once logged in."""

    def __init__(
        self, call: Callable[[Route, Json | None], Awaitable[Any]], app: Callable[[], int]
    ) -> None:
        self._call = call
        self._app = app
        self._live: OrderedDict[str, Ticket] = OrderedDict()

    def open(self, event: Event) -> Ticket:
        """The ticket of an interaction that has just come in."""
        ticket = self._of(str(event.ticket))
        ticket.private, ticket.message = not event.place.private, event.message
        return ticket

    def _of(self, handle: str) -> Ticket:
        if handle not in self._live:
            kind, id, token = handle.split(":", 2)
            self._live[handle] = Ticket(int(kind), id, token)
            if len(self._live) > KEPT:
                self._live.popitem(last=False)
        return self._live[handle]

    async def defer(self, ticket: Ticket) -> None:
        """Say "thinking…" unless it has been answered. Raises Busy, Doubt or Gone."""
        async with ticket.turn:
            if ticket.state is State.OPEN:
                await self._first(ticket, _DEFER, {"flags": EPHEMERAL} if ticket.private else {})

    async def answer(self, out: Outgoing) -> Sent:
        """Answer the interaction `out.ticket`. Raises Gone("expired") where that is over."""
        ticket = self._of(str(out.ticket))
        async with ticket.turn:
            if ticket.state is State.DEAD:
                raise Gone("expired")
            if out.id not in ticket.sent:
                ticket.sent[out.id] = await self._answer(ticket, out)
            return ticket.sent[out.id]

    async def _answer(self, ticket: Ticket, out: Outgoing) -> Sent:
        match out.how:
            case "choices":
                return await self._only(ticket, _CHOICES, choices_of(out))
            case "form" if out.sheet is not None:
                return await self._only(ticket, _MODAL, modal_of(out.sheet))
            case "edit":
                if ticket.kind != PRESS or ticket.message != out.message:
                    raise Gone("expired")
                return await self._only(ticket, _UPDATE, body_of(out))
            case "toast" if not out.text:
                return await self._acknowledge(ticket)
        return await self._say(ticket, out)

    async def _first(self, ticket: Ticket, kind: int, data: Json) -> str | None:
        """The first answer; the id of the message it made. Raises Answered when it was not."""
        try:
            route = Route("POST", _FIRST, webhook_id=ticket.id, webhook_token=ticket.token)
            made = await self._call(route, {"type": kind, "data": data})
        except Gone as gone:
            self._ended(ticket, gone)
            raise
        ticket.state = State.DEFERRED if kind == _DEFER else State.ANSWERED
        if ticket.timer is not None:
            ticket.timer.cancel()
        message = (made or {}).get("resource", {}).get("message")
        return message["id"] if message else None

    async def _only(self, ticket: Ticket, kind: int, data: Json) -> Sent:
        """What can only be a first answer."""
        if ticket.state is not State.OPEN:
            raise Gone("expired")
        try:
            return Sent(await self._first(ticket, kind, data))
        except Answered as answered:
            raise Gone("expired") from answered

    async def _acknowledge(self, ticket: Ticket) -> Sent:
        """Nothing to say: a press ends silently, for the rest "thinking…" is taken away."""
        try:
            if ticket.state is State.OPEN:
                silent = ticket.kind == PRESS
                await self._first(ticket, _SILENT if silent else _DEFER, {"flags": EPHEMERAL})
        except Answered:
            await self._look(ticket)
        if ticket.state is State.DEFERRED:
            await self._take_back(ticket)
        return Sent()

    async def _say(self, ticket: Ticket, out: Outgoing) -> Sent:
        alone = out.how != "message" and not out.place.private
        body = body_of(out, EPHEMERAL if alone else 0)
        if ticket.state is State.OPEN:
            try:
                return Sent(await self._first(ticket, _REPLY, body))
            except Answered:
                said = await self._look(ticket)
                if said is not None and said["content"].strip() == out.text.strip():
                    return Sent(said["id"])
        if ticket.state is State.DEFERRED:
            return await self._show(ticket, body, alone)
        return Sent((await self._later(ticket, "POST", _MORE, body))["id"])

    async def _show(self, ticket: Ticket, body: Json, alone: bool) -> Sent:
        """Put the answer where "thinking…" stands."""
        if ticket.private and not alone:  # what began for one person cannot be shown to all
            await self._take_back(ticket)
            raise Gone("expired")
        made = await self._later(ticket, "PATCH", _ORIGINAL, body)
        ticket.state = State.ANSWERED
        return Sent(made["id"])

    async def _take_back(self, ticket: Ticket) -> None:
        await self._later(ticket, "DELETE", _ORIGINAL)
        ticket.state = State.ANSWERED

    async def _look(self, ticket: Ticket) -> Json | None:
        """Ask Discord what the first answer was; None when there is none to see."""
        ticket.state = State.ANSWERED
        try:
            found: Json = await self._later(ticket, "GET", _ORIGINAL)
        except Gone:
            return None
        if found["flags"] & LOADING:
            ticket.state, ticket.private = State.DEFERRED, bool(found["flags"] & EPHEMERAL)
            return None
        return found

    async def _later(self, ticket: Ticket, method: str, path: str, body: Json | None = None) -> Any:
        route = Route(method, path, webhook_id=self._app(), webhook_token=ticket.token)
        try:
            return await self._call(route, body)
        except Gone as gone:
            self._ended(ticket, gone)
            raise

    @staticmethod
    def _ended(ticket: Ticket, gone: Gone) -> None:
        if gone.why == "expired":
            ticket.state = State.DEAD
