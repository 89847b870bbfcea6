"""Opening the ballot box of an anonymous survey when it closes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from sessions.activities.survey.counting import FEW
from sessions.activities.survey.questions import Answers, divided
from sessions.activity import Change, Changed
from sessions.ballot_boxes import shuffled
from sessions.messages import Command, Emptied, Event, Item

if TYPE_CHECKING:
    from sessions.activities.survey import Survey
    from sessions.activities.survey.events import AnswersOpened


def closing(activity: Survey, now: float, command: Command) -> Sequence[Item]:
    """Open the ballot box; few answers in it would be known by whoever knows the others, and stay there."""
    if not activity.anonymous or not activity.responses.given:
        return ()
    if command.ballot_boxes is None:
        raise ValueError(f"{activity.phase.id} closes with its ballot box, and {command.name} came without")
    found = command.ballot_boxes.get(activity.phase.id, ())
    if len(found) < FEW:
        return ()
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
