"""What a work phase's events come to without a stage; and that nothing that counts hangs on what teams wrote."""

from __future__ import annotations

from typing import Any, cast

import pytest

from sessions.activities.work import Work
from sessions.activities.work.documents import Documents
from sessions.activities.work.fields import Field
from sessions.activities.work.handed_on import outcome
from sessions.activities.work.holds import Holds
from sessions.activities.work.written import Contact, Written
from sessions.audience import EVERYBODY, team_scope
from sessions.messages import Event
from sessions.session import Session
from tests.support.seed import SEED, race, seeds
from tests.support.stage import Stage, phase, words

__all__ = ["seeds"]

# ---- without a stage


def field(name: str, required: bool = True) -> Field:
    return Field(f"d.{name}", "d", "", "text", words(name), words(""), 100, required, f"need.{name}")


def empty(*names: str) -> Documents:
    """Documents of e1 with required fields of these names."""
    return Documents("e1", {f"d.{name}": field(name) for name in names})


def test_documents_are_done_when_the_last_required_field_is_filled() -> None:
    documents = empty("who", "why")
    documents.write("d.who", Written("Growers", "aino", 10.0))
    assert (documents.done, documents.done_at) == (False, 0.0)
    documents.write("d.why", Written("Oil", "ben", 20.0))
    assert (documents.done, documents.done_at) == (True, 20.0)
    documents.write("d.who", Written("", "aino", 30.0, filled=False))
    assert (documents.done, documents.done_at, [f.name for f in documents.empty]) == (False, 0.0, ["who"])


def test_erased_words_that_are_brought_along_fill_a_field() -> None:
    documents = empty("who", "why")
    assert documents.carry("d.who", "")
    assert not documents.carry("d.why", None)
    assert documents.filled == {"d.who"}


def test_the_next_field_lets_go_of_the_last_and_of_its_editor() -> None:
    holds = Holds()
    assert holds.take("aino", ("e1", "d.who"), 0.0) == []
    assert holds.take("aino", ("e1", "d.why"), 1.0) == [("aino", ("e1", "d.who"))]
    assert holds.take("ben", ("e1", "d.why"), 200.0) == [("aino", ("e1", "d.why"))]
    assert {place: (hold.by, hold.until) for place, hold in holds.by_place.items()} == {
        ("e1", "d.why"): ("ben", 320.0)
    }


def test_holds_of_an_entry_that_is_gone_are_forgotten() -> None:
    holds = Holds()
    holds.take("aino", ("e1", "d.who"), 0.0)
    holds.take("cai", ("e2", "d.who"), 0.0)
    holds.keep_only({"e2"})
    assert (list(holds.by_place), holds.of_person) == ([("e2", "d.who")], {"cai": ("e2", "d.who")})


def test_the_outcome_adds_up_all_documents() -> None:
    first, second = empty("who", "why"), empty("who")
    first.write("d.who", Written("Growers", "aino", 10.0))
    first.contacts["k1"] = Contact("k1", "Buyer", "2026-11-07", "", "aino")
    second.submitted_at = 5.0
    figures = {"records": 2, "filled": 1, "required": 3, "contacts": 1, "submitted": 1}
    assert outcome([first, second]).figures == figures


# ---- with all words gone

STOPS = [
    {"minute": 10, "name": "draft", "title": words("Draft"), "contacts": 2},
    {"minute": 20, "name": "final", "title": words("Final"), "hard": True},
]
NABC = phase("work", "W", who=["teams"], rules={"documents": ["nabc"], "deadlines": STOPS})
HAND_IN = phase(
    "work", "W", who=["teams"], rules={"documents": ["record"], "deadlines": STOPS[1:], "submits": True}
)
AGAIN = phase("work", "A", who=["teams"], rules={"documents": ["record"], "submits": True})


def staged(row: dict[str, Any], *more: dict[str, Any]) -> Stage:
    """Aino and Ben are team 1 with e1; the work phase is open."""
    stage = Stage(SEED, row, *more, aino="participant", ben="participant")
    race(stage, "aino ben")
    stage.open("W")
    return stage


def write(stage: Stage, text: str, field: str, document: str = "record", by: str = "aino") -> Event:
    """Write a field; its event."""
    event, *_ = stage.ok("write_field", by, "W", entry="e1", document=document, field=field, text=text)
    return event


def erase(stage: Stage) -> Session:
    """The stage plays on in the session as it is folded from a log without what people wrote in the work phases."""
    stage.log = [_without_words(event) for event in stage.log]
    stage.session = stage.replayed()
    return stage.session


def _without_words(event: Event) -> Event:
    gone = {name for name in Work.words.get(event.kind, ()) if name in event.body}
    return event._replace(body=event.body | dict.fromkeys(gone)) if event.phase in "WA" else event


def work(session: Session, name: str = "W") -> Work:
    return cast(Work, session.agenda.phases[name].activity)


def documents(session: Session, name: str = "W") -> Documents:
    return work(session, name).state.documents["e1"]


def test_progress_stays_when_the_words_are_gone() -> None:
    stage = staged(NABC)
    write(stage, "Oil is burnt", "need", "nabc")
    write(stage, "Pipes", "approach", "nabc")
    write(stage, "", "approach", "nabc")
    session = erase(stage)
    assert (documents(session).text("nabc.need"), documents(session).filled) == ("", {"nabc.need"})
    line = work(session).show("screen", EVERYBODY, "line", "t1")
    assert line is not None
    assert (line.data["filled"], line.data["required"]) == (1, 4)


