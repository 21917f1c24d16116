"""From a letter to what a platform is asked to send: words, limits, and how privately; pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import present, wire
from bot.actions import pack
from bot.model import Button, Event, Form, Later, Picture, Place, Post, Pressed, Reply, Say
from bot.platforms.base import Capabilities, Key, Line, Outgoing, Sheet, Shot
from bot.words import Reader
from storage.outbox import Letter

REPLY_LIFE_MS = 3600 * 1000  # an answer that could not be given for an hour is not given
SELF = "self"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to deliver a letter: what to send, in order.

    `after` is sent when the rest has arrived, and may fail. `offer`: the words stay kept, because
    the reader is only told where to collect them.
    """

    outs: tuple[Outgoing, ...]
    offer: bool = False
    after: Outgoing | None = None


def reply_letter(id: str, community: str, event: Event, reply: Reply, language: str) -> Letter:
    """An answer to the event."""
    now = wire.millis(event.at)
    body = _body(reply.text, reply.buttons, reply.picture) | {
        "user": event.who.user,
        "open": not reply.private,
        "pressed": isinstance(event.intent, Pressed),
    }
    return _letter(id, community, event.place, "reply", body, language, now, event=event)


def form_letter(id: str, community: str, event: Event, form: Form, language: str) -> Letter:
    """A form, where the platform has them."""
    body = {"form": wire.form_out(form), "user": event.who.user}
    return _letter(
        id, community, event.place, "form", body, language, wire.millis(event.at), event=event
    )


def post_letter(id: str, community: str, post: Post, language: str, now: int) -> Letter:
    body = _body(post.text, post.buttons, post.picture)
    if post.otherwise is not None:
        body["otherwise"] = wire.post_out(post.otherwise)
    return _letter(id, community, post.place, "post", body, language, now, key=post.key)


def instead(letter: Letter, id: str, now: int) -> Letter | None:
    """The letter to send now that this one cannot be delivered, if there is one."""
    body = json.loads(letter.body)
    if "otherwise" not in body:
        return None
    post = wire.post_in(body["otherwise"])
    return post_letter(id, letter.community, post, post.language or letter.language, now)


def timer_letter(id: str, community: str, later: Later, now: int) -> Letter:
    """A timer: a letter to ourselves."""
    body, due = wire.text(pack(later.action)), wire.millis(later.at)
    return Letter(
        id, community, SELF, community, None, True, "timer", body, "", later.key, None, None, now,
        due, None,
    )  # fmt: skip


def _body(text: Say, buttons: tuple[Button, ...], picture: Picture | None) -> dict[str, Any]:
    shown = {"picture": wire.picture_out(picture)} if picture else {}
    return {"say": wire.say_out(text), "buttons": wire.buttons_out(buttons), **shown}


def _letter(
    id: str, community: str, place: Place, kind: str, body: dict[str, Any], language: str, now: int,
    *, key: str | None = None, event: Event | None = None,
) -> Letter:  # fmt: skip
    return Letter(
        id, community, place.platform, place.chat, place.thread, place.private, kind,
        wire.text(body), language, key, event.ticket if event else None,
        event.message if event else None, now, now, now + REPLY_LIFE_MS if event else None,
    )  # fmt: skip


def collected(letter: Letter) -> Reply:
    """The answer that was offered for collection, to be given in private."""
    body = json.loads(letter.body)
    picture = wire.picture_in(body["picture"]) if "picture" in body else None
    return Reply(wire.say_in(body["say"]), wire.buttons_in(body["buttons"]), picture=picture)


def for_user(letter: Letter) -> str | None:
    """Whose answer this letter is."""
    user: str | None = json.loads(letter.body).get("user")
    return user


