"""Fixtures: a bot on a playground with a frozen clock, on SQLite and, if asked, PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stage import Stage, postgres_url

POSTGRES = os.environ.get("ADDABOT_TEST_POSTGRES", "")
WHY = "set ADDABOT_TEST_POSTGRES=postgresql://user@host/database to test on PostgreSQL as well"


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgres", marks=pytest.mark.skipif(not POSTGRES, reason=WHY)),
    ]
)
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of an empty database, on each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'data' / 'adda.db'}"
    else:
        async with postgres_url(POSTGRES) as url:
            yield url


@pytest.fixture
async def bot(database_url: str) -> AsyncIterator[Stage]:
    """A community "Mitu" whose owner is "creator", and nobody else yet."""
    async with Stage.open(database_url) as stage:
        yield stage
