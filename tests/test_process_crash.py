"""A dozen deaths by `kill -9` at random instants, a crowd on both platforms, and one draw; again
with relays on loopback to draw from, and winners who claim."""

from __future__ import annotations

from pathlib import Path

from benchmarks.torture import ROUND, torture


async def test_a_dozen_deaths_cost_nobody_an_entry_a_click_or_a_fair_draw(
    tmp_path: Path, database_url: str
) -> None:
    found = await torture(tmp_path, database_url, ROUND, seed=20261120)
    assert found.details == []
    assert found.kills == ROUND
    assert found.entries_acknowledged > 0
    assert found.clicks_acknowledged > 0
    assert found.answers > found.entries_acknowledged


async def test_a_dozen_deaths_until_the_prizes_are_claimed_change_no_draw_by_a_beacon(
    tmp_path: Path, database_url: str
) -> None:
    found = await torture(tmp_path, database_url, ROUND, seed=20261124, beacon=True)
    assert found.details == []
    assert (found.kills, found.by_beacon) == (ROUND, 1)
    assert found.claims_acknowledged >= 1
