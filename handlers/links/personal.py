"""Personal links: each member's own way to the shop, so that a click can be a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.feature import Context
from bot.model import Button, Reply, Role, Say
from bot.world import spell
from handlers.links.clicks import IDENTITY_MS
from handlers.links.disclosure import OpenLink, Shown, label_of
from storage import links as store
from storage.links import Link

LONGEST_BUTTON = 512  # Discord takes no longer address in a button
TRIES = 8  # a token taken by somebody else is as good as impossible, twice is a fault


@dataclass(frozen=True, slots=True)
class _Way:
    """A button that opens an address, or a line that says it where it is too long for one."""

    lines: tuple[Say, ...]
    buttons: tuple[Button, ...]

    @staticmethod
    def to(label: Say, url: str) -> _Way:
        if len(url) <= LONGEST_BUTTON:
            return _Way((), (Button(label, url),))
        return _Way((Say("link.written", label=label, url=url),), ())


async def sponsored(
    ctx: Context, public_url: str, link: str, text: Say, buttons: tuple[Button, ...] = ()
) -> Shown:
    """An answer to one person as an ad for `link`: the disclosure first, their own link last.

    Without a link of that id nothing is added; one that is over leaves only the label.
    """
    found = await store.link(ctx.tx, ctx.community.id, link)
    if found is None:
        return Shown(text, buttons)
    if found.over(ctx.ms):
        return Shown(Say("lines", lines=(label_of(found), text)), buttons)
    notice = await _notice(ctx, public_url, [found])
    way = await _way(ctx, public_url, found, Say("link.open"))
    lines = (label_of(found), text, *way.lines, *notice.lines)
    return Shown(Say("lines", lines=lines), (*buttons, *notice.buttons, *way.buttons))


async def handed(ctx: Context, public_url: str, found: Sequence[Link]) -> Reply:
    """The links as a list, each with its disclosure first and a way to open it."""
    notice = await _notice(ctx, public_url, found)
    lines: list[Say] = []
    buttons: list[Button] = []
    for number, link in enumerate(found, 1):
        if lines:
            lines.append(Say("text", text=""))
        way = await _way(ctx, public_url, link, _numbered("open", number, found))
        lines += [label_of(link), _item(number, link, found), *way.lines]
        lines += _for_team(ctx, public_url, link)
        buttons += way.buttons
    if not public_url and ctx.member.role >= Role.HELPER:
        lines.append(Say("link.untracked"))
    lines += notice.lines
    return Reply(Say("lines", lines=tuple(lines)), (*buttons, *notice.buttons))


async def _way(ctx: Context, public_url: str, link: Link, label: Say) -> _Way:
    """In public only the press of a button says who asks, and only they see what it brings."""
    if not public_url:
        return _Way.to(label, link.destination)
    if not ctx.place.private:
        return _Way((), (Button(label, OpenLink(link.id)),))
    return _Way.to(label, await own_address(ctx, public_url, link))


async def opened(ctx: Context, public_url: str, link: Link) -> Reply:
    """The member's own link, for them alone."""
    notice = await _notice(ctx, public_url, [link], private=True)
    url = await own_address(ctx, public_url, link) if public_url else link.destination
    way = _Way.to(Say("link.open"), url)
    lines = (label_of(link), Say("link.yours", brand=link.brand), *way.lines, *notice.lines)
    return Reply(Say("lines", lines=lines), (*way.buttons, *notice.buttons))


async def own_address(ctx: Context, public_url: str, link: Link) -> str:
    """The address of this member's own link: the shared one and a token.

    It leads on without the token too, so it works for ever, and while the database is away.
    """
    since, platform = ctx.ms - IDENTITY_MS // 2, ctx.place.platform
    token = await store.unused_token(ctx.tx, ctx.member.id, link.id, platform, since)
    return f"{public_url}/{link.slug}.{token or await _token(ctx, link)}"


async def _token(ctx: Context, link: Link) -> str:
    for _ in range(TRIES):
        token = spell(int.from_bytes(ctx.world.random(8), "big"), 12)
        platform = ctx.place.platform
        if await store.add_token(ctx.tx, token, link.id, ctx.member.id, platform, ctx.ms):
            return token
    raise LookupError("no free token")


async def _notice(
    ctx: Context, public_url: str, found: Sequence[Link], *, private: bool = False
) -> _Way:
    """With the first link a member gets: what is counted, and the way without it."""
    given = public_url and (private or ctx.place.private)
    if not given or await store.tokens_of(ctx.tx, ctx.member.id):
        return _Way((), ())
    ways = [
        _Way.to(_numbered("direct", number, found), link.destination)
        for number, link in enumerate(found, 1)
    ]
    return _Way(
        (Say("link.notice"), *(line for way in ways for line in way.lines)),
        tuple(button for way in ways for button in way.buttons),
    )


def _numbered(key: str, number: int, found: Sequence[Link]) -> Say:
    """A label that tells one of several links from the others."""
    return Say(f"link.{key}_nth", number=number) if len(found) > 1 else Say(f"link.{key}")


def _item(number: int, link: Link, found: Sequence[Link]) -> Say:
    if len(found) > 1:
        return Say("link.item_nth", number=number, brand=link.brand, placement=link.placement)
    return Say("link.item", brand=link.brand, placement=link.placement)


def _for_team(ctx: Context, public_url: str, link: Link) -> list[Say]:
    if ctx.member.role < Role.HELPER:
        return []
    address = f"{public_url}/{link.slug}" if public_url else link.destination
    return [Say("link.shared", address=address, slug=link.slug)]
