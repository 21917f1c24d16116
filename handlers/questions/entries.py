"""What the team teaches: answers added, listed, removed and brought back, and whole tables."""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions import tagged
from bot.feature import Context, Feature
from bot.model import Action, Button, Refuse, Reply, Role, Say
from bot.present import fit
from handlers.questions.drafts import answers_of, draft, written_in
from handlers.questions.importing import Problem, import_csv
from storage import knowledge
from storage.knowledge import Entry, Taken

PAGE = 5
_FAR = 1_000_000  # no page or number lies beyond
_PROBLEMS = 10  # shown of an import


@tagged("kl")
@dataclass(frozen=True, slots=True)
class Turn(Action):
    """Show this page of the list, counted from 1."""

    page: int


@tagged("kr")
@dataclass(frozen=True, slots=True)
class Remove(Action):
    entry: str


@tagged("ku")
@dataclass(frozen=True, slots=True)
class Restore(Action):
    entry: str


def teaching(feature: Feature) -> None:
    """/answers …"""

    @feature.command("answers add", role=Role.HELPER, form=True)
    async def add(ctx: Context, question: str, answer: str, translation: str = "") -> Reply:
        language = written_in(answer, ctx.community.language)
        other = "bn" if language == "en" else "en"
        made = draft(question, answers_of(answer, language, {other: translation}))
        kept = await knowledge.put(ctx.tx, ctx.community.id, made, ctx.new_id(), ctx.ms)
        if isinstance(kept, Taken):
            raise Refuse(Say("import.taken", number=kept.number))
        say = Say("answers.added", number=kept.number, question=made.question)
        if kept.before is not None:
            before = "\n".join(kept.before.values())
            say = Say("answers.changed", number=kept.number, question=made.question, before=before)
        return Reply(say, (Button(Say("answers.remove", number=kept.number), Remove(kept.id)),))

    @feature.command("answers import", role=Role.MANAGER, form=True)
    async def import_(ctx: Context, text: str) -> Reply:
        return await _import(ctx, text)

    _listing(feature)
    _removing(feature)


def _listing(feature: Feature) -> None:
    @feature.command("answers list", role=Role.HELPER)
    async def list_(ctx: Context, page: int = 1) -> Reply:
        return await turn(ctx, Turn(page))

    @feature.pressed(Turn, role=Role.HELPER)
    async def turn(ctx: Context, press: Turn) -> Reply:
        page = min(max(press.page, 1), _FAR)
        entries, total = await knowledge.page(ctx.tx, ctx.community.id, PAGE, (page - 1) * PAGE)
        pages = -(-total // PAGE)
        if not total:
            return Reply(Say("answers.none"))
        if not entries:
            raise Refuse(Say("answers.no_page", pages=pages))
        head = Say("answers.head", total=total, page=page, pages=pages)
        buttons = [
            Button(Say("answers.remove", number=entry.number), Remove(entry.id))
            for entry in entries
        ]
        if page > 1:
            buttons.append(Button(Say("answers.back"), Turn(page - 1)))
        if page < pages:
            buttons.append(Button(Say("answers.on"), Turn(page + 1)))
        return Reply(Say("lines", lines=(head, *map(_line, entries))), tuple(buttons))


def _line(entry: Entry) -> Say:
    answer = fit(" ".join(" / ".join(entry.answers.values()).split()), 160, "codepoint")
    question = fit(entry.question, 160, "codepoint")
    line = Say("answers.line", number=entry.number, question=question, answer=answer)
    if not entry.helpful and not entry.wrong:
        return line
    return Say("answers.said", line=line, helpful=entry.helpful, wrong=entry.wrong)


def _removing(feature: Feature) -> None:
    @feature.command("answers remove", role=Role.HELPER)
    async def remove_numbered(ctx: Context, number: int) -> Reply:
        found = None
        if 0 < number <= _FAR:
            found = await knowledge.numbered(ctx.tx, ctx.community.id, number)
        if found is None:
            raise Refuse(Say("answers.unknown", number=number))
        return await remove(ctx, Remove(found))

    @feature.pressed(Remove, role=Role.HELPER)
    async def remove(ctx: Context, press: Remove) -> Reply:
        entry = await knowledge.get(ctx.tx, ctx.community.id, press.entry)
        if entry is None or not await knowledge.remove(ctx.tx, ctx.community.id, entry.id, ctx.ms):
            raise Refuse(Say("answers.gone"))
        say = Say("answers.removed", number=entry.number, question=entry.question)
        return Reply(say, (Button(Say("answers.undo"), Restore(entry.id)),))

    @feature.pressed(Restore, role=Role.HELPER)
    async def restore(ctx: Context, press: Restore) -> Reply:
        if not await knowledge.restore(ctx.tx, ctx.community.id, press.entry, ctx.ms):
            raise Refuse(Say("answers.not_restored"))
        entry = await knowledge.get(ctx.tx, ctx.community.id, press.entry)
        return Reply(Say("answers.restored", number=entry.number if entry else 0))


async def _import(ctx: Context, text: str) -> Reply:
    """Each row is kept whole or not at all."""
    rows, problems = import_csv(text, ctx.community.language)
    added = changed = 0
    for line, made in rows:
        kept = await knowledge.put(ctx.tx, ctx.community.id, made, ctx.new_id(), ctx.ms)
        if isinstance(kept, Taken):
            problems.append(Problem(line, Say("import.taken", number=kept.number)))
        elif kept.before is None:
            added += 1
        else:
            changed += 1
    said = tuple(_said(sorted(problems, key=lambda one: one.line)))
    if not added + changed:
        raise Refuse(Say("import.nothing", problems=said))
    done = Say("import.done", added=added, changed=changed)
    return Reply(Say("lines", lines=(done, *said)))


def _said(problems: list[Problem]) -> list[Say]:
    lines = [Say("import.problem", line=one.line, why=one.why) for one in problems[:_PROBLEMS]]
    if len(problems) > _PROBLEMS:
        lines.append(Say("import.more_problems", count=len(problems) - _PROBLEMS))
    return lines
