"""Pages of shops that did not open when they were last looked at."""

from __future__ import annotations

from storage.tx import Tx


async def broken(tx: Tx, link: str, why: str, now: int) -> int | None:
    """Since when the page behind the link does not open, None when the team was told already."""
    row = await tx.one("shop_broken", link=link, why=why, now=now)
    return None if row is None or row["told_at"] is not None else int(row["since"])


async def told(tx: Tx, link: str, now: int) -> bool:
    """The team is being told; True once for each time the page breaks."""
    return await tx.one("shop_told", link=link, now=now) is not None


async def well(tx: Tx, link: str) -> None:
    """The page opens: if it breaks again that is news again."""
    await tx.run("shop_well", link=link)


async def tidy(tx: Tx, community: str, now: int) -> None:
    """Forget the shops of links that are over."""
    await tx.run("shops_of_past", community=community, now=now)


async def little_opened(tx: Tx, community: str, day: str, least: int, part: int) -> list[str]:
    """Ids of links that got `least` presses or more on the day, and for each opening of a person's
    browser more than `part` presses."""
    rows = await tx.all("links_little_opened", community=community, day=day, least=least, part=part)
    return [row["link"] for row in rows]
