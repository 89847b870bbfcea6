"""Projections: rows for lists, search and figures, written in the transaction of the events that they come from.

Which there are is said once, in ``app.projections``; neither the log nor a desk knows any of them by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from app.streams.log import Batch, Write
from sessions.messages import Event

Row = TypeVar("Row")

_KIND: Callable[[Event], str] = itemgetter(Event._fields.index("kind"))


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision has changed: its events, in order; its items, which stand in no event (names, secret ballots) or
    are what the events have changed (entries); and the state of the stream just after it."""

    events: Sequence[Event] = ()
    items: Sequence[Any] = ()
    state: Any = None


@dataclass(frozen=True)
class Projection(Generic[Row]):
    """Rows of one kind. A change concerns them if it has an event whose kind is among ``kinds`` (a text there), or an
    item whose type is.

    ``rows`` says what is to be written, and is called at once: for items when their command is decided, for events when
    their batch is. ``put(connection, stream, rows)`` writes all of a batch in one go, in the events' transaction.
    """

    name: str
    version: int
    kinds: frozenset[str | type]
    rows: Callable[[Change], Iterable[Row]]
    put: Callable[[Connection, str, Sequence[Row]], None]
    table: str = ""
    """The table that can be made again from streams; "" where rows hold what stands in no stream."""
    column: str = "stream"
    """The table's column that names the stream."""
    of: str = "session"
    """The kind of stream that it is made from."""
    traces: str = ""
    """A table whose former rows tell what nobody may know: the database is to forget them soon."""


class Projections:
    """All that are written beside events."""

    def __init__(self, *each: Projection[Any]) -> None:
        self._each = each
        self.kinds = frozenset[str | type]().union(*(projection.kinds for projection in each))

    def __iter__(self) -> Iterator[Projection[Any]]:
        return iter(self._each)

    def gather(self) -> Gathering:
        """Begin to collect what one batch leads to."""
        return Gathering(self)


class Gathering:
    """The rows that one batch leads to."""

    def __init__(self, projections: Projections) -> None:
        self._projections = projections
        self._rows: dict[str, list[Any]] = {}

    def take(self, change: Change) -> None:
        """Note what a command's items lead to, as the state is now."""
        self._note({*map(type, change.items)}, change)

    def look(self, change: Change) -> None:
        """Note what the events lead to, whose state this is."""
        if not self._projections.kinds.isdisjoint(map(_KIND, change.events)):
            self._note({*map(_KIND, change.events)}, change)

    def batch(self, events: Sequence[Event], state: Any = None) -> Batch:
        """The batch of these events, with everything that was gathered and what the events themselves lead to."""
        self.look(Change(events, (), state))
        if not self._rows:
            return Batch(events)
        concerned = [projection for projection in self._projections if self._rows.get(projection.name)]
        traces = frozenset(projection.traces for projection in concerned if projection.traces)
        return Batch(events, [self._write(projection) for projection in concerned], traces)

    def rows(self, projection: Projection[Row]) -> Sequence[Row]:
        """What was gathered for one of them."""
        return self._rows.get(projection.name, ())

    def _note(self, kinds: set[Any], change: Change) -> None:
        for projection in self._projections:
            if not projection.kinds.isdisjoint(kinds):
                self._rows.setdefault(projection.name, []).extend(projection.rows(change))

    def _write(self, projection: Projection[Any]) -> Write:
        rows = tuple(self._rows[projection.name])
        return lambda db, stream: projection.put(db, stream, rows)
