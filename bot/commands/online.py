"""Asking the platforms, outside of their adapters, whether a token is good and whose it is."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

PATIENCE = aiohttp.ClientTimeout(total=8, sock_connect=4)  # seconds
_TOKEN = re.compile(r"[\x21-\x7e]+")
# View channels, read history, send messages (in threads too), embed links, attach files.
PERMISSIONS = 1 << 10 | 1 << 16 | 1 << 11 | 1 << 38 | 1 << 14 | 1 << 15

REMEDY = {
    "Telegram": "Copy it again from @BotFather → /mybots → API Token.",
    "Discord": "Copy it again from the Developer Portal → your application → Bot → Reset Token.",
}


class Refused(Exception):
    """The platform does not know the token."""

    def __init__(self, platform: str, why: str) -> None:
        super().__init__(f"{platform.upper()}_TOKEN looks wrong: {why}. {REMEDY[platform]}")


class Unreachable(Exception):
    """The platform gave no answer that says whether the token is good."""

    def __init__(self, platform: str, why: str) -> None:
        super().__init__(
            f"{platform} cannot be asked ({why}). Check this machine's network and try again."
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` is JSON, or None; `date` the other side's clock, to the second."""

    status: int
    text: str
    body: Any
    date: datetime | None


@dataclass(frozen=True, slots=True)
class Account:
    """The bot behind a token; `id` is Telegram's user id or Discord's application id."""

    platform: str
    id: str
    name: str
    date: datetime | None

    def invite(self) -> str:
        """A link that adds the bot to a group or server with no more rights than it needs."""
        if self.platform == "Telegram":
            return f"https://t.me/{self.name}?startgroup"
        scope = f"scope=bot+applications.commands&permissions={PERMISSIONS}"
        return f"https://discord.com/oauth2/authorize?client_id={self.id}&{scope}"

    def claim(self, code: str) -> str:
        """How the owner uses the code here."""
        if self.platform == "Telegram":
            return f"https://t.me/{self.name}?start=claim_{code}"
        return f"/claim {code}"


async def get(url: str, headers: dict[str, str] | None = None) -> Answer:
    """A GET. Raises aiohttp.ClientError or TimeoutError."""
    async with (
        aiohttp.ClientSession(timeout=PATIENCE) as session,
        session.get(url, headers=headers, allow_redirects=False) as response,
    ):
        text, date = await response.text(errors="replace"), response.headers.get("Date")
    try:
        body = json.loads(text)
    except ValueError:
        body = None
    return Answer(response.status, text, body, parsedate_to_datetime(date) if date else None)


async def telegram(token: str, base: str, method: str = "getMe") -> Answer:
    """A method of the Bot API without arguments. Raises Refused or Unreachable."""
    if not re.fullmatch(r"\d+:[\w-]+", token, re.ASCII):
        raise Refused("Telegram", "it should read like 123456789:AAF…")
    return await _asked("Telegram", f"{base}{token}/{method}", None, (401, 404))


async def telegram_account(token: str, base: str) -> Account:
    """Whose token it is. Raises Refused or Unreachable."""
    answer = await telegram(token, base)
    me = answer.body["result"]
    return Account("Telegram", str(me["id"]), me["username"], answer.date)


async def discord_account(token: str, base: str) -> Account:
    """Whose token it is. Raises Refused or Unreachable."""
    if not _TOKEN.fullmatch(token):
        raise Refused("Discord", "it has spaces or letters no token has")
    headers = {"Authorization": f"Bot {token}"}
    answer = await _asked("Discord", f"{base}/oauth2/applications/@me", headers, (401,))
    return Account("Discord", answer.body["id"], answer.body["name"], answer.date)


async def _asked(
    platform: str, url: str, headers: dict[str, str] | None, refusals: tuple[int, ...]
) -> Answer:
    """No error names the address, because Telegram's holds the token."""
    try:
        answer = await get(url, headers)
    except TimeoutError:
        raise Unreachable(platform, "no answer in time") from None
    except aiohttp.ClientConnectorError as error:
        raise Unreachable(platform, error.strerror or "no connection") from None
    except aiohttp.ClientError as error:
        raise Unreachable(platform, type(error).__name__) from None
    if answer.status in refusals:
        raise Refused(platform, f"{platform} answered {answer.status}")
    if answer.status != 200 or not isinstance(answer.body, dict):
        raise Unreachable(platform, f"it answered {answer.status}")
    return answer
