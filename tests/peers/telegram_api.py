"""What a pretended Telegram does when a bot asks: the methods of the Bot API, and its refusals."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any

from tests.peers.telegram_login import wrong
from tests.peers.telegram_people import Chat, Json, People, entities, utf16

NESTED = frozenset(
    [
        "reply_markup",
        "entities",
        "caption_entities",
        "commands",
        "scope",
        "allowed_updates",
        "link_preview_options",
        "reply_parameters",
        "ephemeral_message_parameters",
    ]
)
NUMBERS = frozenset(
    ["chat_id", "user_id", "message_id", "message_thread_id", "offset", "limit", "timeout"]
)
COMMAND = re.compile(r"[a-z0-9_]{1,32}\Z")
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


class Refusal(Exception):
    """An answer that is not ok."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.answer: Json = {"ok": False, "error_code": code, "description": description}
        if parameters:
            self.answer["parameters"] = parameters


def bad(description: str) -> Refusal:
    """A 400."""
    return Refusal(400, f"Bad Request: {description}")


def typed(values: dict[str, str]) -> Json:
    """Values of a form or an address, where everything is text, as JSON would have them."""
    result: Json = {}
    for name, value in values.items():
        if name in NESTED:
            result[name] = json.loads(value)
        elif name in NUMBERS and re.fullmatch(r"-?\d+", value):
            result[name] = int(value)
        else:
            result[name] = {"true": True, "false": False}.get(value, value)
    return result


