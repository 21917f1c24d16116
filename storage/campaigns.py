"""Campaigns of brands, their products, and everything that was changed about them."""

from __future__ import annotations

from dataclasses import dataclass

from storage.tx import Row, Tx


@dataclass(frozen=True, slots=True)
class Campaign:
    """A brand's time with the community: from `starts_at` until `ends_at` (ms), None for no end.

    `brand` is an id; `name` is empty where the brand's name says enough; `goal` is the number of
    clicks promised; `utm` is 1 when destinations carry campaign parameters.
    """

    id: str
    brand: str
    brand_name: str
    name: str
    disclosure_bn: str
    disclosure_en: str
    starts_at: int
    ends_at: int | None
    goal: int | None
    coupon: str | None
    utm: int

    @property
    def title(self) -> str:
        return f"{self.brand_name} · {self.name}" if self.name else self.brand_name

    def over(self, at: int) -> bool:
        return self.ends_at is not None and self.ends_at <= at


@dataclass(frozen=True, slots=True)
class Product:
    """What a campaign is about, and the page that sells it."""

    id: str
    name: str
    destination: str


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody changed: of the link `slug`, or, without one, of the campaign itself.

    `field` names what it was, "made" and "ended" among others; moments stand in `before` and
    `after` as milliseconds.
    """

    at: int
    field: str
    before: str
    after: str
    slug: str | None
    placement: str | None


def _campaign(row: Row | None) -> Campaign | None:
    return Campaign(**dict(row)) if row else None


# Campaigns -----------------------------------------------------------------------------------


async def add(tx: Tx, community: str, new: Campaign, key: bytes) -> None:
    """A new campaign; `key` makes the pseudonyms of its members. Both labels hold something."""
    await tx.run("campaign_add", key_sealed=tx.seal.close(key.hex()), **_values(community, new))


async def put(tx: Tx, community: str, changed: Campaign) -> None:
    """The campaign as it is from now on; hold it before reading what is changed."""
    await tx.run("campaign_set", **_values(community, changed))


def _values(community: str, campaign: Campaign) -> dict[str, object]:
    c = campaign
    return {
        "community": community, "id": c.id, "brand": c.brand, "name": c.name,
        "disclosure_bn": c.disclosure_bn, "disclosure_en": c.disclosure_en,
        "starts_at": c.starts_at, "ends_at": c.ends_at, "goal": c.goal, "coupon": c.coupon,
        "utm": c.utm,
    }  # fmt: skip


async def hold_brand(tx: Tx, brand: str) -> None:
    """Until this unit ends nobody else passes here with the same brand."""
    await tx.run("brand_hold", id=brand)


async def hold(tx: Tx, community: str, id: str) -> None:
    """Until this unit ends nobody else changes the campaign."""
    await tx.run("campaign_hold", id=id, community=community)


async def get(tx: Tx, community: str, id: str) -> Campaign | None:
    return _campaign(await tx.one("campaign_get", community=community, id=id))


async def running(tx: Tx, community: str, brand: str, now: int) -> Campaign | None:
    """The brand's newest campaign that runs, else the newest still to begin."""
    return _campaign(await tx.one("campaign_running", community=community, brand=brand, now=now))


async def newest(tx: Tx, community: str, now: int, most: int) -> list[Campaign]:
    """Those that are not over first, then newest first."""
    rows = await tx.all("campaigns_newest", community=community, now=now, most=most)
    return [Campaign(**dict(row)) for row in rows]


async def of_brand(tx: Tx, community: str, brand: str, most: int) -> list[Campaign]:
    """The brand's campaigns that have links, newest first."""
    rows = await tx.all("campaigns_of_brand", community=community, brand=brand, most=most)
    return [Campaign(**dict(row)) for row in rows]


async def sponsoring(tx: Tx, community: str, now: int, most: int) -> list[Campaign]:
    """Those that run now, except where every link has ended; by the brand's name."""
    rows = await tx.all("campaigns_open", community=community, now=now, most=most)
    return [Campaign(**dict(row)) for row in rows]


# Products ------------------------------------------------------------------------------------


async def products(tx: Tx, campaign: str) -> list[Product]:
    """In the order they were added."""
    rows = await tx.all("products_of", campaign=campaign)
    return [Product(row["id"], row["name"], row["destination"]) for row in rows]


async def add_product(tx: Tx, campaign: str, new: Product, now: int) -> None:
    """The campaign has no product of that name."""
    await tx.run(
        "product_add", id=new.id, campaign=campaign, name=new.name, destination=new.destination,
        now=now,
    )  # fmt: skip


async def move_product(tx: Tx, campaign: str, product: Product, destination: str) -> list[str]:
    """The product is sold elsewhere; the ids of the running links that led to its page follow."""
    await tx.run("product_set", id=product.id, campaign=campaign, destination=destination)
    rows = await tx.all(
        "product_links", campaign=campaign, product=product.id, before=product.destination,
        after=destination,
    )  # fmt: skip
    return [row["id"] for row in rows]


# Changes -------------------------------------------------------------------------------------


async def log(
    tx: Tx, id: str, campaign: str, link: str | None, member: str, field: str, before: str,
    after: str, now: int,
) -> None:  # fmt: skip
    """Keep for everyone who reads the report what was changed; who did it only for the team."""
    await tx.run(
        "change_add", id=id, campaign=campaign, link=link, at=now, member=member, field=field,
        before=before, after=after,
    )  # fmt: skip


async def changes(tx: Tx, community: str, campaign: str, most: int) -> list[Change]:
    """What was changed about the campaign and its links, newest first."""
    rows = await tx.all("changes_of", community=community, campaign=campaign, most=most)
    return [Change(**dict(row)) for row in rows]


async def forget(tx: Tx, member: str) -> None:
    """Changes stay; who made them does not."""
    await tx.run("changes_forget", member=member)
