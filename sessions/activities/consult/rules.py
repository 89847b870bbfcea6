"""What a format may say of a phase in which experts answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sessions.format_rules import Amount, Choice, Declaration, Flag, Flow, Rule, Several, Whole
from sessions.verdicts import TOPICS

RULES: Mapping[str, Rule] = {
    "topics": Several(tuple(TOPICS), required=True),
    "verdicts": Several(("go", "change", "stop")),
    "about": Choice(("cards", "entries")),
    "answer_minutes": Amount(least=1),
    "open_per_team": Whole(),
    "on_call": Flag(),
}


def flow(rules: Mapping[str, Any]) -> Flow:
    """Questions are about cards, or about entries whose cards may be handed on for their words."""
    if rules.get("about") == "entries":
        return Flow(uses=frozenset({"cards", "ranking"}), about_entries=True, of_teams=True)
    return Flow(needs=frozenset({"cards"}), uses=frozenset({"ranking"}), of_teams=True)


DECLARED = Declaration(RULES, flow)
