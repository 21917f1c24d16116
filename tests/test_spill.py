"""The spill file: whole records in, whole records out."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from handlers.links.spill import Spill


async def test_half_a_line_swallows_neither_the_line_before_nor_the_one_after(
    tmp_path: Path,
) -> None:
    spill = tmp_path / "spill"
    await Spill(spill).keep({"n": 1})
    with spill.open("a") as file:
        file.write('{"n": 2')
    await Spill(spill).keep({"n": 3})
    seen: list[Any] = []

    async def store(records: Any) -> None:
        seen.extend(records)

    await Spill(spill).replay(store)
    assert seen == [{"n": 1}, {"n": 3}]
    await Spill(spill).replay(store)
    assert len(seen) == 2


async def test_a_file_that_cannot_be_written_is_an_error_for_everyone_who_waits(
    tmp_path: Path,
) -> None:
    spill = Spill(tmp_path / "missing" / "spill")
    kept = await asyncio.gather(*(spill.keep({}) for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in kept] == [OSError] * 3
