"""The levels for which a log may leave the house, and what each of them may read of it.

Every event's words are things as sight asks for them: the activity that they belong to says which, and an event of
which nobody says anything is the house's alone. Only ids, choices and times decide, never words: whoever has the log
without what was kept back comes to the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.session import OWN_EVENTS
from sessions.sight import Author, Circle, Thing, Viewer, is_protected, may_see
from sessions.viewers import Own, Said, own_section

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sessions.messages import Event
    from sessions.record import Record
    from sessions.session import Session

SESSION, PROGRAMME, PUBLIC = "session", "programme", "public"
LEVELS = (SESSION, PROGRAMME, PUBLIC)
"""Whoever was in the session and has accepted nothing, whoever has to do with its programme, and everybody."""
HOUSE = "house"
"""Why words of which no activity says who may read them stay where they are."""
DATE, FOR_GOOD = "rights.no_disclosure_before", "9999-12-30"
ANYBODY = Author(name_reach=Circle.PUBLIC)


def viewer_at(session: Session, level: str) -> Viewer:
    """Whoever stands at a level, and no nearer."""
    if level == SESSION:
        return Viewer(role="participant", session=session.code)
    return Viewer(programmes=frozenset({""}) if level == PROGRAMME else frozenset())


def kept_back(session: Session, event: Event, viewer: Viewer, now: float) -> str:
    """Why the words of an event are not for a viewer, a word of sight's or HOUSE; "" where they are. The ``event`` is
    given without its words: a field of its body is None where somebody wrote something. ``session`` is as it stands in
    the end: what somebody has narrowed since counts. ``now`` is wall time, seconds since 1970 UTC."""
    things = list(_things(session, event))
    sights = (may_see(viewer, thing, ANYBODY, now) for thing in things)
    return next((sight.why for sight in sights if not sight.text), "" if things else HOUSE)


def kept_back_of_record(
    session: Session, record: Record, names: Collection[str], seq: int, viewer: Viewer, now: float
) -> str:
    """The same of an event with this seq in a record's own stream, which has written these fields: only what somebody
    has changed there, field by field, and what no date closes, since a date of the record's own may be among words.
    ``record`` is as its stream ends."""
    entry = session.entries.get(record.entry)
    sections = {_section_of(name) for name in names}
    if entry is None or not sections or any(is_protected(section) for section in sections):
        return HOUSE
    if any(record.since[name].seq != seq for name in names):
        return "withdrawn"
    said = Said(record.values.get("identity.visibility") or "team", "")
    things = (own_section(session, entry, section, said) for section in sorted(sections))
    sights = [may_see(viewer, thing, ANYBODY, now) for thing in things]
    return next((sight.why for sight in sights if not sight.text), "")


def own_of(record: Record, since: int, session: Session) -> Own:
    """What a record says that decides for itself ``since`` a seq, as far as somebody knows who has no words of it: one
    that may have a date of its own is closed for good."""
    entry = session.entries.get(record.entry)
    rewritten = frozenset(name for name, change in record.since.items() if change.seq > since)
    day = FOR_GOOD if DATE in rewritten or DATE in record.proposed else ""
    heard = Said.in_session(entry).closed_until if entry is not None else ""
    return Own(Said(record.values.get("identity.visibility") or "team", day or heard), rewritten)


def _section_of(name: str) -> str:
    return "title" if name == "identity.title" else name.partition(".")[0]


def _things(session: Session, event: Event) -> Iterable[Thing]:
    if event.kind == "announced":
        return [Thing("announcement", session=session.code, reach=Circle.SESSION)]
    phase = None if event.kind in OWN_EVENTS else session.agenda.get(event.phase)
    return phase.activity.things(event) if phase is not None and phase.activity is not None else ()
