"""The team's side of giveaways: draft, publish, list, end, cancel."""

from __future__ import annotations

import unicodedata
from datetime import timedelta

from bot.feature import Context
from bot.model import Button, Effect, Field, Form, Later, Refuse, Reply, Say
from bot.wire import moment
from handlers.giveaways import fairness, show, terms
from handlers.giveaways.actions import CallOff, Discard, EndNow, Fade, Freeze, Publish, Tell
from handlers.giveaways.sponsors import sponsor_of
from storage import giveaways as store
from storage import people
from storage.giveaways import Giveaway, Keys, Stand

KEY_BYTES = 32
LISTED = 15


async def new(
    ctx: Context, prize: str, hours: int = 24, winners: int = 1, sponsor: str = ""
) -> Reply:
    """A draft and its preview: nothing is public yet. Whoever pays stands in it from here on."""
    prize = _checked_prize(prize)
    if not 1 <= hours <= terms.MOST_HOURS:
        raise Refuse(Say("giveaway.bad_hours", most=terms.MOST_HOURS, given=hours))
    if not 1 <= winners <= terms.MOST_WINNERS:
        raise Refuse(Say("giveaway.bad_winners", most=terms.MOST_WINNERS, given=winners))
    places = await _places(ctx)
    id = ctx.new_id()
    who = await sponsor_of(ctx, sponsor, prize)
    await store.add(ctx.tx, ctx.community.id, id, prize, winners, hours, ctx.ms, who)
    draft = await store.get(ctx.tx, ctx.community.id, id)
    if draft is None:
        raise LookupError(f"the draft {id} vanished")
    choice = (
        Button(Say("giveaway.publish_button"), Publish(id)),
        Button(Say("giveaway.discard_button"), Discard(id)),
    )
    titles = tuple(
        Say("giveaway.place", title=place.title or place.chat, platform=place.platform)
        for place in places
    )
    return Reply(Say("giveaway.preview", post=show.draft(draft, ctx.ms), places=titles), choice)


def _checked_prize(prize: str) -> str:
    prize = " ".join(prize.split())
    if all(unicodedata.category(letter)[0] in "CZ" for letter in prize):  # nothing to be seen
        raise Refuse(Say("giveaway.no_prize"))
    if len(prize) > terms.LONGEST_PRIZE:
        most = terms.LONGEST_PRIZE
        raise Refuse(Say("giveaway.long_prize", most=most, length=len(prize)))
    return prize


async def _places(ctx: Context) -> list[people.PlaceRow]:
    places = await people.places(ctx.tx, ctx.community.id)
    if not places:
        raise Refuse(Say("giveaway.no_place"))
    return places


async def publish(ctx: Context, press: Publish) -> list[Effect]:
    """Fix the terms, commit to a secret, and post everywhere."""
    draft = await store.get(ctx.tx, ctx.community.id, press.giveaway)
    if draft is None:
        raise Refuse(Say("button.stale"))
    keys = Keys(ctx.world.random(KEY_BYTES), ctx.world.random(fairness.SECRET_BYTES))
    opened = await _open(ctx, draft, keys.secret)
    if opened is None:
        raise Refuse(Say("giveaway.published_before"))
    stands = [Stand(place.platform, place.chat, place.thread) for place in await _places(ctx)]
    await store.put_keys(ctx.tx, opened.id, keys)
    await store.put_stands(ctx.tx, opened.id, stands)
    closes = moment(opened.closes_at or 0)
    done = Say("giveaway.published", places=len(stands), closes=closes)
    return [Reply(done), *show.posts(opened, stands), Later(closes, Freeze(opened.id))]


async def _open(ctx: Context, draft: Giveaway, secret: bytes) -> Giveaway | None:
    close_at = int((ctx.now + timedelta(hours=draft.hours)).timestamp())
    fixed = terms.promise(draft.id, draft.prize, draft.winners, close_at, secret)
    return await store.publish(
        ctx.tx, ctx.community.id, draft.id, close_at * 1000, fixed.canonical().decode(),
        fixed.digest().hex(), ctx.ms,
    )  # fmt: skip


