"""Communities, the places they live in, and the people in them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from storage.tx import Row, Tx


@dataclass(frozen=True, slots=True)
class CommunityRow:
    id: str
    name: str
    language: str
    timezone: str


@dataclass(frozen=True, slots=True)
class MemberRow:
    """`heard_language` is what they last wrote in, `private_at` when they first wrote alone."""

    id: str
    role: int
    language: str | None
    heard_language: str | None
    private_at: int | None
    blocked_at: int | None


@dataclass(frozen=True, slots=True)
class PlaceRow:
    platform: str
    chat: str
    thread: str | None
    title: str


@dataclass(frozen=True, slots=True)
class IdentityRow:
    platform: str
    user_id: str
    name: str
    private_at: int | None = None
    blocked_at: int | None = None


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One account of a team member; a person with two accounts has two rows."""

    member: str
    role: int
    language: str | None
    platform: str
    user_id: str
    name: str


@dataclass(frozen=True, slots=True)
class CodeRow:
    community: str
    role: int
    brand: str | None


def _community(row: Row | None) -> CommunityRow | None:
    if row is None:
        return None
    return CommunityRow(row["id"], row["name"], row["language"], row["timezone"])


async def add_community(
    tx: Tx, community: str, name: str, language: str, timezone: str, now: int
) -> None:
    """A creator's community; the first one is where private chats belong."""
    await tx.run(
        "community_add", id=community, name=name, language=language, timezone=timezone, now=now
    )


async def home_community(tx: Tx) -> CommunityRow | None:
    """The community of private chats, None before set-up."""
    return _community(await tx.one("community_first"))


async def community_of(tx: Tx, platform: str, chat: str) -> CommunityRow | None:
    """The community a group or server belongs to."""
    return _community(await tx.one("community_of_place", platform=platform, chat=chat))


async def community(tx: Tx, id: str) -> CommunityRow | None:
    return _community(await tx.one("community_get", id=id))


async def attach(
    tx: Tx, community: str, platform: str, chat: str, thread: str | None, title: str, now: int
) -> None:
    """A group or server joins the community; a home thread once set stays."""
    await tx.run(
        "place_add", platform=platform, chat=chat, community=community, thread=thread, title=title,
        now=now,
    )  # fmt: skip


async def set_home(tx: Tx, platform: str, chat: str, thread: str | None) -> None:
    """Announcements in this group or server go to this topic or channel."""
    await tx.run("place_home", platform=platform, chat=chat, thread=thread)


async def detach(tx: Tx, platform: str, chat: str, now: int) -> None:
    await tx.run("place_leave", platform=platform, chat=chat, now=now)


async def places(tx: Tx, community: str) -> list[PlaceRow]:
    """Where the community can be spoken to in public."""
    rows = await tx.all("places_of", community=community)
    return [PlaceRow(r["platform"], r["chat"], r["thread"], r["title"]) for r in rows]


async def home_with(
    tx: Tx, platform: str, user: str
) -> tuple[CommunityRow | None, MemberRow | None]:
    """The community of private chats, and this account's membership in it: one question."""
    return _both(await tx.one("home_and_member", platform=platform, user_id=user))


async def place_with(
    tx: Tx, platform: str, chat: str, user: str
) -> tuple[CommunityRow | None, MemberRow | None]:
    """The community of a group or server, and this account's membership in it."""
    return _both(await tx.one("place_and_member", platform=platform, chat=chat, user_id=user))


def _both(row: Row | None) -> tuple[CommunityRow | None, MemberRow | None]:
    if row is None:
        return None, None
    community = CommunityRow(
        row["community"], row["name"], row["community_language"], row["timezone"]
    )
    return community, _member(row) if row["id"] is not None else None


def _member(row: Row) -> MemberRow:
    return MemberRow(
        row["id"], row["role"], row["language"], row["heard_language"], row["private_at"],
        row["blocked_at"],
    )  # fmt: skip


async def find_member(tx: Tx, community: str, platform: str, user: str) -> MemberRow | None:
    row = await tx.one("member_find", platform=platform, user_id=user, community=community)
    return _member(row) if row else None


async def add_member(
    tx: Tx, community: str, member: str, platform: str, user: str, name: str, role: int, now: int,
    *, private: bool = False,
) -> bool:  # fmt: skip
    """True when new; False when the same account was added a moment ago by another event.

    `private`: they are seen in a private chat, so we may write there.
    """
    await tx.run("member_add", id=member, community=community, role=role, now=now)
    added = await tx.run(
        "identity_add", platform=platform, user_id=user, community=community, member=member,
        name_sealed=tx.seal.close(name), private_at=now if private else None,
    )  # fmt: skip
    if not added:
        await tx.run("member_forget", member=member, community=community)
    return added > 0


async def spoke_privately(tx: Tx, community: str, platform: str, user: str, now: int) -> None:
    """They opened a private chat with us, so we may write there."""
    await tx.run("identity_private", platform=platform, user_id=user, community=community, now=now)


async def blocked(tx: Tx, platform: str, user: str, now: int) -> None:
    """They want nothing from us; nothing is sent until they speak again."""
    await tx.run("identity_blocked", platform=platform, user_id=user, now=now)


async def identities(tx: Tx, community: str, member: str) -> list[IdentityRow]:
    rows = await tx.all("identities_of", community=community, member=member)
    return [
        IdentityRow(
            r["platform"], r["user_id"], tx.seal.open(r["name_sealed"]), r["private_at"],
            r["blocked_at"],
        )
        for r in rows
    ]  # fmt: skip


async def choose_language(tx: Tx, community: str, member: str, language: str | None) -> None:
    """None goes back to the language they write in."""
    await tx.run("member_language", community=community, member=member, language=language)


async def heard(tx: Tx, community: str, member: str, language: str) -> None:
    await tx.run("member_heard", community=community, member=member, language=language)


async def set_role(tx: Tx, community: str, member: str, role: int) -> None:
    await tx.run("member_role", community=community, member=member, role=role)


async def team(tx: Tx, community: str, role: int) -> list[TeamRow]:
    """Everyone of at least this role whom we can write to, an account a row."""
    rows = await tx.all("team", community=community, role=role)
    return [
        TeamRow(
            r["id"], r["role"], r["language"] or r["heard_language"], r["platform"], r["user_id"],
            tx.seal.open(r["name_sealed"]),
        )
        for r in rows
    ]  # fmt: skip


def _hash(code: str) -> str:
    return hashlib.sha256(b"code:" + code.strip().upper().encode()).hexdigest()


async def add_code(
    tx: Tx, community: str, code: str, role: int, expires: int, brand: str | None = None
) -> None:
    """A one-time code that gives a role; only its hash is kept."""
    await tx.run(
        "code_add", hash=_hash(code), community=community, role=role, brand=brand,
        expires_at=expires,
    )  # fmt: skip


async def use_code(tx: Tx, code: str, now: int) -> CodeRow | None:
    """What the code gives, once; None when unknown, used or expired."""
    row = await tx.one("code_use", hash=_hash(code), now=now)
    return CodeRow(row["community"], row["role"], row["brand"]) if row else None


async def forget(tx: Tx, community: str, member: str) -> None:
    """Remove the person's accounts and membership; other tables forget theirs first."""
    for row in await identities(tx, community, member):
        await tx.run("forms_forget", platform=row.platform, user_id=row.user_id)
    await tx.run("member_forget_brands", member=member)
    await tx.run("member_forget_identities", community=community, member=member)
    await tx.run("member_forget", community=community, member=member)
