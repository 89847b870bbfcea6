"""What happened in each phase, of everybody's claims and of what the audit found."""

from __future__ import annotations

from app.rehearsal.account.claims import Audit, Claim
from app.rehearsal.account.outcome import Outcome
from app.rehearsal.account.phases import rows
from app.rehearsal.browser.outbox import Sent


def claim(person: str, phase: str, number: int, refused: str = "", answered: bool = True) -> Claim:
    fields = {"command": "add_card", "phase": phase}
    return Claim(person, Sent(f"c{number}", fields, 0.0, answered_at=1.0 * answered, refused=refused))


def test_each_phase_says_who_took_part_and_what_became_of_what_they_sent() -> None:
    sent = [
        claim("ada", "A", 1),
        claim("ada", "A", 2),
        claim("bo", "A", 3),
        claim("bo", "A", 4, refused="duplicate"),
        claim("bo", "B", 5, refused="closed"),
        claim("cy", "B", 6, answered=False),
        claim("cy", "", 7),
    ]
    audit = Audit(lost=[f"never answered: {sent[5]}"], doubled=[f"written twice: {sent[0].id}"])
    found = rows(Outcome(3, 1, 1.0, claims=sent, audit=audit, phases=["A", "B", "C"]))
    assert [
        (row.phase, row.people, row.accepted, dict(row.refused), row.lost, row.doubled) for row in found
    ] == [
        ("A", {"ada", "bo"}, 3, {"duplicate": 1}, 0, 1),
        ("B", set(), 0, {"closed": 1}, 1, 0),
        ("C", set(), 0, {}, 0, 0),
    ]
