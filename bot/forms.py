"""Forms where a platform has none: the questions are asked one by one in the private chat."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot import wire
from bot.actions import tagged
from bot.book import Book
from bot.feature import Context, Feature
from bot.model import Action, Button, Field, Filled, Form, Place, Post, Refuse, Reply, Said, Say
from bot.signature import read
from storage import outbox

LIFE_MS = 24 * 3600 * 1000  # a form left lying for a day is forgotten


@tagged("fs")
@dataclass(frozen=True, slots=True)
class Skip(Action):
    """Leave the field asked now as it is."""


@tagged("fc")
@dataclass(frozen=True, slots=True)
class Cancel(Action):
    """Drop the form under way."""


@tagged("fo")
@dataclass(frozen=True, slots=True)
class Reopen(Action):
    """Open the form again with what was written in it."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A form under way: which field is asked now and what was given so far."""

    form: Form
    at: int
    given: Mapping[str, str]

    @property
    def field(self) -> Field:
        return self.form.fields[self.at]

    def body(self) -> str:
        return wire.text({"form": wire.form_out(self.form), "at": self.at, "given": self.given})

    @staticmethod
    def of(body: str) -> Paper:
        raw: dict[str, Any] = json.loads(body)
        return Paper(wire.form_in(raw["form"]), raw["at"], raw["given"])


async def begin(ctx: Context, form: Form) -> list[Reply | Post]:
    """Ask the first field that holds nothing yet; in public only a pointer is left."""
    given = {f.name: f.value for f in form.fields if f.value and f.required}
    paper = _onward(Paper(form, -1, given))
    if paper is None:
        paper = Paper(form, len(form.fields) - 1, given)
    await _keep(ctx, paper)
    question = _question(paper, first=True)
    if ctx.place.private:
        return [question]
    alone = Place(ctx.place.platform, ctx.who.user)
    return [
        Post(alone, question.text, question.buttons, key=f"form:{ctx.new_id()}"),
        Reply(Say("form.in_private")),
    ]


async def under_way(ctx: Context) -> Paper | None:
    """The form this person is filling in this private chat."""
    if not ctx.place.private:
        return None
    found = await outbox.get_form(ctx.tx, ctx.place.platform, ctx.who.user, ctx.who.user)
    if found is None or ctx.ms - found[1] > LIFE_MS:
        return None
    return Paper.of(found[0])


async def answer(ctx: Context, book: Book, paper: Paper, said: Said) -> Filled | Reply:
    """Take the answer to the field asked; the next question, or all filled."""
    given = {**paper.given, paper.field.name: _checked(book, paper, said)}
    return await _step(ctx, paper, given)


async def _step(ctx: Context, paper: Paper, given: Mapping[str, str]) -> Filled | Reply:
    onward = _onward(replace(paper, given=given))
    if onward is None:
        await drop(ctx)
        defaults = {f.name: f.value for f in paper.form.fields if f.value}
        return Filled(paper.form.then, {**defaults, **given})
    await _keep(ctx, onward)
    return _question(onward)


async def keep_filled(ctx: Context, form: Form) -> None:
    """Keep a form that was refused, so that it can be opened again as it was."""
    given = {f.name: f.value for f in form.fields if f.value}
    await _keep(ctx, Paper(form, 0, given))


async def drop(ctx: Context) -> None:
    await outbox.drop_form(ctx.tx, ctx.place.platform, ctx.who.user, ctx.who.user)


async def _keep(ctx: Context, paper: Paper) -> None:
    who = ctx.who
    await outbox.put_form(ctx.tx, who.platform, who.user, who.user, paper.body(), ctx.ms)


def _checked(book: Book, paper: Paper, said: Said) -> str:
    text, field = said.text.strip(), paper.field
    if said.media or not text:
        raise Refuse(Say("said.media"))
    if len(text) > field.limit:
        raise Refuse(Say("form.too_long", field=field.label, limit=field.limit, length=len(text)))
    option = book.option(paper.form.then, field.name)
    if option is not None:
        read((option,), {option.name: text})
    return text


def _onward(paper: Paper) -> Paper | None:
    """The paper at the next field not given yet, None when there is none."""
    for at in range(paper.at + 1, len(paper.form.fields)):
        if paper.form.fields[at].name not in paper.given:
            return replace(paper, at=at)
    return None


def _question(paper: Paper, *, first: bool = False) -> Reply:
    field = paper.field
    lines = [Say("form.ask", field=field.label)]
    if first:
        lines.insert(0, Say("form.begin", title=paper.form.title))
    buttons = [Button(Say("form.cancel"), Cancel())]
    if not field.required:
        lines.append(
            Say("form.default", value=field.value) if field.value else Say("form.may_skip")
        )
        buttons.insert(0, Button(Say("form.skip"), Skip()))
    return Reply(Say("lines", lines=tuple(lines)), tuple(buttons))


forms = Feature("forms")


@forms.pressed(Skip)
async def skip(ctx: Context, _press: Skip) -> Filled | Reply:
    paper = await under_way(ctx)
    if paper is None:
        raise Refuse(Say("button.stale"))
    if paper.field.required:
        raise Refuse(Say("form.needed", field=paper.field.label))
    return await _step(ctx, paper, paper.given)


@forms.pressed(Cancel)
async def cancel_form(ctx: Context, _press: Cancel) -> Reply:
    return await cancel(ctx)


@forms.command("cancel")
async def cancel(ctx: Context) -> Reply:
    if await under_way(ctx) is None:
        return Reply(Say("form.nothing"))
    await drop(ctx)
    return Reply(Say("form.cancelled"))


@forms.pressed(Reopen)
async def reopen(ctx: Context, _press: Reopen) -> Form:
    found = await outbox.get_form(ctx.tx, ctx.who.platform, ctx.who.user, ctx.who.user)
    if found is None:
        raise Refuse(Say("button.stale"))
    paper = Paper.of(found[0])
    return replace(paper.form, fields=tuple(_kept(f, paper.given) for f in paper.form.fields))


def _kept(field: Field, given: Mapping[str, str]) -> Field:
    """The field holding what was written, which stays if nothing else is."""
    value = given.get(field.name, field.value)
    return replace(field, value=value, required=field.required and not value)
