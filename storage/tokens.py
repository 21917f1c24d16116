"""Personal links: whose they are, for how long, and what is kept of the people who open them."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

from storage.tx import Tx

IDENTITY_MS = 15 * 60 * 1000  # how long a personal link stands for its member


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose personal link it is: `who` is their pseudonym in the campaign, None where members are
    not told apart; `opened_by` the visitor who opened it first; `incentive`: the link was given
    for a giveaway's ticket."""

    platform: str
    role: int
    who: str | None
    issued_at: int
    opened_by: str
    incentive: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """The community's member identity ("on", "pseudonymous", "off"), and whether this member
    asked not to be told apart."""

    identity: str
    untracked: bool


@dataclass(frozen=True, slots=True)
class Given:
    """Personal links of one placement that a member was given, the latest at `latest` (ms)."""

    brand: str
    placement: str
    given: int
    latest: int


@dataclass(frozen=True, slots=True)
class OwnClick:
    """A click that is kept under a member's pseudonym; `kind` is its class."""

    at: int
    kind: str
    brand: str
    placement: str


@dataclass(frozen=True, slots=True)
class Clicker:
    """A member who opened a link, and when first (ms); only where the community shows names."""

    name: str
    platform: str
    at: int


@dataclass(frozen=True, slots=True)
class Intents:
    """Presses of buttons that promise a link, on one day (ISO date) and one platform."""

    link: str
    placement: str
    day: str
    platform: str
    intents: int


# Personal links ------------------------------------------------------------------------------


async def unused_token(
    tx: Tx, member: str, link: str, platform: str, since: int, *, incentive: bool = False,
    named: bool = False,
) -> str | None:  # fmt: skip
    """A personal link this member was given after `since` and nobody opened yet."""
    row = await tx.one(
        "token_unused", member=member, link=link, platform=platform, since=since,
        incentive=int(incentive), named=int(named),
    )  # fmt: skip
    return row["token"] if row else None


async def add_token(
    tx: Tx, token: str, link: str, member: str, platform: str, now: int, *,
    incentive: bool = False, named: bool = False,
) -> bool:  # fmt: skip
    """False when the token is taken. `named`: the member was told that the team may see it."""
    row = await tx.one(
        "token_add", token=token, link=link, member=member, platform=platform, now=now,
        incentive=int(incentive), named=int(named),
    )  # fmt: skip
    return row is not None


async def take_token(tx: Tx, token: str, link: str, visitor: str, at: int) -> Holder | None:
    """Whose it is, and who opened it first: `visitor` at `at` (ms), if nobody did before.

    Where members are not told apart, now, it stays unopened and names nobody.
    """
    row = await tx.one(
        "token_take", token=token, link=link, visitor=visitor, at=at, since=at - IDENTITY_MS
    )
    if row is None:
        return await _nameless(tx, token, link, visitor)
    who, incentive = _pseudonym(tx, row["key_sealed"], row["member"]), bool(row["incentive"])
    return Holder(row["platform"], row["role"], who, row["issued_at"], row["opened_by"], incentive)


async def _nameless(tx: Tx, token: str, link: str, visitor: str) -> Holder | None:
    row = await tx.one("token_see", token=token, link=link)
    if row is None:
        return None
    return Holder(
        row["platform"], row["role"], None, row["issued_at"], visitor, bool(row["incentive"])
    )


async def token_platform(tx: Tx, token: str, link: str) -> str | None:
    """The platform a personal link was given on; tells and changes nothing else."""
    row = await tx.one("token_see", token=token, link=link)
    return row["platform"] if row else None


async def token_member(tx: Tx, token: str, link: str) -> str | None:
    """Whose it is, by the member's id."""
    row = await tx.one("token_see", token=token, link=link)
    return row["member"] if row else None


async def rewarded_at(tx: Tx, member: str, link: str) -> int | None:
    """When this member themselves opened the link they were given for a ticket (ms): a preview,
    a HEAD, somebody else or a late opening is none."""
    row = await tx.one("token_rewarded", member=member, link=link)
    return row["at"] if row else None


async def tokens_of(tx: Tx, member: str, *, named: bool = False) -> int:
    """How many personal links this member was given; `named`: 0 unless one of them under names."""
    row = await tx.one("tokens_of", member=member)
    if row is None or (named and not row["named"]):
        return 0
    return int(row["tokens"])


