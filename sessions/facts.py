"""What phases say about people, entries and teams, gathered into the session."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from sessions import organisations
from sessions.activity import FragmentId
from sessions.audience import person_scope, team_scope
from sessions.entry import Entry
from sessions.outcome import Fact, Team
from sessions.people import Member
from sessions.sight import reach_of
from sessions.viewers import keeps_title

if TYPE_CHECKING:
    from sessions.session import Session


KEPT_OF_PEOPLE = frozenset({"consent", "employer_claim"})
"""What a record keeps of the people who had a part in it."""


def learn(session: Session, phase: str, fact: Fact) -> None:
    kind, _, person = fact.subject.partition(":")
    if kind == "person" and person in session.people:
        _learn_about_person(session, session.people[person], fact)
        session.touch("people", "alerts")
        session.touch("me", scope=fact.subject)
    elif fact.name == "kept":
        _begin(session, phase, fact)
    else:
        _learn_about_entry(session, phase, _signed(session, fact))


def _signed(session: Session, fact: Fact) -> Fact:
    """The fact with whose words it is and what they are in: those of whoever has brought it about, if it says none."""
    by = fact.by or session.actor
    member = session.people.get(by)
    return replace(fact, by=by, language=fact.language or (member.language if member else ""))


def _learn_about_person(session: Session, member: Member, fact: Fact) -> None:
    if fact.name == "consent":
        before = reach_of(None, member.consent)
        if reach_of(None, fact.value) < before:
            member.narrowed_seq = session.seq
    member.facts[fact.name] = fact.value
    if fact.name == "organisation":
        organisations.give(session, member, fact.value)
    if fact.name in KEPT_OF_PEOPLE:
        for entry in session.entries.values():
            if member.id in entry.carriers or any(member.id in card.authors for card in entry.origin()):
                _entry_changed(session, entry)


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
    _seat_carriers(session, entry)
    _entry_changed(session, entry)


def _seat_carriers(session: Session, entry: Entry) -> None:
    """Who is in the entry's team now has had a part in it."""
    team = session.teams.get(entry.team)
    entry.carriers |= dict.fromkeys(team.members if team else ())


def _learn_about_entry(session: Session, phase: str, fact: Fact) -> None:
    entry = session.entries.get(fact.subject) or session.entries.get(
        session.entry_of_card.get(fact.subject, "")
    )
    if entry is None:
        session.card_facts.setdefault(fact.subject, []).append((phase, fact, session.seq))
        for begun in _begun_with(session, fact.subject):
            _entry_changed(session, begun)
        return
    entry.learn(phase, fact, session.seq, session.at)
    if fact.name == "moved_to":
        _seat_carriers(session, entry)
    if fact.name == "title":
        session.touch("decisions")  # results there call it by its title
    _entry_changed(session, entry)


def _begun_with(session: Session, card: str) -> list[Entry]:
    """The entries that come from a card, though they are none themselves of: it is their need, or one of a group."""
    return [e for e in session.entries.values() if any(card in origin.ids for origin in e.origin())]


def _entry_changed(session: Session, entry: Entry) -> None:
    """Whoever shows or keeps the entry hears of it; so does the entry that it has merged into, whose record says what
    it took in."""
    entry.changed_seq = session.seq
    into = session.entries.get(entry.latest("merged_into") or "")
    if into is not None and into.changed_seq < session.seq:
        _entry_changed(session, into)
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
    session.teams_known[team.id] = team if team.members or known is None else known
    left = [person for person in known.members if person not in team.members] if known else []
    people = [session.people[person] for person in (*left, *team.members) if person in session.people]
    before = [(member.team, member.role) for member in people]
    session.teams[team.id] = team
    for person in left:
        _move(session, person, "", team.id)
    for person in team.members:
        _move(session, person, team.id)
    _tell_entries(session, team, new=known is None)
    if not team.members:
        del session.teams[team.id]
    session.touch("people", "headcount")
    return [fact for member, was in zip(people, before, strict=True) for fact in _news(member, *was)]


def _tell_entries(session: Session, team: Team, new: bool) -> None:
    """What a team carries, and what its people carried where they come from, keeps who they are."""
    for entry in session.entries.values():
        if entry.team == team.id:
            _seat_carriers(session, entry)
        elif new and team.split_from and entry.team == team.split_from:
            entry.splits.append((entry.team, team.id))
        else:
            continue
        _entry_changed(session, entry)


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
    member.role = role_in_team(session, member)
    if (member.team, member.role) != before:
        session.place(member)
    session.touch("me", scope=person_scope(person))


def role_in_team(session: Session, member: Member) -> str:
    """Who leads a team is its process leader; who no longer does is a participant again."""
    if member.role not in ("participant", "process_leader"):
        return member.role
    team = session.teams.get(member.team)
    return "process_leader" if team and team.leader == member.id else "participant"
