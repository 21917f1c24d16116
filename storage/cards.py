"""What products cost and come in, which link they are an ad for, and which posts show them."""

from __future__ import annotations

from dataclasses import dataclass

from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a card says; `checked_at` is when somebody last saw to it."""

    value: str
    checked_at: int


async def facts(tx: Tx, entry: str) -> dict[str, Fact]:
    """What the card of this entry says, by name; empty for a plain answer."""
    rows = await tx.all("facts_of", entry=entry)
    return {r["name"]: Fact(r["value"], r["checked_at"]) for r in rows}


async def all_facts(tx: Tx, community: str) -> list[tuple[str, str]]:
    """(entry, name) of every fact on a card."""
    rows = await tx.all("facts_of_all", community=community)
    return [(r["entry"], r["name"]) for r in rows]


async def put_fact(tx: Tx, community: str, entry: str, name: str, value: str, now: int) -> None:
    """The entry, one of this community, says so from now on; an empty value says nothing."""
    await tx.run("knowledge_changed", community=community)
    if value:
        await tx.run("fact_put", entry=entry, name=name, value=value, now=now)
    else:
        await tx.run("fact_drop", entry=entry, name=name)


async def sponsor(tx: Tx, community: str, entry: str, link: str | None) -> None:
    """The entry is an ad for this link, or for none."""
    await tx.run("entry_link", community=community, id=entry, link=link)


async def post(
    tx: Tx, id: str, platform: str, chat: str, message: str, entry: str
) -> str:  # fmt: skip
    """Whoever answers this message asks about the entry; the id of that knowledge."""
    row = await tx.one(
        "post_put", id=id, platform=platform, chat=chat, message=message, entry=entry
    )
    return row["id"] if row else id


async def unpost(tx: Tx, community: str, id: str) -> None:
    """The message is about no entry any more."""
    await tx.run("post_drop", community=community, id=id)


async def posted(tx: Tx, community: str, platform: str, chat: str, message: str) -> str | None:
    """The entry this message is about."""
    row = await tx.one(
        "post_entry", community=community, platform=platform, chat=chat, message=message
    )
    return row["entry"] if row else None
