"""Users, servers and interactions as the loopback Discord server knows and describes them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]
EPOCH = 1_420_070_400_000  # milliseconds; the first moment a snowflake can name
SLASH, PRESS, TYPING, MODAL = 2, 3, 4, 5


class Refused(Exception):
    """An error answer."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body: Json = {"message": message, "code": code}


@dataclass(slots=True)
class Request:
    """One call of the bot's: `at` on the peer's clock, `status` what it was answered with."""

    method: str
    path: str
    body: Any
    at: float
    interaction: Interaction | None = None
    status: int = 0
    file: bytes | None = None  # what came beside the body


@dataclass(slots=True, eq=False)
class Interaction:
    """One use of a command, button, modal or suggestion, and what became of it.

    `state` goes new → deferred | shown | silent; `reply` is the message it was answered with.
    """

    id: str
    token: str
    kind: int
    user: str
    place: Json
    at: float
    first: asyncio.Future[Json]
    source: str | None = None  # the message whose button was pressed
    state: str = "new"
    private: bool = False
    reply: str | None = None
    followups: list[str] = field(default_factory=list)


class World:
    """Names become ids here; the same name is always the same user, server or channel."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self.now = now
        self.bot = {"id": "100000000000000001", "username": "Adda", "bot": True, "avatar": None,
                    "discriminator": "0000", "global_name": "Adda"}  # fmt: skip
        self.users: dict[str, Json] = {}
        self.guilds: dict[str, Json] = {}
        self.channels: dict[str, Json] = {}
        self.messages: dict[str, Json] = {}
        self.absent: set[tuple[str, str]] = set()  # (server, user id)
        self.roles: dict[tuple[str, str], list[str]] = {}
        self.joined: dict[tuple[str, str], str] = {}
        self._people: dict[str, Json] = {}  # by id
        self._dms: dict[str, Json] = {}  # by user id
        self._count = 0

    def id(self) -> str:
        """A snowflake of this moment."""
        self._count += 1
        return str((int(self.now() * 1000) - EPOCH) << 22 | self._count & 0x3FFFFF)

    def stamp(self) -> str:
        """This moment as Discord writes it."""
        return datetime.fromtimestamp(self.now(), UTC).isoformat()

    def user(self, name: str) -> Json:
        """The person of this name."""
        if name not in self.users:
            person: Json = {
                "id": self.id(), "username": name.lower(), "global_name": name, "avatar": None,
                "discriminator": "0", "public_flags": 0,
            }  # fmt: skip
            self.users[name] = self._people[person["id"]] = person
        return self.users[name]

    def guild(self, name: str) -> Json:
        """The server of this name, with one channel."""
        if name not in self.guilds:
            guild_id, owner = self.id(), self.user(f"owner of {name}")
            channel: Json = {"id": self.id(), "type": 0, "name": "general", "position": 0,
                             "permission_overwrites": [], "guild_id": guild_id}  # fmt: skip
            everyone = {"id": guild_id, "name": "@everyone", "permissions": "0", "position": 0,
                        "color": 0, "hoist": False, "managed": False, "mentionable": False,
                        "colors": {"primary_color": 0}}  # fmt: skip
            self.channels[channel["id"]] = channel
            self.guilds[name] = {
                "id": guild_id, "name": name, "owner_id": owner["id"], "channels": [channel],
                "roles": [everyone], "members": [], "emojis": [], "stickers": [], "threads": [],
                "system_channel_id": channel["id"], "joined_at": self.stamp(), "features": [],
                "preferred_locale": "en-US", "member_count": 2, "large": False, "afk_timeout": 300,
                "premium_tier": 0, "verification_level": 0, "default_message_notifications": 0,
                "explicit_content_filter": 0, "mfa_level": 0, "nsfw_level": 0, "voice_states": [],
                "system_channel_flags": 0, "presences": [], "stage_instances": [],
            }  # fmt: skip
        return self.guilds[name]

    def dm(self, user_id: str) -> Json:
        """The channel in which the bot and this person are alone."""
        if user_id not in self._dms:
            channel: Json = {"id": self.id(), "type": 1, "recipients": [self._people[user_id]]}
            self._dms[user_id] = self.channels[channel["id"]] = channel
        return self._dms[user_id]

    def place(self, user: str, guild: str | None) -> Json:
        """Where something happens, as the fields every payload from there has."""
        if guild is None:
            channel = self.dm(self.user(user)["id"])
            return {"channel_id": channel["id"], "channel": channel}
        found = self.guild(guild)
        channel = found["channels"][0]
        return {"guild_id": found["id"], "channel_id": channel["id"], "channel": channel}

    def who(self, user: str, place: Json) -> Json:
        """The user of an interaction: a member in a server, plain elsewhere."""
        if "guild_id" not in place:
            return {"user": self.user(user)}
        member = self.member(place["guild_id"], self.user(user)["id"])
        return {"member": member | {"permissions": "2048"}}

    def member(self, guild: str, user: str) -> Json:
        """A person's membership of a server; whoever did not leave is in all of them."""
        if all(one["id"] != guild for one in self.guilds.values()):
            raise Refused(404, 10004, "Unknown Guild")
        if user not in self._people:
            raise Refused(404, 10013, "Unknown User")
        if (guild, user) in self.absent:
            raise Refused(404, 10007, "Unknown Member")
        return {
            "user": self._people[user], "roles": self.roles.get((guild, user), []), "nick": None,
            "joined_at": self.joined.get((guild, user)) or self.stamp(), "flags": 0,
            "deaf": False, "mute": False,
        }  # fmt: skip

    def interaction(self, user: str, kind: int, guild: str | None) -> Interaction:
        """A new interaction; nobody has been told of it yet."""
        made = self.id()
        return Interaction(
            made, f"token-{made}", kind, user, self.place(user, guild), time.monotonic(),
            asyncio.get_running_loop().create_future(),
        )  # fmt: skip

    def payload(self, told: Interaction, data: Json, source: Json | None = None) -> Json:
        """The INTERACTION_CREATE of an interaction."""
        where = {"message": source} if source else {}
        return {
            "id": told.id, "application_id": self.bot["id"], "type": told.kind, "data": data,
            "token": told.token, "version": 1, "locale": "en-US", "entitlements": [],
            "context": 0 if "guild_id" in told.place else 1, "attachment_size_limit": 10485760,
            "authorizing_integration_owners": {}, "app_permissions": "2048",
            **told.place, **self.who(told.user, told.place), **where,
        }  # fmt: skip

    def message(self, channel: str, author: Json, body: Json) -> Json:
        """A message, kept."""
        made = {
            "id": self.id(), "channel_id": channel, "author": author, "type": 0, "tts": False,
            "content": body.get("content") or "", "components": body.get("components") or [],
            "timestamp": self.stamp(), "edited_timestamp": None, "flags": body.get("flags", 0),
            "attachments": body.get("attachments") or [], "embeds": [], "mentions": [],
            "mention_roles": [], "mention_everyone": False, "pinned": False,
        }  # fmt: skip
        self.messages[made["id"]] = made
        return made


def find_button(message: Json, wanted: str) -> Json:
    """The button with this label or custom_id. KeyError when the message has none such."""
    for row in message["components"]:
        for button in row["components"]:
            if wanted in (button.get("label"), button.get("custom_id")):
                return dict(button)
    raise KeyError(f"no button {wanted!r} under {message['content']!r}")


def options_of(path: list[str], options: Json) -> list[Json]:
    """Option values as an interaction carries them, nested under the sub-command's name."""
    kinds: dict[type, int] = {bool: 5, int: 4, str: 3}
    flat = [{"name": k, "type": kinds[type(v)], "value": v} for k, v in options.items()]
    return flat if not path else [{"name": path[0], "type": 1, "options": flat}]
