"""Winners who take their prizes while the bot dies and rises, until it says that it heard them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from tests.crowd import Crowd, Deed, words_of
from tests.peers.discord_world import Interaction
from tests.peers.telegram_people import Json

CLAIM = "gj:"  # how the data of the button begins
HEARD = ("giveaway.claim_done", "giveaway.claim_again")
WHERE = "House 5, Road 3, Dhaka"
LOOK = 0.1  # seconds between two looks at what came
PATIENCE = 8.0  # seconds until somebody tries once more

Who = tuple[str, str]  # platform, name


class Claimants:
    """`told` were shown that they won, `claimed` that their claim was heard."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd, self.telegram, self.discord = crowd, crowd.telegram, crowd.discord
        self.told: set[Who] = set()
        self.claimed: set[Who] = set()

    @property
    def waiting(self) -> bool:
        """Whether somebody was told and not yet heard."""
        return bool(self.told - self.claimed)

    async def act(self, enough: asyncio.Event) -> None:
        """Claim whatever was won, until it is enough."""
        async with asyncio.TaskGroup() as winners:
            while not enough.is_set():
                for who, message in self._won():
                    self.told.add(who)
                    winners.create_task(self._claims(who, message, enough))
                await asyncio.sleep(LOOK)

    def _won(self) -> list[tuple[Who, Json]]:
        """Private messages with the button, to people who saw none before."""
        names = {deed.who for deed in self.crowd.deeds}
        here = {self.telegram.person(name).id: name for name in names}
        there = {user["id"]: name for name, user in self.discord.world.users.items()}
        found: list[tuple[Who, Json]] = []
        for message in list(self.telegram.messages.values()):
            if message["chat"]["id"] in here and data_of(message):
                found.append((("telegram", here[message["chat"]["id"]]), message))
        for message in self.discord.messages:
            people = self.discord.world.channels[message["channel_id"]].get("recipients", [])
            if people and people[0]["id"] in there and data_of(message):
                found.append((("discord", there[people[0]["id"]]), message))
        return [(who, message) for who, message in found if who not in self.told]

    async def _claims(self, who: Who, message: Json, enough: asyncio.Event) -> None:
        tries = self._here if who[0] == "telegram" else self._there
        while who not in self.claimed and not enough.is_set():
            if await tries(who[1], message):
                self.claimed.add(who)

    # On Telegram: a press, a question, an answer, a word of thanks ------------------------------

    async def _here(self, who: str, message: Json) -> bool:
        before = len(self.telegram.seen(who))
        self.crowd.press_here(who, message, data_of(message))
        if await self._until(lambda: self._heard(who) or len(self.telegram.seen(who)) > before):
            self.crowd.says_here(who, WHERE)
        return await self._until(lambda: self._heard(who))

    def _heard(self, who: str) -> bool:
        texts = [message["text"] for message in self.telegram.seen(who)]
        return any(words_of(key) in text for key in HEARD for text in texts)

    # On Discord: a press, a form, an answer -------------------------------------------------------

    async def _there(self, who: str, message: Json) -> bool:
        modals = self.discord.rest.replies.modals
        await self.crowd.connected()
        with suppress(KeyError):  # the button is gone when the prize is claimed
            pressed = await self.discord.presses(who, message, data_of(message))
            await self._until(lambda: pressed.state != "new")
            sheet = next((id for (user, id), (told, _) in modals.items() if told is pressed), "")
            if not sheet:
                self._note(who, pressed)
                return pressed.state == "shown"
            filled = await self.discord.submits(who, sheet, {"details": WHERE})
            self._note(who, filled)
            return await self._until(lambda: filled.state == "shown")
        return True

    def _note(self, who: str, told: Interaction) -> None:
        self.crowd.deeds.append(Deed(who, "discord", f"discord:{told.id}", told=told))

    async def _until(self, happened: Callable[[], bool]) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not happened():  # noqa: ASYNC110 - two servers' news
                    await asyncio.sleep(LOOK)
        return happened()


def data_of(message: Json) -> str:
    """What stands behind the button that claims, empty when there is none."""
    here = (
        key for row in message.get("reply_markup", {}).get("inline_keyboard", []) for key in row
    )
    there = (key for row in message.get("components", []) for key in row["components"])
    data = [key.get("callback_data") for key in here] + [key.get("custom_id") for key in there]
    return next((one for one in data if one and one.startswith(CLAIM)), "")
