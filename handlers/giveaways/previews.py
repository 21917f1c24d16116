"""How a draft will look: what was chosen, and the post as each platform will show it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.feature import Context
from bot.model import Button, Refuse, Reply, Say, Value
from bot.platforms.base import Capabilities
from bot.platforms.limits import DISCORD, TELEGRAM
from bot.present import length
from bot.wire import moment
from bot.words import Reader
from handlers.giveaways import rules, show, times
from handlers.giveaways.actions import Discard, Publish
from handlers.giveaways.plan import Plan, unpacked
from handlers.giveaways.plan_actions import AskStart, Bonus, Drawing, DropStart, Rules, Who
from storage import people
from storage.giveaway_plans import Draft
from storage.giveaways import Giveaway
from storage.people import PlaceRow

PLATFORMS = {"telegram": TELEGRAM, "discord": DISCORD}


async def places(ctx: Context) -> list[PlaceRow]:
    """Where it will be posted. Raises Refuse where there is nowhere."""
    found = await people.places(ctx.tx, ctx.community.id)
    if not found:
        raise Refuse(Say("giveaway.no_place"))
    return found


async def preview(ctx: Context, draft: Draft) -> Reply:
    """All of the draft for the creator's eyes, and what can be done with it."""
    there = await places(ctx)
    g = draft.giveaway
    opened = replace(g, closes_at=draft.closes_at(g.opens_at or ctx.ms))
    looks = tuple(
        _look(ctx, opened, name, PLATFORMS[name])
        for name in PLATFORMS
        if any(place.platform == name for place in there)
    )
    titles = tuple(
        Say("giveaway.place", title=place.title or place.chat, platform=place.platform)
        for place in there
    )
    facts = tuple(_facts(ctx, opened, unpacked(g.plan)))
    return Reply(Say("giveaway.draft", facts=facts, looks=looks, places=titles), buttons(g))


def _look(ctx: Context, opened: Giveaway, name: str, caps: Capabilities) -> Say:
    """The post as this platform will show it, measured as it measures."""
    post, under = show.post(opened), show.buttons(opened)
    home = ctx.community
    reader = Reader(home.language, home.timezone, caps.moment == "unix", caps.markdown)
    long = length(reader.text(post), caps.unit)
    if long > caps.text:
        return Say("giveaway.draft_cut", platform=name.capitalize(), length=long, most=caps.text)
    return Say(
        "giveaway.draft_look",
        platform=name.capitalize(),
        length=long,
        most=caps.text,
        buttons=len(under),
        post=post,
    )


def _facts(ctx: Context, opened: Giveaway, plan: Plan) -> list[Say]:
    """What the post does not say, or not so that a mistake would be seen."""
    found = [_when(ctx, "giveaway.draft_ends", "closes", opened.closes_at or 0)]
    if opened.opens_at is not None:
        found.insert(0, _when(ctx, "giveaway.draft_opens", "opens", opened.opens_at))
    if opened.repeats is not None:
        found.append(Say(f"giveaway.draft_repeats_{opened.repeats}"))
    asked = rules.requirements(plan.requirements)
    who = rules.joined(asked) if asked else Say("giveaway.who_all")
    found.append(Say("giveaway.draft_who", who=who))
    found += rules.who(plan)[1:]
    if len(plan.tickets) > 1:
        found.append(Say("giveaway.draft_tickets", tickets=rules.tickets(plan), cap=plan.cap))
    if plan.challenge:
        found.append(Say("giveaway.draft_challenge"))
    return [*found, Say("giveaway.draft_after", hours=plan.claim_h, reserves=plan.reserves)]


def _when(ctx: Context, key: str, name: str, at: int) -> Say:
    """Weekday, day, clock time and the time left: enough to see a moment read wrongly."""
    span = times.left(max(moment(at) - ctx.now, timedelta()))
    values: dict[str, Value] = {name: moment(at), "night": times.night(ctx, moment(at))}
    return Say(key, left=span, **values)


def buttons(draft: Giveaway) -> tuple[Button, ...]:
    """Publish stands first: the plain case needs nothing else."""
    id = draft.id
    later = Button(Say("giveaway.later_button"), AskStart(id))
    if draft.opens_at is not None:
        later = Button(Say("giveaway.not_later_button"), DropStart(id))
    return (
        Button(Say("giveaway.publish_button"), Publish(id)),
        later,
        Button(Say("giveaway.discard_button"), Discard(id)),
        Button(Say("giveaway.who_button"), Who(id)),
        Button(Say("giveaway.bonus_button"), Bonus(id)),
        Button(Say("giveaway.draw_button"), Drawing(id)),
        Button(Say("giveaway.rules_button"), Rules(id)),
    )
