"""/proof shows a fan that they were in and where they came, /giveaway proof shows the team the
page and the file by which anybody can check a draw."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from bot.actions import tagged
from bot.feature import Context, Feature, Glance
from bot.model import Action, Button, Reply, Role, Say
from bot.words import catalogue
from handlers.giveaways import fairness
from handlers.giveaways.facts import Facts, Library, holdings
from handlers.giveaways.fairness import Entry
from handlers.giveaways.persons import commitment
from handlers.giveaways.proof import NAME, provable
from handlers.giveaways.show import labelled
from handlers.giveaways.standing import Order, Orders
from handlers.giveaways.verify import randomness
from storage import giveaway_proofs as store
from storage import giveaways, people
from storage.giveaways import Giveaway
from storage.tx import Tx

PATH = "g"  # of the page, before the giveaway's id
SHOWN = 6  # giveaways of one person


@tagged("gi")
@dataclass(frozen=True, slots=True)
class ProofOf(Action):
    """Show the reader's place in this draw."""

    giveaway: str


@dataclass(frozen=True, slots=True)
class Thought:
    """What /proof will say of `giveaway`, whether its page helps the reader to check it, the
    reader's commitment if it is known, and the other giveaways they may ask about."""

    giveaway: Giveaway
    text: Say
    checkable: bool
    mine: str
    others: Sequence[Giveaway]


def proofs(public_url: str) -> Feature:
    """`public_url` is where the pages are served, "" where they are not."""
    feature, place = Feature("proofs"), _Place()
    home = public_url.rstrip("/")

    @feature.pressed(ProofOf, think=place.think)
    async def one(_ctx: Context, _press: ProofOf, thought: Thought | None) -> Reply:
        return _answer(home, thought)

    @feature.command("proof", think=place.think)
    async def proof(_ctx: Context, thought: Thought | None) -> Reply:
        return _answer(home, thought)

    @feature.command("giveaway proof", role=Role.HELPER)
    async def team(ctx: Context) -> Reply:
        """The one that was drawn last, else the newest."""
        found = await giveaways.drawn(ctx.tx, ctx.community.id, 1)
        found = found or await giveaways.recent(ctx.tx, ctx.community.id, 1)
        return Reply(_for_team(home, found[0]) if found else Say("proof.team_none"))

    return feature


def _answer(home: str, thought: Thought | None) -> Reply:
    if thought is None:
        return Reply(Say("proof.none"))
    lines, found = [labelled(thought.giveaway, thought.text)], thought.giveaway
    buttons = [Button(Say("proof.other", prize=g.prize), ProofOf(g.id)) for g in thought.others]
    if thought.checkable and home:
        address = f"{home}/{PATH}/{found.id}" + (f"#{thought.mine}" if thought.mine else "")
        lines.append(Say("proof.page", address=address))
        buttons.insert(0, Button(Say("proof.button"), address))
    elif thought.checkable:
        lines.append(Say("proof.no_page"))
    return Reply(Say("lines", lines=tuple(lines)), tuple(buttons))


def _for_team(home: str, found: Giveaway) -> Say:
    address = f"{home}/{PATH}/{found.id}"
    if found.drawn_at is not None and not provable(found):
        return Say("proof.old", prize=found.prize)
    if not home:
        return Say("proof.team_no_page", prize=found.prize, id=found.id)
    if not provable(found):
        return Say("proof.team_early", prize=found.prize, address=address)
    return Say("proof.team", prize=found.prize, address=address, zip=f"{address}/{NAME}")


