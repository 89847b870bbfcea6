"""What a format may say of a pause."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sessions.format_rules import Choice, Declaration, Flag, Flow, Line, Rule

RULES: Mapping[str, Rule] = {
    "reason": Choice(("meal", "break", "night")),
    "quiet": Flag(),
    "work_allowed": Flag(),
    "emergency": Line(),
}


def flow(rules: Mapping[str, Any]) -> Flow:
    return Flow(rests=True, overnight=rules.get("reason") == "night")


DECLARED = Declaration(RULES, flow)
