"""What is kept of winners beyond their entry: which prize, and where it should go."""

from __future__ import annotations

from bot.feature import Context, Feature
from bot.model import Say
from handlers.giveaways import terms
from handlers.giveaways.plan import unpacked
from storage import giveaway_slots as slots


def winnings() -> Feature:
    """Shows and forgets it; comes before the feature that deletes entries."""
    feature = Feature("winnings")
    feature.recalls(recall)
    feature.forgets(forget)
    return feature


async def recall(ctx: Context) -> list[Say]:
    """Prizes held, for /mydata."""
    lines = []
    for one in await slots.of_member(ctx.tx, ctx.community.id, ctx.member.id):
        if one.slot.lost_at is None:
            prize = terms.prize_of(one.giveaway, unpacked(one.giveaway.plan), one.slot.slot)
            said = Say("mydata.prize", prize=prize, number=one.slot.number)
            if one.slot.details:
                details, number = one.slot.details, one.slot.number
                said = Say("mydata.prize_details", prize=prize, number=number, details=details)
            lines.append(said)
    return lines


async def forget(ctx: Context) -> None:
    await slots.forget(ctx.tx, ctx.member.id)
