"""A giveaway told in one language: every fact of its page as words."""

from __future__ import annotations

import json
from typing import Any

from bot.model import Say
from bot.wire import moment
from bot.words import LANGUAGES, Reader, catalogue
from handlers.giveaways import terms
from handlers.giveaways.beacon import Beacon, Kind
from handlers.giveaways.facts import Facts, Holding, holdings
from handlers.giveaways.log import Event
from handlers.giveaways.proof import NAME, provable
from handlers.giveaways.verify import SAID, summary

_LOCALES = {"bn": "bn-BD", "en": "en-GB"}
_ARRIVES = {Kind.DRAND: "drand", Kind.MANUAL: "manual", Kind.COMMIT_REVEAL: "secret"}
_STRENGTH = {Kind.DRAND: "strong", Kind.MANUAL: "medium", Kind.COMMIT_REVEAL: "weak"}
_OWN = "giveaway_page.said."
_NAMED = ("rule", "why", "by")  # what a rule, a reason, and who decided are called


def sentences(language: str) -> list[tuple[str, str]]:
    """What the script may have to say, its places open: the same as verify.py says."""
    at, own = LANGUAGES.index(language), catalogue()[language]
    shared = [(name, both[at]) for name, both in SAID.items()]
    more = [(key.removeprefix(_OWN), str(one)) for key, one in own.items() if _OWN in key]
    for group in _NAMED:
        start = f"giveaway_page.{group}."
        names = [key.removeprefix(start) for key in own if key.startswith(start)]
        more += [(f"{group}_{name}", str(own[start + name])) for name in names]
    return [*shared, *more]


