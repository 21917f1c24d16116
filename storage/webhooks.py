"""Addresses that are told each sealed day of a campaign, and what is on its way to them."""

from __future__ import annotations

import json
from dataclasses import dataclass

from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Hook:
    """One that is still told; the campaign runs from `starts_at` to `ends_at` (ms)."""

    id: str
    campaign: str
    starts_at: int
    ends_at: int | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A day of `campaign` on its way to `address`, signed with `key`. `number`, `day`, `revision`
    and `root` are those of its entry in the chain; `body` is empty until it is written."""

    id: str
    hook: str
    campaign: str
    address: str
    key: str
    made_at: int
    body: str
    attempts: int
    number: int
    day: str
    revision: int
    root: str


async def add(
    tx: Tx, community: str, campaign: str, id: str, address: str, key: str, now: int
) -> bool:  # fmt: skip
    """False where the community has no such campaign. Address and key are kept sealed."""
    return bool(await tx.run(
        "hook_add", id=id, community=community, campaign=campaign, now=now,
        address_sealed=tx.seal.close(address), key_sealed=tx.seal.close(key),
    ))  # fmt: skip


async def count(tx: Tx, community: str, campaign: str) -> int:
    """How many addresses the campaign is told to."""
    row = await tx.one("hooks_count", community=community, campaign=campaign)
    return int(row["hooks"]) if row else 0


async def end_all(tx: Tx, community: str, campaign: str, now: int) -> int:
    """How many addresses are told no more."""
    return await tx.run("hooks_end", community=community, campaign=campaign, now=now)


async def live(tx: Tx, community: str) -> list[Hook]:
    rows = await tx.all("hooks_live", community=community)
    return [Hook(**dict(row)) for row in rows]


async def counts(
    tx: Tx, community: str, campaign: str, day: str, revision: int
) -> dict[str, int]:  # fmt: skip
    """What an entry of the chain says of the campaign: requests by class."""
    row = await tx.one(
        "hook_counts", community=community, campaign=campaign, day=day, revision=revision
    )
    return dict(json.loads(row["counts"])) if row else {}


async def raised(tx: Tx, community: str, hook: str, seal: str, id: str, now: int) -> bool:
    """False when this entry is on its way to the hook already."""
    return bool(await tx.run(
        "hook_delivery_add", community=community, hook=hook, seal=seal, id=id, now=now
    ))  # fmt: skip


async def delivery(tx: Tx, community: str, id: str) -> Delivery | None:
    """None when it is done, or its hook is told no more."""
    row = await tx.one("hook_delivery_get", community=community, id=id)
    if row is None:
        return None
    found = dict(row)
    address, key = (tx.seal.open(found.pop(f"{name}_sealed")) for name in ("address", "key"))
    return Delivery(**found, address=address, key=key)


async def written(tx: Tx, id: str, body: str) -> None:
    """What is sent, the same however often it is."""
    await tx.run("hook_body_put", id=id, body=body)


async def again(tx: Tx, id: str, why: str) -> bool:
    """Tried in vain; False when it is done meanwhile."""
    return bool(await tx.run("hook_delivery_again", id=id, outcome=why))


async def done(tx: Tx, id: str, why: str, now: int) -> bool:
    """It arrived, or is given up for a reason; False when it was done before."""
    return bool(await tx.run("hook_delivery_done", id=id, outcome=why, now=now))


async def forget(tx: Tx, before: int) -> None:
    """Drop deliveries that were made before this moment."""
    await tx.run("hook_deliveries_forget", before=before)


async def told(tx: Tx, community: str, hook: str, now: int) -> bool:
    """The team is being told; True once until something arrives again."""
    return bool(await tx.run("hook_told", community=community, id=hook, now=now))


async def well(tx: Tx, community: str, hook: str) -> None:
    """Something arrived: if it ends that is news again."""
    await tx.run("hook_well", community=community, id=hook)


async def end(tx: Tx, community: str, hook: str, now: int) -> bool:
    return bool(await tx.run("hook_end", community=community, id=hook, now=now))
