"""Who may see a text, and the name beside it. Nothing else decides that: views, pushes, sheets and exports ask here.

Around everything lie circles: its authors and the session's staff, a team, the session, the programme, everybody. A
text is seen when the smallest circle that holds viewer and thing is no wider than the thing's reach, and nothing stops
it. ``tests/data/sight.toml`` says the same as a table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from sessions.audience import CONSOLE_ROLES, JURY


class Circle(IntEnum):
    """How far something reaches, and how far from it somebody stands."""

    OWN = -1
    TEAM = 0
    SESSION = 1
    PROGRAMME = 2
    PUBLIC = 3


LEVELS: Mapping[str, Circle] = {
    "team": Circle.TEAM,
    "session": Circle.SESSION,
    "programme": Circle.PROGRAMME,
    "public": Circle.PUBLIC,
}
"""What people and teams choose from, narrowest first."""
SWORN = JURY | {"expert"}
"""Roles that are given entries of others to look at, and keep what they see to themselves."""
NOT_FOR_GUESTS = frozenset({"feedback"})
"""Kinds of things that guests are never shown."""
GONE = frozenset({"withdrawn", "erased"})
KEPT_BACK = frozenset({"held", "hidden"})
"""States in which only staff and the authors see a thing: it waits for the facilitator, or was taken from the wall."""
CLEARED: Mapping[str, frozenset[str]] = {
    "ok": frozenset({"title", "summary", "stage"}),
    "summary": frozenset({"title", "summary", "stage"}),
    "closed": frozenset({"title"}),
}
"""What a team's word on disclosure clears for everybody."""
PROTECTED = frozenset({"summary", "stage", "idea", "technology", "rights", "verdicts"})
"""Sections of a record that a no-disclosure date closes: the solution, the prototype, the slides, the rights, and what
experts have said of them. ``stage`` is what a wall shows of the summary."""
OPEN = frozenset({"record", "title", "origin", "need", "market", "resources", "funding", "plan"})
"""Sections that no date closes. What a format's other documents fill is in neither: they too tell the solution."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What a guest was let in for: ``phases`` (None for all) until a wall time, seconds since 1970 UTC."""

    phases: frozenset[str] | None = None
    until: float = float("inf")
    bound: bool = False

    def opens(self, phase: str, now: float) -> bool:
        """Whether it is good for a phase now."""
        return now < self.until and (self.phases is None or phase in self.phases)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: somebody by name, or all to whom the same is drawn. ``session`` is the code of the session they are
    in; ``bound`` says that they have accepted the rules on ideas, or secrecy; ``trusted_with`` are the entries that a
    juror or expert was given."""

    person: str = ""
    role: str = ""
    session: str = ""
    team: str = ""
    programmes: frozenset[str] = frozenset()
    bound: bool = False
    trusted_with: frozenset[str] = frozenset()
    guest_pass: Pass | None = None
    in_public: bool = False
    """The screen of a phase to which the public has come."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What somebody wrote. ``reach`` is the widest circle that it was meant for; ``state`` is shown, held, hidden,
    rejected, withdrawn or erased; ``concealed`` until its phase reveals it; ``closed_until`` is the no-disclosure date
    of a protected section (wall time); ``reviewed`` also where nobody asks for a review."""

    kind: str = "card"
    authors: frozenset[str] = frozenset()
    session: str = ""
    team: str = ""
    programme: str = ""
    entry: str = ""
    phase: str = ""
    reach: Circle = Circle.SESSION
    state: str = "shown"
    concealed: bool = False
    closed_until: float = 0.0
    reviewed: bool = True


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote it: how far the name may go, and whether anybody has asked them yet."""

    name_reach: Circle = Circle.SESSION
    minor: bool = False
    erased: bool = False
    asked: bool = True


class Sight(NamedTuple):
    """What a viewer sees: the text, the name beside it; ``why`` is a word for the reason where it is not all."""

    text: bool
    name: bool
    why: str = ""


NOTHING_SEEN: Mapping[str, Sight] = {
    why: Sight(False, False, why)
    for why in (
        *("withdrawn", "erased", "pass", "rejected", "held", "hidden", "not_yet"),
        *("own", "team", "session", "programme", "not_before", "unreviewed"),
    )
}


def may_see(viewer: Viewer, thing: Thing, author: Author, now: float) -> Sight:
    """Whether somebody sees a thing, and whose it is. ``now`` is wall time, seconds since 1970 UTC."""
    circle = near(viewer, thing, now)
    why = _stopped(viewer, thing, circle, now)
    if why or circle is None:
        return NOTHING_SEEN[why]
    named = _named(viewer, circle, author)
    return Sight(True, named, "" if named else "name")


def near(viewer: Viewer, thing: Thing, now: float) -> Circle | None:
    """The smallest circle that holds both; None where there is none: a pass that is over or for another phase."""
    if viewer.person and viewer.person in thing.authors:
        return Circle.OWN
    here = viewer.session == thing.session != ""
    if viewer.role == "guest" or viewer.guest_pass is not None:
        return Circle.SESSION if here and _let_in(viewer.guest_pass, thing, now) else None
    if not here or viewer.role in ("", "observer"):
        return Circle.PROGRAMME if thing.programme in viewer.programmes else Circle.PUBLIC
    return _near_inside(viewer, thing)


