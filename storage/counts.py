"""How many questions a day were answered, found helpful, called wrong or handed over: no texts."""

from __future__ import annotations

from dataclasses import dataclass

from storage.tx import Tx

Days = tuple[str, str]  # the first and the last: "2026-11-20"


@dataclass(frozen=True, slots=True)
class Totals:
    """`answered` by the bot, of which fans called so many `helpful` and `wrong`; `handed` to the
    team, who `told` so many people."""

    answered: int
    helpful: int
    wrong: int
    handed: int
    told: int


@dataclass(frozen=True, slots=True)
class Asked:
    """How often an entry was the answer, and what fans said of it."""

    number: int
    question: str
    answered: int
    helpful: int
    wrong: int


async def answered(tx: Tx, community: str, day: str, entry: str) -> None:
    """The bot gave this entry's answer. `day` is "2026-11-20"."""
    await _count(tx, community, day, entry, answered=1)


async def helpful(tx: Tx, community: str, day: str, entry: str) -> None:
    await _count(tx, community, day, entry, helpful=1)


async def wrong(tx: Tx, community: str, day: str, entry: str) -> None:
    await _count(tx, community, day, entry, wrong=1)


async def handed(tx: Tx, community: str, day: str) -> None:
    """A question went to the team."""
    await _count(tx, community, day, "", handed=1)


async def told(tx: Tx, community: str, day: str, people: int) -> None:
    """The team has answered so many people."""
    await _count(tx, community, day, "", answered=people)


async def _count(
    tx: Tx, community: str, day: str, entry: str, *, answered: int = 0, helpful: int = 0,
    wrong: int = 0, handed: int = 0,
) -> None:  # fmt: skip
    await tx.run(
        "day_count", community=community, day=day, entry=entry, answered=answered, helpful=helpful,
        wrong=wrong, handed=handed,
    )  # fmt: skip


async def totals(tx: Tx, community: str, days: Days) -> Totals:
    """All of a community in these days."""
    row = await tx.one("days_total", community=community, since=days[0], until=days[1])
    if row is None:
        return Totals(0, 0, 0, 0, 0)
    names = ("answered", "helpful", "wrong", "handed", "told")
    return Totals(*(int(row[name]) for name in names))


async def most_asked(tx: Tx, community: str, days: Days, most: int) -> list[Asked]:
    """The entries that were the answer most often in these days."""
    rows = await tx.all(
        "days_entries", community=community, since=days[0], until=days[1], most=most
    )
    return [
        Asked(
            r["number"], r["question"], int(r["answered"]), int(r["helpful"]), int(r["wrong"])
        )
        for r in rows
    ]  # fmt: skip
