"""What a format may say of a survey."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sessions.format_rules import (
    Choice,
    Declaration,
    Fault,
    Flag,
    Flow,
    Named,
    Rule,
    Several,
    Shelves,
    unknown,
)

RULES: Mapping[str, Rule] = {
    "form": Named("forms", required=True),
    "respondent": Choice(("person", "team", "organisation")),
    "fields": Several(),
    "extra": Named("forms"),
    "anonymous": Flag(),
    "plan": Flag(),
    "countdown": Flag(),
}


def flow(rules: Mapping[str, Any]) -> Flow:
    """Answers of people or teams; who signs up entries hands on their order."""
    extra = bool(rules.get("extra"))
    return Flow(
        gives=frozenset({"order"} if extra else ()),
        of_teams=rules.get("respondent") == "team",
        about_entries=extra,
    )


def faults(rules: Mapping[str, Any], shelves: Shelves) -> Iterator[Fault]:
    """What is asked stands in the form, and only people answer without a name."""
    forms = shelves.get("forms", {})
    known = [
        row["id"] for name in ("form", "extra") for row in forms.get(rules.get(name), {}).get("fields", ())
    ]
    for field in rules.get("fields", ()) if known else ():
        if field not in known:
            yield unknown("fields may hold {known}, not {value!r}", field, known)._replace(key="fields")
    if rules.get("anonymous") and rules.get("respondent") == "team":
        yield Fault(
            "a team cannot answer anonymously: its members know each other's answers", {}, "anonymous"
        )
    if rules.get("anonymous") and rules.get("respondent") == "organisation":
        yield Fault(
            "an organisation cannot answer anonymously: of two answers the later one counts", {}, "anonymous"
        )
    if rules.get("extra") and rules.get("respondent") != "team":
        yield Fault('extra needs respondent = "team": a form of one person signs up no entries', {}, "extra")


DECLARED = Declaration(RULES, flow, faults)
