"""Opening the ballot box of an anonymous survey when it closes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from sessions.activities.survey.counting import FEW
from sessions.activities.survey.questions import Answers, divided
from sessions.activity import Activity, Change, Changed
from sessions.audience import person_scope
from sessions.ballot_boxes import shuffled
from sessions.messages import Command, Emptied, Event, Item
from sessions.outcome import Inputs

if TYPE_CHECKING:
    from sessions.activities.survey import Survey
    from sessions.activities.survey.events import AnswersDestroyed, AnswersOpened


def reopened(activity: Survey, inputs: Inputs) -> Iterable[Change]:
    """Whoever's answers lay in a box that was never opened may answer anew: it has gone with its key."""
    if activity.anonymous and activity.box_is_new:
        activity.responses.destroy()
    return Activity.reopened(activity, inputs)


def closing(activity: Survey, now: float, command: Command) -> Sequence[Item]:
    """Open the ballot box; few answers in it would be known by whoever knows the others, and are destroyed unread."""
    waiting = len(activity.responses.sealed)
    if not activity.anonymous or not waiting:
        return ()
    if command.ballot_boxes is None:
        raise ValueError(f"{activity.phase.id} closes with its ballot box, and {command.name} came without")
    found = command.ballot_boxes.get(activity.phase.id, ())
    if len(found) < FEW:
        lost = {} if found else {"lost": True}
        return [activity.event("answers_destroyed", answers=waiting, **lost), Emptied(activity.phase.id)]
    body = opened(shuffled(found, command.seed), activity.responses.text_ids)
    return [activity.event("answers_opened", **body), Emptied(activity.phase.id)]


def opened(ballots: Sequence[Answers], text_ids: Collection[str]) -> dict[str, Any]:
    """What the log gets of ballots (see AnswersOpened): choices in this order, and texts apart from them."""
    parted = [divided(ballot, text_ids) for ballot in ballots]
    wrote = Counter(chain.from_iterable(texts for _, texts in parted))
    body: dict[str, Any] = {"answers": [choices for choices, _ in parted]}
    if wrote:
        body["wrote"] = {question: wrote[question] for question in sorted(wrote)}
        body["texts"] = {q: sorted(texts[q] for _, texts in parted if q in texts) for q in sorted(wrote)}
    return body


def answers_opened(activity: Survey, event: Event) -> Iterator[Change]:
    body: AnswersOpened = event.body
    activity.responses.open(body)
    yield from (Changed("board"), Changed("desk"))


def answers_destroyed(activity: Survey, event: Event) -> Iterator[Change]:
    body: AnswersDestroyed = event.body
    asked = [person_scope(who) for who in activity.responses.sealed]
    activity.responses.destroy(body.get("lost", False))
    yield from (Changed("board"), Changed("desk"))
    yield from (Changed(scope=scope) for scope in asked)
