"""Pauses: some leave for the night, and come back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.rehearsal.browser.forms import Form, Values
from app.rehearsal.people.habit import KindHabits
from app.rehearsal.people.person import Person

LEAVES = 0.4
"""The share of people who check out for the night."""


def check_out(me: Person, form: Form) -> Values | None:
    """Some leave for the night (only themselves: hosts see everybody's buttons)."""
    return {} if "person" not in form.hidden and me.memory.seldom(form, LEAVES) else None


def check_in(me: Person, form: Form) -> Values | None:
    return {} if "person" not in form.hidden and me.memory.first_time(form) else None


PER_HOST = 200


def casts(rules: Mapping[str, Any], people: int) -> Mapping[str, int]:
    """Somebody is awake at night."""
    return {"night_host": 1 + people // PER_HOST} if rules.get("reason") == "night" else {}


HABITS = KindHabits(by_role={"audience": {"check_out": check_out, "check_in": check_in}}, casts=casts)
