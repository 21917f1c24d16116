"""The proof of a report: a zip with its files, the chain, and the leaves of one campaign's days."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from handlers.reporting import seal as pure
from handlers.reporting.few import Shown
from handlers.reporting.files import as_csv, as_json
from handlers.reporting.sealing import campaign_nonce, day_leaf, total_nonce
from handlers.reporting.view import View
from storage import seals as store
from storage.seals import Entry, Sealed
from storage.tx import Tx

FORMAT = 1
CSV, JSON, PROOF = "report.csv", "report.json", "proof.json"


async def sealed_days(tx: Tx, view: View) -> tuple[list[Entry], list[dict[str, Any]]]:
    """The community's chain, and what it holds of this campaign's days, ready for JSON."""
    report = view.report
    chain = await store.chain(tx, report.community)
    shown = {row.name: row.clicks for row in view.tables["days"]}
    days = []
    for entry in chain:
        if report.since <= entry.day <= report.until:
            day = await _day(tx, entry, report.campaign, shown.get(entry.day))
            days += [day] if day else []
    return chain, days


async def _day(tx: Tx, entry: Entry, campaign: str, shown: Shown | None) -> dict[str, Any] | None:
    """None where the campaign had no request on the day."""
    campaigns = await store.campaigns_of(tx, entry.community, entry.id)
    place = next((n for n, one in enumerate(campaigns) if one.campaign == campaign), None)
    if place is None:
        return None
    sealed = campaigns[place]
    leaves = await store.leaves_of(tx, entry.community, campaign, entry.id)
    return {
        "number": entry.number,
        "campaign": campaign,
        "nonce": campaign_nonce(sealed.nonce).hex(),
        "path": pure.path([day_leaf(one) for one in campaigns], place),
        "leaves": base64.b64encode(b"".join(leaves)).decode(),
        "totals": _opened(sealed, shown),
    }


def _opened(sealed: Sealed, shown: Shown | None) -> list[dict[str, Any]]:
    """The count of clicks, on days on which the reader may know it."""
    kind, count = "human", sealed.counts.get("human", 0)
    if not isinstance(shown, int):
        return []
    place = pure.classes_of(sealed.counts).index(kind)
    nonce = total_nonce(sealed.nonce, kind).hex()
    return [{"place": place, "class": kind, "count": count, "nonce": nonce}] if _may(
        count, shown
    ) else []  # fmt: skip


def _may(count: int, shown: int) -> bool:
    """A count that was corrected may be a small one where today's is not."""
    return count == shown or count == 0 or count >= 10


def packed(
    view: View, language: str, chain: Sequence[Entry], days: Sequence[Mapping[str, Any]],
    key: Ed25519PrivateKey,
) -> bytes:  # fmt: skip
    """The zip; its files are signed together with the newest entry of the chain."""
    files = {
        CSV: as_csv(view, language).encode(), JSON: as_json(view, language).encode(),
    }  # fmt: skip
    proof = {
        "format": FORMAT, "campaign": view.report.campaign, "since": view.report.since,
        "until": view.report.until, "key": key.public_key().public_bytes_raw().hex(),
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
        "chain": [_told(entry) for entry in chain], "days": list(days),
    }  # fmt: skip
    proof["signature"] = key.sign(stated(proof)).hex()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        archive.writestr(PROOF, json.dumps(proof, ensure_ascii=False))
    return out.getvalue()


def _told(entry: Entry) -> dict[str, Any]:
    return {name: value for name, value in asdict(entry).items() if name != "id"}


def stated(proof: Mapping[str, Any]) -> bytes:
    """What is signed: which files these are, of what, and after which entry of the chain."""
    names = ("format", "campaign", "since", "until", "files")
    last = proof["chain"][-1] if proof["chain"] else None
    return pure.canonical({name: proof[name] for name in names} | {"last": last})
