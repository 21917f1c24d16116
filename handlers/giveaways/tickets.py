"""How many tickets a person holds: whole numbers from the table that was fixed at the start; pure.

Nothing that costs money gives a ticket: taking part, both accounts connected, the sponsor's link
opened (or the free way that gives the same).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from handlers.giveaways.plan import Plan
from storage.giveaway_pool import Account

ENTER, LINKED, CLICK = "enter", "linked", "click"
REASONS = (ENTER, LINKED, CLICK)


def reasons(accounts: Sequence[Account]) -> tuple[str, ...]:
    """What the accounts of one person give tickets for."""
    linked = (LINKED,) if len(accounts) > 1 else ()
    click = (CLICK,) if any(account.click for account in accounts) else ()
    return (ENTER, *linked, *click)


def given(plan: Plan, reasons: Collection[str]) -> list[tuple[str, int]]:
    """(reason, tickets) of the reasons that the table gives something for, in its order."""
    return [
        (reason, plan.tickets[reason])
        for reason in REASONS
        if reason in reasons and plan.tickets.get(reason, 0) > 0
    ]


def count(plan: Plan, reasons: Collection[str]) -> int:
    """Tickets for these reasons, from 1 to the plan's cap."""
    return max(1, min(plan.cap, sum(tickets for _, tickets in given(plan, reasons))))
