"""What people, offers and meetings show to whoever may see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sessions.activities.match import times
from sessions.activities.match.state import Meeting, Offer
from sessions.viewers import named_in

if TYPE_CHECKING:
    from sessions.activities.match import Match


def offer_face(match: Match, offer: Offer) -> dict[str, Any]:
    """``kind`` is what its kind is called, ``fields`` what stands in its own fields, with what these are called."""
    labels = match.rules.get("labels", {})
    return {
        "id": offer.id,
        "owner": offer.owner,
        "side": offer.side,
        "kind": match.kinds.get(offer.kind, {}).get("title", ""),
        "kind_id": offer.kind,
        "title": offer.title,
        "text": offer.text,
        "fields": [(labels.get(name, name), value) for name, value in offer.fields.items()],
        "written": dict(offer.fields),
        "most": offer.most,
        "language": offer.language,
        "at": offer.at,
        "inputs": inputs_of(match, offer.kind),
    }


def inputs_of(match: Match, kind: str) -> list[tuple[str, Any]]:
    """The fields of a kind of offer, with what they are called."""
    labels = match.rules.get("labels", {})
    return [(name, labels.get(name, name)) for name in match.fields_of(kind)]


def who(match: Match, view: str, scope: str, people: list[str]) -> list[dict[str, Any]]:
    """People as a reader may know them: by name where ``named``, else by the number in which they came."""
    named = set(named_in(match.session, view, scope, people))
    unnamed = len(named) < len(set(people))
    numbers = {person: number for number, person in enumerate(match.session.people, 1)} if unnamed else {}
    return [{"id": p, "named": p in named, "number": numbers.get(p, 0)} for p in people]


Known = Mapping[str, dict[str, Any]]
"""People by id, as a reader may know them."""


def known(match: Match, view: str, scope: str, meetings: Iterable[Meeting]) -> Known:
    """Everybody of these meetings, looked up once: a room of hundreds is shown in one go."""
    people = list(dict.fromkeys(person for meeting in meetings for person in meeting.people))
    return {each["id"]: each for each in who(match, view, scope, people)}


def meeting_face(match: Match, meeting: Meeting, people: Known, own: str = "") -> dict[str, Any]:
    """A meeting; with ``own``, as one of its people sees it."""
    others = [person for person in meeting.people if person != own]
    return {
        "id": meeting.id,
        "people": [people[person] for person in others],
        "slot": meeting.slot,
        "table": meeting.table,
        "state": meeting.state,
        "why": meeting.why,
        "missing": meeting.missing,
        "reason": meeting.reason,
        "added_at": meeting.added_at,
        "starts_at": times.starts(match, meeting.slot),
        "ends_at": times.ends(match, meeting.slot),
        "begun": meeting.slot <= match.state.slot,
        "past": meeting.slot < match.state.slot or match.state.over,
    }
