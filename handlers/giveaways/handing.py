"""The team's side of prizes: who claimed what, handing it over, taking it from who must not win."""

from __future__ import annotations

from collections.abc import Sequence

from bot.feature import Context, Feature
from bot.model import Button, Effect, Field, Form, Refuse, Reply, Role, Say
from handlers.giveaways import claims as claiming
from handlers.giveaways import show_draw, terms
from handlers.giveaways.actions import Claims, Delivered, Disqualify
from storage import giveaway_slots as slots
from storage import giveaways as store
from storage.giveaway_slots import Holder
from storage.giveaways import Giveaway

LISTED = 8  # giveaways, and buttons for prizes


def register(feature: Feature) -> None:
    feature.command("giveaway claims", role=Role.HELPER)(claims)
    feature.command("giveaway deliver", role=Role.MANAGER)(deliver)
    feature.command("giveaway disqualify", role=Role.MANAGER)(disqualify)
    feature.pressed(Claims, role=Role.HELPER)(shown)
    feature.pressed(Delivered, role=Role.MANAGER)(delivered)
    feature.pressed(Disqualify, role=Role.MANAGER)(ask_why)
    feature.filled(Disqualify, role=Role.MANAGER)(disqualified)


async def claims(ctx: Context) -> Reply:
    """The last draw's prizes, with buttons for the draws before it."""
    found = await _all(ctx)
    latest = await shown(ctx, Claims(found[0].id))
    before = tuple(Button(Say("text", text=g.prize), Claims(g.id)) for g in found[1:])
    return Reply(latest.text, (*latest.buttons, *before))


async def _all(ctx: Context) -> list[Giveaway]:
    found = await slots.claimed_in(ctx.tx, ctx.community.id, LISTED)
    if not found:
        raise Refuse(Say("giveaway.claims_none"))
    return found


async def shown(ctx: Context, press: Claims) -> Reply:
    """One giveaway's prizes. Where they should go is for those who hand them over."""
    found = await store.get(ctx.tx, ctx.community.id, press.giveaway)
    if found is None or found.drawn_at is None:
        raise Refuse(Say("button.stale"))
    holders = await slots.holders(ctx.tx, found.id)
    manager = ctx.member.role >= Role.MANAGER
    waiting = [one for one in holders if manager and _to_deliver(one)]
    under = tuple(
        Button(Say("giveaway.delivered_button", number=one.slot.number),
               Delivered(found.id, one.slot.slot))
        for one in waiting[:LISTED]
    )  # fmt: skip
    return Reply(show_draw.claims(found, holders, manager), under)


def _to_deliver(holder: Holder) -> bool:
    slot = holder.slot
    return slot.claimed_at is not None and slot.lost_at is None and slot.delivered_at is None


async def deliver(ctx: Context, number: int) -> Reply:
    """The prize of this entry was handed over."""
    for found in await _all(ctx):
        for one in await slots.holders(ctx.tx, found.id):
            if one.slot.number == number and _to_deliver(one):
                return await delivered(ctx, Delivered(found.id, one.slot.slot))
    raise Refuse(Say("giveaway.deliver_none", number=number))


async def delivered(ctx: Context, press: Delivered) -> Reply:
    """Handed over: what the winner told for that is deleted."""
    if await store.get(ctx.tx, ctx.community.id, press.giveaway) is None:
        raise Refuse(Say("button.stale"))
    slot = await slots.deliver(ctx.tx, press.giveaway, press.slot, ctx.ms)
    if slot is None:
        raise Refuse(Say("giveaway.deliver_before"))
    return Reply(Say("giveaway.deliver_done", number=slot.number))


async def disqualify(
    ctx: Context, number: int = 0, reason: str = ""
) -> Reply | Form | list[Effect]:
    """Take the prize from this entry; without a number, ask from which."""
    held = [(g, one) for g in await _all(ctx) for one in await _present(ctx, g)]
    chosen = [(g, one) for g, one in held if one.slot.number == number] if number else held
    if not chosen:
        key = "giveaway.disqualify_unknown" if number else "giveaway.disqualify_none"
        raise Refuse(Say(key, number=number) if number else Say(key))
    if number and len(chosen) == 1:
        action = _action(*chosen[0])
        return await disqualified(ctx, action, reason) if reason.strip() else _form(number, action)
    return _which(chosen)


async def _present(ctx: Context, giveaway: Giveaway) -> list[Holder]:
    holders = await slots.holders(ctx.tx, giveaway.id)
    return [x for x in holders if x.slot.lost_at is None and x.slot.delivered_at is None]


def _action(giveaway: Giveaway, holder: Holder) -> Disqualify:
    return Disqualify(giveaway.id, holder.slot.slot, holder.slot.number)


def _which(held: Sequence[tuple[Giveaway, Holder]]) -> Reply:
    choice = tuple(
        Button(Say("giveaway.disqualify_button", number=one.slot.number, prize=g.prize),
               _action(g, one))
        for g, one in held[:LISTED]
    )  # fmt: skip
    return Reply(Say("giveaway.disqualify_which"), choice)


async def ask_why(ctx: Context, press: Disqualify) -> Form:
    if await store.get(ctx.tx, ctx.community.id, press.giveaway) is None:
        raise Refuse(Say("button.stale"))
    return _form(press.number, press)


def _form(number: int, action: Disqualify) -> Form:
    asked = Field("reason", Say("option.reason"), limit=terms.LONGEST_REASON)
    return Form(Say("giveaway.disqualify_title", number=number), (asked,), action)


async def disqualified(ctx: Context, action: Disqualify, reason: str) -> list[Effect]:
    """The prize goes to the next in line; the reason is public, and in the log for good."""
    reason = " ".join(reason.split())
    if not reason:
        raise Refuse(Say("giveaway.disqualify_why"))
    if len(reason) > terms.LONGEST_REASON:
        most = terms.LONGEST_REASON
        raise Refuse(Say("giveaway.long_reason", most=most, length=len(reason)))
    found = await store.get(ctx.tx, ctx.community.id, action.giveaway)
    if found is None:
        raise Refuse(Say("button.stale"))
    where, why = (action.giveaway, action.slot, action.number), f"disqualified: {reason}"
    slot = await slots.take(ctx.tx, *where, why, ctx.ms)
    if slot is None:
        raise Refuse(Say("giveaway.disqualify_late", number=action.number))
    return [
        Reply(Say("giveaway.disqualify_done", number=slot.number)),
        *await claiming.told_off(ctx, found, slot, reason),
        *await claiming.freed(ctx, slot, "team"),
    ]
