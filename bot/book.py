"""All features together: which handler an intent means, and the commands as people see them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.actions import tagged
from bot.feature import Command, Context, Feature, Handler
from bot.model import (
    Action,
    Called,
    Due,
    Effect,
    Field,
    Filled,
    Form,
    Intent,
    Joined,
    Left,
    Overheard,
    Pressed,
    Refuse,
    Role,
    Said,
    Say,
)  # fmt: skip
from bot.platforms.base import CommandCard, OptionCard
from bot.signature import Option, missing, read, split
from bot.words import LANGUAGES, catalogue

Call = Callable[[Context, Any], Awaitable[Any]]


@tagged("rn")
@dataclass(frozen=True, slots=True)
class Run(Action):
    """Run a command, from a button or a filled form; spaces of its name are dots."""

    command: str

    @classmethod
    def of(cls, name: str) -> Run:
        return cls(name.replace(" ", "."))

    @property
    def name(self) -> str:
        return self.command.replace(".", " ")


@dataclass(frozen=True, slots=True)
class Route:
    """What will happen: `call(ctx, thought)`, for people of at least `role`."""

    call: Call
    role: Role = Role.FAN
    handler: Handler | None = None


class Unknown(Exception):
    """No feature knows this command."""

    def __init__(self, command: str) -> None:
        super().__init__(command)
        self.command = command


class Book:
    """Looks handlers up. Building it checks that no two features claim the same thing."""

    def __init__(self, features: Iterable[Feature]) -> None:
        self.commands: dict[str, Command] = {}
        self._presses: dict[type[Action], Handler] = {}
        self._dues: dict[type[Action], Handler] = {}
        self._fills: dict[type[Action], Handler] = {}
        self._starts: dict[str, Handler] = {}
        self.suggests: dict[tuple[str, str], Handler] = {}
        self._single: dict[str, Handler] = {}
        for feature in features:
            self._add(feature)
        self._groups = {name.split()[0] for name in self.commands if " " in name}

    def _add(self, feature: Feature) -> None:
        pairs: tuple[tuple[dict[Any, Any], Mapping[Any, Any]], ...] = (
            (self.commands, feature.commands), (self._presses, feature.presses),
            (self._dues, feature.dues), (self._fills, feature.fills),
            (self._starts, feature.starts), (self.suggests, feature.suggests),
            (self._single, {name: handler for name in ("said", "overheard", "joined", "left")
                            if (handler := getattr(feature, f"on_{name}"))}),
        )  # fmt: skip
        for ours, theirs in pairs:
            for key, handler in theirs.items():
                if key in ours:
                    raise ValueError(f"{feature.name}: {key} already belongs to another feature")
                ours[key] = handler

    def route(self, intent: Intent) -> Route:
        """Who handles it. Raises Unknown, or Refuse for a button that is not to be obeyed."""
        match intent:
            case Called():
                return self._called(intent)
            case Pressed(action) | Due(action):
                if isinstance(action, Run) and isinstance(intent, Pressed):
                    return self._called(Called(action.name))
                due = isinstance(intent, Due)
                return self._acted(self._dues if due else self._presses, action)
            case Filled(action, values):
                return self._filled(action, values)
            case Said() | Overheard() | Joined() | Left():
                return _with(self._single[type(intent).__name__.lower()], intent)
        raise TypeError(f"nothing handles {intent!r}")

    @property
    def listens(self) -> Role | None:
        """From whom what is said to others is wanted, if from anyone."""
        handler = self._single.get("overheard")
        return handler.role if handler else None

    @staticmethod
    def _acted(registry: Mapping[type[Action], Handler], action: Action) -> Route:
        handler = registry.get(type(action))
        if handler is None:  # never declared for this cause: forged, or of an older version
            raise Refuse(Say("button.stale"))
        return _with(handler, action)

    def _filled(self, action: Action, values: Mapping[str, str]) -> Route:
        if isinstance(action, Run):
            return self._called(Called(action.name, values))
        handler = self._fills.get(type(action))
        if handler is None:
            raise Refuse(Say("button.stale"))

        async def call(ctx: Context, _thought: Any) -> Any:
            return await handler.function(ctx, action, **read(handler.options, values))

        return Route(call, handler.role, handler)

    def _called(self, called: Called) -> Route:
        if called.command == "start" and called.text:
            for prefix, handler in self._starts.items():
                if called.text.startswith(prefix):
                    return _with(handler, called.text.removeprefix(prefix))
        command, text = self.find(called.command, called.text)
        given = dict(called.args) or split(text, command.options)
        if missing(command.options, given) or (command.form and not given):
            return Route(_ask(command, given), command.role)

        async def call(ctx: Context, thought: Any) -> Any:
            values = read(command.options, given)
            if command.think is not None:
                return await command.function(ctx, thought, **values)
            return await command.function(ctx, **values)

        return Route(call, command.role, command)

    def find(self, name: str, text: str = "") -> tuple[Command, str]:
        """The command, and the rest of the line; a group alone shows, or adds. Raises Unknown."""
        if name in self._groups and text.strip():
            word, *rest = text.split(None, 1)
            if (longer := f"{name} {word.lower()}") in self.commands:
                return self.commands[longer], "".join(rest).strip()
        for known in (name, f"{name} show", f"{name} add"):
            if known in self.commands:
                return self.commands[known], text
        raise Unknown(name)

    def option(self, action: Action, name: str) -> Option | None:
        """The option a form's field stands for, so that it can be checked when it is given."""
        if isinstance(action, Run):
            command = self.commands.get(action.name)
            options = command.options if command else ()
        else:
            handler = self._fills.get(type(action))
            options = handler.options if handler else ()
        return next((option for option in options if option.name == name), None)

    def form_again(self, action: Action, values: Mapping[str, str]) -> Form | None:
        """The form behind a filled action, with what was written in it."""
        if isinstance(action, Run):
            command = self.commands.get(action.name)
            return form_of(command, values) if command else None
        handler = self._fills.get(type(action))
        if handler is None:
            return None
        return Form(Say("form.title"), _fields(handler.options, values), action)

    def cards(self) -> list[CommandCard]:
        """Every command as data, for platforms to show."""
        return [self._card(command) for _, command in sorted(self.commands.items())]

    def _card(self, command: Command) -> CommandCard:
        options = tuple(
            OptionCard(
                o.name, o.kind, _about(f"option.{o.name}"), o.required and not command.form,
                tuple((choice, choice) for choice in o.choices),
                (command.name, o.name) in self.suggests,
            )
            for o in command.options
        )  # fmt: skip
        about = _about(f"command.{command.name.replace(' ', '_')}")
        team = command.role > Role.FAN
        return CommandCard(command.name, about, options, team, command.menu)


