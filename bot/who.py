"""Who an event is from: their community, membership and language."""

from __future__ import annotations

from bot import wire
from bot.delivery import SELF
from bot.feature import Context
from bot.model import Community, Due, Event, Identity, Joined, Left, Member, Place, Role
from bot.words import LANGUAGES
from bot.world import World
from storage import people
from storage.people import CommunityRow, MemberRow
from storage.tx import Tx


def _of(row: CommunityRow | None) -> Community | None:
    return Community(row.id, row.name, row.language, row.timezone) if row else None


async def community(tx: Tx, place: Place) -> Community | None:
    """A group's or server's community; private chats belong to the first one."""
    if place.platform == SELF:
        return _of(await people.community(tx, place.chat))
    if place.private:
        return _of(await people.home_community(tx))
    return _of(await people.community_of(tx, place.platform, place.chat))


async def context(tx: Tx, world: World, event: Event) -> Context | None:
    """What a handler is given; None in a group that belongs to nobody we know."""
    place, user = event.place, event.who.user
    if isinstance(event.intent, Due):
        found = await community(tx, place)
        member = Member("", Role.OWNER)
        if found is None:
            return None
        return Context(tx, world, world.now(), event, found, member, found.language)
    if place.private:
        home, row = await people.home_with(tx, place.platform, user)
    else:
        home, row = await people.place_with(tx, place.platform, place.chat, user)
    found = _of(home) or await _adopted(tx, world, event)
    if found is None:
        return None
    if row is None:
        row = await _welcome(tx, world, found, event)
    elif place.private and (row.private_at is None or row.blocked_at is not None):
        await people.spoke_privately(tx, found.id, place.platform, user, wire.millis(world.now()))
    hint = event.who.language if event.who.language in LANGUAGES else None
    language = row.language or row.heard_language or hint or found.language
    member = Member(row.id, Role(row.role), row.language)
    return Context(tx, world, world.now(), event, found, member, language)


async def stranger(tx: Tx, world: World, event: Event) -> Context:
    """A context for telling someone why nothing happened, where `context` gives none."""
    home = _of(await people.home_community(tx)) or Community("", "", "bn")
    hint = event.who.language if event.who.language in LANGUAGES else None
    return Context(tx, world, world.now(), event, home, Member(""), hint or home.language)


async def may(tx: Tx, community: Community, who: Identity, role: Role) -> bool:
    """True when this account has at least `role`."""
    row = await people.find_member(tx, community.id, who.platform, who.user)
    return (row.role if row else Role.FAN) >= role


async def language_of(tx: Tx, community: Community, place: Place) -> str:
    """The language of a place: the person's in a private chat, else the community's."""
    if place.private:
        row = await people.find_member(tx, community.id, place.platform, place.chat)
        if row is not None:
            return row.language or row.heard_language or community.language
    return community.language


async def _adopted(tx: Tx, world: World, event: Event) -> Community | None:
    """A group where a manager speaks to the bot joins their community."""
    home = _of(await people.home_community(tx))
    if home is None or event.place.private or isinstance(event.intent, Left):
        return None
    if not await may(tx, home, event.who, Role.MANAGER):
        return None
    place, now = event.place, wire.millis(world.now())
    title = event.intent.title if isinstance(event.intent, Joined) else ""
    await people.attach(tx, home.id, place.platform, place.chat, place.thread, title, now)
    return home


async def _welcome(tx: Tx, world: World, home: Community, event: Event) -> MemberRow:
    """Make a member for an account seen here for the first time."""
    who, now, alone = event.who, wire.millis(world.now()), event.place.private
    id = world.new_id()
    if await people.add_member(
        tx, home.id, id, who.platform, who.user, who.name, Role.FAN, now, private=alone
    ):
        return MemberRow(id, Role.FAN, None, None, now if alone else None, None)
    row = await people.find_member(tx, home.id, who.platform, who.user)  # another event was faster
    if row is None:
        raise LookupError(f"the member of {event.id} vanished")
    return row
