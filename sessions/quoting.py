"""Where the words of a card stand beside the card itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sessions.entry import Entry
    from sessions.session_view import SessionView

ARCHIVED = frozenset({"archived", "active", "launched", "completed"})
"""Statuses of records that their owners decide about."""
TELLING = 12
"""Characters from which on a text is a quotation and no chance."""


def quoted_in(session: SessionView, card: str, text: str) -> list[Entry]:
    """The entries that were made of a card, or in which its words stand."""
    words = " ".join(text.split()).casefold()
    return [entry for entry in session.entries.values() if _is_of(entry, card) or _quotes(entry, words)]


def _is_of(entry: Entry, card: str) -> bool:
    return card in [known.id for known in (entry.idea, entry.need) if known is not None]


def _quotes(entry: Entry, words: str) -> bool:
    if len(words) < TELLING:
        return False
    return any(words in " ".join(text.split()).casefold() for text in _texts(list(entry.facts.values())))


def _texts(value: Any) -> Iterator[str]:
    """Every text in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for inner in value.values() for text in _texts(inner))
    elif isinstance(value, list | tuple):
        yield from (text for inner in value for text in _texts(inner))
