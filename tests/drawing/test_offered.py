"""Nobody is offered what they would be refused: each form on a phone is one that its reader's role may send now."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.rehearsal.browser.page import Page
from sessions.activities import kinds
from sessions.rights import allows
from tests.support.examples import example, played
from tests.support.look import drawn_by, page
from tests.support.stage import Stage

pytestmark = pytest.mark.timeout(300)
"""Whoever comes first plays the formats for everybody after."""

NEWCOMERS = ("guest", "juror", "expert", "observer", "participant", "host")
VIEWS = ("phone", "mine", "team")


def readers(stage: Stage) -> Iterator[tuple[str, str]]:
    """Two people of each role with a phone: one of those who took part, and somebody new who has done nothing yet."""
    taking_part = {
        m.role: m.id for m in stage.session.people.values() if not m.removed and m.role != "screen"
    }
    for role in NEWCOMERS:
        stage.join(f"new-{role}", role)
        yield f"new-{role}", role
    yield from ((person, role) for role, person in taking_part.items())


def offered_in_vain(stage: Stage, person: str, role: str) -> Iterator[str]:
    """Commands whose forms a person finds, and may not give."""
    for view in VIEWS:
        seen = Page()
        seen.load(page(drawn_by(), stage, view, person, "en"))
        for form in seen.forms():
            if not allows(role, form.command, stage.session.agenda.get(form.phase)):
                yield f"{role} on {view}: {form.command}"


@pytest.mark.parametrize("kind", kinds())
def test_no_role_is_offered_a_form_that_it_may_not_send(kind: str) -> None:
    found, seen = set[str](), 0
    for phase_id in [row["id"] for row in example(kind).rows if row["kind"] == kind]:
        stage = played(kind).stage(phase_id)
        for person, role in readers(stage):
            found |= set(offered_in_vain(stage, person, role))
            seen += 1
    assert seen > len(NEWCOMERS)
    assert sorted(found) == []
