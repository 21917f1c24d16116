"""Products: the team makes a card, keeps it up to date, and says whose ad it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from bot.feature import Context, Feature
from bot.model import Button, Refuse, Reply, Role, Say
from bot.present import fit
from handlers.links.commands import slug_of
from handlers.questions.cards import LIMITS, NAME, choices, delivery, fact
from handlers.questions.drafts import ANSWER, draft
from handlers.questions.entries import Remove, numbered, undisclosed
from handlers.questions.rendering import shown
from storage import cards, knowledge, links
from storage.knowledge import Entry, Taken
from storage.links import Link

_LANGUAGES = {"bangla": "bn", "english": "en", "banglish": "bn-Latn"}
_CURRENT = 1000  # links looked through for a sponsor's name
What = Literal[
    "price", "colours", "sizes", "chart", "stock", "inside", "outside", "order", "photo",
    "name", "bangla", "english", "banglish",
]  # fmt: skip


def selling(feature: Feature, public_url: str) -> None:
    """/answers card, edit and link."""

    @feature.command("answers card", role=Role.HELPER, form=True)
    async def card(
        ctx: Context,
        product: str,
        price: str = "",
        choice: str = "",
        delivery_charge: str = "",
        order: str = "",
    ) -> Reply:
        given = {"price": price, **choices(choice), **delivery(delivery_charge), "order": order}
        facts = {name: kept for name, text in given.items() if (kept := fact(name, text))}
        if not facts:
            raise Refuse(Say("card.empty"))
        await undisclosed(ctx, public_url, *facts.values())
        return await _saved(ctx, public_url, await _made(ctx, product, facts))

    @feature.command("answers edit", role=Role.HELPER)
    async def edit(ctx: Context, number: int, field: What, value: str = "") -> Reply:
        entry = await numbered(ctx, number)
        await undisclosed(ctx, public_url, value)
        if field in LIMITS:
            await cards.put_fact(
                ctx.tx, ctx.community.id, entry.id, field, fact(field, value), ctx.ms
            )
        elif field in _LANGUAGES:
            await _reword(ctx, entry, _LANGUAGES[field], value.strip())
        else:
            await _rename(ctx, entry, value)
        return await _saved(ctx, public_url, entry.id, _before(entry, field))

    @feature.command("answers link", role=Role.MANAGER)
    async def advertise(ctx: Context, number: int, sponsor: str = "") -> Reply:
        entry = await numbered(ctx, number)
        found = await _advertised(ctx, sponsor) if sponsor.strip() else None
        link = found.id if found else None
        await cards.sponsor(ctx.tx, ctx.community.id, entry.id, link)
        return await _saved(ctx, public_url, entry.id)


async def _made(ctx: Context, product: str, facts: Mapping[str, str]) -> str:
    """A new entry with these facts; its id. Raises Refuse when there is one of that name."""
    made = draft(product, {})
    if len(made.question) > NAME:
        label, length = Say("option.product"), len(made.question)
        raise Refuse(Say("form.too_long", field=label, limit=NAME, length=length))
    await knowledge.begin(ctx.tx, ctx.community.id)
    there = await knowledge.alike(ctx.tx, ctx.community.id, made.asked)
    if there is not None:
        raise Refuse(Say("card.there", number=there.number, name=there.question))
    kept = await knowledge.put(ctx.tx, ctx.community.id, made, ctx.new_id(), ctx.ms)
    if isinstance(kept, Taken):
        raise TypeError("an entry without a ref cannot be taken")
    for name, value in facts.items():
        await cards.put_fact(ctx.tx, ctx.community.id, kept.id, name, value, ctx.ms)
    return kept.id


async def _saved(ctx: Context, public_url: str, id: str, before: str = "") -> Reply:
    """The entry as a fan would see it now. Raises Refuse where it would say nothing."""
    entry = await knowledge.get(ctx.tx, ctx.community.id, id)
    if entry is None or not (entry.facts or entry.answers):
        raise Refuse(Say("card.nothing_left"))
    seen = await shown(ctx, public_url, entry)
    lines = [Say("card.saved", number=entry.number), seen.text]
    if before:
        lines.append(Say("card.before", before=fit(before, 600, "codepoint")))
    remove = Button(Say("answers.remove", number=entry.number), Remove(entry.id))
    return Reply(Say("lines", lines=tuple(lines)), (remove, *seen.buttons))


def _before(entry: Entry, field: str) -> str:
    """What stood there, so that nothing is lost by a slip."""
    if field in _LANGUAGES:
        return entry.answers.get(_LANGUAGES[field], "")
    if field == "name":
        return entry.question
    return entry.facts[field].value if field in entry.facts else ""


async def _reword(ctx: Context, entry: Entry, language: str, text: str) -> None:
    if len(text) > ANSWER:
        raise Refuse(Say("draft.long_answer", limit=ANSWER, length=len(text)))
    await knowledge.set_answer(ctx.tx, ctx.community.id, entry.id, language, text)


async def _rename(ctx: Context, entry: Entry, name: str) -> None:
    made = draft(name, {})
    there = await knowledge.alike(ctx.tx, ctx.community.id, made.asked)
    if there is not None and there.id != entry.id:
        raise Refuse(Say("card.there", number=there.number, name=there.question))
    home = ctx.community.id
    await knowledge.publish(ctx.tx, home, entry.id, made.question, made.asked, ctx.ms)


async def _advertised(ctx: Context, sponsor: str) -> Link:
    """The link of this slug or short address, or the newest of that brand.

    Raises Refuse, with the remedy, where nobody could be told who pays.
    """
    found = await links.link_by_slug(ctx.tx, slug_of(sponsor))
    if found is None or found.community != ctx.community.id:
        current = await links.current(ctx.tx, ctx.community.id, ctx.ms, _CURRENT)
        brand = sponsor.strip().lower()
        found = next((link for link in current if link.brand.lower() == brand), None)
    if found is None:
        raise Refuse(Say("card.no_sponsor", sponsor=fit(sponsor, 60, "codepoint")))
    if found.over(ctx.ms):
        raise Refuse(Say("card.link_over", brand=found.brand))
    if not (found.disclosure_bn.strip() and found.disclosure_en.strip()):
        raise Refuse(Say("card.no_disclosure", brand=found.brand))
    return found
