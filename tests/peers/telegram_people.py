"""The people and chats of a pretended Telegram, and the updates a bot gets of what they do."""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

Json = dict[str, Any]

UNASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
ENTITIES = re.compile(
    r"(?P<bot_command>(?<!\S)/\w+(?:@\w+)?)|(?P<mention>(?<!\w)@\w{3,})|(?P<url>https?://\S+)"
)
RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)


def utf16(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def entities(text: str) -> list[Json]:
    """The commands, mentions and addresses in a text, as Telegram marks them."""
    return [
        {"type": found.lastgroup, "offset": utf16(text[: found.start()]), "length": utf16(found[0])}
        for found in ENTITIES.finditer(text)
    ]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account."""

    id: int
    name: str
    language: str | None = "bn"

    def card(self) -> Json:
        """The person as a `User`."""
        card: Json = {"id": self.id, "is_bot": False, "first_name": self.name}
        return card | ({"language_code": self.language} if self.language else {})


@dataclass(slots=True)
class Chat:
    """A private chat (its id is the person's), a group or a channel; `bot`: the bot's standing."""

    id: int
    kind: str = "supergroup"
    title: str = ""
    forum: bool = False
    bot: str = "member"
    threads: set[int] = field(default_factory=set)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def card(self) -> Json:
        """The chat as a `Chat`."""
        card: Json = {"id": self.id, "type": self.kind}
        card |= {"first_name" if self.kind == "private" else "title": self.title}
        return card | ({"is_forum": True} if self.forum else {})


class People:
    """What people do. Every method that makes an update returns it; names make people."""

    def __init__(self) -> None:
        self.me: Json = {"id": 4242424242, "is_bot": True, "first_name": "Adda"}
        self.me |= {"username": "adda_test_bot"}
        self.messages: dict[tuple[int, int], Json] = {}
        self.queries: dict[str, Json] = {}
        self.files: dict[str, bytes] = {}
        self.allowed: frozenset[str] | None = None
        self.standings: dict[tuple[int, int], str] = {}  # (chat, person) who is not a member there
        self.domain = ""  # what /setdomain gave this bot at @BotFather
        self._people: dict[str, Person] = {}
        self._chats: dict[int, Chat] = {}
        self._updates: deque[Json] = deque()
        self._again: list[Json] = []
        self._ids = count(5_000_000_001)  # past 32 bits, as real ones are
        self._update_ids = count(810_000_001)

    def person(self, who: Person | str, language: str | None = "bn") -> Person:
        """The person of that name, who is made when new."""
        if isinstance(who, Person):
            return who
        if who not in self._people:
            self._people[who] = Person(next(self._ids), who, language)
        return self._people[who]

    def group(self, title: str, *, forum: bool = False, bot: str = "member") -> Chat:
        """A new group the bot is in already; `bot` may be "left" or "administrator"."""
        chat = Chat(-1_000_000_000_000 - next(self._ids) % 10**9, title=title, forum=forum, bot=bot)
        self._chats[chat.id] = chat
        return chat

    def private(self, who: Person | str) -> Chat:
        """The private chat of a person; until they speak the bot may not write there."""
        person = self.person(who)
        if person.id not in self._chats:
            self._chats[person.id] = Chat(person.id, "private", person.name, bot="stranger")
        return self._chats[person.id]

    def says(
        self,
        who: Person | str,
        text: str,
        chat: Chat | None = None,
        *,
        thread: int | None = None,
        reply_to: Json | None = None,
        **more: Any,
    ) -> Json:
        """A text message, in private unless a group is given."""
        marks = entities(text)
        body: Json = {"text": text} | ({"entities": marks} if marks else {}) | more
        return self._posts(who, body, chat, thread, reply_to)

    def sends(
        self,
        who: Person | str,
        kind: str,
        chat: Chat | None = None,
        *,
        caption: str = "",
        content: bytes = b"\x00",
        reply_to: Json | None = None,
    ) -> Json:
        """A "photo", "voice", "sticker" or "document" instead of text."""
        name = f"{kind}-{len(self.files) + 1}"
        self.files[name] = content
        file: Json = {"file_id": name, "file_unique_id": f"u{name}", "file_size": len(content)}
        match kind:
            case "photo":
                media: Any = [file | {"width": 90, "height": 67}]
            case "voice":
                media = file | {"duration": 3, "mime_type": "audio/ogg"}
            case "sticker":
                flags = {"is_animated": False, "is_video": False}
                media = file | {"type": "regular", "width": 512, "height": 512} | flags
            case _:
                media = file | {"file_name": "prices.csv", "mime_type": "text/csv"}
        body = {kind: media} | ({"caption": caption} if caption else {})
        if caption and (marks := entities(caption)):
            body["caption_entities"] = marks
        return self._posts(who, body, chat, None, reply_to)

    def presses(
        self, who: Person | str, message: Json, button: str, *, forged: bool = False
    ) -> Json:
        """A press on the button with that label or data; a forged one need not exist."""
        current = self.messages.get((message["chat"]["id"], message["message_id"]), message)
        rows = current.get("reply_markup", {}).get("inline_keyboard", [])
        found = [b for row in rows for b in row if button in (b["text"], b.get("callback_data"))]
        if not found and not forged:
            labels = [b["text"] for row in rows for b in row]
            raise AssertionError(f"no button {button!r} among {labels}")
        data = button if forged else found[0]["callback_data"]
        person = self.person(who)
        query: Json = {"id": str(next(self._ids) << 24), "from": person.card(), "data": data}
        query |= {"message": current, "chat_instance": str(-person.id)}
        self.queries[query["id"]] = query
        return self._give("callback_query", query)

    def joins(self, who: Person | str, chat: Chat) -> list[Json]:
        """A person enters a group: the service message, and for administrators `chat_member`."""
        card = self.person(who).card()
        service = self._posts(who, {"new_chat_members": [card]}, chat, None, None)
        left, came = {"user": card, "status": "left"}, {"user": card, "status": "member"}
        change = {"chat": chat.card(), "from": card, "date": int(time.time())}
        change |= {"old_chat_member": left, "new_chat_member": came}
        return [service, self._give("chat_member", change)]

    def stands(self, who: Person | str, chat: Chat, status: str) -> None:
        """From now on a person is "left", "kicked", "restricted", … in a group."""
        self.standings[chat.id, self.person(who).id] = status

    def adds_bot(self, who: Person | str, chat: Chat, status: str = "member") -> Json:
        """A person takes the bot into a group, or makes it "administrator"."""
        return self._changes_bot(who, chat, status)

    def removes_bot(self, who: Person | str, chat: Chat) -> Json:
        """A person throws the bot out of a group."""
        return self._changes_bot(who, chat, "kicked")

    def blocks(self, who: Person | str) -> Json:
        """A person blocks the bot in private."""
        return self._changes_bot(who, self.private(who), "kicked")

    def unblocks(self, who: Person | str) -> Json:
        """A person lets the bot write again."""
        return self._changes_bot(who, self.private(who), "member")

    def again(self, update: Json) -> None:
        """Deliver an update once more with its old number, confirmed or not."""
        self._again.append(update)
        self._arrived()

    @property
    def waiting(self) -> int:
        """How many updates the bot has not confirmed."""
        return len(self._updates)

    def _posts(
        self,
        who: Person | str,
        body: Json,
        chat: Chat | None,
        thread: int | None,
        reply_to: Json | None,
    ) -> Json:
        person = self.person(who)
        place = chat or self.private(person)
        if place.bot == "stranger":
            place.bot = "member"
        message = self._keep(place, {"from": person.card()} | body, thread)
        if reply_to is not None:
            message["reply_to_message"] = {
                name: value for name, value in reply_to.items() if name != "reply_to_message"
            }
        return self._give("message", message)

    def _keep(self, chat: Chat, body: Json, thread: int | None) -> Json:
        message: Json = {"message_id": next(chat.numbers), "date": int(time.time())}
        message |= {"chat": chat.card()} | body
        if thread is not None:
            chat.threads.add(thread)
            message |= {"message_thread_id": thread, "is_topic_message": True}
        self.messages[chat.id, message["message_id"]] = message
        return message

    def _changes_bot(self, who: Person | str, chat: Chat, status: str) -> Json:
        change = {
            "chat": chat.card(),
            "from": self.person(who).card(),
            "date": int(time.time()),
            "old_chat_member": self.standing(chat.bot),
            "new_chat_member": self.standing(status),
        }
        chat.bot = status
        return self._give("my_chat_member", change)

    def standing(self, status: str) -> Json:
        """The bot's membership as a `ChatMember`."""
        member: Json = {"user": self.me, "status": "member" if status == "stranger" else status}
        match status:
            case "administrator":
                member |= dict.fromkeys(RIGHTS, True)
            case "kicked":
                member["until_date"] = 0
        return member

    def _give(self, kind: str, body: Json) -> Json:
        update = {"update_id": next(self._update_ids), kind: body}
        if kind in self.allowed if self.allowed is not None else kind not in UNASKED:
            self._updates.append(update)
            self._arrived()
        return update

    def _arrived(self) -> None:
        """An update is there to be fetched."""
        raise NotImplementedError
