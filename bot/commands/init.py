"""`addabot init`: a few questions, checked online as they are answered; writes `.env`."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

from pydantic import ValidationError

from bot.commands import Trouble, dotenv
from bot.commands.explain import setting_errors
from bot.commands.online import (
    Account,
    Refused,
    Unreachable,
    discord_account,
    telegram_account,
)
from bot.settings import Settings
from bot.setup import prepare
from bot.world import real_world
from storage.database import open_database
from storage.seal import Seal

TRIES = 3  # answers to one question before we give up


@dataclass(frozen=True, slots=True)
class Question:
    """`name` is the setting; `about` says what it is for and where to get it."""

    name: str
    about: str
    secret: bool = False


QUESTIONS = (
    Question(
        "TELEGRAM_TOKEN",
        "Telegram: make a bot with https://t.me/BotFather (/newbot) and paste its token.\n"
        "Without one Telegram is off.",
        secret=True,
    ),
    Question(
        "DISCORD_TOKEN",
        "Discord: make an application at https://discord.com/developers/applications,\n"
        "then Bot → Reset Token. Leave every privileged intent off: this bot needs none.\n"
        "Without a token Discord is off.",
        secret=True,
    ),
    Question(
        "PUBLIC_URL",
        "The https address under which people reach this machine, for counted links.\n"
        "Without one links are given direct and not counted.",
    ),
    Question("COMMUNITY", "The creator's name, as fans know it."),
    Question("LANGUAGE", "The community's language: bn or en."),
    Question("OPERATOR", "Who runs this bot and how to reach them; fans may ask."),
)


@dataclass(slots=True)
class Interview:
    """Asks, checks and remembers; `changed` is what `.env` has to learn."""

    args: argparse.Namespace
    settings: Settings
    changed: dict[str, str] = field(default_factory=dict)
    accounts: list[Account] = field(default_factory=list)

    def ask_all(self) -> None:
        for question in QUESTIONS:
            if not self.args.yes:
                print(f"\n{question.about}")
            self._settle(question)

    def _settle(self, question: Question) -> None:
        """Ask until the answer stands its check; a wrong flag is an error at once."""
        now = str(getattr(self.settings, question.name.lower()))
        flag = getattr(self.args, question.name.lower())
        for left in reversed(range(1 if self._fixed(question, flag) else TRIES)):
            given = self._given(question, flag, now)
            try:
                self._check(question, given)
            except Trouble as trouble:
                if not left:
                    raise
                print(trouble, file=sys.stderr)
                continue
            if given != now:
                self.changed[question.name] = given
            return

    def _fixed(self, question: Question, flag: str | None) -> bool:
        """There is nobody to give another answer."""
        return self.args.yes or flag is not None or bool(os.environ.get(question.name))

    def _given(self, question: Question, flag: str | None, now: str) -> str:
        if os.environ.get(question.name):
            print(f"{question.name}: taken from the environment, which counts more than .env.")
            return now
        known = question.name in map(str.upper, dotenv.names())
        if flag is not None:
            new = flag.strip()
            keep = known and now and new != now and not self.args.yes
            return now if keep and not _yes(f"{question.name} is set in .env. Replace it?") else new
        if self.args.yes:
            return now
        return _answer(question, now)

    def _check(self, question: Question, given: str) -> None:
        try:
            Settings.__pydantic_validator__.validate_assignment(
                Settings.model_construct(), question.name.lower(), given
            )
        except ValidationError as error:
            raise Trouble("\n".join(setting_errors(error))) from None
        who: dict[str, Callable[[], Account]] = {
            "TELEGRAM_TOKEN": lambda: asyncio.run(
                telegram_account(given, self.settings.telegram_api_base)
            ),
            "DISCORD_TOKEN": lambda: asyncio.run(
                discord_account(given, self.settings.discord_api_base)
            ),
        }
        if given and question.name in who:
            self._look_up(who[question.name])

    def _look_up(self, who: Callable[[], Account]) -> None:
        try:
            account = who()
        except Refused as refused:
            raise Trouble(str(refused)) from None
        except Unreachable as unreachable:
            print(f"{unreachable} The token was not checked.", file=sys.stderr)
            if not self.args.yes and not _yes("Keep it all the same?", default=True):
                raise Trouble("Then give another one.") from None
            return
        self.accounts.append(account)
        print(f"{account.platform}: this is {account.name} ✓")


def init_command(args: argparse.Namespace) -> int:
    """Ask, write `.env`, make the database, and say how to invite and own the bot."""
    interview = Interview(args, Settings())
    interview.ask_all()
    if interview.changed:
        dotenv.put(interview.changed)
        print(f"\nWrote {dotenv.ENV} (only you can read it).")
    settings = Settings()
    code = asyncio.run(_prepared(settings))
    if not settings.secret_key:
        print(f"The key is in {settings.secret_key_file}. Keep a copy of it in another place.")
    for line in _next_steps(settings, interview.accounts, code):
        print(line)
    return 0


async def _prepared(settings: Settings) -> str | None:
    database = await open_database(settings.database_url, Seal(settings.secret()))
    try:
        return await prepare(database, settings, real_world())
    finally:
        await database.close()


def _next_steps(settings: Settings, accounts: list[Account], code: str | None) -> list[str]:
    if not (settings.telegram_token or settings.discord_token):
        return ["", "Next: addabot demo needs no token; run addabot init again when you have one."]
    lines = ["", "Add the bot to your communities:"]
    lines += [f"  {one.platform:9} {one.invite()}" for one in accounts]
    if any(one.platform == "Discord" for one in accounts):
        lines += ["  Discord needs no privileged intent: leave all three off."]
    if not accounts:
        lines += ["  No platform could be asked; addabot init shows the links another time."]
    if code is None:
        lines += ["", "Somebody owns this bot already; /team invite adds to the team."]
    else:
        lines += ["", "Own the bot, once it runs (one use, 15 minutes; run shows a new code):"]
        claims = [f"  {one.platform:9} {one.claim(code)}" for one in accounts]
        lines += claims or [f"  /claim {code}"]
    return [*lines, "", "Next: addabot doctor, then addabot run."]


def _answer(question: Question, now: str) -> str:
    """What is typed; nothing keeps what is set, a single dash empties it."""
    shown = f"…{now[-4:]}" if question.secret and now else now
    may_be_empty = Settings.model_fields[question.name.lower()].default == ""
    hint = f" [{shown}{'; - for none' if may_be_empty else ''}]" if shown else ""
    given = _read(f"{question.name}{hint}: ", question.secret)
    return "" if given == "-" and may_be_empty else given or now


def _yes(question: str, default: bool = False) -> bool:
    given = _read(f"{question} [{'Y/n' if default else 'y/N'}] ").lower()
    return given in ("y", "yes") if given else default


def _read(prompt: str, secret: bool = False) -> str:
    try:
        ask = getpass.getpass if secret and sys.stdin.isatty() else input
        return ask(prompt).strip()
    except EOFError:
        raise Trouble(
            "\nThere is nobody to ask. Give the answers as flags together with --yes; "
            "nothing was written."
        ) from None
