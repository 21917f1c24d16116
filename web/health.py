"""Health: one address a watchdog asks whether Adda is well."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Protocol

from aiohttp import web

from storage import people
from storage.database import Database

PATIENCE = 2.0  # seconds the database may take


class Hearing(Protocol):
    """A platform, as a watchdog sees it."""

    def fresh(self) -> float | None:
        """Seconds since something was last received, None before the first."""


def health(
    database: Database, platforms: Mapping[str, Hearing], patience: float = PATIENCE
) -> list[web.RouteDef]:
    """`GET /healthz`: 200 while the database answers, else 503 with the reason."""

    async def healthz(_request: web.Request) -> web.Response:
        trouble = await _trouble(database, patience)
        heard = {name: platform.fresh() for name, platform in platforms.items()}
        state = {
            "ok": trouble is None,
            "database": trouble or database.dialect,
            "platforms": {
                name: None if ago is None else round(ago, 1) for name, ago in heard.items()
            },
        }
        return web.json_response(
            state, status=200 if trouble is None else 503, headers={"Cache-Control": "no-store"}
        )

    return [web.get("/healthz", healthz)]


async def _trouble(database: Database, patience: float) -> str | None:
    """Why the database does not answer. A unit, because writing is what must work."""
    try:
        async with asyncio.timeout(patience):
            await database.unit(people.home_community)
    except TimeoutError:
        return f"The database did not answer within {patience:g} s."
    except Exception as error:
        if not database.away(error):
            raise
        return f"The database does not answer: {type(error).__name__}."
    return None
