"""From stored rows to the draw GW1 and back: the terms, the list, the winners; pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from operator import attrgetter

from handlers.giveaways import fairness
from handlers.giveaways.fairness import Entry, Parameters
from storage.giveaway_pool import Account, Listed
from storage.giveaways import Giveaway

SHORT = {"telegram": "tg", "discord": "dc"}  # what GW1 calls the platforms
MOST_HOURS = 8760
MOST_WINNERS = 1000
LONGEST_PRIZE = 200
LONGEST_REASON = 300
LATE_MS = 60_000  # a freeze later than this says so
KEEP = timedelta(days=30)  # how long it stays known who entered and did not win


@dataclass(frozen=True, slots=True)
class Closing:
    """A list made from the pool as it stood after `changes` changes; hashes in hexadecimal."""

    changes: int
    lines: tuple[Listed, ...]
    root: str
    head: str
    tickets: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """The winning commitments by prize, and what they were drawn from, in hexadecimal."""

    head: str
    secret: str
    winners: tuple[str, ...]


def promise(giveaway: str, prize: str, winners: int, close_at: int, secret: bytes) -> Parameters:
    """What is promised at the start: one ticket each, and a draw that opens a committed secret.

    `giveaway` is 16 ASCII characters, `close_at` in unix seconds, `secret` 32 random bytes.
    """
    return Parameters(
        id=giveaway.encode("ascii").hex(),
        prize=prize,
        winners=winners,
        reserves=0,
        close_at=close_at,
        beacon=fairness.COMMIT_REVEAL + fairness.commit(secret),
        tickets={"enter": 1},
        cap=1,
        claim_h=0,
    )


def terms_of(giveaway: Giveaway) -> Parameters:
    """The terms as they were published. Raises ValueError for a draft, which has none."""
    if giveaway.params is None:
        raise ValueError(f"the giveaway {giveaway.id} was never published")
    return Parameters(**json.loads(giveaway.params))


def commitment_of(giveaway: Giveaway) -> str:
    """The commitment to the secret, in hexadecimal."""
    return terms_of(giveaway).beacon.removeprefix(fairness.COMMIT_REVEAL)


def late(giveaway: Giveaway) -> bool:
    """True when the list was frozen well after the close: the bot was not running."""
    if giveaway.frozen_at is None or giveaway.closes_at is None:
        return False
    return giveaway.frozen_at - giveaway.closes_at > LATE_MS


def close(giveaway: Giveaway, key: bytes, accounts: Sequence[Account]) -> Closing:
    """The list of everyone in the pool; `accounts` in order of their entry numbers."""
    parameters = terms_of(giveaway)
    lines = tuple(
        _line(parameters.id, key, list(group))
        for _, group in groupby(accounts, attrgetter("number"))
    )
    frozen = fairness.freeze(parameters, [_entry(x.commitment, x.tickets) for x in lines])
    return Closing(giveaway.changes, lines, frozen.root.hex(), frozen.head.hex(), frozen.tickets)


def _line(published_id: str, key: bytes, accounts: Sequence[Account]) -> Listed:
    """One person with however many accounts is one line."""
    person = fairness.person(f"{SHORT.get(a.platform, a.platform)}:{a.user}" for a in accounts)
    made = fairness.commitment(fairness.salt(key, person), published_id, person)
    return Listed(made.hex(), accounts[0].tickets, accounts[0].number)


def _entry(commitment: str, tickets: int) -> Entry:
    return Entry(bytes.fromhex(commitment), tickets)


def draw(giveaway: Giveaway, secret: bytes, lines: Sequence[tuple[str, int]]) -> Drawing:
    """The winners of a frozen giveaway; the same facts always give the same ones."""
    parameters, head = terms_of(giveaway), giveaway.head or ""
    seed = fairness.seed(bytes.fromhex(head), fairness.revealed_randomness(secret))
    order = fairness.rank(seed, [_entry(*line) for line in lines])
    drawn = fairness.winners(order, parameters.winners, parameters.reserves)
    return Drawing(head, secret.hex(), tuple(entry.commitment.hex() for entry in drawn.winners))
