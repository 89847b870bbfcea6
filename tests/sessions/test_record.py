"""A record follows its session until it is approved; from then on nobody overwrites what somebody wrote unseen."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.life_cycle import MAIN, SIDE, next_statuses
from sessions.messages import NOTHING, Command, Event, FieldValue, Refused
from sessions.record import AUTHORSHIP, STATUS, Record, hear
from sessions.record_commands import CARING, MEMBER, RIGHTS, STAFF, Sender, decide
from sessions.record_shapes import SHAPES
from tests.sessions.test_shapes import misfits
from tests.support.stage import plain

OWNER = Sender("anna", frozenset({"owner"}))
OFFICE = Sender("olle", frozenset({"office"}))
TEAM_MATE = Sender("mia", frozenset({MEMBER}))
FACTS = {
    "record_id": "r1",
    STATUS: "draft",
    "identity.number": 1,
    "identity.title": {"en": "Shared map"},
    "need.situation": "Nobody knows",
    "market.size": "All of us",
    "people.owner": {"person": "anna", "accepted": True},
    "plan.next_action": {"text": "Call", "due": "2026-12-01"},
}


Fields = Mapping[str, FieldValue]


class Stream:
    """A record with its log, as somebody would keep it who has no database."""

    def __init__(self) -> None:
        self.record, self.log, self.ids, self.now = Record(), list[Event](), count(1), 1000.0

    def take(self, events: Iterable[Event], command: str, actor: str) -> int:
        before = self.record.seq
        for event in events:
            stamped = event._replace(body=plain(event.body)).stamped(
                self.record.seq + 1, self.now, actor, command
            )
            self.log.append(stamped)
            self.record.evolve(stamped)
        return self.record.seq - before

    def hear(self, seq: int, facts: Mapping[str, Any] = NOTHING, session: str = "RACE") -> int:
        """How many events a hand-over led to."""
        events = hear(self.record, "e1", {"session": session, "seq": seq}, {**FACTS, **facts})
        return self.take(events, f"{session}:{seq}", "clock")

    def do(self, name: str, fields: Fields, sender: Sender = OWNER) -> Refused | int:
        self.now += 1
        command = Command(name, f"c{next(self.ids)}", "", fields)
        decision = decide(self.record, command, sender)
        return decision if isinstance(decision, Refused) else self.take(decision, command.id, sender.person)

    def no(self, name: str, fields: Fields, sender: Sender = OWNER) -> str:
        refused = self.do(name, fields, sender)
        assert isinstance(refused, Refused), refused
        return refused.reason

    def again(self) -> Record:
        record = Record()
        for event in self.log:
            record.evolve(event)
        return record


def archived() -> Stream:
    stream = Stream()
    stream.hear(5, {STATUS: "archived"})
    return stream


def test_a_record_begins_with_the_first_hand_over_and_follows() -> None:
    stream = Stream()
    assert stream.hear(5) == 1
    assert stream.hear(7, {"need.situation": "They know", "market.size": ""}) == 1
    assert (stream.record.id, stream.record.entry, stream.record.status) == ("r1", "e1", "draft")
    assert stream.record.values["need.situation"] == "They know"
    assert stream.record.since["need.situation"].seq == 2
    assert stream.record.since["identity.number"].seq == 1


def test_what_the_session_says_no_more_is_gone() -> None:
    stream = Stream()
    stream.hear(5, {"technology.solution": "A box"})
    stream.hear(6)
    assert "technology.solution" not in stream.record.values


@pytest.mark.parametrize("seq", [5, 4])
def test_a_late_or_doubled_hand_over_changes_nothing(seq: int) -> None:
    stream = Stream()
    stream.hear(5, {"need.situation": "New"})
    assert stream.hear(seq, {"need.situation": "Old"}) == 0
    assert stream.record.values["need.situation"] == "New"


def test_another_sessions_hand_over_counts_by_itself() -> None:
    stream = Stream()
    stream.hear(50)
    assert stream.hear(3, {"need.situation": "Second race"}, "NEXT") == 1
    assert stream.record.heard == {"RACE": 50, "NEXT": 3}


def test_it_is_approved_when_its_session_archives_it() -> None:
    stream = archived()
    assert [event.kind for event in stream.log] == ["record_begun", "approved"]
    assert (stream.record.approved, stream.record.status) == (True, "archived")


def test_while_it_follows_it_is_written_in_its_session() -> None:
    stream = Stream()
    stream.hear(5)
    assert stream.no("save", {"base": "1", "need.situation": "Mine"}) == "follows_session"
    assert stream.no("advance", {"status": "active"}) == "follows_session"


def test_what_the_session_says_after_the_approval_is_a_proposal() -> None:
    stream = archived()
    stream.hear(9, {STATUS: "archived", "need.situation": "Late thought", "market.size": "Half"})
    assert stream.record.values["need.situation"] == "Nobody knows"
    assert stream.record.proposed == {"need.situation": "Late thought", "market.size": "Half"}
    assert stream.do("take_proposals", {"name": ["need.situation"]}) == 1
    assert stream.record.values["need.situation"] == "Late thought"
    assert stream.do("dismiss_proposals", {"name": "market.size"}) == 1
    assert (stream.record.values["market.size"], stream.record.proposed) == ("All of us", {})


def test_a_proposal_that_equals_what_stands_disappears() -> None:
    stream = archived()
    stream.hear(9, {STATUS: "archived", "need.situation": "Late thought"})
    stream.hear(10, {STATUS: "archived"})
    assert stream.record.proposed == {}


def test_an_owner_writes_and_equal_words_are_no_change() -> None:
    stream = archived()
    assert stream.do("save", {"base": "2", "need.situation": "Better words"}) == 1
    assert stream.do("save", {"base": "3", "need.situation": "Better words"}) == 0
    assert stream.record.since["need.situation"] == (3, "anna")


def test_a_save_on_an_old_base_is_shown_what_others_wrote_and_writes_nothing() -> None:
    stream = archived()
    stream.do("save", {"base": "2", "need.situation": "Theirs"}, OFFICE)
    refused = stream.do("save", {"base": "2", "need.situation": "Mine", "market.size": "Mine too"})
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.params["theirs"]) == ("changed_meanwhile", {"need.situation": "Theirs"})
    assert refused.params["by"] == {"need.situation": "olle"}
    assert stream.record.values["market.size"] == "All of us"
    assert stream.do("save", {"base": str(refused.params["seq"]), "need.situation": "Mine"}) == 1


def test_others_fields_do_not_stand_in_the_way() -> None:
    stream = archived()
    stream.do("save", {"base": "2", "need.situation": "Theirs"}, OFFICE)
    assert stream.do("save", {"base": "2", "market.size": "Mine"}) == 1


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"provenance.session": "x"}, "unknown_field"),
        ({"need": "x"}, "unknown_field"),
        ({"identity.status": "completed"}, "unknown_field"),
        ({"need.situation": "x" * 4001}, "too_long"),
    ],
)
def test_what_nobody_may_write_is_refused(fields: dict[str, str], reason: str) -> None:
    stream = archived()
    assert stream.no("save", {"base": "2", **fields}) == reason


def test_the_main_road_is_gone_by_command() -> None:
    stream = archived()
    for status in ("active", "launched", "completed"):
        assert stream.do("advance", {"status": status}) == 1
    assert [(step.status, step.actor) for step in stream.record.steps][1:] == [
        ("active", "anna"),
        ("launched", "anna"),
        ("completed", "anna"),
    ]


@pytest.mark.parametrize("status", ["parked", "stopped", "withdrawn"])
def test_every_way_off_the_road_has_a_reason_and_a_way_back(status: str) -> None:
    stream = archived()
    stream.do("advance", {"status": "active"})
    assert stream.no("advance", {"status": status}) == "reason_missing"
    assert stream.do("advance", {"status": status, "why": "No money"}) == 1
    assert stream.record.steps[-1].why == "No money"
    assert stream.no("advance", {"status": "active"}) == "reason_missing"
    assert stream.do("advance", {"status": "active", "why": "Money came"}) == 1


def test_a_merged_record_stands_for_itself_again() -> None:
    stream = archived()
    assert stream.no("merge", {"into": "r2", "why": "Same"}) == "not_allowed"
    assert stream.do("merge", {"into": "r2", "why": "Same idea"}, OFFICE) == 1
    assert (stream.record.status, stream.record.merged_into) == ("merged", "r2")
    assert stream.no("merge", {"into": "r3", "why": "x"}, OFFICE) == "no_such_step"
    assert stream.do("unmerge", {"why": "Not the same"}, OFFICE) == 1
    assert (stream.record.status, stream.record.merged_into) == ("archived", "")


@pytest.mark.parametrize("status", [*MAIN, *SIDE, "nonsense"])
def test_no_step_leads_where_the_life_cycle_has_none(status: str) -> None:
    stream = archived()
    allowed = status in ("archived", "active", "parked", "stopped", "withdrawn")
    refused = stream.do("advance", {"status": status, "why": "Because"})
    assert isinstance(refused, Refused) is not allowed


def test_the_next_statuses_are_those_that_a_record_may_go_to_and_say_which_need_a_reason() -> None:
    assert next_statuses("archived", "archived") == {
        "active": False,
        "parked": True,
        "stopped": True,
        "withdrawn": True,
    }
    assert next_statuses("withdrawn", "launched") == {"launched": True}
    assert next_statuses("merged", "active") == next_statuses("draft", "draft") == {}


def test_a_record_lacking_parts_is_not_approved_and_says_which() -> None:
    stream = Stream()
    stream.hear(5, {"market.size": "", "people.owner": None})
    refused = stream.do("approve", {})
    assert isinstance(refused, Refused)
    assert refused.params["missing"]["en"] == "market perspective, owner's acceptance"
    stream.hear(6)
    assert stream.do("approve", {"why": "The race ended early"}) == 1
    assert (stream.record.status, stream.record.approved) == ("archived", True)


@pytest.mark.parametrize("command", RIGHTS)
def test_who_is_not_listed_is_refused(command: str) -> None:
    stream = archived()
    assert stream.no(command, {}, Sender("guest", frozenset())) == "not_allowed"
    if MEMBER not in RIGHTS[command]:
        assert stream.no(command, {}, Sender("mia", frozenset({MEMBER}))) == "not_allowed"
    assert stream.no("make_tea", {}, Sender("kim", CARING | {STAFF})) == "unknown_command"


def written_in(record: Record) -> dict[str, Any]:
    """A record's fields without whose they are."""
    return {name: value for name, value in record.values.items() if not name.startswith(AUTHORSHIP)}


