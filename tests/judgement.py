"""Whether what people were promised stands: each finding that must not be is counted and told."""

from __future__ import annotations

import io
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from handlers.giveaways import fairness, terms, verify
from handlers.giveaways.beacon import verified
from handlers.giveaways.fairness import Entry
from handlers.giveaways.persons import commitment
from handlers.giveaways.proof import provable, write
from storage import giveaway_pool as pool
from storage import giveaways as store
from storage import people
from storage.giveaways import Giveaway
from storage.tx import Tx
from tests.claimants import Claimants
from tests.crowd import PLACEHOLDER, Crowd
from tests.own_drand import NETWORK
from tests.peers.telegram_people import Chat
from tests.process import Program

NUMBER = re.compile(r"(?:You're in! Entry no\. |You're already in \(no\. )([\d,]+)")
ENTRY = re.compile(r"Entry no\. ([\d,]+)")


@dataclass(slots=True)
class Findings:
    """What a torture brought to light. From `entries_lost` on, all must be nothing."""

    kills: int = 0
    by_beacon: int = 0  # draws
    entries_acknowledged: int = 0
    claims_acknowledged: int = 0
    clicks_acknowledged: int = 0
    answers: int = 0
    in_doubt: int = 0  # answers not seen, and on record as perhaps not arrived
    placeholders: int = 0  # messages "one moment…" that a second one was made beside
    entries_lost: int = 0
    clicks_lost: int = 0
    clicks_doubled: int = 0
    answered_twice: int = 0
    answers_lost: int = 0
    draws_changed: int = 0
    announcements_missing: int = 0
    announcements_doubled: int = 0
    claims_lost: int = 0
    invalid_requests: int = 0
    errors_logged: int = 0
    details: list[str] = field(default_factory=list)

    def wrong(self, what: str, told: str, number: int = 1) -> None:
        """Something that must not be."""
        setattr(self, what, getattr(self, what) + number)
        self.details.append(f"{what}: {told}")


