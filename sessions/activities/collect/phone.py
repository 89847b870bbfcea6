"""What phones show of a collecting phase beside the form: the own cards, and those of the others or of the team."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sessions.activities.collect import reach, together
from sessions.activities.collect.blank import blank_card, blank_fields, choices
from sessions.activities.collect.card_form import FEW, MAX_TEXT
from sessions.activities.collect.face import face, newest_first
from sessions.activities.collect.reach import floor
from sessions.activity import Fragment
from sessions.audience import EVERYBODY, scope_of, scope_type
from sessions.sight import reach_of

if TYPE_CHECKING:
    from sessions.activities.collect import Collect
    from sessions.activities.collect.wall import Card
    from sessions.people import Member

ON_PHONE = 200
"""How many of the others' cards a phone shows, the newest."""


# ---- the own cards


def own_pane(collect: Collect, scope: str) -> dict[str, Any] | None:
    """A person's cards, and the form where it is each person's own, or why there is none."""
    person, cards = collect.person_in(scope), cards_pane(collect, scope)
    if person is None or cards is None:
        return None
    form = collect.form
    asked = collect.is_open and form.personal and person.is_among(collect.phase.spec.who)
    full = form.limited and collect.state.live.get(person.id, 0) >= collect.per_person
    barred = (form.barred(person) or ("enough" if full else "")) if asked else ""
    blank = blank_card(form, person) if asked and not barred else None
    return {
        **cards,
        "barred": barred,
        "limit": collect.per_person,
        "blank": blank,
        "keeps": _keeps(collect, person),
        "beside": together.beside(collect, person.id) if person.is_among(collect.phase.spec.who) else None,
        "stage": collect.state.stage,
    }


def _keeps(collect: Collect, person: Member) -> str:
    """Who alone will see what somebody writes here, as they have said: ``staff`` or ``team``; "" where others do."""
    apart = collect.visible_to != "team" and reach_of(None, person.consent) < floor(collect)
    if not (apart and collect.is_open and person.is_among(collect.phase.spec.who)):
        return ""
    return "team" if person.team else "staff"


def cards_pane(collect: Collect, scope: str) -> dict[str, Any] | None:
    """A person's cards, the newest first."""
    person = collect.person_in(scope)
    cards = list(reversed(collect.state.written.get(scope_of(scope), {})))
    if person is None or (not person.is_among(collect.phase.spec.who) and not cards):
        return None
    return {"cards": cards}


def left(collect: Collect, scope: str, key: str) -> Fragment:
    """How many cards a person has here, of how many (0 if there are so many that it is not worth telling)."""
    limit = collect.per_person if collect.per_person <= FEW else 0
    return Fragment({"count": collect.state.live.get(scope_of(scope), 0), "limit": limit})


def own(collect: Collect, scope: str, key: str) -> Fragment | None:
    """A card as its author sees it, with the form to change it."""
    card = collect.state.card(key)
    if card is None or card.author != scope_of(scope):
        return None
    data = {
        "card": face(collect.form, card),
        "status": _status(collect, card),
        "edited": card.edited_at > 0,
        "at": card.withdrawn_at or card.edited_at or card.at,
        "kept": ("team" if reach.own_team(collect, card) else "staff") if card.kept else "",
        "stands_with": collect.state.wall.cards[card.into].number if card.into else 0,
        "values": card.fields,
        "fields": blank_fields(collect.form),
        "asks_headline": collect.form.asks_headline,
        "columns": choices(collect.form),
        "column": card.column,
        "max_text": MAX_TEXT,
    }
    return Fragment(data, home="own", order=newest_first(card))


def _status(collect: Collect, card: Card) -> str:
    if card.withdrawn:
        return "withdrawn"
    if card.id in collect.state.late:
        return "late"
    if card.hidden:
        return "hidden"
    return "merged" if card.into else "sent"


# ---- the team's and the others' cards


def team_pane(collect: Collect, scope: str) -> dict[str, Any] | None:
    """The cards that a team reads among itself."""
    team = collect.team_in(scope)
    if team is None:
        return None
    cards = sorted(collect.state.of_team.get(team.id, ()), key=lambda card: _order(collect, card))
    if collect.visible_to == "all" and not cards:
        return None
    about_us = collect.visible_to == "owner"
    return {"cards": cards, "need": collect.form.needs.get(team.need), "about_us": about_us}


def goal(collect: Collect, scope: str, key: str) -> Fragment | None:
    """How many cards a team has, and how many it should have."""
    if collect.visible_to == "all":
        return None
    return Fragment({"count": len(collect.state.of_team.get(scope_of(scope), ())), "goal": collect.goal})


def others_pane(collect: Collect, scope: str) -> dict[str, Any] | None:
    """Everybody's newest cards, or when they will be shown."""
    if collect.visible_to != "all":
        return None
    state = collect.state
    cards = [card.id for card in state.wall.latest] if state.revealed else []
    return {"silent": not state.revealed, "reveal_at": collect.reveal_at, "cards": cards, "most": ON_PHONE}


def card(collect: Collect, scope: str, key: str) -> Fragment | None:
    """A card as others see it."""
    found = collect.state.wall.cards.get(key)
    if found is None or not _is_read(collect, found, scope):
        return None
    home = "team-cards" if scope_type(scope) == "team" else "cards"
    return Fragment({"card": face(collect.form, found)}, home=home, order=_order(collect, key))


def _order(collect: Collect, key: str) -> str:
    """By entry, the newest first."""
    card = collect.state.wall.cards[key]
    entry = collect.session.entries.get(card.target)
    return f"{entry.number if entry else 0:04d}-{newest_first(card)}"


def _is_read(collect: Collect, card: Card, scope: str) -> bool:
    """Whether a card stands in a list of a scope: of everybody's newest, or of those that a team keeps to itself."""
    if not card.standing or not reach.is_seen(collect, card, "phone", scope):
        return False
    if scope_type(scope) == "team":
        return reach.readers(collect, card) == scope_of(scope)
    return scope == EVERYBODY and card.number in collect.state.wall.newest


def kept(collect: Collect, scope: str, key: str) -> Fragment | None:
    """How many cards their authors keep from the others."""
    return Fragment({"count": len(collect.state.wall.kept)}) if collect.visible_to == "all" else None
