"""Who looks, and whose it is, as sight.py asks for it: made from a session's people, teams and entries.

A push is drawn once for all who share a view and a scope. Of these the one who may see least is asked for: a guest for
what goes to everybody, a participant who has accepted nothing for what goes to a role.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from sessions.audience import EVERYBODY, SCREEN, role_of, scope_of, scope_type
from sessions.days import midnight, read_day
from sessions.revealing import is_kept_secretly
from sessions.sight import (
    Author,
    Circle,
    Pass,
    Sight,
    Thing,
    Viewer,
    is_protected,
    may_see,
    reach_of,
    section_reach,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sessions.entry import Entry
    from sessions.outcome import Card
    from sessions.people import Member
    from sessions.session_view import SessionView

WHOLE = Pass()
"""A guest without a pass of their own sees the session as long as it lasts."""
STAFF_VIEWS = frozenset({"console", "people", "log"})
OUTSIDE = Viewer()
"""Somebody of whom nothing is known: the public."""


def viewer_of(session: SessionView, person: str) -> Viewer:
    """Somebody of the session, on a page of their own; the public, once they have been removed."""
    member = session.people.get(person)
    if member is None or member.removed or member.outside:
        return OUTSIDE
    passed = member.guest_pass
    return Viewer(
        person=member.id,
        role=member.role,
        session=session.code,
        team=member.team if passed is None else "",
        bound=member.bound,
        trusted_with=_trusted_with(session, member),
        guest_pass=Pass(passed) if passed is not None else WHOLE if member.role == "guest" else None,
    )


def _trusted_with(session: SessionView, member: Member) -> frozenset[str]:
    """The entries of other teams, without those that a phase keeps from somebody."""
    given = {entry.id for entry in session.entries.values() if entry.in_race and entry.team != member.team}
    phases = (phase.activity for phase in session.agenda if phase.activity is not None)
    return frozenset(given.difference(*(activity.keeps_from(member.id) for activity in phases)))


def viewer_in(session: SessionView, view: str, scope: str) -> Viewer:
    """All who are told the same in a view."""
    whose, name = scope_type(scope), scope_of(scope)
    if view in STAFF_VIEWS:
        return Viewer(role="facilitator", session=session.code)
    if view == SCREEN:
        public = any(phase.spec.public for phase in session.visible_phases(SCREEN))
        return Viewer(role=SCREEN, session=session.code, in_public=public)
    if whose == "person":
        return viewer_of(session, name)
    if whose == "team":
        return Viewer(role="participant", session=session.code, team=name)
    role, passed = "guest" if whose == EVERYBODY else role_of(name), session.pass_in(scope)
    guest_pass = Pass(passed) if passed is not None else WHOLE if role == "guest" else None
    return Viewer(role=role, session=session.code, guest_pass=guest_pass)


# ---- whose it is


def author_of(member: Member | None) -> Author:
    """How far somebody's name may go; nobody's goes anywhere."""
    if member is None:
        return Author(name_reach=Circle.OWN, erased=True)
    return Author(
        name_reach=reach_of(None, member.consent),
        minor=bool(member.facts.get("minor")),
        erased=member.erased,
        asked=member.consent is not None,
    )


def is_named(session: SessionView, viewer: Viewer, person: str) -> bool:
    """Whether somebody's name is seen where there is nothing beside it that they have written."""
    return _is_named(session, viewer, person, author_of(session.people.get(person)))


def _is_named(session: SessionView, viewer: Viewer, person: str, author: Author) -> bool:
    member = session.people.get(person)
    if member is None:
        return False
    place = Thing("name", frozenset({person}), session.code, member.team, reach=author.name_reach)
    return may_see(viewer, place, author, session.at).name


def named_in(session: SessionView, view: str, scope: str, people: Iterable[str]) -> list[str]:
    """Those of these people whose names all see who share a view and a scope."""
    viewer = viewer_in(session, view, scope)
    return [person for person in people if is_named(session, viewer, person)]


def author_beside(session: SessionView, entry: Entry, person: str) -> Author:
    """How far somebody's name may go beside a record: as they have said when they accepted to own it, else as ever."""
    author, owner = author_of(session.people.get(person)), entry.latest("owner") or {}
    if owner.get("person") == person and owner.get("accepted") and owner.get("named"):
        return replace(author, name_reach=Circle.PUBLIC, asked=True)
    return author


