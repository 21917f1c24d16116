"""Member identity: how far a community, and each member, lets clicks be a person's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bot.actions import tagged
from bot.feature import Context, Feature
from bot.model import Action, Button, Reply, Role, Say
from bot.wire import moment
from handlers.links.classify import Class
from storage import tokens
from storage.tokens import OwnClick, Standing

CLICKS = 20  # of a person's own clicks, the newest
PLACEMENTS = 10  # whose links a person was given, the newest


class MemberIdentity(StrEnum):
    """on: the team may ask which members opened a link; pseudonymous: members are told apart and
    never named; off: nobody is told apart."""

    ON = "on"
    PSEUDONYMOUS = "pseudonymous"
    OFF = "off"


@tagged("yt")
@dataclass(frozen=True, slots=True)
class Tracking(Action):
    """I may be told apart from others when I open a link (1) or not (0)."""

    on: int


def told_apart(standing: Standing) -> bool:
    """True when this member gets links of their own."""
    return standing.identity != MemberIdentity.OFF and not standing.untracked


def identity(public_url: str) -> Feature:
    """`public_url` is where redirects are served; empty: there are no personal links."""
    feature = Feature("identity")
    _switch(feature)
    _opting_out(feature)
    _kept(feature, public_url)
    return feature


def _switch(feature: Feature) -> None:
    @feature.command("identity", role=Role.OWNER)
    async def switch(
        ctx: Context, mode: Literal["on", "pseudonymous", "off", "show"] = "show"
    ) -> Reply:
        if mode != "show":
            await tokens.set_identity(ctx.tx, ctx.community.id, mode)
        now = await tokens.standing(ctx.tx, ctx.community.id, ctx.member.id)
        state = Say(f"identity.state.{now.identity}")
        return Reply(Say("identity.set" if mode != "show" else "identity.show", state=state))


def _opting_out(feature: Feature) -> None:
    @feature.command("tracking")
    async def tracking(ctx: Context, tracking: Literal["on", "off", "show"] = "show") -> Reply:
        if tracking != "show":
            return await choose(ctx, Tracking(int(tracking == "on")))
        standing = await tokens.standing(ctx.tx, ctx.community.id, ctx.member.id)
        line = await _promise(ctx, standing)
        return Reply(line, (_button(standing),))

    @feature.pressed(Tracking)
    async def choose(ctx: Context, press: Tracking) -> Reply:
        wanted = bool(press.on)
        await tokens.track(ctx.tx, ctx.member.id, ctx.ms, wanted=wanted)
        return Reply(Say("tracking.on") if wanted else Say("tracking.off"))


def _kept(feature: Feature, public_url: str) -> None:
    @feature.promises
    async def promises(ctx: Context) -> Reply:
        if not public_url:
            return Reply(Say("identity.promise.straight"))
        standing = await tokens.standing(ctx.tx, ctx.community.id, ctx.member.id)
        shown = (_button(standing),) if standing.identity != MemberIdentity.OFF else ()
        return Reply(await _promise(ctx, standing), shown)

    @feature.recalls
    async def recalls(ctx: Context) -> Sequence[Say]:
        home, me = ctx.community.id, ctx.member.id
        count, newest = await tokens.own_clicks(ctx.tx, home, me, CLICKS)
        given = await tokens.tokens_of(ctx.tx, me)
        lines = [Say("identity.recalled", links=given, clicks=count)]
        for one in await tokens.given(ctx.tx, home, me, PLACEMENTS):
            lines.append(
                Say("identity.given", given=one.given, brand=one.brand, placement=one.placement,
                    at=moment(one.latest))
            )  # fmt: skip
        lines += [_own(click) for click in newest]
        if (await tokens.standing(ctx.tx, home, me)).untracked:
            lines.append(Say("identity.promise.untracked"))
        return lines

    @feature.forgets
    async def forgets(ctx: Context) -> None:
        await tokens.forget(ctx.tx, ctx.community.id, ctx.member.id, ctx.world.random)


async def _promise(ctx: Context, standing: Standing) -> Say:
    """What is kept of this member's openings."""
    if standing.identity == MemberIdentity.OFF:
        return Say("identity.promise.off")
    if standing.untracked:
        return Say("identity.promise.untracked")
    if standing.identity == MemberIdentity.ON:
        return Say("identity.promise.on", creator=ctx.community.name)
    return Say("identity.promise.pseudonymous")


def _button(standing: Standing) -> Button:
    if standing.untracked:
        return Button(Say("tracking.again"), Tracking(1))
    return Button(Say("tracking.never"), Tracking(0))


def _own(click: OwnClick) -> Say:
    counted = Say("identity.counted" if click.kind == Class.HUMAN else "identity.not_counted")
    return Say(
        "identity.click", at=moment(click.at), brand=click.brand, placement=click.placement,
        counted=counted,
    )  # fmt: skip
