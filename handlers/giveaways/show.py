"""What a giveaway looks like: its public post in every state, announcements, results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.model import Button, Place, Post, Say
from bot.wire import moment
from handlers.giveaways import rules, show_draw, terms
from handlers.giveaways.actions import Enter, How, Leave, Result
from handlers.giveaways.beacon import Kind
from handlers.giveaways.plan import Plan, unpacked
from handlers.giveaways.shown import labelled as labelled
from handlers.giveaways.shown import short as short
from storage.giveaway_pool import Winner
from storage.giveaways import Giveaway, Stand, Standing


def post(giveaway: Giveaway) -> Say:
    """The public post as it should read now; of a draft, as it would read."""
    return labelled(giveaway, _post(giveaway))


def _post(g: Giveaway) -> Say:
    if g.cancelled_at is not None:
        return Say("giveaway.post_cancelled", prize=g.prize, reason=g.reason or "")
    if g.frozen_at is not None:
        state = Say("giveaway.is_drawn" if g.drawn_at is not None else "giveaway.is_closed")
        count = Say("giveaway.entries", count=g.entrants or 0)
        return Say("giveaway.post_closed", prize=g.prize, state=state, entries=count)
    plan = unpacked(g.plan)
    prizes = terms.prizes(g, plan)
    log = [Say("giveaway.log_now", number=g.log_number, head=short(g.log_head))]
    head = Say(
        "giveaway.post",
        prize=terms.prizes_in_words(prizes),
        winners=Say("giveaway.winners", count=sum(count for _, count in prizes)),
        closes=moment(g.closes_at or 0),
    )
    entered = Say("giveaway.entered_count", count=g.entered)
    lines = (head, *_who(plan), entered, _proof(g), *(log if g.log_number else []))
    return Say("lines", lines=lines)


def _who(plan: Plan) -> list[Say]:
    """What not everybody meets, and what gives more tickets."""
    asked = rules.requirements(plan.requirements)
    found = [Say("giveaway.only_who", who=rules.joined(asked))] if asked else []
    found += [Say("giveaway.adults")] if plan.adult else []
    found += [Say("rules.region", region=plan.region)] if plan.region else []
    if sum(1 for given in plan.tickets.values() if given) > 1:
        found.append(Say("giveaway.post_tickets", tickets=rules.tickets(plan), cap=plan.cap))
    return found


def _proof(giveaway: Giveaway) -> Say:
    if giveaway.params is None:
        return Say("giveaway.proof_later")
    params, beacon = short(giveaway.params_hash), terms.beacon_of(giveaway)
    match beacon.kind:
        case Kind.COMMIT_REVEAL:
            return Say("giveaway.proof", params=params, commitment=short(beacon.value))
        case Kind.DRAND:
            return Say("giveaway.proof_drand", params=params)
        case Kind.MANUAL:
            return Say("giveaway.proof_manual", params=params, source=beacon.value)


def draft(giveaway: Giveaway, now: int) -> Say:
    """How a draft would read if it were published now."""
    return post(replace(giveaway, closes_at=now + giveaway.hours * 3_600_000))


def buttons(giveaway: Giveaway) -> tuple[Button, ...]:
    """What can be done with it in its present state."""
    id, how = giveaway.id, Button(Say("giveaway.how_button"), How(giveaway.id))
    if giveaway.cancelled_at is not None:
        return ()
    if giveaway.frozen_at is not None:
        return (Button(Say("giveaway.result_button"), Result(id)), how)
    enter, leave = Say("giveaway.enter_button"), Say("giveaway.leave_button")
    return (Button(enter, Enter(id)), Button(leave, Leave(id)), how)


def posts(giveaway: Giveaway, stands: Sequence[Stand]) -> list[Post]:
    """The public post in every place, made or brought up to date."""
    return announce("g", giveaway, stands, post(giveaway), buttons(giveaway))


def announce(
    kind: str,
    giveaway: Giveaway,
    stands: Sequence[Stand],
    text: Say,
    under: tuple[Button, ...] = (),
) -> list[Post]:
    """One message of this kind in every place, however often it is asked for."""
    return [
        Post(
            Place(stand.platform, stand.chat, stand.thread, private=False), text, under,
            key=f"{kind}:{giveaway.id}:{stand.platform}:{stand.chat}",
        )
        for stand in stands
    ]  # fmt: skip


def how(giveaway: Giveaway, language: str) -> Say:
    """The rules as they were published, and how it is drawn, in plain words."""
    plan = unpacked(giveaway.plan)
    beacon = terms.beacon_of(giveaway)
    lines = [Say("text", text=rules.text(giveaway, language))]
    if giveaway.rules_bn is None:
        winners = Say("giveaway.winners", count=giveaway.winners)
        ends = moment(giveaway.closes_at or 0)
        lines = [Say("giveaway.how", prize=giveaway.prize, winners=winners, closes=ends)]
    lines += [
        Say(f"giveaway.how_{plan.beacon.replace('-', '_')}", value=beacon.value),
        Say("giveaway.how_terms", terms=giveaway.params or "", params=giveaway.params_hash or ""),
    ]
    return labelled(giveaway, Say("lines", lines=tuple(lines)))


def result(standing: Standing, winners: Sequence[Winner]) -> Say:
    """Who won, whether the reader did, and every number needed to check it."""
    g, numbers = standing.giveaway, [winner.number for winner in winners]
    lines = [Say("giveaway.result", prize=g.prize), Say("giveaway.entries", count=g.entrants or 0)]
    lines += [Say("giveaway.winner_won", number=number) for number in numbers]
    if not numbers:
        lines.append(Say("giveaway.none_won" if g.entrants else "giveaway.nobody_won"))
    if standing.entered and standing.number is not None:
        mine = "giveaway.you_won" if standing.number in numbers else "giveaway.you_lost"
        lines.append(Say(mine, number=standing.number))
    remarks = show_draw.remarks(g)
    return labelled(g, Say("lines", lines=(*lines, *remarks, *_check(g))))


def _check(g: Giveaway) -> list[Say]:
    """The numbers, in the order in which they were published."""
    beacon = terms.beacon_of(g)
    fixed = {"params": g.params_hash or "", "root": g.root or "", "head": g.head or ""}
    match beacon.kind:
        case Kind.COMMIT_REVEAL:
            opened = {"commitment": beacon.value, "secret": g.secret or ""}
            return [Say("giveaway.check", **fixed, **opened), Say("giveaway.trust")]
        case Kind.DRAND:
            number, value = str(g.round or 0), g.signature or ""
            return [Say("giveaway.check_drand", **fixed, round=number, value=value)]
        case Kind.MANUAL:
            value = g.signature or ""
            return [Say("giveaway.check_manual", **fixed, source=beacon.value, value=value)]
