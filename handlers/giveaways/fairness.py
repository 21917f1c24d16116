"""The draw GW1: pure functions from a frozen list of entries to winners anybody can recompute.

All integers are unsigned and big-endian, all hashes SHA-256, all texts UTF-8. Each use of the hash
starts with its own label, so that no value can be passed off as another.
"""

import hmac
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from hashlib import sha256
from itertools import islice, pairwise
from operator import itemgetter
from typing import NamedTuple

HASH_BYTES = 32
MAX_TICKETS = 100
SECRET_BYTES = 32

DRAND_CHAIN = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"  # quicknet
DRAND_GENESIS = 1692803367  # unix seconds of quicknet's round 1
DRAND_PERIOD = 3  # seconds

DRAND = "drand:"  # a beacon field is this and the chain's hash
COMMIT_REVEAL = "commit-reveal:"  # or this and the commitment to a secret

_TICKETS = tuple(t.to_bytes(4, "big") for t in range(MAX_TICKETS))


class Entry(NamedTuple):
    """One person in the pool: a 32-byte commitment and 1 to 100 tickets.

    A tuple, because a million of them are sorted and ranked in one draw.
    """

    commitment: bytes
    tickets: int


@dataclass(frozen=True, slots=True)
class Parameters:
    """What is fixed and published at the start; raises ValueError where a draw would be undefined.

    `id` is 32 hexadecimal digits, `beacon` as the constants above say, `close_at` unix
    seconds, `margin_s` seconds, `claim_h` hours, `tickets` the tickets each reason gives, `cap` the
    most one person can hold, `rules` the hexadecimal SHA-256 of the rules text, left out of the
    canonical form when there is none.
    """

    id: str
    prize: str
    winners: int
    reserves: int
    close_at: int
    beacon: str
    tickets: Mapping[str, int]
    cap: int
    claim_h: int
    margin_s: int = 60
    rules: str | None = None

    def __post_init__(self) -> None:
        if len(self.id) != 32 or not set(self.id) <= set("0123456789abcdef"):
            raise ValueError("a giveaway's id is 32 lower-case hexadecimal digits")
        if self.winners < 1 or self.reserves < 0:
            raise ValueError("a giveaway has at least one winner and no negative reserves")
        if not 1 <= self.cap <= MAX_TICKETS:
            raise ValueError(f"the ticket cap is 1 to {MAX_TICKETS}")

    def canonical(self) -> bytes:
        """The bytes that are published and hashed: JSON, sorted keys, no spaces, not escaped."""
        named = {f.name: getattr(self, f.name) for f in fields(self)}
        named["tickets"] = dict(self.tickets)
        if self.rules is None:
            del named["rules"]
        return json.dumps(
            named, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        ).encode()

    def digest(self) -> bytes:
        """sha("gw1:params\\0" || canonical form)."""
        return sha256(b"gw1:params\0" + self.canonical()).digest()


def person(identities: Iterable[str]) -> str:
    """One name for all linked identities: `tg:ID`, `dc:ID`, or both as `dc:ID+tg:ID`."""
    return "+".join(sorted(identities))


def salt(giveaway_key: bytes, person: str) -> bytes:
    """HMAC(giveaway_key, person)[:16]: without the key nobody can try ids against the list."""
    return hmac.digest(giveaway_key, person.encode(), "sha256")[:16]


def commitment(salt: bytes, giveaway: str, person: str) -> bytes:
    """HMAC(salt, "gw1:entry\\0" || giveaway id || "\\0" || person), 32 bytes."""
    return hmac.digest(salt, f"gw1:entry\0{giveaway}\0{person}".encode(), "sha256")


def commitments(giveaway_key: bytes, giveaway: str, people: Iterable[str]) -> list[bytes]:
    """`commitment` under each one's `salt`; for a whole list, in two thirds of the time."""
    opening, digest = f"gw1:entry\0{giveaway}\0".encode(), hmac.digest
    return [
        digest(digest(giveaway_key, one, "sha256")[:16], opening + one, "sha256")
        for one in map(str.encode, people)
    ]


def leaf(entry: Entry) -> bytes:
    """sha(0x00 || C || u32 tickets)."""
    return sha256(b"\0" + entry.commitment + entry.tickets.to_bytes(4, "big")).digest()


def node(left: bytes, right: bytes) -> bytes:
    """sha(0x01 || left || right)."""
    return sha256(b"\1" + left + right).digest()


def ordered(entries: Iterable[Entry]) -> list[Entry]:
    """The entries by commitment; raises ValueError for a malformed or repeated one."""
    listed = sorted(entries, key=itemgetter(0))  # faster than by tuple
    if not all(map(_well_formed, listed)):
        raise ValueError(f"an entry has a 32-byte commitment and 1 to {MAX_TICKETS} tickets")
    if any(one.commitment == two.commitment for one, two in pairwise(listed)):
        raise ValueError("a commitment stands in the list once")
    return listed


def _well_formed(entry: Entry) -> bool:
    return len(entry.commitment) == HASH_BYTES and 1 <= entry.tickets <= MAX_TICKETS


def root(entries: Iterable[Entry]) -> bytes:
    """The Merkle root over the entries in any order; sha("") when there are none."""
    return _levels(ordered(entries))[-1][0]


