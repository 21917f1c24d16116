"""A loopback Discord server that tests and benchmarks attach the bot to: REST and gateway.

As its own process: `python -m tests.peers.discord` prints its addresses as a line of JSON, then
answers lines like `{"call": "slash", "with": {"user": "Rina", "path": "help"}}` on its input.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any

from aiohttp import web

from tests.peers.discord_gateway import Gateway
from tests.peers.discord_limits import STRING
from tests.peers.discord_rest import Fault, Rest
from tests.peers.discord_world import (
    MODAL,
    PRESS,
    SLASH,
    TYPING,
    Interaction,
    Json,
    Request,
    World,
    find_button,
    options_of,
)

TOKEN = "peer-token"
HOME = "Adda fans"  # the server in which things happen unless a test says otherwise


class DiscordPeer:
    """`async with DiscordPeer() as peer:` then point the bot at `api_base` and `gateway_url`."""

    def __init__(self, token: str = TOKEN, port: int = 0) -> None:
        self.world = World()
        self.rest = Rest(self.world, self._told)
        self.gateway = Gateway(self.world, self._told)
        self.rest.token = self.gateway.token = self.token = token
        self.world.guild(HOME)["joined_at"] = "2024-01-01T00:00:00.000000+00:00"
        self._port = port
        self._changed = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> DiscordPeer:
        api, app = web.Application(), web.Application()
        api.add_routes(self.rest.routes())
        app.add_subapp("/api/v10", api)
        app.router.add_get("/gateway", self.gateway.handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.api_base = f"http://{host}:{port}/api/v10"
        self.gateway_url = self.gateway.url = self.rest.gateway_url = f"ws://{host}:{port}/gateway"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.gateway.reset()
        if self._runner is not None:
            await self._runner.cleanup()

    # What was seen ---------------------------------------------------------------------------

    @property
    def sent(self) -> list[Request]:
        """Every request of the bot, oldest first."""
        return self.rest.sent

    @property
    def invalid(self) -> list[str]:
        """Everything the bot did that Discord's documentation forbids."""
        return self.rest.invalid + self.gateway.invalid

    @property
    def messages(self) -> list[Json]:
        """Every message the bot wrote and did not delete, as it now reads."""
        mine = self.world.bot["id"]
        return [m for m in self.world.messages.values() if m["author"]["id"] == mine]

    async def answers(self, interaction: Interaction, deadline: float = 5.0) -> Json:
        """The body of the first response to an interaction, when it comes.

        TimeoutError after `deadline` seconds.
        """
        return await asyncio.wait_for(asyncio.shield(interaction.first), deadline)

    def reply(self, interaction: Interaction) -> Json | None:
        """The message an interaction was answered with, as it now reads."""
        return self.world.messages.get(str(interaction.reply))

    async def until(self, seen: Callable[[], Any], deadline: float = 5.0) -> None:
        """Wait for something to become true, here (at once) or in the bot (looked at every 20 ms).

        TimeoutError after `deadline` seconds.
        """
        async with asyncio.timeout(deadline):
            while not seen():
                self._changed.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), 0.02)

    async def ready(self, deadline: float = 5.0) -> None:
        """Wait until a bot is connected."""
        await self.until(lambda: self.gateway.connected, deadline)

    def _told(self) -> None:
        self._changed.set()

    # What goes wrong -------------------------------------------------------------------------

    def fail(
        self, method: str, path: str, status: int | None = None, *, retry_after: float = 0.0,
        code: int = 0, times: int = 1, after: bool = False, everywhere: bool = False,
    ) -> None:  # fmt: skip
        """Let the next calls fail: with a status, or (None) a reset connection. See `Fault`."""
        fault = Fault(method, path, status, retry_after, code, times, after, everywhere)
        self.rest.faults.append(fault)

    def revoke(self) -> None:
        """The token is no longer good, here and on the gateway."""
        self.rest.token = self.gateway.token = "another"

    def ages(self, interaction: Interaction, seconds: float) -> None:
        """Let an interaction be older than it is."""
        interaction.at -= seconds

    # What people do --------------------------------------------------------------------------

    def _command(self, name: str, kind: int = 1) -> Json:
        for card in self.rest.commands:
            if card["name"] == name and card["type"] == kind:
                return card
        raise KeyError(f"the bot has no command {name!r}: nobody can call it")

    async def _tell(self, told: Interaction, data: Json, source: Json | None = None) -> Interaction:
        self.rest.replies.interactions[told.token] = told
        await self.gateway.emit("INTERACTION_CREATE", self.world.payload(told, data, source))
        return told

    async def slash(
        self, user: str, path: str, options: Json | None = None, *, guild: str = HOME,
        dm: bool = False,
    ) -> Interaction:  # fmt: skip
        """Someone calls a command ("giveaway new") with options of type str, int or bool."""
        name, *sub = path.split()
        card = self._command(name)
        leaf = next((o for o in card.get("options", []) if sub and o["name"] == sub[0]), card)
        if sub and leaf is card:
            raise KeyError(f"/{name} has no sub-command {sub[0]!r}")
        given = options or {}
        known = {option["name"]: option for option in leaf.get("options", [])}
        missing = {name for name, option in known.items() if option.get("required")} - given.keys()
        if missing or given.keys() - known.keys():
            raise KeyError(f"/{path} cannot be sent with {sorted(given)}")
        told = self.world.interaction(user, SLASH, None if dm else guild)
        data = {"id": card["id"], "name": name, "type": 1, "options": options_of(sub, given)}
        return await self._tell(told, data)

    async def types(
        self, user: str, path: str, option: str, so_far: str, *, guild: str = HOME, dm: bool = False
    ) -> Interaction:
        """Someone is typing an option's value."""
        name, *sub = path.split()
        card = self._command(name)
        told = self.world.interaction(user, TYPING, None if dm else guild)
        values = options_of(sub, {option: so_far})
        (values[0]["options"] if sub else values)[0].update(focused=True, type=STRING)
        data = {"id": card["id"], "name": name, "type": 1, "options": values}
        return await self._tell(told, data)

    async def menu(self, user: str, label: str, message: Json) -> Interaction:
        """Someone picks an entry of a message's context menu."""
        card = self._command(label, kind=3)
        told = self.world.interaction(user, SLASH, self._where(message))
        data = {"id": card["id"], "name": label, "type": 3, "target_id": message["id"],
                "resolved": {"messages": {message["id"]: message}}}  # fmt: skip
        return await self._tell(told, data)

    async def presses(self, user: str, message: Json, button: str) -> Interaction:
        """Someone presses a button, named by its label or custom_id."""
        found = find_button(message, button)
        told = self.world.interaction(user, PRESS, self._where(message))
        told.source = message["id"]
        data = {"custom_id": found["custom_id"], "component_type": 2, "id": 2}
        return await self._tell(told, data, message)

    async def submits(self, user: str, modal: str, values: dict[str, str]) -> Interaction:
        """Someone fills the modal they were shown; fields not named stay as they were."""
        shown, sheet = self.rest.replies.modals[user, modal]
        told = self.world.interaction(user, MODAL, None)
        told.place, told.source = shown.place, shown.source
        labels: list[Json] = []
        for label in sheet["components"]:
            field = label["component"]
            value = values.get(field["custom_id"], field.get("value", ""))
            if (field.get("required", True) and not value) or len(value) > field["max_length"]:
                raise ValueError(f"Discord lets nobody send {value!r} as {field['custom_id']!r}")
            filled = {"type": 4, "id": 2, "custom_id": field["custom_id"], "value": value}
            labels.append({"type": 18, "id": 1, "component": filled})
        data = {"custom_id": modal, "components": labels}
        return await self._tell(told, data, self.world.messages.get(str(shown.source)))

    def _where(self, message: Json) -> str | None:
        guild = self.world.channels[message["channel_id"]].get("guild_id")
        return next((n for n, g in self.world.guilds.items() if g["id"] == guild), None)

    async def says(
        self, user: str, text: str, *, guild: str | None = HOME, mention: bool = False,
        answering: Json | None = None,
    ) -> Json:  # fmt: skip
        """Someone writes; the bot sees the text only in a DM or when it is mentioned."""
        place, bot = self.world.place(user, guild), self.world.bot
        made = self.world.message(place["channel_id"], self.world.user(user), {"content": text})
        seen: Json = {**made, "mentions": [bot] if mention else []}
        if guild is not None:
            seen |= {"guild_id": place["guild_id"], "member": self.world.who(user, place)["member"]}
            del seen["member"]["user"]
        if answering is not None:
            reference = {"message_id": answering["id"], "channel_id": made["channel_id"]}
            seen |= {"message_reference": reference, "referenced_message": answering, "type": 19}
        if guild is not None and not mention:
            seen["content"] = ""  # the message content intent is privileged
        await self.gateway.emit("MESSAGE_CREATE", seen)
        return made

    async def mentions(self, user: str, text: str, *, guild: str = HOME) -> Json:
        """Someone writes to the bot in a server."""
        return await self.says(user, f"<@{self.world.bot['id']}> {text}", guild=guild, mention=True)

    async def replies(self, user: str, message: Json, text: str) -> Json:
        """Someone answers a message of the bot's, which notifies it."""
        guild = self._where(message)
        return await self.says(user, text, guild=guild, mention=True, answering=message)

    async def dm(self, user: str, text: str) -> Json:
        """Someone writes to the bot alone."""
        return await self.says(user, text, guild=None)

    async def invites(self, guild: str) -> None:
        """Someone adds the bot to a server."""
        await self.gateway.emit("GUILD_CREATE", self.world.guild(guild))

    async def removes(self, guild: str) -> None:
        """Someone removes the bot from a server."""
        gone = self.world.guilds.pop(guild)
        await self.gateway.emit("GUILD_DELETE", {"id": gone["id"]})


async def _main() -> None:
    from tests.peers.discord_process import serve

    async with DiscordPeer() as peer:
        await serve(peer, sys.stdin, sys.stdout)


if __name__ == "__main__":
    asyncio.run(_main())
