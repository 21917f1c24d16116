"""All that a brand sees of its campaign, in a community with another brand: for comparing one where
that other has figures, programs and chats of its own with one where it has nothing but a link."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from dataclasses import dataclass
from typing import Any

from aiohttp.test_utils import TestClient, TestServer

from handlers.reporting.sealing import Sealer
from handlers.reporting.signing import sign
from storage.whole import whole
from tests.receiver import Receiver, receiving
from tests.shop import URL, kept, new_link
from tests.stage import Stage
from tests.test_report_links import clicked
from tests.test_reports import invite
from web.api import api_routes
from web.app import application
from web.report import report_routes

HOUR = 3600
OURS, THEIRS = "Aarong", "Bata"
Client = TestClient[Any, Any]
# What differs rightly: secrets, ids, hashes, and how far the chain of all brands has come.
_OWN = re.compile(r"[0-9a-f]{64}|[0-9a-z]{32}|\b[0-9a-z]{16}\b|(?<=[Ee]ntry )[0-9]+")


@dataclass
class Scene:
    """A community with two brands, of which ours is looked at."""

    bot: Stage
    shop: Receiver
    client: Client
    found: dict[str, str]

    async def ask(self, brand: str, command: str, more: str = "") -> str:
        """What the team is answered."""
        seen = await self.bot.say("creator", f"/report {command} {brand}{more}")
        return seen[-1].text

    async def give(self, brand: str, path: str) -> dict[str, str]:
        """Everything by which a brand reads its figures: what was answered, by command."""
        to = f" | {self.shop.base}{path}"
        told = {
            "link": await self.ask(brand, "link"), "token": await self.ask(brand, "token"),
            "hook": await self.ask(brand, "hook", to),
            "card": await self.ask(brand, "card", " daily"),
        }  # fmt: skip
        if code := re.search(r"/report join (\S+)", told["card"]):
            who = "Aminul" if brand == OURS else "Karim"
            await self.bot.say(who, f"/report join {code[1]}", place=brand)
        return told

    async def sell(self, token: str, transaction: str, amount: int | None) -> str:
        """Tell of a sale, or take it back; the status."""
        id, key = (_line(token, name) for name in ("Id for postbacks", "Signing key for postbacks"))
        told: dict[str, Any] = {"transaction": transaction}
        told |= {"reverse": True} if amount is None else {"amount": amount, "currency": "BDT"}
        body, at = json.dumps(told).encode(), str(int(self.bot.clock.now().timestamp()))
        headers = {"Adda-Id": id, "Adda-Timestamp": at, "Adda-Signature": sign(key, at, body)}
        answer = await self.client.post("/v1/postback", data=body, headers=headers)
        return str(answer.status)


def _line(text: str, name: str) -> str:
    found = re.search(rf"{name}: (\S+)", text)
    return found[1] if found else ""


async def seen(url: str, *, others: bool) -> dict[str, str]:
    """By way: page, csv, json, proof, api, chat, team, card, hook, sales, and what commands said.

    The other brand is made first, so that a question that forgets whose it is finds that one.
    """
    async with receiving() as shop, Stage.open(url, public_url=URL) as bot:
        database, world = bot.adda.database, bot.adda.world
        routes = report_routes(database, world, secure=False) + api_routes(database, world, URL)
        async with TestClient(TestServer(application(routes))) as client:
            scene = Scene(bot, shop, client, {})
            await _played(scene, others)
    return {way: _OWN.sub("…", text) for way, text in scene.found.items()}


async def _played(scene: Scene, others: bool) -> None:
    bot = scene.bot
    await bot.say("creator", "/language en")
    theirs, ours = await new_link(bot, "Their reel", THEIRS), await new_link(bot, "TikTok", OURS)
    await invite(bot, "Aminul", OURS)
    await bot.say("Aminul", "/language en")
    await clicked(bot, ours, 40)
    token = await _others(scene, theirs) if others else ""
    told = await scene.give(OURS, "/ours")
    scene.found |= told
    sales: tuple[tuple[str, int | None], ...] = (
        ("A-1", 5), ("B", None), ("C", 9), ("C", None),
    )  # fmt: skip
    statuses = [await scene.sell(told["token"], *sale) for sale in sales]
    if others:
        await scene.sell(token, "A-1", None)
        for command, more in (
            ("revoke", ""), ("token", " | off"), ("hook", " | off"), ("card", " off")
        ):  # fmt: skip
            await scene.ask(THEIRS, command, more)
    scene.found["sales"] = " ".join(statuses)
    await _night(scene)
    if others:
        await clicked(bot, theirs, 29, "preview")  # late: their day is sealed anew
    await Sealer(bot.adda.database, bot.adda.world).catch_up()
    await bot.advance(60)
    await _looked(scene, told)


async def _others(scene: Scene, slug: str) -> str:
    """The other brand gets clicks, sales, talk and everything to read them by; its API token."""
    bot = scene.bot
    await clicked(bot, slug, 61)
    await clicked(bot, slug, 23, "bot")
    await bot.say("creator", f"/link edit {slug} | https://other.example/ |")
    told = await scene.give(THEIRS, "/theirs")
    for _ in range(4):
        await scene.ask(THEIRS, "hook", f" | {scene.shop.base}/theirs")
    await scene.sell(told["token"], "A-1", 77)
    await scene.sell(told["token"], "B", 78)
    (link,) = await kept(bot, f"select id, campaign from links where slug = '{slug}'")
    await _talk(bot, link["id"], slug, link["campaign"])
    return told["token"]


async def _talk(bot: Stage, link: str, slug: str, campaign: str) -> None:
    at, day = int(bot.clock.now().timestamp() * 1000), "2026-11-20"
    async with whole(bot.adda.settings.database_url) as db:
        await db.script([f"update conversions set link = '{link}' where transaction_id = 'B'"])
        await db.fill("link_intents", ("link", "day", "platform", "intents"),
                      [(link, day, "telegram", 37)])  # fmt: skip
        await db.fill(
            "entries", ("id", "community", "number", "asked", "helpful", "wrong", "created_at",
                        "changed_at", "link"), [("e1", "c1", 900, "dam", 0, 0, at, at, slug)],
        )  # fmt: skip
        await db.fill(
            "question_days", ("community", "day", "entry", "answered", "helpful", "wrong",
                              "handed"), [("c1", day, "e1", 784, 91, 33, 0)],
        )  # fmt: skip
        await db.fill(
            "giveaways", ("id", "community", "prize", "winners", "hours", "created_at",
                          "published_at", "last_number", "entered", "changes", "counted",
                          "campaign", "disclosure_bn", "disclosure_en"),
            [("g1", "c1", "x", 1, 1, at, at, 0, 55, 0, 0, campaign, "বিজ্ঞাপন", "Ad")],
        )  # fmt: skip
        await db.fill("click_revisions", ("campaign", "ruleset", "at", "was", "now", "clicks"),
                      [(campaign, "2", at, "human", "bot", 12)])  # fmt: skip


async def _night(scene: Scene) -> None:
    """The day is sealed; then it is ten in the morning."""
    await scene.bot.advance(13 * HOUR)
    await Sealer(scene.bot.adda.database, scene.bot.adda.world).catch_up()
    await scene.bot.advance(9 * HOUR)


async def _looked(scene: Scene, told: dict[str, str]) -> None:
    bot, found = scene.bot, scene.found
    found["again"] = await scene.ask(OURS, "link")
    path = _line(told["link"].replace(URL, "at: "), "at")
    page = await scene.client.post(f"{path}?language=en")
    found["page"] = await page.text()
    for name in ("report.csv", "report.json"):
        there = page.url.path.replace("/report", f"/{name}")
        found[name.partition(".")[2]] = await (
            await scene.client.get(f"{there}?language=en")
        ).text()
    zipped = await scene.client.get(page.url.path.replace("/report", "/proof.zip"))
    found["proof"] = _proof(await zipped.read()) if zipped.status == 200 else "none"
    by = {"Authorization": f"Bearer {_line(told['token'], 'Token')}"}
    for name in ("report.json", "report.csv", "conversions"):
        answer = await scene.client.get(f"/v1/{name}", headers=by)
        found[f"api {name}"] = await answer.text()
    for way, who in (("chat", "Aminul"), ("team", "creator")):
        (*_, said) = await bot.say(who, f"/report {OURS}")
        found[way] = said.text + (said.picture.values if said.picture else "")
    cards = bot.seen(place=OURS)
    found["card_sent"] = "\n".join(card.text for card in cards)
    found["hook_sent"] = "\n".join(
        got.raw.decode() for got in scene.shop.got if got.path == "/ours"
    )


def _proof(data: bytes) -> str:
    """The campaign's days, however often the chain came back to them."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        proof = json.loads(archive.read("proof.json"))
    entries = {entry["number"]: entry["day"] for entry in proof["chain"]}
    days = {
        (entries[day["number"]], len(base64.b64decode(day["leaves"])),
         *((total["class"], total["count"]) for total in day["totals"]))
        for day in proof["days"]
    }  # fmt: skip
    return repr(sorted(days))
