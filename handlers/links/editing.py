"""Changing links: where one leads, for whom it leads elsewhere, its QR code, its end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bot.feature import Context, Feature, Glance
from bot.model import Button, Choices, Picture, Refuse, Reply, Role, Say
from bot.pictures import maker
from bot.wire import millis
from handlers.links import making, qr, telling
from handlers.links.addresses import shown_host
from handlers.links.campaign_actions import DropRule
from handlers.links.disclosure import label_of, one_line
from handlers.links.routing import DEVICES, LANGUAGES
from storage import links as store
from storage.links import Link, Rule

ANY = "any"
OFFERED = 100  # links looked through for suggestions


def commands(feature: Feature, public_url: str, loopback: bool) -> None:
    _editing(feature, public_url, loopback)
    _rules(feature, loopback)
    _codes(feature, public_url)
    for name in ("edit", "end", "rule", "rules", "qr"):
        feature.suggest(f"link {name}", "address", role=Role.MANAGER)(_running)


async def _running(glance: Glance, so_far: str) -> Choices:
    now = millis(glance.now)
    found = await store.unended(glance.tx, glance.community.id, now, OFFERED)
    shown = [(f"{link.brand} · {link.placement} ({link.slug})"[:100], link.slug) for link in found]
    return Choices(tuple(one for one in shown if so_far.lower() in one[0].lower())[:25])


def _editing(feature: Feature, public_url: str, loopback: bool) -> None:
    @feature.command("link edit", role=Role.MANAGER)
    async def edit(
        ctx: Context, address: str, destination: str = "", placement: str = "",
        click_id: Literal["keep", "on", "off"] = "keep",
    ) -> Reply:  # fmt: skip
        link = await making.held_at(ctx, address)
        to = making.checked(destination, loopback).url if destination.strip() else link.destination
        there = link.placement
        if placement.strip():
            there = one_line(placement, making.LONGEST, "placement")
        switched = await _switched(ctx, link, click_id)
        if (to, there) == (link.destination, link.placement) and not switched:
            raise Refuse(Say("link.same", slug=link.slug, host=shown_host(link.destination)))
        await store.edit_link(ctx.tx, ctx.community.id, link.id, to, there)
        for field, before, after in (
            ("destination", link.destination, to), ("placement", link.placement, there)
        ):  # fmt: skip
            if before != after:
                await making.log(ctx, link.campaign, field, before, after, link.id)
        return Reply(_edited(await making.link_at(ctx, link.slug), public_url))

    @feature.command("link end", role=Role.MANAGER)
    async def end(ctx: Context, address: str) -> Reply:
        link = await making.link_at(ctx, address)
        if not await store.end_link(ctx.tx, ctx.community.id, link.slug, ctx.ms):
            raise Refuse(Say("link.unknown"))
        await making.log(ctx, link.campaign, "ended", "", str(ctx.ms), link.id)
        return Reply(Say("link.ended", slug=link.slug))


async def _switched(ctx: Context, link: Link, click_id: str) -> bool:
    """Whether the shop is given the id of each click, or none any more, where it was not so."""
    if click_id == "keep":
        return False
    if link.direct:
        raise Refuse(Say("link.click_id_direct"))
    if not await store.set_click_ids(ctx.tx, ctx.community.id, link.id, click_id == "on"):
        return False
    was = "on" if link.click_ids else "off"
    await making.log(ctx, link.campaign, "click_id", was, click_id, link.id)
    return True


def _edited(link: Link, public_url: str) -> Say:
    return Say(
        "link.edited",
        label=label_of(link),
        brand=link.brand,
        placement=link.placement,
        host=shown_host(link.destination),
        address=telling.address_of(link, public_url),
    )


# Who is led elsewhere ------------------------------------------------------------------------


def _rules(feature: Feature, loopback: bool) -> None:
    @feature.command("link rule", role=Role.MANAGER)
    async def rule(
        ctx: Context,
        address: str,
        language: Literal["any", "bn", "en"],
        device: Literal["any", "android", "ios", "desktop"],
        destination: str,
    ) -> Reply:
        to = making.checked(destination, loopback).url
        link = await making.held_at(ctx, address)
        if language == device == ANY:
            raise Refuse(Say("link.rule_for_all", slug=link.slug))
        if link.direct:
            raise Refuse(Say("link.rule_direct"))
        new = Rule(_bare(language), _bare(device), to)
        await _put_rules(ctx, link, [*_others(link, new), new])
        return _listed(await making.link_at(ctx, link.slug))

    @feature.command("link rules", role=Role.MANAGER)
    async def rules(ctx: Context, address: str) -> Reply:
        return _listed(await making.link_at(ctx, address))

    @feature.pressed(DropRule, role=Role.MANAGER)
    async def drop(ctx: Context, press: DropRule) -> Reply:
        link = await store.link(ctx.tx, ctx.community.id, press.link)
        if link is None:
            raise Refuse(Say("link.unknown"))
        link = await making.held_at(ctx, link.slug)
        gone = Rule(_bare(press.language), _bare(press.device), "")
        await _put_rules(ctx, link, _others(link, gone))
        return _listed(await making.link_at(ctx, link.slug))


def _bare(word: str) -> str:
    return "" if word == ANY else word


def _others(link: Link, rule: Rule) -> list[Rule]:
    same = (rule.language, rule.device)
    return [one for one in link.rules if (one.language, one.device) != same]


async def _put_rules(ctx: Context, link: Link, rules: Sequence[Rule]) -> None:
    """The narrowest first, then those of a device, on which another page may not work at all: so
    nobody has to mind their order."""
    ordered = sorted(rules, key=lambda one: (not one.language) + 2 * (not one.device))
    before, after = (_in_a_line(one) for one in (link.rules, ordered))
    if before == after:
        return
    await store.set_rules(ctx.tx, ctx.community.id, link.id, ordered)
    await making.log(ctx, link.campaign, "rules", before, after, link.id)


def _in_a_line(rules: Sequence[Rule]) -> str:
    return "; ".join(f"{r.language or ANY}/{r.device or ANY} → {r.destination}" for r in rules)


def _listed(link: Link) -> Reply:
    """Where the link leads whom, and a button to take each rule away."""
    lines = [Say("link.rules", placement=link.placement, slug=link.slug)]
    for one in link.rules:
        lines.append(Say("link.rule_line", who=_who(one), host=shown_host(one.destination)))
    lines.append(Say("link.rule_rest", host=shown_host(link.destination)))
    buttons = tuple(
        Button(
            Say("link.rule_drop", who=_who(one)),
            DropRule(link.id, one.language or ANY, one.device or ANY),
        )
        for one in link.rules
    )
    return Reply(Say("lines", lines=tuple(lines)), buttons)


def _who(rule: Rule) -> Say:
    language = Say(f"link.reads_{rule.language}") if rule.language in LANGUAGES else None
    device = Say(f"link.on_{rule.device}") if rule.device in DEVICES else None
    if language and device:
        return Say("link.both", language=language, device=device)
    return language or device or Say("link.everyone")


# QR codes ------------------------------------------------------------------------------------


def _codes(feature: Feature, public_url: str) -> None:
    @feature.command("link qr", role=Role.MANAGER)
    async def code(ctx: Context, address: str) -> Reply:
        link = await making.link_at(ctx, address, ctx.ms)
        if not public_url:
            raise Refuse(Say("link.qr_nowhere"))
        picture = f"{public_url}/{qr.path(ctx.tx.seal, link.slug)}"
        url = telling.address_of(link, public_url)
        say = Say(
            "link.qr",
            label=label_of(link),
            placement=link.placement,
            address=url,
            picture=picture,
        )
        shown = Picture("qr", url, Say("link.qr_alt", address=url))
        return Reply(say, (Button(Say("link.qr_button"), picture),), picture=shown)


@maker("qr")
def _drawn(values: str) -> bytes:
    return qr.png(values)
