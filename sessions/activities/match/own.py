"""What somebody sees of their own: the table they are to go to now, all their meetings, mutual wishes, outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sessions.activities.match import times
from sessions.activities.match.agreeing import MOST_STEP
from sessions.activities.match.face import Known, known, meeting_face, offer_face, who
from sessions.activities.match.offering import MOST_TEXT, MOST_TITLE
from sessions.activities.match.outcomes import joint
from sessions.activities.match.rules import MEET, OUTCOME, slots_of
from sessions.activities.match.state import Agreement, Free, Meeting
from sessions.days import last_day

if TYPE_CHECKING:
    from sessions.activities.match import Match

USUAL_DAYS = 14
JUST_NOW = 600.0
"""Seconds for which a meeting counts as new."""


def person_pane(match: Match, view: str, scope: str) -> dict[str, Any] | None:
    """All that is somebody's own here; None for who has nothing here."""
    person = match.person_in(scope)
    if person is None or person.id not in {member.id for member in match.people}:
        return None
    me = person.id
    return {
        "me": me,
        "does": sorted(match.does),
        "published": match.state.published,
        "over": match.state.over,
        "asked": me in match.state.asked,
        "absent": me in match.state.absent,
        "offers": [
            offer_face(match, o) for o in match.state.offers.values() if o.owner == me and not o.withdrawn
        ],
        "mutual": _mutual(match, view, scope, me),
        **_meetings(match, view, scope, me),
        "free": _free(match, me),
        "outcomes": _outcomes(match, view, scope, me),
        "agreements": [_agreement(match, view, scope, a, me) for a in _agreements(match, me)],
        "kinds": [(kind, row["title"]) for kind, row in match.kinds.items()],
        "most_title": MOST_TITLE,
        "most_text": MOST_TEXT,
        "most_step": MOST_STEP,
        "today": last_day(match.at, 0, match.session.zone).isoformat(),
        "usual_day": last_day(match.at, USUAL_DAYS, match.session.zone).isoformat(),
    }


def _mutual(match: Match, view: str, scope: str, me: str) -> list[dict[str, Any]]:
    """Who wants to meet as one does oneself, the latest first."""
    found = sorted(((at, two) for two, at in match.mutual.items() if at and me in two), reverse=True)
    others = [two[0] if two[1] == me else two[1] for _, two in found]
    return [
        {
            "person": each,
            "offered": match.offers_contact(me, each["id"]),
            "shared": match.shares_contact(me, each["id"]),
        }
        for each in who(match, view, scope, [o for o in others if o in match.session.people])
    ]


def _meetings(match: Match, view: str, scope: str, me: str) -> dict[str, Any]:
    """Somebody's meetings, the one they are to go to now apart, and the slots that are empty for them."""
    own, slot = match.state.of(me), match.state.slot
    people = known(match, view, scope, own)
    faces = [_own_face(match, meeting, people, me) for meeting in own]
    standing = {m.slot for m in own if m.stands and me in m.people}
    coming = next((f for f in faces if _counts(f, me) and f["slot"] >= max(slot, 0)), None)
    missed = next(
        (f for f in faces if f["state"] == "missed" and f["slot"] == slot and f["missing"] != me), None
    )
    return {
        "meetings": faces,
        "now": coming if coming and not match.state.over else None,
        "missed": missed if not match.state.over else None,
        "slot": slot,
        "slots": slots_of(match.rules),
        "empty": [s + 1 for s in range(max(slot, 0), slots_of(match.rules)) if s not in standing],
        "is_on": slot >= 0,
        "next_at": times.bell(match, slot + 1)
        if match.state.published and slot + 1 < slots_of(match.rules)
        else 0.0,
        "starts_at": match.state.starts_at,
    }


def _counts(face: dict[str, Any], me: str) -> bool:
    return bool(face["state"] == "planned" and not face["gone"])


def _own_face(match: Match, meeting: Meeting, people: Known, me: str) -> dict[str, Any]:
    face = meeting_face(match, meeting, people, me)
    mutual = any(match.mutual.get((min(me, p), max(me, p)), 0.0) for p in meeting.people if p != me)
    fresh = meeting.added_at > match.state.begun_at > 0 and match.at - meeting.added_at <= JUST_NOW
    new = fresh and meeting.why in ("gap", "fill", "hand")
    return {**face, "mutual": mutual, "new": new and not face["past"], "gone": me in meeting.left}


def _free(match: Match, me: str) -> dict[str, Any]:
    free = match.state.free.get(me) or Free()
    count = range(slots_of(match.rules))
    return {
        "slots": list(count) if free.slots is None else list(free.slots),
        "languages": sorted(free.languages),
        "third": free.third,
    }


def _outcomes(match: Match, view: str, scope: str, me: str) -> list[dict[str, Any]]:
    """Every meeting that was held, with each whom one met in it. What the other has said is in none of it."""
    if not {MEET, OUTCOME} & match.does:
        return []
    held = [m for m in match.all_meetings.values() if me in m.people and match.held(m.id) is not None]
    return [
        _outcome(match, meeting, each, me)
        for meeting in sorted(held, key=lambda m: (m.slot, m.id))
        for each in who(match, view, scope, [p for p in meeting.people if p != me])
    ]


def _outcome(match: Match, meeting: Meeting, other: dict[str, Any], me: str) -> dict[str, Any]:
    mine = match.outcome_of(meeting.id, me, other["id"])
    theirs = match.outcome_of(meeting.id, other["id"], me)
    return {
        "meeting": meeting.id,
        "slot": meeting.slot,
        "table": meeting.table,
        "other": other,
        "answer": mine,
        "joint": joint(mine, theirs) if mine else "",
        "drafted": any({*a.people} == {me, other["id"]} for a in _agreements(match, me)),
    }


def _agreements(match: Match, me: str) -> list[Agreement]:
    found = match.merged(lambda state: state.agreements)
    return [a for a in found.values() if match.side_in(a, me) and not a.declined]


def _agreement(match: Match, view: str, scope: str, found: Agreement, me: str) -> dict[str, Any]:
    party = match.side_in(found, me)
    others = [person for person in found.people if match.side_in(found, person) != party]
    return {
        "id": found.id,
        "others": who(match, view, scope, others),
        "kind": found.kind,
        "kind_title": match.kinds.get(found.kind, {}).get("title", found.kind),
        "step": found.step,
        "day": found.day,
        "revision": found.revision,
        "confirmed": found.confirmed.get(party) == found.revision,
        "stands": found.stands,
        "rated": found.ratings.get(party, -1),
        "here": found.id in match.state.agreements,
    }
