"""The composition root: builds every part, joins them, and runs them under one task group."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.book import Book
from bot.core import Core
from bot.feature import Feature
from bot.forms import forms
from bot.outbox import Postman
from bot.platforms.base import Platform
from bot.settings import Settings
from bot.world import World
from handlers.people import people
from handlers.places import places
from storage.database import Database

Unpacked = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Adda:
    """All parts, joined but not running."""

    settings: Settings
    world: World
    database: Database
    book: Book
    postman: Postman
    core: Core
    platforms: Mapping[str, Platform]


def features(settings: Settings) -> list[Feature]:
    """Everything Adda can do."""
    keeping: Sequence[Feature] = ()
    return [forms, places, people(settings.operator, keeping), *keeping]


def assemble(
    settings: Settings, world: World, database: Database, platforms: Mapping[str, Platform]
) -> Adda:
    """Join the parts; nothing runs yet."""
    book = Book(features(settings))
    postman = Postman(database, world, platforms, settings.timezone)
    capabilities = {name: platform.capabilities for name, platform in platforms.items()}
    core = Core(database, book, world, postman, capabilities)
    return Adda(settings, world, database, book, postman, core, platforms)
