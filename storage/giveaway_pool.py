"""Who is in a giveaway: the pool, the frozen list, the winners, and forgetting."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from storage.tx import Row, Tx


@dataclass(frozen=True, slots=True)
class Account:
    """One account of somebody in the pool, with their entry's number; of several accounts of one
    person each is a row. `click`: this person earned the ticket of the sponsor's link.

    `tickets` are those of the first version, one each; see handlers/giveaways/tickets.py.
    """

    number: int
    tickets: int
    platform: str
    user: str
    click: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the frozen list; `commitment` in hexadecimal."""

    commitment: str
    tickets: int
    number: int


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody to be told in private; a reserve has a `place` in line, counted from 1."""

    number: int
    platform: str
    user: str
    language: str | None
    place: int = 0


@dataclass(frozen=True, slots=True)
class Winner:
    """A winning entry; who it is is unknown when they were forgotten after the freeze."""

    number: int
    name: str
    reader: Reader | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a member in one giveaway."""

    prize: str
    number: int
    left: bool


# The list ----------------------------------------------------------------------------------


async def accounts(tx: Tx, giveaway: str) -> list[Account]:
    """Everyone in the pool, an account a row, by entry number.

    Two numbers of a frozen list have the same accounts where two people turned out to be one.
    """
    rows = await tx.all("giveaway_entrants", id=giveaway, **await _clicked(tx, giveaway))
    return [_account(row) for row in rows]


async def accounts_of(tx: Tx, giveaway: str, member: str) -> list[Account]:
    """The accounts of one member who once entered, left or not; none of who did not."""
    values = await _clicked(tx, giveaway)
    rows = await tx.all("giveaway_entrant", id=giveaway, member=member, **values)
    return [_account(row) for row in rows]


def _account(row: Row) -> Account:
    return Account(
        row["number"], row["tickets"], row["platform"], row["user_id"], bool(row["click"])
    )


async def _clicked(tx: Tx, giveaway: str) -> dict[str, Any]:
    """What opening of which link earns the ticket."""
    row = await tx.one("giveaway_window", id=giveaway)
    given = json.loads(row["plan"]).get("link", "") if row else ""
    link = await tx.one("giveaway_link", link=given) if given else None
    opens, closes = (row["published_at"], row["closes_at"]) if row else (0, 0)
    return {"link": link["id"] if link else "", "opens": opens or 0, "closes": closes or 0}


async def seen_at(tx: Tx, community: str, platform: str, user: str) -> int | None:
    """When the bot first met the person behind this account (ms)."""
    row = await tx.one("giveaway_seen", community=community, platform=platform, user_id=user)
    return row["joined_at"] if row else None


async def put_list(tx: Tx, giveaway: str, lines: Sequence[Listed]) -> None:
    """The frozen list; it is never changed again."""
    # In the order of the key: in any other a large list takes three times as long.
    rows = json.dumps(sorted((x.commitment, x.tickets, x.number) for x in lines))
    await tx.run("giveaway_list_add", id=giveaway, rows=rows)


async def frozen_list(tx: Tx, giveaway: str) -> list[tuple[str, int]]:
    """(commitment, tickets) of every entry, in no order."""
    rows = await tx.all("giveaway_list_of", id=giveaway)
    return [(row["commitment"], row["tickets"]) for row in rows]


def _reader(row: Row) -> Reader:
    language = row["language"] or row["heard_language"]
    return Reader(row["number"], row["platform"], row["user_id"], language)


async def winners(tx: Tx, giveaway: str) -> list[Winner]:
    """Who holds the prizes now, by prize."""
    return [
        Winner(
            row["number"],
            tx.seal.open(row["name_sealed"]) if row["name_sealed"] else "",
            _reader(row) if row["user_id"] else None,
        )
        for row in await tx.all("giveaway_winners", id=giveaway)
    ]


async def private_entrants(tx: Tx, giveaway: str, after: int, most: int) -> list[Reader]:
    """Who entered in a private chat and did not win, by entry number from the one after `after`."""
    rows = await tx.all("giveaway_private_entrants", id=giveaway, after=after, most=most)
    return [replace(_reader(row), place=-(row["rank"] or 0)) for row in rows]


# Forgetting ----------------------------------------------------------------------------------


async def kept(tx: Tx, community: str, member: str) -> list[Kept]:
    rows = await tx.all("giveaways_of_member", community=community, member=member)
    return [Kept(row["prize"], row["number"], row["left_at"] is not None) for row in rows]


async def forget(tx: Tx, member: str) -> None:
    """No longer to be found behind a number; they were taken out of what is open before."""
    for table in ("entries", "clicks", "challenges"):
        await tx.run(f"giveaway_forget_{table}", member=member)


async def fade(tx: Tx, giveaway: str) -> None:
    """Delete the key and who entered, except the winners: the list is anonymous from now on."""
    await tx.run("giveaway_key_drop", id=giveaway)
    for table in ("entries", "clicks", "challenges"):
        await tx.run(f"giveaway_{table}_drop", id=giveaway)
