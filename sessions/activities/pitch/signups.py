"""Slots that people sign up for: volunteers with an idea, startups, whoever has something to show to everybody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sessions.activity import EVERY_PANE, Change, Withdrawn, too_long
from sessions.audience import ACTORS, EVERYBODY, STAFF, Right
from sessions.headline import MOST
from sessions.messages import Command, Decision, Event, Refused, refuse
from sessions.outcome import Card
from sessions.refusals import not_allowed
from sessions.sight import Circle, Thing, may_see, reach_of
from sessions.viewers import author_of, named_in, viewer_in

if TYPE_CHECKING:
    from sessions.activities.pitch import Pitch
    from sessions.activities.pitch.events import SignedUp, SlotGivenUp
    from sessions.people import Member

RIGHTS = {"sign_up": Right(ACTORS), "give_up_slot": Right(ACTORS | STAFF)}
TITLE = "title"


@dataclass(frozen=True, slots=True)
class Signup:
    """A slot of somebody's; ``at`` is wall time. ``title`` is "" once its words are erased."""

    slot: str
    number: int
    person: str
    title: str
    language: str
    at: float


class Signups:
    """Who has signed up, by slot; whoever gave a slot up is not among them."""

    def __init__(self, slots: int, each: int) -> None:
        self.most, self.each = slots, each
        self.made = 0
        """How many there have been: a number is given once."""
        self.by_slot: dict[str, Signup] = {}

    def of(self, person: str) -> list[Signup]:
        return [signup for signup in self.by_slot.values() if signup.person == person]

    @property
    def is_full(self) -> bool:
        return bool(self.most) and len(self.by_slot) >= self.most


# ---- commands and their events


def sign_up(pitch: Pitch, command: Command, sender: Member, now: float) -> Decision:
    """Take a slot, with the ``title`` that everybody reads."""
    title = command.text("title")
    no = _refuse_signup(pitch, sender) or (too_long(title, MOST) if title else _no_title())
    if no is not None:
        return no
    number = pitch.signups.made + 1
    slot = f"{pitch.phase.id}s{number}"
    return [pitch.event("signed_up", card=slot, number=number, title=title, language=sender.language)]


def _no_title() -> Refused:
    return refuse("empty", "There is nothing written yet.")


def _refuse_signup(pitch: Pitch, sender: Member) -> Refused | None:
    if not pitch.takes_signups:
        return refuse("no_signups", "Nobody signs up here: who is on stage stands in the programme.")
    if len(pitch.signups.of(sender.id)) >= pitch.signups.each:
        return refuse("signed_up", "You have your slot already. Give it up first if it is to be another.")
    if pitch.signups.is_full:
        return refuse("full", "All {count} slots are taken. Ask the facilitator.", count=pitch.signups.most)
    if reach_of(None, sender.consent) < _floor(pitch):
        return refuse(
            "kept_back", "Everybody reads the title. Say under Mine that others may see what you write."
        )
    return None


def _floor(pitch: Pitch) -> Circle:
    return Circle.PUBLIC if pitch.phase.spec.public else Circle.SESSION


def signed_up(pitch: Pitch, event: Event) -> Iterator[Change]:
    body: SignedUp = event.body
    title, slot = body["title"] or "", body["card"]
    pitch.signups.made = body["number"]
    pitch.signups.by_slot[slot] = Signup(slot, body["number"], event.actor, title, body["language"], event.at)
    yield EVERY_PANE


def give_up_slot(pitch: Pitch, command: Command, sender: Member, now: float) -> Decision:
    """Whoever has a ``slot`` that has not begun gives it up, or staff do for them."""
    signup = pitch.signups.by_slot.get(command.text("slot"))
    if signup is None:
        return refuse("unknown_slot", "That slot is not in the running order. Reload the page.")
    if sender.role not in STAFF and sender.id != signup.person:
        return not_allowed()
    if pitch.running_order.turn(signup.slot).started_at:
        return refuse("was_on", "That slot is on or has been. Only waiting slots can be moved.")
    return [pitch.event("slot_given_up", slot=signup.slot)]


def slot_given_up(pitch: Pitch, event: Event) -> Iterator[Change]:
    body: SlotGivenUp = event.body
    pitch.signups.by_slot.pop(body["slot"], None)
    pitch.running_order.turns.pop(body["slot"], None)
    yield Withdrawn(f"card:{body['slot']}")
    yield EVERY_PANE


# ---- what others see and get


def on_stage(pitch: Pitch, signup: Signup, view: str) -> dict[str, Any]:
    """A slot as everybody in that view may see it: its title, and who is on it."""
    author = author_of(pitch.session.people.get(signup.person))
    seen = may_see(viewer_in(pitch.session, view, EVERYBODY), thing_of(pitch, signup), author, pitch.at)
    return {
        "title": signup.title if seen.text else "",
        "team": None,
        "presenters": named_in(pitch.session, view, EVERYBODY, [signup.person]),
        "summary": "",
    }


def thing_of(pitch: Pitch, signup: Signup) -> Thing:
    """A slot's title, as sight asks for it."""
    author = pitch.session.people.get(signup.person)
    return Thing(
        kind="pitch",
        authors=frozenset({signup.person}),
        session=pitch.session.code,
        phase=pitch.phase.id,
        reach=reach_of(None, author.consent if author else None),
        state="shown" if signup.slot in pitch.signups.by_slot else "withdrawn",
    )


def things(pitch: Pitch, event: Event) -> Iterator[Thing]:
    """What somebody who signed up has called theirs."""
    if event.kind == "signed_up":
        body = event.body
        slot = Signup(body["card"], body["number"], event.actor, "", body["language"], event.at)
        yield thing_of(pitch, slot)


def cards(pitch: Pitch, order: Iterable[str]) -> Iterator[Card]:
    """Every slot as a card, in the running order: votes and teams may be about what was shown."""
    for slot in order:
        if slot in pitch.signups.by_slot:
            yield card_of(pitch.signups.by_slot[slot])


def card_of(signup: Signup) -> Card:
    return Card(
        id=signup.slot,
        text=signup.title,
        fields={TITLE: signup.title},
        authors=(signup.person,),
        language=signup.language,
        at=signup.at,
    )


def own(pitch: Pitch, person: Member) -> Mapping[str, Any]:
    """What somebody may do about slots of their own."""
    mine = pitch.signups.of(person.id)
    can = pitch.is_open and person.is_among(pitch.phase.spec.who) and len(mine) < pitch.signups.each
    return {"can_sign_up": can, "full": pitch.signups.is_full, "most": pitch.signups.most}
