"""What each view sees of a poll. As long as it is blind no view sees how it stands, not even the console."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, ClassVar

from sessions.activities.vote.paper import BallotPaper
from sessions.activities.vote.slate import stopped
from sessions.activity import Fragment
from sessions.audience import EVERYBODY, scope_type
from sessions.outcome import Team

FEW = 5
"""Ballots under which the result is shown with a warning."""
ON_SCREEN = 9
ON_PHONE = 40
"""Rows of a result that the screen and a phone show; everything that goes on is handed on in any case."""


class PollViews(BallotPaper):
    """``show`` for every view. Rules: ``blind`` (until staff shows the result), ``award`` (nobody is shown it)."""

    parts: ClassVar[Mapping[str, frozenset[str]]] = {
        "option": frozenset({"phone"}),
        "turnout": frozenset({"screen", "console"}),
    }

    @property
    def stage(self) -> str:
        """``open``, ``counted`` (not shown yet), ``shown`` or ``void`` (closed without a result)."""
        if self.is_open or self.result is None:
            return "open" if self.is_open else "void"
        return "shown" if self.result.revealed else "counted"

    @property
    def public(self) -> bool:
        """Whether the ranking may be seen by everybody now: awards wait for the phase that presents them."""
        return self.stage == "shown" and not self.rules.get("award")

    def show(self, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
        if part:
            shown = {"option": self._show_option, "turnout": self._show_turnout}.get(part)
            return shown(view, scope, key) if shown else None
        pane = {
            ("phone", "all"): self._show_task,
            ("phone", "team"): self._show_team,
            ("phone", "person"): self._show_mine,
            ("mine", "person"): self._show_kept,
            ("screen", "all"): self._show_screen,
            ("console", "all"): self._show_console,
        }.get((view, scope_type(scope)))
        return pane(scope) if pane else None

    def _show_task(self, scope: str) -> Fragment:
        asked = self.is_open and self.layout == "all"
        options = self.now_listed().ids if asked else []
        ranked = self._lines() if self.public and not self.own_team else []
        return Fragment(
            {**self._state(), "rows": self._rows(options), "lines": ranked[:ON_PHONE], "all": len(ranked)}
        )

    def _show_team(self, scope: str) -> Fragment | None:
        team = self.team_in(scope)
        asked = self.is_open and self.layout == "team"
        if team is None or not self.own_team or not (asked or self.public):
            return None
        options = [option.id for option in self.now_listed() if option.team == team.id] if asked else []
        ranked = [line for line in self._lines() if line["team"] == team.id] if self.public else []
        return Fragment({**self._state(), "rows": self._rows(options), "lines": ranked})

    def _show_mine(self, scope: str) -> Fragment | None:
        member = self.person_in(scope)
        if member is None or not (self.is_open or member.id in self.ballots):
            return None
        mine = {
            **self._state(),
            **self._ballot_of(member),
            "may_vote": self.may_vote(member),
            "asked": member.role in self.phase.spec.who,
        }
        return Fragment({**mine, **(self._form_for(member) if self._may_mark(member) else {})})

    def _show_kept(self, scope: str) -> Fragment | None:
        member = self.person_in(scope)
        if member is None or not (member.id in self.ballots or member.id in self.voided.get("people", ())):
            return None
        return Fragment({**self._state(), **self._ballot_of(member)})

    def _show_option(self, view: str, scope: str, key: str) -> Fragment | None:
        name, _, criterion = key.partition("-")
        option = self.slate.get(name)
        if option is None or not self.is_open or scope != self._scope_of_form(option):
            return None
        row = self.method.rows(name, self.rules).index(key)
        data = {"option": option, "row": row, "criterion": criterion, "stopped": stopped(self.session, name)}
        return Fragment(data, home="options", order=f"{self.slate.index[name]:05d}-{row}")

    def _show_turnout(self, view: str, scope: str, key: str) -> Fragment | None:
        cast, electorate = self.turnout
        teams = self._team_turnout() if self.own_team and view == "console" else []
        return Fragment({"cast": cast, "of": electorate, "teams": teams}) if scope == EVERYBODY else None

    def _show_screen(self, scope: str) -> Fragment:
        ranked = self._lines() if self.public and not self.own_team else []
        kept = sum(line["kept"] for line in ranked)
        teams = self._kept_by_team() if self.public and self.own_team else []
        return Fragment({**self._state(), "lines": ranked[:ON_SCREEN], "kept": kept, "teams": teams})

    def _show_console(self, scope: str) -> Fragment:
        shown = self.stage == "shown"
        told = self._told() if shown and self.secrecy.name == "open" else []
        return Fragment({**self._state(), "lines": self._lines() if shown else [], "few": FEW, "told": told})

    # ---- pieces of it

    def _state(self) -> dict[str, Any]:
        return {
            "stage": self.stage,
            "layout": self.layout,
            "own_team": self.own_team,
            "result": self.result,
            "voided": self.voided,
            "secrecy": self.secrecy.name,
        }

    def _lines(self) -> list[dict[str, Any]]:
        """The result, best first, with the words as they may be shown now (None for what was taken off)."""
        if self.result is None:
            return []
        listed, changed = self.now_listed(), self.result.overrides
        return [
            {
                "option": row.option,
                "text": listed[row.option].text if row.option in listed else None,
                "number": listed[row.option].number if row.option in listed else 0,
                "place": row.place,
                "points": row.points,
                "kept": row.kept,
                "team": row.team,
                "changed": changed.get(row.option, {}).get("reason", ""),
                "stopped": row.option in self.result.body["stopped"],
            }
            for row in self.result.rows
        ]

    def _team_turnout(self) -> list[tuple[Team, int, int]]:
        """Each team with its number of ideas and of members who have voted."""
        return [
            (
                team,
                len(self.slate.of_team.get(team.id, ())),
                sum(person in self.ballots for person in team.members),
            )
            for team in self.session.teams.values()
        ]

    def _kept_by_team(self) -> list[tuple[Team, int, int]]:
        """Each team with its number of ideas and of those it keeps."""
        kept = Counter(row.team for row in self.standing if row.kept)
        return [(t, len(self.slate.of_team.get(t.id, ())), kept[t.id]) for t in self.session.teams.values()]
