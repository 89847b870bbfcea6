"""Which fragments show what: everything that a change to it changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sessions.activities.match.whom import Whom
from sessions.activity import Changed
from sessions.audience import person_scope

if TYPE_CHECKING:
    from sessions.activities.match import Match
    from sessions.activities.match.state import Meeting, Offer


def own(people: Iterable[str]) -> Iterator[Changed]:
    """What each of these people sees of their own."""
    for person in dict.fromkeys(people):
        yield Changed(scope=person_scope(person))


def marks(person: str) -> Changed:
    """What somebody has marked in the list that is the same for everybody."""
    return Changed("marks", scope=person_scope(person))


def of_place(match: Match, person: str) -> Iterator[Changed]:
    """Somebody has come, or belongs to another organisation: whoever cannot meet them sees that in the list."""
    whom = Whom(match)
    yield from (Changed("party", person), Changed("progress"), Changed("floor"), *own([person]))
    yield from (marks(other) for other in whom.people if not whom.fit(person, other))


def of_offer(match: Match, offer: Offer) -> Iterator[Changed]:
    yield Changed("offer", offer.id)
    yield from (Changed("party", offer.owner), Changed("progress"), Changed("wall"), Changed("floor"))
    yield from own([offer.owner])


def of_meeting(meeting: Meeting) -> Iterator[Changed]:
    yield from own((*meeting.people, *meeting.left))
    yield from (Changed("prints"), *room())


def room() -> Iterator[Changed]:
    """What shows the whole room: the wall, and the console."""
    yield from (Changed("wall"), Changed("floor"))


def everybody(match: Match) -> Iterator[Changed]:
    """The same, what is printed, and what each person sees of their own."""
    yield Changed("prints")
    yield from own(member.id for member in match.people)
    yield from room()
