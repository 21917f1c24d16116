"""Giveaways, who is in them, and the lists and draws that anybody may check."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from storage.campaigns import Campaign
from storage.tx import Row, Tx


@dataclass(frozen=True, slots=True)
class Giveaway:
    """One row. Moments are milliseconds; a draft has no `published_at`, `closes_at`, `params`.

    `entered` is how many are in now; `changes` counts entering and leaving, `counted` is where it
    stood when the public count was last renewed. `params` is the published canonical JSON,
    `secret` (hexadecimal) is revealed by the draw. `ended_at`: somebody ended it early.
    `campaign` is that of the brand who gives the prize; then both labels hold something.
    `plan` is what the creator chose besides (JSON, see handlers/giveaways/plan.py), `round` that of
    the beacon, fixed with the list, `signature` what came of it (a manual value there as well).
    A draft is published at `opens_at`; `log_number` and `log_head` are the public log's last line.
    """

    id: str
    community: str
    prize: str
    winners: int
    hours: int
    created_at: int
    published_at: int | None
    closes_at: int | None
    params: str | None
    params_hash: str | None
    last_number: int
    entered: int
    changes: int
    counted: int
    counted_at: int | None
    ended_at: int | None
    frozen_at: int | None
    root: str | None
    head: str | None
    entrants: int | None
    tickets: int | None
    drawn_at: int | None
    secret: str | None
    cancelled_at: int | None
    reason: str | None
    campaign: str | None = None
    disclosure_bn: str | None = None
    disclosure_en: str | None = None
    plan: str = "{}"
    opens_at: int | None = None
    repeats: str | None = None
    series: str | None = None
    rules_bn: str | None = None
    rules_en: str | None = None
    log_number: int = 0
    log_head: str | None = None
    round: int | None = None
    signature: str | None = None
    closed_at: int | None = None
    purged_at: int | None = None

    def open_at(self, now: int) -> bool:
        """True while it can be entered and left."""
        closed = self.frozen_at is not None or self.cancelled_at is not None
        return self.closes_at is not None and self.closes_at > now and not closed


_NAMES = tuple(field.name for field in fields(Giveaway))


@dataclass(frozen=True, slots=True)
class Keys:
    """What is secret until the draw: the key of the commitments, and what the draw reveals."""

    key: bytes
    secret: bytes


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a giveaway was posted."""

    platform: str
    chat: str
    thread: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A giveaway and one member's place in it; `number` is None for who never entered."""

    giveaway: Giveaway
    number: int | None
    left: bool

    @property
    def entered(self) -> bool:
        return self.number is not None and not self.left


def giveaway_of(row: Row) -> Giveaway:
    """The giveaway a whole row says."""
    return Giveaway(**{name: row[name] for name in _NAMES})


def _giveaway(row: Row | None) -> Giveaway | None:
    return None if row is None else giveaway_of(row)


def _all(rows: Iterable[Row]) -> list[Giveaway]:
    return [found for row in rows if (found := _giveaway(row))]


# Opening -------------------------------------------------------------------------------------


async def add(
    tx: Tx, community: str, giveaway: str, prize: str, winners: int, hours: int, now: int,
    sponsor: Campaign | None = None,
) -> None:  # fmt: skip
    """A draft, seen by nobody yet; a `sponsor`'s label is its own from now on."""
    await tx.run(
        "giveaway_add", id=giveaway, community=community, prize=prize, winners=winners,
        hours=hours, now=now, campaign=sponsor.id if sponsor else None,
        disclosure_bn=sponsor.disclosure_bn if sponsor else None,
        disclosure_en=sponsor.disclosure_en if sponsor else None,
    )  # fmt: skip


async def discard(tx: Tx, community: str, giveaway: str) -> bool:
    """True when it was still a draft; it is gone now."""
    return await tx.one("giveaway_discard", id=giveaway, community=community) is not None


async def publish(
    tx: Tx, community: str, giveaway: str, closes_at: int, params: str, params_hash: str, now: int
) -> Giveaway | None:
    """The draft as it opened, None when it is none (any more)."""
    row = await tx.one(
        "giveaway_publish", id=giveaway, community=community, closes_at=closes_at, params=params,
        params_hash=params_hash, now=now,
    )  # fmt: skip
    return _giveaway(row)


async def put_keys(tx: Tx, giveaway: str, keys: Keys) -> None:
    close = tx.seal.close
    await tx.run(
        "giveaway_key_add", id=giveaway, key_sealed=close(keys.key.hex()),
        secret_sealed=close(keys.secret.hex()),
    )  # fmt: skip


