"""What a jury's sheets come to: how far it is, what is missing, and how the entries stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.activities.jury.handed_on import rank
from sessions.arithmetic import ARITHMETICS, EXACT, arithmetic_of
from sessions.entry import Entry
from sessions.ranking import Standing

if TYPE_CHECKING:
    from sessions.activities.jury import Jury


def progress(jury: Jury) -> tuple[int, int]:
    """Final sheets, and how many there will be."""
    pairs = [(juror.id, entry.id) for entry in jury.entries.values() for juror in jury.scored_by(entry)]
    sheets = [jury.sheet(*pair) for pair in pairs]
    return sum(sheet is not None and sheet.final for sheet in sheets), len(pairs)


def absences(jury: Jury) -> dict[str, list[str]]:
    """Entry to the people whose sheets on it do not count, whether they wrote one or not."""
    people = list(dict.fromkeys([*(juror.id for juror in jury.jurors), *jury.sheets.jurors]))
    return {e.id: [person for person in people if jury.away(person, e)] for e in jury.entries.values()}


def ranked(jury: Jury, without_chair: bool = False) -> list[Standing]:
    """How the entries stand now; or would, had the chair decided nothing."""
    rules = [rule for rule in jury.tie_rules if not (without_chair and rule == "chair")]
    arithmetic = arithmetic_of(jury.signed) if jury.signed else ARITHMETICS[EXACT]
    return rank(jury.sheets, absences(jury), jury.weights, rules, jury.parted, arithmetic)


def thin(jury: Jury) -> list[Entry]:
    """Entries that too few jurors are to judge, or have judged once scoring is over."""
    least = int(jury.rules.get("min_jurors", 3))
    over = jury.signed is not None or not jury.is_open
    final = {row.entry: row.jurors for row in ranked(jury)} if over else {}
    return [
        entry
        for entry in jury.entries.values()
        if (final.get(entry.id, 0) if over else len(jury.scored_by(entry))) < least
    ]


def unfinished(jury: Jury) -> list[tuple[str, str, bool]]:
    """Juror, entry, and whether there is a draft: sheets that are not final and do not count."""
    sheets = [(j.id, e.id, jury.sheet(j.id, e.id)) for e in jury.entries.values() for j in jury.scored_by(e)]
    return [(j, e, sheet is not None) for j, e, sheet in sheets if sheet is None or not sheet.final]
