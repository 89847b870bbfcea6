"""Survey: one set of answers from each person or each team, as often as they like until it closes.

What is sent and what it leads to is in answering.py, the ballot box of an anonymous survey in opening.py; what is shown
is in views.py and tally.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from sessions.activities.survey import alerting, answering, by_organisation, opening, views
from sessions.activities.survey.counting import FEW, figures
from sessions.activities.survey.events import EVENTS
from sessions.activities.survey.handed_on import ticked
from sessions.activities.survey.questions import Question, most_bytes, read_questions, unknown_of, with_limit
from sessions.activities.survey.responses import Given, Responses
from sessions.activities.survey.rules import DECLARED
from sessions.activity import Activity, Change, Changed
from sessions.audience import ACTORS, STARTED, Right, person_scope, team_scope
from sessions.format_rules import Declaration
from sessions.messages import Command, Text
from sessions.outcome import Fact, Outcome, Team
from sessions.people import Member
from sessions.shared_texts import SharedText


class Survey(Activity):
    """Rules: ``form``; ``respondent`` (person, team or organisation); ``fields`` (ids, where not all are asked);
    ``extra`` (a second form, which signs up the team's entries); ``anonymous`` (people's answers lie without a name
    in a ballot box until the close); ``plan`` and ``countdown`` (what the projector shows besides)."""

    called: ClassVar[Text] = {"en": "Survey", "sv": "Enkät", "fi": "Kysely"}
    declares: ClassVar[Declaration] = DECLARED
    events: ClassVar[Mapping[str, type]] = EVENTS
    rights: ClassVar[Mapping[str, Right]] = {"answer": Right(ACTORS, STARTED)}
    shared: ClassVar[Mapping[str, SharedText]] = {"answered": SharedText("answers", ("respondent",))}
    parts: ClassVar[Mapping[str, frozenset[str]]] = {
        "board": frozenset({"screen"}),
        "desk": frozenset({"console"}),
        "row": frozenset({"console"}),
    }

    @classmethod
    def has_ballot_box(cls, rules: Mapping[str, Any]) -> bool:
        return bool(rules.get("anonymous"))

    def prepare(self) -> None:
        assert self.session.format is not None
        form = self.session.format.form(self.rules["form"])
        extra = self.rules.get("extra", "")
        self.questions = read_questions(form, self.rules.get("fields", ()))
        self.questions += read_questions(self.session.format.form(extra)) if extra else ()
        self.of_teams = self.rules.get("respondent") == "team"
        self.of_organisations = self.rules.get("respondent") == "organisation"
        self.anonymous = bool(self.rules.get("anonymous"))
        if self.anonymous:
            self.questions = tuple(map(with_limit, self.questions))
            self.ballot_bytes = most_bytes(self.questions)
        self.late = bool(form.get("late")) and not self.anonymous
        self.look: str = form.get("screen", "thanks")
        self.responses = Responses(frozenset(q.id for q in self.questions if q.is_text))

    answer, answered = answering.answer, answering.answered
    reopened, closing = opening.reopened, opening.closing
    answers_opened, answers_destroyed = opening.answers_opened, opening.answers_destroyed
    show = views.show

    @property
    def box_is_empty(self) -> bool:
        return not self.responses.sealed

    def words_sent(self, command: Command) -> frozenset[str]:
        return self.responses.text_ids

    def standing(self, name: str, *place: str) -> str:
        given = self.responses.given.get(place[0])
        return "\n".join(filter(None, given[-1].texts.values())) if given else ""

    # ---- who answers

    @property
    def is_named(self) -> bool:
        """Whether the console may list who answered what."""
        return not self.of_teams and not self.anonymous

    def nameable(self, respondent: str) -> tuple[str, ...]:
        """Who may be named where the form asks for people."""
        team = self.session.teams.get(respondent)
        return team.members if team else ()

    def asked_of(self, respondent: str) -> tuple[Question, ...]:
        """The questions that a form has for somebody."""
        person = None if self.of_teams else self.session.people.get(respondent)
        return unknown_of(self.questions, person) if person else self.questions

    def is_here(self, who: str) -> bool:
        """Whether a respondent still belongs to the session."""
        return who in self.session.teams if self.of_teams else not self.session.people[who].removed

    @property
    def asked(self) -> list[str]:
        """Everybody who is asked or has answered: teams by their number, people in the order they came."""
        if self.of_teams:
            return [team.id for team in sorted(self.session.teams.values(), key=lambda team: team.number)]
        awaited = [member.id for member in self.session.awaited_people(self.phase.spec.who, self.phase.id)]
        if self.of_organisations:
            return by_organisation.asked_once(self, awaited)
        return list(dict.fromkeys([*awaited, *self.counted]))

    # ---- what counts

    @property
    def counted(self) -> dict[str, Given]:
        """The responses that count, of everybody who is still here, in the order they first came."""
        found = ((who, self.responses.latest(who)) for who in self.responses.given if self.is_here(who))
        counted = {who: given for who, given in found if given}
        return by_organisation.one_each(self, counted) if self.of_organisations else counted

    @property
    def readable(self) -> list[Given]:
        """The responses that count and say what was answered: anonymous ones lie in the ballot box."""
        return [given for given in self.counted.values() if not (self.anonymous and given.is_empty)]

    @property
    def is_few(self) -> bool:
        """Whether so few people's answers can be read that one could tell who said what."""
        return not self.of_teams and len(self.responses.opened) + len(self.readable) < FEW

    def breakdown(self) -> dict[str, Any]:
        """Figures by question; none where there are few."""
        if self.is_few:
            return {}
        named = self.readable
        return figures(self.questions, self.responses.choices_of(named), self.responses.wrote(named))

    def texts(self) -> dict[str, list[str]]:
        """What people wrote without their names, by question; nothing where there are few."""
        if not self.anonymous or self.is_few:
            return {}
        asked = [question.id for question in self.questions if question.is_text]
        return self.responses.texts_to(asked, self.readable)

    def outcome(self) -> Outcome:
        """Who is there (people: who answered; teams: who was ticked), figures, sign-ups in their order."""
        counted = self.counted
        people = () if self.anonymous else tuple(counted)
        signed_up = counted if self.rules.get("extra") else ()
        return Outcome(
            attendance=ticked(self.questions, counted) if self.of_teams else people,
            order=tuple(entry.id for team in signed_up for entry in self.session.entries_of(team)),
            figures={"n": len(counted), "of": len(self.asked), "questions": self.breakdown()},
        )

    # ---- what others see

    @property
    def scene(self) -> str:
        return "lobby" if self.look == "lobby" and self.is_open else ""

    def arrived(self, member: Member) -> Iterable[Change]:
        return (Changed("board"), Changed("desk"))

    def rescheduled(self) -> Iterable[Changed]:
        return (Changed("board"),) if self.rules.get("plan") or self.rules.get("countdown") else ()

    def noticed(self, change: Fact | Team, phase: str) -> Iterable[Changed]:
        if isinstance(change, Team):
            if self.of_teams:
                yield from (Changed("board"), Changed("desk"), Changed(scope=team_scope(change.id)))
        elif person := self.person_in(change.subject):
            yield from self._noticed_of(person, change)

    def _noticed_of(self, person: Member, change: Fact) -> Iterator[Changed]:
        if change.name == "present" and self.of_teams and person.team:
            yield Changed(scope=team_scope(person.team))  # its form starts with who is here
        elif change.name == "role" and not self.of_teams and person.id in self.responses.first_seq:
            yield Changed("row", person.id)
        elif change.name == "organisation" and self.of_organisations:
            yield from (Changed("board"), Changed("desk"), Changed("row", person.id))
            yield from (Changed(scope=person_scope(person.id)), *by_organisation.told(self, person.id))

    alerts = alerting.alerts
