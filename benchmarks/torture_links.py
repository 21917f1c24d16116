"""`kill -9` again and again while people open links: no click that was answered may be lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.openers import Openers, count, seed, spilled
from tests.process import program

PEOPLE = 32
BUSY = (5, 50, 400)  # most people led on before it is killed, one of these
EARLY = 0.1  # of the kills come before anybody was led on


@dataclass(slots=True)
class LinkFindings:
    """From `clicks_lost` on, all must be nothing."""

    kills: int = 0
    clicks_acknowledged: int = 0
    clicks_kept: int = 0
    clicks_lost: int = 0
    clicks_doubled: int = 0
    totals_wrong: int = 0
    other_answers: int = 0
    details: list[str] = field(default_factory=list)


async def torture_links(folder: Path, database_url: str, kills: int, seed_: int) -> LinkFindings:
    """`python -m bot run --only web`, killed so many times under load."""
    rng, found = Random(seed_), LinkFindings()
    async with program(folder, DATABASE_URL=database_url) as web:
        await seed(web.database_url)
        openers = Openers([web.url], people=PEOPLE)
        await web.up("--only", "web")
        async with openers.at_work():
            while found.kills < kills:
                if rng.random() >= EARLY:
                    await openers.led_on(rng.randint(1, rng.choice(BUSY)))
                await web.kill()
                found.kills += 1
                await web.up("--only", "web")
            await openers.led_on(BUSY[-1])
        assert await web.stop() == 0
        kept = await count(web, openers.led)
    found.clicks_acknowledged, found.clicks_kept = len(openers.led), kept.rows
    found.clicks_lost, found.clicks_doubled = len(kept.lost), len(kept.doubled)
    found.totals_wrong = abs(kept.rows - kept.totals)
    found.other_answers = sum(n for status, n in openers.others.items() if status != "none")
    found.details = [f"lost: {host}" for host in sorted(kept.lost)]
    found.details += [f"doubled: {host}" for host in sorted(kept.doubled)]
    found.details += [f"still in {name}" for name in spilled(folder)]
    if found.totals_wrong or found.other_answers:
        found.details.append(f"totals {kept.totals}, rows {kept.rows}, answers {openers.others}")
    return found
