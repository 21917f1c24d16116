"""Whether a person still meets what a giveaway asks for, looked at again where it counts: at the
few people down the ranking, at the draw. The network is asked, so this is for thinking alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.feature import Glance
from bot.model import Place
from bot.platforms.base import Busy, Gone, Membership, Platform
from bot.wire import millis
from handlers.giveaways.eligibility import Facts, Known, asks_membership, failing
from handlers.giveaways.plan import Plan
from storage import giveaway_bans as bans
from storage import giveaway_pool as pool
from storage import giveaways as store
from storage.giveaway_pool import Account
from storage.giveaways import Giveaway, Stand


class Unreachable(Exception):
    """A platform cannot tell now: ask again later. Nobody is let through or left out by it."""


class Checks:
    """`platforms` by name are asked who is a member of what."""

    def __init__(self, platforms: Mapping[str, Platform]) -> None:
        self._platforms = platforms

    async def fails(
        self, glance: Glance, giveaway: Giveaway, plan: Plan, accounts: Sequence[Account]
    ) -> str | None:
        """The rule that the person behind these accounts does not meet: banned, account, member,
        seen, role, both, left (no account is left, or none in the group), unknown (it depends on a
        group into which the bot cannot look any more); None when all is well.

        Raises Unreachable.
        """
        if not accounts:
            return "left"
        stands = await store.stands(glance.tx, giveaway.id)
        asked = plan.requirements
        if asks_membership(asked):
            known = [await self._asked(one, stands) for one in accounts]
        else:
            known = [self._known(one) for one in accounts]
        facts = await _facts(glance, giveaway, accounts, known, stands)
        sure = replace(facts, accounts=[_outside(one) for one in known])
        failed = failing(asked, sure)
        if failed and any(one.inside is None for one in known) and not failing(asked, facts):
            return "unknown" if asks_membership(asked) else failed.rule
        return failed.rule if failed else None

    def born(self, platform: str, user: str) -> int | None:
        """When this account was made (ms), where its platform's ids tell."""
        asked = self._platforms.get(platform)
        born = asked.born(user) if asked else None
        return None if born is None else millis(born)

    def _known(self, account: Account) -> Known:
        return Known(account.platform, self.born(account.platform, account.user))

    async def _asked(self, account: Account, stands: Sequence[Stand]) -> Known:
        """What the platform says now; `inside` is None where it cannot be told at all."""
        platform = self._platforms.get(account.platform)
        if platform is None:
            raise Unreachable(f"{account.platform} is not running")
        known, told = self._known(account), True
        for stand in (one for one in stands if one.platform == account.platform):
            try:
                found = await platform.membership(_place(stand), account.user)
            except Busy as busy:
                raise Unreachable(str(busy)) from busy
            except Gone:
                told = False
                continue
            if found is not None:
                return _inside(known, found)
        return replace(known, inside=False if told else None)


def _place(stand: Stand) -> Place:
    return Place(stand.platform, stand.chat, stand.thread, private=False)


def _inside(known: Known, found: Membership) -> Known:
    since = None if found.since is None else millis(found.since)
    return replace(known, inside=True, since=since, roles=found.roles)


def _outside(known: Known) -> Known:
    """Who cannot be looked up counts for nothing until the rest was looked at."""
    return known if known.inside else replace(known, inside=False, roles=())


async def _facts(
    glance: Glance, giveaway: Giveaway, accounts: Sequence[Account], known: list[Known],
    stands: Sequence[Stand],
) -> Facts:  # fmt: skip
    """As of the close, so that a draw that comes late asks for nothing else."""
    community, tx = glance.community.id, glance.tx
    pairs = [(one.platform, one.user) for one in accounts]
    seen = [await pool.seen_at(tx, community, *pair) for pair in pairs]
    closes = giveaway.closes_at or millis(glance.now)
    return Facts(
        closes, giveaway.published_at or closes,
        min((at for at in seen if at is not None), default=closes), known,
        await bans.banned(tx, community, pairs) is not None, {one.platform for one in stands},
    )  # fmt: skip
