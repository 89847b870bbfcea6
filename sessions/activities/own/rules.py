"""What a format may say of a phase in which entries find their owners."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sessions.format_rules import Amount, Declaration, Flow, Numbers, Rule, Whole

RULES: Mapping[str, Rule] = {
    "first_step_days": Whole(),
    "followup_months": Numbers(),
    "force_after_hours": Amount(),
}


def flow(rules: Mapping[str, Any]) -> Flow:
    return Flow(about_entries=True)


DECLARED = Declaration(RULES, flow)
