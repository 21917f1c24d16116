"""Tickets: whole numbers from the table of the start, the same rule for one and for all."""

from __future__ import annotations

import pytest

from handlers.giveaways import tickets
from handlers.giveaways.plan import Plan
from storage.giveaway_pool import Account

TABLE = {"enter": 1, "linked": 1, "click": 2}
ONE = Account(1, 1, "telegram", "7")
TWO = Account(1, 1, "discord", "8")


def test_each_reason_gives_what_the_table_says() -> None:
    plan = Plan(tickets=TABLE)
    assert tickets.count(plan, ("enter",)) == 1
    assert tickets.count(plan, ("enter", "linked")) == 2
    assert tickets.count(plan, ("enter", "linked", "click")) == 4
    assert tickets.given(plan, ("click", "enter")) == [("enter", 1), ("click", 2)]


@pytest.mark.parametrize(("cap", "held"), [(1, 1), (3, 3), (4, 4), (100, 4)])
def test_the_cap_takes_what_is_over(cap: int, held: int) -> None:
    assert tickets.count(Plan(tickets=TABLE, cap=cap), tickets.REASONS) == held


def test_a_reason_that_is_not_in_the_table_gives_nothing() -> None:
    plan = Plan(tickets={"enter": 1})
    assert tickets.count(plan, tickets.REASONS) == 1
    assert tickets.count(plan, ("bought",)) == 1


def test_nobody_who_is_in_holds_none() -> None:
    assert tickets.count(Plan(tickets={"click": 5}), ("enter",)) == 1


def test_reasons_come_from_the_accounts_of_one_person() -> None:
    assert tickets.reasons([ONE]) == ("enter",)
    assert tickets.reasons([ONE, TWO]) == ("enter", "linked")
    clicked = Account(1, 1, "telegram", "7", click=True)
    assert tickets.reasons([clicked, TWO]) == ("enter", "linked", "click")
