"""Giveaways before they open and as they are amended: drafts, terms, times, series."""

from __future__ import annotations

from dataclasses import dataclass

from storage.campaigns import Campaign
from storage.giveaways import Giveaway, giveaway_of
from storage.tx import Row, Tx


@dataclass(frozen=True, slots=True)
class NewDraft:
    """What a draft starts from. It ends at `ends_at` (ms) if there is one, else `hours` after it
    is published; `plan` is packed."""

    prize: str
    winners: int
    hours: int
    ends_at: int | None
    plan: str
    repeats: str | None = None
    series: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A giveaway nobody saw yet, and the moment of its end (ms) where that was said as one."""

    giveaway: Giveaway
    ends_at: int | None

    def closes_at(self, opens_at: int) -> int:
        """When it ends if it opens then; milliseconds, in whole seconds."""
        return (self.ends_at or opens_at + self.giveaway.hours * 3_600_000) // 1000 * 1000


@dataclass(frozen=True, slots=True)
class Terms:
    """What is promised in public: canonical JSON and its hash, and the rules in two languages."""

    closes_at: int
    params: str
    params_hash: str
    rules_bn: str
    rules_en: str


def _giveaway(row: Row | None) -> Giveaway | None:
    return giveaway_of(row) if row else None


def _draft(row: Row | None) -> Draft | None:
    found = _giveaway(row)
    return Draft(found, row["ends_at"]) if row and found else None


def _terms(terms: Terms) -> dict[str, object]:
    return {
        "closes_at": terms.closes_at, "params": terms.params, "params_hash": terms.params_hash,
        "rules_bn": terms.rules_bn, "rules_en": terms.rules_en,
    }  # fmt: skip


# Drafts --------------------------------------------------------------------------------------


async def add(
    tx: Tx, community: str, id: str, new: NewDraft, now: int, sponsor: Campaign | None = None
) -> None:
    """A draft, seen by nobody yet; a `sponsor`'s label is its own from now on."""
    await tx.run(
        "giveaway_draft_add", id=id, community=community, prize=new.prize, winners=new.winners,
        hours=new.hours, ends_at=new.ends_at, plan=new.plan, repeats=new.repeats,
        series=new.series, now=now, campaign=sponsor.id if sponsor else None,
        disclosure_bn=sponsor.disclosure_bn if sponsor else None,
        disclosure_en=sponsor.disclosure_en if sponsor else None,
    )  # fmt: skip


async def draft(tx: Tx, community: str, id: str) -> Draft | None:
    """None once it was published, or thrown away."""
    return _draft(await tx.one("giveaway_draft_get", id=id, community=community))


async def kept(tx: Tx, community: str, id: str) -> Draft | None:
    """A giveaway in any state, with the end it was drafted with."""
    return _draft(await tx.one("giveaway_get", id=id, community=community))


async def drafts(tx: Tx, community: str, most: int) -> list[Draft]:
    """Newest first."""
    rows = await tx.all("giveaway_drafts", community=community, most=most)
    return [found for row in rows if (found := _draft(row))]


async def set_plan(tx: Tx, community: str, id: str, plan: str) -> Draft | None:
    """The draft with another packed plan; None when it is no draft any more."""
    return _draft(await tx.one("giveaway_draft_plan", id=id, community=community, plan=plan))


async def set_opens(tx: Tx, community: str, id: str, opens_at: int | None) -> Draft | None:
    """The draft, to be published then by itself; None when it is no draft any more."""
    return _draft(
        await tx.one("giveaway_draft_opens", id=id, community=community, opens_at=opens_at)
    )


async def publish(
    tx: Tx, community: str, draft: Giveaway, terms: Terms, now: int
) -> Giveaway | None:
    """The draft as it opened, its public log empty; None when it is no draft any more, or not the
    one these terms were made of."""
    row = await tx.one(
        "giveaway_draft_publish", id=draft.id, community=community, plan=draft.plan, now=now,
        **_terms(terms),
    )  # fmt: skip
    return _giveaway(row)


# Amendments ----------------------------------------------------------------------------------


async def amend(
    tx: Tx, community: str, before: Giveaway, plan: str, terms: Terms, now: int
) -> Giveaway | None:
    """The giveaway under other terms, its end not before the old one; None when it is not open,
    or its terms were others meanwhile."""
    row = await tx.one(
        "giveaway_amend", id=before.id, community=community, before=before.params_hash, plan=plan,
        now=now, **_terms(terms),
    )  # fmt: skip
    return _giveaway(row)


# Series --------------------------------------------------------------------------------------


async def repeat(tx: Tx, community: str, id: str, every: str) -> Giveaway | None:
    """From now on this one is followed by another, "weekly" or "monthly"; until the unit is over
    nobody else makes that one."""
    return _giveaway(await tx.one("giveaway_repeats", id=id, community=community, repeats=every))


async def stop_series(tx: Tx, community: str, series: str) -> None:
    """Nothing of this series is followed by another any more."""
    await tx.run("giveaway_series_stop", community=community, series=series)


async def repeating(tx: Tx, community: str, most: int) -> list[Giveaway]:
    """The latest of each series that goes on, newest first."""
    rows = await tx.all("giveaways_repeating", community=community, most=most)
    return [found for row in rows if (found := _giveaway(row))]


async def followed(tx: Tx, community: str, giveaway: Giveaway) -> bool:
    """True when the next of its series was made already."""
    row = await tx.one(
        "giveaway_next_of", community=community, series=giveaway.series or giveaway.id,
        created_at=giveaway.created_at,
    )  # fmt: skip
    return row is not None
