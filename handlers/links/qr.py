"""QR codes of links: the picture, and the address it is fetched from, which nobody can guess."""

from __future__ import annotations

import binascii
import io
from typing import Final

from storage.seal import Seal, WrongKey

PREFIX: Final = "qr"  # of the path on the web server
_SCALE = 16  # pixels a square: prints well up to the size of a hand
_QUIET = 4  # squares of white around it, as the standard asks
_BASE64, _PLAIN = "+/", "-_"


def png(url: str) -> bytes:
    """The QR code of an address as a black and white PNG, readable with an eighth of it damaged."""
    import segno  # only those who ask for a picture need it

    picture = io.BytesIO()
    segno.make_qr(url, error="m").save(picture, kind="png", scale=_SCALE, border=_QUIET)
    return picture.getvalue()


def path(seal: Seal, slug: str) -> str:
    """The path of a link's picture. The slug is sealed in it, so that asking for pictures does not
    tell which links there are."""
    sealed = seal.close(f"{PREFIX}:{slug}").partition(":")[2]
    return f"{PREFIX}/{sealed.translate(str.maketrans(_BASE64, _PLAIN)).rstrip('=')}.png"


def slug_in(seal: Seal, token: str) -> str | None:
    """The slug that `path` sealed into this token, None for anything else."""
    text = token.translate(str.maketrans(_PLAIN, _BASE64))
    try:
        opened = seal.open(text + "=" * (-len(text) % 4))
    except (WrongKey, binascii.Error, ValueError):
        return None
    kind, _, slug = opened.partition(":")
    return slug if kind == PREFIX else None
