"""The rows that there are: every module of this folder that is named like a row of the catalogue."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.faults.finding import Finding

GROUPS = "DSNCTXF"
"""Disk, simulation, network, cluster, tasks, attack, forgery: the catalogue's order."""


@dataclass(frozen=True)
class Row:
    """One row of the catalogue, with the module that plays it."""

    name: str

    @cached_property
    def module(self) -> ModuleType:
        return import_module(f"tests.faults.{self.name.lower()}")

    @property
    def title(self) -> str:
        """What is done: the first sentence of the module's docstring."""
        return " ".join((self.module.__doc__ or "").partition("\n\n")[0].split())

    @property
    def checked(self) -> str:
        return str(getattr(self.module, "CHECKED", ""))

    @property
    def broken(self) -> tuple[str, ...]:
        """Variants of the server in which the row must find something."""
        return tuple(getattr(self.module, "BROKEN", ()))

    @property
    def needs_browser(self) -> bool:
        return bool(getattr(self.module, "BROWSER", False))

    async def run(self, dose: str, folder: Path, broken: str = "") -> Finding:
        """Play it once, in an empty folder that is its own."""
        variant = (broken,) if broken else ()
        try:
            told: Any = await self.module.run(dose, folder, *variant)
        except TimeoutError as error:
            return Finding(0, [f"somebody has waited in vain: {_where(error)}"])
        return told if isinstance(told, Finding) else Finding(told[0], list(told[1]))


def _where(error: BaseException) -> str:
    """The lines of ours that led to an error."""
    frames = traceback.extract_tb(error.__traceback__)
    return ", ".join(f"{Path(f.filename).name}:{f.lineno}" for f in frames if "faults" in f.filename)


def rows() -> dict[str, Row]:
    """All of them by name, in the catalogue's order."""
    return {name: Row(name) for name in sorted(_names(), key=_place)}


def _names() -> Iterator[str]:
    for path in Path(__file__).parent.glob("*.py"):
        if re.fullmatch(f"[{GROUPS.lower()}][0-9]+", path.stem):
            yield path.stem.upper()


def _place(name: str) -> tuple[int, int]:
    return GROUPS.index(name[0]), int(name[1:])
