"""`report verify`: a downloaded proof is checked without asking the server it came from."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.commands import Misused

WRONG = 1


def verify_command(args: argparse.Namespace) -> int:
    """0 when nothing was changed, 1 when something was, said line by line."""
    from handlers.reporting.verify import check

    table = _bytes(args.table) if args.table is not None else None
    found = check(_bytes(args.file), table, args.key)
    for fault in found.faults:
        print(f"✗ {fault}")
    if found.faults:
        print("This is not what was sealed. Download the proof again, or ask the creator's team.")
        return WRONG
    print(f"✓ the files are as they were signed; the chain of {found.entries} entries is whole")
    print(f"✓ {found.days} sealed days of this campaign, {found.compared} compared with the table")
    print(f"Public key: {found.key}")
    if args.key is None:
        print("Compare it with the key on the report page, or give it with --key.")
    print("This shows that nothing was changed afterwards, not that a click was genuine.")
    return 0


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise Misused(f"There is no {file}.") from None
    except IsADirectoryError:
        raise Misused(f"{file} is a folder. Give a file.") from None