async def given(tx: Tx, community: str, member: str, most: int) -> list[Given]:
    """What personal links this member was given, the newest placement first."""
    rows = await tx.all("tokens_by_link", community=community, member=member, most=most)
    return [Given(r["brand"], r["placement"], int(r["given"]), r["latest"]) for r in rows]


async def clickers(tx: Tx, community: str, link: str, most: int) -> list[Clicker]:
    """Which members opened the link, newest first: verified openings alone, of links that were
    given while the community shows names, and none unless it does now."""
    rows = await tx.all("tokens_named", community=community, link=link, most=most)
    return [Clicker(tx.seal.open(r["name_sealed"]), r["platform"], r["first_at"]) for r in rows]


async def forget_old(tx: Tx, community: str, before: int) -> None:
    """Delete personal links given before this moment; their addresses still lead on."""
    await tx.run("tokens_forget_old", community=community, before=before)


# Member identity -----------------------------------------------------------------------------


async def standing(tx: Tx, community: str, member: str) -> Standing:
    row = await tx.one("standing", community=community, member=member)
    if row is None:
        return Standing("off", True)
    return Standing(row["identity"], bool(row["untracked"]))


async def set_identity(tx: Tx, community: str, identity: str) -> None:
    """`identity` is "on", "pseudonymous" or "off"."""
    await tx.run("identity_set", community=community, identity=identity)


async def track(tx: Tx, member: str, now: int, *, wanted: bool) -> None:
    """Whether this member may be told apart."""
    if wanted:
        await tx.run("untracked_remove", member=member)
    else:
        await tx.run("untracked_add", member=member, now=now)


# Pseudonyms ----------------------------------------------------------------------------------


def _pseudonym(tx: Tx, key_sealed: str, member: str) -> str:
    """A member's name within one campaign; nobody without the campaign's key can make it."""
    key = bytes.fromhex(tx.seal.open(key_sealed))
    return hmac.digest(key, member.encode(), hashlib.sha256).hex()[:32]


async def pseudonyms(tx: Tx, community: str, member: str) -> dict[str, str]:
    """The member's pseudonym in every campaign, by the campaign's id."""
    rows = await tx.all("campaign_keys", community=community)
    return {row["id"]: _pseudonym(tx, row["key_sealed"], member) for row in rows}


async def own_clicks(tx: Tx, community: str, member: str, most: int) -> tuple[int, list[OwnClick]]:
    """How many clicks are kept under the member's pseudonyms, and the newest of them."""
    count, found = 0, list[OwnClick]()
    for who in (await pseudonyms(tx, community, member)).values():
        row = await tx.one("who_clicks_count", who=who)
        count += int(row["clicks"]) if row else 0
        rows = await tx.all("who_clicks", community=community, who=who, most=most)
        found += [OwnClick(r["at"], r["class"], r["brand"], r["placement"]) for r in rows]
    return count, sorted(found, key=lambda click: click.at, reverse=True)[:most]


async def forget(tx: Tx, community: str, member: str, random: Callable[[int], bytes]) -> None:
    """Delete the member's personal links and wishes, and take their pseudonyms off everything;
    in the count of members a `random` one takes their place, so that figures stay."""
    await tx.run("tokens_forget", member=member)  # first: a click under way loses its holder
    await tx.run("untracked_remove", member=member)
    for campaign, who in (await pseudonyms(tx, community, member)).items():
        await tx.run("who_clicks_forget", who=who)
        instead = random(16).hex()
        await tx.run("who_member_forget", campaign=campaign, who=who, instead=instead)


# Presses -------------------------------------------------------------------------------------


async def add_intent(tx: Tx, link: str, day: str, platform: str) -> None:
    """One more press on this day (ISO date in the community's time zone)."""
    await tx.run("intent_add", link=link, day=day, platform=platform)


async def intents(tx: Tx, community: str, campaign: str, since: str) -> list[Intents]:
    """The campaign's presses from the day `since` (ISO date) on, by day and link."""
    rows = await tx.all("campaign_intents", community=community, campaign=campaign, since=since)
    return [
        Intents(r["link"], r["placement"], r["day"], r["platform"], int(r["intents"])) for r in rows
    ]
