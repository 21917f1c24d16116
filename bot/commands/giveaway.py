"""`giveaway verify`: the proof of a draw is checked without the server it came from."""

from __future__ import annotations

import argparse

from bot.commands import Misused
from handlers.giveaways.verify import check, told

WRONG = 1


def verify_command(args: argparse.Namespace) -> int:
    """0 when the draw is right, 1 when it is not; every check is a line."""
    if not args.file.is_file():
        raise Misused(f"There is no file {args.file}.")
    found = check(str(args.file), args.head, args.entry)
    print("\n".join(told(found, args.language)))
    return WRONG if any(line.mark == "fault" for line in found) else 0
