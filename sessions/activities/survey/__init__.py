"""Survey: one set of answers from each person or each team, as often as they like until it closes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from sessions.activities.survey.forms import Answers, Question, own_row, read_answers
from sessions.activities.survey.responses import Given, Responses
from sessions.activity import Change, Changed, Fragment
from sessions.agenda import PLANNED, Slot
from sessions.audience import ACTORS, EVERYBODY, STAFF, STARTED, Right, scope_type, team_scope
from sessions.ballot_boxes import secret_ballot
from sessions.deadlines import deadlines_ahead
from sessions.messages import Command, Decision, Event, Item, Personal, Refused, Text, refuse
from sessions.outcome import Fact, Team
from sessions.refusals import closed, not_allowed

if TYPE_CHECKING:
    from sessions.people import Member

ENTERERS = STAFF | {"night_host"}
"""Who may enter what a team told them."""
NAMES_SHOWN = 60
"""How many of those who have not answered the console names."""


class Survey(Responses):
    """Rules: ``form``; ``respondent`` (person or team); ``fields`` (ids, where not all are asked); ``extra``
    (a second form, which signs up the team's entries); ``anonymous`` (people's answers lie without a name in a
    ballot box until the close); ``plan`` and ``countdown`` (what the projector shows besides)."""

    called: ClassVar[Text] = {"en": "Survey", "sv": "Enkät", "fi": "Kysely"}
    rights: ClassVar[Mapping[str, Right]] = {"answer": Right(ACTORS, STARTED)}
    parts: ClassVar[Mapping[str, frozenset[str]]] = {
        "board": frozenset({"screen"}),
        "desk": frozenset({"console"}),
        "row": frozenset({"console"}),
    }

    # ---- commands

    def answer(self, command: Command, sender: Member, now: float) -> Decision:
        """Answer by question id; again replaces, unless it is anonymous. ``final`` "no" only keeps a draft. In a form
        of teams the sender's team answers, or the one that staff name in ``for_team``."""
        if not self.is_open and not self.late:
            return closed(self.phase, now)
        respondent, final = self._respondent(command, sender), command.text("final") != "no"
        if isinstance(respondent, Refused):
            return respondent
        no = self._refuse_trace(sender, final)
        if no is not None:
            return no
        answers = read_answers(self.questions, command, self.nameable(respondent), final, self.session.key_of)
        if isinstance(answers, Refused):
            return answers
        return [*self._answering(respondent, answers, final), *self._told(command, sender, answers)]

    def _refuse_trace(self, sender: Member, final: bool) -> Refused | None:
        """Answers that nobody can find again are sent once, and whole."""
        if not self.anonymous:
            return None
        if sender.id in self.given:
            return refuse(
                "answered_already",
                "Your answers are in already. They are anonymous, so they can neither be found nor changed.",
            )
        return (
            None
            if final
            else refuse("no_draft", "Anonymous answers are not kept half done. Send them whole.")
        )

    def _respondent(self, command: Command, sender: Member) -> str | Refused:
        if not self.of_teams:
            return sender.id
        team = command.text("for_team") or sender.team
        if team not in self.session.teams:
            return refuse("no_team", "You are in no team. Ask the facilitator to put you into one.")
        return team if team == sender.team or sender.role in ENTERERS else not_allowed()

    def _answering(self, respondent: str, answers: Answers, final: bool) -> list[Item]:
        if self.anonymous:
            return [self.event("answered", final=True), secret_ballot(self.phase.id, answers)]
        whole = {**self._kept(respondent), **answers}
        return [self.event("answered", answers=whole, final=final, respondent=respondent)]

    def _kept(self, respondent: str) -> Answers:
        """What stays as it was when it is left empty, because the form cannot show it again."""
        before = self.latest(respondent)
        kept = [q.id for q in self.questions if q.type == "organisation"]
        return {q: before.answers[q] for q in kept if before and q in before.answers}

    def _told(self, command: Command, sender: Member, answers: Answers) -> Iterator[Event | Personal]:
        told = own_row(self.questions, command)
        if told:
            yield Personal(sender.id, told)
        chosen = (answers[q.id] for q in self.questions if q.type == "language" and q.id in answers)
        if (language := next(chosen, sender.language)) != sender.language:
            yield Event("language_chosen", body={"person": sender.id, "language": language})

    def arrived(self, member: Member) -> Iterable[Change]:
        return (Changed("board"), Changed("desk"))

    def rescheduled(self) -> Iterable[Changed]:
        return (Changed("board"),) if self.rules.get("plan") or self.rules.get("countdown") else ()

    def noticed(self, change: Fact | Team, phase: str) -> Iterable[Changed]:
        if isinstance(change, Team) and self.of_teams:
            yield from (Changed("board"), Changed("desk"), Changed(scope=team_scope(change.id)))
        elif isinstance(change, Fact) and change.name == "present" and self.of_teams:
            person = self.person_in(change.subject)
            if person is not None and person.team:
                yield Changed(scope=team_scope(person.team))  # its form starts with who is here
        elif isinstance(change, Fact) and change.name == "role" and not self.of_teams:
            person = self.person_in(change.subject)
            if person is not None and person.id in self.first_seq:
                yield Changed("row", person.id)

    # ---- panes

    @property
    def scene(self) -> str:
        return "lobby" if self.look == "lobby" and self.is_open else ""

    def show(self, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
        if part:
            return self._show_row(key) if part == "row" else self._show_tally(part)
        if scope_type(scope) == "team" and self.of_teams:
            return self._show_team(self.team_in(scope))
        if scope_type(scope) == "person" and not self.of_teams:
            return self._show_person(view, self.person_in(scope))
        if scope != EVERYBODY:
            return None
        return Fragment({**self._task(), "rows": self._roster() if view == "console" else []})

    def _roster(self) -> list[str]:
        return list(self.counted) if self.is_named else []

    def _task(self) -> dict[str, Any]:
        return {"of_teams": self.of_teams, "anonymous": self.anonymous, "look": self.look}

    def _show_team(self, team: Team | None) -> Fragment | None:
        return Fragment({"own": self._own(team.id, self._usual_of_team(team))}) if team else None

    def _show_person(self, view: str, person: Member | None) -> Fragment | None:
        if person is None or person.role not in self.phase.spec.who:
            return None
        if view == "mine" and not (self.late or self.given.get(person.id)):
            return None
        return Fragment({"own": self._own(person.id, self._usual_of_person(person))})

    def _own(self, who: str, usual: Answers) -> dict[str, Any]:
        """What a respondent sees of their own: what counts, what is kept, and what the fields start with."""
        given, draft = self.latest(who), self.draft(who)
        start = draft or given
        return {
            **self._task(),
            "who": who,
            "questions": self.questions,
            "given": given,
            "draft": draft,
            "filled": start.answers if start else usual,
            "people": self.nameable(who),
            "can_answer": (self.is_open or self.late) and not (self.anonymous and given),
        }

    def _usual_of_person(self, person: Member) -> Answers:
        usual = {"language": person.language, "wish_role": _came_as(person.role)}
        return {q.id: usual[name] for q in self.questions for name in (q.type, q.fact) if name in usual}

    def _usual_of_team(self, team: Team) -> Answers:
        here = [person for person in team.members if (m := self.session.people.get(person)) and m.present]
        return {q.id: here for q in self.questions if q.fact == "present"}

    # ---- parts

    def _show_tally(self, part: str) -> Fragment:
        counted = self.counted
        data = {
            **self._task(),
            "questions": self.questions,
            "n": len(counted),
            "of": len(self.asked),
            "figures": self.breakdown(),
            "sealed": self.anonymous and self.is_open,
        }
        return Fragment({**data, **(self._board(counted) if part == "board" else self._desk(counted))})

    def _board(self, counted: Mapping[str, Given]) -> dict[str, Any]:
        """For the projector: lights without words, what may be counted, and times."""
        light = next((q for q in self.questions if q.type == "light"), None)
        return {
            "light": light,
            "lights": [(self.session.teams[t], _light(counted.get(t), light)) for t in self._teams],
            "deadline": self._next_hard_deadline() if self.rules.get("countdown") else None,
            "plan": self._plan() if self.rules.get("plan") else [],
            "signed_up": [self.session.teams[t] for t in counted] if self.rules.get("extra") else [],
        }

    @property
    def _teams(self) -> list[str]:
        return self.asked if self.of_teams else []

    def _next_hard_deadline(self) -> Any:
        return next(
            (a for a in deadlines_ahead(self.session.agenda, self.session.steered_at) if a.hard), None
        )

    def _plan(self) -> list[Slot]:
        """What comes after this phase, up to the night."""
        forecast = self.session.agenda.forecast(self.session.steered_at)
        here = next((i for i, slot in enumerate(forecast) if slot.phase is self.phase), 0)
        coming = [
            slot for slot in forecast[here:] if slot.phase.state == PLANNED and not slot.phase.spec.later
        ]
        nights = [i for i, slot in enumerate(coming) if slot.phase.spec.rules.get("reason") == "night"]
        return coming[: nights[0]] if nights else coming

    def _desk(self, counted: Mapping[str, Given]) -> dict[str, Any]:
        """For the console: who has answered what, and who has not."""
        missing = [who for who in self.asked if who not in counted]
        return {
            "few": self.is_few,
            "teams": [self._team_row(team, counted.get(team)) for team in self._teams],
            "missing": missing[:NAMES_SHOWN] if self.is_named else [],
            "more": max(0, len(missing) - NAMES_SHOWN),
            "texts": self.texts(),
        }

    def _team_row(self, team: str, given: Given | None) -> dict[str, Any]:
        return {"team": self.session.teams[team], "given": given, "own": self._own(team, {})}

    def _show_row(self, person: str) -> Fragment | None:
        """A line of the roster. Forms of teams and surveys without names have none."""
        given = self.latest(person)
        if given is None or not self.is_named or not self.is_here(person):
            return None
        wishes = (given.answers.get(q.id, "") for q in self.questions if q.fact == "wish_role")
        data = {
            "person": person,
            "given": given,
            "questions": self.questions,
            "wish": self._open_wish(person, next(wishes, "")),
        }
        return Fragment(data, "rows", f"{self.first_seq[person]:09d}")

    def _open_wish(self, person: str, wish: str) -> str:
        """The role somebody says they are here in, where they do not have it."""
        role = self.session.people[person].role
        return "" if wish in (role, _came_as(role)) or role in STAFF else wish


def _came_as(role: str) -> str:
    """The role somebody came in: who leads a team came as a participant, and a form says so before and after."""
    return "participant" if role == "process_leader" else role


def _light(given: Given | None, question: Question | None) -> str:
    return str(given.answers.get(question.id, "")) if given and question else ""
