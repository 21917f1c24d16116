"""Brands, campaigns, sponsored links and the clicks on them."""

from __future__ import annotations

from dataclasses import dataclass

from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Brand:
    id: str
    name: str


async def find_brand(tx: Tx, community: str, name: str) -> Brand | None:
    row = await tx.one("brand_find", community=community, name=name)
    return Brand(row["id"], row["name"]) if row else None


async def add_brand_person(tx: Tx, brand: str, member: str) -> None:
    """This member may read the brand's figures."""
    await tx.run("brand_person_add", brand=brand, member=member)


async def brands_of(tx: Tx, community: str, member: str) -> list[Brand]:
    """The brands whose figures this member may read."""
    rows = await tx.all("brands_of_person", community=community, member=member)
    return [Brand(row["id"], row["name"]) for row in rows]