class Telling:
    """`facts` for a reader of `language`, in the community's time zone."""

    def __init__(self, facts: Facts, language: str, now: int) -> None:
        self.facts, self.language, self.now = facts, language, now
        self.row = facts.published.giveaway
        self.terms: dict[str, Any] = json.loads(self.row.params or "{}")
        self.beacon = Beacon.parse(self.terms["beacon"])
        self._reader = Reader(language, facts.published.zone)

    @staticmethod
    def unknown(language: str) -> dict[str, str]:
        say = Reader(language, "UTC").text
        heading = say(Say("giveaway_page.title_unknown"))
        text = say(Say("giveaway_page.unknown_text"))
        return {"language": language, "heading": heading, "text": text, "button": ""}

    def say(self, key: str, **values: Any) -> str:
        return self._reader.text(Say(f"giveaway_page.{key}", **values))

    def at(self, unix: int) -> str:
        return self._reader.text(Say("text", text=moment(unix * 1000)))

    def count(self, value: int) -> str:
        return self._reader.text(Say("text", text=value))

    def known(self, group: str, name: str) -> str:
        """A rule or a reason in words; what is none of ours was written by a person."""
        key = f"giveaway_page.{group}.{name}"
        return self._reader.text(Say(key)) if key in catalogue()[self.language] else name

    def contents(self) -> dict[str, Any]:
        """Everything the template asks for."""
        bn = self.language == "bn"
        row, draw = self.row, self.facts.one("draw")
        reserves = draw["reserves"] if draw else []
        how = ["start", "enter", "freeze", _ARRIVES[self.beacon.kind], "rank"]
        rules = (row.rules_bn if bn else row.rules_en) or ""
        return {
            "language": self.language, "other": next(o for o in LANGUAGES if o != self.language),
            "locale": _LOCALES[self.language], "say": self.say, "title": self.terms["prize"],
            "creator": self.facts.published.creator,
            "label": (row.disclosure_bn if bn else row.disclosure_en) or "",
            "state": self.state(), "remarks": self.remarks(), "prizes": self.prizes(),
            "reserves": [self.entry(c) for c in reserves], "skipped": self.skipped(),
            "how": [self.say(f"how_{one}") for one in how],
            "strength": self.say(_STRENGTH[self.beacon.kind]), "parts": self.parts(),
            "amendments": [self.amended(event) for event in self.facts.of("amend")],
            "rules": [line for line in rules.splitlines() if line.strip()],
            "check": provable(row), "proof": f"{row.id}/{NAME}",
        }  # fmt: skip

    def state(self) -> str:
        row = self.row
        entries = self._say("entries", count=row.entrants or 0)
        if row.cancelled_at is not None:
            reason = row.reason or self._say("no_reason")
            return self.say("state_cancelled", reason=reason)
        if row.drawn_at is not None:
            return self.say("state_drawn", at=moment(row.drawn_at), entries=entries)
        if row.frozen_at is not None:
            return self.say("state_frozen", entries=entries)
        closes, entered = moment(row.closes_at or 0), self._say("entered", count=row.entered)
        if not row.open_at(self.now):
            return self.say("state_waiting", closes=closes)
        return self.say("state_open", closes=closes, entered=entered)

    def _say(self, key: str, **values: Any) -> Say:
        return Say(f"giveaway_page.{key}", **values)

    def remarks(self) -> list[str]:
        """What did not go as the terms said, and what there is not."""
        row, freeze, found = self.row, self.facts.one("freeze"), []
        if row.ended_at is not None:
            found.append(self.say("early", at=moment(row.ended_at)))
        if freeze["late"] if freeze else terms.late(row):
            times = {"closes": moment(row.closes_at or 0), "at": moment(row.frozen_at or 0)}
            found.append(self.say("late", **times))
        if row.drawn_at is not None and not provable(row):
            found.append(self.say("old"))
        if row.drawn_at is not None and not row.entrants:
            found.append(self.say("no_entries"))
        return found

    # Who won ------------------------------------------------------------------------------------

    def entry(self, commitment: str) -> dict[str, str]:
        number = self.facts.numbers.get(commitment)
        name = self.say("number", number=number) if number else self.say("number_gone")
        return {"number": name, "short": f"{commitment[:8]}…{commitment[-4:]}"}

    def prizes(self) -> list[dict[str, str]]:
        return [
            {"slot": self.count(one.slot), **self.entry(one.commitment), "standing": self.held(one)}
            for one in holdings(self.facts.events)
        ]

    def held(self, one: Holding) -> str:
        if one.lost:
            return self.say("is_lost", why=self.known("why", one.lost))
        key = "is_promoted" if one.promoted else "is_claimed" if one.claimed else "is_won"
        return self.say(f"{key}_claimed" if one.promoted and one.claimed else key)

    def skipped(self) -> list[str]:
        found = []
        for event in self.facts.of("skip"):
            entry, rule = self.entry(event["C"]), self.known("rule", event["rule"])
            by = self.known("by", str(event["by"]))
            found.append(self.say("skip", number=entry["number"], entry=entry["short"], rule=rule,
                                  by=by, at=moment(event["at"] * 1000)))  # fmt: skip
        return found

    # Facts --------------------------------------------------------------------------------------

    def parts(self) -> list[dict[str, Any]]:
        every = (
            ("promised", self.promised()), ("list", self.closed()), ("chance", self.chance()),
            ("log", self.log()),
        )  # fmt: skip
        return [
            {"name": name, "facts": [(self.say(key), value) for key, value in facts]}
            if name != "list" else {"name": name, "facts": facts}
            for name, facts in every if facts
        ]  # fmt: skip

    def promised(self) -> list[tuple[str, str]]:
        told, row = self.terms, self.row
        return [
            ("prize", told["prize"]), ("prizes", self.count(told["winners"])),
            ("reserve_count", self.count(told["reserves"])),
            ("opened", self.at((row.published_at or 0) // 1000)),
            ("closes", self.at(told["close_at"])),
            ("claim", self.say("hours", count=told["claim_h"])),
            ("tickets", self.tickets()), ("beacon", self.source()),
            ("params", row.params_hash or ""),
        ]  # fmt: skip

    def tickets(self) -> str:
        known = catalogue()[self.language]
        rows = []
        for name, count in self.terms["tickets"].items():
            key = f"ticket_{name}" if f"giveaway_page.ticket_{name}" in known else "ticket_other"
            rows.append(self.say(key, name=name, count=count))
        return self.say("tickets_text", table=", ".join(rows), cap=self.terms["cap"])

    def source(self) -> str:
        value = self.beacon.value
        match self.beacon.kind:
            case Kind.DRAND:
                return self.say("beacon_drand", chain=value)
            case Kind.MANUAL:
                return self.say("beacon_manual", source=value)
            case Kind.COMMIT_REVEAL:
                return self.say("beacon_secret", hash=value)

    def closed(self) -> list[tuple[str, str]]:
        row = self.row
        if row.frozen_at is None:
            return []
        facts = [
            ("frozen_at", self.at(row.frozen_at // 1000)), ("count", self.count(row.entrants or 0)),
            ("total", self.count(row.tickets or 0)),
        ]  # fmt: skip
        where = sorted(self.facts.platforms.items())
        places = [(self.say("platform", platform=p.capitalize()), self.count(n)) for p, n in where]
        number = str(row.round) if row.round else self.say("no_round")
        last = [("root", row.root or ""), ("head", row.head or ""), ("round", number)]
        named = [(self.say(key), value) for key, value in (*facts, *last)]
        return [*named[:3], *places, *named[3:]]

    def chance(self) -> list[tuple[str, str]]:
        beacon = self.facts.one("beacon")
        if beacon is None or self.facts.one("draw") is None:
            return []
        told = summary(self.terms, self.facts.events, self.row.log_number, "")
        told["source"] = self.known("source_names", str(told["source"]))
        return [(name, str(told[name])) for name in ("value", "source", "randomness", "seed")]

    def log(self) -> list[tuple[str, str]]:
        if not self.row.log_head:
            return []
        return [("lines", self.count(self.row.log_number)), ("log_head", self.row.log_head)]

    def amended(self, event: Event) -> str:
        new = json.loads(event["params"])
        kind = event["what"] if event["what"] in ("extend", "prizes") else "other"
        values = {"closes": moment(new["close_at"] * 1000), "prize": new["prize"]}
        what = self._say(f"what_{kind}", **values)
        return self.say("amended", at=moment(event["at"] * 1000), what=what)
