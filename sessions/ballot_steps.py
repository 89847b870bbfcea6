"""Ways of voting that ask one thing after another: which of two, whether one agrees, what one card is worth.

Each answer is a ballot of its own that goes on where the one before it stopped. What such a count finds beside points
(how sure they are, groups, readings) stands in its event and is found again by ``verify``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from sessions import card_rounds, duels, opinions
from sessions.arithmetic import Arithmetic
from sessions.ballot_boxes import written
from sessions.messages import Command, Refused, refuse

Marks = Mapping[str, Any]
EVEN = "even"
"""What is chosen where neither of two is."""
STANCES = {"1": 1, "0": 0, "-1": -1}
SCORES = {str(score): score for score in range(1, 6)}


class _Step:
    """What all of them have in common."""

    steps = True

    def named(self, marks: Marks) -> Collection[str]:
        return marks.keys()

    def joined(self, before: Marks, marks: Marks) -> Marks:
        return {**before, **marks}

    def largest(self, options: Collection[str], rules: Mapping[str, Any]) -> Marks:
        return {}  # no box holds them: a secret ballot is cast once

    def rows(self, option: str, rules: Mapping[str, Any]) -> list[str]:
        return []

    def ticks(self, marks: Marks) -> list[str]:
        return []


class Pairwise(_Step):
    """Which of two, some pairs a voter. An option's points are its chance against an average one, in percent (Bradley
    and Terry); beside them stand between what that lies, and which options cannot be told apart."""

    unit = "chance"

    def read(self, command: Command, rules: Mapping[str, Any]) -> Marks | Refused:
        marks: dict[str, dict[str, int]] = {}
        for name in command.fields:
            if not name.startswith("pair-"):
                continue
            one, _, other = name.removeprefix("pair-").partition("-")
            won = command.text(name)
            if won not in (one, other, EVEN) or one == other:
                return refuse("bad_choice", "Choose one of the two, or neither.")
            low, high = sorted((one, other))
            marks.setdefault(low, {})[high] = 0 if won == EVEN else 1 if won == low else -1
        return marks

    def fits(self, marks: Marks, rules: Mapping[str, Any]) -> bool:
        return bool(marks) and all(
            isinstance(rivals, Mapping) and bool(rivals) and _duels_fit(option, rivals)
            for option, rivals in marks.items()
        )

    def named(self, marks: Marks) -> Collection[str]:
        return {*marks, *(rival for rivals in marks.values() for rival in rivals)}

    def joined(self, before: Marks, marks: Marks) -> Marks:
        return {**before, **{option: {**before.get(option, {}), **marks[option]} for option in marks}}

    def points(
        self,
        ballots: Collection[Marks],
        options: Collection[str],
        rules: Mapping[str, Any],
        arithmetic: Arithmetic,
    ) -> dict[str, Fraction]:
        fought = duels.duels_of(ballots, options)
        asked = {option for duel in fought for option in duel}
        strong = duels.shown(duels.strengths(fought, list(options)))
        return {option: Fraction(strong[option], 100) for option in options if option in asked}

    def found(
        self, ballots: Collection[Marks], options: Sequence[str], rules: Mapping[str, Any]
    ) -> dict[str, Any]:
        """``low``, ``high`` (hundredths of a percent), ``band`` and ``duels`` of each option."""
        known = in_order(ballots)
        strong = duels.strengths(duels.duels_of(known, options), options)
        rows = duels.uncertain(known, options, strong) if known else {}
        return {"said": duels.said(known, options), "options": duels.as_json(rows)}


def _duels_fit(option: str, rivals: Mapping[str, Any]) -> bool:
    return all(option < rival and type(won) is int and won in (-1, 0, 1) for rival, won in rivals.items())


class Agree(_Step):
    """Agree, pass or disagree. Where people fall into groups, a statement's points are the share that agrees in the
    group that agrees least, else the share of all; one is added to either side, so that three of three is not all."""

    unit = "agreement"

    def read(self, command: Command, rules: Mapping[str, Any]) -> Marks | Refused:
        marks: dict[str, int] = {}
        for name in command.fields:
            if name.startswith("stance-"):
                if command.text(name) not in STANCES:
                    return refuse("bad_stance", "Choose whether you agree, pass or disagree.")
                marks[name.removeprefix("stance-")] = STANCES[command.text(name)]
        return marks

    def fits(self, marks: Marks, rules: Mapping[str, Any]) -> bool:
        return bool(marks) and all(type(put) is int and put in (-1, 0, 1) for put in marks.values())

    def points(
        self,
        ballots: Collection[Marks],
        options: Collection[str],
        rules: Mapping[str, Any],
        arithmetic: Arithmetic,
    ) -> dict[str, Fraction]:
        known = in_order(ballots)
        groups, _ = opinions.groups(known, list(options))
        cells = {option: _cells(known, groups, option) for option in options}
        return {option: 100 * least for option in options if (least := _least(cells[option])) is not None}

    def found(
        self, ballots: Collection[Marks], options: Sequence[str], rules: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Sizes of ``groups``; of each option ``all`` and, by group, who agrees, passes and disagrees: None for a group
        of which fewer than five have voted on it."""
        known = in_order(ballots)
        groups, said = opinions.groups(known, options)
        rows = {
            option: {"all": _tally(known, option), "groups": _cells(known, groups, option) if groups else []}
            for option in options
        }
        return {"said": said, "groups": [len(group) for group in groups], "options": rows}