def _let_in(guest_pass: Pass | None, thing: Thing, now: float) -> bool:
    return guest_pass is not None and guest_pass.opens(thing.phase, now) and thing.kind not in NOT_FOR_GUESTS


def _near_inside(viewer: Viewer, thing: Thing) -> Circle:
    """The same for somebody of the thing's session."""
    if viewer.role in CONSOLE_ROLES:
        return Circle.OWN
    if viewer.role == "screen":
        return Circle.PUBLIC if viewer.in_public else Circle.SESSION
    given = viewer.role in SWORN and viewer.bound and thing.entry in viewer.trusted_with
    same_team = viewer.team != "" and viewer.team == thing.team
    return Circle.TEAM if given or same_team else Circle.SESSION


def _stopped(viewer: Viewer, thing: Thing, circle: Circle | None, now: float) -> str:
    """Why the text is not seen; "" if it is."""
    if thing.state in GONE:
        return thing.state
    if circle is None:
        return "pass"
    if thing.state == "rejected" and not (viewer.person and viewer.person in thing.authors):
        return "rejected"
    return "" if circle is Circle.OWN else _kept_from(viewer, thing, circle, now)


def _kept_from(viewer: Viewer, thing: Thing, circle: Circle, now: float) -> str:
    """The same for whoever is neither an author nor staff."""
    if thing.state in KEPT_BACK:
        return thing.state
    if thing.concealed:
        return "not_yet"
    if circle > thing.reach:
        return thing.reach.name.lower()
    if thing.closed_until > now and not _trusted(viewer, circle):
        return "not_before"
    return "unreviewed" if circle >= Circle.PROGRAMME and not thing.reviewed else ""


def _trusted(viewer: Viewer, circle: Circle) -> bool:
    """Whether a no-disclosure date stops somebody not: the team, and in the session who is bound. A wall never is."""
    if circle <= Circle.TEAM:
        return True
    bound = viewer.guest_pass.bound if viewer.guest_pass else viewer.bound and viewer.role != "screen"
    return circle is Circle.SESSION and bound


def _named(viewer: Viewer, circle: Circle, author: Author) -> bool:
    if author.erased:
        return False
    if viewer.role == "screen" and not author.asked:  # a name is on a wall only with its owner's word
        return False
    reach = min(author.name_reach, Circle.SESSION) if author.minor else author.name_reach
    return circle is Circle.OWN or circle <= reach


# ---- the same beforehand: a word for a thing, by which lists and homes of fragments choose


def audience(thing: Thing, now: float) -> str:
    """Who sees the text beside its authors: ``gone``, ``authors``, ``staff``, ``team``, ``session``, ``bound`` (of the
    session who has accepted the rules), ``programme`` or ``public``."""
    if thing.state in GONE:
        return "gone"
    if thing.state == "rejected":
        return "authors"
    if thing.state in KEPT_BACK or thing.concealed or thing.reach is Circle.OWN:
        return "staff"
    closed = thing.closed_until > now
    widest = Circle.SESSION if closed or not thing.reviewed else Circle.PUBLIC
    reach = min(thing.reach, widest)
    return "bound" if closed and reach is Circle.SESSION else reach.name.lower()


def holds(viewer: Viewer, thing: Thing, word: str, now: float) -> bool:
    """Whether somebody sees a thing with this word: the same as ``may_see`` says of its text."""
    if word == "gone":
        return False
    circle = near(viewer, thing, now)
    if viewer.person and viewer.person in thing.authors:
        return True
    if word == "authors" or circle is None:
        return False
    if circle is Circle.OWN:
        return True
    if word == "bound":
        return circle is Circle.TEAM or _trusted(viewer, circle)
    return word in LEVELS and circle <= LEVELS[word]


# ---- how far a thing was meant to go


def is_protected(section: str) -> bool:
    """Whether a no-disclosure date closes a section of a record."""
    return section in PROTECTED or section not in OPEN


def reach_of(choice: str | None, consent: str | None) -> Circle:
    """A person's thing: their choice for it, else what they have consented to; the session before anybody asked. What
    nobody knows is read as the narrowest."""
    said = consent if choice is None else choice
    return Circle.SESSION if said is None else LEVELS.get(said, Circle.TEAM)


def section_reach(visibility: str | None, disclosure: str | None, section: str) -> Circle:
    """A team's section: as far as its record may be seen, unless the team has said what may be shown when the doors
    open: with ``closed`` the title alone goes beyond the session, with ``summary`` the summary too. The session knows
    every title: it votes on them and calls them up."""
    visible = LEVELS.get(visibility or "team", Circle.TEAM)
    cleared = CLEARED.get(disclosure or "", frozenset())
    if section in cleared:
        return Circle.PUBLIC
    if section == "stage":
        return Circle.TEAM
    if section == "title":
        return max(visible, Circle.SESSION)
    return min(visible, Circle.SESSION) if disclosure in ("summary", "closed") else visible
