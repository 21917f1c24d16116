"""The description of the API (OpenAPI 3.1), as it is served at /v1/openapi.json."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

_SIGNING = (
    "A sale. Adda-Signature is the HMAC-SHA256, in hexadecimal, of the text "
    "`{Adda-Timestamp}.{body}` under the signing key. A postback more than 300 seconds old, or one "
    "that came before, is refused. A transaction counts once; telling it again changes nothing."
)

_DAY = (
    "Sent to the addresses given with `/report hook`, signed as postbacks are, with the key of the "
    "hook named by Adda-Hook. Adda-Id is the same however often a day is sent, so one that came "
    "before may be let go. Whatever is not answered with 2xx within ten seconds is sent again, "
    "with growing pauses, for three days; redirects are not followed. A day that was corrected "
    "comes anew with its next revision."
)


def described(server: str) -> Json:
    """`server` is the address before `/v1`; empty for the one it was fetched from."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Adda: figures of a campaign", "version": "1",
            "description": "A token, made by the creator's team, opens one campaign. Numbers "
            "from 1 to 9 are told as \"<10\", and what would give them away as \"not shown\".",
        },
        "servers": [{"url": server or "/"}],
        "paths": {
            "/v1/report.json": {"get": _read("The figures of the page", "application/json",
                                             {"$ref": "#/components/schemas/Report"})},
            "/v1/report.csv": {"get": _read("The same figures as a table", "text/csv",
                                            {"type": "string"})},
            "/v1/conversions": {"get": _sums()},
            "/v1/postback": {"post": _postback()},
        },
        "webhooks": {"day": {"post": _day()}},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": _SCHEMAS,
        },
    }  # fmt: skip


def _read(summary: str, kind: str, schema: Json) -> Json:
    language = {
        "name": "language", "in": "query", "schema": {"enum": ["bn", "en"], "default": "en"},
    }  # fmt: skip
    return {
        "summary": summary, "security": [{"token": []}], "parameters": [language],
        "responses": {"200": _answer(summary, schema, kind), **_errors(400, 401)},
    }  # fmt: skip


def _sums() -> Json:
    schema = {"$ref": "#/components/schemas/Conversions"}
    return {
        "summary": "Sales told so far, by currency", "security": [{"token": []}],
        "responses": {"200": _answer("Sums", schema), **_errors(400, 401)},
    }  # fmt: skip


def _postback() -> Json:
    text = {"type": "string"}
    headers = [
        {"name": name, "in": "header", "required": True, "schema": text}
        for name in ("Adda-Id", "Adda-Timestamp", "Adda-Signature")
    ]
    body = {"application/json": {"schema": {"$ref": "#/components/schemas/Postback"}}}
    told = {"$ref": "#/components/schemas/Told"}
    return {
        "summary": "Tell of a sale, or take one back", "description": _SIGNING, "security": [],
        "parameters": headers, "requestBody": {"required": True, "content": body},
        "responses": {
            "200": _answer("Known already, or taken back", told), "201": _answer("New", told),
            **_errors(400, 401, 404, 409, 413),
        },
    }  # fmt: skip


def _day() -> Json:
    headers = [
        {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
        for name in ("Adda-Hook", "Adda-Id", "Adda-Timestamp", "Adda-Signature")
    ]
    body = {"application/json": {"schema": {"$ref": "#/components/schemas/Day"}}}
    return {
        "summary": "The totals of a day, after it was sealed", "description": _DAY, "security": [],
        "parameters": headers, "requestBody": {"required": True, "content": body},
        "responses": {
            "2XX": {"description": "Taken"},
            "410": {"description": "Not wanted any more: nothing is sent there again"},
            "default": {"description": "Not taken: it is sent again"},
        },
    }  # fmt: skip


def _answer(summary: str, schema: Json, kind: str = "application/json") -> Json:
    return {"description": summary, "content": {kind: {"schema": schema}}}


def _errors(*statuses: int) -> Json:
    """A 400 is plain text where the request could not even be read."""
    schema = {"$ref": "#/components/schemas/Error"}
    found = {str(status): _answer("Why not, and what to do", schema) for status in statuses}
    for answer in (found[one] for one in found if one == "400"):
        answer["content"]["text/plain"] = {"schema": _TEXT}
    return found


def _object(required: list[str], **properties: Json) -> Json:
    return {"type": "object", "required": required, "properties": properties}


_TEXT: Json = {"type": "string"}
_WHOLE: Json = {"type": "integer"}
_SHOWN: Json = {"oneOf": [_WHOLE, {"enum": ["<10", "not shown"]}]}
_COUNTS: Json = {"type": "object", "additionalProperties": _SHOWN}
_TABLE: Json = {"type": "array", "items": _object(["name", "clicks"], name=_TEXT, clicks=_SHOWN)}
_LIST: Json = {"type": "array", "items": {"type": "object"}}
_SCHEMAS: Json = {
    "Error": _object(["error"], error=_TEXT),
    "Report": _object(
        ["definitions", "report", "waterfall", "numbers", "tables", "changes", "revisions"],
        definitions={"type": "object"}, report={"type": "object"}, waterfall=_COUNTS,
        numbers=_COUNTS, tables={"type": "object", "additionalProperties": _TABLE},
        changes=_LIST, revisions=_LIST,
    ),
    "Conversions": _object(["conversions", "placements"], placements={
        "type": "array", "items": _object(
            ["placement", "currency", "sales", "amount"], placement=_TEXT, currency=_TEXT,
            sales=_WHOLE, amount=_WHOLE,
        ),
    }, conversions={
        "type": "array", "items": _object(
            ["currency", "sales", "amount", "reversed"], currency=_TEXT, sales=_WHOLE,
            amount=_WHOLE, reversed=_WHOLE,
        ),
    }),
    "Postback": _object(
        ["transaction"],
        transaction={"type": "string", "pattern": r"^[\x21-\x7e]{1,100}$"},
        amount={"type": "integer", "minimum": 0, "maximum": 10**15,
                "description": "in the smallest unit; not needed to take back"},
        currency={"type": "string", "pattern": "^[A-Z]{3}$"},
        reverse={"type": "boolean", "default": False},
        click={"type": "string", "pattern": "^([0-9a-z]{32})?$",
               "description": "the click_id that came with the shop's address: then the sale is "
               "counted for the placement of that click"},
    ),
    "Day": _object(
        ["format", "event", "campaign", "brand", "name", "day", "time_zone", "revision", "seal",
         "clicks", "waterfall", "numbers"],
        format={"const": 1}, event={"const": "day"}, campaign=_TEXT, brand=_TEXT, name=_TEXT,
        day={"type": "string", "format": "date"}, time_zone=_TEXT,
        revision={"type": "integer", "minimum": 1},
        seal=_object(["number", "root"], number={"type": "integer", "minimum": 1},
                     root={"type": "string", "pattern": "^[0-9a-f]{64}$"}),
        clicks=_SHOWN, waterfall=_COUNTS, numbers=_COUNTS,
    ),
    "Told": _object(
        ["transaction", "state"], transaction=_TEXT, state={"enum": ["new", "known", "reversed"]}
    ),
}  # fmt: skip
