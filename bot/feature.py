"""How commands, presses, timers and forms are declared, and what a handler is given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeVar

from bot.model import Action, Community, Event, Identity, Member, Place, Reply, Role, Say
from bot.signature import Option, options_of
from bot.world import World
from storage.tx import Tx

Function = Callable[..., Any]
F = TypeVar("F", bound=Function)
Think = Callable[["Glance", Any], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Glance:
    """What slow thinking may look at before the unit: each question to `tx` has a read-only view
    of its own, so that thinking holds nothing up."""

    tx: Tx
    now: datetime
    community: Community
    event: Event


@dataclass(slots=True)
class Context:
    """What a handler is given: the unit of work, and who asks, where and when.

    A handler awaits nothing but storage functions of `tx`; it never sends, it returns effects.
    `language` is "bn", "bn-Latn" (read as "bn" but for answers) or "en": the reader's, chosen,
    heard, hinted or the community's.
    """

    tx: Tx
    world: World
    now: datetime
    event: Event
    community: Community
    member: Member
    language: str

    @property
    def who(self) -> Identity:
        return self.event.who

    @property
    def place(self) -> Place:
        return self.event.place

    def new_id(self) -> str:
        return self.world.new_id()

    @property
    def ms(self) -> int:
        """Now, as the database keeps it."""
        return round(self.now.timestamp() * 1000)


@dataclass(frozen=True, slots=True)
class Handler:
    """A declared function: the least role that may cause it, and its slow part if any."""

    function: Function
    role: Role = Role.FAN
    think: Think | None = None
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Command(Handler):
    """`form`: asked for as a form when called with nothing, even if nothing is required; `asks`
    are the options that a form asks for, all if empty: the others may be given by name.
    `anywhere`: in a group that is no community's as well, where nobody is a member."""

    name: str = ""
    form: bool = False
    menu: Literal["message"] | None = None
    asks: tuple[str, ...] = ()
    anywhere: bool = False


@dataclass(slots=True)
class Feature:
    """One thing Adda can do. Handlers are registered by the decorators below."""

    name: str
    commands: dict[str, Command] = field(default_factory=dict)
    presses: dict[type[Action], Handler] = field(default_factory=dict)
    dues: dict[type[Action], Handler] = field(default_factory=dict)
    fills: dict[type[Action], Handler] = field(default_factory=dict)
    starts: dict[str, Handler] = field(default_factory=dict)
    suggests: dict[tuple[str, str], Handler] = field(default_factory=dict)
    on_said: Handler | None = None
    on_overheard: Handler | None = None
    on_joined: Handler | None = None
    on_left: Handler | None = None
    on_promise: Callable[[Context], Awaitable[Reply]] | None = None
    on_recall: Callable[[Context], Awaitable[Sequence[Say]]] | None = None
    on_forget: Callable[[Context], Awaitable[None]] | None = None

    def command(
        self,
        name: str,
        *,
        role: Role = Role.FAN,
        think: Think | None = None,
        form: bool = False,
        menu: Literal["message"] | None = None,
        asks: tuple[str, ...] = (),
        anywhere: bool = False,
    ) -> Callable[[F], F]:
        """`async def f(ctx, [thought,] **options)`: the options are the signature's."""

        def register(function: F) -> F:
            options = options_of(function, 2 if think else 1)
            self.commands[name] = Command(
                function, role, think, options, name, form, menu, asks, anywhere
            )
            return function

        return register

    def pressed(
        self, action: type[Action], *, role: Role = Role.FAN, think: Think | None = None
    ) -> Callable[[F], F]:
        """`async def f(ctx, action[, thought])`: a person may cause this."""
        return self._into(self.presses, action, _handler(role, think))

    def due(self, action: type[Action], *, think: Think | None = None) -> Callable[[F], F]:
        """`async def f(ctx, action[, thought])`: only time may cause this."""
        return self._into(self.dues, action, _handler(Role.FAN, think))

    def filled(self, action: type[Action], *, role: Role = Role.FAN) -> Callable[[F], F]:
        """`async def f(ctx, action, **fields)`: a form came back."""

        def register(function: F) -> F:
            self.fills[action] = Handler(function, role, None, options_of(function, 2))
            return function

        return register

    def started(self, prefix: str) -> Callable[[F], F]:
        """`async def f(ctx, rest)`: a deep link whose payload begins with `prefix` was followed."""
        return self._into(self.starts, prefix, _handler(Role.FAN, None))

    def suggest(self, command: str, option: str, *, role: Role = Role.FAN) -> Callable[[F], F]:
        """`async def f(glance, so_far) -> Choices`: helps someone typing an option."""
        return self._into(self.suggests, (command, option), _handler(role, None))

    def said(self, *, think: Think | None = None) -> Callable[[F], F]:
        """`async def f(ctx, said[, thought])`: text for the bot that no form is waiting for."""

        def register(function: F) -> F:
            self.on_said = Handler(function, Role.FAN, think)
            return function

        return register

    def overheard(self, *, role: Role) -> Callable[[F], F]:
        """`async def f(ctx, overheard)`: one person of this role answered another."""

        def register(function: F) -> F:
            self.on_overheard = Handler(function, role)
            return function

        return register

    def joined(self, function: F) -> F:
        """`async def f(ctx, joined)`: the bot was added somewhere."""
        self.on_joined = Handler(function)
        return function

    def left(self, function: F) -> F:
        """`async def f(ctx, left)`: the bot was removed or blocked."""
        self.on_left = Handler(function)
        return function

    def promises(self, function: F) -> F:
        """`async def f(ctx) -> reply`: what this feature keeps of people here, and the buttons
        with which ctx.member decides about it, for /privacy."""
        self.on_promise = function
        return function

    def recalls(self, function: F) -> F:
        """`async def f(ctx) -> lines`: what this feature keeps about ctx.member, for /mydata."""
        self.on_recall = function
        return function

    def forgets(self, function: F) -> F:
        """`async def f(ctx)`: delete all this feature keeps about ctx.member."""
        self.on_forget = function
        return function

    @staticmethod
    def _into(
        registry: dict[Any, Handler], key: Any, handler: Callable[[Function], Handler]
    ) -> Callable[[F], F]:
        def register(function: F) -> F:
            if key in registry:
                raise ValueError(f"{key} is declared twice")
            registry[key] = handler(function)
            return function

        return register


def _handler(role: Role, think: Think | None) -> Callable[[Function], Handler]:
    """A handler waiting for its function."""
    return lambda function: Handler(function, role, think)
