"""Ways of voting: how a ballot is read from what was sent, and what ballots add up to.

``METHODS`` is the table: a new way of voting is one more class in one of the modules it takes them from, and one more
form among the templates.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any, Protocol

from sessions.arithmetic import Arithmetic
from sessions.ballot_steps import Agree, Card25, Pairwise
from sessions.ballots_at_once import Approval, Dots, Rank, Score, Score2d
from sessions.messages import Command, Refused

Marks = Mapping[str, Any]
"""What a voter put on each option: plain JSON, of the method's own shape."""


class Method(Protocol):
    """One way of voting. ``rules`` are those of the vote's row in the format."""

    unit: str
    """What its points are: ``dots`` or ``votes`` that are counted, the ``mean`` of scores up to 5, the ``share`` of
    duels that an option wins, its ``chance`` against an average one or the ``agreement`` on it, in percent, or points
    ``of_25``."""
    steps: bool
    """Whether it asks one thing after another, each answer a ballot that goes on where the one before it stopped."""

    def read(self, command: Command, rules: Mapping[str, Any]) -> Marks | Refused:
        """The ballot in a command; empty if nothing is marked."""

    def fits(self, marks: Marks, rules: Mapping[str, Any]) -> bool:
        """Whether marks that stand somewhere are a ballot that ``read`` could have given."""

    def largest(self, options: Collection[str], rules: Mapping[str, Any]) -> Marks:
        """A ballot on these options that takes no less room, written out, than any that ``read`` gives."""

    def points(
        self,
        ballots: Collection[Marks],
        options: Collection[str],
        rules: Mapping[str, Any],
        arithmetic: Arithmetic,
    ) -> dict[str, Fraction]:
        """What each of the options got; one that is missing got nothing."""

    def rows(self, option: str, rules: Mapping[str, Any]) -> list[str]:
        """The rows of the form that stand for an option, by key."""

    def ticks(self, marks: Marks) -> list[str]:
        """A ballot as keys of rows, each as often as boxes are ticked in it (a score of 4: four times)."""

    def named(self, marks: Marks) -> Collection[str]:
        """The options that a ballot is about."""

    def joined(self, before: Marks, marks: Marks) -> Marks:
        """The ballot that a voter has after another one."""

    def found(
        self, ballots: Collection[Marks], options: Sequence[str], rules: Mapping[str, Any]
    ) -> dict[str, Any]:
        """What ballots tell beside points: plain JSON, nothing for most ways."""


METHODS: Mapping[str, Method] = {
    "dots": Dots(),
    "approval": Approval(),
    "score": Score(),
    "score2d": Score2d(),
    "rank": Rank(),
    "pairwise": Pairwise(),
    "agree": Agree(),
    "card25": Card25(),
}