def _about(key: str) -> dict[str, str]:
    return {language: str(catalogue()[language][key]) for language in LANGUAGES}


def _with(handler: Handler, given: Any) -> Route:
    async def call(ctx: Context, thought: Any) -> Any:
        if handler.think is not None:
            return await handler.function(ctx, given, thought)
        return await handler.function(ctx, given)

    return Route(call, handler.role, handler)


def _ask(command: Command, given: Mapping[str, str]) -> Call:
    async def call(_ctx: Context, _thought: Any) -> Effect:
        return form_of(command, given)

    return call


def form_of(command: Command, given: Mapping[str, str]) -> Form:
    """A command's options as a form, holding what is known already."""
    title = Say(f"command.{command.name.replace(' ', '_')}")
    asked = command.asks or tuple(option.name for option in command.options)
    shown = [o for o in command.options if o.required or o.name in asked or given.get(o.name)]
    return Form(title, _fields(shown, given), Run.of(command.name))


def _fields(options: Iterable[Option], given: Mapping[str, str]) -> tuple[Field, ...]:
    return tuple(
        Field(
            o.name, Say(f"option.{o.name}"), o.required, long=o.long,
            limit=3000 if o.long else 400,
            value=given.get(o.name, "" if o.default is None else str(o.default)),
        )
        for o in options
    )  # fmt: skip
