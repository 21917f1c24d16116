"""What a reader of a report is shown: the exact figures, or those a brand may know; pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from handlers.reporting.few import FEW, Hidden, Shown, alone, hide, total
from handlers.reporting.figures import Part, Report, Revision

Hide = Callable[[Sequence[int]], list[Shown]]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: its name as it is kept, and what is shown beside it."""

    name: str
    clicks: Shown


@dataclass(frozen=True, slots=True)
class View:
    """A report as one reader sees it. Page, picture, CSV, JSON and chat show this and nothing else.

    `tables` are by name, in the order in which they are shown; a table without rows was not
    counted, or is of too few clicks to be told. `moved` are the clicks of each of the revisions.
    """

    report: Report
    exact: bool
    gross: Shown
    left_out: tuple[Row, ...]
    net: Shown
    tables: Mapping[str, tuple[Row, ...]]
    numbers: Mapping[str, Shown]
    moved: tuple[Shown, ...]

    @property
    def revisions(self) -> tuple[tuple[Revision, Shown], ...]:
        return tuple(zip(self.report.revisions, self.moved, strict=True))


def view(report: Report, *, exact: bool) -> View:
    """`exact`: for the team of the community; else for a brand.

    Of the waterfall the clicks matter most: where the parts leave a small one to be computed, it
    is the sum of all requests that is not told.
    """
    hiding: Hide = list if exact else hide
    one: Callable[[int], Shown] = int if exact else alone
    left_out = tuple(Row(part.name, one(part.clicks)) for part in report.left_out)
    parts = [*(part.clicks for part in report.left_out), report.net]
    gross, net = report.gross if exact else total(parts), one(report.net)
    told = isinstance(net, int)
    return View(
        report, exact, gross, left_out, net,
        _tables(report, hiding) if told else dict.fromkeys(TABLES, ()),
        _numbers(report, hiding, one, told=told),
        tuple(one(revision.clicks) for revision in report.revisions),
    )  # fmt: skip


TABLES = ("days", "hours", "placements", "products", "platforms", "languages")


def _tables(report: Report, hiding: Hide) -> dict[str, tuple[Row, ...]]:
    tables = report.tables
    products = _rows(tables.products, hiding)
    return {
        "days": _rows(tables.days, hiding),
        "hours": _rows(tables.hours, hiding),
        "placements": _placements(report, products, hiding),
        "products": products if any(row.name for row in products) else (),
        "platforms": _rows(tables.platforms, hiding),
        "languages": _rows(tables.languages, hiding),
    }


def _rows(parts: Sequence[Part], hiding: Hide) -> tuple[Row, ...]:
    shown = hiding([part.clicks for part in parts])
    return tuple(Row(part.name, clicks) for part, clicks in zip(parts, shown, strict=True))


def _placements(report: Report, products: Sequence[Row], hiding: Hide) -> tuple[Row, ...]:
    """A product that is told is a total of its placements: they are hidden product by product.

    Placements of the products that are not told have one total together. One that is in several
    groups is told where it is told in all of them.
    """
    told = {row.name for row in products if isinstance(row.clicks, int)}
    groups: dict[str | None, dict[str, int]] = {}
    for (product, place), clicks in report.tables.within.items():
        group = groups.setdefault(product if product in told else None, {})
        group[place] = group.get(place, 0) + clicks
    hidden: dict[str, Hidden] = {}
    for group in groups.values():
        for place, shown in zip(group, hiding(list(group.values())), strict=True):
            if isinstance(shown, Hidden):
                hidden[place] = shown
    return tuple(
        Row(part.name, _as_a_whole(part.clicks, hidden.get(part.name)))
        for part in report.tables.placements
    )


def _as_a_whole(clicks: int, hidden: Hidden | None) -> Shown:
    """What is small within a product may be large in all of them: that is withheld, not few."""
    if hidden is None:
        return clicks
    return hidden if clicks < FEW else Hidden.WITHHELD


def _numbers(
    report: Report, hiding: Hide, one: Callable[[int], Shown], *, told: bool
) -> dict[str, Shown]:
    """Single figures. Verified clicks are a part of all clicks, so the rest of them counts too."""
    reach, talk = report.reach, report.talk
    verified = hiding([reach.verified, report.net - reach.verified])[0] if told else Hidden.WITHHELD
    found = {
        "people": one(reach.people), "verified": verified, "members": one(reach.members),
        "intents": one(reach.intents), "answered": one(talk.answered),
        "helpful": one(talk.helpful), "wrong": one(talk.wrong),
    }  # fmt: skip
    if talk.entrants is not None:
        found["entrants"] = one(talk.entrants)
    return found
