"""How forming teams folds: what an event does to wishes, requests and tables, and what the session is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sessions.activities.team.forming import Request
from sessions.activities.team.mix import Rules, best_leader
from sessions.activities.team.seating import Seating, Table
from sessions.activities.team.views import TeamViews
from sessions.activity import EVERY_PANE, Change, Changed
from sessions.audience import STAFF, TEAM_PEOPLE, person_scope, role_scope, team_scope
from sessions.messages import Event, Text
from sessions.outcome import Fact, Inputs
from sessions.outcome import Team as TeamNow

if TYPE_CHECKING:
    from sessions.people import Member

SEEN_OF_PEOPLE = frozenset({"present", "competence", "wish_role"})
SEEN_OF_ENTRIES = frozenset({"kept", "title", "status", "moved_to"})
DESKS = tuple(Changed(scope=role_scope(role)) for role in sorted(STAFF))


class TeamFold(TeamViews):
    """Events of a team phase. Teams are the session's only from the confirmation on."""

    def evolve(self, event: Event) -> Iterator[Change]:
        before = self.stage
        yield from super().evolve(event)
        if self.stage != before:
            yield EVERY_PANE

    def prepare(self) -> None:
        self.seating = Seating()
        self.wishes = {}
        self.requests = {}
        self.made = 0
        self.mix = _rules(self.rules)
        self.areas = _area_words(self.session.format.data if self.session.format else {})
        self._read(self.inputs)

    def _read(self, inputs: Inputs) -> None:
        self.needs = {card.id: card for card in inputs.cards}

    def reopened(self, inputs: Inputs) -> Iterable[Change]:
        self._read(inputs)
        return super().reopened(inputs)

    def arrived(self, member: Member) -> Iterator[Change]:
        """Somebody new has no place yet, and counts among those who may wish."""
        yield from (Changed("turnout"), Changed("board"), Changed("tables"))

    def noticed(self, change: Fact | TeamNow, phase: str) -> Iterator[Changed]:
        """What others learn of people (who is here, what they can) and of entries stands on tables and boards."""
        if isinstance(change, TeamNow):
            return
        kind, _, person = change.subject.partition(":")
        table = self.seating.table_of(person) if kind == "person" else None
        if table is not None and change.name in SEEN_OF_PEOPLE:
            yield from self._touched(table)
        elif (kind == "person" and change.name in SEEN_OF_PEOPLE) or change.name in SEEN_OF_ENTRIES:
            yield from (Changed("board"), *DESKS)

    # ---- events

    def wished(self, event: Event) -> Iterator[Change]:
        self.wishes[event.body["person"]] = tuple(event.body["needs"])
        yield Changed("turnout")
        yield Changed(scope=person_scope(event.body["person"]))

    def place_asked(self, event: Event) -> Iterator[Change]:
        person = event.body["person"]
        self.requests.pop(person, None)
        self.requests[person] = Request(person, event.body["team"], event.body["reason"], event.at, event.seq)
        yield from self._request_changed(person)

    def request_taken_back(self, event: Event) -> Iterator[Change]:
        del self.requests[event.body["person"]]
        yield from self._request_changed(event.body["person"])

    def request_declined(self, event: Event) -> Iterator[Change]:
        person = event.body["person"]
        self.requests[person] = replace(self.requests[person], declined=True, answer=event.body["reason"])
        yield from self._request_changed(person)

    def _request_changed(self, person: str) -> Iterator[Changed]:
        yield from (Changed("request", person), *DESKS)
        yield Changed(scope=person_scope(person))

    def teams_proposed(self, event: Event) -> Iterator[Change]:
        self.made += len(event.body["teams"])
        self.seating.lay(Table(**row) for row in event.body["teams"])
        yield EVERY_PANE

    def person_seated(self, event: Event) -> Iterator[Change]:
        person, team = event.body["person"], event.body["team"]
        before = self.seating.table_of(person)
        self.seating.sit(person, team, event.at)
        answered = self.requests.pop(person, None)
        for table in (before, self.seating.tables.get(team)):
            yield from self._now(table) if table else ()
        yield Changed(scope=person_scope(person))
        yield from self._request_changed(person) if answered else ()

    person_moved = person_placed = person_taken_out = person_seated

    def _now(self, table: Table) -> Iterator[Change]:
        """A table has changed: once teams are confirmed the session's team follows; an empty one dissolves."""
        if self.seating.confirmed:
            yield table.as_team()
        if not table.members:
            del self.seating.tables[table.id]
            yield from self._parked(table)
            yield from self._other_choices(table)
        yield from self._touched(table)

    def _touched(self, table: Table) -> Iterator[Changed]:
        yield from (Changed("tables"), Changed("board"), *DESKS)
        if self.seating.confirmed:
            yield Changed(scope=team_scope(table.id))
        else:
            yield from (Changed(scope=person_scope(person)) for person in table.members)

    def _other_choices(self, table: Table) -> Iterator[Changed]:
        """Which teams there are, or what they are called, stands in the form that asks for a place."""
        yield from (Changed(scope=role_scope(role)) for role in sorted(TEAM_PEOPLE))
        for person, request in self.requests.items():
            if table.id in (request.team, self.seating.seat.get(person)):
                yield from self._request_changed(person)

    def _parked(self, table: Table) -> Iterator[Change]:
        """Nobody is left to carry a dissolved team's entries."""
        yield from (Fact(entry.id, "status", "parked") for entry in self.session.entries_of(table.id))

    def teams_confirmed(self, event: Event) -> Iterator[Change]:
        for person in [person for person in self.seating.seat if not self.placeable(person)]:
            self.seating.sit(person, "", event.at)
        for table in [table for table in self.seating.tables.values() if not table.members]:
            del self.seating.tables[table.id]
        self.seating.confirm(event.at)
        for table in self.seating.tables.values():
            table.leader = table.leader or best_leader([self.candidate(person) for person in table.members])
            yield table.as_team()
        yield EVERY_PANE

    def team_started(self, event: Event) -> Iterator[Change]:
        self.made += 1
        new = Table(**event.body["new"])
        people = tuple(new.members)
        self.seating.add(new, event.at)
        answered = [person for person in people if self.requests.pop(person, None)]
        yield from self._now(new)
        yield from self._other_choices(new)
        yield from (Changed(scope=person_scope(person)) for person in people)
        yield from (Changed("request", person) for person in answered)

    def leader_set(self, event: Event) -> Iterator[Change]:
        table = self.seating.tables[event.body["team"]]
        table.leader = event.body["person"]
        yield from self._now(table)

    def team_renamed(self, event: Event) -> Iterator[Change]:
        table = self.seating.tables[event.body["team"]]
        table.name = event.body["name"]
        yield from self._now(table)
        yield from self._other_choices(table)

    def need_set(self, event: Event) -> Iterator[Change]:
        table = self.seating.tables[event.body["team"]]
        table.need = event.body["need"]
        yield from self._now(table)
        yield from self._other_choices(table)

    def team_split(self, event: Event) -> Iterator[Change]:
        yield from self.team_started(event)
        yield from self._now(self.seating.tables[event.body["team"]])
        yield from (Fact(entry, "moved_to", event.body["new"]["id"]) for entry in event.body["entries"])

    def teams_merged(self, event: Event) -> Iterator[Change]:
        table, other = self.seating.tables[event.body["team"]], self.seating.tables[event.body["other"]]
        yield from (Fact(entry, "moved_to", table.id) for entry in event.body["entries"])
        came = tuple(other.members)
        for person in came:
            self.seating.sit(person, table.id, event.at)
        yield from self._now(other)
        yield from self._now(table)
        for person in came:
            yield from self._request_changed(person)


def _rules(rules: Mapping[str, Any]) -> Rules:
    plain = Rules()
    return Rules(
        min_size=rules.get("min_size", plain.min_size),
        max_size=rules.get("max_size", plain.max_size),
        per_organisation=rules.get("max_per_organisation", plain.per_organisation),
        min_areas=rules.get("min_areas", plain.min_areas),
        target=rules.get("target_size", plain.target),
    )


def _area_words(format_data: Mapping[str, Any]) -> Mapping[str, Text]:
    """The words for areas of competence, from the forms that ask for them."""
    fields = (field for form in format_data.get("forms", {}).values() for field in form.get("fields", ()))
    asked = (field for field in fields if "competence" in (field.get("fact"), field.get("id")))
    return {option["id"]: option["label"] for field in asked for option in field.get("options", ())}
