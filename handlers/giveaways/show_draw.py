"""What is said from the freeze on: the list, the beacon, the winners, and where prizes go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.model import Say
from bot.wire import moment
from handlers.giveaways import terms
from handlers.giveaways.beacon import Chain, Kind
from handlers.giveaways.plan import unpacked
from handlers.giveaways.shown import labelled, short
from storage.giveaway_pool import Winner
from storage.giveaway_slots import Holder, Reserve, Slot
from storage.giveaways import Giveaway

IN_ONE_POST = 50  # winners; the rest is behind the button
RESERVES_SHOWN = 10


def named(giveaway: Giveaway) -> str:
    """All its prizes in one line."""
    return terms.prizes_in_words(terms.prizes(giveaway, unpacked(giveaway.plan)))


# The list ------------------------------------------------------------------------------------


def frozen(giveaway: Giveaway, chain: Chain) -> Say:
    """The message that the list is closed, and what it will be drawn from."""
    lines = [
        Say("giveaway.frozen", prize=named(giveaway)),
        Say("giveaway.entries", count=giveaway.entrants or 0),
        Say("giveaway.all_tickets", count=giveaway.tickets or 0),
        Say("giveaway.fingerprint", root=short(giveaway.root), head=short(giveaway.head)),
        *remarks(giveaway),
        *_awaited(giveaway, chain),
    ]
    return labelled(giveaway, Say("lines", lines=tuple(lines)))


def _awaited(giveaway: Giveaway, chain: Chain) -> list[Say]:
    beacon = terms.beacon_of(giveaway)
    match beacon.kind:
        case Kind.DRAND:
            number = giveaway.round or 0
            at = moment(chain.moment(number) * 1000)
            return [Say("giveaway.awaits_drand", round=str(number), at=at)]
        case Kind.MANUAL:
            return [Say("giveaway.awaits_manual", source=beacon.value)]
        case Kind.COMMIT_REVEAL:
            return [Say("giveaway.awaits_secret")]


def remarks(giveaway: Giveaway) -> list[Say]:
    """What did not go as the terms said."""
    found = []
    if giveaway.ended_at is not None:
        found.append(Say("giveaway.ended_early", at=moment(giveaway.ended_at)))
    if terms.late(giveaway):
        times = {"closes": moment(giveaway.closes_at or 0), "at": moment(giveaway.frozen_at or 0)}
        found.append(Say("giveaway.late", **times))
    return found


# The beacon, for the team --------------------------------------------------------------------


def awaits_values(giveaway: Giveaway) -> Say:
    """A manual value has to be given."""
    source = terms.beacon_of(giveaway).value
    return Say("giveaway.team_values", prize=giveaway.prize, source=source)


def awaits_round(giveaway: Giveaway, chain: Chain) -> Say:
    """No relay has the round; how to bring it."""
    return Say(
        "giveaway.team_round", prize=giveaway.prize, round=str(giveaway.round or 0),
        address=_address(giveaway, chain),
    )  # fmt: skip


def not_the_round(giveaway: Giveaway, chain: Chain) -> Say:
    """What was pasted is not the signature that is awaited."""
    number = giveaway.round or 0
    return Say(
        "giveaway.beacon_wrong", round=str(number), at=moment(chain.moment(number) * 1000),
        address=_address(giveaway, chain),
    )  # fmt: skip


def _address(giveaway: Giveaway, chain: Chain) -> str:
    return f"https://api.drand.sh/{chain.hash}/public/{giveaway.round or 0}"


# The winners ---------------------------------------------------------------------------------


def drawn(
    giveaway: Giveaway, winners: Sequence[Winner], reserves: Sequence[str],
    skipped: Sequence[tuple[str, str]],
) -> Say:  # fmt: skip
    """The announcement of the winners, the reserves by commitment, and who was skipped."""
    passed = _passed(skipped)
    if not winners:
        key = "giveaway.drawn_none_left" if giveaway.entrants else "giveaway.drawn_nobody"
        lines = (Say(key, prize=named(giveaway)), *passed)
        return labelled(giveaway, Say("lines", lines=lines))
    lines = tuple(
        [_winner(giveaway, slot, one) for slot, one in enumerate(winners[:IN_ONE_POST], 1)]
    )
    if len(winners) > IN_ONE_POST:
        lines += (Say("giveaway.more", count=len(winners) - IN_ONE_POST),)
    if (giveaway.entrants or 0) <= terms.terms_of(giveaway).winners and not skipped:
        lines += (Say("giveaway.all_win"),)
    said = Say("giveaway.drawn", prize=named(giveaway), winners=lines)
    after = (*passed, *_reserves(reserves), *_from(giveaway), *_time_to_claim(giveaway))
    return labelled(giveaway, Say("lines", lines=(said, *after)))


def _winner(giveaway: Giveaway, slot: int, winner: Winner) -> Say:
    plan = unpacked(giveaway.plan)
    if not plan.more:
        return Say("giveaway.winner", number=winner.number)
    prize = terms.prize_of(giveaway, plan, slot)
    return Say("giveaway.winner_of", number=winner.number, prize=prize)


def _passed(skipped: Sequence[tuple[str, str]]) -> list[Say]:
    """How many, by rule."""
    counts = Counter(rule for _, rule in skipped)
    if not counts:
        return []
    lines = tuple(Say(f"giveaway.skip_{rule}", count=n) for rule, n in sorted(counts.items()))
    return [Say("giveaway.skipped", count=len(skipped), rules=lines)]


def _reserves(reserves: Sequence[str]) -> list[Say]:
    if not reserves:
        return []
    shown = ", ".join(short(one) for one in reserves[:RESERVES_SHOWN])
    more = len(reserves) - RESERVES_SHOWN
    listed = Say("giveaway.reserves", listed=shown)
    return [listed] if more <= 0 else [listed, Say("giveaway.reserves_more", count=more)]


def _from(giveaway: Giveaway) -> list[Say]:
    """What it was drawn from."""
    match terms.beacon_of(giveaway).kind:
        case Kind.DRAND:
            value = short(giveaway.signature)
            return [Say("giveaway.from_drand", round=str(giveaway.round or 0), value=value)]
        case Kind.MANUAL:
            return [Say("giveaway.from_manual", value=giveaway.signature or "")]
        case Kind.COMMIT_REVEAL:
            return [Say("giveaway.from_secret")]


def _time_to_claim(giveaway: Giveaway) -> list[Say]:
    hours = unpacked(giveaway.plan).claim_h
    return [Say("giveaway.time_to_claim", count=hours)] if hours else []


def for_team(giveaway: Giveaway, winners: Sequence[Winner]) -> Say:
    """Who they are, for those who hand over the prizes."""
    if not winners:
        key = "giveaway.drawn_none_left" if giveaway.entrants else "giveaway.drawn_nobody"
        return Say(key, prize=named(giveaway))
    lines = tuple(
        Say("giveaway.team_winner", number=w.number, name=w.name, platform=w.reader.platform)
        if w.reader
        else Say("giveaway.team_winner_gone", number=w.number)
        for w in winners
    )
    hours = unpacked(giveaway.plan).claim_h
    key = "giveaway.team_result_claims" if hours else "giveaway.team_result"
    more = {"hours": hours} if hours else {}
    return Say(key, prize=named(giveaway), winners=lines, **more)


# Afterwards ----------------------------------------------------------------------------------


def moved(giveaway: Giveaway, lost: Slot, to: Reserve | None) -> Say:
    """Somebody lost a prize, and who moves up, if anybody is left."""
    plan = unpacked(giveaway.plan)
    prize = terms.prize_of(giveaway, plan, lost.slot)
    why, _, reason = (lost.lost_why or "").partition(": ")
    first = Say(f"giveaway.lost_{why}", prize=prize, number=lost.number, **_reason(reason))
    if to is None:
        return labelled(giveaway, Say("lines", lines=(first, Say("giveaway.nobody_left"))))
    second = Say(
        "giveaway.moves_up", number=to.number, place=to.place, C=short(to.commitment),
        hours=plan.claim_h,
    )  # fmt: skip
    return labelled(giveaway, Say("lines", lines=(first, second, Say("giveaway.safe"))))


def _reason(reason: str) -> dict[str, str]:
    return {"reason": reason} if reason else {}


def claims(giveaway: Giveaway, holders: Sequence[Holder], manager: bool) -> Say:
    """Every prize and how it stands; where it should go only for managers."""
    lines = tuple(_holder(giveaway, one, manager) for one in holders)
    return Say("giveaway.claims", prize=named(giveaway), lines=lines)


def _holder(giveaway: Giveaway, holder: Holder, manager: bool) -> Say:
    slot = holder.slot
    prize = terms.prize_of(giveaway, unpacked(giveaway.plan), slot.slot)
    unknown = Say("giveaway.nobody_known")
    who = Say("giveaway.named", name=holder.name, platform=holder.platform)
    state = _state(slot, manager)
    return Say(
        "giveaway.claims_line", slot=slot.slot, prize=prize, number=slot.number,
        who=who if holder.platform else unknown, state=state,
    )  # fmt: skip


def _state(slot: Slot, manager: bool) -> Say:
    if slot.lost_at is not None:
        why, _, reason = (slot.lost_why or "").partition(": ")
        return Say(f"giveaway.state_{why}", at=moment(slot.lost_at), **_reason(reason))
    if slot.delivered_at is not None:
        return Say("giveaway.state_delivered", at=moment(slot.delivered_at))
    if slot.claimed_at is None:
        return Say("giveaway.state_open", until=moment(slot.deadline))
    at = moment(slot.claimed_at)
    if manager and slot.details:
        return Say("giveaway.state_claimed", at=at, details=slot.details)
    return Say("giveaway.state_claimed_only", at=at)
