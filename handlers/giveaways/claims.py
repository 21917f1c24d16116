"""Prizes after the draw: their holders claim them in time, or the next in line moves up.

Nobody is drawn again. A prize falls free only by a line of the public log, and goes to the next
reserve in the order that the draw published.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.feature import Context, Feature
from bot.model import Button, Effect, Field, Form, Later, Refuse, Reply, Say
from bot.wire import moment
from handlers.giveaways import show, show_draw, telling, terms
from handlers.giveaways.actions import Claim, Fade, Lapse, Remind
from handlers.giveaways.plan import unpacked
from handlers.giveaways.record import record
from storage import giveaway_log as log_store
from storage import giveaway_slots as slots
from storage import giveaways as store
from storage.giveaway_slots import Held, Reserve, Slot
from storage.giveaways import Giveaway

LONGEST_DETAILS = 1000
REMIND_AT = 4  # a quarter of the time before it is over


def register(feature: Feature) -> None:
    feature.pressed(Claim)(ask)
    feature.filled(Claim)(claim)
    feature.due(Remind)(remind)
    feature.due(Lapse)(lapse)


# Opening -------------------------------------------------------------------------------------


async def opened(ctx: Context, drawn: Giveaway, winners: Sequence[str]) -> list[Effect]:
    """Every winner may claim from now on, and is told so; nothing where nobody has to."""
    if not unpacked(drawn.plan).claim_h:
        return []
    await _open(ctx, drawn, list(enumerate(winners, 1)))
    effects: list[Effect] = []
    for holder in await slots.holders(ctx.tx, drawn.id):
        effects += await _invited(ctx, drawn, holder.slot, "giveaway.you_win_claim")
    return effects


async def _open(ctx: Context, giveaway: Giveaway, holders: list[tuple[int, str]]) -> None:
    if holders:
        deadline = ctx.ms + unpacked(giveaway.plan).claim_h * 3_600_000
        await slots.open_slots(ctx.tx, giveaway.id, holders, ctx.ms, deadline)


async def _invited(ctx: Context, giveaway: Giveaway, slot: Slot, key: str) -> list[Effect]:
    """Told wherever they can be reached, with the timers of a reminder and of the end."""
    hours = unpacked(giveaway.plan).claim_h
    prize = terms.prize_of(giveaway, unpacked(giveaway.plan), slot.slot)
    text = Say(key, prize=prize, number=slot.number, hours=hours, until=moment(slot.deadline))
    public = Say("giveaway.you_win_public", prize=prize, number=slot.number, hours=hours)
    under = (Button(Say("giveaway.claim_button"), Claim(giveaway.id)),)
    until, early = moment(slot.deadline), timedelta(hours=hours / REMIND_AT)
    return [
        *await telling.person(ctx, giveaway, slot.number, "gn", text, under, public),
        Later(until - early, Remind(giveaway.id, slot.slot, slot.number)),
        Later(until, Lapse(giveaway.id, slot.slot, slot.number)),
    ]


# Claiming ------------------------------------------------------------------------------------


async def ask(ctx: Context, press: Claim) -> Reply | Form:
    """Where the prize should go; what is asked in a group is answered in private."""
    held = await _held(ctx, press.giveaway)
    if not ctx.place.private:
        text = Say("giveaway.claim_here", prize=_prize(held), until=moment(held.slot.deadline))
        return Reply(text, (Button(Say("giveaway.claim_button"), press),))
    asked = Field("details", Say("option.details"), long=True, limit=LONGEST_DETAILS)
    return Form(Say("giveaway.claim_title", prize=_prize(held)), (asked,), press)


async def _held(ctx: Context, giveaway: str) -> Held:
    """What this person can claim now. Raises Refuse, saying why there is nothing."""
    all_held = await slots.of_member(ctx.tx, ctx.community.id, ctx.member.id)
    held = [one for one in all_held if one.slot.giveaway == giveaway]
    if not held:
        raise Refuse(Say("giveaway.claim_not_yours"))
    last = held[-1]
    if last.slot.lost_at is not None:
        key = "claim_taken" if last.slot.lost_why not in ("lapsed", "left") else "claim_late"
        raise Refuse(Say(f"giveaway.{key}", prize=_prize(last), at=moment(last.slot.lost_at)))
    if last.slot.claimed_at is not None:
        raise Refuse(Say("giveaway.claim_again", prize=_prize(last), creator=ctx.community.name))
    if last.slot.deadline <= ctx.ms:
        at = moment(last.slot.deadline)
        raise Refuse(Say("giveaway.claim_late", prize=_prize(last), at=at))
    return last


def _prize(held: Held) -> str:
    return terms.prize_of(held.giveaway, unpacked(held.giveaway.plan), held.slot.slot)


async def claim(ctx: Context, action: Claim, details: str) -> list[Effect]:
    """Theirs; the team is told that it is, and reads where it should go in /giveaway claims."""
    details = details.strip()
    if not 0 < len(details) <= LONGEST_DETAILS:
        raise Refuse(Say("giveaway.claim_long", most=LONGEST_DETAILS))
    held = await _held(ctx, action.giveaway)
    where = (action.giveaway, held.slot.slot, held.slot.number)
    slot = await slots.claim(ctx.tx, *where, details, ctx.ms)
    found = await store.get(ctx.tx, ctx.community.id, action.giveaway)
    if slot is None or found is None:
        raise Refuse(Say("giveaway.claim_not_yours"))
    await record(ctx.tx, found.id, {"kind": "claim", "C": slot.commitment, "slot": slot.slot})
    prize = _prize(held)
    text = Say("giveaway.team_claimed", prize=prize, number=slot.number)
    return [
        Reply(Say("giveaway.claim_done", prize=prize, creator=ctx.community.name)),
        *await telling.team(ctx, found, f"gc{slot.slot}.{slot.number}", text),
        *await closed(ctx, found),
    ]


async def remind(ctx: Context, due: Remind) -> list[Effect]:
    """Once, in private alone, who has not claimed yet."""
    found = await store.get(ctx.tx, ctx.community.id, due.giveaway)
    slot = await _open_slot(ctx, due)
    if found is None or slot is None:
        return []
    prize = terms.prize_of(found, unpacked(found.plan), slot.slot)
    text = Say("giveaway.claim_remind", prize=prize, until=moment(slot.deadline))
    under = (Button(Say("giveaway.claim_button"), Claim(found.id)),)
    return [*await telling.person(ctx, found, slot.number, "gr", text, under)]


async def _open_slot(ctx: Context, due: Remind) -> Slot | None:
    for holder in await slots.holders(ctx.tx, due.giveaway):
        slot = holder.slot
        if (slot.slot, slot.number) == (due.slot, due.number):
            return slot if slot.claimed_at is None and slot.lost_at is None else None
    return None


# Moving up -----------------------------------------------------------------------------------


async def lapse(ctx: Context, due: Lapse) -> list[Effect]:
    """Nobody claimed it in time."""
    gone = not await slots.candidate(ctx.tx, due.giveaway, due.number)
    why = "left" if gone else "lapsed"
    slot = await slots.lapse(ctx.tx, due.giveaway, due.slot, due.number, why, ctx.ms)
    return await freed(ctx, slot, "bot") if slot is not None else []


async def told_off(ctx: Context, giveaway: Giveaway, slot: Slot, reason: str) -> list[Effect]:
    """Who lost a prize by the team's decision learns why."""
    prize = terms.prize_of(giveaway, unpacked(giveaway.plan), slot.slot)
    text = Say("giveaway.you_lose_prize", prize=prize, number=slot.number, reason=reason)
    return [*await telling.person(ctx, giveaway, slot.number, "gl", text)]


