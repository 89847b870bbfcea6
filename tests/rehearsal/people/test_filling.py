"""What stands in a field is what the field asks for: names where names go, and nowhere else."""

from __future__ import annotations

from app.clock import RaceClock
from app.rehearsal.browser.forms import Field, Form
from app.rehearsal.habits import RoleHabits
from app.rehearsal.people.cast import Part
from app.rehearsal.people.company import Company
from app.rehearsal.people.filling import fill
from app.rehearsal.people.person import Person
from sessions.format import read_format
from tests.support.stage import race48


def me() -> Person:
    company = Company(RaceClock(), read_format(race48()))
    return Person(Part(7, "Outi Järvi", "Fjällbuss", "fi"), company, 1, RoleHabits("participant"))


def text(name: str, limit: int = 60, **attributes: str) -> Field:
    return Field(name, "text", attributes={"data-fits": str(limit), **attributes})


def test_a_name_is_asked_for_by_the_hint_for_browsers() -> None:
    form = Form(
        {}, "x", fields=[text("alias", autocomplete="nickname"), text("org", autocomplete="organization")]
    )
    assert fill(me(), form) == {"alias": "Outi Järvi", "org": "Fjällbuss"}


def test_contact_data_and_titles_are_what_they_are_called() -> None:
    values = fill(me(), Form({}, "x", fields=[text("contact", 120), text("title", 150), text("who", 120)]))
    assert "@example.org" in values["contact"]
    assert "–" in values["title"]
    assert "," in values["who"]


def test_nothing_is_longer_than_fits() -> None:
    assert all(len(fill(me(), Form({}, "x", fields=[text("note", 9)]))["note"]) <= 9 for _ in range(20))
