"""Checking a downloaded proof, without the server: whoever trusts its key needs nothing else."""

from __future__ import annotations

import base64
import binascii
import csv
import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from handlers.reporting import seal as pure
from handlers.reporting.proof import CSV, FORMAT, JSON, PROOF, stated
from storage.seals import Entry

_MOST = 1 << 30  # bytes of a file in the zip
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, IndexError, AttributeError,
    binascii.Error, RuntimeError, EOFError,
)  # fmt: skip


@dataclass(slots=True)
class Finding:
    """What was found: `faults` in words, and of what how much was in order."""

    key: str = ""
    entries: int = 0
    days: int = 0
    compared: int = 0
    faults: list[str] = field(default_factory=list)


def check(data: bytes, table: bytes | None = None, key: str | None = None) -> Finding:
    """A proof's zip; `table` is a CSV from elsewhere that should be the one in it, `key` the public
    key as the reader knows it. Never raises for what is in them."""
    found = Finding()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = {name: _read(archive, name) for name in (CSV, JSON, PROOF)}
        proof = json.loads(files[PROOF])
        _check(found, proof, files, key)
    except _UNREADABLE as error:
        found.faults.append(f"the file is not a whole proof ({error})")
        return found
    if table is not None and table != files[CSV]:
        found.faults.append("the table is not the one that was signed")
    return found


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > _MOST:
        raise ValueError(f"{name} is too large")
    return archive.read(name)


def _check(
    found: Finding, proof: Mapping[str, Any], files: Mapping[str, bytes], key: str | None
) -> None:
    if proof["format"] != FORMAT:
        raise ValueError(f"its format is {proof['format']}, this program knows {FORMAT}")
    found.key = proof["key"]
    if key is not None and key.lower() != found.key:
        found.faults.append("it is signed with another key than the one given")
    if not pure.genuine(found.key, proof["signature"], stated(proof)):
        found.faults.append("the signature of the files is not genuine")
    for name in (CSV, JSON):
        if hashlib.sha256(files[name]).hexdigest() != proof["files"][name]:
            found.faults.append(f"{name} was changed after it was signed")
    chain = [Entry(id="", **entry) for entry in proof["chain"]]
    found.faults += pure.chain_faults(chain, found.key)
    found.entries = len(chain)
    newest = {entry.day: entry.number for entry in chain}
    told = _days_of(files[CSV])
    for day in proof["days"]:
        entry = chain[day["number"] - 1]
        found.faults += _day_faults(found, proof["campaign"], day, entry)
        if newest[entry.day] == entry.number:
            _compare(found, day, entry, told)
    _missing(found, proof, newest, told)


def _day_faults(found: Finding, campaign: str, day: Mapping[str, Any], entry: Entry) -> list[str]:
    """Whether the leaves lead to the day's signed root, and the opened counts are among them."""
    raw = base64.b64decode(day["leaves"], validate=True)
    leaves = [raw[at : at + 32] for at in range(0, len(raw), 32)]
    top = pure.leaf(bytes.fromhex(day["nonce"]), [campaign, pure.root(leaves).hex()])
    if pure.climbed(top, day["path"]).hex() != entry.root:
        return [f"the rows of {entry.day} are not those that were sealed (entry {entry.number})"]
    found.days += 1
    return [
        f"the count of {entry.day} is not the one that was sealed"
        for total in day["totals"] if leaves[total["place"]] != pure.leaf(
            bytes.fromhex(total["nonce"]),
            pure.total_value(entry.day, total["class"], total["count"]),
        )
    ]  # fmt: skip


def _days_of(table: bytes) -> dict[str, str]:
    rows = csv.reader(io.StringIO(table.decode("utf-8-sig")))
    return {row[1]: row[2] for row in rows if len(row) == 3 and row[0] == "days"}


def _compare(found: Finding, day: Mapping[str, Any], entry: Entry, told: Mapping[str, str]) -> None:
    """The table says of a sealed day what its newest seal says."""
    for total in day["totals"]:
        found.compared += 1
        if told.get(entry.day) != str(total["count"]):
            found.faults.append(
                f"the table says {told.get(entry.day)} clicks on {entry.day}, "
                f"sealed were {total['count']}"
            )


def _missing(
    found: Finding, proof: Mapping[str, Any], newest: Mapping[str, int], told: Mapping[str, str]
) -> None:
    """A day with clicks in the table that was sealed must come with its rows."""
    numbers: Sequence[int] = [day["number"] for day in proof["days"]]
    for day, clicks in told.items():
        if day in newest and clicks not in ("0", "not shown") and newest[day] not in numbers:
            found.faults.append(f"the rows of {day} are missing")
