"""What a format may say of a phase that presents awards: nothing, but it has to come after what gives some."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sessions.format_rules import Declaration, Flow, Rule

RULES: Mapping[str, Rule] = {}


def flow(rules: Mapping[str, Any]) -> Flow:
    return Flow(needs=frozenset({"awards"}), about_entries=True)


DECLARED = Declaration(RULES, flow)
