"""Every way of changing a proof that must be caught, and by which name."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from handlers.giveaways.fairness import Entry
from tests.proved import Draw, commit_reveal, zipped

DRAW = Draw()
PROOF = DRAW.proof()
Change = Callable[[dict[str, Any]], object]


def of(kind: str, change: Change) -> Change:
    """A change of the events of one kind."""
    return lambda event: change(event) if event["kind"] == kind else None


def member(name: str, change: Callable[[bytes], bytes], draw: Draw = DRAW) -> bytes:
    members = draw.members()
    return zipped(members | {name: change(members[name])})


def _fourth(draw: Draw = DRAW) -> list[dict[str, Any]]:
    return [*draw.events[:3], *draw.events[4:]]


def _more(events: list[dict[str, Any]], at: int, /, **event: Any) -> list[dict[str, Any]]:
    return [*events[:at], event, *events[at:]]


STRANGER = sha256(b"nobody").hexdigest()
KINDS = [event["kind"] for event in DRAW.events]
FREEZE = KINDS.index("freeze")
WRONG: dict[str, tuple[str, Callable[[], bytes]]] = {
    # One file is changed, and what depends on it with it.
    "a changed ticket count": ("root", lambda: DRAW.proof(
        entries=[replace_tickets(e) for e in DRAW.entries])),
    "more tickets than the terms allow": ("tickets", lambda: member(
        "entries.csv", lambda data: data.replace(b",1\n", b",9\n", 1))),
    "a dropped entrant": ("dropped", lambda: DRAW.proof(entries=DRAW.entries[1:])),
    "an added entrant": ("stranger", lambda: DRAW.proof(
        entries=[*DRAW.entries, Entry(bytes.fromhex(STRANGER), 1)])),
    "an entrant twice": ("unreadable", lambda: DRAW.proof(
        entries=[*DRAW.entries, DRAW.entries[0]])),
    "a list in another order": ("unreadable", lambda: member(
        "entries.csv", lambda data: b"\n".join([data.split(b"\n")[0],
                                                *reversed(data.split(b"\n")[1:-1]), b""]))),
    "changed terms": ("params", lambda: DRAW.proof(terms=replace(DRAW.last, winners=3))),
    "a changed prize": ("params", lambda: member("params.json", lambda d: d.replace(b"48", b"72"))),
    "terms in another form": ("params", lambda: member(
        "params.json", lambda data: json.dumps(json.loads(data)).encode())),
    # The log is told anew from the first line.
    "an entry that the log does not know": ("stranger", lambda: DRAW.proof(events=_fourth())),
    "an end that is cut off": ("unfinished", lambda: DRAW.retold(DRAW.events[:-5])),
    "somebody in after the freeze": ("order", lambda: DRAW.proof(
        events=_more(DRAW.events, FREEZE + 1, kind="enter", C=STRANGER, n=99))),
    "somebody in twice": ("order", lambda: DRAW.proof(
        events=_more(DRAW.events, 3, kind="enter", C=DRAW.events[1]["C"], n=99))),
    "somebody out who was not in": ("order", lambda: DRAW.proof(
        events=_more(DRAW.events, 3, kind="leave", C=STRANGER))),
    "two made one who were not in": ("order", lambda: DRAW.proof(
        events=_more(DRAW.events, 3, kind="merge", C=STRANGER, of=["ab" * 32]))),
    "two freezes": ("order", lambda: DRAW.proof(
        events=_more(DRAW.events, FREEZE, **DRAW.events[FREEZE]))),
    "two draws": ("order", lambda: DRAW.proof(events=[*DRAW.events, DRAW.events[-5]])),
    "a draw that was cancelled": ("order", lambda: DRAW.proof(
        events=[*DRAW.events, {"kind": "cancel", "why": "x", "at": 1}])),
    "an event nobody knows": ("order", lambda: DRAW.proof(
        events=_more(DRAW.events, 4, kind="reroll"))),
    "another beacon after the start": ("amend", lambda: DRAW.proof(
        events=_more(DRAW.events, 4, kind="amend", what="extend", at=1, params=replace(
            DRAW.first, beacon="manual:x").canonical().decode()))),
    "fewer winners after the start": ("amend", lambda: DRAW.proof(
        events=_more(DRAW.events, 4, kind="amend", what="prizes", at=1, params=replace(
            DRAW.first, winners=1).canonical().decode()))),
    "an earlier end after the start": ("amend", lambda: DRAW.proof(
        events=_more(DRAW.events, 4, kind="amend", what="extend", at=1, params=replace(
            DRAW.first, close_at=1).canonical().decode()))),
    # What was published at the close and at the draw.
    "a wrong round": ("round", lambda: Draw(round=657414).proof()),
    "a late freeze that is not said": ("late", lambda: Draw(
        late=900, change=of("freeze", lambda e: e.update(late=False))).proof()),
    "a late freeze with the old round": ("round", lambda: Draw(late=900).proof()),
    "another root": ("root", lambda: Draw(
        change=of("freeze", lambda e: e.update(root="00" * 32))).proof()),
    "another head": ("freeze_head", lambda: Draw(
        change=of("freeze", lambda e: e.update(head="00" * 32))).proof()),
    "another count": ("root", lambda: Draw(change=of("freeze", lambda e: e.update(n=11))).proof()),
    "another secret": ("secret", lambda: _beacon(commit_reveal(), "00" * 32)),
    "a forged signature": ("forged", lambda: Draw(value="ab" * 48).proof()),
    "the signature of another form": ("forged", lambda: Draw(value="c0" + "00" * 47).proof()),
    "a value that is no signature": ("value_form", lambda: _beacon(DRAW, "abc")),
    "a swapped winner": ("winner", lambda: Draw(
        change=of("draw", lambda e: e.update(winners=e["winners"][::-1])), after=False).proof()),
    "re-ordered reserves": ("reserve", lambda: Draw(
        change=of("draw", lambda e: e.update(reserves=e["reserves"][::-1])), after=False).proof()),
    "a winner out of nowhere": ("passed_over", lambda: Draw(
        change=of("draw", lambda e: e.update(winners=[e["winners"][0], STRANGER])),
        after=False).proof()),
    "one winner too few": ("passed_over", lambda: Draw(
        change=of("draw", lambda e: e["winners"].pop()), after=False).proof()),
    "one reserve too many": ("reserve", lambda: Draw(
        change=of("draw", lambda e: e["reserves"].append(STRANGER)), after=False).proof()),
    "an undeclared skip": ("passed_over", lambda: DRAW.proof(
        events=[e for e in DRAW.events if e["kind"] != "skip"])),
    "a skip of nobody": ("stranger", lambda: Draw(skips=0, after=False).proof(
        events=_more(Draw(skips=0, after=False).events, FREEZE + 2, kind="skip", C=STRANGER,
                     rule="left", by="bot", at=1))),
    # Afterwards.
    "a prize to somebody else than the next": ("moved", lambda: Draw(
        change=of("promote", lambda e: e.update(C=DRAW.order[-1]))).proof()),
    "a prize moved that nobody lost": ("moved", lambda: DRAW.proof(
        events=[e for e in DRAW.events if e["kind"] != "lost"])),
    "a claim of another's prize": ("moved", lambda: Draw(
        change=of("claim", lambda e: e.update(slot=2))).proof()),
    # draw.json and the zip.
    "another winner in draw.json alone": ("draw", lambda: member(
        "draw.json", lambda d: d.replace(DRAW.won[0].encode(), STRANGER.encode()))),
    "one thing more in draw.json": ("draw", lambda: member(
        "draw.json", lambda d: d.replace(b'{\n "after"', b'{\n "aaa": 1,\n "after"'))),
    "draw.json that is no JSON": ("odd", lambda: member("draw.json", lambda _: b"{")),
    "draw.json without end": ("odd", lambda: member("draw.json", lambda _: b"[" * 4000)),
    "a line left out of the log": ("chain", lambda: member(
        "events.log", lambda d: b"".join(d.splitlines(keepends=True)[:5]
                                         + d.splitlines(keepends=True)[6:]))),
    "lines of the log changed about": ("chain", lambda: member(
        "events.log", lambda d: _swapped(d, 6))),
    "a changed line of the log": ("chain", lambda: member(
        "events.log", lambda d: d.replace(b'"rule":"left"', b'"rule":"role"'))),
    "a log without its first line": ("chain", lambda: member(
        "events.log", lambda d: d.split(b"\n", 1)[1])),
    "half a line": ("unreadable", lambda: member("events.log", lambda d: d[:-9])),
    "no log": ("unfinished", lambda: member("events.log", lambda _: b"")),
    "no table": ("unreadable", lambda: member("entries.csv", lambda _: b"")),
    "a table in capitals": ("unreadable", lambda: member("entries.csv", bytes.upper)),
    "a table of another kind": ("unreadable", lambda: member(
        "entries.csv", lambda d: d.replace(b",", b";"))),
    "a file missing": ("missing", lambda: zipped(
        {n: d for n, d in DRAW.members().items() if n != "entries.csv"})),
    "a file that climbs out": ("foreign", lambda: zipped(DRAW.members() | {"../../x": b"x"})),
    "a file twice": ("foreign", lambda: _twice()),
    "a bomb": ("huge", lambda: member("entries.csv", lambda _: bytes(1 << 26))),
    "a bomb of terms": ("huge", lambda: member("params.json", lambda d: d + os.urandom(1 << 17))),
    "no zip": ("bad_zip", lambda: b"not a zip"),
    "half a zip": ("bad_zip", lambda: PROOF[: len(PROOF) // 2]),
    "nothing": ("bad_zip", lambda: b""),
}  # fmt: skip


def replace_tickets(entry: Entry) -> Entry:
    return Entry(entry.commitment, 1 + entry.tickets % 3)


def _beacon(draw: Draw, value: str) -> bytes:
    other = {"value": value}
    return draw.retold([e | other if e["kind"] == "beacon" else e for e in draw.events])


def _swapped(log: bytes, at: int) -> bytes:
    rows = log.splitlines(keepends=True)
    rows[at], rows[at + 1] = rows[at + 1], rows[at]
    return b"".join(rows)


def _twice() -> bytes:
    out = io.BytesIO(PROOF)
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("entries.csv", b"C,tickets\n")
    return out.getvalue()
