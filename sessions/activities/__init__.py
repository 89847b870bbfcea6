"""The activity kinds: each is a module or a package here, called as the kind; its class is that name capitalised.

No kind knows another. What one hands on, another reads from its phase's inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from sessions.activity import Activity


@cache
def kinds() -> tuple[str, ...]:
    """Every kind there is, found by looking into this package once: nobody keeps a list."""
    return tuple(sorted(module.name for module in iter_modules(__path__)))


@cache
def activity_class(kind: str) -> type[Activity]:
    """The class of a kind. Raises ValueError with the kinds there are."""
    if kind not in kinds():
        raise ValueError(f"unknown activity kind {kind!r}; there are {', '.join(kinds())}")
    found: type[Activity] = getattr(import_module(f"{__name__}.{kind}"), kind.capitalize())
    return found


def planned_scene(kind: str, rules: Mapping[str, Any]) -> str:
    """The scene that a phase of a kind brings, "" for day: known before it is open. An old log may hold a kind that is
    gone."""
    return activity_class(kind).planned_scene(rules) if kind in kinds() else ""
