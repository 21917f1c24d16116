"""What the team teaches: answers added, listed, removed and brought back."""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions import tagged
from bot.feature import Context, Feature
from bot.model import Action, Button, Field, Form, Refuse, Reply, Role, Say
from bot.present import fit
from handlers.questions.drafts import QUESTION, answers_of, draft, written_in
from handlers.questions.rendering import written_link
from storage import knowledge
from storage.knowledge import Draft, Entry, Taken

PAGE = 5
_FAR = 1_000_000  # no page or number lies beyond


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


@tagged("ks")
@dataclass(frozen=True, slots=True)
class Swap(Action):
    """The entry gets the answers of the one set aside, which keeps those it had."""

    entry: str
    aside: str


@tagged("kb")
@dataclass(frozen=True, slots=True)
class KeepBoth(Action):
    """The entry set aside gets a clearer question of its own."""

    aside: str


def teaching(feature: Feature, public_url: str) -> None:
    """/answers …; answers with addresses under `public_url` are ads."""

    @feature.command("answers add", role=Role.HELPER, form=True)
    async def add(ctx: Context, question: str, answer: str, translation: str = "") -> Reply:
        language = written_in(answer, ctx.community.language)
        other = "bn" if language == "en" else "en"
        made = draft(question, answers_of(answer, language, {other: translation}))
        await undisclosed(ctx, public_url, *made.answers.values())
        await knowledge.begin(ctx.tx, ctx.community.id)
        there = await knowledge.alike(ctx.tx, ctx.community.id, made.asked)
        if there is not None:
            return await _rival(ctx, there, made)
        kept = await knowledge.put(ctx.tx, ctx.community.id, made, ctx.new_id(), ctx.ms)
        if isinstance(kept, Taken):
            raise Refuse(Say("import.taken", number=kept.number))
        say = Say("answers.added", number=kept.number, question=made.question)
        return Reply(say, (Button(Say("answers.remove", number=kept.number), Remove(kept.id)),))

    _deciding(feature)
    _listing(feature)
    _removing(feature)


async def undisclosed(ctx: Context, public_url: str, *texts: str) -> None:
    """Refuse a text that leads to a sponsor by itself, since nothing would say that it is an ad."""
    if await written_link(ctx, public_url, *texts) is not None:
        raise Refuse(Say("card.hidden_link"))


async def numbered(ctx: Context, number: int) -> Entry:
    """The entry people know by this number. Raises Refuse."""
    home = ctx.community.id
    id = await knowledge.numbered(ctx.tx, home, number) if 0 < number <= _FAR else None
    entry = await knowledge.get(ctx.tx, home, id) if id else None
    if entry is None:
        raise Refuse(Say("answers.unknown", number=number))
    return entry


async def _rival(ctx: Context, there: Entry, made: Draft) -> Reply:
    """The same question with another answer: nothing is changed until somebody says how."""
    if dict(there.answers) == dict(made.answers):
        return Reply(Say("answers.same", number=there.number))
    aside = ctx.new_id()
    await knowledge.set_aside(ctx.tx, ctx.community.id, made, aside, ctx.ms)
    before = "\n".join(there.answers.values()) or there.question
    say = Say("answers.rival", number=there.number, before=fit(before, 600, "codepoint"))
    replace = Button(Say("answers.replace"), Swap(there.id, aside))
    return Reply(say, (replace, Button(Say("answers.both"), KeepBoth(aside))))


def _deciding(feature: Feature) -> None:
    """Which of two answers to one question counts."""

    @feature.pressed(Swap, role=Role.HELPER)
    async def swap(ctx: Context, press: Swap) -> Reply:
        done = await knowledge.swap(ctx.tx, ctx.community.id, press.entry, press.aside)
        if done is None:
            raise Refuse(Say("answers.gone"))
        now, before = (fit("\n".join(one.answers.values()), 900, "codepoint") for one in done)
        say = Say("answers.swapped", number=done[0].number, now=now, before=before)
        return Reply(say, (Button(Say("answers.back_again"), press),))

    @feature.pressed(KeepBoth, role=Role.HELPER)
    async def ask_question(ctx: Context, press: KeepBoth) -> Form:
        aside = await knowledge.aside(ctx.tx, ctx.community.id, press.aside)
        if aside is None:
            raise Refuse(Say("answers.gone"))
        label = Say("option.question")
        field = Field("question", label, limit=QUESTION, value=aside.question)
        return Form(Say("answers.clearer"), (field,), press)

    @feature.filled(KeepBoth, role=Role.HELPER)
    async def keep_both(ctx: Context, form: KeepBoth, question: str) -> Reply:
        made = draft(question, {})
        done = await knowledge.publish(
            ctx.tx, ctx.community.id, form.aside, made.question, made.asked, ctx.ms
        )
        entry = await knowledge.get(ctx.tx, ctx.community.id, form.aside)
        if not done or entry is None:
            raise Refuse(Say("answers.not_clearer"))
        say = Say("answers.added", number=entry.number, question=entry.question)
        return Reply(say, (Button(Say("answers.remove", number=entry.number), Remove(entry.id)),))


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
    told = (*(fact.value for fact in entry.facts.values()), *entry.answers.values())
    answer = fit(" ".join(" / ".join(told).split()), 160, "codepoint")
    question = fit(entry.question, 160, "codepoint")
    line = Say("answers.line", number=entry.number, question=question, answer=answer)
    if not entry.helpful and not entry.wrong:
        return line
    return Say("answers.said", line=line, helpful=entry.helpful, wrong=entry.wrong)


def _removing(feature: Feature) -> None:
    @feature.command("answers remove", role=Role.HELPER)
    async def remove_numbered(ctx: Context, number: int) -> Reply:
        return await remove(ctx, Remove((await numbered(ctx, number)).id))

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