class Api(People):
    """The Bot API's methods over what people did."""

    def __init__(self) -> None:
        super().__init__()
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.descriptions: dict[tuple[str, str], str] = {}
        self.webhook: Json = {}
        self.methods: dict[str, Callable[[Json], Any]] = {
            "getMe": self._get_me,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._get_webhook_info,
            "sendMessage": self._send_message,
            "sendPhoto": lambda values: self._send_file(values, "photo"),
            "sendDocument": lambda values: self._send_file(values, "document"),
            "editMessageText": self._edit_text,
            "editMessageReplyMarkup": lambda values: self._edit(values, {}),
            "answerCallbackQuery": self._answer_query,
            "deleteMessage": self._delete_message,
            "getChat": self._get_chat,
            "getChatMember": self._get_chat_member,
            "setMyCommands": self._set_commands,
            "getMyCommands": self._get_commands,
            "deleteMyCommands": lambda values: self._set_commands(values | {"commands": []}),
            "setMyDescription": lambda values: self._describe(values, "description", 512),
            "setMyShortDescription": lambda values: self._describe(
                values, "short_description", 120
            ),
            "getFile": self._get_file,
        }

    def seen(self, chat: Chat | str) -> list[Json]:
        """What the bot's messages in a chat look like now, oldest first."""
        place = self.private(chat) if isinstance(chat, str) else chat
        return [
            message
            for (chat_id, _), message in self.messages.items()
            if chat_id == place.id and message["from"]["id"] == self.me["id"]
        ]

    def _get_me(self, _: Json) -> Json:
        flags = ("can_join_groups", "can_read_all_group_messages", "supports_inline_queries")
        return self.me | dict.fromkeys(flags, False)

    def _set_webhook(self, values: Json) -> bool:
        self.webhook = values if values.get("url") else {}
        self._allow(values)
        return True

    def _delete_webhook(self, values: Json) -> bool:
        self.webhook = {}
        if values.get("drop_pending_updates"):
            self._updates.clear()
        return True

    def _get_webhook_info(self, _: Json) -> Json:
        info = {"url": self.webhook.get("url", ""), "has_custom_certificate": False}
        return info | {"pending_update_count": len(self._updates)}

    def _allow(self, values: Json) -> None:
        if (allowed := values.get("allowed_updates")) is not None:
            self.allowed = frozenset(allowed) or None

    def _send_message(self, values: Json) -> Json:
        text = values.get("text", "")
        if not text.strip():
            raise bad("message text is empty")
        if utf16(text) > 4096:
            raise bad("message is too long")
        marks = values.get("entities", []) + entities(text)
        return self._say(values, {"text": text} | ({"entities": marks} if marks else {}))

    def _send_file(self, values: Json, kind: str) -> Json:
        if utf16(values.get("caption", "")) > 1024:
            raise bad("message caption is too long")
        file = {"file_id": values[kind], "file_unique_id": "u1"}
        media = [file | {"width": 90, "height": 67}] if kind == "photo" else file
        caption = {"caption": values["caption"]} if values.get("caption") else {}
        return self._say(values, {kind: media} | caption)

    def _say(self, values: Json, body: Json) -> Json:
        chat = self._writable(values.get("chat_id"))
        thread = values.get("message_thread_id")
        if thread is not None and thread not in chat.threads:
            raise bad("message thread not found")
        _check_keyboard(values, self.domain)
        if reply := values.get("reply_parameters"):
            answered = self.messages.get((chat.id, reply["message_id"]))
            if answered is None and not reply.get("allow_sending_without_reply"):
                raise bad("message to be replied not found")
            body |= {"reply_to_message": answered} if answered else {}
        kept = {
            name: values[name]
            for name in ("reply_markup", "link_preview_options")
            if name in values
        }
        return self._keep(chat, {"from": self.me} | body | kept, thread)

    def _writable(self, chat_id: Any) -> Chat:
        chat = self._chats.get(chat_id)
        if chat is None:
            raise bad("chat not found")
        match chat.kind, chat.bot:
            case "private", "kicked":
                raise Refusal(403, "Forbidden: bot was blocked by the user")
            case "private", "stranger":
                raise Refusal(403, "Forbidden: bot can't initiate conversation with a user")
            case kind, "kicked":
                raise Refusal(403, f"Forbidden: bot was kicked from the {kind} chat")
            case kind, "left":
                raise Refusal(403, f"Forbidden: bot is not a member of the {kind} chat")
        return chat

    def _edit_text(self, values: Json) -> Json:
        if not values.get("text", "").strip():
            raise bad("message text is empty")
        if utf16(values["text"]) > 4096:
            raise bad("MESSAGE_TOO_LONG")
        return self._edit(values, {"text": values["text"]})

    def _edit(self, values: Json, body: Json) -> Json:
        _check_keyboard(values, self.domain)
        chat = self._writable(values.get("chat_id"))
        old = self.messages.get((chat.id, values["message_id"]))
        if old is None:
            raise bad("message to edit not found")
        if old["from"]["id"] != self.me["id"]:
            raise bad("message can't be edited")
        new = {
            name: value for name, value in old.items() if name not in ("reply_markup", "entities")
        }
        new |= body
        if marks := entities(new.get("text", "")):
            new["entities"] = marks
        if (values.get("reply_markup") or {}).get("inline_keyboard"):
            new["reply_markup"] = values["reply_markup"]
        if new == old:
            raise bad(NOT_MODIFIED)
        new["edit_date"] = int(time.time())
        self.messages[chat.id, old["message_id"]] = new
        return new

    def _answer_query(self, values: Json) -> bool:
        if values.get("callback_query_id") not in self.queries:
            raise bad(TOO_OLD)
        if len(values.get("text", "")) > 200:
            raise bad("MESSAGE_TOO_LONG")
        ours = rf"https?://t\.me/{self.me['username']}\?start=[\w-]{{1,64}}\Z"
        if "url" in values and not re.match(ours, values["url"]):
            raise bad("URL_INVALID")
        return True

    def _delete_message(self, values: Json) -> bool:
        if self.messages.pop((values["chat_id"], values["message_id"]), None) is None:
            raise bad("message to delete not found")
        return True

    def _get_chat(self, values: Json) -> Json:
        chat = self._chats.get(values["chat_id"])
        if chat is None:
            raise bad("chat not found")
        kinds = (
            "unlimited_gifts limited_gifts unique_gifts premium_subscription gifts_from_channels"
        )
        more = {"accent_color_id": 0, "max_reaction_count": 11}
        return chat.card() | more | {"accepted_gift_types": dict.fromkeys(kinds.split(), True)}

    def _get_chat_member(self, values: Json) -> Json:
        chat = self._chats.get(values["chat_id"])
        if chat is None:
            raise bad("chat not found")
        if values["user_id"] == self.me["id"]:
            return self.standing(chat.bot)
        if chat.bot in ("left", "kicked"):
            raise Refusal(403, f"Forbidden: bot was kicked from the {chat.kind} chat")
        for person in self._people.values():
            if person.id == values["user_id"]:
                status = self.standings.get((chat.id, person.id), "member")
                more = {"is_member": True} if status == "restricted" else {}
                return {"status": status, "user": person.card()} | more
        raise bad("PARTICIPANT_ID_INVALID")

    def _set_commands(self, values: Json) -> bool:
        commands = values["commands"]
        if len(commands) > 100:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not COMMAND.match(command["command"]):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands[_scope(values)] = commands
        return True

    def _get_commands(self, values: Json) -> list[Json]:
        return self.commands.get(_scope(values), [])

    def _describe(self, values: Json, what: str, limit: int) -> bool:
        if len(values.get(what, "")) > limit:
            raise bad(f"bot {what} is too long")
        self.descriptions[what, values.get("language_code", "")] = values.get(what, "")
        return True

    def _get_file(self, values: Json) -> Json:
        name = values["file_id"]
        if name not in self.files:
            raise bad("invalid file_id")
        file = {"file_id": name, "file_unique_id": f"u{name}", "file_path": f"files/{name}"}
        return file | {"file_size": len(self.files[name])}


def _scope(values: Json) -> tuple[str, str]:
    scope = values.get("scope") or {"type": "default"}
    return json.dumps(scope, sort_keys=True), values.get("language_code", "")


def _check_keyboard(values: Json, domain: str) -> None:
    rows = (values.get("reply_markup") or {}).get("inline_keyboard", [])
    if sum(map(len, rows)) > 100 or any(len(row) > 8 for row in rows):
        raise bad("reply markup is too long")
    for button in (button for row in rows for button in row):
        data, url = button.get("callback_data"), button.get("url")
        if "login_url" in button:
            if problem := wrong(button, domain):
                raise bad(problem)
            continue
        if not button.get("text"):
            raise bad("inline keyboard button text must be non-empty")
        if (data is None) == (url is None):
            raise bad("can't parse inline keyboard button: exactly one field must be used")
        if data is not None and not 1 <= len(data.encode()) <= 64:
            raise bad("BUTTON_DATA_INVALID")
        if url is not None and not re.match(r"(https?|tg)://\S+\Z", url):
            raise bad("BUTTON_URL_INVALID")
