"""A file that keeps what the database could not take, until it can."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

CHUNK = 500  # records stored in one unit of work


@dataclass(slots=True)
class _Batch:
    """Records that go to the disk together."""

    lines: list[bytes] = field(default_factory=list)
    error: OSError | None = None


class Spill:
    """Records as lines of JSON, each on disk before `keep` returns. One process owns the file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._taken = path.with_name(path.name + ".replaying")
        self._lock = asyncio.Lock()
        self._open = _Batch()

    async def keep(self, record: Mapping[str, Any]) -> None:
        """Returns when the record is on disk. Raises OSError when it cannot be."""
        batch = self._open
        batch.lines.append(json.dumps(record, separators=(",", ":")).encode())
        async with self._lock:
            if batch is self._open:  # nobody has written it yet: whatever gathered goes at once
                self._open = _Batch()
                try:
                    await asyncio.to_thread(self._append, self._path, batch.lines)
                except OSError as error:
                    batch.error = error
        if batch.error is not None:
            raise OSError("the spill file was not written") from batch.error

    @staticmethod
    def _append(path: Path, lines: Sequence[bytes]) -> None:
        new = not path.exists()
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            # A crash may have left half a line behind, which must not swallow the next one.
            _write(file, b"\n" + b"\n".join(lines) + b"\n")
            os.fsync(file)
        finally:
            os.close(file)
        if new:
            _sync_folder(path.parent)

    async def refuse(self, record: Mapping[str, Any]) -> None:
        """Set aside for a person to look at what the database will never take. Raises OSError."""
        line = json.dumps(record, separators=(",", ":")).encode()
        refused = self._path.with_name(self._path.name + ".refused")
        await asyncio.to_thread(self._append, refused, [line])

    async def replay(self, store: Callable[[Sequence[Any]], Awaitable[None]]) -> None:
        """Give all records to `store`, oldest first, and forget them when it has them.

        What `store` raises is raised here and nothing is forgotten: it sees records again.
        """
        while await self._take():
            chunks = self._chunks()
            while (records := await asyncio.to_thread(next, chunks, None)) is not None:
                await store(records)
            await asyncio.to_thread(self._taken.unlink)

    async def _take(self) -> bool:
        """Set aside what was kept so far; what comes from now on goes to a new file."""
        async with self._lock:
            return await asyncio.to_thread(self._set_aside)

    def _set_aside(self) -> bool:
        if self._taken.exists():  # an earlier replay did not come to its end
            return True
        if not self._path.exists():
            return False
        self._path.rename(self._taken)
        _sync_folder(self._path.parent)
        return True

    def _chunks(self) -> Iterator[list[Any]]:
        with self._taken.open("rb") as file:
            while lines := list(islice(file, CHUNK)):
                yield [record for line in lines if (record := _read(line)) is not None]


def _read(line: bytes) -> Any:
    """The record of a line; None for an empty one, and for one a crash cut short."""
    try:
        return json.loads(line)
    except ValueError:
        return None


def _write(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
