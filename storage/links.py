"""Brands, campaigns, sponsored links, and the personal links members are given."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from storage.tx import Row, Tx


@dataclass(frozen=True, slots=True)
class Brand:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Campaign:
    """A brand's time with the community; open while `ends_at` is None."""

    id: str
    starts_at: int
    ends_at: int | None


@dataclass(frozen=True, slots=True)
class Link:
    """A sponsored link with all that must be shown beside it.

    `destination` is an http(s) address in printable ASCII; `timezone` the community's IANA name;
    `over_at` when the link or its campaign ended or will end.
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

    def over(self, at: int) -> bool:
        return self.over_at is not None and self.over_at <= at


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose personal link it is: `who` is their pseudonym in the campaign, `opened_by` the
    visitor who opened it first."""

    platform: str
    role: int
    who: str
    issued_at: int
    opened_by: str


def _brand(row: Row) -> Brand:
    return Brand(row["id"], row["name"])


def _link(row: Row | None) -> Link | None:
    return Link(**dict(row)) if row else None


# Brands and campaigns ------------------------------------------------------------------------


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


async def open_campaign(
    tx: Tx, community: str, id: str, brand: str, usual: tuple[str, str],
    own: tuple[str | None, str | None], key: bytes, now: int,
) -> str:  # fmt: skip
    """The brand's open campaign, made with `key` if there is none.

    Disclosures are (Bengali, English): `own` words replace what the campaign has, `usual` ones are
    for a new campaign without them.
    """
    row = await tx.one(
        "campaign_open", id=id, community=community, brand=brand, usual_bn=usual[0],
        usual_en=usual[1], own_bn=own[0], own_en=own[1], key_sealed=tx.seal.close(key.hex()),
        now=now,
    )  # fmt: skip
    if row is None:
        raise LookupError(f"the campaign of {brand!r} vanished")
    return str(row["id"])


async def campaigns(tx: Tx, community: str, brand: str, most: int) -> list[Campaign]:
    """The brand's campaigns that have links, newest first."""
    rows = await tx.all("campaigns_of_brand", community=community, brand=brand, most=most)
    return [Campaign(row["id"], row["starts_at"], row["ends_at"]) for row in rows]


# Links ---------------------------------------------------------------------------------------


async def add_link(
    tx: Tx, community: str, id: str, slug: str, campaign: str, destination: str, placement: str,
    now: int,
) -> bool:  # fmt: skip
    """False when the slug is taken."""
    row = await tx.one(
        "link_add", id=id, slug=slug, community=community, campaign=campaign,
        destination=destination, placement=placement, now=now,
    )  # fmt: skip
    return row is not None


async def end_link(tx: Tx, community: str, slug: str, now: int) -> bool:
    """True when it was running."""
    return await tx.one("link_end", community=community, slug=slug, now=now) is not None


async def link_by_slug(tx: Tx, slug: str) -> Link | None:
    return _link(await tx.one("link_by_slug", slug=slug))


async def link(tx: Tx, community: str, id: str) -> Link | None:
    return _link(await tx.one("link_get", community=community, id=id))


async def current(tx: Tx, community: str, now: int, most: int) -> list[Link]:
    """Links that are not over, newest first."""
    rows = await tx.all("links_current", community=community, now=now, most=most)
    return [Link(**dict(row)) for row in rows]


async def latest(tx: Tx, most: int) -> list[Link]:
    """The newest links of all communities."""
    return [Link(**dict(row)) for row in await tx.all("links_latest", most=most)]


# Personal links ------------------------------------------------------------------------------


async def unused_token(tx: Tx, member: str, link: str, platform: str, since: int) -> str | None:
    """A personal link this member was given after `since` and nobody opened yet."""
    row = await tx.one("token_unused", member=member, link=link, platform=platform, since=since)
    return row["token"] if row else None


async def add_token(tx: Tx, token: str, link: str, member: str, platform: str, now: int) -> bool:
    """False when the token is taken."""
    row = await tx.one(
        "token_add", token=token, link=link, member=member, platform=platform, now=now
    )
    return row is not None


async def take_token(tx: Tx, token: str, link: str, visitor: str) -> Holder | None:
    """Whose it is, and who opened it first: `visitor`, if nobody did before."""
    row = await tx.one("token_take", token=token, link=link, visitor=visitor)
    if row is None:
        return None
    who = _pseudonym(tx, row["key_sealed"], row["member"])
    return Holder(row["platform"], row["role"], who, row["issued_at"], row["opened_by"])


async def token_platform(tx: Tx, token: str, link: str) -> str | None:
    """The platform a personal link was given on; tells and changes nothing else."""
    row = await tx.one("token_see", token=token, link=link)
    return row["platform"] if row else None


async def tokens_of(tx: Tx, member: str) -> int:
    """How many personal links this member was given."""
    row = await tx.one("tokens_of", member=member)
    return int(row["tokens"]) if row else 0


def _pseudonym(tx: Tx, key_sealed: str, member: str) -> str:
    """A member's name within one campaign; nobody without the campaign's key can make it."""
    key = bytes.fromhex(tx.seal.open(key_sealed))
    return hmac.digest(key, member.encode(), hashlib.sha256).hex()[:32]


async def pseudonyms(tx: Tx, community: str, member: str) -> list[str]:
    """The member's pseudonym in every campaign."""
    rows = await tx.all("campaign_keys", community=community)
    return [_pseudonym(tx, row["key_sealed"], member) for row in rows]


async def clicks_of(tx: Tx, community: str, member: str) -> int:
    """How many clicks are kept under the member's pseudonyms."""
    found = 0
    for who in await pseudonyms(tx, community, member):
        row = await tx.one("clicks_of", who=who)
        found += int(row["clicks"]) if row else 0
    return found


async def forget(tx: Tx, community: str, member: str) -> None:
    """Delete the member's personal links and take their pseudonyms off the clicks."""
    await tx.run("tokens_forget", member=member)  # first: a click under way loses its holder
    for who in await pseudonyms(tx, community, member):
        await tx.run("clicks_forget", who=who)
