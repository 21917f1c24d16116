"""The rules of a giveaway in words, in Bengali and in English, made once from its fields; pure."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from bot.model import Community, Say
from bot.wire import moment
from bot.words import Reader
from handlers.giveaways import terms
from handlers.giveaways.plan import Plan, Requirements
from storage.giveaways import Giveaway


def text(giveaway: Giveaway, language: str) -> str:
    """The rules as they were published, without the label of whoever pays; empty for a draft and
    for one of the first version."""
    return (giveaway.rules_en if language == "en" else giveaway.rules_bn) or ""


def made(giveaway: Giveaway, plan: Plan, home: Community, sponsor: str = "") -> tuple[str, str]:
    """(Bengali, English) for a giveaway with its times; `sponsor` is a brand's name, if any."""
    say = Say("lines", lines=tuple(_lines(giveaway, plan, home, sponsor)))
    bn, en = (Reader(language, home.timezone).text(say) for language in ("bn", "en"))
    return bn, en


def digest(bn: str, en: str) -> str:
    """What the terms say of the rules: SHA-256, in hexadecimal, of both with an empty line
    between them."""
    return sha256(f"{bn}\n\n{en}".encode()).hexdigest()


def _lines(g: Giveaway, plan: Plan, home: Community, sponsor: str) -> list[Say]:
    found = [
        Say("rules.title", prize=g.prize),
        Say("rules.organiser", creator=home.name),
        *([Say("rules.sponsor", sponsor=sponsor)] if sponsor else []),
        Say("rules.contact", contact=plan.contact)
        if plan.contact
        else Say("rules.contact_bot", creator=home.name),
        *who(plan),
        Say("rules.one_each"),
        Say("rules.tickets", tickets=tickets(plan), cap=plan.cap),
        Say(
            "rules.time",
            opens=moment(g.published_at or 0),
            closes=moment(g.closes_at or 0),
            zone=home.timezone,
        ),
        *(Say("rules.prize", count=many, prize=name) for name, many in terms.prizes(g, plan)),
    ]
    return [*found, *_draw(plan), *_afterwards(plan)]


def who(plan: Plan) -> list[Say]:
    """Who may enter, a line each."""
    asked = requirements(plan.requirements)
    found = [Say("rules.who_some", who=joined(asked)) if asked else Say("rules.who_all")]
    if plan.adult:
        found.append(Say("rules.adult"))
    if plan.region:
        found.append(Say("rules.region", region=plan.region))
    return found


def requirements(asked: Requirements) -> list[Say]:
    """What is asked for, a phrase each."""
    found = [
        Say(f"rules.{name}", count=value)
        for name, value in (
            ("account", asked.account_days), ("member", asked.member_days),
            ("seen", asked.seen_hours),
        )
        if value
    ]  # fmt: skip
    if asked.role:
        found.append(Say("rules.role", role=asked.role))
    if asked.both:
        found.append(Say("rules.both"))
    return found


def tickets(plan: Plan) -> Say:
    """The table, in words."""
    given = [(reason, plan.tickets.get(reason, 0)) for reason in ("enter", "linked", "click")]
    return joined([Say(f"giveaway.ticket_{reason}", count=n) for reason, n in given if n])


def joined(items: Sequence[Say]) -> Say:
    """The phrases with commas between them; at least one."""
    first, *rest = items
    return Say("giveaway.items_two", first=first, second=joined(rest)) if rest else first


def _draw(plan: Plan) -> list[Say]:
    match plan.beacon:
        case "drand":
            return [Say("rules.draw_drand")]
        case "manual":
            return [Say("rules.draw_manual", source=plan.source)]
        case "commit-reveal":
            return [Say("rules.draw_secret")]


def _afterwards(plan: Plan) -> list[Say]:
    found = [Say("rules.told")]
    if plan.claim_h:
        found.append(Say("rules.claim", count=plan.claim_h))
    if plan.reserves:
        found.append(Say("rules.reserves", count=plan.reserves))
    return [
        *found,
        Say("rules.grounds"),
        Say("rules.release"),
        Say("rules.data", count=terms.KEEP.days),
        Say("rules.safe"),
    ]
