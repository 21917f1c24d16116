"""Which device, browser and system a User-Agent names, as coarse as a report needs it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from handlers.links.agents import cut


@dataclass(frozen=True, slots=True)
class Device:
    """Coarse families: enough for a report, too little to tell two people apart."""

    device: str
    browser: str
    os: str


def family(user_agent: str) -> Device:
    """The device, browser and system a User-Agent names, each `other` when it names none."""
    return _family(cut(user_agent))


@lru_cache(maxsize=4096)
def _family(user_agent: str) -> Device:
    text = user_agent.lower()
    system = _first(_SYSTEMS, text)
    return Device(_device(text, system), _first(_BROWSERS, text), system)


def _first(families: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for token, name in families if token in text), "other")


def _device(text: str, system: str) -> str:
    if "opera mini" in text or "midp" in text:
        return "phone"
    if "ipad" in text or (system == "android" and "mobile" not in text):
        return "tablet"
    if system in {"android", "ios", "kaios"} or "mobile" in text:
        return "phone"
    return "other" if system == "other" else "desktop"


_SYSTEMS = (
    ("kaios", "kaios"),
    ("windows phone", "other"),
    ("android", "android"),
    ("iphone", "ios"),
    ("ipad", "ios"),
    ("ipod", "ios"),
    ("windows", "windows"),
    ("cros ", "chromeos"),
    ("macintosh", "macos"),
    ("linux", "linux"),
)

# The app before the engine it is built on, the derived browser before the one it derives from.
_BROWSERS = (
    ("fban/messenger", "messenger"),
    ("fb_iab/orca", "messenger"),
    ("metaiab messenger", "messenger"),
    ("instagram ", "instagram"),
    ("fban/", "facebook"),
    ("fb_iab", "facebook"),
    ("fbav/", "facebook"),
    ("metaiab", "facebook"),
    ("telegram", "telegram"),
    ("viber/", "viber"),
    ("discord/", "discord"),
    ("bytedancewebview", "tiktok"),
    ("micromessenger/", "wechat"),
    ("samsungbrowser/", "samsung"),
    ("ucbrowser/", "uc"),
    ("miuibrowser/", "miui"),
    ("heytapbrowser/", "heytap"),
    ("vivobrowser/", "vivo"),
    ("huaweibrowser/", "huawei"),
    ("phx/", "phoenix"),
    ("yabrowser/", "yandex"),
    ("vivaldi/", "vivaldi"),
    ("duckduckgo/", "duckduckgo"),
    ("opera", "opera"),
    ("opr/", "opera"),
    ("edg/", "edge"),
    ("edga/", "edge"),
    ("edgios/", "edge"),
    ("edge/", "edge"),
    ("firefox/", "firefox"),
    ("fxios/", "firefox"),
    ("crios/", "chrome"),
    ("chrome/", "chrome"),
    ("trident/", "ie"),
    ("msie ", "ie"),
    ("safari/", "safari"),
)
