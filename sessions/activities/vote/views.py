"""Who sees what of a vote. As long as it is blind no view sees how it stands, not even the console."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sessions.activities.vote import asking, ballot_form, lines, opinion
from sessions.activities.vote.electorate import has_voted
from sessions.activities.vote.openness import public, ranked_lines, stage, state_of
from sessions.activities.vote.slate import stopped
from sessions.activity import Fragment
from sessions.audience import EVERYBODY, is_for, scope_type

if TYPE_CHECKING:
    from sessions.activities.vote import Vote

FEW = 5
"""Ballots under which the result is shown with a warning."""
ON_SCREEN = 90
ON_PHONE = 40
"""Rows of a result that the screen and a phone show; everything that goes on is handed on in any case."""


# ---- panes


def _task(vote: Vote, scope: str) -> Fragment:
    ranked = ranked_lines(vote)
    shown = {"lines": ranked[:ON_PHONE], "all": len(ranked), "spots": _spots(vote)}
    return Fragment({**state_of(vote), **shown})


def _spots(vote: Vote) -> list[dict[str, Any]]:
    """The matrix of a vote that has one, once everybody may see how it stands."""
    return lines.matrix(vote) if public(vote) else []


def _ballot(vote: Vote, scope: str) -> Fragment | None:
    """The form of a role that votes; nobody else is shown one."""
    asked = vote.is_open and ballot_form.layout(vote) == "role"
    if not asked or not is_for(scope, vote.phase.spec.who):
        return None
    return Fragment({**state_of(vote), "rows": ballot_form.rows(vote, vote.now_listed().ids)})


def _team(vote: Vote, scope: str) -> Fragment | None:
    team = vote.team_in(scope)
    asked = vote.is_open and ballot_form.layout(vote) == "team"
    if team is None or not vote.own_team or not (asked or public(vote)):
        return None
    options = [option.id for option in vote.now_listed() if option.team == team.id] if asked else []
    ranked = [line for line in lines.result_lines(vote) if line["team"] == team.id] if public(vote) else []
    return Fragment({**state_of(vote), "rows": ballot_form.rows(vote, options), "lines": ranked})


def _own(vote: Vote, scope: str) -> Fragment | None:
    """A person's ballot on their phone, with the form while they may fill it in."""
    member = vote.person_in(scope)
    if member is None or not (vote.is_open or has_voted(vote, member)):
        return None
    asked = {"may_vote": vote.may_vote(member), "asked": member.is_among(vote.phase.spec.who)}
    form = ballot_form.form_for(vote, member) if ballot_form.may_mark(vote, member) else {}
    like = opinion.group_like(vote, member) if public(vote) else None
    return Fragment({**state_of(vote), **ballot_form.ballot_of(vote, member), **asked, **form, "like": like})


def _kept(vote: Vote, scope: str) -> Fragment | None:
    """A person's ballot under Mine."""
    member = vote.person_in(scope)
    if member is None or not (has_voted(vote, member) or vote.state.lost(member.id)):
        return None
    return Fragment({**state_of(vote), **ballot_form.ballot_of(vote, member)})


def _screen(vote: Vote, scope: str) -> Fragment:
    ranked = ranked_lines(vote)
    kept = sum(line["kept"] for line in ranked)
    teams = lines.kept_by_team(vote) if public(vote) and vote.own_team else []
    shown = {"lines": ranked[:ON_SCREEN], "kept": kept, "teams": teams, "spots": _spots(vote)}
    common, apart = opinion.parted(ranked)
    return Fragment({**state_of(vote), **shown, "common": common, "apart": apart})


def _console(vote: Vote, scope: str) -> Fragment:
    shown = stage(vote) == "shown"
    by_voter = ballot_form.by_voter(vote) if shown and vote.secrecy.name == "open" else []
    ranked, spots = (lines.result_lines(vote), lines.matrix(vote)) if shown else ([], [])
    said = {"few": FEW, "by_voter": by_voter, "spots": spots, "undecided": lines.undecided(ranked)}
    return Fragment({**state_of(vote), "lines": ranked, **said, "round": asking.round_on(vote)})


# ---- parts


def _option(vote: Vote, view: str, scope: str, key: str) -> Fragment | None:
    """A row of the form that a pane shares."""
    name, _, criterion = key.partition("-")
    option = vote.slate.get(name)
    if option is None or not vote.is_open or not ballot_form.shares_form(vote, option, scope):
        return None
    row = vote.method.rows(name, vote.rules).index(key)
    data = {"option": option, "row": row, "criterion": criterion, "stopped": stopped(vote.session, name)}
    return Fragment(data, home="options", order=f"{vote.slate.index[name]:05d}-{row}")


def _turnout(vote: Vote, view: str, scope: str, key: str) -> Fragment | None:
    if scope != EVERYBODY:
        return None
    cast, electorate = vote.turnout
    teams = lines.turnout_by_team(vote) if vote.own_team and view == "console" else []
    shown = {"cast": cast, "of": electorate, "teams": teams, "of_organisations": vote.of_organisations}
    return Fragment({**shown, "round": asking.round_on(vote)})


PARTS: Mapping[str, Callable[[Vote, str, str, str], Fragment | None]] = {
    "option": _option,
    "turnout": _turnout,
}
"""What shows a part: of a vote, in a view, to a scope, one of several by its key."""
SHOWN_IN: Mapping[str, frozenset[str]] = {
    "option": frozenset({"phone"}),
    "turnout": frozenset({"screen", "console"}),
}
"""Which views show which part."""
PANES: Mapping[tuple[str, str], Callable[[Vote, str], Fragment | None]] = {
    ("phone", "all"): _task,
    ("phone", "role"): _ballot,
    ("phone", "team"): _team,
    ("phone", "person"): _own,
    ("mine", "person"): _kept,
    ("screen", "all"): _screen,
    ("console", "all"): _console,
}
"""What a view's pane for a type of scope shows."""


def show(vote: Vote, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
    """What a fragment shows in a view to a scope, or None where there is nothing for them to see."""
    if part:
        return PARTS[part](vote, view, scope, key)
    pane = PANES.get((view, scope_type(scope)))
    return pane(vote, scope) if pane else None
