"""Bring the words robots are known by into `bots.txt`, from the npm package isbot.

`npm pack isbot && tar xf isbot-*.tgz && python -m benchmarks.learn_bots package`

PACKAGE is the folder of the unpacked or installed package (public domain, the Unlicense). Its
patterns are for JavaScript and for a whole User-Agent; ours are for its words (`agents.reduced`),
where no number, slash or bracket is left. What needs those, or starts with `^`, is left out: who
does not start like a browser or names no engine is a robot already. A pattern may hold words and
what stands beside them, never a repetition: a search costs the same for every text of a length.
"""

from __future__ import annotations

import argparse
import importlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HEADER = """\
# Words by which robots are known, one pattern a line, for what `agents.reduced` leaves of a
# User-Agent. Made by benchmarks/learn_bots.py from the pattern list of isbot {version}
# (https://github.com/omrilotan/isbot), which is in the public domain under the Unlicense:
# https://unlicense.org
"""
LICENCE = "Unlicense"
# Patterns that Python has no words for, or that need other ones where numbers are gone.
OWN = {
    "(?:^|[^g])news(?!sapphire)": "(?<!g)news(?!sapphire)",
    "(?<! channel/|google/)google(?!(?:wv|app|/google| pixel))": (
        "(?<!channel )google(?!wv|app| google| pixel)"
    ),
    "(?<! cu)bots?(?:\\b|_)": "(?<!cu)bot(?:\\b|_|s\\b|s_)",
    "ptst[ /]\\d": "\\bptst\\b",
    "ask jeeves/teoma": "ask jeeves",
    "java(?!;)": "java",
    "rexx;": "rexx\\b",
}
PLAIN = {"LITERAL", "AT", "ASSERT", "ASSERT_NOT", "BRANCH", "SUBPATTERN"}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path)
    parser.add_argument("-o", type=Path, default=Path("handlers/links/bots.txt"))
    arguments = parser.parse_args()
    about = json.loads((arguments.package / "package.json").read_text("utf-8"))
    if about["license"] != LICENCE:
        sys.exit(f"isbot {about['version']} is under another licence: {about['license']}")
    listed = patterns((arguments.package / "index.mjs").read_text("utf-8"))
    kept = [ours for theirs in listed if (ours := translated(theirs))]
    arguments.o.write_text(
        HEADER.format(version=about["version"]) + "\n".join(kept) + "\n", encoding="utf-8"
    )
    print(f"{len(listed)} patterns, {len(kept)} kept", file=sys.stderr)


def patterns(module: str) -> list[str]:
    """The list in the package's module, which has it as a JSON array. Raises ValueError."""
    found = re.search(r"^var patterns_default = (\[.*?\n\]);", module, re.MULTILINE | re.DOTALL)
    if found is None:
        raise ValueError("the package has no list where it used to be")
    listed: list[str] = json.loads(found[1])
    return listed


def translated(theirs: str) -> str:
    """The pattern for words, or nothing where it would never match one, be slow or mean nothing."""
    ours = OWN.get(theirs) or re.sub(r"^ ", r"\\b", re.sub(r"(\[ /\]|/)$", r"\\b", theirs))
    try:
        re.compile(ours)
    except re.error:  # a lookbehind of several widths, for one
        return ""
    parts = list(operations(ours))
    whole = not theirs.startswith("^") and all(name in PLAIN for name, _ in parts)
    letters = "".join(chr(value) for name, value in parts if name == "LITERAL")
    return ours if whole and re.fullmatch("[a-z ._-]*", letters) else ""


def operations(pattern: str) -> Iterator[tuple[str, Any]]:
    """What a pattern is made of: names of the standard library's parser, and their values."""
    yield from _operations(importlib.import_module("re._parser").parse(pattern))


def _operations(node: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(node, tuple) and node and type(node[0]).__name__ == "_NamedIntConstant":
        yield str(node[0]), node[1]
    for child in node if isinstance(node, (tuple, list)) else getattr(node, "data", ()):
        yield from _operations(child)


if __name__ == "__main__":
    main()
