"""Places: the bot is added to groups and servers, told where to announce, and removed."""

from __future__ import annotations

from bot.feature import Context, Feature
from bot.model import Joined, Left, Refuse, Reply, Role, Say
from storage import people as store

places = Feature("places")


@places.joined
async def joined(ctx: Context, joined: Joined) -> Reply | None:
    """Whoever adds the bot must be of the team: `who.context` has attached the place by then."""
    if ctx.member.role < Role.MANAGER:
        return None
    await store.attach(
        ctx.tx, ctx.community.id, ctx.place.platform, ctx.place.chat, ctx.place.thread,
        joined.title, ctx.ms,
    )  # fmt: skip
    return Reply(Say("place.joined"), private=False)


@places.left
async def left(ctx: Context, _left: Left) -> None:
    if ctx.place.private:
        await store.blocked(ctx.tx, ctx.place.platform, ctx.who.user, ctx.ms)
    else:
        await store.detach(ctx.tx, ctx.place.platform, ctx.place.chat, ctx.ms)


@places.command("here", role=Role.MANAGER)
async def here(ctx: Context) -> Reply:
    if ctx.place.private:
        raise Refuse(Say("place.not_public"))
    await store.set_home(ctx.tx, ctx.place.platform, ctx.place.chat, ctx.place.thread)
    return Reply(Say("place.home"))
