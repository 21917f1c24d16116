"""Chats of brands into which their figures are told, and the codes by which those are joined."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Invitation:
    """A code that nobody has used yet; `brand_name` is the brand's, `every` "daily" or "weekly"."""

    id: str
    community: str
    brand: str
    brand_name: str
    every: str


@dataclass(frozen=True, slots=True)
class Card:
    """A joined chat. `told` is the last day ("2026-11-20") that was told of."""

    id: str
    community: str
    brand: str
    brand_name: str
    every: str
    platform: str
    chat: str
    thread: str | None
    private: int
    language: str
    told: str


async def invite(
    tx: Tx, community: str, brand: str, id: str, every: str, code: str, expires_at: int
) -> None:
    """A code, good until `expires_at` (ms); only its hash is kept."""
    await tx.run(
        "report_card_add", id=id, community=community, brand=brand, every=every, hash=_hash(code),
        expires_at=expires_at,
    )  # fmt: skip


async def invited(tx: Tx, code: str, now: int) -> Invitation | None:
    """What a code that is still good invites to."""
    row = await tx.one("report_card_invited", hash=_hash(code), now=now)
    return Invitation(**dict(row)) if row else None


async def join(
    tx: Tx, code: str, now: int, place: tuple[str, str, str | None, bool], language: str, told: str
) -> bool:
    """Use a code for a chat (platform, chat, thread, private); False when somebody was faster."""
    platform, chat, thread, private = place
    return bool(await tx.run(
        "report_card_join", hash=_hash(code), now=now, platform=platform, chat=chat, thread=thread,
        private=int(private), language=language, told=told,
    ))  # fmt: skip


async def get(tx: Tx, community: str, id: str) -> Card | None:
    row = await tx.one("report_card_get", community=community, id=id)
    return Card(**dict(row)) if row else None


async def told(tx: Tx, community: str, id: str, day: str) -> bool:
    """Keep that it was told of all days up to this one; False when it was before."""
    return bool(await tx.run("report_card_told", community=community, id=id, day=day))


async def end(tx: Tx, community: str, brand: str) -> int:
    """How many chats and codes of the brand there are no more."""
    return await tx.run("report_cards_end", community=community, brand=brand)


async def expire(tx: Tx, now: int) -> None:
    """Drop codes that are good no more."""
    await tx.run("report_cards_expire", now=now)


async def forget(tx: Tx, community: str, platform: str, user: str) -> None:
    """Tell nothing into this person's private chat any more."""
    await tx.run("report_cards_forget", community=community, platform=platform, chat=user)


async def of_person(tx: Tx, community: str, platform: str, user: str) -> list[tuple[str, str]]:
    """(brand's name, how often) of what is told into this person's private chat."""
    rows = await tx.all("report_cards_of", community=community, platform=platform, chat=user)
    return [(row["brand_name"], row["every"]) for row in rows]


async def seal_of(tx: Tx, community: str, day: str) -> tuple[int, str] | None:
    """(number, root) of the newest entry that seals the day."""
    row = await tx.one("report_card_seal", community=community, day=day)
    return (row["number"], row["root"]) if row else None


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
