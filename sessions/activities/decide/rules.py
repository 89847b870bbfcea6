"""What a format may say of a phase in which teams decide what becomes of their entries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sessions.activities.decide.state import CHOICES
from sessions.format_rules import Declaration, Flag, Flow, Rule, Several

RULES: Mapping[str, Rule] = {"choices": Several(tuple(CHOICES)), "reason_required": Flag()}


def flow(rules: Mapping[str, Any]) -> Flow:
    return Flow(about_entries=True)


DECLARED = Declaration(RULES, flow)
