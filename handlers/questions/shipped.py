"""The data files that lie beside this package's modules."""

from __future__ import annotations

from importlib import resources


def shipped(name: str) -> str:
    """The text of one of them, by its path from here."""
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def shipped_in(folder: str) -> list[str]:
    """The paths of those in `folder`, in order."""
    files = resources.files(__package__).joinpath(folder).iterdir()
    return sorted(f"{folder}/{file.name}" for file in files)
