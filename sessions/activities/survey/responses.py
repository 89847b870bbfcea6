"""The responses to a survey: what came from whom, what of it counts, and what it says together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sessions.activities.survey.forms import EMPTY, Answers, Question, figures, read_questions
from sessions.activity import Activity, Alert, Change, Changed, alert
from sessions.audience import person_scope, team_scope
from sessions.ballot_boxes import shuffled
from sessions.messages import Command, Emptied, Event, Item
from sessions.outcome import Fact, Outcome, Team

FEW = 5
"""Fewer people than this show no breakdown: one could tell who said what."""


@dataclass(frozen=True, slots=True)
class Given:
    """One set of answers as it came: ``by`` sent it at wall time ``at``. A draft counts nowhere."""

    by: str
    at: float
    final: bool
    answers: Answers


class Responses(Activity):
    """The fold of a survey: responses by respondent (a person's or a team's id)."""

    def prepare(self) -> None:
        assert self.session.format is not None
        form = self.session.format.form(self.rules["form"])
        extra = self.rules.get("extra", "")
        self.questions = read_questions(form, self.rules.get("fields", ()))
        self.questions += read_questions(self.session.format.form(extra)) if extra else ()
        self.of_teams = self.rules.get("respondent") == "team"
        self.anonymous = bool(self.rules.get("anonymous"))
        self.late = bool(form.get("late")) and not self.anonymous
        self.look: str = form.get("screen", "thanks")
        self.given: dict[str, list[Given]] = {}
        """Everything that came, by respondent, latest last."""
        self.opened: list[Answers] = []
        """What was answered without a name, since the ballot box has been opened."""
        self.first_seq: dict[str, int] = {}
        """The seq of each respondent's first response."""

    def answered(self, event: Event) -> Iterator[Change]:
        """``final``, and unless the survey is anonymous the ``respondent`` and the ``answers``."""
        who = event.body.get("respondent", event.actor)
        given = Given(event.actor, event.at, event.body["final"], event.body.get("answers", {}))
        self.given.setdefault(who, []).append(given)
        self.first_seq.setdefault(who, event.seq)
        yield Changed(scope=team_scope(who) if self.of_teams else person_scope(who))
        if given.final:
            yield from (Changed("board"), Changed("desk"))
            yield from (Changed("row", who),) if self.is_named else ()
            yield from self._facts(who, given.answers) if not self.anonymous else ()

    def closing(self, now: float, command: Command) -> Sequence[Item]:
        """Open the ballot box; few answers in it would be known by whoever knows the others, and stay there."""
        if not self.anonymous or not self.given:
            return ()
        if command.ballot_boxes is None:
            raise ValueError(f"{self.phase.id} closes with its ballot box, and {command.name} came without")
        found = command.ballot_boxes.get(self.phase.id, ())
        if len(found) < FEW:
            return ()
        return [self.event("answers_opened", answers=shuffled(found, command.seed)), Emptied(self.phase.id)]

    def answers_opened(self, event: Event) -> Iterator[Change]:
        self.opened += event.body["answers"]
        yield from (Changed("board"), Changed("desk"))

    @property
    def is_named(self) -> bool:
        """Whether the console may list who answered what."""
        return not self.of_teams and not self.anonymous

    def _facts(self, who: str, answers: Answers) -> Iterator[Fact]:
        for question in self.questions:
            value = answers.get(question.id, EMPTY.get(question.type))
            if question.fact and not (question.type == "organisation" and value is None):
                yield from self._about_people(question, who, value)
            if question.entry_fact:
                yield from (Fact(e.id, question.entry_fact, value) for e in self.session.entries_of(who))

    def _about_people(self, question: Question, who: str, value: Any) -> Iterator[Fact]:
        if not self.of_teams:
            yield Fact(person_scope(who), question.fact, value)
            return
        for member in self.nameable(who):
            yield Fact(person_scope(member), question.fact, member in value)

    # ---- what came

    def nameable(self, respondent: str) -> tuple[str, ...]:
        """Who may be named where the form asks for people."""
        team = self.session.teams.get(respondent)
        return team.members if team else ()

    def latest(self, who: str) -> Given | None:
        """The response of somebody that counts: the last that was meant to."""
        return next((g for g in reversed(self.given.get(who, ())) if g.final), None)

    def draft(self, who: str) -> Given | None:
        """What somebody has kept without handing it in."""
        given = self.given.get(who)
        return given[-1] if given and not given[-1].final else None

    @property
    def counted(self) -> dict[str, Given]:
        """The responses that count, of everybody who is still here, in the order they first came."""
        found = ((who, self.latest(who)) for who in self.given if self.is_here(who))
        return {who: given for who, given in found if given}

    def is_here(self, who: str) -> bool:
        return who in self.session.teams if self.of_teams else not self.session.people[who].removed

    @property
    def asked(self) -> list[str]:
        """Everybody who may answer: teams by their number, people in the order they came."""
        if self.of_teams:
            return [team.id for team in sorted(self.session.teams.values(), key=lambda team: team.number)]
        return [member.id for member in self.session.present_people(self.phase.spec.who)]

    # ---- what it says together

    @property
    def said(self) -> list[Answers]:
        """All answers that count and may be read: those without a name only once the ballot box has been opened."""
        named = [given.answers for given in self.counted.values() if given.answers or not self.anonymous]
        return [*self.opened, *named]

    def breakdown(self) -> dict[str, Any]:
        """Figures by question; none where so few people answered that one could tell who said what."""
        return {} if self.is_few else figures(self.questions, self.said)

    @property
    def is_few(self) -> bool:
        return not self.of_teams and len(self.said) < FEW

    def texts(self) -> dict[str, list[str]]:
        """What people wrote without their names, by question, in alphabetical order, which tells nothing."""
        if not self.anonymous or self.is_few:
            return {}
        asked = [q.id for q in self.questions if q.type == "text"]
        return {q: sorted(answers[q] for answers in self.said if q in answers) for q in asked}

    def alerts(self) -> Iterable[Alert]:
        if not self.is_open:
            return
        for light in (q for q in self.questions if q.type == "light" and self.of_teams):
            for who, given in self.counted.items():
                if given.answers.get(light.id) == "red":
                    yield _red(self.session.teams[who], given)

    def outcome(self) -> Outcome:
        """Who is there (people: who answered; teams: who was ticked), figures, sign-ups in their order."""
        counted = self.counted
        return Outcome(
            attendance=self._attendance(counted),
            order=self._signed_up(counted) if self.rules.get("extra") else (),
            figures={"n": len(counted), "of": len(self.asked), "questions": self.breakdown()},
        )

    def _attendance(self, counted: Mapping[str, Given]) -> tuple[str, ...]:
        if not self.of_teams:
            return () if self.anonymous else tuple(counted)
        ticked = (g.answers.get(q.id, ()) for g in counted.values() for q in self.questions if q.attends)
        return tuple(dict.fromkeys(person for people in ticked for person in people))

    def _signed_up(self, counted: Mapping[str, Given]) -> tuple[str, ...]:
        return tuple(entry.id for team in counted for entry in self.session.entries_of(team))


def _red(team: Team, given: Given) -> Alert:
    blocker = given.answers.get("blocker", "")
    if not blocker:
        return alert("Team {number} {team} is red", given.at, number=team.number, team=team.name)
    return alert(
        "Team {number} {team} is red: “{blocker}”",
        given.at,
        number=team.number,
        team=team.name,
        blocker=blocker,
    )
