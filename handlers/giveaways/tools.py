"""What giveaways are given from outside: an address, sources of randomness, platforms to ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.feature import Glance
from handlers.giveaways.beacon import QUICKNET, Chain
from handlers.giveaways.plan import Plan
from handlers.giveaways.relays import Fetched
from storage.giveaways import Giveaway


class Fetching(Protocol):
    """Where rounds of the beacon come from: see `relays.Relays`."""

    @property
    def chain(self) -> Chain: ...

    async def fetch(self, number: int) -> Fetched: ...


class Checking(Protocol):
    """Asks for one person in the ranking what the plan requires of winners: see `checks.Checks`."""

    async def fails(
        self, glance: Glance, giveaway: Giveaway, plan: Plan, accounts: Sequence[Any]
    ) -> str | None:
        """The rule that this person breaks, None when all is well.

        Raises checks.Unreachable when a platform cannot tell now.
        """


@dataclass(frozen=True, slots=True)
class Tools:
    """`public_url`: where proofs are read, may be empty; without `relays` new giveaways open a
    committed secret; without `checks` nobody is asked about."""

    public_url: str = ""
    relays: Fetching | None = None
    checks: Checking | None = None

    @property
    def chain(self) -> Chain:
        """Whose rounds are promised: what the relays serve."""
        return self.relays.chain if self.relays is not None else QUICKNET
