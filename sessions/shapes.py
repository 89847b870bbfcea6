"""Shapes of events: which fields a kind of event has, and which of them hold words that people wrote.

A shape is a ``TypedDict`` that declares the body of one kind of event. A field annotated ``Words`` (or anything
``Annotated`` with ``WORDS``) is what somebody wrote: it is kept apart from the structure, can be erased, and is read by
no rule that counts. Erased words are ``None`` in the body. Everything else (ids, numbers, choices) stays for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, get_type_hints

WORDS = "words"
"""Marks a field of a shape as what people wrote."""

Words = Annotated[str | None, WORDS]
"""A text of somebody's; None once it has been erased."""

NO_WORDS: frozenset[str] = frozenset()


def words_in(shape: type) -> frozenset[str]:
    """The fields of a shape that hold words."""
    return frozenset(name for name, hint in fields_of(shape).items() if WORDS in _marks(hint))


def words_by_kind(shapes: Mapping[str, type]) -> dict[str, frozenset[str]]:
    """The word fields of each kind of event that has some."""
    found = {kind: words_in(shape) for kind, shape in shapes.items()}
    return {kind: names for kind, names in found.items() if names}


def fields_of(shape: type) -> dict[str, Any]:
    """The annotations of a shape by field, with what they are marked with."""
    return get_type_hints(shape, include_extras=True)


def _marks(hint: Any) -> Iterator[object]:
    """What a hint is annotated with, also inside ``NotRequired[…]``."""
    yield from getattr(hint, "__metadata__", ())
    for inner in getattr(hint, "__args__", ()):
        yield from _marks(inner)
