"""What GW1 calls a person, and the commitment under which they stand in the list; pure."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.giveaways import fairness

SHORT = {"telegram": "tg", "discord": "dc"}  # what GW1 calls the platforms

Pairs = Iterable[tuple[str, str]]


def person_of(accounts: Pairs) -> str:
    """The person with these (platform, user) accounts."""
    return fairness.person(f"{SHORT.get(platform, platform)}:{user}" for platform, user in accounts)


def commitment(key: bytes, giveaway: str, accounts: Pairs) -> str:
    """Under which they stand in the list, in hexadecimal; `giveaway` is its id."""
    person, published = person_of(accounts), giveaway.encode("ascii").hex()
    return fairness.commitment(fairness.salt(key, person), published, person).hex()