async def freed(ctx: Context, slot: Slot, by: str) -> list[Effect]:
    """The prize of a slot that was just lost goes to the next in line; everyone is told."""
    found = await store.get(ctx.tx, ctx.community.id, slot.giveaway)
    if found is None:
        return []
    at = ctx.ms // 1000
    lost = {"kind": "lost", "C": slot.commitment, "slot": slot.slot, "why": slot.lost_why}
    await record(ctx.tx, found.id, {**lost, "by": by, "at": at})  # holds the log until we are done
    following = await _following(ctx, found)
    effects: list[Effect] = []
    if following is not None:
        await _open(ctx, found, [(slot.slot, following.commitment)])
        moved = {"kind": "promote", "C": following.commitment, "slot": slot.slot, "at": at}
        await record(ctx.tx, found.id, moved)
        effects += await _moved_up(ctx, found, slot.slot, following.number)
    stands = await store.stands(ctx.tx, found.id)
    text = show_draw.moved(found, slot, following)
    told = show.announce(f"gs{slot.slot}.{slot.number}", found, stands, text)
    return [*told, *effects, *await closed(ctx, found)]


async def _following(ctx: Context, giveaway: Giveaway) -> Reserve | None:
    """The first of the reserves; who deleted their data is passed over, in public."""
    await log_store.last(ctx.tx, giveaway.id)
    while reserve := await slots.next_reserve(ctx.tx, giveaway.id):
        if reserve.known:
            return reserve
        await slots.pass_over(ctx.tx, giveaway.id, reserve.commitment)
        skip = {"kind": "skip", "C": reserve.commitment, "rule": "left", "by": "bot"}
        await record(ctx.tx, giveaway.id, {**skip, "at": ctx.ms // 1000})
    return None


async def _moved_up(ctx: Context, giveaway: Giveaway, slot: int, number: int) -> list[Effect]:
    for holder in await slots.holders(ctx.tx, giveaway.id):
        if (holder.slot.slot, holder.slot.number) == (slot, number):
            return await _invited(ctx, giveaway, holder.slot, "giveaway.you_move_up")
    raise LookupError(f"nobody moved up to slot {slot} of {giveaway.id}")


async def closed(ctx: Context, giveaway: Giveaway) -> list[Effect]:
    """Once every prize is claimed or nobody is left for it, what is personal has a last day."""
    done = await store.close(ctx.tx, ctx.community.id, giveaway.id, ctx.ms)
    return [Later(ctx.now + terms.KEEP, Fade(giveaway.id))] if done is not None else []
