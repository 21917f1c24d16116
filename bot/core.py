"""The life of one event: think, then one unit of work that sees, decides, writes and queues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, assert_never

import structlog

from bot import delivery, forms, who, wire
from bot.book import Book, Route, Unknown
from bot.feature import Command, Context, Glance
from bot.model import (
    Button,
    Choices,
    Due,
    Effect,
    Event,
    Filled,
    Form,
    Later,
    Overheard,
    Post,
    Pressed,
    Refuse,
    Reply,
    Said,
    Say,
    Typing,
)  # fmt: skip
from bot.outbox import Postman
from bot.platforms.base import Capabilities
from bot.world import World, code
from storage import outbox
from storage.database import Database, Glimpses
from storage.outbox import Letter
from storage.tx import Tx

LEASE_MS = 60_000  # how long a letter handed straight to the postman is his alone
AGAIN = Button(Say("form.again"), forms.Reopen())
log = structlog.get_logger("core")


@dataclass(frozen=True, slots=True)
class Settled:
    """What a unit left to send."""

    letters: Sequence[Letter] = ()  # leased to this process: to send without looking
    due: bool = False  # others are due now, to be looked up
    handled: bool = True


class Core:
    """Takes events from platforms and timers; what should be said goes to the postman."""

    def __init__(
        self,
        database: Database,
        book: Book,
        world: World,
        postman: Postman,
        capabilities: Mapping[str, Capabilities],
    ) -> None:
        self._database = database
        self._book = book
        self._world = world
        self._postman = postman
        self._capabilities = capabilities

    def crowded(self) -> bool:
        """True while so much waits to be sent that platforms should stop asking."""
        return self._postman.crowded()

    async def handle(self, event: Event) -> None:
        """Returns once the event is committed, or was before. Raises only if it was not."""
        if isinstance(event.intent, Typing):
            await self._suggest(event, event.intent)
            return
        if isinstance(event.intent, Overheard) and not await self._wanted(event):
            return
        try:
            settled = await self._attempt(event)
        except Exception as error:
            if self._database.away(error):
                raise  # the event must not be confirmed, so that it comes again
            settled = await self._apologise(event)
        if settled.handled:
            self._postman.take(event, settled.letters, settled.due)

    async def _wanted(self, event: Event) -> bool:
        """Of talk among people only the team's is looked at; nothing of the others' is kept."""
        role = self._book.listens
        if role is None:
            return False
        views = Glimpses(self._database)
        community = await who.community(views, event.place)
        return community is not None and await who.may(views, community, event.who, role)

    async def _attempt(self, event: Event) -> Settled:
        try:
            route = self._book.route(event.intent)
            thought = await self._think(event, route)
            return await self._database.unit(partial(self._unit, event, route, thought))
        except Unknown as unknown:
            refusal = Refuse(Say("command.unknown", command=unknown.command[:40]))
            if not event.place.private and event.ticket is None:
                return Settled()  # in a group it may be meant for another bot
        except Refuse as raised:
            refusal = raised
        return await self._database.unit(partial(self._refused, event, refusal))

    async def _apologise(self, event: Event) -> Settled:
        """A bug is logged with a short code that the person is given; timers try again."""
        incident = code(self._world.random(3)).upper()
        log.exception("bug", event_id=event.id, code=incident)
        if isinstance(event.intent, Due):
            raise
        refusal = Refuse(Say("bug", code=incident))
        return await self._database.unit(partial(self._refused, event, refusal))

    async def _think(self, event: Event, route: Route) -> Any:
        if route.handler is None or route.handler.think is None:
            return None
        views, intent = Glimpses(self._database), event.intent
        community = await who.community(views, event.place)
        if community is None:
            return None
        return await route.handler.think(
            Glance(views, self._world.now(), community, event),
            intent.action if isinstance(intent, Pressed | Due) else intent,
        )

    # Inside the unit ----------------------------------------------------------------------------

    async def _unit(self, event: Event, route: Route, thought: Any, tx: Tx) -> Settled:
        if not await self._first_time(tx, event):
            return Settled(handled=False)
        ctx = await who.context(tx, self._world, event)
        if ctx is None and isinstance(route.handler, Command) and route.handler.anywhere:
            ctx = await who.stranger(tx, self._world, event)
        if ctx is None and event.ticket is not None:
            raise Refuse(Say("place.unknown"))  # somebody waits for an answer
        if ctx is None:
            return Settled()
        if isinstance(event.intent, Said | Pressed) and event.place.private:
            effects = await self._form_step(ctx, route, thought)
        else:
            effects = await self._called(ctx, route, thought)
        return await self._queue(ctx, effects)

    async def _first_time(self, tx: Tx, event: Event) -> bool:
        if isinstance(event.intent, Due):
            timer, fence = event.id.partition(":")[2], int(event.ticket or 0)
            return await outbox.settle_timer(tx, timer, fence)
        return await outbox.first_time(tx, event.id, wire.millis(self._world.now()))

    async def _called(self, ctx: Context, route: Route, thought: Any) -> Any:
        if ctx.member.role < route.role:
            raise Refuse(Say("role.needed", role=Say(f"role.{route.role.name.lower()}")))
        return await self._filled_in(ctx, await route.call(ctx, thought))

    async def _form_step(self, ctx: Context, route: Route, thought: Any) -> Any:
        """In a private chat a form may be under way that this text or press belongs to."""
        intent = ctx.event.intent
        if isinstance(intent, Said):
            paper = await forms.under_way(ctx)
            if paper is not None:
                return await self._filled_in(
                    ctx, await forms.answer(ctx, self._book, paper, intent)
                )
        return await self._called(ctx, route, thought)

    async def _filled_in(self, ctx: Context, got: Any) -> Any:
        """A form's last answer makes it whole: then what it is for happens, in the same unit."""
        return (
            await self._called(ctx, self._book.route(got), None) if isinstance(got, Filled) else got
        )

    async def _refused(self, event: Event, refusal: Refuse, tx: Tx) -> Settled:
        """Everything the handler did is undone; only the answer and "seen" are kept."""
        if not await self._first_time(tx, event):
            return Settled(handled=False)
        ctx = await who.context(tx, self._world, event)
        if isinstance(event.intent, Due):
            return Settled()
        if ctx is None:
            ctx = await who.stranger(tx, self._world, event)
        buttons = refusal.buttons
        if isinstance(event.intent, Filled):
            form = self._book.form_again(event.intent.action, event.intent.values)
            if form is not None:
                await forms.keep_filled(ctx, form)
                buttons += (AGAIN,)
        elif isinstance(event.intent, Said):
            paper = await forms.under_way(ctx)
            buttons += (AGAIN,) if paper is not None and paper.given else ()
        return await self._queue(ctx, Reply(refusal.say, buttons))

    # Effects ------------------------------------------------------------------------------------

    async def _queue(self, ctx: Context, effects: Any) -> Settled:
        """Store what should be said."""
        given: list[Effect] = effects if isinstance(effects, list) else [effects] if effects else []
        now, at_once, due = ctx.ms, [], False
        for effect in given:
            for letter in await self._letters(ctx, effect):
                straight = self._at_once(letter, now)
                await outbox.add(ctx.tx, letter, now + LEASE_MS if straight else None)
                due = due or (letter.due_at <= now and not straight)
                if straight:
                    at_once.append(letter)
        return Settled(at_once, due)

    def _at_once(self, letter: Letter, now: int) -> bool:
        """Keyed letters are always looked up, since newer words may have taken their place."""
        ours = letter.platform in self._capabilities
        return ours and letter.key is None and letter.due_at <= now and not self.crowded()

    async def _letters(self, ctx: Context, effect: Effect) -> list[Letter]:
        id, community = ctx.new_id(), ctx.community.id
        match effect:
            case Reply():
                return [delivery.reply_letter(id, community, ctx.event, effect, ctx.language)]
            case Post():
                language = effect.language or await who.language_of(
                    ctx.tx, ctx.community, effect.place
                )
                return [delivery.post_letter(id, community, effect, language, ctx.ms)]
            case Later():
                return [delivery.timer_letter(id, community, effect, ctx.ms)]
            case Form():
                if self._capabilities[ctx.place.platform].fields >= len(effect.fields):
                    return [delivery.form_letter(id, community, ctx.event, effect, ctx.language)]
                asked = await forms.begin(ctx, effect)
                return [one for step in asked for one in await self._letters(ctx, step)]
            case Choices():
                raise TypeError("suggestions are returned by `suggest` handlers alone")
        assert_never(effect)

    async def _suggest(self, event: Event, typing: Typing) -> None:
        """Suggestions change nothing, so they are neither remembered nor stored."""
        handler = self._book.suggests.get((typing.command, typing.option))
        items: tuple[tuple[str, str], ...] = ()
        if handler is not None:
            views = Glimpses(self._database)
            community = await who.community(views, event.place)
            if community is not None and await who.may(views, community, event.who, handler.role):
                glance = Glance(views, self._world.now(), community, event)
                items = (await handler.function(glance, typing.so_far)).items
        self._postman.suggest(event, items)