async def discard(ctx: Context, press: Discard) -> Reply:
    if not await store.discard(ctx.tx, ctx.community.id, press.giveaway):
        raise Refuse(Say("button.stale"))
    return Reply(Say("giveaway.discarded"))


async def list_(ctx: Context) -> Reply:
    """The last ones and how they stand."""
    found = await store.recent(ctx.tx, ctx.community.id, LISTED)
    if not found:
        return Reply(Say("giveaway.list_empty"))
    return Reply(Say("giveaway.list", lines=tuple(_line(ctx, one) for one in found)))


def _line(ctx: Context, g: Giveaway) -> Say:
    closes = moment(g.closes_at or 0)
    if g.cancelled_at is not None:
        return Say("giveaway.line_cancelled", prize=g.prize, reason=g.reason or "")
    if g.drawn_at is not None:
        count = Say("giveaway.entries", count=g.entrants or 0)
        return Say("giveaway.line_drawn", prize=g.prize, at=moment(g.drawn_at), entries=count)
    if not g.open_at(ctx.ms):
        return Say("giveaway.line_closed", prize=g.prize)
    count = Say("giveaway.entries", count=g.entered)
    return Say("giveaway.line_running", prize=g.prize, closes=closes, entries=count)


async def _running(ctx: Context) -> list[Giveaway]:
    found = await store.running(ctx.tx, ctx.community.id, ctx.ms)
    if not found:
        raise Refuse(Say("giveaway.none_running"))
    return found


async def end(ctx: Context) -> Reply | list[Effect]:
    """Close the running one at once; of several, ask which."""
    running = await _running(ctx)
    if len(running) == 1:
        return await end_now(ctx, EndNow(running[0].id))
    choice = tuple(Button(Say("text", text=g.prize), EndNow(g.id)) for g in running)
    return Reply(Say("giveaway.end_which"), choice)


async def end_now(ctx: Context, press: EndNow) -> list[Effect]:
    if await store.end(ctx.tx, ctx.community.id, press.giveaway, ctx.ms) is None:
        raise Refuse(Say("giveaway.not_running"))
    return [Reply(Say("giveaway.ended")), Later(ctx.now, Freeze(press.giveaway))]


async def cancel(ctx: Context, reason: str = "") -> Reply | Form | list[Effect]:
    """Cancel the running one, asking for the reason if it was not given; of several, ask which."""
    running = await _running(ctx)
    if len(running) > 1:
        choice = tuple(Button(Say("text", text=g.prize), CallOff(g.id)) for g in running)
        return Reply(Say("giveaway.cancel_which"), choice)
    press = CallOff(running[0].id)
    return await call_off(ctx, press, reason) if reason.strip() else _ask_reason(running[0])


def _ask_reason(giveaway: Giveaway) -> Form:
    field = Field("reason", Say("option.reason"), limit=terms.LONGEST_REASON)
    title = Say("giveaway.cancel_title", prize=giveaway.prize)
    return Form(title, (field,), CallOff(giveaway.id))


async def ask_to_call_off(ctx: Context, press: CallOff) -> Form:
    found = await store.get(ctx.tx, ctx.community.id, press.giveaway)
    if found is None or not found.open_at(ctx.ms):
        raise Refuse(Say("giveaway.not_running"))
    return _ask_reason(found)


async def call_off(ctx: Context, action: CallOff, reason: str) -> list[Effect]:
    """Cancelled in public, with the reason."""
    reason = " ".join(reason.split())
    if len(reason) > terms.LONGEST_REASON:
        most = terms.LONGEST_REASON
        raise Refuse(Say("giveaway.long_reason", most=most, length=len(reason)))
    gone = await store.cancel(ctx.tx, ctx.community.id, action.giveaway, reason, ctx.ms)
    if gone is None:
        raise Refuse(Say("giveaway.not_running"))
    stands = await store.stands(ctx.tx, gone.id)
    told = show.labelled(gone, Say("giveaway.cancelled", prize=gone.prize, reason=reason))
    return [
        Reply(Say("giveaway.cancel_done")),
        *show.posts(gone, stands),
        *show.announce("gc", gone, stands, told),
        Later(ctx.now, Tell(gone.id, 0)),
        Later(ctx.now + terms.KEEP, Fade(gone.id)),
    ]