def test_what_keeps_a_record_from_being_submitted_is_the_same_when_the_words_are_gone() -> None:
    stage = staged(HAND_IN)
    write(stage, "Growers", "segment")
    write(stage, "", "segment")
    assert erase(stage).entries["e1"].missing("submitted") == ["need", "market"]
    for name in ("situation", "segment"):
        write(stage, "Something", name)
    entry = erase(stage).entries["e1"]
    assert (entry.missing("submitted"), entry.fields["market"]) == ([], {"segment": ""})
    stage.ok("submit_record", "aino", "W", entry="e1")
    assert erase(stage).entries["e1"].status == "submitted"


def test_a_choice_a_number_and_a_date_are_structure_and_a_text_is_words() -> None:
    stage = staged(HAND_IN)
    choice, text = write(stage, "local", "geography"), write(stage, "Oil", "situation")
    assert (choice.body["value"], "text" in choice.body) == ("local", False)
    assert (text.body["text"], text.body["filled"], "value" in text.body) == ("Oil", True, False)
    session = erase(stage)
    stands = [documents(session).text(f"record.{name}") for name in ("geography", "situation")]
    assert stands == ["local", ""]


def test_an_erased_title_leaves_the_entry_its_old_one() -> None:
    stage = staged(HAND_IN)
    before = stage.session.entries["e1"].title
    write(stage, "Sawmill heat", "title")
    assert stage.session.entries["e1"].title == "Sawmill heat"
    assert erase(stage).entries["e1"].title == before


def test_a_field_whose_words_are_gone_can_be_emptied() -> None:
    stage = staged(HAND_IN)
    write(stage, "Oil", "situation")
    assert documents(erase(stage)).written["record.situation"].filled
    assert write(stage, "", "situation").kind == "field_written"
    assert not documents(stage.session).written["record.situation"].filled


def test_restored_words_that_are_gone_still_fill_the_field() -> None:
    stage = staged(HAND_IN)
    write(stage, "Growers", "segment")
    stage.after(3)
    write(stage, "", "segment", by="ben")
    assert stage.session.entries["e1"].missing("submitted") == ["need", "market"]
    stage.ok("restore_field", "ben", "W", entry="e1", document="record", field="segment")
    assert erase(stage).entries["e1"].missing("submitted") == ["need"]


def test_late_text_counts_when_it_is_let_in_after_its_words_are_gone() -> None:
    stage = staged(HAND_IN)
    stage.after(21)
    write(stage, "Growers", "segment")
    erase(stage)
    stage.ok("accept_late", "kim", "W", entry="e1", reason="The network was down")
    assert erase(stage).entries["e1"].missing("submitted") == ["need"]


def test_a_contact_counts_and_keeps_its_day_when_its_words_are_gone() -> None:
    stage = staged(NABC)
    stage.ok("add_contact", "aino", "W", entry="e1", who="Buyer, Saw Ltd", date="2026-11-07", said="Dear")
    session = erase(stage)
    assert session.outcome("W").figures["contacts"] == 1
    assert session.entries["e1"].every("contact") == {"Wk1": {"who": "", "date": "2026-11-07", "said": ""}}


def test_what_was_waived_stays_waived_when_the_reason_is_gone() -> None:
    stage = staged(NABC)
    stage.after(10)
    assert documents(stage.session).lacks[0].waived is None
    stage.ok("waive", "kim", "W", entry="e1", stop="0", reason="Ill")
    assert documents(erase(stage)).lacks[0].waived == ""


def test_the_digest_of_a_version_stays_when_its_words_are_gone() -> None:
    stage = staged(NABC)
    write(stage, "Oil is burnt", "need", "nabc")
    stage.after(10)
    taken = documents(stage.session).snapshots[0]
    kept = documents(erase(stage)).snapshots[0]
    assert (taken.content["texts"], kept.content["texts"]) == ({"nabc.need": "Oil is burnt"}, {})
    assert kept.sha256 == taken.sha256 == stage.session.entries["e1"].every("snapshot")["W.1"]["sha256"]


def test_the_next_work_phase_takes_up_erased_words_as_filled() -> None:
    stage = staged(HAND_IN, AGAIN)
    write(stage, "Growers", "segment")
    stage.open("A")
    written = documents(erase(stage), "A").written
    assert (written["record.segment"].erased, "record.alternatives" in written) == (True, False)


def test_a_team_sees_that_something_stands_in_an_erased_field() -> None:
    stage = staged(HAND_IN)
    write(stage, "Growers", "segment")
    shown = work(erase(stage)).show("phone", team_scope("t1"), "field", "e1.record.segment")
    assert shown is not None
    assert (shown.data["written"].text, shown.data["written"].filled) == ("", True)


@pytest.mark.parametrize(
    ("name", "text", "stands"),
    [("geography", "local", "local"), ("segment", None, ""), ("segment", "", None)],
)
def test_an_event_of_an_earlier_release_has_everything_in_its_text(
    name: str, text: str | None, stands: str | None
) -> None:
    stage = staged(HAND_IN)
    body = {"entry": "e1", "document": "record", "field": name, "text": text}
    last = stage.log[-1]
    stage.session.evolve(Event("field_written", "W", body, last.seq + 1, stage.now, "aino", "old"))
    assert stage.session.entries["e1"].fields.get("market", {}).get(name) == stands
