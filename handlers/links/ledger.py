"""Writes clicks down: a batch in one unit of work, with everything a report is read from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from bot.model import Role
from handlers.links.classify import REASONS, Class
from handlers.links.judging import WEB
from handlers.links.visitors import DAY_MS
from storage import clicks as store
from storage import tokens
from storage.clicks import ClickRow
from storage.database import Database
from storage.links import Link
from storage.tokens import IDENTITY_MS
from storage.tx import Tx

AGENTS = 20_000  # agents remembered as kept already
PEOPLE = frozenset((Class.HUMAN, Class.RATE, Class.REPEAT))  # whose token may be used up

log = structlog.get_logger("clicks")


@dataclass(slots=True)
class Waiting:
    """A click on its way; the unit that stores it puts what the database knows into it: `link` as
    it is now, and whose click it was in `row`. `judged` is the click without that, since the unit
    may be run again; `words` are its agent's."""

    row: ClickRow
    slug: str
    words: str
    token: str = ""
    declined: bool = False
    link: Link | None = None
    judged: ClickRow = field(init=False)

    def __post_init__(self) -> None:
        self.judged = self.row

    def record(self) -> dict[str, Any]:
        """As JSON can hold it; what the database knows is left out."""
        return {
            "row": self.judged._asdict(), "slug": self.slug, "words": self.words,
            "token": self.token, "declined": self.declined,
        }  # fmt: skip

    @staticmethod
    def of(record: Any) -> Waiting | None:
        """The click of a record, marked as recovered; None when it is none."""
        try:
            row = ClickRow(**{**record["row"], "recovered": 1})
            more = {name: record[name] for name in ("slug", "words", "token", "declined")}
        except (TypeError, KeyError):
            log.error("a record of the spill file is not a click")
            return None
        return Waiting(row, **more)


class Ledger:
    """Stores clicks; knows which agents' words are kept already."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._agents: dict[str, int] = {}

    async def store(self, clicks: Sequence[Waiting]) -> None:
        """Store and count clicks nobody stored before."""

        async def unit(tx: Tx) -> None:
            await store.add_clicks(tx, await _rows(tx, clicks))
            await store.add_agents(tx, new.items(), clicks[0].row.at)

        new = self._new_agents(clicks)
        await self._database.unit(unit, apart=True)
        self._kept(new, clicks[0].row.at)

    async def recover(self, clicks: Sequence[Waiting]) -> None:
        """Store and count those of the clicks that are not stored yet."""
        if not clicks:
            return

        async def unit(tx: Tx) -> None:
            await store.recover_clicks(tx, await _rows(tx, clicks))
            await store.add_agents(tx, words.items(), clicks[-1].row.at)

        words = {one.row.agent: one.words for one in clicks if one.row.agent}
        await self._database.unit(unit, apart=True)

    def _new_agents(self, clicks: Sequence[Waiting]) -> dict[str, str]:
        """Words that are not known to be kept and marked as seen today (UTC)."""
        seen, today = self._agents, clicks[0].row.at // DAY_MS
        return {
            one.row.agent: one.words
            for one in clicks
            if one.row.agent is not None and seen.get(one.row.agent) != today
        }

    def _kept(self, agents: Mapping[str, str], at: int) -> None:
        if len(self._agents) + len(agents) > AGENTS:
            self._agents.clear()
        self._agents.update(dict.fromkeys(agents, at // DAY_MS))


async def _rows(tx: Tx, clicks: Sequence[Waiting]) -> list[ClickRow]:
    """The clicks on links that are not over, each with its member while a personal link stands for
    them; all learn what their link is now."""
    now = await store.standing(tx, sorted({one.slug for one in clicks}))
    rows = []
    for one in clicks:
        link = now.get(one.slug)
        if link is None:
            continue
        one.link = link
        if not link.over(one.row.at):
            if one.token:
                one.row = await _owned(tx, one)
            rows.append(one.row)
    return rows


async def _owned(tx: Tx, one: Waiting) -> ClickRow:
    """Only a person's opening uses a personal link up; previews and other robots do not."""
    row = one.judged
    if one.declined or row.kind not in PEOPLE:
        platform = await tokens.token_platform(tx, one.token, row.link)
        return row._replace(platform=platform or WEB)
    holder = await tokens.take_token(tx, one.token, row.link, row.visitor, row.at)
    if holder is None:
        return row
    fresh = row.at - holder.issued_at <= IDENTITY_MS
    if not fresh or holder.opened_by != row.visitor:
        return row._replace(platform=holder.platform, forwarded=1)
    row = row._replace(platform=holder.platform, who=holder.who)
    if holder.role > Role.FAN:
        return _as(row, Class.SELF)
    return _as(row, Class.INCENTIVISED) if holder.incentive and row.kind == Class.HUMAN else row


def _as(row: ClickRow, kind: Class) -> ClickRow:
    return row._replace(kind=kind.value, reason=REASONS[kind], otherwise=kind.value)
