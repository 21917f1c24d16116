"""Requests made from a description (OpenAPI 3.1), and whether answers are what it declares."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import jsonschema
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

Json = dict[str, Any]
METHODS = ("get", "post", "put", "delete", "patch", "options")


@dataclass(frozen=True)
class Answer:
    """What came back for an operation."""

    path: str
    method: str
    status: int
    kind: str
    text: str


def operations(description: Json) -> Iterator[tuple[str, str, Json]]:
    """(path, method, operation)"""
    for path, ways in description["paths"].items():
        for method, way in ways.items():
            yield path, method, way


def faults(description: Json, answer: Answer) -> list[str]:
    """In what the answer is none of those that the description declares."""
    way = description["paths"][answer.path][answer.method]
    where = f"{answer.method} {answer.path} {answer.status}"
    declared = way["responses"].get(str(answer.status))
    if declared is None:
        return [f"{where} is not declared"]
    if answer.kind not in declared["content"]:
        return [f"{where} is of kind {answer.kind}"]
    schema = declared["content"][answer.kind]["schema"] | {"components": description["components"]}
    body: Any = answer.text
    if answer.kind == "application/json":
        try:
            body = json.loads(answer.text)
        except ValueError:
            return [f"{where} is not JSON"]
    elif answer.kind == "text/csv":
        widths = {len(row) for row in csv.reader(io.StringIO(answer.text))}
        if len(widths) != 1:
            return [f"{where} is no table"]
    found = jsonschema.Draft202012Validator(schema).iter_errors(body)
    return [f"{where}: {error.message}" for error in found]


# What is sent ---------------------------------------------------------------------------------

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner,
                                                                max_size=3), max_leaves=6,
)  # fmt: skip


def fitting(description: Json, schema: Json) -> st.SearchStrategy[Any]:
    """What fits a schema."""
    if "$ref" in schema:
        schema = description["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema.get("type"):
        case "string" if "pattern" in schema:
            return st.from_regex(schema["pattern"], fullmatch=True)
        case "string":
            return st.text(max_size=40)
        case "integer":
            return st.integers(schema.get("minimum"), schema.get("maximum"))
        case "boolean":
            return st.booleans()
        case "object":
            parts = {n: fitting(description, one) for n, one in schema["properties"].items()}
            required = {name: parts.pop(name) for name in schema.get("required", ())}
            return st.fixed_dictionaries(required, optional=parts)
    return ANY


def bodies(description: Json, schema: Json) -> st.SearchStrategy[bytes]:
    """As described, and not: missing and further fields, wrong kinds, no JSON, far too long."""
    good = fitting(description, schema)
    name = schema["$ref"].rpartition("/")[2]
    fields = st.sampled_from(sorted(description["components"]["schemas"][name]["properties"]))
    return st.one_of(
        good.map(_dumped), good.map(_dumped),
        st.builds(lambda one, more: _dumped(one | more), good, st.dictionaries(fields, ANY)),
        st.builds(lambda one, more: _dumped(more | one), good, st.dictionaries(st.text(), ANY)),
        st.builds(lambda one, gone: _dumped({k: v for k, v in one.items() if k != gone}),
                  good, fields),
        ANY.map(_dumped), st.binary(max_size=60),
        st.sampled_from([b"x" * 4097, b"[" * 4000, b" " * 2_000_000, b'{"a":' * 800]),
    )  # fmt: skip


def _dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


# Header values as a client can send them at all.
_SAID = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_categories=["Cc"]),
                max_size=60).map(str.strip)  # fmt: skip
HOSTILE = st.dictionaries(
    st.sampled_from(["Content-Type", "Content-Encoding", "Accept", "Accept-Language", "Cookie",
                     "Origin", "Referer", "User-Agent", "X-Forwarded-For", "X-HTTP-Method-Override",
                     "Range", "If-None-Match", "Last-Event-ID", "Upgrade"]),
    st.one_of(
        _SAID,
        st.sampled_from(["gzip", "deflate", "br", "zstd", "multipart/form-data", "a" * 7000,
                         "text/plain; charset=none", "bytes=0-1,9-1", "<script>", "%00", "1, 2"]),
    ), max_size=3,
)  # fmt: skip


def drawn(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    """So many examples, the same in every run."""
    found: list[Any] = []

    @settings(
        max_examples=count, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(strategy)
    def draw(value: Any) -> None:
        found.append(value)

    draw()
    return found
