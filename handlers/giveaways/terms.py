"""From stored rows to the draw GW1 and back: the terms, the list, the winners; pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache, partial
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

from handlers.giveaways import fairness, persons, tickets
from handlers.giveaways.beacon import QUICKNET, Beacon, Chain, Kind
from handlers.giveaways.fairness import Entry, Parameters
from handlers.giveaways.plan import Plan, unpacked
from storage.giveaway_pool import Account, Listed
from storage.giveaways import Giveaway

MOST_HOURS = 8760
MOST_WINNERS = 1000
LONGEST_PRIZE = 200
LONGEST_REASON = 300
LATE_MS = 30_000  # a freeze later than this says so, and its round is counted from it
KEEP = timedelta(days=30)  # how long it stays known who entered and did not win


@dataclass(frozen=True, slots=True)
class Closing:
    """A list made from the pool as it stood after `changes` changes; hashes in hexadecimal."""

    changes: int
    lines: tuple[Listed, ...]
    root: str
    head: str
    tickets: int


def promise(
    giveaway: Giveaway,
    plan: Plan,
    close_at: int,
    secret: bytes,
    rules: str | None = None,
    chain: Chain = QUICKNET,
) -> Parameters:
    """What is promised when it opens; `Beacon.parse(p.beacon).kind` is that of `plan.beacon`.

    `close_at` in unix seconds, `secret` 32 random bytes (kept, though only a commit–reveal draw
    opens it), `rules` the hexadecimal SHA-256 of the rules text, `chain` that of `Tools`. Raises
    ValueError where the plan cannot be kept.
    """
    return Parameters(
        id=giveaway.id.encode("ascii").hex(),
        prize=prizes_in_words(prizes(giveaway, plan)),
        winners=sum(count for _, count in prizes(giveaway, plan)),
        reserves=plan.reserves,
        close_at=close_at,
        beacon=str(_beacon(plan, secret, chain)),
        tickets=plan.tickets,
        cap=plan.cap,
        claim_h=plan.claim_h,
        rules=rules,
    )


def _beacon(plan: Plan, secret: bytes, chain: Chain) -> Beacon:
    match plan.beacon:
        case "drand":
            return Beacon.drand(chain)
        case "manual":
            return Beacon.manual(plan.source)
        case "commit-reveal":
            return Beacon.commit_reveal(secret)


def amended(giveaway: Giveaway, **changes: Any) -> Parameters:
    """The terms with some of them changed (`close_at`, `prize`, `winners`): `canonical()` goes into
    `params`, `digest()` into `params_hash`, and an event `amend` into the log."""
    return replace(terms_of(giveaway), **changes)


def prizes(giveaway: Giveaway, plan: Plan) -> tuple[tuple[str, int], ...]:
    """Each prize and how many get it, in order of their slots."""
    return ((giveaway.prize, giveaway.winners), *plan.more)


def prizes_in_words(prizes: Sequence[tuple[str, int]]) -> str:
    """All prizes in one line; one alone is just its name."""
    if len(prizes) == 1:
        return prizes[0][0]
    return " + ".join(f"{prize} × {count}" for prize, count in prizes)


def prize_of(giveaway: Giveaway, plan: Plan, slot: int) -> str:
    """What the holder of this slot, counted from 1, gets."""
    listed = prizes(giveaway, plan)
    names = (prize for prize, count in listed for _ in range(count))
    return next(islice(names, slot - 1, None), listed[-1][0])


def terms_of(giveaway: Giveaway) -> Parameters:
    """The terms as they were published. Raises ValueError for a draft, which has none."""
    if giveaway.params is None:
        raise ValueError(f"the giveaway {giveaway.id} was never published")
    return Parameters(**json.loads(giveaway.params))


def beacon_of(giveaway: Giveaway) -> Beacon:
    """Where its randomness comes from."""
    return Beacon.parse(terms_of(giveaway).beacon)


def late(giveaway: Giveaway) -> bool:
    """True when the list was frozen well after the close: the bot was not running."""
    if giveaway.frozen_at is None or giveaway.closes_at is None:
        return False
    return giveaway.frozen_at - giveaway.closes_at > LATE_MS


def round_of(giveaway: Giveaway, frozen_at: int, chain: Chain) -> int | None:
    """The first round after the margin, counted from the close, or from the freeze itself (ms) when
    that is late or the close was moved forward; None where no round decides."""
    parameters, at = terms_of(giveaway), frozen_at // 1000
    if Beacon.parse(parameters.beacon).kind is not Kind.DRAND:
        return None
    on_time = not late(replace(giveaway, frozen_at=frozen_at)) and at >= parameters.close_at
    return chain.round_at((parameters.close_at if on_time else at) + parameters.margin_s)


def close(giveaway: Giveaway, key: bytes, accounts: Sequence[Account]) -> Closing:
    """The list of everyone in the pool; `accounts` in order of their entry numbers."""
    people = [list(group) for _, group in groupby(accounts, attrgetter("number"))]
    made = _commitments(giveaway, key, people)
    given = lru_cache(partial(tickets.count, unpacked(giveaway.plan)))
    counts = [given(tickets.reasons(one)) for one in people]
    frozen = fairness.freeze(terms_of(giveaway), list(map(Entry, made, counts)))
    numbers = [one[0].number for one in people]
    lines = tuple(map(Listed, map(bytes.hex, made), counts, numbers))
    return Closing(giveaway.changes, lines, frozen.root.hex(), frozen.head.hex(), frozen.tickets)


def _commitments(
    giveaway: Giveaway, key: bytes, people: Sequence[Sequence[Account]]
) -> list[bytes]:
    """One person with however many accounts is one line."""
    named = (persons.person_of((one.platform, one.user) for one in each) for each in people)
    return fairness.commitments(key, giveaway.id.encode("ascii").hex(), named)


def _entry(commitment: str, tickets: int) -> Entry:
    return Entry(bytes.fromhex(commitment), tickets)


def ranked(
    giveaway: Giveaway, value: str, lines: Iterable[tuple[str, int]], chain: Chain = QUICKNET
) -> list[str]:
    """All commitments of a frozen list in the order in which prizes are given; the same facts
    always give the same one.

    `value` is the signature, the secret (both hexadecimal) or the manual values; raises ValueError
    where it is not what was promised.
    """
    randomness = beacon_of(giveaway).randomness(value, giveaway.round or 0, (chain,))
    if randomness is None:
        raise ValueError(f"{giveaway.id} cannot be drawn from this value")
    seed = fairness.seed(bytes.fromhex(giveaway.head or ""), randomness)
    order = fairness.rank(seed, [_entry(*line) for line in lines])
    return [entry.commitment.hex() for entry in order]
