"""The buttons under choices and answers: what a fan meant, and whether it was of use."""

from __future__ import annotations

from bot.feature import Context, Feature
from bot.model import Button, Effect, Field, Form, Refuse, Reply, Say
from handlers.questions import kept
from handlers.questions.actions import AskTeam, Choose, Helpful, Reason, Wrong
from handlers.questions.learning import propose_wording
from handlers.questions.normalise import normalise
from handlers.questions.rendering import answer, shown, told
from storage import counts, knowledge, opinions, proposals, questions
from storage.questions import Question

NOTE = 500  # characters of what a fan writes about a wrong answer


def deciding(feature: Feature, public_url: str) -> None:
    """The buttons under choices and answers; answers may carry links under `public_url`."""

    @feature.pressed(Choose)
    async def choose(ctx: Context, press: Choose) -> Reply:
        """Anyone in a group may look; only the one who asked has chosen."""
        home = ctx.community.id
        entry = await knowledge.get(ctx.tx, home, press.entry)
        if entry is None:
            raise Refuse(Say("question.gone"))
        found = await questions.get(ctx.tx, home, press.question)
        if found is None or found.member != ctx.member.id:
            seen = await shown(ctx, public_url, entry)
            return Reply(seen.text, seen.buttons)
        if found.handed_at is None and found.entry != entry.id:
            await _not_meant(ctx, found)
            await questions.chosen(ctx.tx, home, found.id, entry.id)
            await counts.answered(ctx.tx, home, kept.day(ctx), entry.id)
            await propose_wording(ctx, entry.id, found.text)
        return await answer(ctx, public_url, entry, found.id, found.private, found.text)

    @feature.pressed(AskTeam)
    async def ask_team(ctx: Context, press: AskTeam) -> list[Effect]:
        found = await kept.own(ctx, press.question)
        return await kept.hand_over(ctx, found.id, told(ctx, found.private), found.private)

    _thanking(feature)
    _blaming(feature)


def _thanking(feature: Feature) -> None:
    @feature.pressed(Helpful)
    async def helpful(ctx: Context, press: Helpful) -> list[Effect]:
        """A person counts once for an entry; the question is forgotten with it."""
        thanks = Reply(Say("answer.thanks"))
        if await questions.get(ctx.tx, ctx.community.id, press.question) is None:
            return [thanks]
        found = await kept.own(ctx, press.question)
        if found.entry is not None and found.handed_at is None:
            if await opinions.helpful(ctx.tx, found.entry, ctx.member.id, ctx.ms):
                await knowledge.helped(ctx.tx, ctx.community.id, found.entry)
                await counts.helpful(ctx.tx, ctx.community.id, kept.day(ctx), found.entry)
            await propose_wording(ctx, found.entry, found.text)
        return [thanks, *await kept.withdraw(ctx, found)]


def _blaming(feature: Feature) -> None:
    @feature.pressed(Wrong)
    async def wrong(ctx: Context, press: Wrong) -> list[Effect]:
        """The team gets it at once, and the reason if the fan gives one."""
        found = await kept.own(ctx, press.question)
        if found.entry is not None and found.handed_at is None:
            if await opinions.wrong(ctx.tx, found.entry, ctx.member.id, ctx.ms):
                await knowledge.erred(ctx.tx, ctx.community.id, found.entry)
                await counts.wrong(ctx.tx, ctx.community.id, kept.day(ctx), found.entry)
            await _not_meant(ctx, found)
        say = Say("handover.wrong", creator=ctx.community.name)
        reasons = tuple(
            Button(Say(f"wrong.{why}"), Reason(found.id, why)) for why in ("old", "other", "words")
        )
        return await kept.hand_over(ctx, found.id, say, True, reason="wrong", buttons=reasons)

    @feature.pressed(Reason)
    async def reason(ctx: Context, press: Reason) -> Reply | Form:
        found = await kept.own(ctx, press.question)
        if press.why == "words":
            note = Field("note", Say("option.note"), long=True, limit=NOTE)
            return Form(Say("wrong.ask"), (note,), press)
        if press.why not in ("old", "other"):
            raise Refuse(Say("button.stale"))
        await questions.blamed(ctx.tx, ctx.community.id, found.id, press.why)
        return Reply(Say("wrong.noted", creator=ctx.community.name))

    @feature.filled(Reason)
    async def in_words(ctx: Context, form: Reason, note: str) -> Reply:
        found = await kept.own(ctx, form.question)
        await questions.blamed(ctx.tx, ctx.community.id, found.id, "words", note.strip()[:NOTE])
        return Reply(Say("wrong.noted", creator=ctx.community.name))


async def _not_meant(ctx: Context, found: Question) -> None:
    """What the fan wrote is no wording of the entry they were given."""
    if found.entry is not None:
        plain = normalise(found.text)
        await proposals.take_back(ctx.tx, ctx.community.id, found.entry, plain, ctx.member.id)
