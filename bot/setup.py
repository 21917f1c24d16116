"""The first start: the community as the settings describe it, and a code for whoever owns it."""

from __future__ import annotations

from datetime import timedelta

from bot.model import Role
from bot.settings import Settings
from bot.wire import millis
from bot.world import World
from bot.world import code as letters
from storage import people
from storage import setup as store
from storage.database import Database
from storage.tx import Tx

CLAIM_LIFE = timedelta(minutes=15)


async def prepare(database: Database, settings: Settings, world: World) -> str | None:
    """Make the community, or bring its words up to date; a new claim code while nobody owns it.

    The code is given back only here, and lives for `CLAIM_LIFE`. Raises WrongKey, changing
    nothing, when the database was sealed with another key.
    """
    code, now = letters(world.random(10)).upper(), world.now()

    async def unit(tx: Tx) -> str | None:
        await store.try_key(tx)
        home = await store.put_home(
            tx, settings.community, settings.language, settings.timezone, millis(now)
        )
        if await store.is_owned(tx, home, Role.OWNER):
            return None
        await people.add_code(tx, home, code, Role.OWNER, millis(now + CLAIM_LIFE))
        return code

    return await database.unit(unit)
