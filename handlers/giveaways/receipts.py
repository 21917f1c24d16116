"""A fan's own entry: in or not, tickets and why, and a receipt that finds it in the public list."""

from __future__ import annotations

from bot.feature import Context, Feature
from bot.model import Button, Refuse, Reply, Say
from handlers.giveaways import fairness, looking, tickets
from handlers.giveaways.actions import Leave
from handlers.giveaways.fan_actions import FreeClick, Mine, Receipt
from handlers.giveaways.persons import commitment, person_of
from handlers.giveaways.plan import Plan, unpacked
from handlers.giveaways.show import short
from handlers.giveaways.tools import Tools
from handlers.links.personal import own_address
from storage import giveaway_pool as pool
from storage import giveaway_receipts as store
from storage import giveaway_turns as turns
from storage import links
from storage.giveaway_pool import Account
from storage.giveaway_receipts import Kept
from storage.giveaway_turns import Entrant

SHOWN = 5


def register(feature: Feature, tools: Tools) -> None:
    """`tools.public_url` is where the sponsor's link is opened through us."""

    @feature.command("giveaway me")
    async def me(ctx: Context) -> Reply:
        """Everything the reader is in."""
        found = await store.entered(ctx.tx, ctx.community.id, ctx.member.id, SHOWN)
        if not found:
            return Reply(Say("giveaway.none_entered"))
        shown = [await _mine(ctx, tools.public_url, one) for one in found]
        lines = [line for one in shown for line in (one.text, Say("text", text=""))]
        buttons = tuple(button for one in shown for button in one.buttons)
        return Reply(Say("lines", lines=tuple(lines[:-1])), buttons)

    @feature.pressed(Mine)
    async def mine(ctx: Context, press: Mine) -> Reply:
        return await _mine(ctx, tools.public_url, press.giveaway)

    @feature.pressed(FreeClick)
    async def free(ctx: Context, press: FreeClick) -> Reply:
        """The same ticket without the link, as often as it is pressed."""
        kept = await _kept(ctx, press.giveaway)
        who = Entrant(ctx.member.id, ctx.who.platform, ctx.who.user, ctx.place.private)
        wanted = tickets.CLICK in unpacked(kept.plan).tickets
        if kept.left or not wanted or not await turns.click(
            ctx.tx, ctx.community.id, press.giveaway, who, ctx.ms
        ):  # fmt: skip
            raise Refuse(Say("giveaway.closed" if wanted and not kept.left else "button.stale"))
        return await _mine(ctx, tools.public_url, press.giveaway)

    feature.pressed(Receipt)(receipt)


async def _kept(ctx: Context, giveaway: str) -> Kept:
    """Raises Refuse for who never entered."""
    kept = await store.of(ctx.tx, ctx.community.id, giveaway, ctx.member.id)
    if kept is None:
        there = await looking.standing(ctx, giveaway)
        raise Refuse(Say("giveaway.not_in" if there else "button.stale"))
    return kept


async def _mine(ctx: Context, public_url: str, giveaway: str) -> Reply:
    kept = await _kept(ctx, giveaway)
    if kept.left:
        raise Refuse(Say("giveaway.not_in"))
    plan, accounts = unpacked(kept.plan), await _accounts(ctx, kept)
    lines = [Say("giveaway.mine", prize=kept.prize, number=kept.number)]
    lines += [*_tickets(plan, accounts), *_short(kept, accounts)]
    buttons = [Button(Say("giveaway.receipt_button"), Receipt(kept.id))] if kept.log else []
    if not kept.over and kept.closes_at > ctx.ms:
        earned = any(account.click for account in accounts)
        more = () if earned else await _ways(ctx, public_url, kept, plan)
        lines += [Say("giveaway.click_ways")] if more else []
        buttons += [*more, Button(Say("giveaway.leave_button"), Leave(kept.id))]
    if kept.labels:
        lines.insert(0, Say("link.label", bn=kept.labels[0], en=kept.labels[1]))
    return Reply(Say("lines", lines=tuple(lines)), tuple(buttons))


async def short_of(ctx: Context, giveaway: str, plan: Plan) -> list[Say]:
    """Under the welcome of who enters alone: tickets with their reasons, and the receipt."""
    kept = await _kept(ctx, giveaway)
    accounts = await _accounts(ctx, kept)
    return [*_tickets(plan, accounts), *_short(kept, accounts)]


async def _accounts(ctx: Context, kept: Kept) -> list[Account]:
    return await pool.accounts_of(ctx.tx, kept.id, ctx.member.id)


def _tickets(plan: Plan, accounts: list[Account]) -> list[Say]:
    """How many and why; the sum where the cap takes none of them."""
    why = tickets.reasons(accounts)
    lines = [Say("giveaway.tickets", count=tickets.count(plan, why))]
    lines += [
        Say(f"giveaway.reason.{name}", count=count) for name, count in tickets.given(plan, why)
    ]
    if sum(count for _, count in tickets.given(plan, why)) > plan.cap:
        lines.append(Say("giveaway.capped", cap=plan.cap))
    return lines


def _short(kept: Kept, accounts: list[Account]) -> list[Say]:
    if kept.log is None:
        return []
    made = commitment(kept.log.key, kept.id, _listed(kept, accounts))
    return [Say("giveaway.receipt_short", commitment=short(made), line=kept.line or 0,
                head=short(kept.log.head), last=kept.log.number)]  # fmt: skip


def _listed(kept: Kept, accounts: list[Account]) -> list[tuple[str, str]]:
    """The accounts as (platform, user) with which they stand in the list: who connected a second
    one after it was frozen stands there with the first."""
    both = [(account.platform, account.user) for account in accounts]
    for some in (both, both[:1], both[1:]):
        if kept.log and kept.listed == commitment(kept.log.key, kept.id, some):
            return some
    return both


async def _ways(ctx: Context, public_url: str, kept: Kept, plan: Plan) -> tuple[Button, ...]:
    """To the ticket of the sponsor's link: the link, where openings can be told apart, and the free
    way that gives the same."""
    if not plan.tickets.get(tickets.CLICK):
        return ()
    free = Button(Say("giveaway.free_click"), FreeClick(kept.id))
    link = await links.link(ctx.tx, ctx.community.id, plan.link)
    link = link or await links.link_by_slug(ctx.tx, plan.link)
    shown = kept.labels is not None and link is not None and link.open_at(ctx.ms)
    if not public_url or link is None or link.direct or not shown:
        return (free,)
    address = await own_address(ctx, public_url, link, incentive=True)
    return (Button(Say("giveaway.sponsor_link"), address), free)


async def receipt(ctx: Context, press: Receipt) -> Reply:
    """Every number with which anybody can find this one entry in the list and compute it anew."""
    kept = await _kept(ctx, press.giveaway)
    if kept.log is None:
        raise Refuse(Say("giveaway.no_receipt"))
    pairs = _listed(kept, await _accounts(ctx, kept))
    person = person_of(pairs)
    made = Say(
        "giveaway.receipt", prize=kept.prize, number=kept.number,
        commitment=commitment(kept.log.key, kept.id, pairs), person=person,
        salt=fairness.salt(kept.log.key, person).hex(), id=kept.id.encode("ascii").hex(),
        line=kept.line or 0, head=kept.head or "",
    )  # fmt: skip
    return Reply(made)
