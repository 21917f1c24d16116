"""One person with two accounts: one-time codes that prove it, and two members made into one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from storage import tokens
from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked for a code, from which account, and who gave it, if anybody did yet."""

    member: str
    platform: str
    user: str
    taken_by: str | None
    taken_platform: str | None
    taken_user: str | None


# Codes ---------------------------------------------------------------------------------------


def _hash(code: str) -> str:
    return hashlib.sha256(b"connect:" + code.strip().upper().encode()).hexdigest()


async def add_code(
    tx: Tx, community: str, code: str, member: str, platform: str, user: str, now: int,
    expires_at: int,
) -> None:  # fmt: skip
    """Only the code's hash is kept; an older one of this member is worth nothing any more."""
    await tx.run("connect_codes_expire", now=now)
    await tx.run("connect_codes_forget", member=member)
    await tx.run(
        "connect_code_add", hash=_hash(code), community=community, member=member,
        platform=platform, user_id=user, expires_at=expires_at,
    )  # fmt: skip


async def asked(tx: Tx, community: str, code: str, now: int) -> Asked | None:
    """None when there is no such code (any more)."""
    row = await tx.one("connect_code_of", hash=_hash(code), community=community, now=now)
    if row is None:
        return None
    return Asked(
        row["member"], row["platform"], row["user_id"], row["taken_by"], row["taken_platform"],
        row["taken_user"],
    )  # fmt: skip


async def take(
    tx: Tx, community: str, code: str, member: str, platform: str, user: str, now: int
) -> bool:
    """Given, to wait until the asker agrees; False when it is no more, or was given before."""
    row = await tx.one(
        "connect_code_take", hash=_hash(code), community=community, member=member,
        platform=platform, user_id=user, now=now,
    )  # fmt: skip
    return row is not None


async def use(tx: Tx, community: str, code: str, now: int) -> bool:
    """Used up; False when it was before."""
    row = await tx.one("connect_code_use", hash=_hash(code), community=community, now=now)
    return row is not None


async def wrong(tx: Tx, member: str, now: int, within: int) -> int:
    """How many codes that do not exist this member has given within this time (ms)."""
    row = await tx.one("connect_tries_of", member=member)
    return row["tries"] if row and now - row["since"] < within else 0


async def add_wrong(tx: Tx, member: str, now: int, within: int) -> None:
    """One more; the time runs from the first."""
    row = await tx.one("connect_tries_of", member=member)
    recent = row is not None and now - row["since"] < within
    tries, since = (row["tries"] + 1, row["since"]) if row and recent else (1, now)
    await tx.run("connect_tries_put", member=member, tries=tries, since=since)


async def forget(tx: Tx, member: str) -> None:
    """Codes they asked for or gave, and wrong ones."""
    await tx.run("connect_codes_forget", member=member)
    await tx.run("connect_tries_forget", member=member)


# Merging -------------------------------------------------------------------------------------

# What stands once for each member (and something else): of two the kept member's stays.
SINGLE = (
    "questions", "opinions", "proposal_people", "brand_people", "untracked", "giveaway_clicks",
    "giveaway_challenges",
)  # fmt: skip
MANY = ("link_tokens", "campaign_changes", "giveaway_bans")


async def merge(
    tx: Tx, community: str, keep: str, gone: str, random: Callable[[int], bytes]
) -> None:
    """Everything of member `gone` becomes that of `keep`, who has the higher role of both; entries
    in giveaways were merged before, since the public log must tell of it."""
    await forget(tx, keep)
    await forget(tx, gone)
    await _clicks(tx, community, keep, gone, random)
    for table in SINGLE:
        await tx.run(f"merge_drop_{table}", keep=keep, gone=gone)
        await tx.run(f"merge_{table}", keep=keep, gone=gone)
    for table in (*MANY, "identities", "members"):
        await tx.run(f"merge_{table}", keep=keep, gone=gone)
    await tx.run("member_forget", member=gone, community=community)


async def _clicks(
    tx: Tx, community: str, keep: str, gone: str, random: Callable[[int], bytes]
) -> None:
    """Clicks under the one's pseudonyms go under the other's; a campaign that counted both counts
    them on, so that figures told before stay."""
    now = await tokens.pseudonyms(tx, community, keep)
    for campaign, was in (await tokens.pseudonyms(tx, community, gone)).items():
        new = now[campaign]
        await tx.run("merge_who_clicks", was=was, now=new)
        await tx.run("merge_who_member", campaign=campaign, was=was, now=new)
        instead = random(16).hex()
        await tx.run("who_member_forget", campaign=campaign, who=was, instead=instead)


@dataclass(frozen=True, slots=True)
class Entered:
    """An entry of one of two members who are one person."""

    giveaway: str
    member: str
    number: int
    left: bool
    frozen: bool
    cancelled: bool


async def entries(tx: Tx, keep: str, gone: str) -> list[Entered]:
    """By giveaway and number."""
    return [
        Entered(
            row["giveaway"], row["member"], row["number"], row["left_at"] is not None,
            row["frozen_at"] is not None, row["cancelled_at"] is not None,
        )
        for row in await tx.all("merge_entries", keep=keep, gone=gone)
    ]  # fmt: skip


async def drop_entry(tx: Tx, entry: Entered) -> None:
    await tx.run("merge_entry_drop", id=entry.giveaway, number=entry.number)


async def make_twin(tx: Tx, entry: Entered) -> None:
    """A second entry of one person in a frozen list."""
    await tx.run("merge_entry_twin", id=entry.giveaway, number=entry.number)


async def set_line(tx: Tx, entry: Entered, line: int) -> None:
    """The line of the public log that tells of it from now on."""
    await tx.run("merge_entry_line", id=entry.giveaway, number=entry.number, line=line)


async def move_entries(tx: Tx, giveaway: str, keep: str, gone: str) -> None:
    await tx.run("merge_entries_move", id=giveaway, keep=keep, gone=gone)