def test_what_somebody_writes_is_theirs_in_their_language() -> None:
    stream = archived()
    stream.do("save", {"base": "2", "need.situation": "Parempi"}, Sender("anna", frozenset({"owner"}), "fi"))
    whose = stream.record.values[f"{AUTHORSHIP}need.situation"]
    assert whose == {"by": ["anna"], "language": "fi", "phase": ""}


def test_a_text_is_reviewed_until_somebody_changes_it() -> None:
    stream = archived()
    stream.do("save", {"base": "2", "need.situation": "Better", "market.size": "Half of us"})
    assert stream.no("review", {"name": "need.situation"}, TEAM_MATE) == "not_allowed"
    assert stream.do("review", {"name": "need.situation"}, OFFICE) == 1
    assert stream.do("review", {"name": "need.situation"}, OFFICE) == 0
    reviewed = stream.record.review_of("need.situation")
    assert (reviewed and reviewed.actor, stream.record.review_of("market.size")) == ("olle", None)
    assert stream.do("review", {}, OFFICE) == 1  # the rest
    stream.do("save", {"base": str(stream.record.seq), "need.situation": "Best"})
    found = {name: bool(stream.record.review_of(name)) for name in stream.record.texts}
    assert found == {"need.situation": False, "market.size": True}


def test_every_event_has_its_declared_shape_and_is_folded() -> None:
    stream = archived()
    stream.hear(9, {STATUS: "archived", "need.situation": "Late", "market.size": "Half"})
    stream.do("take_proposals", {"name": "need.situation"})
    stream.do("dismiss_proposals", {"name": "market.size"})
    stream.do("save", {"base": "9", "need.situation": "Mine"})
    stream.do("review", {})
    stream.do("advance", {"status": "parked", "why": "Later"})
    stream.do("merge", {"into": "r2", "why": "Same"}, OFFICE)
    stream.do("unmerge", {"why": "Not"}, OFFICE)
    other = Stream()
    other.hear(1)
    other.hear(2, {"need.situation": "More"})
    happened = [*stream.log, *other.log]
    assert {event.kind for event in happened} == SHAPES.keys() - {"erased"}
    assert [no for event in happened for no in misfits(event.body, SHAPES[event.kind], event.kind)] == []


