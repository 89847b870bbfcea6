import json
import time

import pytest

from app.rehearsal.browser.outbox import PATIENCE, Outbox


def test_a_command_is_due_once_on_each_connection_until_it_is_answered() -> None:
    outbox, connected = Outbox(), time.perf_counter()
    sent = outbox.put("a1", {"command": "add_card", "text": "x"})
    assert outbox.due(connected) == [sent]
    sent.last_at = time.perf_counter()
    assert outbox.due(connected) == []
    assert outbox.due(time.perf_counter()) == [sent]
    outbox.acked("a1", 7)
    assert outbox.due(time.perf_counter()) == []
    assert (sent.acknowledged, sent.seq) == (True, 7)


def test_what_gets_no_answer_for_too_long_is_said_again() -> None:
    outbox, connected = Outbox(), time.perf_counter()
    sent = outbox.put("a1", {"command": "x"})
    sent.last_at = time.perf_counter() + 1
    assert outbox.due(connected) == []
    sent.last_at -= PATIENCE + 2
    assert outbox.due(connected - PATIENCE - 2) == [sent]


def test_the_first_answer_counts() -> None:
    outbox = Outbox()
    outbox.put("a1", {"command": "x"})
    assert outbox.refused("a1", "closed") is not None
    outbox.acked("a1", 9)
    assert (outbox.all["a1"].refused, outbox.all["a1"].seq) == ("closed", 0)
    assert outbox.refused("a1", "closed") is None


def test_a_frame_is_one_flat_object_with_the_id() -> None:
    sent = Outbox().put("a1", {"command": "cast_ballot", "phase": "R04", "option": ["c1", "c1"]})
    assert json.loads(sent.frame) == {
        "command": "cast_ballot",
        "phase": "R04",
        "option": ["c1", "c1"],
        "id": "a1",
    }


async def test_what_the_server_cannot_take_now_is_said_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.rehearsal.browser.outbox.LATER_SECONDS", 0.05)
    outbox, connected = Outbox(), time.perf_counter() - PATIENCE
    sent = outbox.put("a1", {"command": "x"})
    sent.last_at = time.perf_counter()
    outbox.more.clear()
    assert outbox.refused("a1", "not_stored") is None
    assert (outbox.due(connected), sent.answered) == ([], False)
    await outbox.more.wait()
    assert outbox.due(connected) == [sent]
    outbox.acked("a1", 3)
    assert sent.acknowledged
