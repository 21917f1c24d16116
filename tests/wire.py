"""A line to a server that can be cut and mended, without the server's knowing."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit


class Line:
    """Passes bytes between whoever connects to `port` and a server."""

    def __init__(self, host: str, port: int) -> None:
        self._server = (host, port)
        self._open: set[asyncio.StreamWriter] = set()
        self._taken: asyncio.Server | None = None
        self.port = 0

    async def mend(self) -> None:
        """Take connections (again)."""
        self._taken = await asyncio.start_server(self._pass, "127.0.0.1", self.port)
        self.port = self._taken.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Every connection breaks, and none is made."""
        if self._taken is not None:
            self._taken.close()
            self._taken = None
        for writer in list(self._open):
            writer.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            there, back = await asyncio.open_connection(*self._server)
            self._open |= {writer, back}
            try:
                await asyncio.gather(_copy(reader, back), _copy(there, writer))
            finally:
                for end in (writer, back):
                    end.transport.abort()
                    self._open.discard(end)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Ends both ways when one does."""
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.transport.abort()


@asynccontextmanager
async def line_to(url: str) -> AsyncIterator[tuple[Line, str]]:
    """A line to the PostgreSQL server of `url`, and the database's address through it."""
    parts = urlsplit(url)
    line = Line(parts.hostname or "127.0.0.1", parts.port or 5432)
    await line.mend()
    user = parts.netloc.rpartition("@")[0]
    try:
        yield line, urlunsplit(parts._replace(netloc=f"{user}@127.0.0.1:{line.port}"))
    finally:
        await line.cut()
