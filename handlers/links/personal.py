"""Personal links: each member's own way to the shop, so that a click can be a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.feature import Context
from bot.model import Button, Reply, Role, Say
from bot.world import World, spell
from handlers.links import intents
from handlers.links.disclosure import Shown, label_of, promise
from handlers.links.identity import MemberIdentity, Tracking, told_apart
from handlers.links.routing import target
from handlers.links.telling import address_of
from storage import links as store
from storage import tokens
from storage.links import Link
from storage.tokens import IDENTITY_MS, Standing
from storage.tx import Tx

LONGEST_BUTTON = 512  # Discord takes no longer address in a button
SINGLY = 7  # links that are offered without tracking one by one: Discord has room for 15 buttons
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

    Without a link of that id nothing is added; one out of its time leaves only the label.
    """
    found = await store.link(ctx.tx, ctx.community.id, link)
    if found is None:
        return Shown(text, buttons)
    if not found.open_at(ctx.ms):
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
        lines += [label_of(link), _item(number, link, found), *_coupon(link), *way.lines]
        lines += _for_team(ctx, public_url, link)
        buttons += way.buttons
    if not public_url and ctx.member.role >= Role.HELPER:
        lines.append(Say("link.untracked"))
    lines += notice.lines
    return Reply(Say("lines", lines=tuple(lines)), (*buttons, *notice.buttons))


async def _way(ctx: Context, public_url: str, link: Link, label: Say) -> _Way:
    """In public only the press of a button says who asks, and only they see what it brings."""
    if link.direct:  # no address of ours stands between: the press is all that can be counted
        return _Way((), (promise(link, label),))
    if not public_url:
        return _Way.to(label, _shop(ctx, link))
    if ctx.place.private:
        return _Way.to(label, await own_address(ctx, public_url, link))
    if (await tokens.standing(ctx.tx, ctx.community.id, "")).identity == MemberIdentity.OFF:
        return _Way.to(label, f"{public_url}/{link.slug}")
    return _Way((), (promise(link, label),))


async def opened(ctx: Context, public_url: str, link: Link) -> Reply:
    """The link a button promised, for them alone: their own where members are told apart."""
    await intents.press(ctx.tx, ctx, link)
    notice = await _notice(ctx, public_url, [link], private=True)
    token, url, words = None, _shop(ctx, link), Say("identity.shop", brand=link.brand)
    if public_url and not link.direct:
        token = await issue(ctx, link)
        url = _address(public_url, link, token)
    if token is not None:
        words = Say("link.yours", brand=link.brand)
    way = _Way.to(Say("link.open"), url)
    lines = (label_of(link), words, *way.lines, *notice.lines)
    return Reply(Say("lines", lines=lines), (*way.buttons, *notice.buttons))


def _shop(ctx: Context, link: Link) -> str:
    """The shop itself, as this reader is led there without an address of ours between."""
    return target(link, link.rules, ctx.language, "")


async def own_address(ctx: Context, public_url: str, link: Link, *, incentive: bool = False) -> str:
    """The address of this member's own link: the shared one and a token. The shared one alone
    where they are not told apart.

    It leads on without the token too, so it works for ever, and while the database is away.
    """
    return _address(public_url, link, await issue(ctx, link, incentive=incentive))


def _address(public_url: str, link: Link, token: str | None) -> str:
    return f"{public_url}/{link.slug}.{token}" if token else f"{public_url}/{link.slug}"


async def issue(ctx: Context, link: Link, *, incentive: bool = False) -> str | None:
    """A token of this member for this link, an unused one that is fresh enough if there is one;
    None where they are not told apart. `incentive`: for a giveaway's ticket."""
    standing = await tokens.standing(ctx.tx, ctx.community.id, ctx.member.id)
    if not told_apart(standing):
        return None
    named = standing.identity == MemberIdentity.ON
    member, platform, since = ctx.member.id, ctx.place.platform, ctx.ms - IDENTITY_MS // 2
    unused = await tokens.unused_token(
        ctx.tx, member, link.id, platform, since, incentive=incentive, named=named
    )
    return unused or await new_token(
        ctx.tx, ctx.world, link.id, member, platform, ctx.ms, incentive=incentive, named=named
    )


async def new_token(
    tx: Tx, world: World, link: str, member: str, platform: str, now: int, *,
    incentive: bool = False, named: bool = False,
) -> str:  # fmt: skip
    """12 random characters that stand for (member, link) from `now` (ms) on."""
    for _ in range(TRIES):
        token = spell(int.from_bytes(world.random(8), "big"), 12)
        if await tokens.add_token(
            tx, token, link, member, platform, now, incentive=incentive, named=named
        ):
            return token
    raise LookupError("no free token")


async def _notice(
    ctx: Context, public_url: str, found: Sequence[Link], *, private: bool = False
) -> _Way:
    """With the first link a member gets: what is counted, and the ways without it; once more
    when the team may see more than they were told."""
    tracked = [(n, link) for n, link in enumerate(found, 1) if not link.direct]
    if not public_url or not tracked or not (private or ctx.place.private):
        return _Way((), ())
    standing = await tokens.standing(ctx.tx, ctx.community.id, ctx.member.id)
    if not await untold(ctx.tx, ctx.member.id, standing):
        return _Way((), ())
    offered = tracked if len(tracked) <= SINGLY else []
    ways = [_Way.to(_numbered("direct", n, found), _shop(ctx, link)) for n, link in offered]
    return _Way(
        (notice_of(standing, ctx.community.name), *(line for way in ways for line in way.lines)),
        (*(button for way in ways for button in way.buttons),
         Button(Say("tracking.never"), Tracking(0))),
    )  # fmt: skip


async def untold(tx: Tx, member: str, standing: Standing) -> bool:
    """True when this member gets personal links and was not told yet what that means."""
    named = standing.identity == MemberIdentity.ON
    return told_apart(standing) and not await tokens.tokens_of(tx, member, named=named)


def notice_of(standing: Standing, creator: str) -> Say:
    """What is counted of a personal link, in one line."""
    if standing.identity == MemberIdentity.ON:
        return Say("identity.notice_on", creator=creator)
    return Say("identity.notice_pseudonymous")


def _numbered(key: str, number: int, found: Sequence[Link]) -> Say:
    """A label that tells one of several links from the others."""
    return Say(f"link.{key}_nth", number=number) if len(found) > 1 else Say(f"link.{key}")


def _item(number: int, link: Link, found: Sequence[Link]) -> Say:
    if len(found) > 1:
        return Say("link.item_nth", number=number, brand=link.brand, placement=link.placement)
    return Say("link.item", brand=link.brand, placement=link.placement)


def _coupon(link: Link) -> list[Say]:
    return [Say("campaign.coupon", coupon=link.coupon)] if link.coupon else []


def _for_team(ctx: Context, public_url: str, link: Link) -> list[Say]:
    if ctx.member.role < Role.HELPER:
        return []
    address = address_of(link, public_url)
    return [Say("link.shared", address=address, slug=link.slug)]