def is_named_beside(session: SessionView, viewer: Viewer, entry: Entry, person: str) -> bool:
    """Whether a viewer who sees a record sees that it was this person who owns it or took part in it."""
    return _is_named(session, viewer, person, author_beside(session, entry, person))


# ---- entries


class Said(NamedTuple):
    """What was said of a whole record: who may see it (see sight.LEVELS), and its no-disclosure date as it was written,
    "" where there is none."""

    visibility: str
    closed_until: str

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Said:
        """As a record has it, in its groups."""
        rights = record.get("rights") or {}
        return cls(record["identity"].get("visibility") or "team", rights.get("no_disclosure_before") or "")

    @classmethod
    def in_session(cls, entry: Entry) -> Said:
        """As the session has it."""
        rights = entry.fields.get("rights", {})
        return cls(entry.latest("visibility") or "team", rights.get("no_disclosure_before", ""))


class Own(NamedTuple):
    """What a record says that decides for itself: of all of it, and which of its texts (``need.situation``) stand there
    and no longer in the session."""

    said: Said
    rewritten: frozenset[str] = frozenset()


def section_of(session: SessionView, entry: Entry, section: str, said: Said | None = None) -> Thing:
    """A section of an entry's record: its title, or a group of its fields such as ``technology``. ``said`` is what its
    own stream says, once it decides for itself. Where a card's words still stand in it, it goes as far as these do."""
    return _section(session, entry, section, said, _words_reach(session, entry, section))


def own_section(session: SessionView, entry: Entry, section: str, said: Said | None = None) -> Thing:
    """The same for what somebody has written for the section itself."""
    return _section(session, entry, section, said, Circle.PUBLIC)


def _section(session: SessionView, entry: Entry, section: str, said: Said | None, words: Circle) -> Thing:
    own = session.own.get(entry.id)
    said = said or (own.said if own else Said.in_session(entry))
    reach = section_reach(said.visibility, entry.latest("disclosure"), section)
    return Thing(
        kind="record",
        authors=frozenset(owners_of(entry)),
        session=session.code,
        team=entry.team,
        entry=entry.id,
        reach=min(reach, words),
        state="withdrawn" if entry.status == "withdrawn" and section != "record" else "shown",
        concealed=is_kept_secretly(session, entry),
        closed_until=_opens_at(said.closed_until, session.zone) if is_protected(section) else 0.0,
    )


def owners_of(entry: Entry) -> list[str]:
    """Who owns an entry, once they have accepted."""
    owner = entry.latest("owner") or {}
    return [owner["person"]] if owner.get("accepted") else []


def sees_section(
    session: SessionView, viewer: Viewer, entry: Entry, section: str, now: float, said: Said | None = None
) -> Sight:
    """What a viewer sees of a section. ``now`` is wall time, seconds since 1970 UTC."""
    return may_see(viewer, section_of(session, entry, section, said), Author(name_reach=Circle.PUBLIC), now)


def _opens_at(day: str, zone: str) -> float:
    """When a no-disclosure date is over (wall time); 0 where there is none."""
    read = read_day(day)
    return midnight(read, zone) if read is not None else 0.0


def _words_reach(session: SessionView, entry: Entry, section: str) -> Circle:
    """As far as the card goes whose words still stand in a section; everywhere, once the team has written its own."""
    if section == "idea" or (section == "title" and entry.is_of_card(section)):
        return card_reach(session, entry.idea)
    if section == "origin" or entry.is_of_card(section):
        return card_reach(session, entry.need)
    return Circle.PUBLIC


def keeps_title(session: SessionView, entry: Entry) -> bool:
    """Whether an entry is called by words of a card that not all the session may see."""
    return entry.is_of_card("title") and card_reach(session, entry.idea) < Circle.SESSION


def card_reach(session: SessionView, card: Card | None) -> Circle:
    """How far a card that was handed on may go: as far as the most careful of its authors says."""
    if card is None:
        return Circle.PUBLIC
    said = (session.people[person].consent for person in card.authors if person in session.people)
    return min((reach_of(card.choice or None, consent) for consent in said), default=Circle.SESSION)
