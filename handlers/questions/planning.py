"""What an import would do, before anything is done: new, changed, as it is, or refused and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model import Community, Say
from bot.present import fit
from bot.wire import millis
from handlers.questions import cards
from handlers.questions.rows import Found, Problem
from storage import holdings, links
from storage.cards import Fact
from storage.holdings import Content, Held
from storage.knowledge import Draft, Entry
from storage.tx import Tx

_SAMPLES, PROBLEMS = 3, 10  # shown of an import


@dataclass(frozen=True, slots=True)
class Plan:
    """`contents` are what is to be applied, in order: `added` new ones and `changed` ones."""

    contents: Sequence[Content]
    added: int
    changed: int
    same: int
    problems: Sequence[Problem]


async def plan_of(
    tx: Tx, home: Community, found: Found, now: int, there: Sequence[Held] | None = None
) -> Plan:
    """Compares with the entries that are `there`, or looks them up; `now` in milliseconds."""
    if there is None:
        drafts = [content.draft for _, content in found.rows]
        there = await holdings.alike(tx, home.id, drafts)
    shelf = _Shelf(there)
    slugs = {content.link for _, content in found.rows if content.link is not None}
    usable = {slug: await _usable(tx, home.id, slug, now) for slug in slugs}
    kept: list[Content] = []
    counts = {"added": 0, "changed": 0, "same": 0}
    problems = list(found.problems)
    for line, content in found.rows:
        held = shelf.alike(content.draft)
        if content.link is not None and not usable[content.link]:
            why = Say("card.no_sponsor", sponsor=content.link[:60])
        elif isinstance(held, int):
            why = Say("import.taken", number=held)
        else:
            shelf.put(content, held)
            name = (
                "added" if held is None else "same" if _same(content, held.content) else "changed"
            )
            counts[name] += 1
            kept += [content] if name != "same" else []
            continue
        problems.append(Problem(line, why, found.unit, content.draft.question))
    problems.sort(key=lambda one: one.line)
    return Plan(kept, problems=problems, **counts)


class _Shelf:
    """The entries as they would be after the rows so far."""

    def __init__(self, entries: Sequence[Held]) -> None:
        self._asked = {one.content.draft.asked: one for one in entries}
        self._refs = {one.content.draft.ref: one for one in entries if one.content.draft.ref}

    def alike(self, draft: Draft) -> Held | int | None:
        """The entry this is a new text of; the number of another that has its question."""
        by_asked, by_ref = self._asked.get(draft.asked), self._refs.get(draft.ref or "")
        if by_asked is None or draft.ref is None or by_asked.content.draft.ref == draft.ref:
            return by_ref or by_asked
        if by_ref is not None or by_asked.content.draft.ref is not None:
            return by_asked.number
        return by_asked

    def put(self, content: Content, held: Held | None) -> None:
        if held is not None:
            self._asked.pop(held.content.draft.asked, None)
        now = Held(held.id if held else "", held.number if held else 0, content)
        self._asked[content.draft.asked] = now
        if content.draft.ref:
            self._refs[content.draft.ref] = now


def _same(new: Content, old: Content) -> bool:
    """Nothing would be another than it is."""
    a, b = new.draft, old.draft
    return (
        a.question == b.question
        and a.ref in (None, b.ref)
        and (not a.answers or dict(a.answers) == dict(b.answers))
        and set(a.phrases) <= {*b.phrases, b.question}
        and all(old.facts.get(name) == value for name, value in new.facts.items())
        and (not new.facts or new.checked_at in (None, old.checked_at))
        and new.link in (None, old.link)
    )


async def _usable(tx: Tx, community: str, slug: str, now: int) -> bool:
    """A sponsored link of this community that still runs."""
    link = await links.link_by_slug(tx, slug)
    return link is not None and link.community == community and not link.over(now)


# How it is shown --------------------------------------------------------------------------------


def preview(plan: Plan, now: datetime, home: Community, language: str, most: int = PROBLEMS) -> Say:
    """The counts, the first entries as they will be, and what was refused."""
    head = Say(
        "import.preview", added=plan.added, changed=plan.changed, same=plan.same,
        refused=len(plan.problems),
    )  # fmt: skip
    samples = [
        _sample(at, content, now, home, language)
        for at, content in enumerate(plan.contents[:_SAMPLES], 1)
    ]
    return Say("lines", lines=(head, *samples, *_problems(plan, most)))


def _sample(at: int, content: Content, now: datetime, home: Community, language: str) -> Say:
    draft = content.draft
    if content.facts:
        checked_at = millis(now) if content.checked_at is None else content.checked_at
        facts = {name: Fact(value, checked_at) for name, value in content.facts.items()}
        entry = Entry("", at, draft.question, draft.answers, facts=facts)
        return Say(
            "import.card", number=at, card=cards.said(entry, language, (), now, home.timezone)
        )
    question = fit(draft.question, 160, "codepoint")
    answer = " / ".join(" ".join(text.split()) for text in draft.answers.values())
    return Say("answers.line", number=at, question=question, answer=fit(answer, 200, "codepoint"))


def nothing(plan: Plan, most: int = PROBLEMS) -> Say:
    """Why there is nothing to apply."""
    problems = tuple(_problems(plan, most))
    if not plan.same:
        return Say("import.nothing", problems=problems)
    return Say("lines", lines=(Say("import.all_same", same=plan.same), *problems))


def _problems(plan: Plan, most: int) -> list[Say]:
    """A line for each of the first ones."""
    lines = [problem.said() for problem in plan.problems[:most]]
    if (more := len(plan.problems) - most) > 0:
        lines.append(Say("import.more_problems", count=more))
    return lines
