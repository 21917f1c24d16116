"""A round's signature from drand's public relays: asked one after another, none of them trusted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import aiohttp
import structlog

from handlers.giveaways.beacon import QUICKNET, Chain, verified
from handlers.giveaways.fairness import beacon_randomness

LARGEST = 4096  # bytes of an answer; drand's have some 300
SOONEST, LATEST = timedelta(seconds=3), timedelta(minutes=10)  # until the next try
FORGED = "forged"
log = structlog.get_logger("beacon")


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds: until a second relay is asked as well, for one relay, and for all of them."""

    hedge: float = 2.0
    each: float = 6.0
    whole: float = 15.0


USUAL = Limits()


@dataclass(frozen=True, slots=True)
class Fetched:
    """A round's signature in hexadecimal, verified; or None and when to ask again.

    `again` is None too where asking is no use: no relay is known, so it must be pasted.
    """

    signature: str | None
    again: timedelta | None = None


class Passed(Exception):
    """Why a relay's answer is not used, in a few words of ours."""


class Relays:
    """Relays by address, such as https://api.drand.sh; `close` it at the end.

    Follows no redirect, keeps no cookie, reads no more than `LARGEST` bytes of an answer.
    """

    def __init__(
        self,
        addresses: Sequence[str],
        now: Callable[[], datetime],
        chain: Chain = QUICKNET,
        limits: Limits = USUAL,
    ) -> None:
        self._addresses = [address.rstrip("/") for address in addresses]
        self._now = now
        self._chain = chain
        self._limits = limits
        self._session: aiohttp.ClientSession | None = None

    @property
    def chain(self) -> Chain:
        """What they serve."""
        return self._chain

    async def fetch(self, number: int) -> Fetched:
        """The signature of a round. Never raises, and ends within `limits.whole`."""
        late = self._now().timestamp() - self._chain.moment(number)
        if not self._addresses:
            return Fetched(None)
        if late < 0:
            return Fetched(None, timedelta(seconds=1 - late))
        passed: dict[str, str] = {}
        signature = await self._within(number, passed)
        if passed:
            tell = log.info if signature and FORGED not in passed.values() else log.warning
            tell("relays passed over", round=number, got=signature is not None, why=passed)
        # The longer nobody has it, the less often it is asked for, without anything to remember.
        again = min(max(timedelta(seconds=late / 2), SOONEST), LATEST)
        return Fetched(signature, None if signature else again)

    async def close(self) -> None:
        """Let go of every connection; it may be used again."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def _within(self, number: int, passed: dict[str, str]) -> str | None:
        try:
            async with asyncio.timeout(self._limits.whole):
                return await self._race(number, passed)
        except TimeoutError:
            passed["all"] = "no answer in time"
            return None

    async def _race(self, number: int, passed: dict[str, str]) -> str | None:
        """The next relay is asked when one has failed, and when all asked keep silent for long."""
        first = number % len(self._addresses)  # rounds, and so bots, spread over the relays
        waiting = [*self._addresses[first:], *self._addresses[:first]]
        asked: set[asyncio.Task[str | None]] = set()
        try:
            while waiting or asked:
                if waiting:
                    asked.add(asyncio.create_task(self._try(waiting.pop(0), number, passed)))
                done, asked = await asyncio.wait(
                    asked,
                    timeout=self._limits.hedge if waiting else None,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                for signature in filter(None, (task.result() for task in done)):
                    return signature
            return None
        finally:
            for task in asked:
                task.cancel()
            await asyncio.gather(*asked, return_exceptions=True)

    async def _try(self, relay: str, number: int, passed: dict[str, str]) -> str | None:
        try:
            async with asyncio.timeout(self._limits.each):
                return await self._ask(relay, number)
        except Passed as why:
            said = str(why)
        except TimeoutError:
            said = "no answer in time"
        except (aiohttp.ClientError, OSError, ValueError) as error:
            said = type(error).__name__
        passed[relay.partition("://")[2]] = said
        return None

    async def _ask(self, relay: str, number: int) -> str:
        address = f"{relay}/{self._chain.hash}/public/{number}"
        async with self._open().get(address, allow_redirects=False) as response:
            if response.status in (404, 425):
                raise Passed("not there yet")
            if response.status != 200:
                raise Passed(f"HTTP {response.status}")
            body = await _whole(response)
        return await asyncio.to_thread(signature_in, body, number, self._chain)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                # Unpacked, an answer could be a thousand times larger than what was read.
                headers={"Accept": "application/json", "Accept-Encoding": "identity"},
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None),
            )
        return self._session


async def _whole(response: aiohttp.ClientResponse) -> bytes:
    body = b""
    async for piece in response.content.iter_chunked(LARGEST):
        body += piece
        if len(body) > LARGEST:
            raise Passed("too large an answer")
    return body


def signature_in(body: bytes, number: int, chain: Chain) -> str:
    """The signature in a relay's answer, in lower-case hexadecimal; raises Passed."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise Passed("no JSON") from None
    if not isinstance(answer, dict) or answer.get("round") != number:
        raise Passed("another round")
    try:
        signature = bytes.fromhex(answer["signature"])
    except (KeyError, TypeError, ValueError):
        raise Passed("no signature") from None
    stated = answer.get("randomness", beacon_randomness(signature).hex())
    if stated != beacon_randomness(signature).hex() or not verified(signature, number, chain):
        raise Passed(FORGED)
    return signature.hex()
