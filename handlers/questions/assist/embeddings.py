"""Embeddings of a community's entries: fetched in batches, and again only for what changed."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import islice
from typing import Any

import numpy as np

from handlers.questions.assist.client import Unusable
from handlers.questions.assist.fusion import Floats, Vectors
from handlers.questions.assist.service import Service
from handlers.questions.index import Phrase

BATCH = 64  # texts in a request
MOST = 10_000  # phrases of a community: 40 MB at 1,024 dimensions
LONGEST = 500  # characters of a text; an entry's own words come first
DIMENSIONS = (2, 4096)
PATIENCE = 30.0  # seconds for a batch of entries, for which nobody waits
Known = dict[bytes, Floats]  # by content


class Embedder:
    """Unit vectors of texts, from one model."""

    def __init__(self, service: Service, model: str) -> None:
        self._service = service
        self._model = model
        self._dimensions = 0  # of the model, once it is known

    async def of(self, texts: Sequence[str], seconds: float) -> Floats | None:
        """Shape (texts, dimensions); at most `BATCH` texts. None when there are none now."""
        body = {
            "model": self._model, "input": [text[:LONGEST] for text in texts],
            "encoding_format": "float",
        }  # fmt: skip
        read = partial(_rows, count=len(texts), dimensions=self._dimensions)
        rows = await self._service.ask(body, read, seconds)
        if rows is not None:
            self._dimensions = rows.shape[1]
        return rows

    @property
    def resting(self) -> bool:
        """True while there is no use in asking."""
        return self._service.resting

    async def learn(
        self, phrases: Sequence[Phrase], background: Sequence[str], known: Known
    ) -> Vectors | None:
        """The vectors of a knowledge base; `known` grows with every batch.

        None when the service stopped half-way: another time it goes on from there.
        """
        texts = [*(phrase.text for phrase in phrases), *background]
        keys = [content(text) for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        for batch in _batches(missing.items()):
            rows = await self.of([text for _, text in batch], PATIENCE)
            if rows is None:
                return None
            known.update((key, row) for (key, _), row in zip(batch, rows, strict=True))
        return await asyncio.to_thread(_join, phrases, keys, known)


def content(text: str) -> bytes:
    """What a text is known by."""
    return hashlib.blake2b(text[:LONGEST].encode(errors="replace"), digest_size=16).digest()


def _join(phrases: Sequence[Phrase], keys: Sequence[bytes], known: Known) -> Vectors:
    """One matrix; `known` keeps rows of it alone, so that nothing is held twice."""
    rows = np.stack([known[key] for key in keys])
    known.clear()
    known.update(zip(keys, rows, strict=True))
    return Vectors.of(phrases, rows)


def _batches(items: Iterable[tuple[bytes, str]]) -> Iterable[list[tuple[bytes, str]]]:
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _rows(answer: Any, count: int, dimensions: int) -> Floats:
    """The vectors of an answer in the order asked for, each of length 1. Raises Unusable."""
    try:
        found = {one["index"]: one["embedding"] for one in answer["data"]}
        ordered = [found[at] for at in range(count)]
        plain = all(type(number) in (int, float) for vector in ordered for number in vector)
        with np.errstate(over="ignore"):  # too large a number becomes infinite
            rows = np.array(ordered if plain else [], dtype=np.float32)
            lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    except (KeyError, TypeError, ValueError, OverflowError):
        raise Unusable("not the vectors asked for") from None
    if rows.ndim != 2 or len(found) != count or dimensions not in (0, rows.shape[1]):
        raise Unusable("vectors of another shape")
    if not DIMENSIONS[0] <= rows.shape[1] <= DIMENSIONS[1]:
        raise Unusable("vectors of a strange length")
    if not np.isfinite(lengths).all() or not (lengths > 1e-6).all():
        raise Unusable("vectors that are none")
    return np.asarray(rows / lengths, dtype=np.float32)
