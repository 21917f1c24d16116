"""The id of a click that a shop is given: nobody else can make one, and it says which click."""

from __future__ import annotations

import hashlib
import hmac

from bot.world import code
from storage.seal import Seal

_ID, _TAG = 16, 16  # letters


def click_id(seal: Seal, click: str) -> str:
    """What the shop is given for the click of this id: 32 letters and digits."""
    return click + _tag(seal, click)


def click_of(seal: Seal, given: str) -> str | None:
    """The click whose id this is; None for one that we did not give."""
    click, tag = given[:_ID], given[_ID:]
    return click if hmac.compare_digest(tag.encode(), _tag(seal, click).encode()) else None


def _tag(seal: Seal, click: str) -> str:
    key = seal.derive("click ids")
    return code(hmac.new(key, click.encode(), hashlib.sha256).digest()[:_TAG])
