"""What is derived again of a log that somebody else has kept: nothing in an honest one is doubted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import pytest

from sessions.activity import Doubt
from sessions.messages import Event
from sessions.session import Session
from tests.golden import events, logs
from tests.support.examples import names, played
from tests.support.seed import seeds

__all__ = ["seeds"]

pytestmark = pytest.mark.timeout(300)
"""Whoever comes first plays the formats for everybody after."""

ASKED = ("ballot_cast", "result_counted", "entry_scored", "result_signed", "snapshot_taken")
"""Kinds of events of which something is derived again."""


def doubted(log: Iterable[Event]) -> Iterator[tuple[int, str, Doubt]]:
    """What each event's activity doubts of it, asked just before it is folded in."""
    session = Session()
    for event in log:
        phase = session.agenda.get(event.phase)
        if phase is not None and phase.activity is not None:
            yield from ((event.seq, event.kind, doubt) for doubt in phase.activity.doubts(event))
        session.evolve(event)


@pytest.mark.parametrize("name", names())
def test_nothing_is_doubted_of_what_an_example_has_played(name: str) -> None:
    assert list(doubted(played(name).log)) == []


def test_nothing_is_wrong_in_what_release_1_has_played() -> None:
    """Its own tests: every kind of event in every shape there was."""
    asked: Counter[str] = Counter()
    found = {}
    for kept in logs():
        log = list(events(kept["log"]))
        asked.update(event.kind for event in log if event.kind in ASKED)
        if doubts := [doubt for doubt in doubted(log) if doubt[2].wrong]:
            found[kept["test"]] = doubts
    assert found == {}
    assert asked.keys() == set(ASKED)
    assert sum(asked.values()) > 200
