"""Decisions about entries, folded: what each of them changes in the record, in other entries and on every page."""

from __future__ import annotations

from collections.abc import Iterator

from sessions.activities.plan.choices import STATUS, Choice, ChoiceViews, Offer
from sessions.activity import Change, Changed
from sessions.audience import person_scope, team_scope
from sessions.messages import Event
from sessions.outcome import Fact

SUMMARY = "summary.summary"
"""The record's field for a pivot's new description."""


class Decided(ChoiceViews):
    """The events of deciding."""

    def entry_continued(self, event: Event) -> Iterator[Change]:
        body, by = event.body, event.body.get("by", event.actor)
        texts = {name: body.get(name, "") for name in ("into", "title", "summary")}
        choice = Choice(body["choice"], body["reason"], by, event.at, led=body["led"], **texts)
        yield from self._decide(body["entry"], choice)

    entry_changed = entry_merged = entry_parked = entry_withdrawn = entry_continued

    def _decide(self, entry: str, choice: Choice | None) -> Iterator[Change]:
        before = self.decided.choices.pop(entry, None)
        offer = self.decided.offers.pop(entry, None)
        if choice:
            self.decided.choices[entry] = choice
        yield from self._facts(entry, before, choice)
        yield from self._shown(entry)
        yield from (Changed(scope=person_scope(known.by)) for known in (before, choice) if known)
        concerned = dict.fromkeys(known.into for known in (before, choice, offer) if known and known.into)
        for other in concerned:
            yield from self._shown(other, entry)

    def _facts(self, entry: str, before: Choice | None, after: Choice | None) -> Iterator[Change]:
        said = {"choice": after.choice, "reason": after.reason} if after else None
        yield Fact(entry, "decision", said, self.phase.id)
        out = STATUS.get(after.choice) if after else None
        if out != (STATUS.get(before.choice) if before else None):
            yield Fact(entry, "status", out)
        yield from self._lineage(entry, before.into if before else "", after.into if after else "")
        yield from self._texts(entry, before, after)

    def _lineage(self, entry: str, before: str, after: str) -> Iterator[Fact]:
        if before == after:
            return
        yield Fact(entry, "merged_into", after or None)
        if before:
            yield Fact(before, "merged_from", None, entry)
        if after:
            yield Fact(after, "merged_from", entry, entry)

    def _texts(self, entry: str, before: Choice | None, after: Choice | None) -> Iterator[Change]:
        """A pivot's new title and description; undone, the old title comes back."""
        if after and after.title:
            self.decided.titles.setdefault(entry, self.session.entries[entry].title)
            yield Fact(entry, "title", after.title)
            yield from self._everywhere()
        elif entry in self.decided.titles:
            yield Fact(entry, "title", self.decided.titles.pop(entry))
            yield from self._everywhere()
        if (after and after.summary) or (before and before.summary):
            yield Fact(entry, "field", (after.summary if after else "") or None, SUMMARY)

    def _everywhere(self) -> Iterator[Changed]:
        """Every team chooses among all titles where it merges."""
        for entry in self.session.entries.values():
            yield Changed("choice", entry.id, team_scope(entry.team))
        for choice in self.decided.choices.values():
            yield Changed(scope=person_scope(choice.by))
        for entry_id in self.decided.offers:
            yield from self._offered(entry_id)

    def _offered(self, entry: str) -> Iterator[Changed]:
        yield Changed("offer", entry, team_scope(self._team_of(self.decided.offers[entry].into)))

    def _shown(self, entry: str, offered: str = "") -> Iterator[Changed]:
        if entry not in self.session.entries:
            return
        session = team_scope(self.session.entries[entry].team)
        yield from (Changed("tally"), Changed("board"), Changed("choice", entry, session))
        if offered:
            yield Changed("offer", offered, session)

    def merge_offered(self, event: Event) -> Iterator[Change]:
        body = event.body
        if body["entry"] in self.decided.choices or body["entry"] in self.decided.offers:
            yield from self._decide(body["entry"], None)
        self.decided.offers[body["entry"]] = Offer(body["into"], body["reason"], event.actor)
        yield from self._shown(body["entry"])
        yield from self._shown(body["into"], body["entry"])

    def merge_declined(self, event: Event) -> Iterator[Change]:
        del self.decided.offers[event.body["entry"]]
        yield from self._shown(event.body["entry"])
        yield from self._shown(event.body["into"], event.body["entry"])

    def decision_taken_back(self, event: Event) -> Iterator[Change]:
        yield from self._decide(event.body["entry"], None)

    def left_as_is(self, event: Event) -> Iterator[Change]:
        self.decided.left = tuple(event.body["entries"])
        for entry in self.decided.left:
            yield Fact(entry, "decision", {"choice": "go", "reason": "", "by_default": True}, self.phase.id)
