"""From a login button to a personal link: for a person the platform vouches for, in a group."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Identity, Login, Role, Say
from bot.wire import millis
from bot.world import World
from handlers.links import intents
from handlers.links.identity import MemberIdentity, told_apart
from handlers.links.personal import notice_of, untold
from storage import links as store
from storage import people, tokens
from storage.links import Link
from storage.tokens import Standing
from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Way:
    """Where somebody is led, as a path of ours; `notice` on `link` is shown to them first."""

    to: str
    link: Link | None = None
    notice: Say | None = None


async def way(world: World, slug: str, login: Login, tx: Tx) -> Way:
    """The member's own link, issued now. One signature brings one personal link: shown again, or
    by somebody else, it leads to that one, and never to one of another link."""
    shared, now = Way(f"/{slug}"), millis(world.now())
    link = await store.link_by_slug(tx, slug)
    if link is None or link.direct or link.over(now) or link.starts_at > now:
        return shared
    known = await people.find_member(tx, link.community, login.who.platform, login.who.user)
    standing = await tokens.standing(tx, link.community, known.id if known else "")
    if not told_apart(standing):
        return shared
    member = known.id if known else await _welcomed(tx, world, link.community, login.who)
    if await tokens.token_member(tx, login.token, link.id) == member:
        return Way(f"/{slug}.{login.token}")
    first = await untold(tx, member, standing)
    if not await _issued(tx, link, member, login, standing, now):
        return shared
    await intents.counted(tx, link, login.who.platform, world.now())
    return Way(f"/{slug}.{login.token}", link, await _told(tx, link, standing) if first else None)


async def _issued(
    tx: Tx, link: Link, member: str, login: Login, standing: Standing, now: int
) -> bool:
    named = standing.identity == MemberIdentity.ON
    return await tokens.add_token(
        tx, login.token, link.id, member, login.who.platform, now, named=named
    )


async def _told(tx: Tx, link: Link, standing: Standing) -> Say:
    home = await people.community(tx, link.community)
    return notice_of(standing, home.name if home else "")


async def _welcomed(tx: Tx, world: World, community: str, who: Identity) -> str:
    """The new member's id, or that of the same one another event made meanwhile."""
    id = world.new_id()
    if await people.add_member(
        tx, community, id, who.platform, who.user, who.name, Role.FAN, millis(world.now())
    ):
        return id
    row = await people.find_member(tx, community, who.platform, who.user)
    if row is None:
        raise LookupError("a new member vanished")
    return row.id
