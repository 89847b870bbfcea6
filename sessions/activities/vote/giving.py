"""What a result gives: each idea that is kept becomes an entry, or who is best has an award."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from sessions.activities.vote.slate import Option
from sessions.activities.vote.views import PollViews
from sessions.activity import EVERY_PANE, Change
from sessions.messages import Text
from sessions.outcome import Fact, Inputs, Ranked

MAX_TITLE = 80


class GivingPoll(PollViews):
    """Rules: ``begins_entries`` (each idea kept becomes one) or an ``award`` (by name)."""

    def prepare(self) -> None:
        super().prepare()
        self.given: dict[str, None] = {}
        """Options that have got what this vote gives: an entry or an award."""

    def reopened(self, inputs: Inputs) -> Iterable[Change]:
        return (*super().reopened(inputs), *(self._awards() if self.rules.get("award") else ()))

    def _settled(self) -> Iterator[Change]:
        """The result stands anew: who gets what it gives, and everybody's page."""
        yield from self._begin_entries() if self.rules.get("begins_entries") else ()
        yield from self._awards() if self.rules.get("award") else ()
        yield EVERY_PANE

    def _begin_entries(self) -> Iterator[Fact]:
        kept = {row.option: row for row in self.standing if row.kept}
        for option in [option for option in self.given if option not in kept]:
            del self.given[option]
            yield self._given_up(option)
        for option, row in kept.items():
            if option not in self.given:
                self.given[option] = None
                yield from _begun(self.slate[option], row.team)

    def _given_up(self, option: str) -> Fact:
        """An idea that is not kept after all: its entry goes; if somebody has worked on it, it is parked."""
        entry = self.session.entries.get(self.session.entry_of_card.get(option, ""))
        worked_on = entry is not None and entry.changed_seq > entry.begun_seq
        return Fact(option, "status", "parked") if worked_on else Fact(option, "kept", None)

    def _awards(self) -> Iterator[Fact]:
        """Awards lie ready on the entries for the phase that presents them; this one shows them to nobody."""
        award, winners = self.rules["award"], {row.option: row for row in self.standing if row.kept}
        for option in [option for option in self.given if option not in winners]:
            del self.given[option]
            yield Fact(option, "award", None, award)
        for option, row in winners.items():
            self.given[option] = None
            yield Fact(option, "award", {"award": award, "reason": self._reason(row), "place": 1}, award)

    def _reason(self, row: Ranked) -> Text | str:
        assert self.result is not None
        by_hand = self.result.overrides.get(row.option)
        if by_hand:
            return str(by_hand["reason"])
        points, cast = round(row.points), self.result.body["cast"]
        return {
            "en": f"{points} of {cast} voters would support it",
            "sv": f"{points} av {cast} röstande skulle stödja det",
            "fi": f"{points}/{cast} äänestäjästä tukisi sitä",
        }


def _begun(option: Option, team: str) -> Iterator[Fact]:
    """An entry begins with the words of the idea, or is in the race again."""
    title = textwrap.shorten(option.text, MAX_TITLE, placeholder=" …")
    yield Fact(option.id, "kept", {"title": title, "team": team, "idea": option.id, "need": option.link})
    yield Fact(option.id, "status", None)
