"""The proof of a draw: a zip from which anybody can compute it anew, see verify.py."""

from __future__ import annotations

import asyncio
import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, BinaryIO

from handlers.giveaways import verify
from storage import giveaway_proofs as store
from storage.giveaways import Giveaway
from storage.tx import Tx

NAME = "proof.zip"
PAGE = 5000  # rows read at once
_QUICK = 1  # hashes pack badly however long one tries


def provable(giveaway: Giveaway) -> bool:
    """True once it is drawn, unless it comes from the first version, which kept no log."""
    return giveaway.drawn_at is not None and giveaway.log_number > 0


async def write(tx: Tx, giveaway: Giveaway, into: BinaryIO) -> None:
    """The zip of a giveaway that is `provable`, its log up to the line the row names.

    Asks for a page of rows at a time; what is packed is packed on another thread.
    """
    program = await asyncio.to_thread(Path(verify.__file__).read_bytes)
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED, compresslevel=_QUICK) as archive:
        terms = (giveaway.params or "").encode()
        await _put(archive, verify.PARAMS, _one(terms))
        await _put(archive, verify.ENTRIES, _entries(tx, giveaway.id))
        await _put(archive, verify.DRAW, _one(await _draw(tx, giveaway)))
        await _put(archive, verify.LOG, _log(tx, giveaway))
        await _put(archive, verify.PROGRAM, _one(program))


async def _put(archive: zipfile.ZipFile, name: str, pieces: AsyncIterator[bytes]) -> None:
    with archive.open(name, "w") as member:  # at a fixed time: the same facts, the same bytes
        async for piece in pieces:
            await asyncio.to_thread(member.write, piece)


async def _one(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def _entries(tx: Tx, giveaway: str) -> AsyncIterator[bytes]:
    yield verify.HEADER
    after = ""
    while rows := await store.list_page(tx, giveaway, after, PAGE):
        yield "".join(f"{commitment},{tickets}\n" for commitment, tickets in rows).encode()
        after = rows[-1][0]


async def _log(tx: Tx, giveaway: Giveaway) -> AsyncIterator[bytes]:
    after = 0
    while rows := await store.log_page(tx, giveaway.id, after, giveaway.log_number, PAGE):
        yield "".join(f"{one.number} {one.head} {one.event}\n" for one in rows).encode()
        after = rows[-1].number


async def _draw(tx: Tx, giveaway: Giveaway) -> bytes:
    lines = await store.news(tx, giveaway.id, 0, giveaway.log_number)
    events: list[dict[str, Any]] = [json.loads(one.event) for one in lines]
    terms, head = json.loads(giveaway.params or "{}"), giveaway.log_head or ""
    return verify.written(verify.summary(terms, events, giveaway.log_number, head))
