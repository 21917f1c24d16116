"""Draws made from pure functions alone, told as a log, as a proof, and as rows."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from handlers.giveaways import fairness, verify
from handlers.giveaways.beacon import manual_randomness
from handlers.giveaways.fairness import Entry, Parameters
from handlers.giveaways.log import Event
from handlers.giveaways.plan import Plan
from handlers.giveaways.record import following
from handlers.giveaways.verify import Line
from storage import giveaway_pool as pool
from storage.database import Database
from storage.giveaway_log import Line as LogLine
from storage.giveaway_pool import Listed
from storage.whole import whole
from tests.gw1 import PARAMETERS, SIGNATURE

ID = "0000000000000001"
CLOSE = PARAMETERS.close_at  # of the round whose signature the published example holds
ROUND = 657413
SECRET = bytes(range(32))
MANUAL = "ঢাকা স্টক এক্সচেঞ্জের সূচক, ১ ডিসেম্বর"
VALUE = "6251.04"


def _as_it_is(_event: dict[str, Any]) -> None:
    """Nothing is changed."""


@dataclass
class Draw:
    """A finished draw. `change` is called with each event before it is chained."""

    count: int = 12
    beacon: str = fairness.DRAND + fairness.DRAND_CHAIN
    value: str = SIGNATURE.hex()
    winners: int = 2
    reserves: int = 2
    prize: str = "লাল শাড়ি"
    skips: int = 1
    late: int = 5  # seconds between the close and the freeze
    round: int = ROUND
    entries: list[Entry] = field(default_factory=list)
    after: bool = True
    amend: bool = True
    change: Callable[[dict[str, Any]], object] = _as_it_is
    events: list[dict[str, Any]] = field(default_factory=list)
    order: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.entries = self.entries or [
            Entry(sha256(b"fan %d" % i).digest(), 1 + i % 3) for i in range(self.count)
        ]
        self.last = Parameters(
            id=ID.encode().hex(), prize=self.prize, winners=self.winners, reserves=self.reserves,
            close_at=CLOSE, beacon=self.beacon, tickets={"enter": 1, "linked": 2}, cap=3,
            claim_h=48,
        )  # fmt: skip
        self.first = replace(self.last, close_at=CLOSE - 3600) if self.amend else self.last
        self.tell()

    def tell(self) -> None:
        """The whole story, as the bot would tell it."""
        by = {"by": "bot", "at": CLOSE + 70}
        frozen = fairness.freeze(self.last, self.entries)
        self.freeze = frozen
        seed = fairness.seed(frozen.head, self.randomness())
        self.order = [e.commitment.hex() for e in fairness.rank(seed, self.entries)]
        skipped = self.order[: self.skips]
        line = self.order[self.skips :]
        won, reserves = line[: self.winners], line[self.winners :][: self.reserves]
        self.won, self.kept = won, reserves
        told: list[dict[str, Any]] = [
            {"kind": "open", "params": self.first.canonical().decode(), "at": CLOSE - 9000},
            *self.entering(),
            {"kind": "freeze", "root": frozen.root.hex(), "head": frozen.head.hex(),
             "n": frozen.count, "tickets": frozen.tickets, "round": self.number(),
             "late": self.late > 30, "at": CLOSE + self.late},
            {"kind": "beacon", "value": self.value, "source": "https://api.drand.sh",
             "at": CLOSE + 70},
            *({"kind": "skip", "C": c, "rule": "left", **by} for c in skipped),
            {"kind": "draw", "winners": won, "reserves": reserves, "at": CLOSE + 70},
        ]  # fmt: skip
        if self.after and len(won) > 1 and len(reserves) > 1:
            told += [
                {"kind": "claim", "C": won[0], "slot": 1},
                {"kind": "lost", "C": won[1], "slot": 2, "why": "lapsed", "by": "bot", "at": 1},
                {"kind": "skip", "C": reserves[0], "rule": "banned", **by},
                {"kind": "promote", "C": reserves[1], "slot": 2, "at": CLOSE + 999},
            ]
        for event in told:
            self.change(event)
        self.events = told

    def number(self) -> int:
        return self.round if self.beacon.startswith(fairness.DRAND) else 0

    def entering(self) -> list[dict[str, Any]]:
        """Everybody enters; one leaves and comes back, one leaves for good, two are one person."""
        names = [entry.commitment.hex() for entry in self.entries]
        gone, one, two = (sha256(name).hexdigest() for name in (b"gone", b"one", b"two"))
        told: list[dict[str, Any]] = [
            {"kind": "enter", "C": c, "n": n} for n, c in enumerate(names[1:], 1)
        ]
        told += [{"kind": "enter", "C": c, "n": len(told) + n} for n, c in ((1, gone), (2, one))]
        told.append({"kind": "leave", "C": gone})
        if self.amend:
            told.append({"kind": "amend", "params": self.last.canonical().decode(),
                         "what": "extend", "at": CLOSE - 8000})  # fmt: skip
        told.append({"kind": "enter", "C": two, "n": len(names) + 2})
        if names:
            told.append({"kind": "merge", "C": names[0], "of": [one, two]})
        else:
            told += [{"kind": "leave", "C": one}, {"kind": "leave", "C": two}]
        if len(names) > 1:
            told += [{"kind": "leave", "C": names[1]}, {"kind": "enter", "C": names[1], "n": 1}]
        return told

    def randomness(self) -> bytes:
        if self.beacon.startswith(fairness.DRAND):
            return fairness.beacon_randomness(bytes.fromhex(self.value))
        if self.beacon.startswith("manual:"):
            return manual_randomness(self.value)
        return fairness.revealed_randomness(bytes.fromhex(self.value))

    @property
    def log(self) -> list[LogLine]:
        return following(0, self.first.digest().hex(), *self.events)

    def members(self, **instead: Any) -> dict[str, bytes]:
        """What stands in the zip; `instead` are other events, entries or terms than the real."""
        events: Sequence[Event] = instead.get("events", self.events)
        log = following(0, self.first.digest().hex(), *events)
        entries = sorted(instead.get("entries", self.entries))
        rows = "".join(f"{e.commitment.hex()},{e.tickets}\n" for e in entries)
        terms: Parameters = instead.get("terms", self.last)
        told = [json.loads(one.event) for one in log]
        summary = verify.summary(
            json.loads(terms.canonical()), told, log[-1].number, log[-1].head
        )  # fmt: skip
        return {
            "params.json": terms.canonical(),
            "entries.csv": b"C,tickets\n" + rows.encode(),
            "draw.json": verify.written(summary),
            "events.log": "".join(f"{x.number} {x.head} {x.event}\n" for x in log).encode(),
            "verify.py": Path(verify.__file__).read_bytes(),
        }

    def proof(self, **instead: Any) -> bytes:
        return zipped(self.members(**instead))

    def retold(self, events: Sequence[Event]) -> bytes:
        """The proof with another log, whose chain is whole."""
        log = following(0, self.first.digest().hex(), *events)
        told = "".join(f"{x.number} {x.head} {x.event}\n" for x in log)
        return zipped(self.members() | {"events.log": told.encode()})

    async def store(self, database: Database, url: str, state: str = "drawn") -> None:
        """The giveaway as rows, as far as `state`: open, frozen, drawn or cancelled."""
        await stored(self, database, url, state)


def commit_reveal(**more: Any) -> Draw:
    beacon = fairness.COMMIT_REVEAL + fairness.commit(SECRET)
    return Draw(beacon=beacon, value=SECRET.hex(), **more)


def manual(**more: Any) -> Draw:
    return Draw(beacon=f"manual:{MANUAL}", value=VALUE, **more)


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def fault(data: bytes, *heads: str, entry: str = "") -> str:
    """The name of what is wrong with a proof, "" if nothing is."""
    found: list[Line] = verify.check(io.BytesIO(data), heads, entry)
    assert all(verify.told(found, language) for language in verify.LANGUAGES)
    return "" if found[-1].mark != "fault" else found[-1].name


async def stored(draw: Draw, database: Database, url: str, state: str) -> None:
    lines = draw.log
    kinds = [event["kind"] for event in draw.events]
    until = {"open": kinds.index("freeze"), "cancelled": kinds.index("freeze"),
             "frozen": kinds.index("freeze") + 1, "drawn": len(lines)}[state]  # fmt: skip
    lines = lines[:until]
    if state == "cancelled":
        lines += following(
            lines[-1].number, lines[-1].head, {"kind": "cancel", "why": "ঝড়", "at": CLOSE}
        )
    frozen = draw.freeze
    values: dict[str, Any] = {
        "id": ID, "community": "c1", "prize": draw.prize, "winners": draw.winners, "hours": 1,
        "created_at": 1, "published_at": (CLOSE - 9000) * 1000, "closes_at": CLOSE * 1000,
        "params": draw.last.canonical().decode(), "params_hash": draw.last.digest().hex(),
        "last_number": draw.count + 2, "entered": len(draw.entries), "changes": 1, "counted": 0,
        "plan": Plan().packed(), "log_number": lines[-1].number, "log_head": lines[-1].head,
    }  # fmt: skip
    if state in ("frozen", "drawn"):
        values |= {"frozen_at": (CLOSE + draw.late) * 1000, "root": frozen.root.hex(),
                   "head": frozen.head.hex(), "entrants": frozen.count,
                   "tickets": frozen.tickets, "round": draw.number()}  # fmt: skip
    if state == "drawn":
        values |= {"drawn_at": (CLOSE + 70) * 1000, "signature": draw.value}
    if state == "cancelled":
        values |= {"cancelled_at": CLOSE * 1000, "reason": "ঝড়"}
    log = [(ID, one.number, one.event, one.head) for one in lines]
    async with whole(url) as db:
        await db.fill("giveaways", list(values), [tuple(values.values())])
        await db.fill("giveaway_log", ["giveaway", "number", "event", "head"], log)
    if state in ("frozen", "drawn"):
        listed = [Listed(e.commitment.hex(), e.tickets, n) for n, e in enumerate(draw.entries, 1)]
        await database.unit(lambda tx: pool.put_list(tx, ID, listed))
