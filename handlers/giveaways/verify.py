"""Checks the proof of a giveaway's draw (GW1): python verify.py proof.zip

Alone: Python 3.9 or newer, nothing else, no network. With the package py-arkworks-bls12381 the
signature of drand is checked as well. It believes nothing in the zip: the log is chained anew from
its first line, the list built anew from the log, the ranking computed anew from the list.
Exit code: 0 all is right, 1 something is not, 2 wrongly called.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import struct
import sys
import time
import unicodedata
import zipfile
import zlib
from binascii import hexlify, unhexlify
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256
from itertools import chain, islice, zip_longest
from operator import lt
from typing import Any, BinaryIO, NamedTuple

PARAMS, ENTRIES, DRAW, LOG, PROGRAM = (
    "params.json", "entries.csv", "draw.json", "events.log", "verify.py",
)  # fmt: skip
MOST = {PARAMS: 1 << 16, ENTRIES: 1 << 29, DRAW: 1 << 25, LOG: 1 << 30, PROGRAM: 1 << 20}  # bytes
PACKED = 64  # times smaller at most: what zips of hashes and their like are, a bomb is not
LONGEST = 1 << 22  # bytes of a line of the log
HEADER = b"C,tickets\n"
GENESIS, PERIOD = 1692803367, 3  # of drand's quicknet: unix seconds of round 1, seconds
CHAIN = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
KEY = (
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c"
    "8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb"
    "5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
)
DOMAIN = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
LATE = 30  # seconds after the close; a list frozen later must say so
SAME = ("id", "beacon", "cap", "claim_h", "margin_s", "reserves", "tickets")  # once published
# kind: (stages in which it may happen, the stage after it)
STAGES = {
    "amend": ((1,), 1), "enter": ((1,), 1), "leave": ((1,), 1), "merge": ((1,), 1),
    "freeze": ((1,), 2), "beacon": ((2,), 3), "skip": ((3, 4), 0), "draw": ((3,), 4),
    "claim": ((4,), 4), "lost": ((4,), 4), "promote": ((4,), 4),
}  # fmt: skip
HEX = b"0123456789abcdef"
U32 = [t.to_bytes(4, "big") for t in range(100)]
TICKETS = {b",%d" % t: t for t in range(1, 101)}

Event = dict[str, Any]
Entries = list[tuple[bytes, int]]


class Line(NamedTuple):
    """One thing that was found: `mark` is "ok", "note" or "fault"."""

    mark: str
    name: str
    values: dict[str, Any]


class Fault(Exception):
    """What is wrong, by the name of its sentence."""

    def __init__(self, sentence: str, /, **values: Any) -> None:
        super().__init__(sentence)
        self.name, self.values = sentence, values


# The draw GW1 -------------------------------------------------------------------------------------


def root(entries: Entries) -> bytes:
    """The Merkle root of entries sorted by commitment."""
    row = [sha256(b"\0" + c + t.to_bytes(4, "big")).digest() for c, t in entries]
    row = row or [sha256().digest()]
    while len(row) > 1:
        odd = row[len(row) & ~1 :]
        row = [sha256(b"\1" + one + two).digest() for one, two in zip(row[::2], row[1::2])] + odd  # noqa: B905
    return row[0]


def freeze_head(terms: bytes, root: bytes, count: int, tickets: int) -> bytes:
    size = count.to_bytes(8, "big") + tickets.to_bytes(8, "big")
    return sha256(b"gw1:freeze\0" + terms + root + size).digest()


def seed_of(head: bytes, randomness: bytes) -> bytes:
    return sha256(b"gw1:seed\0" + head + randomness).digest()


def order(seed: bytes, entries: Entries) -> list[bytes]:
    """Commitments by ascending key, the smallest of an entry's tickets."""
    keyed = []
    for c, tickets in entries:
        start = seed + c
        keyed.append(min([sha256(start + t).digest() for t in U32[:tickets]]) + c)
    keyed.sort()
    return [both[32:] for both in keyed]


