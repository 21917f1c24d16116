"""The doctor's checks that need the network: tokens, webhook, clock, port and public address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from urllib.parse import urlsplit

import aiohttp

from bot.commands.checks import Finding, bad, good, off
from bot.commands.explain import explain
from bot.commands.online import (
    Account,
    Refused,
    Unreachable,
    discord_account,
    get,
    telegram,
    telegram_account,
)
from bot.settings import Settings
from bot.world import World

SWITCHED_OFF = "off (no token)"
SKEW = 30.0  # seconds; more than that and due times are wrong for people


async def online(settings: Settings, world: World) -> list[Finding]:
    """Ask the platforms, and ourselves from outside."""
    accounts: list[Account] = []
    findings = [
        await _telegram(settings, accounts),
        *await _webhook(settings, accounts),
        await _discord(settings, accounts),
        _clock([one.date for one in accounts if one.date], world.now()),
    ]
    return findings + await _address(settings, world.new_id())


async def _telegram(settings: Settings, accounts: list[Account]) -> Finding:
    if not settings.telegram_token:
        return off("Telegram", SWITCHED_OFF)
    try:
        account = await telegram_account(settings.telegram_token, settings.telegram_api_base)
    except (Refused, Unreachable) as error:
        return bad("Telegram", str(error))
    accounts.append(account)
    return good("Telegram", f"@{account.name}")


async def _discord(settings: Settings, accounts: list[Account]) -> Finding:
    if not settings.discord_token:
        return off("Discord", SWITCHED_OFF)
    try:
        account = await discord_account(settings.discord_token, settings.discord_api_base)
    except (Refused, Unreachable) as error:
        return bad("Discord", str(error))
    accounts.append(account)
    return good("Discord", account.name)


async def _webhook(settings: Settings, accounts: list[Account]) -> list[Finding]:
    if not accounts:
        return []
    try:
        answer = await telegram(
            settings.telegram_token, settings.telegram_api_base, "getWebhookInfo"
        )
    except (Refused, Unreachable) as error:
        return [bad("webhook", str(error))]
    info = answer.body["result"]
    return [_receiving(settings, info["url"], info.get("last_error_message", ""))]


def _receiving(settings: Settings, url: str, trouble: str) -> Finding:
    host, ours = urlsplit(url).hostname or "", urlsplit(settings.public_url).hostname
    if not settings.telegram_webhook:
        if url:
            return bad(
                "webhook",
                f"A program at {host} receives this bot's messages. addabot run takes them over; "
                "if that program should keep them, give Adda a bot of its own.",
            )
        return good("webhook", "none, as polling needs it")
    if not settings.public_url:
        return bad("webhook", "TELEGRAM_WEBHOOK needs PUBLIC_URL. Set it, or poll instead.")
    if url and host != ours:
        return bad("webhook", f"It leads to {host}, not to {ours}. Stop the other program.")
    if trouble:
        return bad("webhook", f"Telegram could not deliver: {trouble}. Check PUBLIC_URL.")
    return good("webhook", f"at {host}") if url else off("webhook", "Set by the next start.")


def _clock(theirs: list[datetime], ours: datetime) -> Finding:
    if not theirs:
        return off("clock", "Nobody to compare it with.")
    ahead = (ours - theirs[-1]).total_seconds()
    if abs(ahead) > SKEW:
        side = "ahead" if ahead > 0 else "behind"
        return bad("clock", f"{abs(ahead):,.0f} s {side}. Turn on time synchronisation.")
    return good("clock", "right")


async def _address(settings: Settings, proof: str) -> list[Finding]:
    """Is the port free, and does the public address lead to it?

    While nobody listens there we do, so that the way from outside can be tried before the start.
    """
    try:
        async with _answering(settings.http_host, settings.http_port, proof) as port:
            return [good("port", f"{port} is free"), await _public(settings, proof)]
    except OSError as error:
        if await _is_adda(settings.http_host, settings.http_port):
            words = f"{settings.http_port} is taken by Adda, which runs already"
            return [good("port", words), await _public(settings, '"platforms"')]
        return [bad("port", explain(error)[0]), await _public(settings, '"platforms"')]


@asynccontextmanager
async def _answering(host: str, port: int, proof: str) -> AsyncIterator[int]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(proof)}\r\nConnection: close\r\n\r\n"
        writer.write((head + proof).encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, host, port)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def _is_adda(host: str, port: int) -> bool:
    where = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104 - compared, not bound
    address = f"[{where}]" if ":" in where else where
    try:
        answer = await get(f"http://{address}:{port}/healthz")
    except (aiohttp.ClientError, TimeoutError):
        return False
    return isinstance(answer.body, dict) and "platforms" in answer.body


async def _public(settings: Settings, proof: str) -> Finding:
    """The public address must give us back what this machine says at /healthz."""
    url = settings.public_url
    if not url:
        return off("PUBLIC_URL", "Not set: links are given direct and not counted.")
    try:
        answer = await get(f"{url}/healthz")
    except (aiohttp.ClientError, TimeoutError) as error:
        why = type(error).__name__
        return bad("PUBLIC_URL", f"{url} does not answer ({why}). Check DNS, proxy and firewall.")
    if answer.status == 200 and proof in answer.text:
        return good("PUBLIC_URL", f"{url} leads here")
    return bad(
        "PUBLIC_URL",
        f"{url}/healthz answered {answer.status} and did not come from here. "
        f"Let the proxy pass requests to {settings.http_host}:{settings.http_port}.",
    )
