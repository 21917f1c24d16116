"""Numbered schema changes, applied in order and all or none, after a backup."""

from __future__ import annotations

from storage.address import backup_folder, database_name
from storage.backup import backup
from storage.schema import Changes, TooNew, apply, migrations, newest, version_in
from storage.whole import whole

__all__ = ["TooNew", "migrate"]


async def migrate(url: str, changes: Changes | None = None) -> None:
    """Bring the database at `url` to the newest schema. Raises TooNew, changing nothing.

    Before a database with an older schema is changed, a backup of it is written as
    `<name>-schema-<number>.zip` in its backup folder; a copy of an earlier try is replaced.
    """
    changes = migrations() if changes is None else changes
    async with whole(url) as db:
        found = await version_in(db)
        if found > newest(changes):
            raise TooNew(found, newest(changes))
        pending = [change for change in changes if change[0] > found]
        if found and pending:
            # Others may read while the transaction is open; it holds off whoever would write.
            target = backup_folder(url) / f"{database_name(url)}-schema-{found}.zip"
            await backup(url, target, changes)
        await apply(db, pending)
        if pending:
            await db.check()
