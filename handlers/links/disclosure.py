"""Disclosure: whatever is sponsored says so first, in the language of its reader."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.actions import tagged
from bot.model import Action, Button, Refuse, Say
from storage import links as store
from storage import tokens
from storage.campaigns import Campaign
from storage.links import Link
from storage.tx import Tx

USUAL_BN = "বিজ্ঞাপন · {brand}-র সাথে পেইড পার্টনারশিপ"
USUAL_EN = "Ad · paid partnership with {brand}"
USUAL = f"{USUAL_BN}\n{USUAL_EN}"
LONGEST = 200  # characters of a disclosure
_SAYS_SO = re.compile(r"বিজ্ঞাপন|স্পন্সর|স্পনসর|পেইড|\b(?:ad|advert\w*|sponsor\w*|paid)\b", re.I)
_BENGALI = re.compile("[\u0980-\u09ff]")


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


def label_of(ad: Link | Campaign) -> Say:
    """The disclosure of a link or campaign, as its reader reads it."""
    return Say("link.label", bn=ad.disclosure_bn, en=ad.disclosure_en)


def promise(link: Link, label: Say, *, apart: bool = True) -> Button:
    """A button for everyone that brings whoever presses it a link of their own; `apart` is False
    where members are not told apart, so that nobody is asked who they are."""
    login = f"/login/{link.slug}" if apart and not link.direct else None
    return Button(label, OpenLink(link.id), login=login)


async def disclosed(
    tx: Tx, community: str, link: str, text: Say, buttons: tuple[Button, ...], now: int
) -> Shown:
    """`text` for everyone to see, as an ad for `link`; pressing its button gives a link of one's
    own. Without a link of that id nothing is added; one out of its time leaves only the label."""
    found = await store.link(tx, community, link)
    if found is None:
        return Shown(text, buttons)
    shown = Say("lines", lines=(label_of(found), text))
    if not found.open_at(now):
        return Shown(shown, buttons)
    apart = (await tokens.standing(tx, community, "")).identity != "off"
    return Shown(shown, (*buttons, promise(found, Say("link.open"), apart=apart)))


def leads_to(link: Link, text: str) -> bool:
    """True when the page of the shop that `link` leads to stands in a text, its query apart."""
    page = urlsplit(link.destination)
    address = f"://{page.netloc}{page.path.rstrip('/')}"
    end = text.lower().partition(address.lower())
    return bool(end[1]) and not re.match(r"[\w.-]", end[2])


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


def labels(given: str, brand: str) -> tuple[str | None, str | None]:
    """The Bengali and the English label out of one text, a line each; None for one not given.

    Raises Refuse as `wording` does.
    """
    lines = [line for line in re.split(r"[\n|]", given) if line.strip()]
    if len(lines) > 2:
        raise Refuse(Say("link.two_lines"))
    in_bengali = [bool(_BENGALI.search(line.replace(brand, ""))) for line in lines]
    if in_bengali == [False, True] or in_bengali == [False]:
        lines.insert(0, "") if len(lines) == 1 else lines.reverse()
    bn, en, *_ = *lines, "", ""
    plain = usual(brand)
    return (
        (wording(bn, USUAL_BN, brand, "disclosure") or plain[0]) if bn else None,
        (wording(en, USUAL_EN, brand, "disclosure") or plain[1]) if en else None,
    )


def usual(brand: str) -> tuple[str, str]:
    """The labels of a campaign that nobody worded, in Bengali and English."""
    return USUAL_BN.replace("{brand}", brand), USUAL_EN.replace("{brand}", brand)


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