class _Place:
    """Finds where the reader came; what takes long is done once for all who ask."""

    def __init__(self) -> None:
        self._library, self._orders = Library(), Orders()

    async def think(self, glance: Glance, asked: Any) -> Thought | None:
        """None when the reader is in no giveaway, or not in the one asked about."""
        tx, home, who = glance.tx, glance.community.id, glance.event.who
        member = await people.find_member(tx, home, who.platform, who.user)
        found = await store.entered(tx, home, member.id, SHOWN) if member else []
        wanted = asked.giveaway if isinstance(asked, ProofOf) else next((g.id for g in found), "")
        chosen = next((g for g in found if g.id == wanted), None)
        if chosen is None or member is None:
            return None
        others = [one for one in found if one.id != chosen.id]
        known = await _commitments(tx, chosen, member.id)
        text, mine = await self._text(tx, chosen, known)
        return Thought(chosen, text, provable(chosen), mine, others)

    async def _text(self, tx: Tx, g: Giveaway, known: list[str]) -> tuple[Say, str]:
        """What is said, and the commitment in it."""
        if g.log_number == 0:
            return Say("proof.old", prize=g.prize), ""
        if not known:
            return Say("proof.gone", prize=g.prize), ""
        if g.frozen_at is None:
            return Say("proof.before", prize=g.prize, commitment=known[0]), known[0]
        listed = await store.listed(tx, g.id, known)
        if not listed:
            return Say("proof.absent", prize=g.prize), ""
        mine, tickets = listed[0]
        if g.drawn_at is None:
            return Say("proof.closed", prize=g.prize, commitment=mine), mine
        facts = await self._library.facts(tx, g.id)
        if facts is None:
            raise LookupError(f"the giveaway {g.id} vanished")
        order = await self._orders.of(tx, g.id, _seed(facts))
        return _drawn(facts, order, Entry(bytes.fromhex(mine), tickets)), mine


async def _commitments(tx: Tx, found: Giveaway, member: str) -> list[str]:
    """Under which the reader may stand in the list, the likeliest first: with all accounts, or with
    those they had when it was frozen. None once the key is deleted."""
    try:
        keys = await giveaways.keys(tx, found.id)
    except LookupError:
        return []
    rows = await people.identities(tx, found.community, member)
    accounts = [(row.platform, row.user_id) for row in rows]
    return [commitment(keys.key, found.id, some) for some in _some(accounts)]


def _some(accounts: list[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], ...]]:
    few = accounts[:4]
    for size in range(len(few), 0, -1):
        yield from combinations(few, size)


def _seed(facts: Facts) -> bytes:
    row, beacon = facts.published.giveaway, facts.one("beacon")
    terms = json.loads(row.params or "{}")
    chance = randomness(terms["beacon"], beacon["value"] if beacon else "")
    return fairness.seed(bytes.fromhex(row.head or ""), chance)


def _drawn(facts: Facts, order: Order, entry: Entry) -> Say:
    row = facts.published.giveaway
    if order.root != row.root:
        raise LookupError(f"the list of {row.id} is not the one that was frozen")
    return Say(
        "proof.drawn", prize=row.prize, tickets=Say("proof.tickets", count=entry.tickets),
        rank=order.rank(entry), count=len(order), commitment=entry.commitment.hex(),
        line=order.line(entry), steps=Say("proof.steps", count=order.steps(entry)),
        root=row.root, outcome=_outcome(facts, entry.commitment.hex()),
    )  # fmt: skip


def _outcome(facts: Facts, mine: str) -> Say:
    """Won, lost again, skipped, in reserve, or rightly nothing."""
    held = [one for one in holdings(facts.events) if one.commitment == mine]
    skip = next((event for event in facts.of("skip") if event["C"] == mine), None)
    draw = facts.one("draw") or {"winners": [], "reserves": []}
    if held and not held[-1].lost:
        return Say("proof.won", slot=held[-1].slot)
    if held:
        return Say("proof.had_won", why=_known("why", held[-1].lost))
    if skip is not None:
        return Say("proof.skipped", rule=_known("rule", skip["rule"]))
    if mine in draw["reserves"]:
        return Say("proof.reserve", count=draw["reserves"].index(mine) + 1)
    return Say("proof.lost", count=len(draw["winners"]))


def _known(group: str, name: str) -> Say | str:
    """In words; what is none of ours was written by a person."""
    key = f"giveaway_page.{group}.{name}"
    return Say(key) if key in catalogue()["en"] else name
