"""A stream gone through once more, command by command, with what each has changed: what projections are made from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from app.streams.heads import RECORD, SESSION
from app.streams.projections import Change
from sessions.messages import Event
from sessions.record import Record
from sessions.session import Session


class Replay(Protocol):
    """Folds one stream."""

    @property
    def seq(self) -> int:
        """The seq of the last event that was taken in."""

    def take(self, events: Iterable[Event]) -> Iterator[Change]:
        """What the commands of these events have changed, except the last one's: more of its events may come. The state
        is as it was just after each, until the next is asked for."""

    def finish(self) -> Iterator[Change]:
        """What the last command has changed."""


class SessionReplay:
    """A live session's stream. Methods as in Replay. Names and secret ballots stand in no event."""

    def __init__(self) -> None:
        self._session = Session()
        self._events: list[Event] = []

    @property
    def seq(self) -> int:
        return self._session.seq

    def take(self, events: Iterable[Event]) -> Iterator[Change]:
        for event in events:
            if self._events and self._events[-1].command != event.command:
                yield self._changed()
            self._session.evolve(event)
            self._events.append(event)

    def finish(self) -> Iterator[Change]:
        if self._events:
            yield self._changed()

    def _changed(self) -> Change:
        events: Sequence[Event] = tuple(self._events)
        self._events.clear()
        return Change(events, self._session.take_changed_entries(), self._session)


class RecordReplay:
    """A record's stream. Methods as in Replay."""

    def __init__(self) -> None:
        self._record = Record()
        self._events: list[Event] = []

    @property
    def seq(self) -> int:
        return self._record.seq

    def take(self, events: Iterable[Event]) -> Iterator[Change]:
        """Only what it has come to at last is of interest."""
        for event in events:
            self._record.evolve(event)
            self._events.append(event)
        yield from ()

    def finish(self) -> Iterator[Change]:
        if self._events:
            yield Change(tuple(self._events), (), self._record)


REPLAYS: Mapping[str, Callable[[], Replay]] = {SESSION: SessionReplay, RECORD: RecordReplay}
"""How each kind of stream is folded."""
