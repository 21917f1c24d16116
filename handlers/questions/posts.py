"""Posts that show a product: the team says which one, and a reply to the post asks about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.actions import tagged
from bot.feature import Context, Feature, Glance
from bot.model import Action, Button, Called, Field, Form, Refuse, Reply, Role, Say
from bot.present import fit
from handlers.questions.answerer import Answerer, Thought
from handlers.questions.entries import numbered
from handlers.questions.index import Band
from handlers.questions.topics import TOPICS, Asked
from storage import cards, knowledge
from storage.knowledge import Entry

_OFFERED = 3
_NUMBER = 12  # characters of a typed number


@tagged("ko")
@dataclass(frozen=True, slots=True)
class Link(Action):
    """The message shows this entry's product."""

    message: str
    entry: str


@tagged("kn")
@dataclass(frozen=True, slots=True)
class LinkNumbered(Action):
    """The message shows the product of an entry whose number is asked for."""

    message: str


@tagged("kd")
@dataclass(frozen=True, slots=True)
class Unlink(Action):
    """The message behind this id shows no product."""

    post: str


def posting(feature: Feature, answerer: Answerer) -> None:
    """/answers post and, where messages have a menu, its entry there."""

    @feature.command("answers post", role=Role.HELPER)
    async def post(ctx: Context, number: int) -> Reply:
        if ctx.event.about is None:
            raise Refuse(Say("post.no_message", number=number))
        return await _linked(ctx, ctx.event.about, await numbered(ctx, number))

    async def likely(glance: Glance, called: Called) -> Thought:
        return await answerer.read(glance, called.args.get("message", ""))

    @feature.command("product_post", role=Role.HELPER, menu="message", think=likely)
    async def menu(ctx: Context, thought: Thought | None, message: str = "") -> Reply:
        """`message` is what the post says."""
        about = ctx.event.about
        if about is None:
            raise Refuse(Say("post.no_menu"))
        likeliest = (thought or Thought()).matches[:_OFFERED] if message else ()
        found = [await knowledge.get(ctx.tx, ctx.community.id, match.entry) for match in likeliest]
        buttons = [
            Button(Say("post.choice", number=e.number, name=fit(e.question, 60, "codepoint")),
                   Link(about, e.id))
            for e in found if e is not None
        ]  # fmt: skip
        buttons.append(Button(Say("post.other"), LinkNumbered(about)))
        return Reply(Say("post.which"), tuple(buttons))

    _linking(feature)


def _linking(feature: Feature) -> None:
    @feature.pressed(Link, role=Role.HELPER)
    async def link(ctx: Context, press: Link) -> Reply:
        entry = await knowledge.get(ctx.tx, ctx.community.id, press.entry)
        if entry is None:
            raise Refuse(Say("answers.gone"))
        return await _linked(ctx, press.message, entry)

    @feature.pressed(LinkNumbered, role=Role.HELPER)
    async def ask_number(_ctx: Context, press: LinkNumbered) -> Form:
        field = Field("number", Say("option.number"), limit=_NUMBER)
        return Form(Say("command.answers_post"), (field,), press)

    @feature.filled(LinkNumbered, role=Role.HELPER)
    async def link_numbered(ctx: Context, form: LinkNumbered, number: int) -> Reply:
        return await _linked(ctx, form.message, await numbered(ctx, number))

    @feature.pressed(Unlink, role=Role.HELPER)
    async def unlink(ctx: Context, press: Unlink) -> Reply:
        await cards.unpost(ctx.tx, ctx.community.id, press.post)
        return Reply(Say("post.unlinked"))


async def _linked(ctx: Context, message: str, entry: Entry) -> Reply:
    place = ctx.place
    post = await cards.post(ctx.tx, ctx.new_id(), place.platform, place.chat, message, entry.id)
    say = Say("post.linked", number=entry.number, name=entry.question)
    return Reply(say, (Button(Say("post.unlink"), Unlink(post)),))


# Asking ----------------------------------------------------------------------------------------


async def answered(ctx: Context) -> Entry | None:
    """The entry whose product the message shows that this event answers."""
    if ctx.event.about is None:
        return None
    home, place = ctx.community.id, ctx.place
    found = await cards.posted(ctx.tx, home, place.platform, place.chat, ctx.event.about)
    return await knowledge.get(ctx.tx, home, found) if found else None


def weighed(
    post: Entry, band: Band, entries: Sequence[Entry], question: Asked
) -> tuple[Band, list[Entry]]:
    """What to do with ranked `entries` when a post about the first entry is being answered.

    A question that names nothing else is about the post's product: it is answered, unless it asks
    what the card does not say and another entry surely does. Any other question is answered as
    everywhere, but where the bot would offer a choice or hand over, the product comes first.
    """
    elsewhere = band == "answer" and entries[0].id != post.id
    unsaid = not any(name in post.facts for topic in question.topics for name in TOPICS[topic])
    if question.about(post.question) and not (elsewhere and question.topics and unsaid):
        return "answer", [post]
    if band == "answer":
        return band, list(entries)
    others = [entry for entry in entries if entry.id != post.id] if band == "choose" else []
    return "choose", [post, *others][:_OFFERED]
