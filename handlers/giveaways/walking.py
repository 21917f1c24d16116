"""Down the ranking: who is eligible gets the next prize, who is not is skipped in public."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from bot.feature import Glance
from handlers.giveaways.checks import Unreachable
from handlers.giveaways.fairness import Parameters
from handlers.giveaways.plan import unpacked
from handlers.giveaways.tools import Checking
from storage import giveaway_slots as slots
from storage.giveaway_pool import Account
from storage.giveaways import Giveaway

AT_ONCE = 8  # people asked about at the same time
GONE, TWIN = "left", "twin"  # deleted their data; turned out to be somebody further up


@dataclass(frozen=True, slots=True)
class Drawing:
    """What comes of a frozen list: commitments in hexadecimal, winners by prize; skipped ones with
    the rule that they break. `secret` is opened where it was drawn from one."""

    head: str
    secret: str | None
    winners: tuple[str, ...]
    reserves: tuple[str, ...]
    skipped: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A platform cannot tell about somebody now."""

    why: str


@dataclass(slots=True)
class Walk:
    """One walk down the ranking of a giveaway; `numbers` are those of the entries."""

    glance: Glance
    giveaway: Giveaway
    checks: Checking | None
    numbers: dict[str, int]
    seen: set[tuple[str, str]] = field(default_factory=set)
    skipped: list[tuple[str, str]] = field(default_factory=list)

    async def down(self, order: Sequence[str], terms: Parameters, secret: str | None) -> Drawing:
        """As far as there are prizes and reserves. Raises Unreachable."""
        line, found = iter(order), list[str]()
        while missing := terms.winners + terms.reserves - len(found):
            part = list(islice(line, missing))
            if not part:
                break
            found += await self._eligible(part)
        won, left = tuple(found[: terms.winners]), tuple(found[terms.winners :])
        head = self.giveaway.head or ""
        return Drawing(head, secret, won, left, tuple(self.skipped))

    async def _eligible(self, part: Sequence[str]) -> Iterator[str]:
        """Those of the next few whom no rule keeps out, in order."""
        door = asyncio.Semaphore(AT_ONCE)
        asking = [asyncio.create_task(self._asked(one, door)) for one in part]
        try:
            answers = await asyncio.gather(*asking)
        finally:
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)
        kept = []
        for one, (accounts, rule) in zip(part, answers, strict=True):
            who = {(account.platform, account.user) for account in accounts}
            rule = rule or (TWIN if who & self.seen else None)
            if rule is None:
                self.seen |= who
                kept.append(one)
            else:
                self.skipped.append((one, rule))
        return iter(kept)

    async def _asked(
        self, commitment: str, door: asyncio.Semaphore
    ) -> tuple[Sequence[Account], str | None]:
        """The accounts behind it, and the rule that they break."""
        async with door:
            number = self.numbers[commitment]
            accounts = await slots.candidate(self.glance.tx, self.giveaway.id, number)
            if not accounts:
                return accounts, GONE
            if self.checks is None:
                return accounts, None
            plan = unpacked(self.giveaway.plan)
            return accounts, await self.checks.fails(self.glance, self.giveaway, plan, accounts)


async def walked(
    glance: Glance, giveaway: Giveaway, checks: Checking | None, numbers: dict[str, int],
    order: Sequence[str], terms: Parameters, secret: str | None,
) -> Drawing | Waiting:  # fmt: skip
    """The outcome; or, if a platform cannot tell about somebody, nothing changed."""
    try:
        return await Walk(glance, giveaway, checks, numbers).down(order, terms, secret)
    except Unreachable as why:
        return Waiting(str(why))


def unchecked(
    giveaway: Giveaway, order: Sequence[str], terms: Parameters, secret: str | None
) -> Drawing:
    """The outcome of a giveaway of the first version, which asked for nothing."""
    return Drawing(giveaway.head or "", secret, tuple(order[: terms.winners]), ())
