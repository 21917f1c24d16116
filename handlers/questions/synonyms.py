"""Synonyms: words of a community's own, added and removed by the team."""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions import tagged
from bot.feature import Context, Feature
from bot.model import Action, Button, Refuse, Reply, Role, Say
from handlers.questions.normalise import tokens
from storage import tuning

PAGE, MOST, LONGEST = 9, 500, 60  # shown at once, of a community, characters of a word
_FAR = 1_000_000


@tagged("yp")
@dataclass(frozen=True, slots=True)
class More(Action):
    """The list after the first `skip` synonyms."""

    skip: int


@tagged("yr")
@dataclass(frozen=True, slots=True)
class RemoveSynonym(Action):
    synonym: str


def naming(feature: Feature) -> None:
    """/answers synonym and synonyms."""
    _adding(feature)
    _listing(feature)


def _adding(feature: Feature) -> None:
    @feature.command("answers synonym", role=Role.HELPER)
    async def add(ctx: Context, word: str, means: str) -> Reply:
        said, meant = _words(word, "word"), _words(means, "means")
        if said == meant:
            raise Refuse(Say("synonym.same"))
        if await tuning.synonyms_count(ctx.tx, ctx.community.id) >= MOST:
            raise Refuse(Say("synonym.too_many", limit=MOST))
        id = ctx.new_id()
        if not await tuning.add_synonym(ctx.tx, ctx.community.id, id, said, meant):
            raise Refuse(Say("synonym.there", word=said, means=meant))
        undo = Button(Say("synonym.undo"), RemoveSynonym(id))
        return Reply(Say("synonym.added", word=said, means=meant), (undo,))

    @feature.pressed(RemoveSynonym, role=Role.HELPER)
    async def remove(ctx: Context, press: RemoveSynonym) -> Reply:
        gone = await tuning.remove_synonym(ctx.tx, ctx.community.id, press.synonym)
        if gone is None:
            raise Refuse(Say("synonym.gone"))
        return Reply(Say("synonym.removed", word=gone.word, means=gone.means))


def _listing(feature: Feature) -> None:
    @feature.command("answers synonyms", role=Role.HELPER)
    async def list_(ctx: Context) -> Reply:
        return await more(ctx, More(0))

    @feature.pressed(More, role=Role.HELPER)
    async def more(ctx: Context, press: More) -> Reply:
        skip = min(max(press.skip, 0), _FAR)
        rows = await tuning.synonyms_page(ctx.tx, ctx.community.id, PAGE + 1, skip)
        if not rows:
            return Reply(Say("synonym.none"))
        lines = tuple(Say("synonym.line", word=row.word, means=row.means) for row in rows[:PAGE])
        buttons = [
            Button(Say("synonym.remove", word=row.word), RemoveSynonym(row.id))
            for row in rows[:PAGE]
        ]
        if len(rows) > PAGE:
            buttons.append(Button(Say("synonym.more"), More(skip + PAGE)))
        count = await tuning.synonyms_count(ctx.tx, ctx.community.id)
        return Reply(Say("lines", lines=(Say("synonym.head", count=count), *lines)), tuple(buttons))


def _words(text: str, option: str) -> str:
    """The words as they are read in questions. Raises Refuse."""
    if len(text) > LONGEST:
        label = Say(f"option.{option}")
        raise Refuse(Say("form.too_long", field=label, limit=LONGEST, length=len(text)))
    read = " ".join(tokens(text))
    if not read:
        raise Refuse(Say("synonym.no_word", option=Say(f"option.{option}")))
    return read