async def keys(tx: Tx, giveaway: str) -> Keys:
    """Raises LookupError once they were deleted, long after the draw."""
    row = await tx.one("giveaway_key_get", id=giveaway)
    if row is None:
        raise LookupError(f"the keys of {giveaway} are gone")
    sealed = (row["key_sealed"], row["secret_sealed"])
    return Keys(*(bytes.fromhex(tx.seal.open(one)) for one in sealed))


async def put_stands(tx: Tx, giveaway: str, stands: Sequence[Stand]) -> None:
    """Where the giveaway is posted, for good."""
    rows = [
        {"id": giveaway, "platform": s.platform, "chat": s.chat, "thread": s.thread} for s in stands
    ]
    await tx.many("giveaway_place_add", rows)


async def stands(tx: Tx, giveaway: str) -> list[Stand]:
    rows = await tx.all("giveaway_places_of", id=giveaway)
    return [Stand(row["platform"], row["chat"], row["thread"]) for row in rows]


# Looking -------------------------------------------------------------------------------------


async def get(tx: Tx, community: str, giveaway: str) -> Giveaway | None:
    return _giveaway(await tx.one("giveaway_get", id=giveaway, community=community))


async def running(tx: Tx, community: str, now: int) -> list[Giveaway]:
    """Those that can be entered, the next to close first."""
    return _all(await tx.all("giveaways_running", community=community, now=now))


async def recent(tx: Tx, community: str, most: int) -> list[Giveaway]:
    """Those published last, in whatever state."""
    return _all(await tx.all("giveaways_recent", community=community, most=most))


async def drawn(tx: Tx, community: str, most: int) -> list[Giveaway]:
    """Those drawn last."""
    return _all(await tx.all("giveaways_drawn", community=community, most=most))


async def standing(tx: Tx, community: str, giveaway: str, member: str) -> Standing | None:
    row = await tx.one("giveaway_standing", id=giveaway, community=community, member=member)
    found = _giveaway(row)
    if row is None or found is None:
        return None
    return Standing(found, row["number"], row["left_at"] is not None)


async def count(tx: Tx, community: str, giveaway: str, now: int) -> Giveaway | None:
    """The giveaway, its public count renewed from now on; None once it is over."""
    return _giveaway(await tx.one("giveaway_count", id=giveaway, community=community, now=now))


# Ending --------------------------------------------------------------------------------------


async def end(tx: Tx, community: str, giveaway: str, now: int) -> Giveaway | None:
    """Closed early; None when it was not open."""
    return _giveaway(await tx.one("giveaway_end", id=giveaway, community=community, now=now))


async def cancel(tx: Tx, community: str, giveaway: str, reason: str, now: int) -> Giveaway | None:
    """Called off; None when it was not open."""
    row = await tx.one("giveaway_cancel", id=giveaway, community=community, reason=reason, now=now)
    return _giveaway(row)


async def freeze(
    tx: Tx, community: str, giveaway: str, changes: int, root: str, head: str, entrants: int,
    tickets: int, now: int, round: int | None = None,
) -> Giveaway | None:  # fmt: skip
    """Close the pool over a list made when `changes` changes had happened; from now on the beacon's
    `round` is fixed.

    None when others happened since, or it is closed already.
    """
    row = await tx.one(
        "giveaway_freeze", id=giveaway, community=community, changes=changes, root=root, head=head,
        entrants=entrants, tickets=tickets, round=round, now=now,
    )  # fmt: skip
    return _giveaway(row)


async def awaiting(tx: Tx, community: str) -> list[Giveaway]:
    """Those frozen that wait for what they are drawn from, the oldest first."""
    return _all(await tx.all("giveaways_awaiting", community=community))


async def take(tx: Tx, community: str, giveaway: str, value: str) -> Giveaway | None:
    """The beacon's value, once: None when it is there already, or the list is not frozen."""
    row = await tx.one("giveaway_take", id=giveaway, community=community, value=value)
    return _giveaway(row)


async def draw(
    tx: Tx, community: str, giveaway: str, head: str, secret: str | None, now: int
) -> Giveaway | None:
    """Drawn from the list with this head, once: None when it was before. `secret` is given where
    that was what it was drawn from."""
    row = await tx.one(
        "giveaway_draw", id=giveaway, community=community, head=head, secret=secret, now=now
    )
    return _giveaway(row)


async def close(tx: Tx, community: str, giveaway: str, now: int) -> Giveaway | None:
    """Over, once: None while a prize waits for its holder, or when it was over before."""
    return _giveaway(await tx.one("giveaway_close", id=giveaway, community=community, now=now))


async def purge(tx: Tx, community: str, giveaway: str, now: int) -> bool:
    """Where prizes went is deleted, and what the pool holds may be (see giveaway_pool.fade). False
    when it is not over, or was done before."""
    done = await tx.one("giveaway_purge", id=giveaway, community=community, now=now)
    if done is not None:
        await tx.run("giveaway_details_drop", id=giveaway)
    return done is not None
