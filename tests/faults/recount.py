"""A second opinion on votes: counted from an export's lines alone, by other means than the product's.

Nothing of the product is used here, on purpose. Points are compared, and how many have voted; who goes on is the
rules' to say.
"""

from __future__ import annotations

import json
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

Points = dict[str, Fraction]
NEAR = Fraction(1, 2000)
"""Means are written with four decimals."""


def lines(export: Path) -> list[dict[str, Any]]:
    """Every event of an export, bodies read."""
    with zipfile.ZipFile(export) as archive:
        told = [json.loads(line) for line in archive.read("log.jsonl").splitlines()]
    return [{**line, "body": json.loads(line["body"] or "{}")} for line in told]


def recount(export: Path) -> Iterator[str]:
    """What is wrong with the last result of each vote in an export."""
    log = lines(export)
    rules = {row["id"]: row.get("rules", {}) for row in log[0]["body"]["format"]["phase"]}
    results = {line["phase"]: line for line in log if line["kind"] == "result_counted"}
    for phase, result in results.items():
        before = [line for line in log if line["seq"] < result["seq"]]
        for fault in _faults(rules[phase], before, phase, result["body"]):
            yield f"{phase}: {fault}"


def _faults(
    rules: Mapping[str, Any], before: list[dict[str, Any]], phase: str, body: Mapping[str, Any]
) -> Iterator[str]:
    voters = _last_ballots(before, phase)
    gone = {line["body"]["person"] for line in before if line["kind"] == "person_removed"}
    secret = rules.get("ballots") == "secret"
    counted = body["ballots"] if secret else [marks for who, marks in voters.items() if who not in gone]
    if secret and any(marks for marks in voters.values()):
        yield "a secret ballot's marks stand beside its voter"
    if len(counted) != (len(voters) if secret else body["cast"]):
        yield f"{len(voters)} people have voted, and {len(counted)} ballots were counted"
    again = add_up(rules, counted)
    for row in body["ranking"]:
        if abs(again.get(row["option"], Fraction()) - Fraction(row["points"])) > NEAR:
            yield f"{row['option']} has {row['points']} points, and {float(again.get(row['option'], 0))} by this count"


def _last_ballots(before: list[dict[str, Any]], phase: str) -> dict[str, Any]:
    """Each voter's last ballot that was not voided."""
    ballots: dict[str, Any] = {}
    for line in before:
        if line["phase"] == phase and line["kind"] == "ballot_cast":
            ballots[line["actor"]] = line["body"].get("marks")
        if line["phase"] == phase and line["kind"] == "vote_voided":
            ballots.clear()
    return ballots


def add_up(rules: Mapping[str, Any], ballots: list[Mapping[str, Any]]) -> Points:
    """Points by option: how often it was marked, or the mean of all who scored it by every criterion."""
    if rules["method"] != "score":
        total: dict[str, Fraction] = defaultdict(Fraction)
        for marks in ballots:
            for option, number in marks.items():
                total[option] += number
        return dict(total)
    weights = {row["id"]: Fraction(str(row.get("weight", 1))) for row in rules["criteria"]}
    means: dict[str, list[Fraction]] = defaultdict(list)
    for marks in ballots:
        for option, scores in marks.items():
            if scores.keys() == weights.keys():
                weighed = sum((weights[name] * score for name, score in scores.items()), Fraction())
                means[option].append(weighed / sum(weights.values()))
    return {option: sum(values, Fraction()) / len(values) for option, values in means.items()}
