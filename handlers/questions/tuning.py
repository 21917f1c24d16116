"""How careful the bot is: five steps, with what each would do to the community's own questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.actions import tagged
from bot.feature import Context, Feature, Glance
from bot.model import Action, Button, Called, Refuse, Reply, Role, Say
from handlers.questions.answerer import Answerer
from handlers.questions.care import ENOUGH, STEPS, USUAL, Trial, answerable, effect
from storage import tuning as store


@tagged("tc")
@dataclass(frozen=True, slots=True)
class SetCare(Action):
    """The community wants this step from now on."""

    step: int


def tuning(feature: Feature, answerer: Answerer) -> None:
    """/answers care."""

    async def tried(glance: Glance, _called: Called) -> list[Trial]:
        return await answerer.trials(glance)

    @feature.command("answers care", role=Role.MANAGER, think=tried)
    async def care(ctx: Context, thought: list[Trial] | None) -> Reply:
        step = await store.care(ctx.tx, ctx.community.id) or USUAL
        lines = [Say("care.head", step=_name(step)), *_effects(thought or [], step)]
        return Reply(Say("lines", lines=tuple(lines)), _slider(step))

    @feature.pressed(SetCare, role=Role.MANAGER)
    async def choose(ctx: Context, press: SetCare) -> Reply:
        if press.step not in STEPS:
            raise Refuse(Say("button.stale"))
        await store.set_care(ctx.tx, ctx.community.id, press.step)
        return Reply(Say("care.set", step=_name(press.step)), _slider(press.step))


def _name(step: int) -> Say:
    return Say(f"care.step.{step}")


def _slider(chosen: int) -> tuple[Button, ...]:
    return tuple(
        Button(Say("care.chosen", step=_name(step)) if step == chosen else _name(step),
               SetCare(step))
        for step in STEPS
    )  # fmt: skip


def _effects(tried: Sequence[Trial], chosen: int) -> list[Say]:
    """A line a step, or why there is none."""
    able = answerable(tried)
    if able < ENOUGH:
        return [Say("care.too_few", count=able, enough=ENOUGH)]
    lines = [Say("care.measured", count=able, untaught=len(tried) - able)]
    for step in STEPS:
        found = effect(tried, step)
        line = Say("care.silent", step=_name(step))
        if found.precision is not None:
            line = Say("care.line", step=_name(step), right=found.precision, covered=found.coverage)
        lines.append(Say("care.here", line=line) if step == chosen else line)
    return lines