def _levels(listed: Sequence[Entry]) -> list[list[bytes]]:
    rows = [[leaf(entry) for entry in listed] or [sha256().digest()]]
    while len(rows[-1]) > 1:
        rows.append(_parents(rows[-1]))
    return rows


def _parents(row: list[bytes]) -> list[bytes]:
    pairs = [node(left, right) for left, right in zip(row[::2], row[1::2], strict=False)]
    return pairs + row[2 * len(pairs) :]  # an odd one is promoted as it is


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Where a leaf stands among `count`, and the siblings met on the way up, lowest first."""

    index: int
    count: int
    siblings: tuple[bytes, ...]


def inclusion(entries: Iterable[Entry], commitment: bytes) -> Inclusion:
    """The proof that this commitment is in the list; raises ValueError when it is not."""
    listed = ordered(entries)
    index = [entry.commitment for entry in listed].index(commitment)
    mates = ((row, (index >> height) ^ 1) for height, row in enumerate(_levels(listed)))
    siblings = tuple(row[mate] for row, mate in mates if mate < len(row))
    return Inclusion(index, len(listed), siblings)


def included(entry: Entry, proof: Inclusion, root: bytes) -> bool:
    """Whether the proof leads from this entry to the root; compare `count` with the head's too."""
    index, count = proof.index, proof.count
    if not _well_formed(entry) or not 0 <= index < count:
        return False
    reached, siblings = leaf(entry), list(reversed(proof.siblings))
    while count > 1:
        if index ^ 1 < count:
            if not siblings:
                return False
            sibling = siblings.pop()
            reached = node(sibling, reached) if index & 1 else node(reached, sibling)
        index, count = index >> 1, (count + 1) >> 1
    return reached == root and not siblings


@dataclass(frozen=True, slots=True)
class Freeze:
    """What is announced at the close: it binds the parameters, the list and its size."""

    params: bytes
    root: bytes
    count: int
    tickets: int

    @property
    def head(self) -> bytes:
        """sha("gw1:freeze\\0" || params || root || u64 count || u64 tickets)."""
        size = self.count.to_bytes(8, "big") + self.tickets.to_bytes(8, "big")
        return sha256(b"gw1:freeze\0" + self.params + self.root + size).digest()


def freeze(parameters: Parameters, entries: Collection[Entry]) -> Freeze:
    """The freeze of these entries; raises ValueError for a malformed or repeated one."""
    tickets = sum(entry.tickets for entry in entries)
    return Freeze(parameters.digest(), root(entries), len(entries), tickets)


def drand_round(at: int, genesis: int = DRAND_GENESIS, period: int = DRAND_PERIOD) -> int:
    """The first round at or after this moment, both in unix seconds; quicknet's if not told."""
    return max(1, -((genesis - at) // period) + 1)


def drand_moment(number: int, genesis: int = DRAND_GENESIS, period: int = DRAND_PERIOD) -> int:
    """When a round is published, in unix seconds; quicknet's if not told."""
    return genesis + (number - 1) * period


def beacon_randomness(signature: bytes) -> bytes:
    """A round's randomness, sha(signature); the signature must have been verified before."""
    return sha256(signature).digest()


def commit(secret: bytes) -> str:
    """What the start publishes of the organiser's secret of 32 random bytes, in hexadecimal."""
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"a secret has {SECRET_BYTES} random bytes")
    return sha256(b"gw1:reveal\0" + secret).hexdigest()


def check_reveal(commitment: str, secret: bytes) -> bool:
    """Whether this is the secret that was committed to."""
    return len(secret) == SECRET_BYTES and commit(secret) == commitment


def revealed_randomness(secret: bytes) -> bytes:
    """What stands in the beacon's place; its own label, since the commitment is public."""
    return sha256(b"gw1:randomness\0" + secret).digest()


def seed(head: bytes, randomness: bytes) -> bytes:
    """sha("gw1:seed\\0" || head || randomness)."""
    return sha256(b"gw1:seed\0" + head + randomness).digest()


def key(seed: bytes, entry: Entry) -> bytes:
    """The smallest of sha(seed || C || u32 t) over the entry's tickets t = 0, 1, …"""
    start = seed + entry.commitment
    return min([sha256(start + ticket).digest() for ticket in _TICKETS[: entry.tickets]])


def rank(seed: bytes, entries: Iterable[Entry]) -> list[Entry]:
    """All entries by ascending key, best first: 3 million hashes for a million people."""
    return sorted(entries, key=partial(key, seed))


@dataclass(frozen=True, slots=True)
class Result:
    """The winners by prize slot, and the reserves in the order in which they move up."""

    winners: tuple[Entry, ...]
    reserves: tuple[Entry, ...]


def winners(
    order: Iterable[Entry], count: int, reserves: int, skipped: Collection[bytes] = ()
) -> Result:
    """The first `count` of a ranking, then the next `reserves`, without the skipped commitments.

    A list that is too short gives fewer; nobody is drawn again.
    """
    eligible = (entry for entry in order if entry.commitment not in skipped)
    return Result(tuple(islice(eligible, count)), tuple(islice(eligible, reserves)))
