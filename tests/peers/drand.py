"""A drand network of our own key, and loopback relays of it that can also misbehave."""

from __future__ import annotations

import asyncio
import struct
from enum import StrEnum
from hashlib import sha256
from types import TracebackType

from aiohttp import web
from py_arkworks_bls12381 import G1Point, G2Point, Scalar

from handlers.giveaways.beacon import DOMAIN, Chain, message
from handlers.giveaways.fairness import beacon_randomness

GENESIS, PERIOD = 1_700_000_000, 3


def chain_hash(
    public_key: bytes, genesis: int, period: int, group: bytes, name: str = "default"
) -> str:
    """A chain's hash as drand makes it; `group` is the hash of its first members."""
    known = struct.pack(">Iq", period, genesis) + public_key + group
    return sha256(known + (b"" if name == "default" else name.encode())).hexdigest()


class Network:
    """Signs any round at once, since the whole key is here."""

    def __init__(self, name: str = "ours", genesis: int = GENESIS, period: int = PERIOD) -> None:
        seed = sha256(name.encode()).digest()
        self._secret = Scalar.from_be_bytes_mod_order(seed)
        key = (G2Point() * self._secret).to_compressed_bytes()
        self.chain = Chain(chain_hash(key, genesis, period, seed, name), key, genesis, period)

    def sign(self, number: int) -> bytes:
        """A round's signature, 48 bytes."""
        hashed = G1Point.hash_to_curve(message(number), DOMAIN)
        return (hashed * self._secret).to_compressed_bytes()


class Manner(StrEnum):
    """How a relay answers."""

    HONEST = "honest"
    SLOW = "slow"  # honest, once `let_go` is set
    HANGING = "hanging"
    EARLY = "early"  # too early, as newer relays say it
    UNKNOWN = "unknown"  # too early, as older ones do
    BROKEN = "broken"
    PROSE = "prose"
    ODD = "odd"  # JSON of another shape
    OTHER_ROUND = "other round"
    FORGED = "forged"  # signed with another key
    BENT = "bent"  # the right signature, and a randomness that is not its hash
    HUGE = "huge"
    PACKED = "packed"
    MOVED = "moved"  # a redirect to `elsewhere`
    CUT = "cut"


class Relay:
    """`async with Relay(network) as relay:` then use `relay.base` as one of BEACON_RELAYS."""

    def __init__(self, network: Network, manner: Manner = Manner.HONEST) -> None:
        self.network = network
        self.manner = manner
        self.elsewhere = ""
        self.paths: list[str] = []
        self.sent = 0  # bytes of a huge body
        self.asked = asyncio.Event()
        self.let_go = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Relay:
        app = web.Application()
        app.router.add_get("/{chain}/public/{round}", self._handle)
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.base = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.paths.append(request.path)
        self.asked.set()
        number = int(request.match_info["round"])
        match self.manner:
            case Manner.SLOW:
                await self.let_go.wait()
            case Manner.HANGING:
                await asyncio.Event().wait()
            case Manner.EARLY | Manner.UNKNOWN:
                return web.Response(status=425 if self.manner is Manner.EARLY else 404)
            case Manner.BROKEN:
                return web.Response(status=500, text="oh")
            case Manner.PROSE:
                return web.Response(text="<html>Good morning</html>")
            case Manner.ODD:
                return web.json_response([{"round": number}])
            case Manner.MOVED:
                return web.Response(status=302, headers={"Location": self.elsewhere})
            case Manner.HUGE | Manner.CUT:
                return await self._pour(request)
        answer = web.json_response(self._answer(number))
        if self.manner is Manner.PACKED:
            answer.enable_compression(web.ContentCoding.gzip)
        return answer

    def _answer(self, number: int) -> dict[str, object]:
        if self.manner is Manner.OTHER_ROUND:
            number += 1
        network = Network("a liar") if self.manner is Manner.FORGED else self.network
        signature = network.sign(number)
        shown = signature[::-1] if self.manner is Manner.BENT else signature
        stated = beacon_randomness(shown).hex()
        return {"round": number, "randomness": stated, "signature": signature.hex()}

    async def _pour(self, request: web.Request) -> web.StreamResponse:
        """The start of an answer that never ends, or breaks off."""
        response = web.StreamResponse(headers={"Content-Length": str(10**9)})
        await response.prepare(request)
        await response.write(b'{"round": ')
        if self.manner is Manner.CUT and request.transport is not None:
            request.transport.abort()
            return response
        try:
            for _ in range(1000):
                await response.write(b" " * 100_000)
                self.sent += 100_000
        except ConnectionError:
            pass
        return response
