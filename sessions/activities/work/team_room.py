"""What a team sees of its own documents, and each of its members of what they hold and own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sessions.activities.work.changes import owner_of
from sessions.activities.work.freezing import is_frozen
from sessions.activities.work.noticing import heard_from
from sessions.activities.work.progress import contacts_wanted, times
from sessions.activity import Fragment
from sessions.audience import team_scope
from sessions.entry_words import PARTS
from sessions.verdicts import topic_name, verdict_name

if TYPE_CHECKING:
    from sessions.activities.work import Work
    from sessions.entry import Entry
    from sessions.messages import Text
    from sessions.outcome import Team
    from sessions.people import Member

CLAIMS = ("yes", "unsure")
"""Answers at check-in by which an employer may have rights."""


def team_pane(work: Work, scope: str) -> Fragment | None:
    """A team's entries with their documents."""
    team = work.team_in(scope)
    if team is None:
        return None
    data = {
        **times(work),
        "team": team,
        "entries": [e for e in work.session.entries_of(team.id) if e.id in work.state.documents],
        "sections": work.sections,
        "claims": _claims(work, team),
        "contacts_wanted": contacts_wanted(work),
        "frozen": is_frozen(work),
    }
    return Fragment(data)


def _claims(work: Work, team: Team) -> list[tuple[str, str]]:
    """Members whose employer may have rights, by their own word at check-in."""
    people = work.session.people
    claims = [(m, people[m].facts.get("employer_claim")) for m in team.members if m in people]
    return [(member, claim) for member, claim in claims if claim in CLAIMS]


def field(work: Work, view: str, scope: str, key: str) -> Fragment | None:
    """One field of an own entry; in the team's room only one in which somebody has written."""
    entry_id, _, name = key.partition(".")
    entry, found = work.session.entries.get(entry_id), work.fields.get(name)
    if entry is None or found is None or team_scope(entry.team) != scope or not entry.in_race:
        return None
    documents = work.state.documents[entry_id]
    if view == "team" and not (documents.written_here(name) and documents.text(name)):
        return None
    section = next(section for section in work.sections if found in section.fields)
    data = {
        "entry": entry,
        "field": found,
        "opened": not section.part,
        "written": documents.written.get(name),
        "hold": work.state.holds.by_place.get((entry_id, name)),
        "late": documents.late.texts.get(name) if documents.late else None,
        "can_restore": documents.can_restore(name),
        "frozen": _read_only(work, entry),
    }
    return Fragment(data, home=f"doc-{entry_id}-{section.id}", order=f"{section.fields.index(found):03d}")


def _read_only(work: Work, entry: Entry) -> bool:
    return is_frozen(work) or (work.archives and entry.status == "archived")


def summary(work: Work, view: str, scope: str, key: str) -> Fragment | None:
    """What stands over an own entry's fields: how far it is, what it lacks, and what others said about it."""
    entry = work.session.entries.get(key)
    if entry is None or key not in work.state.documents or team_scope(entry.team) != scope:
        return None
    data = {
        "entry": entry,
        "documents": work.state.documents[key],
        "missing": _missing(work, entry),
        "submits": work.submits,
        "archives": work.archives,
        "contacts_wanted": contacts_wanted(work),
        "verdicts": [(verdict_name(v["verdict"]), topic_name(v["topic"]), v) for v in _verdicts(work, entry)],
        "feedback": list(_feedback(work, entry)),
        "owner": owner_of(entry),
        "frozen": _read_only(work, entry),
    }
    return Fragment(data)


def _missing(work: Work, entry: Entry) -> list[tuple[str, Text]]:
    """Parts that keep the entry from what the phase is for, each with the section in which it is written, if any."""
    wanted = "archived" if work.archives else "submitted" if work.submits else ""
    sections = {section.part: section.id for section in reversed(work.sections)}
    return [(sections.get(part, ""), PARTS[part]) for part in entry.missing(wanted)] if wanted else []


def _verdicts(work: Work, entry: Entry) -> Iterator[dict[str, Any]]:
    yield from (verdict for _, verdict in _heard(work, entry, "verdict"))


def _feedback(work: Work, entry: Entry) -> Iterator[tuple[Text, str]]:
    """What the phase that gathered feedback calls each column, and the text."""
    for phase, value in _heard(work, entry, "feedback"):
        column, rules = value["column"], work.session.agenda.phases[phase].spec.rules
        yield rules.get("labels", {}).get(column, {"en": column}), value["text"]


def _heard(work: Work, entry: Entry, name: str) -> list[tuple[str, Any]]:
    """Facts of a name by the phases that are heard from, each with its phase."""
    phases = heard_from(work)
    return [(phase, value) for (phase, n, _), value in entry.facts.items() if n == name and phase in phases]


# ---- one person


def person_pane(work: Work, scope: str) -> Fragment | None:
    """The field that somebody holds, and the records they own."""
    person = work.person_in(scope)
    if person is None:
        return None
    return Fragment({"held": _held(work, person), "owned": _owned(work, person)}, order="9")


def _held(work: Work, person: Member) -> dict[str, Any] | None:
    holds = work.state.holds
    place = holds.of_person.get(person.id)
    if place is None:
        return None
    return {"entry": place[0], "field": work.fields[place[1]], "until": holds.by_place[place].until}


def _owned(work: Work, person: Member) -> list[dict[str, Any]]:
    """The records this person owns and may approve in this phase."""
    if not work.archives:
        return []
    owned = [entry for entry, _ in work.running() if owner_of(entry) == person.id]
    return [{"entry": e, "missing": [PARTS[part] for part in e.missing("archived")]} for e in owned]