class Judge:
    """Looks at one round when it is over: the platforms, and the database left behind."""

    def __init__(
        self, crowd: Crowd, claimants: Claimants, bot: Program, group: Chat, found: Findings
    ) -> None:
        self.crowd, self.claimants, self.bot = crowd, claimants, bot
        self.group, self.found = group, found

    async def judge(self, prize: str, since: int) -> None:
        """`since` is when the round began, in milliseconds."""
        answers = self.crowd.read()
        async with self.bot.database() as database, database.read() as tx:
            home = await people.home_community(tx)
            assert home is not None
            recent = await store.recent(tx, home.id, 1)
            assert [giveaway.prize for giveaway in recent] == [prize]
            await self._entries(tx, recent[0], answers)
            await self._draw(tx, recent[0])
            await self._told(tx, recent[0])
            await self._claims(tx, recent[0])
        await self._answers(answers, since)
        await self._clicks()

    # Entries and the draw -----------------------------------------------------------------------

    async def _entries(
        self, tx: Tx, giveaway: Giveaway, answers: dict[tuple[str, str], list[str]]
    ) -> None:
        kept = {(a.platform, a.user): a.number for a in await pool.accounts(tx, giveaway.id)}
        for (platform, who), texts in answers.items():
            told = {_whole(number) for text in texts for number in NUMBER.findall(text)}
            number = kept.get((platform, self.crowd.user(platform, who)))
            self.found.entries_acknowledged += bool(told)
            if told and told != {number}:
                self.found.wrong("entries_lost", f"{who} was told {told}, kept is {number}")

    async def _draw(self, tx: Tx, giveaway: Giveaway) -> None:
        """The list is everybody who is in, and the winners are those anybody would compute."""
        rows = await self.bot.sql(
            "select giveaway, commitment, tickets, rank from giveaway_list order by rank"
        )
        rows = [row for row in rows if row["giveaway"] == giveaway.id]
        entries = [Entry(bytes.fromhex(row["commitment"]), row["tickets"]) for row in rows]
        if {row["commitment"] for row in rows} != await self._in(tx, giveaway):
            self.found.wrong("draws_changed", "the list is not who is in")
        frozen = fairness.freeze(terms.terms_of(giveaway), entries)
        if (frozen.root.hex(), frozen.head.hex()) != (giveaway.root, giveaway.head):
            self.found.wrong("draws_changed", "the list is not the one that was published")
        won = [row["commitment"] for row in rows if (row["rank"] or 0) > 0]
        self.found.by_beacon += terms.terms_of(giveaway).beacon.startswith(fairness.DRAND)
        if won != recomputed(giveaway, entries):
            self.found.wrong("draws_changed", "the winners are not those of the list")
        if provable(giveaway):
            await self._proved(tx, giveaway)

    async def _in(self, tx: Tx, giveaway: Giveaway) -> set[str]:
        """The commitment of everybody in the pool."""
        people: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
        for account in await pool.accounts(tx, giveaway.id):
            people[account.number].append((account.platform, account.user))
        keys = await store.keys(tx, giveaway.id)
        return {commitment(keys.key, giveaway.id, accounts) for accounts in people.values()}

    async def _proved(self, tx: Tx, giveaway: Giveaway) -> None:
        """As anybody would check it who has the proof."""
        proof = io.BytesIO()
        await write(tx, giveaway, proof)
        for line in verify.check(proof, [], ""):
            if line.mark == "fault":
                self.found.wrong("draws_changed", f"the proof of {giveaway.id}: {line}")

    async def _told(self, tx: Tx, giveaway: Giveaway) -> None:
        """Every announcement stands once in each place, and says who won."""
        winners, prize = await pool.winners(tx, giveaway.id), giveaway.prize
        numbers = {winner.number for winner in winners}
        for start in (f"Giveaway: {prize}", f"The list of entries is closed: {prize}"):
            for platform, texts in self.crowd.public(self.group, start).items():
                self._once(len(texts), f"{start} on {platform}")
        for platform, texts in self.crowd.public(self.group, f"Drawn: {prize}").items():
            self._once(len(texts), f"the winners of {prize} on {platform}")
            if texts and {_whole(number) for number in ENTRY.findall(texts[0])} != numbers:
                self.found.wrong("draws_changed", f"{platform} was told of other winners")
            team = self.crowd.notices(platform, "creator", f"Drawn: {prize}")
            self._once(team, f"the team's notice of {prize} on {platform}")
        for winner in winners:
            assert winner.reader is not None
            platform = winner.reader.platform
            times = self.crowd.notices(platform, winner.name, f"You won “{prize}”")
            if self.crowd.reachable(platform, winner.name):
                self._once(times, f"to {winner.name} on {platform} that they won {prize}")
            elif terms.terms_of(giveaway).claim_h:
                start = f"Entry no. {winner.number:,} has won “{prize}”"
                public = self.crowd.public(self.group, start).values()
                self._once(sum(map(len, public)), f"to {winner.name} in public that they won")

    async def _claims(self, tx: Tx, giveaway: Giveaway) -> None:
        """Who was told that their claim is heard has the prize."""
        rows = await self.bot.sql(
            "select giveaway, number from giveaway_slots "
            "where claimed_at is not null and lost_at is null"
        )
        kept = {row["number"] for row in rows if row["giveaway"] == giveaway.id}
        people = {(a.platform, a.user): a.number for a in await pool.accounts(tx, giveaway.id)}
        for platform, who in self.claimants.claimed:
            number = people.get((platform, self.crowd.user(platform, who)))
            self.found.claims_acknowledged += number is not None
            if number is not None and number not in kept:
                self.found.wrong("claims_lost", f"{who} on {platform}, entry {number}")

    def _once(self, times: int, what: str) -> None:
        if times == 0:
            self.found.wrong("announcements_missing", what)
        elif times > 1:
            self.found.wrong("announcements_doubled", what, times - 1)

    # Answers and clicks -------------------------------------------------------------------------

    async def _answers(self, answers: dict[tuple[str, str], list[str]], since: int) -> None:
        """Nobody is answered twice; who is not was either not heard or is on record."""
        heard = {row["id"] for row in await self.bot.sql("select id from inbox")}
        owed, silent = {key: 0 for key in answers}, {"telegram": 0, "discord": 0}
        for deed in self.crowd.deeds:
            if deed.event in heard:
                owed[deed.platform, deed.who] += 1
            elif deed.platform == "telegram":
                self.found.wrong("answers_lost", f"{deed.who} was never heard")
        for (platform, who), texts in answers.items():
            said = [text for text in texts if text != PLACEHOLDER]
            self.found.answers += len(said)
            self.found.placeholders += len(texts) - len(said)
            silent[platform] += max(0, owed[platform, who] - len(said))
            if len(said) > owed[platform, who]:
                more = len(said) - owed[platform, who]
                self.found.wrong("answered_twice", f"{who} on {platform}: {said}", more)
        await self._silence(silent, since)

    async def _silence(self, silent: dict[str, int], since: int) -> None:
        rows = await self.bot.sql(
            "select platform, outcome, settled_at from outbox where kind = 'reply'"
        )
        ends = Counter(
            (row["platform"], row["outcome"]) for row in rows if (row["settled_at"] or 0) >= since
        )
        for platform, people_left in silent.items():
            known = ends[platform, "doubt"]
            self.found.in_doubt += min(known, people_left)
            if people_left > known:
                told = f"{people_left} on {platform}, on record are {ends}"
                self.found.wrong("answers_lost", told, people_left - known)

    async def _clicks(self) -> None:
        rows = await self.bot.sql(
            "select referrer, count(*) as rows from clicks where referrer is not null "
            "group by referrer"
        )
        kept: dict[str, Any] = {row["referrer"]: row["rows"] for row in rows}
        self.found.clicks_acknowledged += len(self.crowd.clicked)
        for host in self.crowd.clicked - kept.keys():
            self.found.wrong("clicks_lost", host)
        for host in self.crowd.clicked & {host for host, times in kept.items() if times > 1}:
            self.found.wrong("clicks_doubled", host)


def _whole(number: str) -> int:
    return int(number.replace(",", ""))


def recomputed(giveaway: Giveaway, entries: Sequence[Entry]) -> list[str]:
    """The winners by the published rule, from what was published alone."""
    if terms.terms_of(giveaway).beacon.startswith(fairness.DRAND):
        chance = bytes.fromhex(giveaway.signature or "")
        if not verified(chance, giveaway.round or 0, NETWORK.chain):
            return []
    else:
        chance = b"gw1:randomness\0" + bytes.fromhex(giveaway.secret or "")
    head = bytes.fromhex(giveaway.head or "")
    seed = sha256(b"gw1:seed\0" + head + sha256(chance).digest()).digest()

    def key(entry: Entry) -> bytes:
        start, tickets = seed + entry.commitment, range(entry.tickets)
        return min(sha256(start + t.to_bytes(4, "big")).digest() for t in tickets)

    return [entry.commitment.hex() for entry in sorted(entries, key=key)[: giveaway.winners]]
