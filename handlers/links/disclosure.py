"""Disclosure: whatever is sponsored says so first, in the language of its reader."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bot.actions import tagged
from bot.model import Action, Button, Refuse, Say
from storage import links as store
from storage.links import Link
from storage.tx import Tx

USUAL_BN = "বিজ্ঞাপন · {brand}-র সাথে পেইড পার্টনারশিপ"
USUAL_EN = "Ad · paid partnership with {brand}"
LONGEST = 200  # characters of a disclosure
_SAYS_SO = re.compile(r"বিজ্ঞাপন|স্পন্সর|স্পনসর|পেইড|\b(?:ad|advert\w*|sponsor\w*|paid)\b", re.I)


@tagged("lo")
@dataclass(frozen=True, slots=True)
class OpenLink(Action):
    """Give me my own link."""

    link: str


@dataclass(frozen=True, slots=True)
class Shown:
    """Words and buttons with the disclosure in front and the way to the shop at the end."""

    text: Say
    buttons: tuple[Button, ...]


def label_of(link: Link) -> Say:
    """The disclosure of a link, as its reader reads it."""
    return Say("link.label", bn=link.disclosure_bn, en=link.disclosure_en)


async def disclosed(
    tx: Tx, community: str, link: str, text: Say, buttons: tuple[Button, ...], now: int
) -> Shown:
    """`text` for everyone to see, as an ad for `link`; pressing its button gives a link of one's
    own. Without a link of that id nothing is added; one that is over leaves only the label."""
    found = await store.link(tx, community, link)
    if found is None:
        return Shown(text, buttons)
    shown = Say("lines", lines=(label_of(found), text))
    if found.over(now):
        return Shown(shown, buttons)
    return Shown(shown, (*buttons, Button(Say("link.open"), OpenLink(link))))


def wording(given: str, usual: str, brand: str, option: str) -> str | None:
    """The disclosure a person wrote, None for the usual one. Raises Refuse where it would hide
    who pays, or that somebody does."""
    said = one_line(given, LONGEST, option)
    if said == usual:
        return None
    said = said.replace("{brand}", brand)
    if brand.lower() not in said.lower() or not _SAYS_SO.search(said):
        raise Refuse(Say("link.hidden", option=Say(f"option.{option}"), brand=brand))
    return said


def one_line(given: str, limit: int, option: str) -> str:
    """What a person wrote, without line breaks and invisible signs. Raises Refuse."""
    kept = "".join(c if _visible(c) else " " for c in given)
    text = " ".join(kept.split())
    label = Say(f"option.{option}")
    if not text:
        raise Refuse(Say("option.missing", option=label))
    if len(text) > limit:
        raise Refuse(Say("form.too_long", field=label, limit=limit, length=len(text)))
    return text


def _visible(character: str) -> bool:
    """Bengali spells with the two joiners; other signs of their kind only deceive."""
    return character in "\u200c\u200d" or unicodedata.category(character)[0] != "C"
