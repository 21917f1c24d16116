"""Who may be in a giveaway: what is asked for against what is known of a person; pure.

At entering only what came with the press is known, and what is not known refuses nobody; at the
draw platforms were asked about the few it concerns, and everything is known (see checks.py).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.model import Say
from handlers.giveaways.plan import Requirements

DAY, HOUR = 86_400_000, 3_600_000  # ms


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one account; moments in ms.

    `born`: None where ids tell nothing. `inside`: in the group or server, None when not asked.
    `since`: None where the platform does not say. `roles`: none where there are no such things,
    None when not asked.
    """

    platform: str
    born: int | None = None
    inside: bool | None = None
    since: int | None = None
    roles: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """A person at the moment `now`; the giveaway opened at `opened`, the bot first saw the person
    at `seen`. `platforms` are those whose groups it is posted in, where that matters."""

    now: int
    opened: int
    seen: int
    accounts: Sequence[Known]
    banned: bool = False
    platforms: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """The rule's name, and the sentence with the numbers, at most as long as a toast."""

    rule: str
    say: Say


def failing(asked: Requirements, facts: Facts) -> Failed | None:
    """The first rule that this person is known not to meet."""
    if facts.banned:
        return Failed("banned", Say("giveaway.fails_banned"))
    return (
        _account(asked, facts)
        or _seen(asked, facts)
        or _both(asked, facts)
        or _left(asked, facts)
        or _member(asked, facts)
        or _role(asked, facts)
    )


def asks_membership(asked: Requirements) -> bool:
    """Whether platforms must be asked who is in the groups."""
    return bool(asked.member_days or asked.role or asked.both)


def _account(asked: Requirements, facts: Facts) -> Failed | None:
    """Only of platforms whose ids tell it; the oldest account counts."""
    born = min((one.born for one in facts.accounts if one.born is not None), default=None)
    if not asked.account_days or born is None:
        return None
    days = (facts.now - born) // DAY
    if days >= asked.account_days:
        return None
    return Failed("account", Say("giveaway.fails_account", days=asked.account_days, has=days))


def _seen(asked: Requirements, facts: Facts) -> Failed | None:
    hours = (facts.opened - facts.seen) // HOUR
    if hours >= asked.seen_hours or not asked.seen_hours:
        return None
    return Failed("seen", Say("giveaway.fails_seen", hours=asked.seen_hours))


def _both(asked: Requirements, facts: Facts) -> Failed | None:
    """An account on each platform it is posted on, and at the draw in the group there."""
    if not asked.both:
        return None
    there = {one.platform for one in facts.accounts if one.inside is not False}
    wanted = set(facts.platforms)
    if wanted <= there and (wanted or len(facts.accounts) > 1):
        return None
    return Failed("both", Say("giveaway.fails_both"))


def _left(asked: Requirements, facts: Facts) -> Failed | None:
    if not asks_membership(asked) or any(one.inside is not False for one in facts.accounts):
        return None
    return Failed("left", Say("giveaway.fails_left"))


def _member(asked: Requirements, facts: Facts) -> Failed | None:
    """Long enough with one account. Where the platform does not say since when somebody is in the
    group, it counts from when the bot first saw them."""
    inside = [one for one in facts.accounts if one.inside is not False]
    if not asked.member_days or any(_open(one) for one in inside):
        return None
    since = min(
        (facts.seen if one.since is None else one.since for one in inside), default=facts.now
    )
    days = (facts.now - since) // DAY
    if days >= asked.member_days:
        return None
    told = "member" if any(one.since is not None for one in inside) else "member_seen"
    return Failed("member", Say(f"giveaway.fails_{told}", days=asked.member_days, has=days))


def _open(one: Known) -> bool:
    """The platform was not asked yet, and may know more."""
    return one.since is None and one.roles is None


def _role(asked: Requirements, facts: Facts) -> Failed | None:
    inside = [one for one in facts.accounts if one.inside is not False]
    if not asked.role or any(one.roles is None or asked.role in one.roles for one in inside):
        return None
    return Failed("role", Say("giveaway.fails_role"))
