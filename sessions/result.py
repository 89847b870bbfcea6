"""A vote's result: counted once from the ballots, changed by hand only with a reason, and countable again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sessions.arithmetic import arithmetic_of
from sessions.ballots import METHODS, Marks
from sessions.outcome import Ranked
from sessions.ranking import Keep, ranking

Basis = Mapping[str, Any]
"""What a count depends on beside the ballots, as it was at the close; plain JSON:

``teams`` (option to its team, in the order handed on), ``keep`` (least, most, per team), ``stopped`` (options that
cannot go on), ``arithmetic`` (how it was counted, see arithmetic.py; missing in logs of release 1).
"""


def count(rules: Mapping[str, Any], ballots: Collection[Marks], basis: Basis) -> list[dict[str, Any]]:
    """The ranking that ballots give, as rows of plain JSON. The same ballots in any order give the same rows."""
    arithmetic = arithmetic_of(basis)
    points = METHODS[rules["method"]].points(ballots, list(basis["teams"]), rules, arithmetic)
    rows = ranking(
        points,
        basis["teams"],
        Keep(*basis["keep"]),
        rules.get("ties", "keep"),
        set(basis["stopped"]),
        arithmetic.number(rules.get("threshold", 0)),
    )
    return [asdict(row) for row in rows]


def found(rules: Mapping[str, Any], ballots: Collection[Marks], basis: Basis) -> dict[str, Any]:
    """What ballots tell beside points (see ``Method.found``), by its name in the event; nothing for most ways."""
    told = METHODS[rules["method"]].found(ballots, list(basis["teams"]), rules)
    return {"found": told} if told else {}


def differences(stored: Collection[Mapping[str, Any]], again: Collection[Mapping[str, Any]]) -> list[str]:
    """Where two rankings differ, a sentence for each option."""
    before, other = ({row["option"]: row for row in rows} for rows in (stored, again))
    return [
        f"{option} is {before.get(option)} in the result and {other.get(option)} when counted again"
        for option in {**before, **other}
        if before.get(option) != other.get(option)
    ]


@dataclass
class Result:
    """A counted result. ``body`` is what stands in the log; ``overrides`` are the changes by hand, by option."""

    body: Mapping[str, Any]
    overrides: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    revealed: bool = False
    seq: int = 0
    """Of the event that it stands in."""

    def __post_init__(self) -> None:
        self.rows: tuple[Ranked, ...] = ()
        self._rank()

    @property
    def valid(self) -> bool:
        """Whether there were ballots enough."""
        return bool(self.body["valid"])

    @property
    def standing(self) -> tuple[Ranked, ...]:
        """The ranking that counts from here on; empty if nothing is decided."""
        return self.rows if self.valid or self.overrides else ()

    def change(self, option: str, changed: Mapping[str, Any]) -> None:
        """Change one option's ``kept`` or ``place`` by hand; ``reason`` stays with it."""
        self.overrides[option] = {**self.overrides.get(option, {}), **changed}
        self._rank()

    def _rank(self) -> None:
        rows = [self._by_hand(Ranked(**row)) for row in self.body["ranking"]]
        self.rows = tuple(sorted(rows, key=lambda row: row.place))

    def _by_hand(self, row: Ranked) -> Ranked:
        change = self.overrides.get(row.option, {})
        kept = change.get("kept", row.kept and self.valid)
        return replace(row, kept=kept, place=change.get("place", row.place))
