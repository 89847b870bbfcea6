"""Ways of voting in which the whole ballot is cast at once: dots, approval, an order, scores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from sessions.arithmetic import Arithmetic, Scores
from sessions.messages import Command, Refused, refuse

Marks = Mapping[str, Any]
SCORES = frozenset("12345")
MOST_PLACES = 1000
"""No list is longer that anybody puts in order."""


class _AtOnce:
    """The whole ballot is cast at once, and another one takes its place."""

    steps = False

    def named(self, marks: Marks) -> Collection[str]:
        return marks.keys()

    def joined(self, before: Marks, marks: Marks) -> Marks:
        return marks

    def found(
        self, ballots: Collection[Marks], options: Sequence[str], rules: Mapping[str, Any]
    ) -> dict[str, Any]:
        return {}


class Dots(_AtOnce):
    """A purse of ``dots``; at most ``max_per_option`` of them on one option."""

    unit = "dots"

    def read(self, command: Command, rules: Mapping[str, Any]) -> Marks | Refused:
        placed, dots = command.all("option"), rules["dots"]
        if len(placed) > dots:
            return refuse(
                "too_many_dots",
                "You placed {count} dots and have {limit}. Lift some and send again.",
                count=len(placed),
                limit=dots,
            )
        marks: dict[str, int] = {}
        for option in placed:  # a Counter takes twice as long for so few, and everybody votes at once
            marks[option] = marks.get(option, 0) + 1
        most = rules.get("max_per_option", dots)
        if marks and max(marks.values()) > most:
            return refuse(
                "too_many_on_one", "At most {limit} dots on the same. Spread them and send again.", limit=most
            )
        return marks

    def fits(self, marks: Marks, rules: Mapping[str, Any]) -> bool:
        dots, most = rules["dots"], rules.get("max_per_option", rules["dots"])
        placed = [put if type(put) is int else 0 for put in marks.values()]
        return bool(placed) and min(placed) >= 1 and max(placed) <= most and sum(placed) <= dots

    def largest(self, options: Collection[str], rules: Mapping[str, Any]) -> Marks:
        longest = sorted(options, key=len, reverse=True)[: rules["dots"]]
        return dict.fromkeys(longest, rules["dots"])

    def points(
        self,
        ballots: Collection[Marks],
        options: Collection[str],
        rules: Mapping[str, Any],
        arithmetic: Arithmetic,
    ) -> dict[str, Fraction]:
        return _sums(ballots)

    def rows(self, option: str, rules: Mapping[str, Any]) -> list[str]:
        return [option]

    def ticks(self, marks: Marks) -> list[str]:
        return [option for option, number in marks.items() for _ in range(number)]


class Approval(_AtOnce):
    """Every option one would support."""

    unit = "votes"

    def read(self, command: Command, rules: Mapping[str, Any]) -> Marks | Refused:
        return dict.fromkeys(command.all("option"), 1)

    def fits(self, marks: Marks, rules: Mapping[str, Any]) -> bool:
        return bool(marks) and all(type(put) is int and put == 1 for put in marks.values())

    def largest(self, options: Collection[str], rules: Mapping[str, Any]) -> Marks:
        return dict.fromkeys(options, 1)

    def points(
        self,
        ballots: Collection[Marks],
        options: Collection[str],
        rules: Mapping[str, Any],
        arithmetic: Arithmetic,
    ) -> dict[str, Fraction]:
        return _sums(ballots)

    def rows(self, option: str, rules: Mapping[str, Any]) -> list[str]:
        return [option]

    def ticks(self, marks: Marks) -> list[str]:
        return list(marks)


class Rank(_AtOnce):
    """Options in the order of one's choice, equal ones on one place; what has no place comes after all that have. An
    option's points are the share of duels that it wins, in percent: for each ballot and each other option one if it
    stands before it, a half if they are equal (Borda's count, with equal places as Black counts them). So every ballot
    weighs the same, however few it places."""

    unit = "share"

    def read(self, command: Command, rules: Mapping[str, Any]) -> Marks | Refused:
        places: dict[str, int] = {}
        for name in command.fields:
            if not name.startswith("place-") or not command.text(name):
                continue
            place = command.whole(name)
            if place is None or place not in range(1, MOST_PLACES + 1):
                return refuse("bad_place", "A place is a whole number from 1 on.")
            places[name.removeprefix("place-")] = place
        return _without_gaps(places)

    def fits(self, marks: Marks, rules: Mapping[str, Any]) -> bool:
        if not marks or not all(type(place) is int and place >= 1 for place in marks.values()):
            return False
        return _without_gaps(marks) == marks

    def largest(self, options: Collection[str], rules: Mapping[str, Any]) -> Marks:
        return {option: place for place, option in enumerate(options, 1)}

    def points(
        self,
        ballots: Collection[Marks],
        options: Collection[str],
        rules: Mapping[str, Any],
        arithmetic: Arithmetic,
    ) -> dict[str, Fraction]:
        halves: Counter[str] = Counter()
        for marks in ballots:
            halves.update(_duels(marks, options))
        possible = 2 * (len(options) - 1) * len(ballots)
        return {option: Fraction(100 * halves[option], possible) for option in options} if possible else {}

    def rows(self, option: str, rules: Mapping[str, Any]) -> list[str]:
        return [option]

    def ticks(self, marks: Marks) -> list[str]:
        return [option for option, place in marks.items() for _ in range(place)]


def _without_gaps(places: Mapping[str, int]) -> dict[str, int]:
    """The same order with places from 1 on, none left out: 1, 1, 4 becomes 1, 1, 2."""
    order = {place: number for number, place in enumerate(sorted(set(places.values())), 1)}
    return {option: order[place] for option, place in places.items()}


def _duels(marks: Marks, options: Collection[str]) -> dict[str, int]:
    """What each option wins in one ballot against every other, counted in halves."""
    listed = {option: marks[option] for option in options if option in marks}
    last = max(listed.values(), default=0) + 1  # also behind what has been taken off the list since
    at = {option: listed.get(option, last) for option in options}
    on = Counter(at.values())
    behind, after = 0, {}
    for place in sorted(on, reverse=True):
        after[place] = behind
        behind += on[place]
    return {option: 2 * after[place] + on[place] - 1 for option, place in at.items()}


class Score(_AtOnce):
    """1 to 5 for each of the ``criteria``. An option counts in a ballot that scored it by all of them."""

    unit = "mean"

    def read(self, command: Command, rules: Mapping[str, Any]) -> Marks | Refused:
        criteria = weights_of(rules["criteria"])
        scores: dict[str, dict[str, int]] = {}
        for name in command.fields:
            if not name.startswith("score-") or not command.text(name):
                continue
            option, _, criterion = name.removeprefix("score-").partition("-")
            criterion = criterion or next(iter(criteria))
            if criterion not in criteria or command.text(name) not in SCORES:
                return refuse("bad_score", "A score is a whole number from 1 to 5.")
            scores.setdefault(option, {})[criterion] = int(command.text(name))
        return scores

    def fits(self, marks: Marks, rules: Mapping[str, Any]) -> bool:
        criteria = weights_of(rules["criteria"])
        return bool(marks) and all(
            isinstance(scores, Mapping) and bool(scores) and scores_fit(scores, criteria)
            for scores in marks.values()
        )

    def largest(self, options: Collection[str], rules: Mapping[str, Any]) -> Marks:
        return dict.fromkeys(options, dict.fromkeys(weights_of(rules["criteria"]), 5))

    def points(
        self,
        ballots: Collection[Marks],
        options: Collection[str],
        rules: Mapping[str, Any],
        arithmetic: Arithmetic,
    ) -> dict[str, Fraction]:
        weights = weights_of(rules["criteria"])
        sheets: dict[str, list[Scores]] = {}
        for marks in ballots:
            for option, scores in marks.items():
                if len(scores) == len(weights):
                    sheets.setdefault(option, []).append(scores)
        return {option: arithmetic.mean_of_sheets(scored, weights) for option, scored in sheets.items()}

    def rows(self, option: str, rules: Mapping[str, Any]) -> list[str]:
        return [f"{option}-{criterion}" for criterion in weights_of(rules["criteria"])]

    def ticks(self, marks: Marks) -> list[str]:
        return [
            f"{option}-{criterion}"
            for option, scores in marks.items()
            for criterion, score in scores.items()
            for _ in range(score)
        ]


class Score2d(Score):
    """The same by two criteria, the axes of a matrix: what is weighed against what. Half a pair does not count."""


def scores_fit(scores: Mapping[str, Any], criteria: Collection[str]) -> bool:
    """Whether these are scores of 1 to 5, each by one of the criteria."""
    return all(
        name in criteria and type(score) is int and str(score) in SCORES for name, score in scores.items()
    )


def weights_of(criteria: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Criteria as a format or a rubric lists them, to weights; those without a weight weigh the same."""
    return {criterion["id"]: float(criterion.get("weight", 1)) for criterion in criteria}


def _sums(ballots: Iterable[Marks]) -> dict[str, Fraction]:
    total: Counter[str] = Counter()
    for marks in ballots:
        total.update(marks)
    return {option: Fraction(number) for option, number in total.items()}