def test_an_erased_text_is_empty_and_does_not_fall_back_to_the_one_before() -> None:
    stream = archived()
    stream.do("save", {"base": "2", "need.situation": "A name nobody should read"})
    gone = [
        event._replace(body={**event.body, **dict.fromkeys(event.words)}) if event.seq == 3 else event
        for event in stream.log
    ]
    record = Record()
    for event in gone:
        record.evolve(event)
    assert record.values["need.situation"] is None
    assert record.values["market.size"] == "All of us"


@given(st.integers(min_value=0, max_value=10_000))
def test_whatever_comes_late_twice_and_between_edits_the_record_is_what_its_people_made_it(seed: int) -> None:
    """Hand-overs shuffled and doubled, two editors with stale bases: until the approval the record is the entry as the
    newest hand-over had it, afterwards exactly what its editors wrote; folding again gives the same."""
    chance, stream = random.Random(seed), Stream()
    entry, sent = dict(FACTS), list[tuple[int, dict[str, Any]]]()
    for seq in range(1, 25):
        entry[chance.choice(["need.situation", "market.size", "technology.idea"])] = f"s{seq}"
        sent.append((seq, dict(entry)))
    late = sorted([*sent, *chance.sample(sent, 8)], key=lambda s: s[0] + chance.uniform(0, 6))
    approved_at, wrote = chance.randrange(3, 30), dict[str, Any]()
    newest, bases = 0, {"anna": 0, "olle": 0}
    for number, (seq, facts) in enumerate(late):
        stream.take(hear(stream.record, "e1", {"session": "RACE", "seq": seq}, facts), f"RACE:{seq}", "clock")
        newest = max(newest, seq)
        if not stream.record.approved:
            assert stream.record.values == dict(sent[newest - 1][1])
        if number == approved_at:
            assert stream.do("approve", {}) == 1
            wrote = dict(stream.record.values)
        if stream.record.approved:
            who = chance.choice([OWNER, OFFICE])
            name = chance.choice(["need.situation", "market.size"])
            bases[who.person] = stream.record.seq if chance.random() < 0.5 else bases[who.person]
            result = stream.do("save", {"base": str(bases[who.person]), name: f"{who.person}{number}"}, who)
            if not isinstance(result, Refused):
                wrote[name] = f"{who.person}{number}"
            assert written_in(stream.record) == wrote
    assert vars(stream.again()) == vars(stream.record)
