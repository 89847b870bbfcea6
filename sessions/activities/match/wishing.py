"""Whom people want to meet, which nobody sees; what both want, which both see; and contact data, which they see only
then and only if both let them. A command names its ``party``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.activities.match.floor import Floor
from sessions.activities.match.planning.problem import ANSWERS, YES, pair
from sessions.activities.match.refusals import person_named, refuse_part, refuse_stranger
from sessions.activities.match.rules import INTEREST, most_yes, slots_of
from sessions.activities.match.whom import Whom, is_mutual
from sessions.messages import Command, Decision, Event, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.match import Match
    from sessions.people import Member

LANGUAGES = ("sv", "fi", "en")


def say_interest(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """Say yes, maybe or no (``answer``) to meeting somebody. Once both have said yes both hear of it."""
    answer = command.text("answer")
    if answer not in ANSWERS:
        return refuse("no_answer", "Choose yes, maybe or no.")
    return _say(match, command, sender, now, answer)


def take_back_interest(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """Say nothing of somebody any more."""
    return _say(match, command, sender, now, "")


def _say(match: Match, command: Command, sender: Member, now: float, answer: str) -> Decision:
    other = person_named(match, command)
    no = refuse_part(match, INTEREST) or refuse_stranger(match, sender)
    if no is not None or isinstance(other, Refused):
        return no or other  # type: ignore[return-value]  # one of them is a refusal
    said = match.said
    if said.get((sender.id, other.id), "") == answer:
        return []
    no = _refuse_answer(match, sender.id, other.id, answer)
    if no is not None:
        return no
    events = [match.event("interest_said", answers={other.id: answer})]
    return [
        *events,
        *_became(match, command, now, {**said, (sender.id, other.id): answer}, sender.id, other.id),
    ]


def _refuse_answer(match: Match, one: str, other: str, answer: str) -> Refused | None:
    if not Whom(match).fit(one, other):
        return refuse(
            "not_to_meet",
            "The two of you are not put together here: you are of one side, or of one organisation.",
        )
    limit = most_yes(match.rules)
    if answer == YES and _spent(match, one) >= limit:
        return refuse(
            "too_many_yes",
            "You have said yes {limit} times, and that is the most. Take one back.",
            limit=limit,
        )
    return None


def _spent(match: Match, person: str) -> int:
    """How often somebody has said yes; what became mutual is spent for good."""
    yes = {other for (one, other), answer in match.said.items() if one == person and answer == YES}
    mutual = {one if other == person else other for one, other in match.mutual if person in (one, other)}
    return len(yes | mutual)


def _became(
    match: Match, command: Command, now: float, said: dict[tuple[str, str], str], one: str, other: str
) -> list[Event]:
    """What an answer has led to: both want it now, or no more. While people meet, a gap that both have is theirs."""
    two, was = pair(one, other), match.mutual.get(pair(one, other), 0.0) > 0
    if is_mutual(said, one, other) == was:
        return []
    event = match.event("mutual_ended" if was else "mutual_found", pair=list(two))
    if was or not match.meeting_now:
        return [event]
    floor = Floor(match, now, command.seed)
    floor.whom.said = said
    floor.fill_by_wishes(two)
    return [event, *floor.events]


# ---- contact data


def share_contact(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """Let somebody whom one wants to meet, and who wants it too, see one's contact data."""
    return _contact(match, command, sender, offered=True)


def keep_contact(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """Let them not see it, or not any more."""
    return _contact(match, command, sender, offered=False)


def _contact(match: Match, command: Command, sender: Member, offered: bool) -> Decision:
    other = command.text("party")
    two = pair(sender.id, other)
    if not match.mutual.get(two):
        return refuse("not_mutual", "Contact data are for two who both want to meet.")
    if match.offers_contact(sender.id, other) == offered:
        return []
    kind = "contact_offered" if offered else "contact_kept"
    return [match.event(kind, pair=list(two), person=sender.id)]


# ---- when, and how


def say_free(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """Say in which ``slots`` one can meet, which ``languages`` one speaks, and whether a ``third`` (yes) may join."""
    no = refuse_stranger(match, sender)
    if no is not None:
        return no
    count = slots_of(match.rules)
    slots = sorted({int(each) for each in command.all("slots") if each.isdigit() and int(each) < count})
    languages = [each for each in LANGUAGES if each in command.all("languages")]
    if not slots:
        return refuse("no_slots", "Tick at least one round, or leave under Mine instead.")
    told = {"slots": slots, "languages": languages, "third": command.text("third") == "yes"}
    if match.state.free.get(sender.id) == match.free_of(told):
        return []
    return [match.event("free_said", **told)]
