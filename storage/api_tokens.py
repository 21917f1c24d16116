"""Tokens of a brand's programs, each for one campaign; and the sales those programs tell us of."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from storage.tx import Row, Tx


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What a token opens: one campaign. `key` signs its postbacks."""

    id: str
    key: str
    community: str
    campaign: str


@dataclass(frozen=True, slots=True)
class Sale:
    """`transaction` is the brand's own number, `amount` in the smallest unit of `currency`; `click`
    the id of the click it came of, as our rows have it, "" where nobody says."""

    transaction: str
    amount: int
    currency: str
    click: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Sales:
    """All sales of a campaign in one currency; those taken back are in `reversed` alone."""

    currency: str
    sales: int
    amount: int
    reversed: int


@dataclass(frozen=True, slots=True)
class PlaceSales:
    """Sales that came of a placement's clicks, where the brand named the click."""

    placement: str
    currency: str
    sales: int
    amount: int


async def add(
    tx: Tx, community: str, campaign: str, id: str, token: str, key: str, now: int
) -> bool:  # fmt: skip
    """False where the community has no such campaign. Only the token's hash is kept."""
    return bool(await tx.run(
        "api_token_add", id=id, hash=_hash(token), key_sealed=tx.seal.close(key),
        community=community, campaign=campaign, now=now,
    ))  # fmt: skip


async def find(tx: Tx, token: str) -> ApiToken | None:
    """By the token itself; None when it was taken back or never was."""
    return _token(tx, await tx.one("api_token_by_hash", hash=_hash(token)))


async def named(tx: Tx, id: str) -> ApiToken | None:
    """By its public id: who asks has proved nothing yet."""
    return _token(tx, await tx.one("api_token_by_id", id=id))


async def revoke(tx: Tx, community: str, campaign: str, now: int) -> int:
    """How many tokens open nothing any more."""
    return await tx.run("api_tokens_revoke", community=community, campaign=campaign, now=now)


async def first_time(tx: Tx, token: ApiToken, signature: str, at: int, before: int) -> bool:
    """Whether this signature is new; those from `before` are forgotten, being too old anyway."""
    await tx.run("postbacks_expire", before=before)
    return bool(await tx.run("postback_add", token=token.id, signature=signature, at=at))


async def sell(tx: Tx, token: ApiToken, sale: Sale, now: int) -> bool:
    """True when the transaction is new; one that is known stays as it was told first."""
    return bool(await tx.run(
        "conversion_add", community=token.community, campaign=token.campaign, now=now,
        transaction_id=sale.transaction, amount=sale.amount, currency=sale.currency,
        click=sale.click,
    ))  # fmt: skip


async def sold(tx: Tx, token: ApiToken, transaction: str) -> tuple[Sale, bool] | None:
    """What was told of a transaction, and whether it was taken back."""
    row = await tx.one(
        "conversion_find", community=token.community, campaign=token.campaign,
        transaction_id=transaction,
    )  # fmt: skip
    if row is None:
        return None
    return Sale(transaction, row["amount"], row["currency"]), row["reversed_at"] is not None


async def reverse(tx: Tx, token: ApiToken, transaction: str, now: int) -> bool:
    """False when it is not known or was taken back before."""
    return bool(await tx.run(
        "conversion_reverse", community=token.community, campaign=token.campaign, now=now,
        transaction_id=transaction,
    ))  # fmt: skip


async def sales(tx: Tx, community: str, campaign: str) -> list[Sales]:
    """By currency."""
    rows = await tx.all("conversions_sums", community=community, campaign=campaign)
    return [Sales(**dict(row)) for row in rows]


async def place_sales(tx: Tx, community: str, campaign: str) -> list[PlaceSales]:
    """By placement and currency; those taken back are not among them."""
    rows = await tx.all("conversions_places", community=community, campaign=campaign)
    return [PlaceSales(**dict(row)) for row in rows]


def _token(tx: Tx, row: Row | None) -> ApiToken | None:
    if row is None:
        return None
    return ApiToken(row["id"], tx.seal.open(row["key_sealed"]), row["community"], row["campaign"])


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
