"""A handler's signature is its command: options, their kinds, and reading them from text."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin, get_type_hints

from bot.model import Refuse, Say

Kind = Literal["text", "whole", "yes_no", "choice"]
_DIGITS = str.maketrans("০১২৩৪৫৬৭৮৯", "0123456789")
_PIECE = re.compile(r'"([^"]*)"|“([^”]*)”|(\S+)')
_QUOTES = '"“'
LONG = ("answer", "translation", "text", "disclosure")
_YES = {"yes", "y", "true", "1", "on", "হ্যাঁ", "হ্যা", "জি", "ha", "haa", "hya", "ji"}
_NO = {"no", "n", "false", "0", "off", "না", "na"}


@dataclass(frozen=True, slots=True)
class Option:
    """One value a handler takes; `default` is meaningful when it is not required."""

    name: str
    kind: Kind
    required: bool
    default: Any = None
    choices: tuple[str, ...] = ()

    @property
    def long(self) -> bool:
        """It wants room to write: sentences, not a name."""
        return self.name in LONG


def options_of(function: Callable[..., Any], skip: int) -> tuple[Option, ...]:
    """The options after the first `skip` parameters. Raises TypeError for a kind we cannot ask."""
    hints = get_type_hints(function)
    parameters = list(inspect.signature(function).parameters.values())[skip:]
    return tuple(_option(p, hints[p.name]) for p in parameters)


def _option(parameter: inspect.Parameter, hint: Any) -> Option:
    required = parameter.default is inspect.Parameter.empty
    default = None if required else parameter.default
    if get_origin(hint) is Literal:
        return Option(parameter.name, "choice", required, default, tuple(get_args(hint)))
    kinds: dict[Any, Kind] = {str: "text", int: "whole", bool: "yes_no"}
    if hint not in kinds:
        raise TypeError(f"{parameter.name}: an option is str, int, bool or Literal, not {hint}")
    return Option(parameter.name, kinds[hint], required, default)


def split(text: str, options: tuple[Option, ...]) -> dict[str, str]:
    """A typed line as named values: parts between `|`, else words, quotes keeping them together.

    The last text option takes whatever is left. Where a text comes first, not quoted, and there
    are not just as many words as values, it takes everything, since nobody can tell where it ends;
    a form asks for the rest.
    """
    text = text.strip()
    if not text or not options:
        return {}
    if len(options) > 1 and "|" in text:
        parts = [part.strip() for part in text.split("|", len(options) - 1)]
    else:
        parts = _words(text, options)
    return {option.name: part for option, part in zip(options, parts, strict=False) if part}


def _words(text: str, options: tuple[Option, ...]) -> list[str]:
    if options[0].kind == "text" and text[0] not in _QUOTES and not _one_each(text, options):
        return [text]
    parts: list[str] = []
    for match in _PIECE.finditer(text):
        if len(parts) == len(options) - 1 and options[-1].kind == "text":
            parts.append(_bare(text[match.start() :]))
            break
        parts.append(next(group for group in match.groups() if group is not None))
    return parts


def _one_each(text: str, options: tuple[Option, ...]) -> bool:
    """As many words as there are values up to the last that is needed, none of them a sentence."""
    needed = max((at for at, option in enumerate(options, 1) if option.required), default=0)
    return needed > 1 and len(text.split()) == needed and not any(o.long for o in options)


def _bare(text: str) -> str:
    match = _PIECE.fullmatch(text)
    return next(g for g in match.groups() if g is not None) if match else text


def read(options: tuple[Option, ...], given: Mapping[str, str]) -> dict[str, Any]:
    """Typed values for a handler. Raises Refuse, saying which value is wrong and how to give it."""
    values: dict[str, Any] = {}
    for option in options:
        raw = str(given.get(option.name, "")).strip()
        if raw:
            values[option.name] = _typed(option, raw)
        elif option.required:
            raise Refuse(Say("option.missing", option=Say(f"option.{option.name}")))
        else:
            values[option.name] = option.default
    return values


def missing(options: tuple[Option, ...], given: Mapping[str, str]) -> bool:
    """True when a required value was not given."""
    return any(o.required and not str(given.get(o.name, "")).strip() for o in options)


def _typed(option: Option, raw: str) -> Any:
    label = Say(f"option.{option.name}")
    match option.kind:
        case "text":
            return raw
        case "whole":
            plain = raw.translate(_DIGITS).replace(",", "")
            if not re.fullmatch(r"[+-]?[0-9]{1,12}", plain):
                raise Refuse(Say("option.not_whole", option=label, given=raw[:60]))
            return int(plain)
        case "yes_no":
            if raw.lower() not in _YES | _NO:
                raise Refuse(Say("option.not_yes_no", option=label, given=raw[:60]))
            return raw.lower() in _YES
        case "choice":
            if raw.lower() not in option.choices:
                wanted = ", ".join(option.choices)
                raise Refuse(Say("option.not_choice", option=label, given=raw[:60], choices=wanted))
            return raw.lower()
