"""The seal: trees over what was counted, and a signed chain of days; pure, for any sceptic.

A leaf is SHA-256(0x00, nonce of 16 bytes, canonical JSON), a knot SHA-256(0x01, left, right) as in
RFC 6962, so that no leaf can pass for a knot. A campaign's tree of a day begins with one leaf a
class, `["total", day, class, count]`, then has one for every request, in order of their ids, then
random ones up to a power of two: the size of the tree tells nobody how many requests there were.
The day's tree has a leaf `[campaign, root]` for each campaign.

An entry signs (Ed25519) the canonical JSON of community, number, day, revision, reason, root, at
and the SHA-256 of the entry before. Canonical JSON: UTF-8, keys sorted, no spaces.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from storage.seals import Entry

NONCE = 16  # bytes
LEAST = 32  # leaves of the smallest tree
# Every tree has a leaf for each of these classes, so that it does not tell which there were.
CLASSES = (
    "automation", "bot", "head", "human", "incentivised", "prefetch", "preview", "rate", "repeat",
    "self",
)  # fmt: skip
# Of a row of `clicks`, in the leaf as an object.
COLUMNS = (
    "id", "link", "at", "class", "reason", "ruleset", "platform", "who", "device", "browser", "os",
    "referrer", "forwarded", "language", "country", "recovered",
)  # fmt: skip


def canonical(value: Any) -> bytes:
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


def leaf(nonce: bytes, value: Any) -> bytes:
    return hashlib.sha256(b"\x00" + nonce + canonical(value)).digest()


def knot(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def row_value(row: Mapping[str, Any]) -> dict[str, Any]:
    """What of a request is in its leaf."""
    return {name: row[name] for name in COLUMNS}


def classes_of(counts: Mapping[str, int]) -> list[str]:
    """The classes that have a leaf in a tree with these counts, in order."""
    return sorted({*CLASSES, *counts})


def total_value(day: str, kind: str, count: int) -> list[Any]:
    return ["total", day, kind, count]


def padding(leaves: int) -> int:
    """How many random leaves make it a power of two."""
    return max(LEAST, 1 << max(0, leaves - 1).bit_length()) - leaves


def root(leaves: Sequence[bytes]) -> bytes:
    """Of leaves in their order; of none, the hash of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = list(leaves)
    while len(level) > 1:
        pairs = [knot(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = [*pairs, level[-1]] if len(level) % 2 else pairs
    return level[0]


def path(leaves: Sequence[bytes], place: int) -> list[tuple[str, str]]:
    """What is put on which side ("left", "right") of a leaf, step by step, up to the root."""
    found, level = [], list(leaves)
    while len(level) > 1:
        beside = place ^ 1
        if beside < len(level):
            found.append(("left" if beside < place else "right", level[beside].hex()))
        pairs = [knot(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level, place = ([*pairs, level[-1]] if len(level) % 2 else pairs), place // 2
    return found


def climbed(start: bytes, steps: Iterable[Sequence[str]]) -> bytes:
    """The root that a leaf and its path lead to."""
    for side, other in steps:
        beside = bytes.fromhex(other)
        start = knot(beside, start) if side == "left" else knot(start, beside)
    return start


# The chain ------------------------------------------------------------------------------------


def message(entry: Entry) -> bytes:
    """What is signed, and hashed for the entry after."""
    names = ("community", "number", "day", "revision", "reason", "root", "previous", "at")
    return canonical({name: getattr(entry, name) for name in names})


def fingerprint(entry: Entry | None) -> str:
    """What the entry after carries as `previous`; of none, nothing."""
    return hashlib.sha256(message(entry)).hexdigest() if entry else ""


def signed(entry: Entry, key: Ed25519PrivateKey) -> Entry:
    public = key.public_key().public_bytes_raw().hex()
    return replace(entry, signed_by=public, signature=key.sign(message(entry)).hex())


def genuine(key: str, signature: str, text: bytes) -> bool:
    """Whether the owner of the public `key` (hexadecimal) has signed this."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(
            bytes.fromhex(signature), text
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def chain_faults(entries: Sequence[Entry], key: str) -> list[str]:
    """What is wrong with a chain, in words; nothing when it is whole and signed with `key`."""
    found: list[str] = []
    before: Entry | None = None
    revisions: dict[str, int] = {}
    for number, entry in enumerate(entries, 1):
        name = f"entry {entry.number} ({entry.day})"
        if entry.number != number or entry.previous != fingerprint(before):
            found.append(f"{name} does not follow the entry before it")
        if entry.signed_by != key or not genuine(key, entry.signature, message(entry)):
            found.append(f"{name} is not signed with the key")
        if entry.revision != revisions.get(entry.day, 0) + 1:
            found.append(f"{name} is out of order with the day's other entries")
        if entry.revision == 1 and revisions and not _next(max(revisions), entry.day):
            found.append(f"{name} does not come after the last day")
        revisions[entry.day] = entry.revision
        before = entry
    return found


def _next(last: str, day: str) -> bool:
    return date.fromisoformat(last) + timedelta(days=1) == date.fromisoformat(day)
