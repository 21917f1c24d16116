"""What people of a community hear, and how they come into its team or stand for a brand."""

from __future__ import annotations

from tests.stage import Stage


async def told(bot: Stage, who: str, text: str) -> str:
    return (await bot.say(who, text))[-1].text


async def joins(bot: Stage, who: str, role: str, brand: str = "") -> None:
    more = f" | {brand}" if brand else ""
    code = (await told(bot, "creator", f"/team invite {role}{more}")).split("/claim ")[1]
    await bot.say(who, f"/claim {code.strip()}")
