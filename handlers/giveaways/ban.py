"""Keeping somebody out of giveaways, with a reason that the whole team can read."""

from __future__ import annotations

from dataclasses import dataclass

from bot.feature import Context, Feature
from bot.model import Refuse, Reply, Role, Say
from bot.wire import moment
from handlers.giveaways.entrants import named
from handlers.giveaways.pulling import pull
from handlers.giveaways.tools import Tools
from storage import giveaway_bans as store
from storage import giveaway_entrants as entrants
from storage import giveaway_turns as turns
from storage import people

LISTED = 20
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Somebody:
    """A member, their (platform, user) accounts, and how the team knows them."""

    member: str
    accounts: tuple[tuple[str, str], ...]
    about: str


def register(feature: Feature, _tools: Tools) -> None:
    feature.command("giveaway ban", role=Role.MANAGER)(ban)
    feature.command("giveaway unban", role=Role.MANAGER)(unban)


async def ban(ctx: Context, person: str = "", reason: str = "", prize: str = "") -> Reply:
    """By entry number in the newest giveaway, or that of a `prize`, or in reply to a message;
    with nothing, everyone who is banned."""
    if not person.strip() and _replied(ctx) is None:
        return await _all(ctx)
    if _replied(ctx) is not None and not reason:
        person, reason = "", person  # in reply to a message the words are the reason
    reason = " ".join(reason.split())[:LONGEST]
    if not reason:
        raise Refuse(Say("giveaway.ban_why"))
    found = await _somebody(ctx, person, prize)
    if found.member == ctx.member.id:
        raise Refuse(Say("giveaway.ban_self"))
    await store.add(
        ctx.tx, ctx.community.id, found.accounts, found.about, reason, ctx.member.id, ctx.ms
    )
    left = [
        await pull(ctx.tx, giveaway, found.member, found.accounts, ctx.ms)
        for giveaway in await turns.open_to(ctx.tx, ctx.community.id, found.member)
    ]
    return Reply(Say("giveaway.ban_done", about=found.about, count=sum(left), reason=reason))


async def unban(ctx: Context, person: str = "", prize: str = "") -> Reply:
    """By what the list of bans says, by entry number, or in reply to a message."""
    lifted = await store.lift_about(ctx.tx, ctx.community.id, " ".join(person.split()))
    if not lifted:
        found = await _somebody(ctx, person, prize)
        lifted = await store.lift(ctx.tx, ctx.community.id, found.accounts)
    if not lifted:
        raise Refuse(Say("giveaway.ban_none"))
    return Reply(Say("giveaway.ban_lifted"))


async def _all(ctx: Context) -> Reply:
    found = await store.listed(ctx.tx, ctx.community.id, LISTED)
    if not found:
        return Reply(Say("giveaway.bans_none"))
    lines = tuple(
        Say("giveaway.ban_line", about=one.about, reason=one.reason, at=moment(one.at))
        for one in found
    )
    return Reply(Say("giveaway.bans", lines=lines))


def _replied(ctx: Context) -> tuple[str, str] | None:
    """Whose message this answers."""
    quote = ctx.event.quote
    return (quote.who.platform, quote.who.user) if quote and quote.who else None


async def _somebody(ctx: Context, person: str, prize: str) -> Somebody:
    """Raises Refuse for who cannot be found."""
    replied, number = _replied(ctx), _number(person)
    if number is not None:
        giveaway = await named(ctx.tx, ctx.community.id, prize)
        member = await entrants.holder(ctx.tx, giveaway.id, number)
        about = f"{number}, {giveaway.prize}"
    elif replied is not None:
        row = await people.find_member(ctx.tx, ctx.community.id, *replied)
        member = row.id if row else None
        about = f"#{store.hashed(ctx.tx, ctx.community.id, *replied)[:8]}"
    else:
        raise Refuse(Say("giveaway.ban_whom"))
    known = await people.identities(ctx.tx, ctx.community.id, member or "")
    if member is None or not known:
        raise Refuse(Say("giveaway.ban_unknown"))
    return Somebody(member, tuple((one.platform, one.user_id) for one in known), about)


def _number(text: str) -> int | None:
    """An entry number in any digits."""
    digits = text.strip().removeprefix("#").replace(",", "")
    return int(digits) if digits.isdecimal() and len(digits) < 10 else None
