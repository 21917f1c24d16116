"""Pieces that every message about a giveaway is made of."""

from __future__ import annotations

from bot.model import Say
from storage.giveaways import Giveaway


def short(hexadecimal: str | None) -> str:
    """Enough of a hash to compare two by eye."""
    return f"{hexadecimal[:8]}…{hexadecimal[-4:]}" if hexadecimal else ""


def labelled(giveaway: Giveaway, text: Say) -> Say:
    """`text` after the label of whoever gives the prize, if anybody does."""
    if giveaway.campaign is None:
        return text
    bn, en = giveaway.disclosure_bn or "", giveaway.disclosure_en or ""
    return Say("lines", lines=(Say("link.label", bn=bn, en=en), text))
