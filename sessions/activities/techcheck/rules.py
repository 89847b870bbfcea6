"""What a format may say of a technical check: nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sessions.format_rules import Declaration, Flow, Rule

RULES: Mapping[str, Rule] = {}


def flow(rules: Mapping[str, Any]) -> Flow:
    """The entries in a running order, and that order as it was changed."""
    return Flow(gives=frozenset({"order"}), uses=frozenset({"order"}), about_entries=True)


DECLARED = Declaration(RULES, flow)
