"""Small numbers of a report: hidden from a brand, and not to be computed from what is shown."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reporting.few import FEW, SPREAD, Hidden, Shown, alone, hide, total

MOST = 32  # of one part, where all possibilities are tried


def possible(shown: list[Shown], of: int) -> list[tuple[int, ...]]:
    """Every set of parts that a reader of the parts and their total must think possible."""
    ranges = [
        [part] if isinstance(part, int)
        else range(1, FEW) if part is Hidden.FEW
        else range(of + 1)
        for part in shown
    ]  # fmt: skip
    return [parts for parts in product(*ranges) if sum(parts) == of]


@pytest.mark.parametrize("counts", list(product((0, 1, 4, 9, 10, 11, 19, MOST), repeat=3)))
def test_no_hidden_part_can_be_computed_from_the_total(counts: tuple[int, ...]) -> None:
    shown = hide(counts)
    worlds = possible(shown, sum(counts))
    assert counts in worlds
    for place, (part, count) in enumerate(zip(shown, counts, strict=True)):
        if 0 < count < FEW:
            assert isinstance(part, Hidden)
            if sum(counts) >= FEW:  # a smaller total is itself not told
                assert len({world[place] for world in worlds}) >= SPREAD


@given(st.lists(st.integers(0, 3 * FEW), max_size=40))
def test_what_is_shown_is_true(counts: list[int]) -> None:
    shown = hide(counts)
    for part, count in zip(shown, counts, strict=True):
        assert part == count or isinstance(part, Hidden)
        assert part is not Hidden.FEW or 0 < count < FEW
    if all(count == 0 or count >= FEW for count in counts):
        assert shown == counts


def test_one_small_part_takes_a_large_one_with_it() -> None:
    assert hide([3, 40, 500]) == [Hidden.FEW, Hidden.WITHHELD, 500]
    assert hide([9, 9, 500]) == [Hidden.FEW, Hidden.FEW, Hidden.WITHHELD]  # 18 can be nothing else
    assert hide([4, 5, 500]) == [Hidden.FEW, Hidden.FEW, 500]


def test_where_nothing_is_left_to_hide_behind_nothing_is_told() -> None:
    assert hide([1, 10]) == [Hidden.WITHHELD, Hidden.WITHHELD]
    assert hide([9, 9]) == [Hidden.WITHHELD, Hidden.WITHHELD]


@pytest.mark.parametrize("counts", list(product((0, 1, 4, 9, 10, MOST), repeat=3)))
def test_a_sum_is_told_where_it_gives_no_part_away(counts: tuple[int, ...]) -> None:
    shown, told = [alone(count) for count in counts], total(counts)
    if not isinstance(told, int):
        assert any(0 < count < FEW for count in counts)
        return
    worlds = possible(shown, told)
    for place, count in enumerate(counts):
        if 0 < count < FEW:
            assert len({world[place] for world in worlds}) >= SPREAD


def test_nobody_is_no_small_group() -> None:
    assert (alone(0), alone(1), alone(9), alone(10)) == (0, Hidden.FEW, Hidden.FEW, 10)
