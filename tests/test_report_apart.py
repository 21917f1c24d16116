"""Two brands apart on the page, in every file and through the API; and what would join them.

Each test is made again without the condition that keeps brands apart, and must fail then.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from storage import api_tokens
from storage.queries import load
from tests.reported import HOME, OURS, START, THEIRS, add, brands, click, ms
from tests.test_report_recount import told

WAYS = ("page", "csv", "json", "api")
SALES = "where c.community = :community and c.id = :campaign\ngroup by v.currency"


async def leaks(url: str) -> set[str]:
    """Where our brand sees anything of the other one, which alone has clicks and sales."""
    chance = random.Random(3)
    rows = [click(f"{n}", "l9", ms(START), "human", chance) for n in range(61)]
    async with brands(url) as database:
        await add(database, rows)
        theirs = api_tokens.ApiToken("t", "", HOME, THEIRS)
        sale = api_tokens.Sale("A-1", 5, "BDT")
        await database.unit(lambda tx: api_tokens.sell(tx, theirs, sale, 1))
        found = {
            way
            for way, figures in zip(WAYS, await told(database, OURS), strict=True)
            if any(
                "61" in (name, count) or "Their reel" in name
                for rows in figures.values() for name, count in rows
            )
        }  # fmt: skip
        async with database.read() as tx:
            return found | {"sales" for _ in await api_tokens.sales(tx, HOME, OURS)}


async def test_a_brand_sees_nothing_of_another(ready_url: str) -> None:
    assert await leaks(ready_url) == set()


@pytest.mark.parametrize(
    ("condition", "without", "where"),
    [
        ("and l.campaign = :campaign", "", set(WAYS)),
        (SALES, SALES.replace(" and c.id = :campaign", ""), {"sales"}),
    ],
    ids=["figures", "sales"],
)
async def test_without_its_condition_the_check_finds_the_leak(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, condition: str, without: str, where: set[str]
) -> None:
    monkeypatch.setitem(load._WORDS["sqlite"], condition, without)
    assert await leaks(f"sqlite:///{tmp_path / 'adda.db'}") == where