Cell = list[int]
"""How many agree, pass and disagree."""


def _tally(ballots: Iterable[Marks], option: str) -> Cell:
    votes = [ballot[option] for ballot in ballots if option in ballot]
    return [votes.count(stance) for stance in (1, 0, -1)]


def _cells(ballots: Sequence[Marks], groups: Sequence[Sequence[int]], option: str) -> list[Cell | None]:
    """Of each group; of all, where there are none."""
    if not groups:
        return [_tally(ballots, option)]
    cells = [_tally((ballots[n] for n in group), option) for group in groups]
    return [cell if sum(cell) >= opinions.LEAST_PEOPLE else None for cell in cells]


def _least(cells: Sequence[Cell | None]) -> Fraction | None:
    """The share that agrees where the fewest do; None where too few have voted, in any group, to say anything."""
    shares = [Fraction(cell[0] + 1, sum(cell) + 2) for cell in cells if cell is not None and sum(cell) > 0]
    return min(shares) if shares and len(shares) == len(cells) else None


class Card25(_Step):
    """25/10: in each round one card, from 1 to 5. A card's points are five times the mean of what it got, of 25."""

    unit = "of_25"

    def read(self, command: Command, rules: Mapping[str, Any]) -> Marks | Refused:
        marks: dict[str, int] = {}
        for name in command.fields:
            if name.startswith("score-") and command.text(name):
                if command.text(name) not in SCORES:
                    return refuse("bad_score", "A score is a whole number from 1 to 5.")
                marks[name.removeprefix("score-")] = SCORES[command.text(name)]
        return marks

    def fits(self, marks: Marks, rules: Mapping[str, Any]) -> bool:
        return bool(marks) and all(type(put) is int and put in SCORES.values() for put in marks.values())

    def points(
        self,
        ballots: Collection[Marks],
        options: Collection[str],
        rules: Mapping[str, Any],
        arithmetic: Arithmetic,
    ) -> dict[str, Fraction]:
        got = {option: [ballot[option] for ballot in ballots if option in ballot] for option in options}
        return {o: Fraction(card_rounds.ROUNDS * sum(put), len(put)) for o, put in got.items() if put}

    def found(
        self, ballots: Collection[Marks], options: Sequence[str], rules: Mapping[str, Any]
    ) -> dict[str, Any]:
        """How often each card was read and marked: ``few`` where it was not five times."""
        readings = {option: sum(1 for ballot in ballots if option in ballot) for option in options}
        few = any(many < card_rounds.ROUNDS for many in readings.values())
        return {"said": "few" if few else "", "options": {o: {"readings": n} for o, n in readings.items()}}


def in_order(ballots: Collection[Marks]) -> list[Marks]:
    """Ballots in an order that follows from what they say."""
    return sorted(ballots, key=written)
