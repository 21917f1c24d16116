"""The gateway of the loopback Discord server: sessions with a sequence, resumed after a break."""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.peers.discord_world import Json, World

PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15  # members, presences, message content
GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 9, 1 << 12


@dataclass(slots=True, eq=False)
class Session:
    """What a bot that identified itself is told; `log` is replayed when it resumes."""

    id: str
    intents: int
    socket: Wire | None = None
    sequence: int = 0
    log: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=5000))


class Wire:
    """One connection, compressed when the bot asked for it."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self.request = request
        self.socket = socket
        wanted = request.query.get("compress") == "zlib-stream"
        self._zlib = zlib.compressobj() if wanted else None

    async def send(self, text: str) -> None:
        """Send a frame; a connection that is gone loses it, as Discord's do."""
        with suppress(ConnectionError):
            if self._zlib is None:
                await self.socket.send_str(text)
            else:
                packed = self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
                await self.socket.send_bytes(packed)

    def abort(self) -> None:
        """Reset the connection without a word."""
        if self.request.transport is not None:
            self.request.transport.abort()


class Gateway:
    """Accepts bots. `identifies`, `resumes` hold when each came; `beats` counts heartbeats."""

    def __init__(self, world: World, told: Callable[[], None]) -> None:
        self.world = world
        self.token = ""
        self.url = ""
        self.heartbeat = 41.25
        self.approved = 0  # privileged intents that this application may use
        self.down = False
        self.identifies: list[float] = []
        self.resumes: list[float] = []
        self.beats = 0
        self.session: Session | None = None
        self.invalid: list[str] = []
        self._told = told
        self._resumable: dict[str, Session] = {}
        self._open: set[Wire] = set()

    @property
    def connected(self) -> bool:
        """True while a bot that identified itself or resumed is listening."""
        return self.session is not None and self.session.socket in self._open

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One connection, from HELLO to its end."""
        if self.down:
            return web.Response(status=503)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        wire = Wire(request, socket)
        self._open.add(wire)
        hello = {"op": 10, "d": {"heartbeat_interval": int(self.heartbeat * 1000)}}
        try:
            await wire.send(json.dumps(hello))
            async for message in socket:
                await self._frame(wire, json.loads(message.data))
        finally:
            self._open.discard(wire)
            self._told()
        return socket

    async def _frame(self, wire: Wire, frame: Json) -> None:
        match frame["op"]:
            case 1:
                self.beats += 1
                await wire.send('{"op":11}')
            case 2:
                self.identifies.append(time.monotonic())
                await self._identify(wire, frame["d"])
            case 6:
                self.resumes.append(time.monotonic())
                await self._resume(wire, frame["d"])
            case other:
                self.invalid.append(f"gateway opcode {other}")
                await wire.socket.close(code=4001)
        self._told()

    async def _identify(self, wire: Wire, asked: Json) -> None:
        if asked["token"] != self.token:
            await wire.socket.close(code=4004, message=b"Authentication failed.")
            return
        if asked["intents"] & PRIVILEGED & ~self.approved:
            await wire.socket.close(code=4014, message=b"Disallowed intent(s).")
            return
        session = Session(f"session-{len(self.identifies)}", asked["intents"], wire)
        self.session = self._resumable[session.id] = session
        guilds = list(self.world.guilds.values())
        await self._dispatch(session, "READY", {
            "v": 10, "user": self.world.bot, "session_id": session.id, "session_type": "normal",
            "guilds": [{"id": guild["id"], "unavailable": True} for guild in guilds],
            "resume_gateway_url": self.url, "application": {"id": self.world.bot["id"], "flags": 0},
        })  # fmt: skip
        for guild in guilds:
            await self._dispatch(session, "GUILD_CREATE", {**guild, "unavailable": False})

    async def _resume(self, wire: Wire, asked: Json) -> None:
        session = self._resumable.get(asked["session_id"])
        if asked["token"] != self.token:
            await wire.socket.close(code=4004, message=b"Authentication failed.")
        elif session is None or asked["seq"] is None or asked["seq"] > session.sequence:
            await wire.send('{"op":9,"d":false}')
        else:
            for sequence, text in list(session.log):
                if sequence > asked["seq"]:
                    await wire.send(text)
            session.socket, self.session = wire, session
            await self._dispatch(session, "RESUMED", {})

    async def _dispatch(self, session: Session, name: str, data: Any) -> None:
        session.sequence += 1
        text = json.dumps({"op": 0, "s": session.sequence, "t": name, "d": data})
        session.log.append((session.sequence, text))
        if session.socket is not None:
            await session.socket.send(text)

    async def emit(self, name: str, data: Json) -> None:
        """Tell the bot; while it is away the session remembers. Without one nothing is told."""
        if self.session is None:
            raise RuntimeError("no bot has identified itself yet")
        if name == "MESSAGE_CREATE":
            needed = GUILD_MESSAGES if "guild_id" in data else DIRECT_MESSAGES
            if not self.session.intents & needed:
                return
        await self._dispatch(self.session, name, data)

    def reset(self) -> None:
        """Break every connection at the TCP level."""
        for wire in list(self._open):
            wire.abort()

    async def reconnect(self) -> None:
        """Ask the bot to come back and resume (opcode 7)."""
        await self._everyone('{"op":7,"d":null}')

    async def invalidate(self, resumable: bool = False) -> None:
        """End the session (opcode 9)."""
        if not resumable:
            self._resumable.clear()
        await self._everyone(json.dumps({"op": 9, "d": resumable}))

    async def closes(self, code: int) -> None:
        """Close every connection with this code."""
        await asyncio.gather(*(wire.socket.close(code=code) for wire in list(self._open)))

    async def _everyone(self, text: str) -> None:
        for wire in list(self._open):
            await wire.send(text)
