"""Cards are written, changed and taken back by their authors, in time or late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any

from sessions.activities.collect import alike, changes
from sessions.activities.collect.events import CardAdded, CardEdited, CardWithdrawn
from sessions.activities.collect.refusals import gone, not_yours
from sessions.activities.collect.state import wording
from sessions.activities.collect.wall import Card
from sessions.activity import Change, Changed, Withdrawn
from sessions.messages import Command, Decision, Event, Refused, refuse
from sessions.quoting import ARCHIVED, quoted_in
from sessions.refusals import closed

if TYPE_CHECKING:
    from sessions.activities.collect import Collect
    from sessions.people import Member


def add_card(collect: Collect, command: Command, sender: Member, now: float) -> Decision:
    """Write a card: its fields (or ``text`` for the main one), ``column``, ``link``, ``target``; ``like`` a card of
    somebody else's that says the same, which then stands for both.

    A card that was written before the close (``made``, milliseconds since 1970 UTC) and came after it waits for the
    facilitator.
    """
    made = _seconds(command.text("made"))
    if not collect.is_open and not 0 < made < collect.phase.closed_at:
        return closed(collect.phase, now)
    draft = collect.form.read(command, sender)
    if isinstance(draft, Refused):
        return draft
    arrival = _arrival(collect, draft, made)
    no = _refuse_another(collect, draft, sender)
    return no or [arrival, *alike.joined(collect, command, arrival, sender)]


def _arrival(collect: Collect, draft: Mapping[str, Any], made: float) -> Event:
    card = f"{collect.phase.id}c{collect.state.last_number + 1}"
    if collect.is_open:
        return collect.event("card_added", card=card, choice="", **draft)
    return collect.event("card_came_late", card=card, choice="", **draft, made=made)


def _refuse_another(collect: Collect, draft: Mapping[str, Any], sender: Member) -> Refused | None:
    if collect.state.live.get(sender.id, 0) >= collect.per_person:
        return refuse(
            "too_many",
            "You have {limit} cards here, and that is the most. Withdraw one to send another.",
            limit=collect.per_person,
        )
    return _refuse_same(collect, draft, sender)


def _refuse_same(collect: Collect, draft: Mapping[str, Any], sender: Member, but: str = "") -> Refused | None:
    same = collect.state.wordings.get(wording(sender.id, draft), but)
    if same == but:
        return None
    number = collect.state.number_of(same)
    return refuse("duplicate", "You have sent this card already. It is number {number}.", number=number)


def edit_card(collect: Collect, command: Command, sender: Member, now: float) -> Decision:
    """An author changes a card's words (``card``, and its fields, ``column`` or ``link``)."""
    card = _of_sender(collect, command, sender)
    if isinstance(card, Refused):
        return card
    draft = collect.form.read(command, sender, card)
    if isinstance(draft, Refused):
        return draft
    change = {
        name: draft[name] for name in ("fields", "column", "link") if draft[name] != getattr(card, name)
    }
    no = _refuse_same(collect, draft, sender, but=card.id)
    return no or ([collect.event("card_edited", card=card.id, **change)] if change else [])


def withdraw_card(collect: Collect, command: Command, sender: Member, now: float) -> Decision:
    """An author takes a card back (``card``); its number and time stay. Once the phase is over, or projects have taken
    its words over, they are ``sure`` (yes): the words are erased wherever they have gone, as long as they stand in no
    archived record."""
    card = _of_sender(collect, command, sender)
    if isinstance(card, Refused):
        return card
    quoting = quoted_in(collect.session, card.id, collect.form.text_of(card))
    if any(entry.status in ARCHIVED for entry in quoting):
        return refuse("archived", "It stands in an archived record. Ask the record's owner to withdraw that.")
    if (quoting or not collect.is_open) and command.text("sure") != "yes":
        return refuse("not_sure", "Tick that you are sure, then press again. Nothing has been erased.")
    withdrawn = collect.event("card_withdrawn", card=card.id)
    numbers = [entry.number for entry in quoting]
    found = collect.event("quotes_found", card=card.id, number=card.number, projects=numbers)
    return [withdrawn, found] if numbers else [withdrawn]


def _of_sender(collect: Collect, command: Command, sender: Member) -> Card | Refused:
    card = collect.state.card(command.text("card"))
    if card is None or card.author != sender.id:
        return not_yours()
    return gone() if card.withdrawn else card


# ---- events


def card_added(collect: Collect, event: Event) -> Iterable[Change]:
    card = _card_in(collect, event)
    collect.state.note(card)
    return changes.put(collect, card)


def card_came_late(collect: Collect, event: Event) -> Iterable[Change]:
    card = _card_in(collect, event)
    collect.state.late[card.id] = card
    collect.state.note(card)
    return Changed("late", card.id), changes.TALLY, *changes.own(card)


def _card_in(collect: Collect, event: Event) -> Card:
    """The card that an event brings; its number is the next."""
    body: CardAdded = event.body
    collect.state.last_number += 1
    entry = collect.session.entries.get(body["target"])
    return Card(
        id=body["card"],
        number=collect.state.last_number,
        author=event.actor,
        at=event.at,
        fields=collect.form.fields_of(body["fields"]),
        column=body["column"],
        team=body["team"],
        link=body["link"],
        target=body["target"],
        owner=entry.team if entry else "",
        about=entry.title if entry else "",
        language=body["language"],
        made=event.body.get("made", 0.0),
        choice=body.get("choice", ""),
        chosen_seq=event.seq,
        worded_seq=event.seq,
        always_handed_on="choice" not in body,
    )


def card_edited(collect: Collect, event: Event) -> Iterable[Change]:
    body: CardEdited = event.body
    card = collect.state.wall.cards[body["card"]]
    column, link = body.get("column", card.column), body.get("link", card.link)
    fields = collect.form.fields_of(body["fields"]) if "fields" in body else card.fields
    card.worded_seq = event.seq if "fields" in body else card.worded_seq
    collect.state.rewrite(card, fields, column, link, event.at)
    return changes.put(collect, card)


def card_withdrawn(collect: Collect, event: Event) -> Iterator[Change]:
    body: CardWithdrawn = event.body
    card = collect.state.card(body["card"])
    assert card is not None
    if collect.state.late.pop(card.id, None) is not None:
        yield Changed("late", card.id)
    yield from changes.put_all(collect, collect.state.withdraw(card, event.at))
    yield Withdrawn(f"card:{card.id}")


def quotes_found(collect: Collect, event: Event) -> Iterable[Change]:
    """Staff reads it in the log of decisions."""
    return ()


def _seconds(milliseconds: str) -> float:
    """A client's time in seconds since 1970 UTC; 0 if it is none."""
    try:
        seconds = float(milliseconds) / 1000.0
    except ValueError:
        return 0.0
    return seconds if isfinite(seconds) else 0.0
