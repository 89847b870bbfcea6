"""The ballot paper: whose page it lies on, which rows it has, and what its voter has marked on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, Any

from sessions.activities.vote.secrecy import Ballot
from sessions.activities.vote.slate import Option, own, shuffled, stopped
from sessions.activities.vote.tracing import TracedPoll
from sessions.audience import EVERYBODY, team_scope

if TYPE_CHECKING:
    from sessions.people import Member


ON_CONSOLE = 200
"""Open ballots that the console lists; all of them stand in the log."""


class BallotPaper(TracedPoll):
    """Rules: ``own_excluded`` (nobody marks their own)."""

    @property
    def layout(self) -> str:
        """Whose pane holds the ballot: everybody's (``all``), the ``team``'s, or each ``person``'s own: where their
        own options are left out, and where the form goes when they have voted."""
        if self.secrecy.final or (self.rules.get("own_excluded") and not self.own_team):
            return "person"
        return "team" if self.own_team else "all"

    def _may_mark(self, member: Member) -> bool:
        done = self.secrecy.final and member.id in self.ballots
        return self.is_open and self.may_vote(member) and not done

    def _rows(self, options: Iterable[str]) -> list[str]:
        return [row for option in options for row in self.method.rows(option, self.rules)]

    def _scope_of_form(self, option: Option) -> str:
        return {"all": EVERYBODY, "team": team_scope(option.team)}.get(self.layout, "")

    def _ballot_of(self, member: Member) -> dict[str, Any]:
        """What a person has marked: the words of each option and the marks on it."""
        ballot = self.ballots.get(member.id)
        lost = ballot is None and member.id in self.voided.get("people", ())
        code = self.secrecy.receipt(self.phase.id, ballot) if ballot else ""
        return {"ballot": ballot, "choices": self._choices(ballot), "receipt": code, "lost": lost}

    def _choices(self, ballot: Ballot | None) -> list[tuple[str, Any]]:
        marks = ballot.marks if ballot else {}
        return [(self.slate[option].text, put) for option, put in marks.items() if option in self.slate]

    def _told(self) -> list[tuple[str, list[tuple[str, Any]]]]:
        """Who marked what, for staff: of open ballots only."""
        return [(voter, self._choices(ballot)) for voter, ballot in islice(self.ballots.items(), ON_CONSOLE)]

    def _form_for(self, member: Member) -> dict[str, Any]:
        """What a voter's page needs beside the form that others share: the order and the marks."""
        ballot = self.ballots.get(member.id)
        ids = self.slate.of_team.get(member.team, []) if self.own_team else self.slate.ids
        order = shuffled(ids, member.id, self.phase.id)
        ticks = self.method.ticks(ballot.marks) if ballot else []
        own_list = self._own_list(member, order, Counter(ticks)) if self.layout == "person" else []
        return {"order": self._rows(order), "ticks": ticks, "options": own_list}

    def _own_list(self, member: Member, order: list[str], put: Counter[str]) -> list[dict[str, Any]]:
        """The options of a ballot that is each person's own, and which of them the voter may not mark."""
        listed = self.now_listed()
        ids = dict.fromkeys([*order, *(listed.of_team.get(member.team, ()) if self.own_team else listed.ids)])
        return [self._own_option(listed[option], member, put) for option in ids if option in listed]

    def _own_option(self, option: Option, member: Member, put: Counter[str]) -> dict[str, Any]:
        """An option with the rows of the form that stand for it: none if it is the voter's own."""
        shut = self.rules.get("own_excluded") and own(self.session, option, member)
        keys = [] if shut else self.method.rows(option.id, self.rules)
        rows = [{"row": n, "criterion": key.partition("-")[2], "put": put[key]} for n, key in enumerate(keys)]
        return {"option": option, "rows": rows, "stopped": stopped(self.session, option.id)}
