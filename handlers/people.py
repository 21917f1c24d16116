"""People: saying hello, choosing a language, seeing and deleting what is kept, joining the team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from bot.actions import tagged
from bot.delivery import collected, for_user
from bot.feature import Context, Feature
from bot.model import Action, Button, Refuse, Reply, Role, Say
from bot.wire import millis
from bot.world import code as code_of
from storage import links, outbox
from storage import people as store

CODE_LIFE = timedelta(hours=24)

# By what people type. "bn-Latn" is Bengali in Latin letters, where an answer has it.
_CHOICES = {"bn": "bn", "en": "en", "banglish": "bn-Latn", "auto": "auto"}


@tagged("pl")
@dataclass(frozen=True, slots=True)
class ChooseLanguage(Action):
    """`language` is one of `_CHOICES`."""

    language: str


@tagged("pf")
@dataclass(frozen=True, slots=True)
class ForgetMe(Action):
    """The person confirmed (1) or not (0)."""

    sure: int


@tagged("ph")
@dataclass(frozen=True, slots=True)
class TeamHelp(Action):
    """Show what the team can do."""


def people(operator: str, others: Sequence[Feature], more: Sequence[Say] = ()) -> Feature:
    """`operator` says who runs this bot; `others` are the features that keep things of people;
    `more` stands under what /privacy says."""
    feature = Feature("people")
    _hello(feature)
    _language(feature)
    _privacy(feature, operator, others, more)
    _forgetting(feature, others)
    _claiming(feature)
    _team(feature)
    return feature


def _hello(feature: Feature) -> None:
    @feature.command("start")
    async def start(ctx: Context) -> Reply:
        lines = [Say("start.hello", creator=ctx.community.name)]
        if ctx.member.role >= Role.HELPER:
            lines.append(Say("start.owner"))
        return Reply(Say("lines", lines=tuple(lines)))

    @feature.command("help")
    async def help_(ctx: Context, topic: str = "") -> Reply:
        team = ctx.member.role >= Role.HELPER
        if team and topic:
            return Reply(Say("help.team"))
        offer = (Button(Say("help.offer_team"), TeamHelp()),) if team else ()
        return Reply(Say("help.fan", creator=ctx.community.name), offer)

    @feature.pressed(TeamHelp, role=Role.HELPER)
    async def team_help(_ctx: Context, _press: TeamHelp) -> Reply:
        return Reply(Say("help.team"))

    @feature.started("r_")
    async def collect(ctx: Context, letter: str) -> Reply:
        """An answer that could not be given in public waits here for its reader."""
        kept = await outbox.get(ctx.tx, letter[:16])
        if kept is None or kept.platform != ctx.place.platform or for_user(kept) != ctx.who.user:
            raise Refuse(Say("button.stale"))
        return collected(kept)


def _language(feature: Feature) -> None:
    @feature.command("language")
    async def language(
        ctx: Context, language: Literal["bn", "en", "banglish", "auto", "ask"] = "ask"
    ) -> Reply:
        if language != "ask":
            return await choose(ctx, ChooseLanguage(_CHOICES[language]))
        buttons = tuple(
            Button(Say(f"language.{name}"), ChooseLanguage(name)) for name in _CHOICES.values()
        )
        return Reply(Say("language.ask"), buttons)

    @feature.pressed(ChooseLanguage)
    async def choose(ctx: Context, press: ChooseLanguage) -> Reply:
        chosen = press.language if press.language in ("bn", "en", "bn-Latn") else None
        await store.choose_language(ctx.tx, ctx.community.id, ctx.member.id, chosen)
        if chosen is None:
            return Reply(Say("language.auto_chosen"))
        ctx.language = chosen
        return Reply(Say("language.chosen"))


def _privacy(
    feature: Feature, operator: str, others: Sequence[Feature], more: Sequence[Say]
) -> None:
    who: str | Say = operator or Say("developer.nobody")

    @feature.command("privacy")
    async def privacy(ctx: Context) -> Reply:
        promised = [await other.on_promise(ctx) for other in others if other.on_promise]
        lines = (Say("privacy.policy", operator=who), *(one.text for one in promised), *more)
        buttons = tuple(button for one in promised for button in one.buttons)
        return Reply(Say("lines", lines=lines), buttons)

    @feature.command("developer_info")
    async def developer_info(_ctx: Context) -> Reply:
        return Reply(Say("developer.info", operator=who))

    @feature.command("mydata")
    async def mydata(ctx: Context) -> Reply:
        accounts = await store.identities(ctx.tx, ctx.community.id, ctx.member.id)
        names = ", ".join(f"{a.name} ({a.platform})" for a in accounts)
        chosen = Say(f"language.{ctx.member.language}") if ctx.member.language else None
        lines = [
            Say("mydata.accounts", names=names),
            Say("mydata.language", language=chosen or Say("mydata.no_language")),
            Say("mydata.role", role=Say(f"role.{ctx.member.role.name.lower()}")),
        ]
        for other in others:
            lines += await other.on_recall(ctx) if other.on_recall else ()
        return Reply(Say("mydata.show", lines=tuple(lines)))


def _forgetting(feature: Feature, others: Sequence[Feature]) -> None:
    @feature.command("forgetme")
    async def forgetme(ctx: Context) -> Reply:
        await _refuse_last_owner(ctx)
        yes = Button(Say("forgetme.yes"), ForgetMe(1))
        return Reply(Say("forgetme.sure"), (yes, Button(Say("forgetme.no"), ForgetMe(0))))

    @feature.pressed(ForgetMe)
    async def forget(ctx: Context, press: ForgetMe) -> Reply:
        if not press.sure:
            return Reply(Say("forgetme.kept"))
        await _refuse_last_owner(ctx)
        for other in others:
            if other.on_forget is not None:
                await other.on_forget(ctx)
        await store.forget(ctx.tx, ctx.community.id, ctx.member.id)
        return Reply(Say("forgetme.done"))


async def _refuse_last_owner(ctx: Context) -> None:
    if ctx.member.role < Role.OWNER:
        return
    owners = {row.member for row in await store.team(ctx.tx, ctx.community.id, Role.OWNER)}
    if owners <= {ctx.member.id}:
        raise Refuse(Say("forgetme.owner"))


def _claiming(feature: Feature) -> None:
    @feature.command("claim")
    async def claim(ctx: Context, code: str) -> Reply:
        given = await store.use_code(ctx.tx, code, ctx.ms)
        if given is None or given.community != ctx.community.id:
            raise Refuse(Say("claim.unknown"))
        role = max(Role(given.role), ctx.member.role)
        await store.set_role(ctx.tx, ctx.community.id, ctx.member.id, role)
        if given.brand is not None:
            await links.add_brand_person(ctx.tx, given.brand, ctx.member.id)
        if role is Role.OWNER:
            return Reply(Say("claim.owner"))
        name = Say(f"role.{role.name.lower()}")
        return Reply(Say("claim.done", creator=ctx.community.name, role=name))

    @feature.started("claim_")
    async def claim_link(ctx: Context, code: str) -> Reply:
        return await claim(ctx, code)


def _team(feature: Feature) -> None:
    @feature.command("team invite", role=Role.MANAGER)
    async def invite(
        ctx: Context,
        role: Literal["helper", "manager", "owner", "brand"] = "helper",
        brand: str = "",
    ) -> Reply:
        wanted = Role[role.upper()]
        if wanted >= Role.MANAGER and ctx.member.role < Role.OWNER:
            raise Refuse(Say("team.too_high"))
        brand_id = await _brand(ctx, brand) if wanted is Role.BRAND else None
        made = await new_code(ctx, wanted, CODE_LIFE, brand_id)
        return Reply(Say("team.invited", role=Say(f"role.{role}"), code=made))

    @feature.command("team list", role=Role.HELPER)
    async def team_list(ctx: Context) -> Reply:
        rows = await store.team(ctx.tx, ctx.community.id, Role.BRAND)
        lines = tuple(
            Say("team.person", name=row.name, platform=row.platform,
                role=Say(f"role.{Role(row.role).name.lower()}"))
            for row in rows
        )  # fmt: skip
        return Reply(Say("team.listed", creator=ctx.community.name, people=lines))


async def _brand(ctx: Context, name: str) -> str:
    brand = await links.find_brand(ctx.tx, ctx.community.id, name.strip()) if name else None
    if brand is None:
        raise Refuse(Say("team.brand_needed"))
    return brand.id


async def new_code(ctx: Context, role: Role, life: timedelta, brand: str | None = None) -> str:
    """A one-time code that gives `role`; only its hash is kept."""
    code = code_of(ctx.world.random(10)).upper()
    expires = millis(ctx.now + life)
    await store.add_code(ctx.tx, ctx.community.id, code, role, expires, brand)
    return code
