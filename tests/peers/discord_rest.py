"""The REST side of the loopback Discord server: routes, limits, error codes and faults."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.peers import discord_limits as limits
from tests.peers.discord_replies import UNKNOWN_MESSAGE, Replies
from tests.peers.discord_world import Json, Refused, Request, World

UNKNOWN_CHANNEL, CANNOT_DM, BAD_BODY = 10003, 50007, 50035
CONTENT_TYPE = "application/json"  # discord.py compares the header with exactly this


@dataclass(slots=True)
class Fault:
    """What the next `times` calls of `method` whose path holds `path` are answered with.

    `after` does the work first: the bot cannot know whether it was done.
    """

    method: str
    path: str
    status: int | None  # None: the connection is reset
    retry_after: float = 0.0
    code: int = 0
    times: int = 1
    after: bool = False
    everywhere: bool = False  # a 429 for the whole bot


def answer(status: int, body: Any = None, headers: dict[str, str] | None = None) -> web.Response:
    """A JSON answer; without a body an empty one."""
    if body is None:
        return web.Response(status=status, headers=headers)
    packed = json.dumps(body).encode()
    return web.Response(status=status, body=packed, content_type=CONTENT_TYPE, headers=headers)


async def _body_of(request: web.Request) -> tuple[Any, bytes | None]:
    """The body, and the file that came with it, if any."""
    if not request.content_type.startswith("multipart/"):
        raw = await request.read()
        return json.loads(raw) if raw else None, None
    form = await request.post()
    file = form.get("files[0]")
    if not isinstance(file, web.FileField):
        return json.loads(str(form["payload_json"])), None
    with file.file as opened:
        return json.loads(str(form["payload_json"])), opened.read()


class Rest:
    """Routes under /api/v10. `sent` is all the bot asked, `invalid` all it should not have."""

    def __init__(self, world: World, told: Callable[[], None]) -> None:
        self.world = world
        self.token = ""
        self.gateway_url = ""
        self.sent: list[Request] = []
        self.invalid: list[str] = []
        self.faults: list[Fault] = []
        self.commands: list[Json] = []
        self.replies = Replies(world, self._checked)
        self.closed_dms: set[str] = set()  # user ids
        self._told = told
        self._nonces: dict[tuple[str, str], Json] = {}
        self._quiet: dict[tuple[str, str], float] = {}

    def routes(self) -> list[web.RouteDef]:
        """The routes, for an application at /api/v10."""
        app, hook = f"/applications/{self.world.bot['id']}", "/webhooks/{app}/{token}"
        table: list[tuple[str, str, Callable[[web.Request, Any], Any]]] = [
            ("GET", "/users/@me", lambda _r, _b: self.world.bot),
            ("GET", "/gateway/bot", self._gateway),
            ("GET", "/oauth2/applications/@me", self._application),
            ("GET", app, self._application),
            ("GET", f"{app}/commands", lambda _r, _b: self.commands),
            ("PUT", f"{app}/commands", self._upsert),
            ("GET", "/guilds/{guild}/members/{user}", self._member),
            ("POST", "/users/@me/channels", self._open_dm),
            ("POST", "/channels/{channel}/messages", self._post),
            ("PATCH", "/channels/{channel}/messages/{message}", self._edit),
            ("DELETE", "/channels/{channel}/messages/{message}", self._delete),
            ("POST", "/interactions/{id}/{token}/callback", self.replies.callback),
            ("POST", hook, self.replies.follow_up),
            ("GET", f"{hook}/messages/{{message}}", self.replies.get_reply),
            ("PATCH", f"{hook}/messages/{{message}}", self.replies.edit_reply),
            ("DELETE", f"{hook}/messages/{{message}}", self.replies.delete_reply),
        ]
        return [web.route(method, path, self._served(work)) for method, path, work in table]

    def _served(
        self, work: Callable[[web.Request, Any], Any]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def serve(request: web.Request) -> web.Response:
            body, file = await _body_of(request)
            path = request.path.removeprefix("/api/v10")
            seen = Request(request.method, path, body, time.monotonic(), file=file)
            token = request.match_info.get("token", "")
            seen.interaction = self.replies.interactions.get(token)
            plain = file is None and body is not None
            if plain and request.headers.get("Content-Type") != CONTENT_TYPE:
                self.invalid.append(f"{path}: a body of type {request.content_type}")
            self.sent.append(seen)
            response = self._answered(request, seen, work)
            seen.status = response.status if response else -1
            self._told()
            if response is None and request.transport is not None:
                request.transport.abort()
            return response or web.Response()

        return serve

    def _answered(
        self, request: web.Request, seen: Request, work: Callable[[web.Request, Any], Any]
    ) -> web.Response | None:
        """The answer, or None for a connection that is reset."""
        self._early(seen)
        fault = self._due(seen)
        if fault and not fault.after:
            return self._faulty(fault, seen)
        try:
            if "token" not in request.match_info and (
                request.headers.get("Authorization") != f"Bot {self.token}"
            ):
                raise Refused(401, 0, "401: Unauthorized")
            if isinstance(seen.body, dict):
                self._checked("file", limits.file(seen.file, seen.body))
            body = work(request, seen.body)
        except Refused as refused:
            return answer(refused.status, refused.body)
        if fault:
            return self._faulty(fault, seen)
        return answer(204) if body is None else answer(200, body)

    def _due(self, seen: Request) -> Fault | None:
        for fault in self.faults:
            if fault.method == seen.method and fault.path in seen.path:
                fault.times -= 1
                self.faults = [one for one in self.faults if one.times > 0]
                return fault
        return None

    def _early(self, seen: Request) -> None:
        until = self._quiet.pop((seen.method, seen.path), 0.0)
        if seen.at < until:
            self.invalid.append(f"{seen.path}: {until - seen.at:.3f} s before it was allowed again")

    def _faulty(self, fault: Fault, seen: Request) -> web.Response | None:
        if fault.status is None:
            return None
        if fault.status != 429:
            return answer(fault.status, {"message": "a fault", "code": fault.code})
        self._quiet[seen.method, seen.path] = seen.at + fault.retry_after
        body = {"message": "You are being rate limited.", "retry_after": fault.retry_after,
                "global": fault.everywhere}  # fmt: skip
        return answer(429, body, {
            "Retry-After": str(math.ceil(fault.retry_after)), "Via": "1.1 google",
            "X-RateLimit-Limit": "5", "X-RateLimit-Remaining": "0", "X-RateLimit-Scope": "user",
            "X-RateLimit-Reset-After": str(fault.retry_after), "X-RateLimit-Bucket": "b0",
            "X-RateLimit-Reset": str(time.time() + fault.retry_after),
        })  # fmt: skip

    def _checked(self, what: str, wrong: list[str]) -> None:
        if wrong:
            self.invalid += [f"{what}: {one}" for one in wrong]
            raise Refused(400, BAD_BODY, f"Invalid Form Body: {'; '.join(wrong)}")

    def _gateway(self, _request: web.Request, _body: None) -> Json:
        limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        return {"url": self.gateway_url, "shards": 1, "session_start_limit": limit}

    def _application(self, _request: web.Request, _body: None) -> Json:
        bot = self.world.bot
        return {"id": bot["id"], "name": "Adda", "icon": None, "description": "", "summary": "",
                "bot_public": True, "bot_require_code_grant": False, "verify_key": "00", "flags": 0,
                "bot": bot, "owner": self.world.user("the operator"), "team": None}  # fmt: skip

    def _upsert(self, _request: web.Request, body: list[Json]) -> list[Json]:
        self._checked("commands", limits.commands(body))
        own = {"application_id": self.world.bot["id"], "version": self.world.id()}
        self.commands = [{"type": 1, **card, **own, "id": self.world.id()} for card in body]
        return self.commands

    def _member(self, request: web.Request, _body: None) -> Json:
        return self.world.member(request.match_info["guild"], request.match_info["user"])

    def _open_dm(self, _request: web.Request, body: Json) -> Json:
        return self.world.dm(body["recipient_id"])

    def _post(self, request: web.Request, body: Json) -> Json:
        channel = self.world.channels.get(request.match_info["channel"])
        if channel is None:
            raise Refused(404, UNKNOWN_CHANNEL, "Unknown Channel")
        if channel["type"] == 1 and channel["recipients"][0]["id"] in self.closed_dms:
            raise Refused(403, CANNOT_DM, "Cannot send messages to this user")
        self._checked("message", limits.message(body))
        nonce = (channel["id"], str(body.get("nonce")))
        if body.get("enforce_nonce") and nonce in self._nonces:
            return self._nonces[nonce]
        made = self.world.message(channel["id"], self.world.bot, body)
        if body.get("nonce"):
            self._nonces[nonce] = made
        return made

    def _found(self, channel: str, message: str) -> Json:
        found = self.world.messages.get(message)
        if found is None or found["channel_id"] != channel:
            raise Refused(404, UNKNOWN_MESSAGE, "Unknown Message")
        return found

    def _edit(self, request: web.Request, body: Json) -> Json:
        found = self._found(request.match_info["channel"], request.match_info["message"])
        return self.replies.changed(found, body)

    def _delete(self, request: web.Request, _body: None) -> None:
        found = self._found(request.match_info["channel"], request.match_info["message"])
        del self.world.messages[found["id"]]
