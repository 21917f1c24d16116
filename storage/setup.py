"""What a database needs before anyone can talk to Adda, and what shows that it is ours."""

from __future__ import annotations

from storage.tx import Tx


async def put_home(tx: Tx, name: str, language: str, timezone: str, now: int) -> str:
    """Make the community of private chats, or give it these words; its id."""
    first = await tx.one("community_first")
    id = str(first["id"]) if first else "home"
    await tx.run("home_put", id=id, name=name, language=language, timezone=timezone, now=now)
    return id


async def is_owned(tx: Tx, community: str, role: int) -> bool:
    """True when someone has at least this role."""
    return await tx.one("member_with_role", community=community, role=role) is not None


async def try_key(tx: Tx) -> bool:
    """Open a sealed value; False if there is none yet. Raises WrongKey."""
    row = await tx.one("sealed_any")
    if row is not None:
        tx.seal.open(row["sealed"])
    return row is not None
