"""Accounts that may enter no giveaway of a community, known by a keyed hash alone."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from storage.tx import Row, Tx

Accounts = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Ban:
    """`about` is the entry by which the team knows them, `by` the member who did it, `at` in ms."""

    about: str
    reason: str
    by: str
    at: int


def hashed(tx: Tx, community: str, platform: str, user: str) -> str:
    """An account as bans know it; without our key nobody can make or try it."""
    account = f"{community}\0{platform}\0{user}".encode()
    return hmac.digest(tx.seal.derive("giveaway bans"), account, "sha256").hex()


async def add(
    tx: Tx, community: str, accounts: Accounts, about: str, reason: str, by: str, now: int
) -> None:
    """Again only renews the reason."""
    for platform, user in accounts:
        await tx.run(
            "giveaway_ban_add", community=community, reason_sealed=tx.seal.close(reason),
            account=hashed(tx, community, platform, user), about=about, by=by, now=now,
        )  # fmt: skip


async def lift(tx: Tx, community: str, accounts: Accounts) -> int:
    """How many of them were banned."""
    return sum([
        await tx.run(
            "giveaway_ban_lift", community=community,
            account=hashed(tx, community, platform, user),
        )
        for platform, user in accounts
    ])  # fmt: skip


async def lift_about(tx: Tx, community: str, about: str) -> int:
    """The same, by the entry that was named at the ban."""
    return await tx.run("giveaway_ban_lift_about", community=community, about=about)


async def banned(tx: Tx, community: str, accounts: Accounts) -> Ban | None:
    """The ban of any of these accounts."""
    for platform, user in accounts:
        row = await tx.one(
            "giveaway_ban_of", community=community,
            account=hashed(tx, community, platform, user),
        )  # fmt: skip
        if row is not None:
            return _ban(tx, row)
    return None


def _ban(tx: Tx, row: Row) -> Ban:
    reason = tx.seal.open(row["reason_sealed"])
    return Ban(row["about"], reason, row["banned_by"] or "", row["at"])


async def listed(tx: Tx, community: str, most: int) -> list[Ban]:
    """The newest first; a person with two accounts is listed once."""
    rows = await tx.all("giveaway_bans_of", community=community, most=most)
    return [_ban(tx, row) for row in rows]


async def forget(tx: Tx, member: str) -> None:
    """Whom they banned stays banned; that it was they does not stay."""
    await tx.run("giveaway_bans_forget", member=member)
