"""Vote: everybody marks what they find best, nobody sees the standing before it is shown, and the count can be redone."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from hashlib import blake2b
from math import ceil
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar

from sessions.activity import EVERY_PANE, Activity, Alert, Change, Shown, Touch, alert, too_long
from sessions.audience import (
    ACTORS,
    CLOSED,
    EVERYBODY,
    STAFF,
    STARTED,
    TEAM_PEOPLE,
    Right,
    person_scope,
    scope_type,
)
from sessions.ballots import METHODS, Marks
from sessions.interest import has_advised, is_own
from sessions.messages import Command, Decision, Event, Refused, refuse
from sessions.outcome import Fact, Inputs, Outcome, Ranked
from sessions.ranking import Keep, expected_teams, ranking, read_keep
from sessions.session import Ref

if TYPE_CHECKING:
    from sessions.session import Member

MAX_TITLE = 80
MAX_REASON = 280
SHUFFLED = 60
"""Options that each voter gets in an order of their own; on a longer list every voter has other ones first."""
FEW = 5
"""Ballots under which the result is shown with a warning."""
PEOPLE = Ref("", "people", "", EVERYBODY)
WATCHED = frozenset({"screen", "console"})


@dataclass(frozen=True, slots=True)
class Option:
    """What can be marked. ``number`` is shown as a tile (0 for none), ``count`` is how many cards stand behind it."""

    id: str
    text: str
    team: str = ""
    number: int = 0
    count: int = 1
    authors: tuple[str, ...] = ()
    link: str = ""


@dataclass(frozen=True, slots=True)
class Ballot:
    """The last ballot of one person; ``at`` is wall time, seconds since 1970 UTC."""

    marks: Marks
    at: float


class Vote(Activity):
    """Rules: ``method`` with its own (``dots``, ``max_per_option``; ``criteria``), ``about`` (cards or entries),
    ``electorate`` (who or own_team), ``own_excluded``, ``blind``, ``quorum`` (ballots), ``keep`` (3, 2*teams, 1-3 per
    team), ``threshold`` (points), ``ties`` (keep, shared, earliest, decider), ``begins_entries``, ``award``."""

    rights: ClassVar[Mapping[str, Right]] = {
        "cast_ballot": Right(ACTORS),
        "reveal_result": Right(STAFF, CLOSED),
        "override_result": Right(STAFF, CLOSED),
        "void_vote": Right(STAFF, STARTED),
    }
    parts: ClassVar[Mapping[str, frozenset[str]]] = {"option": frozenset({"phone"}), "turnout": WATCHED}
    decisions: ClassVar[Mapping[str, str]] = {
        "result_revealed": "Result shown: {phase}",
        "result_overridden": "Result of {phase} changed by hand for {option}: {reason}",
        "vote_voided": "Vote voided: {phase}. {ballots} ballots do not count: {reason}",
    }

    def prepare(self) -> None:
        self.method = METHODS[self.rules["method"]]
        self.options = self._handed_on(self.inputs)
        self.ballots: dict[str, Ballot] = {}
        self.result: Mapping[str, Any] = {}
        """What was counted at the close, as it stands in the log; empty before."""
        self.standing: tuple[Ranked, ...] = ()
        """The result with what was changed by hand."""
        self.overrides: dict[str, Mapping[str, Any]] = {}
        self.revealed = False
        self.voided: Mapping[str, Any] = {}
        self.given: dict[str, None] = {}
        """Options that got what the vote gives: an entry or an award."""
        self._electorate = (-1, 0)

    def reopened(self, inputs: Inputs) -> Iterable[Change]:
        self.options = self._handed_on(inputs)
        self._forget_result()
        return (*super().reopened(inputs), *(self._awards() if self.rules.get("award") else ()))

    # ---- options

    def _handed_on(self, inputs: Inputs) -> dict[str, Option]:
        return self._entries(inputs.order) if self.about_entries else self._cards(inputs)

    def _entries(self, order: tuple[str, ...]) -> dict[str, Option]:
        entries = {entry.id: entry for entry in self.room.entries.values() if entry.in_race}
        ids = [*(e for e in order if e in entries), *(e for e in entries if e not in order)]
        return {e: Option(e, entries[e].title, entries[e].team, entries[e].number) for e in ids}

    def _cards(self, inputs: Inputs) -> dict[str, Option]:
        return {
            card.id: Option(card.id, card.text, card.team, 0, card.count, card.authors, card.link)
            for card in inputs.cards
            if card.team or not self.own_team
        }

    @property
    def current(self) -> dict[str, Option]:
        """The options as they are now: without what was hidden or left the race since the vote opened."""
        now = self._handed_on(self.room.inputs(self.phase))
        return {option: now[option] for option in self.options if option in now}

    @property
    def about_entries(self) -> bool:
        return bool(self.rules.get("about") == "entries")

    @property
    def own_team(self) -> bool:
        """Whether each team votes on what is its own."""
        return bool(self.rules.get("electorate") == "own_team")

    def is_own(self, option: Option, member: Member) -> bool:
        """Whether a person wrote an option, or advised those who did."""
        if self.about_entries:
            entry = self.room.entries[option.id]
            return is_own(entry, member) or has_advised(entry, member)
        return member.id in option.authors or bool(option.team and option.team == member.team)

    def is_stopped(self, option: str) -> bool:
        """Whether the back office said `stop` and nobody has responded."""
        entry = self.room.entries.get(option) or self.room.entries.get(
            self.room.entry_of_card.get(option, "")
        )
        if entry is not None:
            return bool(entry.open_stops)
        said = {
            (p, f.key): f.value for p, f, _ in self.room.card_facts.get(option, ()) if f.name == "verdict"
        }
        return any(v and v["verdict"] == "stop" and not v.get("response") for v in said.values())

    # ---- ballots

    def cast_ballot(self, command: Command, sender: Member, now: float) -> Decision:
        """The whole ballot; it takes the place of an earlier one. ``option`` (repeated for dots and approval) or
        ``score-<option>-<criterion>``."""
        marks = self.method.read(command, self.rules)
        if isinstance(marks, Refused):
            return marks
        return self._refuse_marks(marks, sender) or [self.event("ballot_cast", marks=marks)]

    def _refuse_marks(self, marks: Marks, sender: Member) -> Refused | None:
        if self.own_team and not sender.team:
            return refuse("no_team", "You are in no team, so you have no ballot here. Ask the facilitator.")
        if not marks:
            return refuse("empty_ballot", "Nothing is marked. Mark at least one and send again.")
        for option in map(self.options.get, marks):
            if option is None or (self.own_team and option.team != sender.team):
                return refuse(
                    "unknown_option", "Something you marked is not on the list any more. Look again."
                )
            if self.rules.get("own_excluded") and self.is_own(option, sender):
                return refuse(
                    "own_option", "You cannot vote for your own. Take that mark away and send again."
                )
        return None

    def ballot_cast(self, event: Event) -> Iterator[Change]:
        first = event.actor not in self.ballots
        self.ballots[event.actor] = Ballot(event.body["marks"], event.at)
        yield Touch(scope=person_scope(event.actor))
        if first:
            yield Touch("turnout")

    def arrived(self, member: Member) -> Iterable[Change]:
        return (Touch("turnout"),)

    def may_vote(self, member: Member) -> bool:
        return member.role in self.phase.spec.who and bool(member.team or not self.own_team)

    @property
    def turnout(self) -> tuple[int, int]:
        """Ballots in, and people who may vote."""
        version = self.room.touched.get(PEOPLE, 0)
        if self._electorate[0] != version:
            people = self.room.present_people(self.phase.spec.who)
            self._electorate = version, sum(self.may_vote(member) for member in people)
        return len(self.ballots), max(self._electorate[1], len(self.ballots))

    # ---- the result

    def closing(self, now: float, seed: int) -> list[Event]:
        cast, electorate = self.turnout
        basis = self._basis()
        counted = cast - len(basis["excluded"])
        needed = self.rules.get("quorum", 0 if self.own_team else 1)
        return [
            self.event(
                "result_counted",
                cast=counted,
                electorate=electorate,
                valid=counted >= needed,
                **basis,
                ranking=self._count(basis),
            )
        ]

    def _basis(self) -> dict[str, Any]:
        """What the count depends on beside options and ballots, as it is at the close."""
        present, removed = self.current, self.room.people
        people = len(self.room.present_people(TEAM_PEOPLE))
        keep = read_keep(self.rules.get("keep", "1"), expected_teams(len(self.room.teams), people))
        return {
            "keep": list(keep),
            "gone": [option for option in self.options if option not in present],
            "stopped": [option for option in present if self.is_stopped(option)],
            "excluded": [person for person in self.ballots if removed[person].removed],
        }

    def _count(self, basis: Mapping[str, Any]) -> list[dict[str, Any]]:
        ballots = [ballot.marks for person, ballot in self.ballots.items() if person not in basis["excluded"]]
        gone = set(basis["gone"])
        result = ranking(
            self.method.points(ballots, self.rules),
            {option.id: option.team for option in self.options.values() if option.id not in gone},
            Keep(*basis["keep"]),
            self.rules.get("ties", "keep"),
            set(basis["stopped"]),
            self.rules.get("threshold", 0.0),
        )
        return [asdict(row) for row in result]

    def verify(self) -> list[str]:
        if not self.result:
            return []
        stored = {row["option"]: row for row in self.result["ranking"]}
        again = {row["option"]: row for row in self._count(self.result)}
        return [
            f"{self.phase.id}: {option} is {stored.get(option)} in the result and {again.get(option)} when counted again"
            for option in {**stored, **again}
            if stored.get(option) != again.get(option)
        ]

    def result_counted(self, event: Event) -> Iterator[Change]:
        self.result = event.body
        self.revealed = not self.rules.get("blind", True)
        yield from self._settled()

    def reveal_result(self, command: Command, sender: Member, now: float) -> Decision:
        if not self.result:
            return refuse("no_result", "There is no result: the vote was voided. Open it again to vote anew.")
        return [] if self.revealed else [self.event("result_revealed")]

    def result_revealed(self, event: Event) -> Iterator[Change]:
        self.revealed = True
        yield EVERY_PANE

    def override_result(self, command: Command, sender: Member, now: float) -> Decision:
        """Change what becomes of one ``option``: ``kept`` (yes or no), ``place`` (from 1), with a ``reason``."""
        option, reason, kept, place = (command.text(name) for name in ("option", "reason", "kept", "place"))
        if not self.revealed or option not in {row["option"] for row in self.result.get("ranking", ())}:
            return refuse("no_result", "Show the result first, then change it.")
        if not reason:
            return refuse("reason_missing", "Say why: the reason goes into the log of decisions.")
        if kept not in ("", "yes", "no") or (place and not place.isdigit()) or not (kept or place):
            return refuse("nothing_changed", "Choose whether it goes on, or give a place from 1.")
        changed = {"kept": kept == "yes"} if kept else {}
        body = {**changed, **({"place": max(1, int(place[:6]))} if place else {})}
        return too_long(reason, MAX_REASON) or [
            self.event("result_overridden", option=option, reason=reason, **body)
        ]

    def result_overridden(self, event: Event) -> Iterator[Change]:
        option = event.body["option"]
        self.overrides[option] = {**self.overrides.get(option, {}), **event.body}
        yield from self._settled()

    def void_vote(self, command: Command, sender: Member, now: float) -> Decision:
        """None of the ballots counts (a vote opened by mistake); they stay in the log. Needs a ``reason``."""
        reason = command.text("reason")
        if not reason:
            return refuse("reason_missing", "Say why: the reason goes into the log of decisions.")
        if not self.ballots and not self.result:
            return refuse("nothing_to_void", "Nobody has voted, so there is nothing to void.")
        return too_long(reason, MAX_REASON) or [
            self.event("vote_voided", reason=reason, ballots=len(self.ballots))
        ]

    def vote_voided(self, event: Event) -> Iterator[Change]:
        self.voided = {**event.body, "people": list(self.ballots)}
        self.ballots = {}
        self._forget_result()
        yield from self._settled()

    def _forget_result(self) -> None:
        self.result, self.standing, self.overrides, self.revealed = {}, (), {}, False

    def _settled(self) -> Iterator[Change]:
        """The result stands anew: who gets what it gives, and everybody's page."""
        self.standing = self._stand()
        yield from self._entries_begun() if self.rules.get("begins_entries") else ()
        yield from self._awards() if self.rules.get("award") else ()
        yield EVERY_PANE

    def _stand(self) -> tuple[Ranked, ...]:
        """The counted ranking with what was changed by hand; empty if nothing is decided."""
        if not self.result or not (self.result["valid"] or self.overrides):
            return ()
        rows = (self._by_hand(Ranked(**row)) for row in self.result["ranking"])
        return tuple(sorted(rows, key=lambda row: row.place))

    def _by_hand(self, row: Ranked) -> Ranked:
        change = self.overrides.get(row.option, {})
        kept = change.get("kept", row.kept and self.result["valid"])
        return replace(row, kept=kept, place=change.get("place", row.place))

    def _entries_begun(self) -> Iterator[Fact]:
        kept = {row.option: row for row in self.standing if row.kept}
        for option in [option for option in self.given if option not in kept]:
            yield self._given_up(option)
        for option, row in kept.items():
            if option not in self.given:
                yield from self._begun(self.options[option], row.team)

    def _begun(self, option: Option, team: str) -> Iterator[Fact]:
        self.given[option.id] = None
        title = textwrap.shorten(option.text, MAX_TITLE, placeholder=" …")
        yield Fact(option.id, "kept", {"title": title, "team": team, "idea": option.id, "need": option.link})
        yield Fact(option.id, "status", None)

    def _given_up(self, option: str) -> Fact:
        """An idea that is not kept after all: its entry goes, unless somebody has worked on it; then it is parked."""
        entry = self.room.entries.get(self.room.entry_of_card.get(option, ""))
        del self.given[option]
        touched = entry is not None and entry.changed_seq > entry.begun_seq
        return Fact(option, "status", "parked") if touched else Fact(option, "kept", None)

    def _awards(self) -> Iterator[Fact]:
        """Awards lie ready on the entries; another phase shows them, and this one never."""
        award = self.rules["award"]
        winners = {row.option: row for row in self.standing if row.kept}
        for option in [option for option in self.given if option not in winners]:
            del self.given[option]
            yield Fact(option, "award", None, award)
        for option, row in winners.items():
            self.given[option] = None
            yield Fact(option, "award", {"award": award, "reason": self._reason(row)}, award)

    def _reason(self, row: Ranked) -> Mapping[str, str] | str:
        by_hand = self.overrides.get(row.option)
        if by_hand:
            return str(by_hand["reason"])
        points, cast = round(row.points), self.result["cast"]
        return {
            "en": f"{points} of {cast} voters would support it",
            "sv": f"{points} av {cast} röstande skulle stödja det",
            "fi": f"{points}/{cast} äänestäjää tukisi sitä",
        }

    def outcome(self) -> Outcome:
        figures = {name: self.result[name] for name in ("cast", "electorate") if self.result}
        return Outcome(ranking=self.standing, figures=figures)

    def alerts(self) -> Iterator[Alert]:
        if self.is_open or not self.result:
            return
        if not self.result["valid"] and not self.overrides:
            yield alert("Too few ballots in “{phase}”: nothing is decided", phase=self.phase.spec.title)
        if self.own_team:
            for team in self._silent_teams():
                yield alert("{team} has not voted; its first idea goes on", team=self.room.teams[team].name)

    def _silent_teams(self) -> list[str]:
        voted = {row["team"] for row in self.result["ranking"] if row["points"]}
        return [
            team
            for team in dict.fromkeys(o.team for o in self.options.values())
            if team in self.room.teams and team not in voted
        ]
