"""Form teams: people wish, the machine drafts, the facilitator moves and confirms; people may still move later.

What people ask is in asking.py; what staff decides in proposing.py, moving.py, regrouping.py and naming.py, each with
what it leads to. What is shown is in views.py and board.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from sessions.activities.team import (
    alerting,
    asking,
    changes,
    joining,
    moving,
    naming,
    proposing,
    regrouping,
    views,
)
from sessions.activities.team.board import area_names
from sessions.activities.team.events import EVENTS
from sessions.activities.team.handed_on import outcome
from sessions.activities.team.mix import mix_of
from sessions.activities.team.rules import DECLARED
from sessions.activities.team.seat_history import SeatHistory
from sessions.activities.team.team_draft import TeamDraft
from sessions.activity import EVERY_PANE, Activity, Change, Changed
from sessions.audience import STAFF, STARTED, TEAM_PEOPLE, Right
from sessions.format_rules import Declaration
from sessions.messages import Event, Text
from sessions.outcome import Inputs, Outcome, without_words
from sessions.shared_texts import SharedText

if TYPE_CHECKING:
    from sessions.people import Member


class Team(Activity):
    """Rules: ``min_size``, ``max_size``, ``target_size``, ``max_per_organisation``, ``min_areas`` (of competence a
    team must have), ``leader`` (one is needed), ``wishes`` (how many needs a person may rank) and ``forming``: staff
    have teams proposed, or people choose a table (``self_join``), whose idea becomes an entry (``begins_entries``).

    Teams are the session's only from the confirmation on.
    """

    called: ClassVar[Text] = {"en": "Form teams", "sv": "Dela in lag", "fi": "Muodosta tiimit"}
    declares: ClassVar[Declaration] = DECLARED
    events: ClassVar[Mapping[str, type]] = EVENTS
    rights: ClassVar[Mapping[str, Right]] = {
        "wish": Right(TEAM_PEOPLE),
        "join_table": Right(TEAM_PEOPLE),
        "ask_to_move": Right(TEAM_PEOPLE, STARTED),
        "ask_to_join": Right(TEAM_PEOPLE, STARTED),
        "take_back_request": Right(TEAM_PEOPLE, STARTED),
        "decline_request": Right(STAFF, STARTED),
        "propose_teams": Right(STAFF, STARTED),
        "confirm_teams": Right(STAFF, STARTED),
        "move_person": Right(STAFF, STARTED),
        "place_person": Right(STAFF, STARTED),
        "start_team": Right(STAFF, STARTED),
        "set_leader": Right(STAFF, STARTED),
        "rename_team": Right(STAFF, STARTED),
        "set_need": Right(STAFF, STARTED),
        "split_team": Right(STAFF, STARTED),
        "merge_teams": Right(STAFF, STARTED),
    }
    parts: ClassVar[Mapping[str, frozenset[str]]] = {
        "turnout": frozenset({"screen", "console"}),
        "tables": frozenset({"screen"}),
        "board": frozenset({"console"}),
        "request": frozenset({"console"}),
    }
    decisions: ClassVar[Mapping[str, str]] = {
        "teams_confirmed": "Teams confirmed: {teams}, with {people} people. Rules not met: {broken}. {reason}",
        "person_moved": "A person moved from team {from_number} to team {number}. {reason}",
        "person_placed": "A person placed in team {number}. {reason}",
        "person_taken_out": "A person taken out of team {from_number}. {reason}",
        "team_started": "Team {number} started. {reason}",
        "team_split": "Team {number} split, team {new_number} is new. {reason}",
        "teams_merged": "Team {other_number} merged into team {number}. {reason}",
    }

    shared: ClassVar[Mapping[str, SharedText]] = {
        "team_renamed": SharedText("name", ("team",), ("team_name",)),
    }

    def prepare(self) -> None:
        self.self_join = self.rules.get("forming") == "self_join"
        self.seats = SeatHistory()
        self.renamed: dict[str, int] = {}
        """By team, the seq at which it was given another name last."""
        led = bool(self.rules.get("leader", True))
        self.draft = TeamDraft(self.seats, self.session.people, mix_of(self.rules), led=led)
        self.areas = area_names(self.session.format.data if self.session.format else {})
        self._read(self.inputs)

    def _read(self, inputs: Inputs) -> None:
        self.draft.needs = {card.id: card for card in inputs.cards}

    def reopened(self, inputs: Inputs) -> Iterable[Change]:
        self._read(inputs)
        return super().reopened(inputs)

    def corrected(self, inputs: Inputs) -> Iterable[Change]:
        """A need that nobody may see any more keeps its place, and loses its words."""
        now = {card.id: card for card in inputs.cards}
        known = self.draft.needs
        self.draft.needs = {need: now.get(need) or without_words(card) for need, card in known.items()}
        return super().corrected(inputs)

    def evolve(self, event: Event) -> Iterator[Change]:
        """Fold one event in; with another stage every pane is another."""
        before = self.draft.stage
        yield from super().evolve(event)
        if self.draft.stage != before:
            yield EVERY_PANE

    # ---- what participants ask

    wish, wished = asking.wish, asking.wished
    ask_to_move, ask_to_join = asking.ask_to_move, asking.ask_to_join
    place_asked = asking.place_asked
    take_back_request, request_taken_back = asking.take_back_request, asking.request_taken_back
    decline_request, request_declined = asking.decline_request, asking.request_declined

    join_table, table_joined = joining.join_table, joining.table_joined

    # ---- what staff decides

    propose_teams, teams_proposed = proposing.propose_teams, proposing.teams_proposed
    confirm_teams, teams_confirmed = proposing.confirm_teams, proposing.teams_confirmed
    move_person, place_person = moving.move_person, moving.place_person
    person_seated = person_moved = person_placed = person_taken_out = moving.person_seated
    start_team, team_started = regrouping.start_team, regrouping.team_started
    split_team, team_split = regrouping.split_team, regrouping.team_split
    merge_teams, teams_merged = regrouping.merge_teams, regrouping.teams_merged
    set_leader, leader_set = naming.set_leader, naming.leader_set
    rename_team, team_renamed = naming.rename_team, naming.team_renamed
    set_need, need_set = naming.set_need, naming.need_set

    # ---- questions

    @property
    def most_wishes(self) -> int:
        """How many needs a person may rank."""
        return int(self.rules.get("wishes", 2))

    @property
    def next_number(self) -> int:
        """The number of the next team."""
        known = [team.number for team in self.session.teams.values()]
        return 1 + max([*known, *(table.number for table in self.seats.tables.values())], default=0)

    def next_id(self, index: int = 0) -> str:
        """The id of the next team, or of the one so many later."""
        return f"{self.phase.id}t{self.draft.made + 1 + index}"

    def unplaced(self) -> list[Member]:
        """Team people without a team, in the order they came."""
        return [member for member in self.to_place() if member.id not in self.seats.seat]

    def to_place(self) -> list[Member]:
        """Who is there and works in teams, in the order they came."""
        there = self.session.present_people(TEAM_PEOPLE)
        return [member for member in there if self.draft.placeable(member.id)]

    # ---- what others see and get

    show, things = views.show, naming.things
    noticed = changes.noticed

    def arrived(self, member: Member) -> Iterator[Change]:
        """Somebody new has no place yet, and counts among those who may wish."""
        yield from (Changed("turnout"), Changed("board"), Changed("tables"))

    def standing(self, name: str, *place: str) -> str:
        table = self.seats.tables.get(place[0])
        return table.name if table else ""

    alerts = alerting.alerts

    def outcome(self) -> Outcome:
        return outcome(self.seats)
