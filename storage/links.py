"""Brands and their sponsored links."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from storage.tx import Row, Tx


@dataclass(frozen=True, slots=True)
class Brand:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Readers of `language` ("bn", "en") on `device` ("android", "ios", "desktop") are led to
    `destination` instead; empty means any."""

    language: str
    device: str
    destination: str


@dataclass(frozen=True, slots=True)
class Link:
    """A sponsored link with all that must be shown beside it.

    `destination` is an http(s) address in printable ASCII; `timezone` the community's IANA name;
    `over_at` when the link or its campaign ended or will end, `starts_at` when the campaign starts.
    `product` is its name. A `direct` link (1) is never a redirect of ours. Of `rules` the first
    that fits holds. `click_ids` is 1 when the shop is given the id of each click.
    """

    id: str
    slug: str
    community: str
    campaign: str
    destination: str
    placement: str
    created_at: int
    brand: str
    disclosure_bn: str
    disclosure_en: str
    timezone: str
    over_at: int | None
    starts_at: int
    campaign_name: str
    utm: int
    coupon: str | None
    product: str | None
    direct: int
    rules: tuple[Rule, ...] = ()
    click_ids: int = 0

    def over(self, at: int) -> bool:
        return self.over_at is not None and self.over_at <= at

    def open_at(self, at: int) -> bool:
        return self.begun(at) and not self.over(at)

    def begun(self, at: int) -> bool:
        return self.starts_at <= at


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link to be made: `product` is an id of its campaign's, `direct` as in `Link`."""

    slug: str
    campaign: str
    destination: str
    placement: str
    product: str | None = None
    direct: bool = False


def _brand(row: Row) -> Brand:
    return Brand(row["id"], row["name"])


def _link(row: Row | None) -> Link | None:
    return link_of(row) if row else None


def link_of(row: Row) -> Link:
    """A row of `sponsored_links`."""
    values = dict(row)
    return Link(**{**values, "rules": _rules(values["rules"])})


def _rules(text: str) -> tuple[Rule, ...]:
    return tuple(Rule(*one) for one in json.loads(text)) if text else ()


# Brands --------------------------------------------------------------------------------------


async def open_brand(tx: Tx, community: str, id: str, name: str, now: int) -> Brand:
    """The brand of that name, made if there is none."""
    found = await find_brand(tx, community, name)
    if found is None:
        await tx.run("brand_add", id=id, community=community, name=name, now=now)
        found = await find_brand(tx, community, name)
    if found is None:
        raise LookupError(f"the brand {name!r} vanished")
    return found


async def find_brand(tx: Tx, community: str, name: str) -> Brand | None:
    row = await tx.one("brand_find", community=community, name=name)
    return _brand(row) if row else None


async def brands(tx: Tx, community: str) -> list[Brand]:
    return [_brand(row) for row in await tx.all("brands_all", community=community)]


async def add_brand_person(tx: Tx, brand: str, member: str) -> None:
    """This member may read the brand's figures."""
    await tx.run("brand_person_add", brand=brand, member=member)


async def brands_of(tx: Tx, community: str, member: str) -> list[Brand]:
    """The brands whose figures this member may read."""
    rows = await tx.all("brands_of_person", community=community, member=member)
    return [_brand(row) for row in rows]


# Links ---------------------------------------------------------------------------------------


async def add_link(tx: Tx, community: str, id: str, new: NewLink, now: int) -> bool:
    """False when the slug is taken."""
    row = await tx.one(
        "link_add", id=id, slug=new.slug, community=community, campaign=new.campaign,
        destination=new.destination, placement=new.placement, product=new.product,
        direct=int(new.direct), now=now,
    )  # fmt: skip
    return row is not None


async def edit_link(tx: Tx, community: str, id: str, destination: str, placement: str) -> None:
    await tx.run(
        "link_edit", community=community, id=id, destination=destination, placement=placement
    )


async def set_click_ids(tx: Tx, community: str, id: str, on: bool) -> bool:
    """Whether the shop is given the id of each click from now on; False where it was so before."""
    return bool(await tx.run("link_click_ids_set", community=community, id=id, on=int(on)))


async def set_rules(tx: Tx, community: str, id: str, rules: Iterable[Rule]) -> None:
    """These rules take the place of all the link had."""
    listed = [[rule.language, rule.device, rule.destination] for rule in rules]
    text = json.dumps(listed, separators=(",", ":")) if listed else ""
    await tx.run("link_rules_set", community=community, id=id, rules=text)


async def end_link(tx: Tx, community: str, slug: str, now: int) -> Link | None:
    """The link as it was while it still ran, None when it did not."""
    found = await link_by_slug(tx, slug)
    ended = await tx.one("link_end", community=community, slug=slug, now=now)
    return found if ended is not None else None


async def link_by_slug(tx: Tx, slug: str) -> Link | None:
    return _link(await tx.one("link_by_slug", slug=slug))


async def link(tx: Tx, community: str, id: str) -> Link | None:
    return _link(await tx.one("link_get", community=community, id=id))


async def current(tx: Tx, community: str, now: int, most: int) -> list[Link]:
    """Links of campaigns that have begun, neither of them over; newest first."""
    rows = await tx.all("links_current", community=community, now=now, most=most)
    return [link_of(row) for row in rows]


async def of_campaign(tx: Tx, community: str, campaign: str, now: int, most: int) -> list[Link]:
    """The campaign's links that are not over, oldest first."""
    rows = await tx.all(
        "links_of_campaign", community=community, campaign=campaign, now=now, most=most
    )
    return [link_of(row) for row in rows]


async def unended(tx: Tx, community: str, now: int, most: int) -> list[Link]:
    """Links that are not over, of campaigns still to begin as well; newest first."""
    rows = await tx.all("links_unended", community=community, now=now, most=most)
    return [link_of(row) for row in rows]


async def latest(tx: Tx, most: int) -> list[Link]:
    """The newest links of all communities."""
    return [link_of(row) for row in await tx.all("links_latest", most=most)]
