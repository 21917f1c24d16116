"""The program: `addabot demo | init | doctor | run | answers | links | backup | restore`."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bot import __version__

# Where each command is; imported only when it is called, so that --help answers at once.
COMMANDS = {
    "demo": "bot.commands.demo:demo_command",
    "init": "bot.commands.init:init_command",
    "doctor": "bot.commands.doctor:doctor_command",
    "run": "bot.commands.run:run_command",
    "answers": "bot.commands.answers:answers_command",
    "answers import": "bot.commands.answers_bring:import_command",
    "answers export": "bot.commands.answers_bring:export_command",
    "links reclassify": "bot.commands.links:reclassify_command",
    "report verify": "bot.commands.report:verify_command",
    "giveaway verify": "bot.commands.giveaway:verify_command",
    "giveaway proof": "bot.commands.giveaway_proof:proof_command",
    "backup": "bot.commands.backup:backup_command",
    "restore": "bot.commands.backup:restore_command",
}
INTERRUPTED = 130  # 128 + SIGINT, as shells have it


def parser() -> argparse.ArgumentParser:
    """What may be written after `addabot`."""
    top = argparse.ArgumentParser(
        prog="addabot", description="Adda: a community assistant on Telegram and Discord."
    )
    top.add_argument("--version", action="version", version=f"addabot {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="try everything in a browser, without a token")
    demo.add_argument("--database", metavar="FILE", help="keep what happens in this SQLite file")
    demo.add_argument("--port", type=int, default=8080, help="port to listen on (default 8080)")

    _init(commands.add_parser("init", help="answer a few questions; writes .env"))
    commands.add_parser("doctor", help="check the settings, the database and the platforms")

    run = commands.add_parser("run", help="run the bot")
    run.add_argument("--only", choices=("telegram", "discord", "web"), help="run this part alone")

    _answers(commands.add_parser("answers", help="bring answers in and out, and test them"))

    _links(commands.add_parser("links", help="work on sponsored links and their clicks"))

    _report(commands.add_parser("report", help="check what a brand was told"))

    _giveaway(commands.add_parser("giveaway", help="check a draw, or write its proof"))

    backup = commands.add_parser("backup", help="write the whole database to one file")
    backup.add_argument("file", nargs="?", type=Path, help="default: a name with the date")

    restore = commands.add_parser("restore", help="put a backup in the place of the database")
    restore.add_argument("file", type=Path)
    restore.add_argument(
        "--force", action="store_true", help="replace data that is there, after a backup of it"
    )
    return top


def _report(report: argparse.ArgumentParser) -> None:
    what = report.add_subparsers(dest="what", required=True, metavar="WHAT")
    verify = what.add_parser("verify", help="check a proof that was downloaded from a report")
    verify.add_argument("file", type=Path, help="the proof, a zip")
    verify.add_argument("--table", type=Path, metavar="FILE", help="a CSV that should be in it")
    verify.add_argument("--key", metavar="KEY", help="the public key on the report page")
    verify.set_defaults(command="report verify")


def _giveaway(giveaway: argparse.ArgumentParser) -> None:
    what = giveaway.add_subparsers(dest="what", required=True, metavar="WHAT")
    verify = what.add_parser("verify", help="check the proof of a draw, without a server")
    verify.add_argument("file", type=Path, help="the proof, a zip")
    verify.add_argument(
        "--head", action="append", default=[], metavar="H",
        help="a hash seen in the group or on a receipt; may be given several times",
    )  # fmt: skip
    verify.add_argument("--entry", default="", metavar="C", help="an entry, as on its receipt")
    verify.add_argument("--language", choices=("bn", "en"), default="en", help="default: en")
    verify.set_defaults(command="giveaway verify")

    proof = what.add_parser("proof", help="write the proof of a draw to a file")
    proof.add_argument("file", type=Path, help="a zip that is not there yet")
    proof.add_argument("--id", help="of the giveaway; default: the one drawn last")
    proof.set_defaults(command="giveaway proof")


def _init(init: argparse.ArgumentParser) -> None:
    init.add_argument("--telegram-token", metavar="TOKEN", help="from https://t.me/BotFather")
    init.add_argument("--discord-token", metavar="TOKEN", help="from Discord's developer portal")
    init.add_argument("--public-url", metavar="URL", help="https address of this server, or ''")
    init.add_argument("--language", choices=("bn", "en"), help="the community's language")
    init.add_argument("--community", metavar="NAME", help="the creator's name, as fans know it")
    init.add_argument("--operator", metavar="WHO", help="who runs the bot and how to reach them")
    init.add_argument("--yes", action="store_true", help="ask nothing: flags, else what is there")


def _answers(answers: argparse.ArgumentParser) -> None:
    what = answers.add_subparsers(dest="what", required=True, metavar="WHAT")
    bring = what.add_parser("import", help="teach the bot what is in a file")
    bring.add_argument("file", type=Path, help="CSV, TSV, JSON, Markdown or plain text")
    bring.add_argument("--yes", action="store_true", help="apply without asking")
    bring.set_defaults(command="answers import")

    export = what.add_parser("export", help="write everything the bot was taught to a file")
    export.add_argument("file", nargs="?", type=Path, help="CSV, or .json; default: the output")
    export.set_defaults(command="answers export")

    evaluate = what.add_parser(
        "evaluate", help="how many questions find the right entry, and how sure that is"
    )
    evaluate.add_argument(
        "--knowledge", metavar="FILE", type=Path, required=True,
        help="CSV or JSON: id, question, answer, phrases (one a line in the cell)",
    )  # fmt: skip
    evaluate.add_argument(
        "--questions", metavar="FILE", type=Path, required=True,
        help="CSV or JSON: text, entry (an id, or empty when none answers it), perhaps script",
    )  # fmt: skip
    evaluate.add_argument(
        "--out", metavar="FILE", type=Path, help="write every prediction, a JSON object a line"
    )
    evaluate.add_argument("--json", action="store_true", help="print the figures as JSON")


def _links(links: argparse.ArgumentParser) -> None:
    what = links.add_subparsers(dest="what", required=True, metavar="WHAT")
    again = what.add_parser("reclassify", help="judge kept clicks by the rules of this version")
    again.add_argument("--dry-run", action="store_true", help="change nothing, say what would move")
    again.set_defaults(command="links reclassify")


def call(argv: Sequence[str]) -> int:
    """Do what the words ask; the exit code. Every error is a sentence on standard error."""
    args = parser().parse_args(argv)
    module, _, function = COMMANDS[args.command].partition(":")
    try:
        return int(getattr(importlib.import_module(module), function)(args) or 0)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        from bot.commands.explain import explain

        text, code = explain(error, "--port" if args.command == "demo" else "HTTP_PORT")
        print(text, file=sys.stderr)
        return code


def main() -> None:
    """The console script."""
    # Before numpy comes: on a busy machine its threads wait for each other over small matrices.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    sys.exit(call(sys.argv[1:]))


if __name__ == "__main__":
    main()
