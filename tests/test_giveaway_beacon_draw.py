"""A draw from a round that nobody knew when the list was closed: fetched, pasted, or awaited."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from bot.model import Action, Role
from bot.platforms.base import Busy
from bot.world import Clock
from handlers.giveaways import fairness, terms
from handlers.giveaways.actions import Draw, Freeze, Seek
from handlers.giveaways.fairness import Entry
from handlers.giveaways.plan import Plan, Requirements
from handlers.giveaways.relays import Limits, Relays
from storage import giveaway_log as log
from storage import giveaway_pool as pool
from storage import giveaways as store
from storage import people
from tests.giveaway_stage import (
    HOUR,
    again,
    alive,
    claimed,
    drafted,
    dying,
    entered,
    fire,
    forged,
    id_of,
    opened,
    put_timer,
    row,
    said,
    told,
    winners,
)  # fmt: skip
from tests.peers.drand import Manner, Network, Relay
from tests.stage import START, Stage

MARGIN = 60
QUICK = Limits(hedge=0.05, each=0.5, whole=1.0)


@asynccontextmanager
async def staged(url: str, relay: Relay | None, network: Network) -> AsyncIterator[Stage]:
    """A bot whose beacon is our own network, with or without a relay that serves it."""
    clock = Clock(START)
    bases = [relay.base] if relay else []
    relays = Relays(bases, clock.now, network.chain, QUICK)
    try:
        async with Stage.open(url, clock, relays) as bot:
            yield bot
    finally:
        await relays.close()


@pytest.fixture
async def network() -> Network:
    return Network()


@pytest.fixture
async def relay(network: Network) -> AsyncIterator[Relay]:
    async with Relay(network) as one:
        yield one


def relays_of(bot: Stage) -> Relays:
    assert bot.adda.relays is not None
    return bot.adda.relays


async def events(bot: Stage, giveaway: str) -> list[dict[str, Any]]:
    """The public log."""
    lines = await bot.unit(lambda tx: log.lines(tx, giveaway))
    return [json.loads(line.event) for line in lines]


async def planned(bot: Stage, plan: Plan, prizes: int = 1) -> dict[str, Any]:
    """A giveaway with this plan, opened; its posts by platform."""
    preview = await drafted(bot, winners=prizes)
    draft = id_of(preview)
    await bot.unit(lambda tx: tx.one("giveaway_draft_plan", id=draft, community="c1",
                                     plan=plan.packed()))  # fmt: skip
    before = bot.playground.tick
    await bot.press("creator", preview, "প্রকাশ করুন")
    return {m.platform: m for m in bot.seen(place="fans", after=before)}


async def test_the_list_is_closed_first_and_drawn_a_minute_later_from_the_round_it_named(
    ready_url: str, relay: Relay, network: Network
) -> None:
    async with staged(ready_url, relay, network) as bot:
        posts = await opened(bot, winners=2)
        await entered(bot, posts, 5)
        id = id_of(posts["telegram"])
        await bot.advance(24 * HOUR)
        frozen = await row(bot, id)
        parameters = terms.terms_of(await bot.unit(lambda tx: store.get(tx, "c1", id)))
        assert frozen["round"] == network.chain.round_at(parameters.close_at + MARGIN)
        assert frozen["drawn_at"] is None
        assert relay.paths == []
        closed = said(bot, "তালিকা বন্ধ হলো")
        assert sorted(m.platform for m in closed) == ["discord", "telegram"]
        assert f"drand-এর {frozen['round']} নম্বর রাউন্ড" in closed[0].text
        assert "মোট টিকিট: ৫" in closed[0].text
        await bot.advance(MARGIN + 4)
        drawn = await row(bot, id)
        assert drawn["signature"] == network.sign(frozen["round"]).hex()
        assert drawn["secret"] is None
        assert len(said(bot, "যাঁরা জিতেছেন")) == 2
        assert f"drand-এর {frozen['round']} নম্বর রাউন্ড দিয়ে" in said(bot, "যাঁরা জিতেছেন")[0].text


async def test_anybody_finds_the_same_winners_and_reserves_from_the_log_and_the_round(
    ready_url: str, relay: Relay, network: Network
) -> None:
    async with staged(ready_url, relay, network) as bot:
        posts = await opened(bot, winners=2)
        await entered(bot, posts, 7)
        await bot.advance(25 * HOUR)
        id = id_of(posts["telegram"])
        lines = await bot.unit(lambda tx: pool.frozen_list(tx, id))
        kept = await row(bot, id)
        chance = fairness.beacon_randomness(network.sign(kept["round"]))
        seed = fairness.seed(bytes.fromhex(kept["head"]), chance)
        ranked = fairness.rank(seed, [Entry(bytes.fromhex(c), t) for c, t in lines])
        order = [entry.commitment.hex() for entry in ranked]
        drawn = next(e for e in await events(bot, id) if e["kind"] == "draw")
        assert drawn["winners"] == order[:2]
        assert drawn["reserves"] == order[2:5]
        assert [one["commitment"] for one in await winners(bot, id)] == order[:2]
        kinds = [e["kind"] for e in await events(bot, id)]
        assert kinds[-3:] == ["freeze", "beacon", "draw"]


async def test_a_relay_that_is_early_or_forged_only_delays(
    ready_url: str, relay: Relay, network: Network
) -> None:
    relay.manner = Manner.EARLY
    async with staged(ready_url, relay, network) as bot:
        posts = await opened(bot)
        await entered(bot, posts, 3)
        id = id_of(posts["telegram"])
        await bot.advance(24 * HOUR + MARGIN + 10)
        relay.manner = Manner.FORGED
        await bot.advance(10)
        assert (await row(bot, id))["signature"] is None
        assert len(relay.paths) >= 3
        relay.manner = Manner.HONEST
        await bot.advance(60)
        assert (await row(bot, id))["drawn_at"] is not None
        assert len(said(bot, "যাঁরা জিতেছেন")) == 2


async def test_when_no_relay_answers_the_team_is_told_once_and_anybody_may_paste_the_round(
    ready_url: str, relay: Relay, network: Network
) -> None:
    relay.manner = Manner.BROKEN
    async with staged(ready_url, relay, network) as bot:
        posts = await opened(bot)
        await entered(bot, posts, 3)
        id = id_of(posts["telegram"])
        await bot.advance(26 * HOUR)
        asked = said(bot, "/giveaway beacon দিয়ে পাঠান", "dm")
        assert sorted((m.to, m.platform) for m in asked) == [
            ("creator", "discord"), ("creator", "telegram"),
        ]  # fmt: skip
        number = (await row(bot, id))["round"]
        wrong = network.sign(number + 1).hex()
        assert "কিছু বদলায়নি" in (await bot.say("Rima", f"/giveaway beacon {wrong}"))[-1].text
        assert (await row(bot, id))["signature"] is None
        right = json.dumps({"round": number, "signature": network.sign(number).hex()})
        answers = [m.text for m in await bot.say("Rima", f"/giveaway beacon {right}")]
        assert any("ধন্যবাদ" in text for text in answers)
        assert len(said(bot, "যাঁরা জিতেছেন")) == 2
        beacon = next(e for e in await events(bot, id) if e["kind"] == "beacon")
        assert beacon["source"] == "pasted"
        assert "অপেক্ষায় নেই" in (await bot.say("Rima", f"/giveaway beacon {right}"))[-1].text


async def test_without_any_relay_the_value_is_asked_for_at_once_in_a_form(
    ready_url: str, network: Network
) -> None:
    async with staged(ready_url, None, network) as bot:
        posts = await opened(bot)
        await entered(bot, posts, 2)
        id = id_of(posts["telegram"])
        await bot.advance(24 * HOUR + MARGIN + 3)
        assert len(said(bot, "/giveaway beacon দিয়ে পাঠান", "dm")) == 2
        form = (await bot.command("Lota", "giveaway beacon", {}, "discord"))[-1]
        number = (await row(bot, id))["round"]
        await bot.fill("Lota", form, {"value": network.sign(number).hex().upper()})
        assert (await row(bot, id))["drawn_at"] is not None


async def test_a_late_freeze_counts_its_round_from_itself_and_says_so(
    ready_url: str, relay: Relay, network: Network
) -> None:
    async with staged(ready_url, relay, network) as bot:
        posts = await opened(bot)
        await entered(bot, posts, 2)
        id = id_of(posts["telegram"])
        bot.clock.advance(26 * HOUR)
        at = int(bot.clock.now().timestamp())
        await bot.playground.settle()
        assert (await row(bot, id))["round"] == network.chain.round_at(at + MARGIN)
        assert len(said(bot, "দেরিতে বন্ধ হয়েছে")) == 2
        freeze = next(e for e in await events(bot, id) if e["kind"] == "freeze")
        assert (freeze["late"], freeze["at"]) == (True, at)


async def test_an_early_end_is_drawn_from_a_round_after_it(
    ready_url: str, relay: Relay, network: Network
) -> None:
    async with staged(ready_url, relay, network) as bot:
        posts = await opened(bot)
        await entered(bot, posts, 2)
        await bot.advance(HOUR)
        at = int(bot.clock.now().timestamp())
        await bot.say("creator", "/giveaway end")
        assert (await row(bot, id_of(posts["telegram"])))["round"] == network.chain.round_at(
            at + MARGIN
        )
        await bot.advance(70)
        assert len(said(bot, "যাঁরা জিতেছেন")) == 2


async def test_two_admins_ending_at_once_draw_once(
    ready_url: str, relay: Relay, network: Network
) -> None:
    async with staged(ready_url, relay, network) as bot:
        await bot.say("second", "hi")
        member = await bot.unit(lambda tx: people.find_member(tx, "c1", "telegram", "second"))
        await bot.unit(lambda tx: people.set_role(tx, "c1", member.id, Role.MANAGER))
        posts = await opened(bot)
        await entered(bot, posts, 3)
        await bot.say("creator", "/giveaway end")
        assert "চলছে না" in (await bot.say("second", "/giveaway end"))[-1].text
        await bot.advance(70)
        assert len(said(bot, "তালিকা বন্ধ হলো")) == 2
        assert len(said(bot, "যাঁরা জিতেছেন")) == 2


async def test_seeking_and_drawing_again_change_nothing(
    ready_url: str, relay: Relay, network: Network
) -> None:
    async with staged(ready_url, relay, network) as bot:
        posts = await opened(bot, winners=2)
        await entered(bot, posts, 4)
        await bot.advance(25 * HOUR)
        id = id_of(posts["telegram"])
        before, lines, tick = dict(await row(bot, id)), await events(bot, id), bot.playground.tick
        for action in (Seek(id, 0), Draw(id), Seek(id, 3)):
            await again(bot, action)
        assert dict(await row(bot, id)) == before
        assert await events(bot, id) == lines
        assert bot.seen(after=tick) == []
        for action in (Seek(id, 0), Draw(id)):
            assert "পুরোনো" in await told(bot, "creator", posts["telegram"], forged(action))


@pytest.mark.parametrize("steps", [[Freeze], [Freeze, Seek], [Freeze, Seek, Draw]])
async def test_after_a_crash_at_any_step_the_rest_happens_once(
    database_url: str, relay: Relay, network: Network, steps: list[type[Action]]
) -> None:
    async with staged(database_url, relay, network) as dead:
        posts = await opened(dead, winners=2)
        await entered(dead, posts, 6)
    id = id_of(posts["telegram"])
    dead.clock.advance(24 * HOUR)
    async with dying(dead, database_url) as process:
        for step in steps:
            timers = await claimed(process)
            assert await fire(process, timers, step) == 1
            dead.clock.advance(MARGIN + 4 if step is Freeze else 0)
        await relays_of(dead).close()
    async with alive(dead, database_url) as bot:
        await bot.advance(MARGIN + 10)
        assert sorted(m.platform for m in said(bot, "তালিকা বন্ধ হলো")) == ["discord", "telegram"]
        assert sorted(m.platform for m in said(bot, "যাঁরা জিতেছেন")) == ["discord", "telegram"]
        assert len(said(bot, "অভিনন্দন", "dm")) == len(await winners(bot, id)) == 2
        kinds = [e["kind"] for e in await events(bot, id)]
        assert kinds[-3:] == ["freeze", "beacon", "draw"]
        await relays_of(dead).close()


async def test_two_seekers_at_once_take_one_value_and_draw_once(
    database_url: str, relay: Relay, network: Network
) -> None:
    async with staged(database_url, relay, network) as dead:
        posts = await opened(dead)
        await entered(dead, posts, 4)
    id = id_of(posts["telegram"])
    dead.clock.advance(24 * HOUR)
    async with dying(dead, database_url) as one, dying(dead, database_url) as two:
        await fire(one, await claimed(one), Freeze)
        dead.clock.advance(MARGIN + 4)
        first = await claimed(one)
        await put_timer(two, Seek(id, 0))
        second = await claimed(two)
        fired = await asyncio.gather(fire(one, first, Seek), fire(two, second, Seek))
        assert sum(fired) == 2
        draws = await claimed(two)
        await put_timer(one, Draw(id))
        more = await claimed(one)
        drawn = await asyncio.gather(fire(one, more, Draw), fire(two, draws, Draw))
        assert sum(drawn) == 2
        await relays_of(dead).close()
    async with alive(dead, database_url) as bot:
        kinds = [e["kind"] for e in await events(bot, id)]
        assert (kinds.count("beacon"), kinds.count("draw")) == (1, 1)
        assert len(said(bot, "যাঁরা জিতেছেন")) == 2
        assert len(said(bot, "অভিনন্দন", "dm")) == 1


# Manual values -------------------------------------------------------------------------------


async def test_manual_values_are_the_teams_to_give_once_and_seen_by_all(bot: Stage) -> None:
    posts = await planned(bot, Plan(beacon="manual", source="ডিএসইএক্স সূচক, ২১ নভেম্বর"))
    await entered(bot, posts, 3)
    await bot.advance(24 * HOUR)
    assert "ডিএসইএক্স সূচক" in said(bot, "তালিকা বন্ধ হলো")[0].text
    assert len(said(bot, "/giveaway beacon দিয়ে সেটা পাঠান", "dm")) == 2
    assert "অপেক্ষায় নেই" in (await bot.say("Rima", "/giveaway beacon 6251.88"))[-1].text
    await bot.say("creator", "/giveaway beacon ৫২৫১.৮৮")
    announced = said(bot, "যাঁরা জিতেছেন")
    assert len(announced) == 2
    assert "৫২৫১.৮৮" in announced[0].text
    assert "অপেক্ষায় নেই" in (await bot.say("creator", "/giveaway beacon 1"))[-1].text


# Eligibility ---------------------------------------------------------------------------------

STRICT = Plan(requirements=Requirements(member_days=1))


async def met(bot: Stage, *fans: str) -> None:
    """The bot has known them for two days."""
    for fan in fans:
        await bot.say(fan, "/giveaway show")
    await bot.advance(48 * HOUR)


async def test_a_winner_who_left_the_group_is_skipped_in_public_and_the_next_one_wins(
    bot: Stage,
) -> None:
    fans = ("Rima", "Lota", "Mina", "Tuli")
    await met(bot, *fans)
    posts = await planned(bot, STRICT)
    for fan in fans:
        await bot.press(fan, posts["telegram"], "যোগ দিন")
        if fan != "Mina":
            bot.playground.memberships["telegram", "fans", fan] = None
    await bot.advance(24 * HOUR)
    id = id_of(posts["telegram"])
    assert [one["user_id"] for one in await winners(bot, id)] == ["Mina"]
    skips = [e for e in await events(bot, id) if e["kind"] == "skip"]
    assert [(e["rule"], e["by"]) for e in skips] == [("left", "bot")] * 3
    drawn = next(e for e in await events(bot, id) if e["kind"] == "draw")
    assert not {e["C"] for e in skips} & {*drawn["winners"], *drawn["reserves"]}
    told_all = said(bot, "যাঁরা জিতেছেন")
    assert "বাদ পড়েছেন ৩ জন" in told_all[0].text
    assert "৩ জন: চলে গেছেন" in told_all[0].text


async def test_while_a_platform_cannot_tell_nothing_changes_and_the_draw_follows(
    bot: Stage,
) -> None:
    await met(bot, "Rima")
    posts = await planned(bot, STRICT)
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    bot.playground.memberships["telegram", "fans", "Rima"] = Busy(1)
    id = id_of(posts["telegram"])
    await bot.advance(25 * HOUR)
    assert (await row(bot, id))["drawn_at"] is None
    assert len(said(bot, "প্ল্যাটফর্ম থেকে জানতে পারছি না", "dm")) == 2
    del bot.playground.memberships["telegram", "fans", "Rima"]
    await bot.advance(timedelta(minutes=20).total_seconds())
    assert (await row(bot, id))["drawn_at"] is not None
    assert len(said(bot, "প্ল্যাটফর্ম থেকে জানতে পারছি না", "dm")) == 2


async def test_nobody_eligible_is_said_with_the_rules(bot: Stage) -> None:
    await met(bot, "Rima")
    posts = await planned(bot, STRICT)
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    bot.playground.memberships["telegram", "fans", "Rima"] = None
    await bot.advance(25 * HOUR)
    announced = said(bot, "তাই কেউ জেতেননি")
    assert len(announced) == 2
    assert "বাদ পড়েছেন ১ জন" in announced[0].text
    assert (await row(bot, id_of(posts["telegram"])))["closed_at"] is not None


# A platform that is away ---------------------------------------------------------------------


async def test_a_platform_down_at_the_close_is_told_later_exactly_once(bot: Stage) -> None:
    posts = await opened(bot)
    await entered(bot, posts, 3)
    bot.playground.down.add("telegram")
    await bot.advance(24 * HOUR + 30)
    assert [m.platform for m in said(bot, "যাঁরা জিতেছেন")] == ["discord"]
    bot.playground.down.clear()
    await bot.advance(600)
    for words in ("তালিকা বন্ধ হলো", "যাঁরা জিতেছেন"):
        assert sorted(m.platform for m in said(bot, words)) == ["discord", "telegram"]
    assert "ড্র হয়ে গেছে" in posts["telegram"].text