class Draft:
    """One letter being made ready for one platform."""

    def __init__(
        self,
        letter: Letter,
        caps: Capabilities,
        zone: str,
        deep_link: Callable[[str], str | None],
        now: datetime,
    ) -> None:
        self.letter = letter
        self._caps = caps
        self._deep_link = deep_link
        self._body: dict[str, Any] = json.loads(letter.body)
        self._reader = Reader(letter.language, zone, caps.moment == "unix", caps.markdown)
        self._plain = Reader(letter.language, zone)  # labels show every sign as it is
        age = wire.millis(now) - letter.created_at
        self._live = letter.ticket is not None and age < caps.ticket_life * 1000
        self.place = Place(letter.platform, letter.chat, letter.thread, letter.private)

    def ways(self) -> Iterator[Way]:
        """Ways to deliver it, best first; the next is for when one is gone."""
        if self.letter.kind == "form":
            yield Way((self._out("form", sheet=self._sheet()),))
        elif self._body.get("open", True) or self.letter.private:
            yield Way(self._messages(self.place))
        else:
            yield from self._privately()

    def _privately(self) -> Iterator[Way]:
        text = self._text()
        for kind in self._caps.private:
            if kind == "toast" and self._fits_toast(text):
                yield Way((self._out("toast", text=text),))
            elif kind == "ephemeral" and self._live:
                yield Way(self._messages(self.place, "ephemeral"))
            elif kind == "dm":
                alone = Place(self.letter.platform, self._body["user"])
                yield Way(self._messages(alone), after=self._look_there())
        link = self._deep_link(f"r_{self.letter.id}")
        if link is not None:
            yield Way((self._pointer(link),), offer=True)

    def _fits_toast(self, text: str) -> bool:
        room = present.length(text, self._caps.unit) <= self._caps.toast
        bare = not self._body["buttons"] and "picture" not in self._body
        return bool(self._live and self._body.get("pressed") and bare and room)

    def _look_there(self) -> Outgoing | None:
        """A press is told that the answer went to the private chat."""
        if not (self._live and self._body.get("pressed")):
            return None
        return self._out("toast", text=self._reader.text(Say("private.sent")))

    def _pointer(self, link: str) -> Outgoing:
        """All that is said in public: where to read the answer alone."""
        keys = present.rows([Key(self._plain.text(Say("private.open")), url=link)], self._caps)
        text = self._reader.text(Say("private.elsewhere"))
        if self._body.get("pressed") and self._live:
            return self._out("toast", text=text, rows=keys)
        return self._out("message", text=text, rows=keys, reply_to=self.letter.reply_to)

    def _messages(self, place: Place, how: Any = "message") -> tuple[Outgoing, ...]:
        """The text in as many parts as it takes; a picture with the first, buttons under the
        last."""
        shot = self._shot()
        first = self._caps.caption if shot else None
        parts = present.pieces(self._text(), self._caps.text, self._caps.unit, first)
        ticket = self.letter.ticket if self._live and place == self.place else None
        reply_to = self.letter.reply_to if not place.private else None
        last = len(parts) - 1
        return tuple(
            self._out(
                how, text=text, place=place, part=part, rows=self._rows() if part == last else (),
                ticket=ticket if part == 0 or how == "ephemeral" else None,
                reply_to=reply_to if part == 0 else None, shot=shot if part == 0 else None,
            )
            for part, text in enumerate(parts)
        )  # fmt: skip

    def edit(self, message: str) -> Outgoing:
        """The letter as the new words of a message already sent; too long a text is cut."""
        text = present.fit(self._text(), self._caps.text, self._caps.unit)
        return self._out("edit", text=text, rows=self._rows(), message=message)

    def placeholder(self) -> Outgoing:
        """A message that says nothing yet, to be edited once its id is kept."""
        return self._out("message", text=self._reader.text(Say("post.placeholder")))

    def _text(self) -> str:
        return self._reader.text(wire.say_in(self._body["say"]))

    def _rows(self) -> tuple[tuple[Key, ...], ...]:
        keys = [
            Key(self._plain.text(wire.say_in(label)), data, url, self._login(*login))
            for label, data, url, *login in self._body["buttons"]
        ]
        return present.rows(keys, self._caps)

    def _login(self, path: str = "") -> str | None:
        base = self._caps.login
        return f"{base}{path}" if base and path else None

    def _shot(self) -> Shot | None:
        if "picture" not in self._body:
            return None
        picture = wire.picture_in(self._body["picture"])
        alt = present.fit(self._plain.text(picture.alt), self._caps.alt, self._caps.unit)
        return Shot(picture.kind, picture.values, alt)

    def _sheet(self) -> Sheet:
        form = wire.form_in(self._body["form"])
        say = self._plain.text
        lines = tuple(
            Line(f.name, say(f.label), f.required, f.long, f.limit, f.value)
            for f in form.fields[: self._caps.fields]
        )
        return Sheet(say(form.title), lines, pack(form.then))

    def _out(
        self, how: Any, *, text: str = "", rows: tuple[tuple[Key, ...], ...] = (), part: int = 0,
        place: Place | None = None, ticket: str | None = None, reply_to: str | None = None,
        message: str | None = None, sheet: Sheet | None = None, shot: Shot | None = None,
    ) -> Outgoing:  # fmt: skip
        """Answers that only the asker sees always go by the ticket."""
        id = self.letter.id if not part else f"{self.letter.id}.{part}"
        if how in ("toast", "form"):
            ticket = self.letter.ticket
        return Outgoing(
            id, how, place or self.place, text, rows, ticket, reply_to, message, sheet, picture=shot
        )
