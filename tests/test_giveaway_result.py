"""The result of a draw: anybody can recompute it, and everybody can read it."""

from __future__ import annotations

import json
from hashlib import sha256

from handlers.giveaways import fairness, terms
from handlers.giveaways.actions import Result
from handlers.giveaways.fairness import Entry, Parameters
from storage import giveaway_pool as pool
from storage import giveaways as store
from storage.giveaway_pool import Listed
from tests.giveaway_stage import HOUR, entered, forged, id_of, link, opened, row, told, winners
from tests.stage import Stage


async def _lines(bot: Stage, giveaway: str) -> tuple[Listed, ...]:
    """The list as it follows from who is in."""
    found = await bot.unit(lambda tx: store.get(tx, "c1", giveaway))
    keys = await bot.unit(lambda tx: store.keys(tx, giveaway))
    accounts = await bot.unit(lambda tx: pool.accounts(tx, giveaway))
    return terms.close(found, keys.key, accounts).lines


async def test_anybody_with_the_published_facts_finds_the_same_winners(bot: Stage) -> None:
    posts = await opened(bot, winners=3)
    await entered(bot, posts, 9)
    await bot.advance(24 * HOUR)
    id = id_of(posts["telegram"])
    kept = await row(bot, id)
    parameters = Parameters(**json.loads(kept["params"]))
    assert parameters.canonical().decode() == kept["params"]
    assert sha256(b"gw1:params\0" + kept["params"].encode()).hexdigest() == kept["params_hash"]
    rows = await bot.unit(lambda tx: tx.all("giveaway_list_of", id=id))
    entries = [Entry(bytes.fromhex(r["commitment"]), r["tickets"]) for r in rows]
    frozen = fairness.freeze(parameters, entries)
    assert (frozen.root.hex(), frozen.head.hex()) == (kept["root"], kept["head"])
    secret = bytes.fromhex(kept["secret"])
    assert fairness.check_reveal(parameters.beacon.removeprefix("commit-reveal:"), secret)
    seed = fairness.seed(frozen.head, fairness.revealed_randomness(secret))
    best = [entry.commitment.hex() for entry in fairness.rank(seed, entries)[:3]]
    numbers = {x.commitment: x.number for x in await _lines(bot, id)}
    assert [one["number"] for one in await winners(bot, id)] == [numbers[c] for c in best]


async def test_the_secret_is_kept_until_the_draw(bot: Stage) -> None:
    posts = await opened(bot)
    id = id_of(posts["telegram"])
    keys = await bot.unit(lambda tx: store.keys(tx, id))
    sealed = await bot.unit(lambda tx: tx.one("giveaway_key_get", id=id))
    assert keys.secret.hex() not in str(dict(sealed))
    assert (await row(bot, id))["secret"] is None
    await bot.advance(24 * HOUR)
    assert (await row(bot, id))["secret"] == keys.secret.hex()


async def test_linked_accounts_are_one_line_under_their_joint_name(bot: Stage) -> None:
    posts = await opened(bot)
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    await link(bot, "Rima")
    await bot.advance(24 * HOUR)
    id = id_of(posts["telegram"])
    keys = await bot.unit(lambda tx: store.keys(tx, id))
    person = "dc:Rima+tg:Rima"
    public = terms.terms_of(await bot.unit(lambda tx: store.get(tx, "c1", id))).id
    made = fairness.commitment(fairness.salt(keys.key, person), public, person)
    rows = await bot.unit(lambda tx: tx.all("giveaway_list_of", id=id))
    assert [r["commitment"] for r in rows] == [made.hex()]


async def test_the_result_shows_every_number_needed_and_whether_the_reader_won(bot: Stage) -> None:
    posts = await opened(bot)
    await entered(bot, posts, 2)
    await bot.advance(24 * HOUR)
    kept = await row(bot, id_of(posts["discord"]))
    seen = {fan: await told(bot, fan, posts["discord"], "ফল যাচাই") for fan in ("fan1", "Rima")}
    for name in ("params_hash", "root", "head", "secret"):
        assert kept[name] in seen["fan1"]
    found = await bot.unit(lambda tx: store.get(tx, "c1", kept["id"]))
    assert terms.beacon_of(found).value in seen["fan1"]
    assert "আপনার এন্ট্রি নম্বর ১" in seen["fan1"]
    assert "আপনার এন্ট্রি" not in seen["Rima"]
    assert "আয়োজকের ওপর ভরসা" in seen["Rima"]


async def test_the_result_command_shows_the_last_draw_and_offers_those_before(bot: Stage) -> None:
    assert "এখনও কোনো গিভঅ্যাওয়ের ড্র হয়নি" in (await bot.say("Rima", "/giveaway result"))[-1].text
    await opened(bot, "বই", 1)
    await bot.advance(HOUR)
    await opened(bot, "কলম", 1)
    await bot.advance(HOUR)
    shown = (await bot.say("Rima", "/giveaway result"))[-1]
    assert "ফল: কলম" in shown.text
    assert "ফল: বই" in await told(bot, "Rima", shown, "বই")


async def test_a_result_before_the_draw_says_when_it_will_be(bot: Stage) -> None:
    posts = await opened(bot)
    early = forged(Result(id_of(posts["telegram"])))
    assert "এখনও ড্র হয়নি" in await told(bot, "Rima", posts["telegram"], early)


async def test_the_draw_is_in_english_for_english_readers(bot: Stage) -> None:
    posts = await opened(bot)
    await bot.say("Rima", "/language en")
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    await bot.advance(24 * HOUR)
    seen = (await bot.say("Rima", "/giveaway result"))[-1].text
    assert "Entry no. 1 won" in seen
    assert "Your entry is no. 1. You won!" in seen
    assert "you are trusting the organiser" in seen
