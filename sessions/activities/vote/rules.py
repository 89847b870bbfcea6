"""What a format may say of a vote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sessions.activities.vote.secrecy import MODES
from sessions.ballots import METHODS
from sessions.format_rules import (
    Amount,
    Choice,
    Declaration,
    Fault,
    Flag,
    Flow,
    Keep,
    Line,
    Rows,
    Rule,
    Shelves,
    Title,
    Whole,
)

RULES: Mapping[str, Rule] = {
    "method": Choice(tuple(METHODS), required=True),
    "dots": Whole(most=100),
    "max_per_option": Whole(most=100),
    "criteria": Rows({"id": Line(required=True), "title": Title(required=True), "weight": Amount()}),
    "pairs": Whole(least=1, most=100),
    "rounds": Whole(least=1, most=20),
    "round_minutes": Amount(),
    "options": Rows({"id": Line(required=True), "title": Title(required=True)}),
    "about": Choice(("cards", "entries")),
    "electorate": Choice(("who", "own_team", "organisation")),
    "own_excluded": Flag(),
    "quorum": Whole(least=0),
    "keep": Keep(),
    "threshold": Amount(),
    "ties": Choice(("keep", "shared", "earliest", "decider")),
    "ballots": Choice(tuple(MODES)),
    "blind": Flag(),
    "begins_entries": Flag(),
    "award": Line(),
}
OF_METHOD: Mapping[str, str] = {"dots": "dots", "score": "criteria", "score2d": "criteria"}
"""The rule that a method cannot do without."""

STEPS = frozenset(name for name, method in METHODS.items() if method.steps)
"""Methods that ask one thing after another."""


def flow(rules: Mapping[str, Any]) -> Flow:
    """A ranking of cards or entries; ideas that are kept may begin entries (and make their authors
    a team, where none are formed), the first may get an award."""
    begins, about_entries = bool(rules.get("begins_entries")), rules.get("about") == "entries"
    of_teams = rules.get("electorate") == "own_team"
    written = bool(rules.get("options"))
    return Flow(
        gives=frozenset({"ranking", "awards"} if rules.get("award") else {"ranking"}),
        needs=frozenset() if about_entries or written else frozenset({"cards"}),
        uses=frozenset({"order"} if about_entries else {"ranking"}),
        about_entries=about_entries,
        of_teams=of_teams,
        begins_teams=begins and not of_teams,
        begins_entries=begins,
    )


def faults(rules: Mapping[str, Any], shelves: Shelves) -> Iterator[Fault]:
    """A method has what it needs, and what comes of the vote can come of what it is about."""
    asked = OF_METHOD.get(rules.get("method", ""), "")
    if asked and not rules.get(asked):
        yield Fault(
            "method {method!r} needs the rule {asked}", {"method": rules["method"], "asked": asked}, "method"
        )
    if rules.get("max_per_option", 1) > rules.get("dots", 100):
        yield Fault("max_per_option is more than the dots of a ballot", {}, "max_per_option")
    if rules.get("begins_entries") and rules.get("about") == "entries":
        yield Fault(
            "begins_entries needs ideas to begin with; this vote is about entries already",
            {},
            "begins_entries",
        )
    if rules.get("options"):
        yield from _faults_of_options(rules)
    if rules.get("ballots") == "secret" and rules.get("electorate") == "own_team":
        yield Fault(
            "secret ballots cannot be kept where each team votes on its own: a team has too few of them",
            {},
            "ballots",
        )
    if rules.get("method") == "score2d" and len(rules.get("criteria", ())) not in (0, 2):
        yield Fault("method 'score2d' weighs two criteria against each other", {}, "criteria")
    if rules.get("method") == "rank" and rules.get("electorate") == "own_team":
        yield Fault("a ranking puts all options in order, so it takes one electorate", {}, "electorate")
    if rules.get("method") == "rank" and rules.get("own_excluded"):
        yield Fault(
            "a ranking puts every option in order, so own_excluded cannot be kept", {}, "own_excluded"
        )
    if rules.get("method") in STEPS:
        yield from _faults_of_steps(rules)
    if rules.get("award") and rules.get("about") != "entries":
        yield Fault('an award needs about = "entries": a card has no owner to get it', {}, "award")


def _faults_of_steps(rules: Mapping[str, Any]) -> Iterator[Fault]:
    """What a method that asks one thing after another cannot keep."""
    method = {"method": rules["method"]}
    if rules.get("ballots") == "secret":
        yield Fault(
            "a secret ballot is cast once, and method {method!r} asks one thing after another",
            method,
            "ballots",
        )
    if rules.get("electorate", "who") != "who":
        yield Fault("method {method!r} takes one electorate", method, "electorate")


def _faults_of_options(rules: Mapping[str, Any]) -> Iterator[Fault]:
    """Options that a format writes belong to nobody, and nothing begins with them."""
    ids = [row.get("id", "") for row in rules["options"]]
    if len(set(ids)) < len(ids) or not all(name.isalnum() for name in ids):
        yield Fault("the ids of options are words, each of them once", {}, "options")
    for other in ("begins_entries", "own_excluded", "award"):
        if rules.get(other):
            yield Fault(
                "options of the format belong to nobody, so there is no {other}", {"other": other}, other
            )
    if rules.get("about") == "entries" or rules.get("electorate") == "own_team":
        yield Fault("options of the format are for everybody who votes, and are no entries", {}, "options")


DECLARED = Declaration(RULES, flow, faults)
