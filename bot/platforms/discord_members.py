"""Who is in a server: what Discord says of one person, told apart from its not saying; pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.platforms.base import Gone, Membership

MEMBER = "/guilds/{guild_id}/members/{user_id}"  # needs no privileged intent
_UNKNOWN = ("(10007)", "(10013)", "(50035)")  # unknown member, unknown user, no id of Discord's


def membership_of(raw: Mapping[str, Any]) -> Membership:
    """A guild member; one that has not yet agreed to the server's rules is a member as well."""
    joined = raw.get("joined_at")
    since = datetime.fromisoformat(joined) if joined else None
    return Membership("member", since, tuple(raw.get("roles", ())))


def no_member(gone: Gone) -> bool:
    """Whether a refusal says that this person is not there, rather than that we may not know."""
    return gone.why.endswith(_UNKNOWN)
