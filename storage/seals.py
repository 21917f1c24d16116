"""Sealed days: the chain of their signed entries, the leaves, and what rows were hashed with."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage.seal import Seal
from storage.tx import Row, Tx

PART = 4096  # leaves in one row
_SIZE = 32  # bytes of a leaf


@dataclass(frozen=True, slots=True)
class Home:
    """A community whose days are sealed, from the one of `began` (ms) on."""

    id: str
    timezone: str
    began: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A signed entry of a community's chain. `root`, `previous`, `signed_by` (the public key) and
    `signature` are hexadecimal; `revision` 1 is a day's first."""

    id: str
    community: str
    number: int
    day: str
    revision: int
    reason: str
    root: str
    previous: str
    at: int
    signed_by: str
    signature: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """A campaign's tree within an entry; `counts` are its requests by class."""

    campaign: str
    nonce: bytes
    root: bytes
    counts: Mapping[str, int]
    leaves: Sequence[bytes]


_NAMES = tuple(field.name for field in fields(Entry))


def signer(seal: Seal) -> Ed25519PrivateKey:
    """The key of this server; the same as long as its secret is."""
    return Ed25519PrivateKey.from_private_bytes(seal.derive("report seal"))


async def homes(tx: Tx) -> list[Home]:
    """Every community with links."""
    return [Home(row["id"], row["timezone"], row["began"]) for row in await tx.all("seal_homes")]


async def chain(tx: Tx, community: str) -> list[Entry]:
    return [_entry(row) for row in await tx.all("seal_chain", community=community)]


async def head(tx: Tx, community: str) -> Entry | None:
    """The newest entry."""
    row = await tx.one("seal_head", community=community)
    return _entry(row) if row else None


def _entry(row: Row) -> Entry:
    return Entry(**{name: row[name] for name in _NAMES})


async def last_day(tx: Tx, community: str) -> str | None:
    row = await tx.one("seal_last_day", community=community)
    return row["day"] if row else None


async def sealed_counts(
    tx: Tx, community: str, since: str
) -> dict[str, tuple[int, dict[str, dict[str, int]]]]:
    """By day: its newest revision, and what that says: requests by campaign and class."""
    found: dict[str, tuple[int, dict[str, dict[str, int]]]] = {}
    for row in await tx.all("seal_counts", community=community, since=since):
        day, revision = row["day"], row["revision"]
        if found.get(day, (0, {}))[0] != revision:
            found[day] = (revision, {})
        if row["campaign"] is not None:
            found[day][1][row["campaign"]] = json.loads(row["counts"])
    return found


async def totals(
    tx: Tx, community: str, since: str, until: str
) -> dict[str, dict[str, dict[str, int]]]:
    """By day: requests by campaign and class, as reports count them."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    for row in await tx.all("seal_totals", community=community, since=since, until=until):
        day = found.setdefault(row["day"], {}).setdefault(row["campaign"], {})
        day[row["class"]] = row["clicks"]
    return found


async def rows(tx: Tx, community: str, first: int, end: int) -> list[Row]:
    """Every request from the moment `first` until before `end`, with its nonce if it has one."""
    return await tx.all("seal_rows", community=community, first=first, end=end)


async def add_nonces(tx: Tx, nonces: Iterable[tuple[str, bytes]]) -> None:
    """By id of the click; one that has a nonce keeps it, one that is gone gets none."""
    await tx.many(
        "seal_nonces_add", [{"click": click, "nonce": nonce.hex()} for click, nonce in nonces]
    )


async def add(tx: Tx, entry: Entry, campaigns: Sequence[Sealed]) -> bool:
    """False when the chain has gone on, or has the day already: somebody else has sealed."""
    if not await tx.run("seal_add", **asdict(entry)):
        return False
    for one in campaigns:
        counts = json.dumps(dict(one.counts), sort_keys=True)
        row = {"seal": entry.id, "campaign": one.campaign, "nonce": one.nonce.hex()}
        await tx.many("seal_campaign_add", [row | {"root": one.root.hex(), "counts": counts}])
        await tx.many("seal_leaves_add", _parts(entry.id, one))
    return True


def _parts(seal: str, sealed: Sealed) -> list[dict[str, str | int]]:
    return [
        {"seal": seal, "campaign": sealed.campaign, "part": part,
         "leaves": base64.b64encode(b"".join(sealed.leaves[at : at + PART])).decode()}
        for part, at in enumerate(range(0, len(sealed.leaves), PART))
    ]  # fmt: skip


async def campaigns_of(tx: Tx, community: str, seal: str) -> list[Sealed]:
    """Every campaign of an entry, without leaves, in order of their ids."""
    found = [
        Sealed(
            row["campaign"], bytes.fromhex(row["nonce"]), bytes.fromhex(row["root"]),
            json.loads(row["counts"]), (),
        )
        for row in await tx.all("seal_campaigns_of", community=community, seal=seal)
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.campaign)


async def leaves_of(tx: Tx, community: str, campaign: str, seal: str) -> list[bytes]:
    found = await tx.all("seal_leaves_of", community=community, campaign=campaign, seal=seal)
    raw = b"".join(base64.b64decode(row["leaves"]) for row in found)
    return [raw[at : at + _SIZE] for at in range(0, len(raw), _SIZE)]


async def forget(tx: Tx, community: str, who: str) -> None:
    """Nobody can tell any more what the leaves of this pseudonym's clicks were made of. To be
    called while the clicks still bear it."""
    await tx.run("seal_nonces_forget", community=community, who=who)


@dataclass(frozen=True, slots=True)
class Renewed:
    """A day whose sealed counts of this campaign were corrected at a moment (ms)."""

    day: str
    at: int
    reason: str


async def renewed(
    tx: Tx, community: str, campaign: str, since: str, until: str
) -> list[Renewed]:  # fmt: skip
    """Days of this campaign that were sealed anew with other counts, and no other campaign's."""
    found: list[Renewed] = []
    last: dict[str, str] = {}
    for row in await tx.all(
        "seal_history", community=community, campaign=campaign, since=since, until=until
    ):
        if row["revision"] > 1 and last.get(row["day"]) != row["counts"]:
            found.append(Renewed(row["day"], row["at"], row["reason"]))
        last[row["day"]] = row["counts"]
    return found
