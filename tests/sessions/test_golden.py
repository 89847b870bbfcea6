"""Logs of earlier releases come to the same results, whatever the rules are made of by now."""

from __future__ import annotations

from typing import Any

import pytest

from sessions.session import Session
from tests.golden import events, logs
from tests.support.results import as_told, results
from tests.support.seed import seeds

__all__ = ["seeds"]

LOGS = list(logs())


@pytest.mark.parametrize("golden", LOGS, ids=[row["test"].rpartition("::")[2] for row in LOGS])
def test_a_log_of_release_1_folds_to_what_it_came_to_then(golden: dict[str, Any]) -> None:
    session = Session()
    for event in events(golden["log"]):
        session.evolve(event)
    assert as_told(results(session), golden["results"]) == golden["results"]


def test_the_logs_of_release_1_hold_every_kind_of_event_it_had() -> None:
    phases = [{row["id"]: row["kind"] for row in g["log"][0][2]["format"]["phase"]} for g in LOGS]
    found = {
        (kinds.get(row[1], ""), row[0]) for kinds, g in zip(phases, LOGS, strict=True) for row in g["log"]
    }
    assert len(found) == 158
