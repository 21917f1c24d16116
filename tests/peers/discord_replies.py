"""How the loopback Discord server takes the answers to interactions: callbacks and webhooks."""

from __future__ import annotations

import time
from collections.abc import Callable

from aiohttp import web

from tests.peers import discord_limits as limits
from tests.peers.discord_world import MODAL, PRESS, TYPING, Interaction, Json, Refused, World

UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK, UNKNOWN_INTERACTION = 10008, 10015, 10062
BAD_TOKEN, ALREADY = 50027, 40060
LOADING = 1 << 7  # the flag of "thinking…"
FIRST, LIFE = 3.0, 900.0  # seconds until the first answer, and until the token dies


class Replies:
    """Interactions by token, and what they were answered with. `checked` refuses bad bodies."""

    def __init__(self, world: World, checked: Callable[[str, list[str]], None]) -> None:
        self.world = world
        self.interactions: dict[str, Interaction] = {}
        self.modals: dict[tuple[str, str], tuple[Interaction, Json]] = {}  # by user, custom_id
        self._checked = checked

    def changed(self, message: Json, body: Json) -> Json:
        """A message after an edit."""
        self._checked("edit", limits.message(body, webhook=True, edit=True))
        message.update({k: body[k] for k in ("content", "components") if k in body})
        message["edited_timestamp"] = self.world.stamp()
        return message

    def callback(self, request: web.Request, body: Json) -> Json | None:
        """The first answer; `with_response` tells what became of it."""
        told = self.interactions.get(request.match_info["token"])
        if told is None or (told.state == "new" and time.monotonic() - told.at > FIRST):
            raise Refused(404, UNKNOWN_INTERACTION, "Unknown interaction")
        if told.state != "new":
            raise Refused(400, ALREADY, "Interaction has already been acknowledged.")
        self._suits(told.kind, body["type"])
        made = self._first(told, body["type"], body.get("data") or {})
        if not told.first.done():
            told.first.set_result(body)
        if request.query.get("with_response") not in ("1", "true"):
            return None
        about: Json = {"id": told.id, "type": told.kind, "response_message_id": told.reply}
        return {"interaction": about, "resource": {"type": body["type"], "message": made}}

    def _suits(self, kind: int, given: int) -> None:
        typing, pressed = kind == TYPING, kind == PRESS
        suits = {4: not typing, 5: not typing, 6: pressed, 7: pressed, 8: typing,
                 9: not typing and kind != MODAL}  # fmt: skip
        if not suits.get(given):
            self._checked("callback", [f"{given} does not answer an interaction of type {kind}"])

    def _first(self, told: Interaction, given: int, data: Json) -> Json | None:
        told.private = bool(data.get("flags", 0) & 1 << 6)
        match given:
            case 4:
                self._checked("reply", limits.message(data, webhook=True))
                return self._shown(told, data)
            case 5:
                waiting = self.world.message(told.place["channel_id"], self.world.bot, {})
                waiting["flags"] = LOADING | told.private << 6
                told.state, told.reply = "deferred", waiting["id"]
            case 6:
                told.state, told.reply = "silent", told.source
            case 7:
                changed = self.changed(self.world.messages[str(told.source)], data)
                told.state, told.reply = "shown", told.source
                return changed
            case 8:
                self._checked("choices", limits.choices(data.get("choices", [])))
                told.state = "shown"
            case _:
                self._checked("modal", limits.modal(data))
                told.state = "shown"
                self.modals[told.user, data["custom_id"]] = (told, data)
        return None

    def _shown(self, told: Interaction, data: Json) -> Json:
        if told.state == "deferred":
            made = self.world.messages[str(told.reply)]
            made.update(content=data.get("content") or "", components=data.get("components") or [])
            made["attachments"] = data.get("attachments") or []
        else:
            made = self.world.message(told.place["channel_id"], self.world.bot, data)
        told.state, told.reply = "shown", made["id"]
        made["flags"] = made["flags"] & ~LOADING | told.private << 6
        return made

    def _ticket(self, request: web.Request) -> Interaction:
        told = self.interactions.get(request.match_info["token"])
        if told is None or told.state == "new":
            raise Refused(404, UNKNOWN_WEBHOOK, "Unknown Webhook")
        if time.monotonic() - told.at > LIFE:
            raise Refused(401, BAD_TOKEN, "Invalid Webhook Token")
        return told

    def _reply(self, request: web.Request) -> Json:
        told, wanted = self._ticket(request), request.match_info["message"]
        found = self.world.messages.get(str(told.reply) if wanted == "@original" else wanted)
        if found is None:
            raise Refused(404, UNKNOWN_MESSAGE, "Unknown Message")
        return found

    def get_reply(self, request: web.Request, _body: None) -> Json:
        """GET of the reply."""
        return self._reply(request)

    def edit_reply(self, request: web.Request, body: Json) -> Json:
        """PATCH of the reply; the first one after a deferral shows it."""
        told = self._ticket(request)
        if told.state == "deferred" and request.match_info["message"] == "@original":
            self._checked("reply", limits.message(body, webhook=True))
            return self._shown(told, body)
        return self.changed(self._reply(request), body)

    def delete_reply(self, request: web.Request, _body: None) -> None:
        """DELETE of the reply, or of the "thinking…" of a deferral."""
        told = self._ticket(request)
        del self.world.messages[self._reply(request)["id"]]
        told.state = "silent"

    def follow_up(self, request: web.Request, body: Json) -> Json:
        """A further message; the first one after a deferral is the reply itself."""
        told = self._ticket(request)
        self._checked("follow-up", limits.message(body, webhook=True))
        if told.state == "deferred":
            return self._shown(told, body)
        made = self.world.message(told.place["channel_id"], self.world.bot, body)
        told.followups.append(made["id"])
        return made
