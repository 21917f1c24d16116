"""A crowd on Telegram, on Discord and at short links that goes on while the bot dies and rises.

Everybody does one thing, or the same thing twice; what they saw because of it is read from the
platforms afterwards.
"""

from __future__ import annotations

import asyncio
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import aiohttp

from tests.peers.discord import HOME, DiscordPeer
from tests.peers.discord_world import Interaction, find_button
from tests.peers.telegram import TelegramPeer
from tests.peers.telegram_people import Json
from tests.user_agents import CHROME

RATE = 40.0  # deeds a second
AGAIN = 0.1  # seconds until somebody tries again who found nobody there
QUESTION = "red dress price?"
ENTER = "Enter"
PLACEHOLDER = "One moment…"
WORDS = Path(__file__).parent.parent / "bot" / "words" / "en"
UNASKED = ("you_win", "you_win_claim", "you_lose", "you_wait", "cancelled")


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did: `event` is its id as the bot knows it, `query` or `told` its ticket."""

    who: str
    platform: str
    event: str
    query: str = ""
    told: Interaction | None = None


class Crowd:
    """`posts` are the giveaway's public posts by platform, `slug` that of the link they open."""

    def __init__(self, telegram: TelegramPeer, discord: DiscordPeer, url: str, rng: Random) -> None:
        self.telegram, self.discord, self.url, self.rng = telegram, discord, url, rng
        self.slug = ""
        self.posts: Mapping[str, Json] = {}
        self.deeds: list[Deed] = []
        self.clicked: set[str] = set()  # referring hosts whose click was acknowledged
        self.enough = asyncio.Event()
        self._count = 0
        self._updates: list[Json] = []

    @property
    def seen(self) -> int:
        """How much the bot did that somebody outside could see."""
        return len(self.telegram.sent) + len(self.discord.sent) + len(self.clicked)

    async def act(self) -> None:
        """Do one thing after another at random moments until it is enough."""
        deeds: list[Callable[[aiohttp.ClientSession], Any]] = [
            self._enters_here, self._enters_there, self._presses_twice, self._asks_here,
            self._asks_there, self._clicks, self._comes_again,
        ]  # fmt: skip
        async with aiohttp.ClientSession() as browser, asyncio.TaskGroup() as people:
            while not self.enough.is_set():
                people.create_task(self.rng.choice(deeds)(browser))
                await asyncio.sleep(self.rng.expovariate(RATE))

    def _somebody(self, kind: str) -> str:
        self._count += 1
        name = f"{kind} {self._count}"
        self.telegram.person(name, "en")
        return name

    def forget(self) -> None:
        """A new round begins."""
        self.deeds, self.clicked = [], set()
        self.enough.clear()

    # What they do -------------------------------------------------------------------------------

    async def _enters_here(self, _browser: aiohttp.ClientSession) -> None:
        """Half of them said hello before, so that they can be told that they won."""
        who = self._somebody("fan")
        if self.rng.random() < 0.5:
            self.says_here(who, "/start")
        self._press_here(who)

    def _press_here(self, who: str) -> None:
        self.press_here(who, self.posts["telegram"], data_of(self.posts["telegram"]))

    def press_here(self, who: str, message: Json, data: str) -> None:
        """Somebody presses the button with this data on Telegram."""
        update = self.telegram.presses(who, message, data, forged=True)
        query = update["callback_query"]["id"]
        self.deeds.append(Deed(who, "telegram", f"telegram:{update['update_id']}", query))
        self._updates.append(update)

    async def _enters_there(self, _browser: aiohttp.ClientSession) -> None:
        who = self._somebody("fan")
        await self.connected()
        await self._press_there(who)

    async def connected(self) -> None:
        """Until Discord can tell the bot of what somebody does, or it is enough."""
        gateway = self.discord.gateway
        await self.discord.until(lambda: gateway.connected or self.enough.is_set(), 60.0)

    async def _press_there(self, who: str) -> None:
        with suppress(KeyError):  # the button went away when the giveaway ended
            told = await self.discord.presses(who, self.posts["discord"], ENTER)
            self.deeds.append(Deed(who, "discord", f"discord:{told.id}", told=told))

    async def _presses_twice(self, _browser: aiohttp.ClientSession) -> None:
        who = self._somebody("eager fan")
        self._press_here(who)
        self._press_here(who)
        await self.connected()
        await self._press_there(who)
        await self._press_there(who)

    async def _asks_here(self, _browser: aiohttp.ClientSession) -> None:
        self.says_here(self._somebody("asker"), QUESTION)

    def says_here(self, who: str, text: str) -> None:
        """Somebody writes to the bot alone on Telegram."""
        update = self.telegram.says(who, text)
        self.deeds.append(Deed(who, "telegram", f"telegram:{update['update_id']}"))
        self._updates.append(update)

    async def _asks_there(self, _browser: aiohttp.ClientSession) -> None:
        who = self._somebody("asker")
        await self.connected()
        told = await self.discord.slash(who, "ask", {"question": QUESTION})
        self.deeds.append(Deed(who, "discord", f"discord:{told.id}", told=told))

    async def _comes_again(self, _browser: aiohttp.ClientSession) -> None:
        """Telegram delivers something a second time that it delivered before."""
        delivered = self._updates[: len(self._updates) - self.telegram.waiting][-50:]
        if delivered:
            self.telegram.again(self.rng.choice(delivered))

    async def _clicks(self, browser: aiohttp.ClientSession) -> None:
        """Open the link, again while nobody answers there."""
        while not (await self._led(browser) or self.enough.is_set()):
            with suppress(TimeoutError):
                await asyncio.wait_for(self.enough.wait(), AGAIN)

    async def _led(self, browser: aiohttp.ClientSession) -> bool:
        """One try, known by a referring host of its own."""
        host = f"{self._somebody('clicker').replace(' ', '-')}.example"
        headers = {"User-Agent": CHROME, "Referer": f"https://{host}/"}
        with suppress(aiohttp.ClientError):
            address = f"{self.url}/{self.slug}"
            async with browser.get(address, headers=headers, allow_redirects=False) as led:
                if led.status == 302:
                    self.clicked.add(host)
                return True
        return False

    # What they saw ------------------------------------------------------------------------------

    def read(self) -> dict[tuple[str, str], list[str]]:
        """Every answer by (platform, name): a toast that was shown again is one answer."""
        toasts: defaultdict[str, set[str]] = defaultdict(set)
        for call in self.telegram.asked("answerCallbackQuery"):
            if call.status == 200 and call.text:
                toasts[call.values["callback_query_id"]].add(call.text)
        found: dict[tuple[str, str], list[str]] = {}
        for deed in self.deeds:
            key = (deed.platform, deed.who)
            if key not in found:
                found[key] = [text for text in self._alone(*key) if not _unasked(text)]
            found[key] += toasts[deed.query] if deed.told is None else self._answers(deed.told)
        return found

    def _alone(self, platform: str, who: str) -> list[str]:
        """What stands in the private chat with somebody."""
        if platform == "telegram":
            return [message["text"] for message in self.telegram.seen(who)]
        channel = self.discord.world.dm(self.discord.world.user(who)["id"])["id"]
        return [m["content"] for m in self.discord.messages if m["channel_id"] == channel]

    def _answers(self, told: Interaction) -> list[str]:
        """What an interaction in public was answered with; "thinking…" is no answer."""
        if "guild_id" not in told.place:
            return []  # that stands in the private chat
        shown = [told.reply] if told.reply and told.state == "shown" else []
        messages = self.discord.world.messages
        return [messages[id]["content"] for id in (*shown, *told.followups) if id in messages]

    def notices(self, platform: str, who: str, words: str) -> int:
        """How often somebody was told this in private."""
        return sum(words in text for text in self._alone(platform, who))

    def public(self, group: Any, start: str) -> dict[str, list[str]]:
        """The messages in public that begin so, by platform."""
        channel = self.discord.world.guild(HOME)["channels"][0]["id"]
        there = [m["content"] for m in self.discord.messages if m["channel_id"] == channel]
        here = [message["text"] for message in self.telegram.seen(group)]
        return {
            "telegram": [text for text in here if text.startswith(start)],
            "discord": [text for text in there if text.startswith(start)],
        }

    def reachable(self, platform: str, who: str) -> bool:
        """Whether the platform lets the bot write to them in private."""
        return platform == "discord" or self.telegram.private(who).bot == "member"

    def user(self, platform: str, who: str) -> str:
        """Somebody's id on a platform."""
        if platform == "telegram":
            return str(self.telegram.person(who).id)
        return str(self.discord.world.user(who)["id"])


@cache
def words_of(key: str) -> str:
    """The longest piece of a sentence in English that has no value in it."""
    section, _, name = key.partition(".")
    for file in WORDS.glob("*.toml"):
        sentence = tomllib.loads(file.read_text("utf-8")).get(section, {}).get(name)
        if sentence is not None:
            return max(re.split(r"{[^}]*}", sentence), key=len).strip()
    raise KeyError(key)


def _unasked(text: str) -> bool:
    """What people are told without their asking just now."""
    return any(words_of(f"giveaway.{name}") in text for name in UNASKED)


def data_of(post: Json) -> str:
    """What stands behind the button that enters."""
    rows = post["reply_markup"]["inline_keyboard"]
    return str(next(key["callback_data"] for row in rows for key in row if key["text"] == ENTER))


def has_button(message: Json) -> bool:
    """True for a post on Discord that can be entered."""
    with suppress(KeyError):
        return bool(find_button(message, ENTER))
    return False