def round_at(at: int) -> int:
    """The first quicknet round at or after this moment (unix seconds)."""
    return max(1, -((GENESIS - at) // PERIOD) + 1)


def randomness(beacon: str, value: str) -> bytes:
    """What goes into the seed. Raises Fault where `value` is not what the terms promised."""
    kind, _, named = beacon.partition(":")
    if kind == "manual":
        said = " ".join(unicodedata.normalize("NFC", value).split())
        return sha256(b"gw1:manual\0" + said.encode("utf-8")).digest()
    size = {"drand": 96, "commit-reveal": 64}.get(kind, 0)
    if not size or not re.fullmatch(f"[0-9a-f]{{{size}}}", value):
        raise Fault("value_form")
    if kind == "drand":
        return sha256(unhexlify(value)).digest()
    if sha256(b"gw1:reveal\0" + unhexlify(value)).hexdigest() != named:
        raise Fault("secret")
    return sha256(b"gw1:randomness\0" + unhexlify(value)).digest()


def signed(value: str, number: int) -> bool | None:
    """Whether it is quicknet's signature of this round; None without a verifier."""
    try:
        from py_arkworks_bls12381 import GT, G1Point, G2Point
    except ImportError:
        return None
    try:
        point, key = G1Point.from_compressed_bytes(unhexlify(value)), unhexlify(KEY)
        if point == G1Point.identity() or point.to_compressed_bytes() != unhexlify(value):
            return False
        hashed = G1Point.hash_to_curve(sha256(number.to_bytes(8, "big")).digest(), DOMAIN)
        pair = [G2Point(), G2Point.from_compressed_bytes(key)]
        return bool(GT.pairing_check([point, -hashed], pair))
    except (ValueError, OverflowError):
        return False


def summary(
    terms: Mapping[str, Any], events: Sequence[Mapping[str, Any]], lines: int, head: str
) -> Event:
    """What draw.json says: the log's events from the freeze on, and what follows from them."""
    freeze, beacon, draw = (next(e for e in events if e["kind"] == k) for k in
                            ("freeze", "beacon", "draw"))  # fmt: skip
    chance = randomness(terms["beacon"], beacon["value"])
    after = [e for e in events if e["kind"] in ("claim", "lost", "promote", "skip")]
    return {
        "format": "gw1", "head": freeze["head"], "root": freeze["root"], "n": freeze["n"],
        "tickets": freeze["tickets"], "round": freeze["round"], "late": freeze["late"],
        "frozen_at": freeze["at"], "value": beacon["value"], "source": beacon["source"],
        "randomness": chance.hex(), "seed": seed_of(unhexlify(freeze["head"]), chance).hex(),
        "winners": draw["winners"], "reserves": draw["reserves"], "drawn_at": draw["at"],
        "skipped": [e for e in after if e["kind"] == "skip"],
        "after": [e for e in after if e["kind"] != "skip"],
        "log": {"lines": lines, "head": head},
    }  # fmt: skip


def written(value: Any) -> bytes:
    """draw.json as it is written."""
    return (json.dumps(value, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode()


def canonical(value: Any) -> bytes:
    """The terms as they are written and hashed."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8")


def like(shown: str, full: str) -> bool:
    """Whether what somebody noted ("1a2b3c4d…9f8e", or more of it) is this hash."""
    start, end = [*re.split(r"…|\.{2,}", shown.strip().lower(), maxsplit=1), ""][:2]
    enough = len(start) >= 8 and len(start) + len(end) <= 64
    return enough and full.startswith(start) and full.endswith(end)


def _first_odd(rows: Sequence[bytes]) -> int:
    """The line of the first row of the list that is no entry, or in the wrong place."""
    last = b""
    for line, row in enumerate(rows, 2):
        if (
            not re.fullmatch(b"[0-9a-f]{64}", row[:64])
            or row[64:] not in TICKETS
            or row[:64] <= last
        ):
            return line
        last = row[:64]
    return 1


# What is checked ----------------------------------------------------------------------------------


class Proof:
    """One proof being checked; each step adds a line or raises Fault."""

    def __init__(self, archive: zipfile.ZipFile, heads: Sequence[str], entry: str) -> None:
        self.archive, self.heads, self.entry = archive, heads, entry
        self.found: list[Line] = []
        self.terms: dict[str, Any] = {}
        self.digest = b""
        self.last, self.log_head = 0, b""
        self.stage = 0
        self.pool: set[bytes] = set()
        self.events: list[tuple[int, Event]] = []
        self.seen: dict[str, int] = {}
        self.entries: Entries = []
        self.ranking: list[bytes] = []

    def add(self, mark: str, name: str, /, **values: Any) -> None:
        self.found.append(Line(mark, name, values))

    def files(self) -> None:
        names = [one.filename for one in self.archive.infolist()]
        if len(names) > len(set(names)) or set(names) > set(MOST):
            raise Fault("foreign", name=next((n for n in names if n not in MOST), names[0]))
        for name in MOST:
            if name not in names:
                raise Fault("missing", name=name)
            size = self.archive.getinfo(name)
            if size.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise Fault("bad_zip")
            if size.file_size > MOST[name] or size.file_size > size.compress_size * PACKED + 4096:
                raise Fault("huge", name=name)
        self.archive.read(PROGRAM)  # only for its checksum

    def log(self) -> None:
        """The chain, line by line: who is in at the end, and every event after the pool's."""
        member: Any = self.archive.open(LOG)
        with io.BufferedReader(member, 1 << 20) as lines:
            for raw in iter(partial(lines.readline, LONGEST), b""):
                self.last += 1
                number = b"%d " % self.last
                event = raw[len(number) + 65 : -1]
                if raw[-1:] != b"\n":
                    raise Fault("unreadable", name=LOG, line=self.last)
                if self.last == 1 and raw[:2] == number:
                    self.log_head = self.opened(event)
                self.log_head = sha256(self.log_head + event).digest()
                if raw[: len(number) + 65] != number + hexlify(self.log_head) + b" ":
                    raise Fault("chain", line=self.last)
                if self.heads:
                    self.look(self.log_head.hex(), self.last)
                if self.last > 1:
                    self.happened(event)
        if self.stage != 4:
            raise Fault("unfinished")
        self.add("ok", "log", lines=self.last)

    def look(self, head: str, line: int) -> None:
        """Whether the reader saw this hash."""
        self.seen.update({one: line for one in self.heads if like(one, head)})

    def opened(self, text: bytes) -> bytes:
        event = self.read(text)
        if event.get("kind") != "open":
            raise Fault("order", line=1, kind=str(event.get("kind")))
        self.promised(event)
        self.stage = 1
        return self.digest

    def read(self, text: bytes) -> Event:
        try:
            event = json.loads(text)
            if canonical(event) == text and isinstance(event["kind"], str):
                return event  # type: ignore[no-any-return]
        except (ValueError, KeyError, TypeError, RecursionError):
            pass
        raise Fault("unreadable", name=LOG, line=self.last)

    def promised(self, event: Event) -> None:
        """The terms that this event publishes; some of them stay as they were first."""
        text = event["params"].encode("utf-8")
        terms, before = json.loads(text), self.terms
        if canonical(terms) != text:
            raise Fault("unreadable", name=LOG, line=self.last)
        for name in SAME if before else ():
            if terms.get(name) != before.get(name):
                raise Fault("amend", line=self.last, name=name)
        for name in ("close_at", "winners"):
            if terms[name] < before.get(name, 0):
                raise Fault("amend", line=self.last, name=name)
        self.terms, self.digest = terms, sha256(b"gw1:params\0" + text).digest()

    def happened(self, text: bytes) -> None:
        if self.stage == 1 and text[70:91] == b'","kind":"enter","n":' and text[:6] == b'{"C":"':
            if not text[91:-1].isdigit() or text[-1:] != b"}":
                raise Fault("unreadable", name=LOG, line=self.last)
            return self.enter(text[6:70])
        event = self.read(text)
        kind = event["kind"]
        stages, after = STAGES.get(kind, ((), 0))
        if self.stage not in stages:
            raise Fault("order", line=self.last, kind=kind)
        self.stage = after or self.stage
        if kind == "enter":
            raise Fault("unreadable", name=LOG, line=self.last)
        if kind in ("leave", "merge"):
            self.moved(event)
        elif kind == "amend":
            self.promised(event)
        else:
            self.events.append((self.last, event))

    def enter(self, commitment: bytes) -> None:
        if commitment in self.pool:
            raise Fault("order", line=self.last, kind="enter")
        self.pool.add(commitment)

    def moved(self, event: Event) -> None:
        gone = [one.encode() for one in event.get("of", [event["C"]])]
        if not gone or len(set(gone)) < len(gone) or not self.pool.issuperset(gone):
            raise Fault("order", line=self.last, kind=event["kind"])
        self.pool.difference_update(gone)
        if event["kind"] == "merge":
            self.enter(event["C"].encode())

    def params(self) -> None:
        """params.json is what the log published last."""
        text = self.archive.read(PARAMS)
        if sha256(b"gw1:params\0" + text).digest() != self.digest:
            raise Fault("params")
        self.add("ok", "terms", prize=self.terms["prize"], hash=self.digest.hex())

    def listed(self) -> None:
        """entries.csv holds those who entered, and it is the list that was frozen."""
        data = self.archive.read(ENTRIES)
        rows = data[len(HEADER) :].split(b"\n")
        if data[: len(HEADER)] != HEADER or rows.pop():
            raise Fault("unreadable", name=ENTRIES, line=1)
        names, counts = [row[:64] for row in rows], [TICKETS.get(row[64:], 0) for row in rows]
        whole, rising = b"".join(names), all(map(lt, names, names[1:]))
        plain = all(counts) and not whole.translate(None, HEX) and len(whole) == 64 * len(rows)
        if not plain or not rising:
            raise Fault("unreadable", name=ENTRIES, line=_first_odd(rows))
        raw = unhexlify(whole)
        self.entries = list(zip((raw[at : at + 32] for at in range(0, len(raw), 32)), counts))  # noqa: B905
        most = min(self.terms["cap"], sum(self.terms["tickets"].values()))
        if counts and max(counts) > most:
            name = names[counts.index(max(counts))].decode()
            raise Fault("tickets", C=name, tickets=max(counts), most=most)
        self.compare(set(names))

    def compare(self, listed: set[bytes]) -> None:
        for one in sorted(self.pool - listed)[:1]:
            raise Fault("dropped", C=one.decode())
        for one in sorted(listed - self.pool)[:1]:
            raise Fault("stranger", C=one.decode())
        self.add("ok", "entries", count=len(listed))

    def event(self, kind: str) -> Event:
        return next(e for _, e in self.events if e["kind"] == kind)

    def frozen(self) -> None:
        freeze, tickets = self.event("freeze"), sum(t for _, t in self.entries)
        made = root(self.entries)
        if (freeze["root"], freeze["tickets"], freeze["n"]) != (
            made.hex(), tickets, len(self.entries),
        ):  # fmt: skip
            raise Fault("root", root=made.hex(), published=freeze["root"])
        head = freeze_head(self.digest, made, len(self.entries), tickets).hex()
        if head != freeze["head"]:
            raise Fault("freeze_head", head=head, published=freeze["head"])
        for known in (head, made.hex(), self.digest.hex()):
            self.look(known, 0)
        self.timed(freeze)
        self.add("ok", "frozen", count=len(self.entries), tickets=tickets, head=head)

    def timed(self, freeze: Event) -> None:
        """The round follows from the terms, and nobody knew it when the list was frozen."""
        close, at, late, expected = self.terms["close_at"], freeze["at"], freeze["late"], 0
        if type(late) is not bool or (at > close + LATE + 1 and not late):
            raise Fault("late")
        if self.terms["beacon"] == f"drand:{CHAIN}":
            since = at if late or at < close else close
            expected = round_at(since + self.terms["margin_s"])
            out = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(GENESIS + (expected - 1) * PERIOD))
            self.add("note", "before", round=expected, time=out)
        elif self.terms["beacon"].startswith("drand:"):
            expected = freeze["round"]  # of a chain whose clock nobody here knows
            self.add("note", "other_chain", chain=self.terms["beacon"])
        if freeze["round"] != expected:
            raise Fault("round", round=freeze["round"], expected=expected)
        if freeze["late"]:
            self.add("note", "frozen_late", seconds=at - close)

    def beacon(self) -> None:
        kind, _, named = self.terms["beacon"].partition(":")
        value, number = self.event("beacon")["value"], self.event("freeze")["round"]
        self.chance = randomness(self.terms["beacon"], value)
        if kind == "manual":
            self.add("note", "manual", source=named, value=value)
        elif kind == "commit-reveal":
            self.add("note", "trust")
        else:
            genuine = signed(value, number) if named == CHAIN else None
            if genuine is False:
                raise Fault("forged", round=number)
            where = f"https://api.drand.sh/{named}/public/{number}"
            self.add(*(("ok", "genuine") if genuine else ("note", "unchecked")),
                     round=number, address=where, value=value)  # fmt: skip

    def winners(self) -> None:
        """Walks down the ranking: who was not skipped in public gets the next prize."""
        draw = self.event("draw")
        seed = seed_of(unhexlify(self.event("freeze")["head"]), self.chance)
        self.ranking = order(seed, self.entries)
        at = next(n for n, e in self.events if e["kind"] == "draw")
        skipped = [e for n, e in self.events if e["kind"] == "skip" and n < at]
        passed = {one["C"] for one in skipped}
        line = (c.hex() for c in self.ranking if c.hex() not in passed)
        self.matched("winner", draw["winners"], line, self.terms["winners"], draw)
        self.matched("reserve", draw["reserves"], line, self.terms["reserves"], draw)
        self.queue = chain(draw["reserves"], line)
        for one in skipped:
            self.skipped(one)
        self.add("ok", "winners", winners=len(draw["winners"]), reserves=len(draw["reserves"]))

    def matched(
        self, what: str, told: list[str], line: Iterator[str], most: int, draw: Event
    ) -> None:
        right = islice(line, most)
        for place, (got, due) in enumerate(zip_longest(told, right, fillvalue="–"), 1):
            if got != due and due not in ["–", *draw["winners"], *draw["reserves"]]:
                raise Fault("passed_over", C=due, got=got)
            if got != due:
                raise Fault(what, place=place, C=due, got=got)

    def skipped(self, event: Event) -> None:
        if event["C"].encode() not in self.pool:
            raise Fault("stranger", C=event["C"])
        self.add("note", "skipped", C=event["C"], rule=event["rule"], by=event["by"])

    def after(self) -> None:
        """Prizes only ever pass to the next in line."""
        holders: dict[int, str] = dict(enumerate(self.event("draw")["winners"], 1))
        at = next(n for n, e in self.events if e["kind"] == "draw")
        for number, event in (pair for pair in self.events if pair[0] > at):
            kind, who, slot = event["kind"], event["C"], event.get("slot", 0)
            right = next(self.queue, "") if kind in ("promote", "skip") else holders.get(slot)
            if right != who or (kind == "promote" and holders.get(slot) != ""):
                raise Fault("moved", line=number, C=who, slot=slot)
            if kind == "skip":
                self.skipped(event)
            elif kind != "claim":
                holders[slot] = "" if kind == "lost" else who
            if kind == "lost":
                self.add("note", "lost", C=who, slot=slot, why=event["why"], by=event["by"])
            if kind == "promote":
                self.add("note", "promoted", C=who, slot=slot)
        self.held = {who: slot for slot, who in holders.items() if who}

    def draw(self) -> None:
        """draw.json says what the log says."""
        text = self.archive.read(DRAW)
        right = summary(self.terms, [e for _, e in self.events], self.last, self.log_head.hex())
        if text != written(right):
            told = json.loads(text)
            wrong = [n for n in right if not isinstance(told, dict) or told.get(n) != right[n]]
            raise Fault("draw", name=(wrong or ["?"])[0])
        self.add("ok", "agrees")

    def compared(self) -> None:
        for shown in self.heads:
            if shown not in self.seen:
                raise Fault("head", head=shown)
            number = self.seen[shown]
            self.add("ok", "head_line" if number else "head_freeze", head=shown, line=number)
        if not self.heads:
            self.add("note", "compare", freeze=self.event("freeze")["head"],
                     log=self.log_head.hex(), lines=self.last)  # fmt: skip

    def mine(self) -> None:
        """The reader's own entry."""
        found = [pair for pair in self.entries if self.entry and like(self.entry, pair[0].hex())]
        if self.entry and len(found) != 1:
            raise Fault("not_in", C=self.entry)
        draw = self.event("draw")
        for commitment, tickets in found:
            who, rank = commitment.hex(), self.ranking.index(commitment) + 1
            self.add("ok", "in", C=who, tickets=tickets, rank=rank, count=len(self.entries))
            if who in self.held:
                self.add("ok", "won", slot=self.held[who])
            elif any(e["C"] == who for _, e in self.events if e["kind"] == "skip"):
                self.add("note", "was_skipped")
            elif who in draw["winners"]:
                self.add("note", "had_won")
            elif who in draw["reserves"]:
                self.add("ok", "reserve_place", place=draw["reserves"].index(who) + 1)
            else:
                self.add("ok", "not_won", rank=rank, prizes=len(draw["winners"]))


STEPS: Sequence[Callable[[Proof], None]] = (
    Proof.files, Proof.log, Proof.params, Proof.listed, Proof.frozen, Proof.beacon, Proof.winners,
    Proof.after, Proof.draw, Proof.compared, Proof.mine,
)  # fmt: skip
ODD = (KeyError, TypeError, ValueError, AttributeError, IndexError, StopIteration, RecursionError,
       OverflowError)  # fmt: skip
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, struct.error)


def check(file: str | BinaryIO, heads: Sequence[str] = (), entry: str = "") -> list[Line]:
    """What is found in a proof, in order; a fault is the last line. Never raises for what is in it.

    `heads` are hashes the reader saw in public or on a receipt, `entry` their own commitment; the
    first eight letters and digits of either are enough.
    """
    found: list[Line] = []
    step = STEPS[0]
    try:
        with zipfile.ZipFile(file) as archive:
            proof = Proof(archive, heads, entry)
            found = proof.found
            for step in STEPS:
                step(proof)
    except Fault as fault:
        return [*found, Line("fault", fault.name, fault.values)]
    except RecursionError:
        return [*found, Line("fault", "odd", {"name": step.__name__})]
    except BROKEN:
        return [*found, Line("fault", "bad_zip", {})]
    except ODD:
        return [*found, Line("fault", "odd", {"name": step.__name__})]
    return found


# What is said -------------------------------------------------------------------------------------

# A name, the sentence in Bengali and in English.
_SENTENCES = """\
bad_zip
ফাইলটা ভালো zip নয়, হয়তো নামানোর সময় কেটে গেছে। আবার নামিয়ে নিন।
This is not a whole zip file; perhaps the download was cut. Download it again.
foreign
zip-এ এমন একটা ফাইল আছে যা প্রমাণের অংশ নয়: {name}
The zip holds a file that is no part of a proof: {name}
missing
zip-এ {name} নেই। আবার নামিয়ে নিন।
{name} is not in the zip. Download it again.
huge
{name} খুলতে গেলে এত বড় হয়, যা কোনো প্রমাণে হয় না। তাই খোলা হয়নি।
{name} would unpack to more than any proof holds, so it was not opened.
unreadable
{name}-এর {line} নম্বর লাইন যেভাবে লেখা থাকার কথা, সেভাবে লেখা নেই।
Line {line} of {name} is not written as it must be.
odd
প্রমাণের একটা অংশে যা থাকার কথা তা নেই ({name})।
A part of the proof does not hold what belongs there ({name}).
chain
লগের {line} নম্বর লাইন আগের লাইনের সাথে মেলে না: লগে কিছু বদলানো, বাদ দেওয়া বা ওলটপালট করা হয়েছে।
Line {line} of the log does not follow from the one before it: lines were changed, left out or put in another order.
order
লগের {line} নম্বর লাইনের ঘটনাটা ({kind}) ওই জায়গায় ঘটতে পারে না।
What line {line} of the log says ({kind}) cannot happen at that place.
unfinished
লগে ড্র পর্যন্ত সব লাইন নেই: শেষটা কেটে ফেলা হয়েছে।
The log does not go as far as the draw: its end was cut off.
amend
লগের {line} নম্বর লাইনে এমন একটা শর্ত বদলানো হয়েছে যা শুরুর পরে বদলানো যায় না ({name})।
Line {line} of the log changes a term that may not change after the start ({name}).
log
লগ অক্ষত: {lines}টা লাইন, প্রত্যেকটা আগেরটার সাথে জোড়া।
The log is whole: {lines} lines, each chained to the one before.
params
params.json সেই শর্ত নয় যা লগে প্রকাশ করা হয়েছিল।
params.json is not the terms that were published in the log.
terms
শর্তগুলো যেমন প্রকাশ করা হয়েছিল তেমনই আছে: {prize}
The terms are as they were published: {prize}
tickets
{C} এন্ট্রিতে {tickets}টা টিকিট, অথচ শর্ত অনুযায়ী সর্বোচ্চ {most}টা হতে পারে।
The entry {C} has {tickets} tickets; the terms allow {most} at most.
dropped
লগ অনুযায়ী {C} যোগ দিয়েছিলেন আর থেকে গিয়েছিলেন, অথচ entries.csv-তে নেই।
The log says that {C} entered and stayed, but entries.csv leaves that entry out.
stranger
{C} তালিকায় আছে, অথচ লগ অনুযায়ী কখনো যোগ দেয়নি (বা বেরিয়ে গিয়েছিল)।
{C} is listed, but by the log never entered (or left again).
entries
entries.csv-তে {count}টা এন্ট্রি: লগ অনুযায়ী যারা যোগ দিয়ে থেকে গেছেন ঠিক তারাই।
entries.csv holds {count} entries: exactly those who entered by the log and stayed.
root
entries.csv সেই তালিকা নয় যা বন্ধ করার সময় প্রকাশ করা হয়েছিল: টিকিট বা এন্ট্রি বদলানো হয়েছে (হওয়ার কথা {published}, পাওয়া গেল {root})।
entries.csv is not the list that was published at the close: tickets or entries were changed (published {published}, found {root}).
freeze_head
বন্ধ করার সময় প্রকাশ করা ছাপ শর্ত আর তালিকার সাথে মেলে না (হওয়ার কথা {head}, লেখা {published})।
The head published at the close does not fit the terms and the list (it should be {head}, published was {published}).
late
তালিকা দেরিতে বন্ধ করা হয়েছে, অথচ লগে তা বলা নেই।
The list was closed late, and the log does not say so.
before
তালিকার ছাপটা গ্রুপে {time} (UTC)-এর আগেই থাকার কথা, কারণ {round} নম্বর রাউন্ড তখন প্রকাশ হয়েছে। গ্রুপের মেসেজের সময়টা দেখে নিন।
The head must have stood in the group before {time} (UTC), when round {round} came out. Look at the time of the message there.
round
ড্র হয়েছে drand-এর {round} নম্বর রাউন্ড দিয়ে, শর্ত অনুযায়ী হওয়ার কথা {expected}।
The draw used round {round} of drand; by the terms it must be {expected}.
frozen
তালিকা ঠিক সেটাই যা বন্ধ করার সময় প্রকাশ করা হয়েছিল: {count}টা এন্ট্রি, {tickets}টা টিকিট।
The list is the one published at the close: {count} entries, {tickets} tickets.
frozen_late
তালিকা {seconds} সেকেন্ড দেরিতে বন্ধ হয়েছে। রাউন্ড সেই সময় থেকে গোনা হয়েছে।
The list was closed {seconds} seconds late. The round counts from that moment.
value_form
ড্রয়ে যে মান নেওয়া হয়েছে, শর্তে বলা উৎস থেকে অমন মান আসে না।
The value that was drawn with is none that the promised source gives.
secret
ড্রয়ের সময় যে গোপন সংখ্যা খোলা হয়েছে, শুরুতে সেটার ছাপ প্রকাশ করা হয়নি।
The secret that was opened is not the one whose hash was published at the start.
forged
drand-এর {round} নম্বর রাউন্ডের স্বাক্ষর আসল নয়।
The signature of drand's round {round} is not genuine.
other_chain
ভাগ্যের উৎস এমন একটা চেইন যা এই প্রোগ্রাম চেনে না ({chain})। তার রাউন্ড আর স্বাক্ষর যাচাই হয়নি।
Chance came from a chain that this program does not know ({chain}). Neither its round nor its signature was checked.
genuine
drand-এর {round} নম্বর রাউন্ডের স্বাক্ষর আসল। তালিকা বন্ধ হওয়ার সময় এটা কারও জানা সম্ভব ছিল না।
The signature of drand's round {round} is genuine. Nobody could know it when the list was closed.
unchecked
drand-এর {round} নম্বর রাউন্ডের স্বাক্ষর এখানে যাচাই হয়নি: তার জন্য py-arkworks-bls12381 প্যাকেজ লাগে। নিজে মিলিয়ে নিন, {address} ঠিকানায় এটাই লেখা থাকার কথা: {value}
The signature of drand's round {round} was NOT checked here: that needs the package py-arkworks-bls12381. Compare it yourself, {address} must say: {value}
manual
ভাগ্য এসেছে হাতে লেখা মান থেকে, যা সবার সামনে জানার কথা ছিল। নিজে মিলিয়ে নিন। উৎস: {source}। মান: {value}
Chance came from values taken in public and typed in. Compare them yourself. Source: {source}. Values: {value}
trust
এই ড্রয়ে আয়োজকের ওপর ভরসা করতে হয়: গোপন সংখ্যাটা শুরু থেকেই আয়োজকের কাছে ছিল।
In this draw you are trusting the organiser, who held the secret from the start.
passed_over
{C} তালিকায় এগিয়ে, অথচ জেতেননি, আর কেন বাদ পড়লেন লগে তা বলা নেই (তার জায়গায় {got})।
{C} comes first by the ranking, yet did not win, and the log gives no reason for a skip ({got} stands there).
winner
{place} নম্বর পুরস্কার হিসাব অনুযায়ী {C}-এর, অথচ দেওয়া হয়েছে {got}-কে।
Prize {place} belongs to {C} by the ranking, but went to {got}.
reserve
অপেক্ষমাণ তালিকার {place} নম্বরে হিসাব অনুযায়ী {C}, অথচ লেখা {got}।
Place {place} of the reserves belongs to {C} by the ranking, but {got} stands there.
winners
{winners} জন বিজয়ী আর {reserves} জন অপেক্ষমাণ, সবাই হিসাব অনুযায়ী ঠিক।
The winners ({winners}) and reserves ({reserves}) are those of the ranking, in its order.
skipped
সবাইকে জানিয়ে বাদ দেওয়া হয়েছে: {C}, নিয়ম: {rule}, সিদ্ধান্ত: {by}
Skipped in public: {C}, rule: {rule}, decided by: {by}
moved
লগের {line} নম্বর লাইনে {slot} নম্বর পুরস্কার নিয়ে যা লেখা, তালিকার ক্রম অনুযায়ী {C} তা পেতে বা হারাতে পারেন না।
Line {line} of the log: by the order of the list {C} cannot get or lose prize {slot} there.
lost
{slot} নম্বর পুরস্কার {C} পাননি। কারণ: {why}, সিদ্ধান্ত: {by}
Prize {slot} was taken from {C}. Reason: {why}, decided by: {by}
promoted
{slot} নম্বর পুরস্কার গেছে তালিকার ঠিক পরের জনের কাছে: {C}
Prize {slot} passed to the next in line: {C}
draw
draw.json-এ {name} নিয়ে যা লেখা, লগে তা নেই।
draw.json says something else than the log ({name}).
agrees
draw.json-এ যা লেখা, লগেও তাই।
draw.json says what the log says.
head
আপনার দেখা ছাপ ({head}) এই প্রমাণে কোথাও নেই। আপনি দেখার পরে কিছু বদলানো হয়েছে, অথবা এটা অন্য গিভঅ্যাওয়ে।
The head you saw ({head}) is nowhere in this proof. Something was changed after you saw it, or it belongs to another giveaway.
head_line
আপনার দেখা ছাপ {head} এই লগের {line} নম্বর লাইনের।
The head you saw, {head}, is that of line {line} of this log.
head_freeze
আপনার দেখা ছাপ {head} এই প্রমাণেরই।
The hash you saw, {head}, is the one of this proof.
compare
গ্রুপে বা রসিদে যা দেখেছিলেন তার সাথে মিলিয়ে নিন। বন্ধ হওয়ার সময়ের ছাপ: {freeze}। লগের শেষ ছাপ ({lines} লাইন): {log}
Compare with what you saw in the group or on your receipt. Head at the close: {freeze}. Head of the log after {lines} lines: {log}
not_in
{C} এই তালিকায় নেই।
{C} is not in this list.
in
{C} তালিকায় ছিল, {tickets}টা টিকিট নিয়ে। ক্রমে {count} জনের মধ্যে {rank} নম্বর।
{C} was in, with tickets: {tickets}. Rank {rank} of {count}.
won
{slot} নম্বর পুরস্কার এই এন্ট্রির।
Prize {slot} is this entry's.
had_won
জিতেছিল, পরে পুরস্কারটা চলে গেছে (কারণ ওপরে)।
It won and lost the prize (why: see above).
was_skipped
ড্রয়ে বাদ পড়েছে (নিয়ম ওপরে)।
It was skipped in the draw (the rule: see above).
reserve_place
অপেক্ষমাণ তালিকার {place} নম্বরে।
It is number {place} of the reserves.
not_won
হিসাব অনুযায়ী জেতেনি: পুরস্কার {prizes}টা, ক্রম {rank}।
It rightly did not win: prizes {prizes}, rank {rank}.
right
সব মিলে গেছে: এই ড্র ঠিক।
Everything fits: this draw is right.
partly
যা যা যাচাই করা গেছে, সব মিলেছে। ⚠ চিহ্নের লাইনগুলো নিজে বিচার করে নিন।
Everything that could be checked fits. The lines with ⚠ are left for you to judge.
absent
প্রমাণটা ভেতরে ভেতরে ঠিক আছে, কিন্তু আপনার এন্ট্রি এতে নেই। রসিদের C অক্ষরে অক্ষরে মিলিয়ে নিন, আর রসিদের হ্যাশটাও দিয়ে দেখুন।
The proof fits together, but your entry is not in it. Compare the C on your receipt letter by letter, and give the hash on the receipt as well.
wrong
এই প্রমাণ ঠিক নয়। আবার নামিয়ে দেখুন; তবুও না মিললে আয়োজককে জিজ্ঞেস করুন।
This proof is not right. Download it once more; if it stays so, ask the organiser.
"""  # noqa: E501
_LINES = _SENTENCES.splitlines()
SAID = dict(zip(_LINES[::3], zip(_LINES[1::3], _LINES[2::3])))  # noqa: B905
MARKS = {"ok": "✓", "note": "⚠", "fault": "✗"}
LEFT = {"unchecked", "other_chain", "manual", "trust"}  # a person has to judge
LANGUAGES = ("bn", "en")
HEAD = "a hash you saw in the group or on a receipt; may be given several times"
ENTRY = "your entry, as on your receipt"


def said(name: str, values: dict[str, Any], language: str) -> str:
    """A sentence; what comes from the proof is made harmless, and shortened, for a terminal."""
    template = SAID[name][LANGUAGES.index(language)]
    return template.format(**{key: _plain(one, language) for key, one in values.items()})


def _plain(value: Any, language: str) -> str:
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(value)[:400])
    if language == "bn" and type(value) is int:
        return text.translate(str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯"))
    return text


def told(found: Sequence[Line], language: str) -> list[str]:
    """Every finding as a line, the verdict last."""
    faults = [one.name for one in found if one.mark == "fault"]
    whole = "partly" if LEFT.intersection(one.name for one in found) else "right"
    verdict = whole if not faults else "absent" if faults == ["not_in"] else "wrong"
    lines = [f"{MARKS[m]} {said(name, values, language)}" for m, name, values in found]
    return [*lines, said(verdict, {}, language)]


def _language() -> str:
    """That of the terminal, if it says so."""
    return "bn" if os.environ.get("LANG", "").startswith("bn") else "en"


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Check the proof of a giveaway's draw.")
    parser.add_argument("file", help="the proof, a zip")
    parser.add_argument("--head", action="append", default=[], metavar="H", help=HEAD)
    parser.add_argument("--entry", default="", metavar="C", help=ENTRY)
    parser.add_argument("--language", choices=LANGUAGES, default=_language(), help="bn or en")
    args = parser.parse_args(argv)
    if not os.path.isfile(args.file):
        parser.error(f"there is no file {args.file}")
    found = check(args.file, args.head, args.entry)
    sys.stdout.write("\n".join(told(found, args.language)) + "\n")
    return int(any(one.mark == "fault" for one in found))


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    sys.exit(main())
