"""The audit is held against a real log: it is content with it, and notices what is taken out of it or put in twice."""

import json
from dataclasses import replace

import pytest

from app.archive.line import Line
from app.rehearsal.account.audit import audit
from app.rehearsal.account.claims import Audit, Claim
from app.rehearsal.browser.outbox import Sent
from sessions.messages import Command
from sessions.session import Accepted
from tests.support.stage import Stage, phase

RULES = {"columns": ["need"], "fields": ["text"], "main": "text", "visible_to": "all"}


class Told:
    """A stage whose people remember what they sent and what they were told."""

    def __init__(self) -> None:
        self.stage = Stage(phase("collect", rules=RULES), aino="participant", nils="participant")
        self.stage.open("P1")
        self.claims: list[Claim] = []

    def send(self, person: str, name: str, **fields: str) -> Sent:
        number = len(self.claims)
        command = Command(name, f"s{number}:{person}", "P1", fields)
        told = self.stage.give(command, person)
        sent = Sent(f"s{number}", {"command": name, "phase": "P1", **fields}, 1.0, answered_at=2.0)
        if isinstance(told, Accepted):
            if not told.events:
                self.stage.log.append(self.stage.session.note_unchanged(command, person, self.stage.now))
            sent.seq = self.stage.session.seq
        else:
            sent.refused = told.reason
        self.claims.append(Claim(person, sent))
        return sent

    @property
    def lines(self) -> list[Line]:
        return [
            Line(
                e.seq,
                e.at,
                e.actor,
                e.command,
                e.kind,
                e.phase,
                json.dumps(e.body),
                "00" * 16,
                "00" * 32,
                "00" * 32,
            )
            for e in self.stage.log
        ]

    def audit(self, *lines: Line) -> Audit:
        return audit(self.claims, lines or self.lines, [])


@pytest.fixture
def told() -> Told:
    told = Told()
    told.send("aino", "add_card", text="One")
    told.send("nils", "add_card", text="Two")
    return told


def test_a_log_that_holds_everything_is_found_so(told: Told) -> None:
    found = told.audit()
    assert (found.lost, found.doubled, found.idle) == ([], [], 0)
    assert found.phases == ["P1"]


def test_an_acknowledged_command_that_is_not_in_the_log_is_lost(told: Told) -> None:
    found = told.audit(*told.lines[:-1])
    assert found.lost == ["acknowledged and not in the log: add_card s1:nils (P1)"]


def test_a_hole_in_the_log_is_told(told: Told) -> None:
    lines = told.lines
    del lines[-2]
    found = told.audit(*lines)
    assert "the log breaks off" in found.lost[0]
    assert "acknowledged and not in the log: add_card s0:aino (P1)" in found.lost


def test_a_command_that_was_never_answered_is_lost(told: Told) -> None:
    told.claims.append(Claim("aino", Sent("s9", {"command": "add_card"}, 1.0)))
    assert told.audit().lost == ["never answered: add_card s9:aino (session)"]


def test_an_answer_that_names_another_event_is_told(told: Told) -> None:
    told.claims[0].sent.seq += 1
    assert "which it is not" in told.audit().lost[0]


def test_a_command_that_was_taken_twice_is_doubled(told: Told) -> None:
    *before, last = told.lines
    again = replace(last, seq=last.seq + 1, command="s0:nils")
    twice = replace(before[-1], seq=last.seq + 2)
    found = told.audit(*before, last, again, twice)
    assert "written twice: s0:aino" in found.doubled
    assert any("repeats another" in one for one in found.doubled)


def test_the_same_card_by_the_same_author_is_doubled_whatever_its_command(told: Told) -> None:
    last = told.lines[-1]
    body = json.dumps({**json.loads(last.body or ""), "card": "P1c3"})
    again = replace(last, seq=last.seq + 1, command="s7:nils", body=body)
    (doubled,) = told.audit(*told.lines, again).doubled
    assert doubled.startswith(f"event {again.seq} repeats another")


def test_what_changed_nothing_is_decided_once_more_and_believed(told: Told) -> None:
    card = next(iter(told.stage.session.outcome("P1").cards)).id
    assert told.send("aino", "edit_card", card=card, text="One").acknowledged
    found = told.audit()
    assert (found.lost, found.idle) == ([], 1)


def test_what_is_said_to_have_changed_nothing_and_should_have_is_lost(told: Told) -> None:
    *before, last = told.lines
    found = told.audit(*before, replace(last, kind="nothing_changed", body="{}"))
    assert (found.lost, found.idle) == (
        ["acknowledged, and wrongly led to nothing: add_card s1:nils (P1)"],
        0,
    )


def test_a_refusal_is_no_loss(told: Told) -> None:
    assert told.send("aino", "add_card", text="").refused == "missing"
    assert told.audit().lost == []


def test_two_cards_of_one_author_whose_words_are_erased_are_no_card_twice(told: Told) -> None:
    told.send("aino", "add_card", text="Three")
    lines = [
        replace(line, body=json.dumps({**json.loads(line.body or ""), "fields": None}))
        if line.kind == "card_added" and line.actor == "aino"
        else line
        for line in told.lines
    ]
    assert sum('"fields": null' in (line.body or "") for line in lines) == 2
    assert told.audit(*lines).doubled == []
