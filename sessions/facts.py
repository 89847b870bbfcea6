"""What phases say about people, entries and teams, gathered into the session."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from sessions.activity import FragmentId
from sessions.audience import person_scope, team_scope
from sessions.entry import Entry
from sessions.outcome import Fact, Team
from sessions.people import Member
from sessions.sight import reach_of
from sessions.viewers import keeps_title

if TYPE_CHECKING:
    from sessions.session import Session


def learn(session: Session, phase: str, fact: Fact) -> None:
    kind, _, person = fact.subject.partition(":")
    if kind == "person" and person in session.people:
        _learn_about_person(session, session.people[person], fact)
        session.touch("people", "alerts")
        session.touch("me", scope=fact.subject)
    elif fact.name == "kept":
        _begin(session, phase, fact)
    else:
        _learn_about_entry(session, phase, fact)


def _learn_about_person(session: Session, member: Member, fact: Fact) -> None:
    if fact.name == "consent":
        before = reach_of(None, member.consent)
        if reach_of(None, fact.value) < before:
            member.narrowed_seq = session.seq
    member.facts[fact.name] = fact.value
    if fact.name == "organisation":
        member.organisation = fact.value


def _begin(session: Session, phase: str, fact: Fact) -> None:
    """An idea was kept: its entry begins and takes over what had been said about the card."""
    if fact.value is None:
        gone = session.entries.pop(session.entry_of_card.pop(fact.subject, ""), None)
        if gone is not None:
            _entry_changed(session, gone)
        return
    if fact.subject in session.entry_of_card:
        return
    session.entries_begun = number = session.entries_begun + 1
    idea, need = session.card(fact.subject), session.card(fact.value.get("need", ""))
    entry = Entry(
        id=f"e{number}",
        number=number,
        begun_at=session.at,
        begun_seq=session.seq,
        team=fact.value["team"],
        title=fact.value["title"],
        idea=idea,
        need=need or (session.card(idea.link) if idea and idea.link else None),
        kept_in=phase,
    )
    entry.title_is_kept = keeps_title(session, entry)
    session.entries[entry.id] = entry
    session.entry_of_card[fact.subject] = entry.id
    for said_in, about_card, seq in session.card_facts.get(fact.subject, ()):
        entry.learn(said_in, about_card, seq, session.at)
    _entry_changed(session, entry)


def _learn_about_entry(session: Session, phase: str, fact: Fact) -> None:
    entry = session.entries.get(fact.subject) or session.entries.get(
        session.entry_of_card.get(fact.subject, "")
    )
    if entry is None:
        session.card_facts.setdefault(fact.subject, []).append((phase, fact, session.seq))
        return
    entry.learn(phase, fact, session.seq, session.at)
    _entry_changed(session, entry)


def _entry_changed(session: Session, entry: Entry) -> None:
    entry.changed_seq = session.seq
    _shown_anew(session, entry)


def authors_word_changed(session: Session, person: str) -> None:
    """Somebody lets more or fewer people see what they write: what entries took over of their cards goes no farther."""
    for entry in session.entries.values():
        cards = [card for card in (entry.idea, entry.need) if card is not None]
        if any(person in card.authors for card in cards):
            entry.title_is_kept = keeps_title(session, entry)
            _shown_anew(session, entry)


def _shown_anew(session: Session, entry: Entry) -> None:
    session.changed_entries[entry.id] = entry
    session.mark(FragmentId("", "entries", "", team_scope(entry.team)))
    session.touch("entries", "alerts")


def reveal(session: Session, phases: Collection[str]) -> None:
    """What these phases have said of entries may be known now: whoever was not told of it before is told."""
    session.revealed_seq = session.seq
    for entry in session.entries.values():
        if entry.kept_in in phases or any(phase in phases for phase, *_ in entry.facts):
            session.changed_entries[entry.id] = entry
    session.touch("entries")


def regroup(session: Session, team: Team) -> list[Fact]:
    """A team as it stands now replaces what it was; members who left belong to no team. Gives ``team`` and ``role`` of
    everybody for whom these are others now."""
    known = session.teams.get(team.id)
    left = [person for person in known.members if person not in team.members] if known else []
    people = [session.people[person] for person in (*left, *team.members) if person in session.people]
    before = [(member.team, member.role) for member in people]
    session.teams[team.id] = team
    for person in left:
        _move(session, person, "", team.id)
    for person in team.members:
        _move(session, person, team.id)
    if not team.members:
        del session.teams[team.id]
    session.touch("people", "headcount")
    return [fact for member, was in zip(people, before, strict=True) for fact in _news(member, *was)]


def _news(member: Member, team: str, role: str) -> Iterator[Fact]:
    """What is another for somebody who was in this team, in this role."""
    if member.team != team:
        yield Fact(person_scope(member.id), "team", member.team)
    if member.role != role:
        yield Fact(person_scope(member.id), "role", member.role)


def _move(session: Session, person: str, team: str, only_from: str | None = None) -> None:
    member = session.people.get(person)
    if member is None or (only_from is not None and member.team != only_from):
        return
    before = (member.team, member.role)
    member.team = team
    member.role = _role_in_team(session, member)
    if (member.team, member.role) != before:
        session.place(member)
    session.touch("me", scope=person_scope(person))


def _role_in_team(session: Session, member: Member) -> str:
    """Who leads a team is its process leader; who no longer does is a participant again."""
    if member.role not in ("participant", "process_leader"):
        return member.role
    team = session.teams.get(member.team)
    return "process_leader" if team and team.leader == member.id else "participant"
