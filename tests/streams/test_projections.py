"""What a batch leads to beside its events."""

from __future__ import annotations

from app.projections import PROJECTIONS
from app.streams.projections import Change, Projection, Projections
from sessions.messages import Event, Personal
from tests.support.batches import batch_of

TEA = Projection(
    "tea", 1, frozenset({"tea_made"}), lambda change: change.state or (), lambda db, stream, rows: None
)


def test_an_event_of_another_stream_that_is_called_the_same_leads_to_no_writing() -> None:
    """Kinds of event are named by each kind of stream for itself; a projection has rows where the state is its own."""
    events = (Event("tea_made", "", {}, 1), Event("approved", "", {}, 2))
    assert len(Projections(TEA).gather().batch(events, ["a cup"]).beside) == 1
    assert Projections(TEA).gather().batch(events, None).beside in ((), [])
    assert PROJECTIONS.gather().batch(events, None).beside in ((), [])


def test_items_are_written_by_those_whom_they_concern() -> None:
    assert len(batch_of((), Personal("p1", {"name": "Anna"})).beside) == 1
    gathering = Projections(TEA).gather()
    gathering.take(Change((), (Personal("p1", {"name": "Anna"}),)))
    assert not gathering.batch(())


def test_a_ballot_concerns_no_projection() -> None:
    assert "ballot_cast" not in PROJECTIONS.kinds
    assert "record_begun" in PROJECTIONS.kinds
