"""Judging kept clicks again by the present ruleset, a bounded number at a time.

Each unit of work moves its clicks and all their counts, so that whoever stops in the middle begins
again where the rulesets of the rows say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from bot.wire import moment
from handlers.links.classify import REASONS, RULESET, Class, judge
from handlers.links.judging import OTHER, SOURCES
from storage import reclassify as store
from storage.database import Database
from storage.reclassify import Kept, Moves, Revision, Sources
from storage.tx import Tx

CHUNK: Final = 200  # clicks in a unit of work, some 15 ms


@dataclass(frozen=True, slots=True)
class Done:
    """How many clicks were judged, which changed their class, and how many cannot be judged."""

    judged: int
    moves: Moves
    unknown: int


async def reclassify(
    database: Database, now: Callable[[], int], *, dry: bool = False, chunk: int = CHUNK
) -> Done:
    """Judge all clicks of older rulesets; `now` gives the moment (ms). A `dry` run changes nothing.

    Beside a running bot it takes the database no longer than one chunk.
    """
    judged, moves, after = 0, Moves(), (0, "")
    while True:
        clicks, moved = await _step(database, after, chunk, None if dry else now())
        moves += moved
        judged += len(clicks)
        if len(clicks) < chunk:
            break
        after = clicks[-1].at, clicks[-1].id
    async with database.read() as tx:
        return Done(judged, moves, await store.without_agent(tx, RULESET))


async def _step(
    database: Database, after: tuple[int, str], chunk: int, at: int | None
) -> tuple[list[Kept], Moves]:
    """The next clicks, and which changed their class; nothing is written without a moment."""
    async with database.read() as tx:
        clicks = await store.older(tx, RULESET, after, chunk)
    revisions = [_revised(click) for click in clicks]
    if at is None:
        changed = ((r.click.campaign, r.click.kind, r.becomes) for r in revisions)
        return clicks, Counter(key for key in changed if key[1] != key[2])

    async def unit(tx: Tx) -> Moves:
        return await store.revise(tx, revisions, RULESET, at, Sources(SOURCES, OTHER))

    return clicks, await database.unit(unit) if revisions else Moves()


def _revised(click: Kept) -> Revision:
    """What the present rules make of a click, and when it was by its community's clock."""
    verdict = judge(click.words)
    kind, why = verdict.kind, verdict.reason
    if kind is Class.HUMAN and click.otherwise != Class.HUMAN:
        kind = Class(click.otherwise)
        why = REASONS.get(kind, why)
    local = moment(click.at).astimezone(ZoneInfo(click.timezone))
    return Revision(click, str(kind), why, local.date().isoformat(), f"{local.hour:02d}")
