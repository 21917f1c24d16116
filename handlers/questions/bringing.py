"""Bringing answers in: what the team pastes or has on a page is shown first, then applied by a
press, part by part where it is long, and can be undone for a day."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import timedelta

from bot.actions import tagged
from bot.feature import Context, Feature, Glance
from bot.model import Action, Button, Effect, Later, Place, Post, Refuse, Reply, Role, Say
from bot.present import fit
from bot.wire import millis, moment
from handlers.questions.fetching import Fetch
from handlers.questions.importing import import_text
from handlers.questions.planning import Plan, nothing, plan_of, preview
from storage import holdings, imports
from storage.imports import Import

KEPT = timedelta(hours=24)  # a preview waits, and an import can be undone
_AGAIN = timedelta(seconds=3)  # until the page before this one is read
_TOLD = 1000  # rows between two edits of the message that counts
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


@tagged("ia")
@dataclass(frozen=True, slots=True)
class Apply(Action):
    """What was shown is right."""

    id: str


@tagged("ix")
@dataclass(frozen=True, slots=True)
class Leave(Action):
    """What was shown is not wanted."""

    id: str


@tagged("iu")
@dataclass(frozen=True, slots=True)
class Undo(Action):
    id: str


@tagged("ir")
@dataclass(frozen=True, slots=True)
class ReadPage(Action):
    """Fetch the page of this import and show what is in it."""

    id: str


@tagged("ic")
@dataclass(frozen=True, slots=True)
class GoOn(Action):
    """Apply the next part."""

    id: str


@tagged("ib")
@dataclass(frozen=True, slots=True)
class GoBack(Action):
    """Undo the next part."""

    id: str


@tagged("if")
@dataclass(frozen=True, slots=True)
class Forget(Action):
    """Forget the import: what it applied stays for good."""

    id: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """A plan with its rows ready to be kept."""

    plan: Plan
    parts: list[str]


Reading = Sealed | Refuse | None  # None: the page before is still being read


def bringing(feature: Feature, fetch: Fetch) -> None:
    """/answers import and its buttons."""

    @feature.command("answers import", role=Role.MANAGER, form=True)
    async def import_(ctx: Context, text: str) -> list[Effect]:
        id = ctx.new_id()
        if _ADDRESS.fullmatch(text.strip()):
            await _add(ctx, id, text.strip())
            return [
                Reply(Say("import.reading")),
                Later(ctx.now, ReadPage(id)),
                _forgetting(ctx, id),
            ]
        plan = await plan_of(ctx.tx, ctx.community, import_text(text, ctx.community), ctx.ms)
        if not plan.contents:
            raise Refuse(nothing(plan))
        await _add(ctx, id)
        await _fill(ctx, id, Sealed(plan, imports.seal_rows(ctx.tx.seal, plan.contents)))
        say = preview(plan, ctx.now, ctx.community, ctx.language)
        return [Reply(say, _choice(id)), _forgetting(ctx, id)]

    _reading(feature, fetch)
    _applying(feature)
    _undoing(feature)

    @feature.due(Forget)
    async def forget(ctx: Context, due: Forget) -> Later | None:
        found = await imports.get(ctx.tx, ctx.community.id, due.id)
        if found is None:
            return None
        if found.forget_at > ctx.ms or _under_way(found):
            return Later(max(moment(found.forget_at), ctx.now + timedelta(hours=1)), due)
        await imports.drop(ctx.tx, ctx.community.id, due.id)
        return None


def _under_way(found: Import) -> bool:
    applying = found.started_at is not None and found.done_at is None
    return applying or (found.undoing_at is not None and found.undone_at is None)


async def _add(ctx: Context, id: str, page: str | None = None) -> None:
    teller = (ctx.who.platform, ctx.who.user, ctx.language)
    await imports.add(ctx.tx, ctx.community.id, id, teller, millis(ctx.now + KEPT), page)


async def _fill(ctx: Context, id: str, sealed: Sealed) -> bool:
    plan = sealed.plan
    return await imports.fill(
        ctx.tx, ctx.community.id, id, sealed.parts, len(plan.contents), len(plan.problems)
    )


def _forgetting(ctx: Context, id: str) -> Later:
    return Later(ctx.now + KEPT, Forget(id))


def _choice(id: str) -> tuple[Button, ...]:
    return (Button(Say("import.apply"), Apply(id)), Button(Say("import.cancel"), Leave(id)))


def _told(found: Import, say: Say, *buttons: Button) -> list[Effect]:
    """One message to whoever brought it in, edited as things go on."""
    if found.platform is None or found.user is None:
        return []
    place = Place(found.platform, found.user)
    return [Post(place, say, buttons, f"import:{found.id}", found.language)]


# A page -----------------------------------------------------------------------------------------


def _reading(feature: Feature, fetch: Fetch) -> None:
    busy = asyncio.Lock()  # each holds a view of the database while it waits for a foreign server

    async def think(glance: Glance, due: ReadPage) -> Reading:
        found = await imports.get(glance.tx, glance.community.id, due.id)
        if found is None or found.page is None or busy.locked():
            return None
        async with busy:
            try:
                page = await fetch(found.page)
            except Refuse as refusal:
                return refusal
        read = await asyncio.to_thread(import_text, page.text, glance.community, page.kind)
        there = None
        if len(read.rows) > holdings.FEW:
            rows = await holdings.rows_of(glance.tx, glance.community.id)
            there = await asyncio.to_thread(holdings.joined, rows)
        plan = await plan_of(glance.tx, glance.community, read, millis(glance.now), there)
        seal = glance.tx.seal
        return Sealed(plan, await asyncio.to_thread(imports.seal_rows, seal, plan.contents))

    @feature.due(ReadPage, think=think)
    async def read_page(ctx: Context, due: ReadPage, read: Reading) -> list[Effect]:
        found = await imports.get(ctx.tx, ctx.community.id, due.id)
        if found is None or found.page is None:
            return []
        if read is None:
            return [Later(ctx.now + _AGAIN, due)]
        if isinstance(read, Sealed) and read.parts:
            await _fill(ctx, due.id, read)
            say = preview(read.plan, ctx.now, ctx.community, found.language)
            return _told(found, say, *_choice(due.id))
        await imports.drop(ctx.tx, ctx.community.id, due.id)
        why = read.say if isinstance(read, Refuse) else nothing(read.plan)
        page = fit(found.page, 200, "codepoint")
        return _told(found, Say("import.unread", page=page, why=why))


# Applying ---------------------------------------------------------------------------------------


def _applying(feature: Feature) -> None:
    @feature.pressed(Apply, role=Role.MANAGER)
    async def apply(ctx: Context, press: Apply) -> list[Effect]:
        if not await imports.start(ctx.tx, ctx.community.id, press.id, ctx.ms):
            raise Refuse(Say("import.not_waiting"))
        found = await _forward(ctx, press.id)
        if found is None:
            raise Refuse(Say("import.not_waiting"))
        if found.done_at is not None:
            return [Reply(_done(found), _undo(found))]
        begun = Reply(Say("import.begun", total=found.total))
        return [begun, *_progress(found, "forward"), Later(ctx.now, GoOn(press.id))]

    @feature.pressed(Leave, role=Role.MANAGER)
    async def leave(ctx: Context, press: Leave) -> Reply:
        found = await imports.get(ctx.tx, ctx.community.id, press.id)
        if found is None or found.started_at is not None:
            raise Refuse(Say("import.not_waiting"))
        await imports.drop(ctx.tx, ctx.community.id, press.id)
        return Reply(Say("import.cancelled"))

    @feature.due(GoOn)
    async def go_on(ctx: Context, due: GoOn) -> list[Effect]:
        found = await _forward(ctx, due.id)
        if found is None:
            return []
        if found.done_at is not None:
            return _told(found, _done(found), *_undo(found))
        return [*_progress(found, "forward"), Later(ctx.now, due)]


async def _forward(ctx: Context, id: str) -> Import | None:
    until = millis(ctx.now + KEPT)
    return await imports.forward(ctx.tx, ctx.community.id, id, ctx.new_id, ctx.ms, until)


def _progress(found: Import, way: str) -> list[Effect]:
    done = found.rows_applied
    if done % _TOLD and found.applied > 1:
        return []
    if way == "back":
        return _told(found, Say("import.undoing", left=done))
    return _told(found, Say("import.progress", done=done, total=found.total))


def _done(found: Import) -> Say:
    lines = [Say("import.done", added=found.added, changed=found.changed)]
    if found.left_out:
        lines.append(Say("import.left_out", count=found.left_out))
    if found.added + found.changed:
        lines.append(Say("import.undo_until"))
    return Say("lines", lines=tuple(lines))


def _undo(found: Import) -> tuple[Button, ...]:
    changed = found.added + found.changed
    return (Button(Say("import.undo"), Undo(found.id)),) if changed else ()


# Undoing ----------------------------------------------------------------------------------------


def _undoing(feature: Feature) -> None:
    @feature.pressed(Undo, role=Role.MANAGER)
    async def undo(ctx: Context, press: Undo) -> list[Effect]:
        if not await imports.undo(ctx.tx, ctx.community.id, press.id, ctx.ms):
            raise Refuse(Say("import.not_undoable"))
        found = await imports.backward(ctx.tx, ctx.community.id, press.id, ctx.ms)
        if found is None:
            raise Refuse(Say("import.not_undoable"))
        if found.undone_at is not None:
            return [Reply(_undone(found))]
        left = Reply(Say("import.undoing", left=found.rows_applied))
        return [left, Later(ctx.now, GoBack(press.id))]

    @feature.due(GoBack)
    async def go_back(ctx: Context, due: GoBack) -> list[Effect]:
        found = await imports.backward(ctx.tx, ctx.community.id, due.id, ctx.ms)
        if found is None:
            return []
        if found.undone_at is not None:
            return _told(found, _undone(found))
        return [*_progress(found, "back"), Later(ctx.now, due)]


def _undone(found: Import) -> Say:
    lines = [Say("import.undone")]
    if found.left_out:
        lines.append(Say("import.kept", count=found.left_out))
    return Say("lines", lines=tuple(lines))
