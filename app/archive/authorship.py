"""Whose the texts of a record are, and which languages they are in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sessions.entry import FROM_NEED_CARD, Entry, Said
from sessions.outcome import Card

TEXTS = frozenset({"field", "title", "next_action"})
"""Names of facts that are a text of the record by themselves."""
PLACES: Mapping[str, str] = {"title": "identity.title", "next_action": "plan.next_action"}
"""Where such a fact stands in the record, for those that are not called by their place."""


def authorship(entry: Entry) -> dict[str, dict[str, Any]]:
    """By the place of each text: the people whose it is (``by``), its ``language`` ("" where those differ) and the
    ``phase`` it was written in, "" for what a card has brought along."""
    return {**_of_cards(entry), **_of_facts(entry)}


def _of_cards(entry: Entry) -> dict[str, dict[str, Any]]:
    found = {"identity.title": _by_card(entry.idea)} if entry.idea else {}
    if entry.need is not None:
        brought = [to for name, to in FROM_NEED_CARD.items() if entry.need.fields.get(name)]
        found |= {f"need.{name}": _by_card(entry.need) for name in brought or ["situation"]}
    return found


def _by_card(card: Card) -> dict[str, Any]:
    return {"by": list(card.authors), "language": card.language, "phase": ""}


def _of_facts(entry: Entry) -> dict[str, dict[str, Any]]:
    return {
        PLACES.get(name, key or name): _by_fact(phase, entry.said[phase, name, key])
        for phase, name, key in entry.facts
        if name in TEXTS
    }


def _by_fact(phase: str, said: Said) -> dict[str, Any]:
    return {"by": [said.by] if said.by else [], "language": said.language, "phase": phase}


def language_of_title(entry: Entry) -> str:
    """What the entry's title is written in; "" where nobody knows."""
    told = _of_cards(entry) | _of_facts(entry)
    return str(told.get("identity.title", {}).get("language", ""))
