"""/connect: one person's accounts on two platforms become one, proved by a one-time code.

The code is asked for with one account, alone, and given with the other, which then says that the
first is theirs. Where either has a role in the team the asker agrees as well, so that nobody can be
talked into lending their rights.
"""

from __future__ import annotations

from datetime import timedelta

from bot.feature import Context, Feature
from bot.model import Button, Effect, Place, Post, Refuse, Reply, Role, Say
from bot.wire import millis
from bot.world import code as code_of
from handlers.giveaways.fan_actions import Agree, Connect
from handlers.giveaways.merging import Person, merge_entries
from handlers.giveaways.tools import Tools
from storage import connecting as store
from storage import giveaway_bans as bans
from storage import people
from storage.connecting import Asked
from storage.people import IdentityRow

LIFE = timedelta(minutes=15)
LETTERS = 10  # of five bits
WRONG = 5  # codes that do not exist, within LIFE


def register(feature: Feature, _tools: Tools) -> None:
    feature.command("connect")(connect)
    feature.pressed(Connect)(mine_as_well)
    feature.pressed(Agree)(agree)
    feature.promises(promise)


async def promise(_ctx: Context) -> Reply:
    """What is kept for giveaways, and of two accounts that are one person's."""
    return Reply(Say("giveaway.promise"))


async def forget(ctx: Context) -> None:
    """Codes asked for and given, and that it was they who banned somebody."""
    await store.forget(ctx.tx, ctx.member.id)
    await bans.forget(ctx.tx, ctx.member.id)


async def connect(ctx: Context, code: str = "") -> Reply:
    """A code for the other account, or, with one, the question whether that account is theirs."""
    given = code.strip().upper()
    if not ctx.place.private:
        if given:  # others have seen it
            await store.use(ctx.tx, ctx.community.id, given, ctx.ms)
        return Reply(Say("connect.alone"))
    return await _given(ctx, given) if given else await _new(ctx)


async def _new(ctx: Context) -> Reply:
    """Raises Refuse for who is connected already."""
    accounts = await people.identities(ctx.tx, ctx.community.id, ctx.member.id)
    if len(accounts) > 1:
        raise Refuse(Say("connect.already", names=_names(accounts)))
    made = code_of(ctx.world.random(LETTERS)).upper()
    await store.add_code(
        ctx.tx, ctx.community.id, made, ctx.member.id, ctx.who.platform, ctx.who.user, ctx.ms,
        millis(ctx.now + LIFE),
    )  # fmt: skip
    return Reply(Say("connect.code", code=made, minutes=int(LIFE.total_seconds() // 60)))


def _names(accounts: list[IdentityRow]) -> str:
    return ", ".join(f"{one.name} ({one.platform})" for one in accounts)


async def _given(ctx: Context, code: str) -> Reply:
    within = millis(ctx.now) - millis(ctx.now - LIFE)
    if await store.wrong(ctx.tx, ctx.member.id, ctx.ms, within) >= WRONG:
        return Reply(Say("connect.too_many"))
    asked = await store.asked(ctx.tx, ctx.community.id, code, ctx.ms)
    if asked is None:
        await store.add_wrong(ctx.tx, ctx.member.id, ctx.ms, within)
        return Reply(Say("connect.unknown"))
    theirs = await _fitting(ctx, asked)
    yes = Button(Say("connect.yes"), Connect(code))
    return Reply(Say("connect.sure", name=theirs.name, platform=theirs.platform), (yes,))


async def _fitting(ctx: Context, asked: Asked) -> IdentityRow:
    """The account that asked. Raises Refuse where the two cannot be one person."""
    if asked.member == ctx.member.id:
        raise Refuse(Say("connect.same"))
    theirs = await people.identities(ctx.tx, ctx.community.id, asked.member)
    ours = await people.identities(ctx.tx, ctx.community.id, ctx.member.id)
    if {one.platform for one in theirs} & {one.platform for one in ours}:
        raise Refuse(Say("connect.two_of_one"))
    return next(one for one in theirs if one.user_id == asked.user)


async def mine_as_well(ctx: Context, press: Connect) -> Reply | list[Effect]:
    """Whoever gave the code says yes: the two are one, or the asker is asked."""
    asked = await store.asked(ctx.tx, ctx.community.id, press.code, ctx.ms)
    if asked is None or not ctx.place.private:
        raise Refuse(Say("connect.unknown"))
    await _fitting(ctx, asked)
    if max(ctx.member.role, await _role(ctx, asked.platform, asked.user)) <= Role.FAN:
        return await _joined(ctx, press.code, asked.member, ctx.member.id)
    if not await store.take(
        ctx.tx, ctx.community.id, press.code, ctx.member.id, ctx.who.platform, ctx.who.user, ctx.ms
    ):
        raise Refuse(Say("connect.unknown"))
    question = Say("connect.agree", name=ctx.who.name, platform=ctx.who.platform)
    button = Button(Say("connect.yes"), Agree(press.code))
    return [
        Reply(Say("connect.waiting", platform=asked.platform)),
        Post(Place(asked.platform, asked.user), question, (button,)),
    ]


async def _role(ctx: Context, platform: str, user: str) -> int:
    found = await people.find_member(ctx.tx, ctx.community.id, platform, user)
    return found.role if found else Role.FAN


async def agree(ctx: Context, press: Agree) -> Reply:
    """The asker says yes as well."""
    asked = await store.asked(ctx.tx, ctx.community.id, press.code, ctx.ms)
    if asked is None or asked.member != ctx.member.id or asked.taken_by is None:
        raise Refuse(Say("connect.unknown"))
    return await _joined(ctx, press.code, asked.member, asked.taken_by)


async def _joined(ctx: Context, code: str, keep: str, gone: str) -> Reply:
    """Two members become one; the code is used up in the same unit."""
    if not await store.use(ctx.tx, ctx.community.id, code, ctx.ms):
        raise Refuse(Say("connect.unknown"))
    tx, community = ctx.tx, ctx.community.id
    both = [await _person(ctx, member) for member in (keep, gone)]
    if any(len(person.accounts) != 1 for person in both):
        raise Refuse(Say("connect.two_of_one"))
    merged = await merge_entries(tx, *both)
    accounts = (*both[0].accounts, *both[1].accounts)
    ban = await bans.banned(tx, community, accounts)
    if ban is not None:  # of one is of both
        await bans.add(tx, community, accounts, ban.about, ban.reason, ban.by, ban.at)
    await store.merge(tx, community, keep, gone, ctx.world.random)
    names = _names(await people.identities(tx, community, keep))
    lines = [Say("connect.done", names=names)]
    lines += [Say("connect.merged", count=merged)] if merged else []
    return Reply(Say("lines", lines=tuple(lines)))


async def _person(ctx: Context, member: str) -> Person:
    rows = await people.identities(ctx.tx, ctx.community.id, member)
    return Person(member, tuple((one.platform, one.user_id) for one in rows))
