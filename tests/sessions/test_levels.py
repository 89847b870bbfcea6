"""What is kept back from a level follows from the log without it: whoever checks a file comes to the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sessions.levels import LEVELS, kept_back, viewer_at
from sessions.messages import Event
from sessions.session import Session
from tests.golden import events, logs
from tests.support.seed import seeds

__all__ = ["seeds"]

LOGS = list(logs())
NAMES = [row["test"].rpartition("::")[2] for row in LOGS]


def folded(log: list[Event]) -> tuple[Session, list[frozenset[str]]]:
    """The session, and which fields of each event people have written in."""
    session, written = Session(), []
    for event in log:
        session.evolve(event)
        names = session.words_of(event.kind, event.phase)
        written.append(frozenset(name for name in names if event.body.get(name)))
    return session, written


def without(event: Event, names: frozenset[str]) -> Event:
    return event._replace(body={**event.body, **dict.fromkeys(names)})


def kept(session: Session, bare: list[Event], level: str) -> list[str]:
    viewer = viewer_at(session, level)
    return [kept_back(session, event, viewer, session.at) for event in bare]


@pytest.mark.parametrize("golden", LOGS, ids=NAMES)
def test_what_is_kept_back_is_the_same_without_it(golden: dict[str, Any]) -> None:
    log = list(events(golden["log"]))
    session, written = folded(log)
    bare = [without(event, names) for event, names in zip(log, written, strict=True)]
    for level in LEVELS:
        before = kept(session, bare, level)
        left = [one if why else event for event, one, why in zip(log, bare, before, strict=True)]
        assert kept(folded(left)[0], bare, level) == before


def test_a_wider_level_holds_no_more() -> None:
    """Over all words of all logs; and there are some that every level holds, and some that none does."""
    found = set(_over_all())
    assert all(not wide or narrow for narrow, *_, wide in found)
    assert {(True, True, True), (True, False, False), (False, False, False)} <= found


def _over_all() -> Iterator[tuple[bool, ...]]:
    for golden in LOGS:
        log = list(events(golden["log"]))
        session, written = folded(log)
        bare = [without(event, names) for event, names in zip(log, written, strict=True) if names]
        yield from zip(*([why == "" for why in kept(session, bare, level)] for level in LEVELS), strict=True)
