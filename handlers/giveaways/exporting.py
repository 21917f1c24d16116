"""The entries of a giveaway as a table or JSON, for the organiser: nobody's name, nobody's id."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from bot.wire import moment
from handlers.giveaways import tickets
from handlers.giveaways.persons import commitment
from handlers.giveaways.plan import Plan, unpacked
from handlers.questions.tables import safe
from storage import giveaway_entrants as entrants
from storage import giveaway_pool as pool
from storage import giveaways as store
from storage.giveaway_entrants import Seen
from storage.giveaway_pool import Account
from storage.tx import Tx

COLUMNS = ("number", "platforms", "tickets", "reasons", "entered", "left", "commitment")


async def entries_file(tx: Tx, community: str, giveaway: str, format: str) -> str:
    """As "csv", with a byte order mark and no formula in it, or "json"; empty of a giveaway that is
    not this community's."""
    found = await store.get(tx, community, giveaway)
    if found is None:
        return _written(format, [])
    seen, accounts = await entrants.seen(tx, giveaway), await pool.accounts(tx, giveaway)
    known = await entrants.listed(tx, giveaway) or await _key(tx, giveaway)
    made = await asyncio.to_thread(rows, giveaway, unpacked(found.plan), known, seen, accounts)
    return _written(format, made)


async def _key(tx: Tx, giveaway: str) -> bytes:
    """Empty once it is deleted, long after the draw."""
    try:
        return (await store.keys(tx, giveaway)).key
    except LookupError:
        return b""


def rows(
    giveaway: str, plan: Plan, known: Mapping[int, str] | bytes, seen: Sequence[Seen],
    accounts: Sequence[Account],
) -> list[dict[str, Any]]:  # fmt: skip
    """An entry a row; who left has no tickets. `known` are the commitments of a frozen list by
    number, before that the key that makes them."""
    inside = {number: list(group) for number, group in groupby(accounts, attrgetter("number"))}
    return [_row(giveaway, plan, known, one, inside.get(one.number, [])) for one in seen]


def _row(
    giveaway: str, plan: Plan, known: Mapping[int, str] | bytes, one: Seen, accounts: list[Account]
) -> dict[str, Any]:
    why = tickets.reasons(accounts) if accounts else ()
    platforms = {account.platform for account in accounts} or {one.platform}
    return {
        "number": one.number,
        "platforms": sorted(platforms),
        "tickets": tickets.count(plan, why) if accounts else 0,
        "reasons": [reason for reason, _ in tickets.given(plan, why)],
        "entered": moment(one.at).isoformat(),
        "left": moment(one.left_at).isoformat() if one.left_at is not None else "",
        "commitment": _commitment(giveaway, known, one.number, accounts),
    }


def _commitment(
    giveaway: str, known: Mapping[int, str] | bytes, number: int, accounts: list[Account]
) -> str:
    if not isinstance(known, bytes):
        return known.get(number, "")
    pairs = [(account.platform, account.user) for account in accounts]
    return commitment(known, giveaway, pairs) if known and pairs else ""


def _written(format: str, found: list[dict[str, Any]]) -> str:
    if format == "json":
        return json.dumps({"entries": found}, ensure_ascii=False, indent=1) + "\n"
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in found:
        writer.writerow(safe(_cell(row[name])) for name in COLUMNS)
    return "\ufeff" + text.getvalue()


def _cell(value: Any) -> str:
    return " ".join(value) if isinstance(value, list) else str(value)
