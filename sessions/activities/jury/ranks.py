"""What a jury's sheets come to: how far it is, what is missing, and the ranking."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sessions.activities.jury.panel import Panel
from sessions.entry import Entry
from sessions.ranking import Standing, standings


class Ranks(Panel):
    """The panel's sheets, counted."""

    @property
    def progress(self) -> tuple[int, int]:
        """Final sheets, and how many there will be."""
        pairs = [(juror.id, entry.id) for entry in self.entries.values() for juror in self.scored_by(entry)]
        sheets = [self.sheet(*pair) for pair in pairs]
        return sum(sheet is not None and sheet.final for sheet in sheets), len(pairs)

    def absences(self) -> dict[str, list[str]]:
        """Entry to the people whose sheets on it do not count, whether they wrote one or not."""
        people = {juror.id: None for juror in self.jurors} | {
            j: None for by in self.sheets.values() for j in by
        }
        return {e.id: [person for person in people if self.away(person, e)] for e in self.entries.values()}

    def rank(self, absent: Mapping[str, Collection[str]], rules: Iterable[str]) -> list[Standing]:
        """The ranking of the entries that are keys of ``absent``, without the sheets of those absent."""
        counted = {
            entry: {
                juror: sheet.scores
                for juror, sheet in self.sheets.get(entry, {}).items()
                if sheet.final and juror not in people
            }
            for entry, people in absent.items()
        }
        return standings(counted, self.weights, list(rules), self.decided)

    @property
    def tie_rules(self) -> list[str]:
        return list(self.rules.get("ties", ()))

    def ranked(self, without_chair: bool = False) -> list[Standing]:
        """How the entries stand now; or would, had the chair decided nothing."""
        return self.rank(self.absences(), [r for r in self.tie_rules if not (without_chair and r == "chair")])

    def thin(self) -> list[Entry]:
        """Entries that too few jurors are to judge, or have judged once scoring is over."""
        least = int(self.rules.get("min_jurors", 3))
        over = bool(self.signed) or not self.is_open
        final = {row.entry: row.jurors for row in self.ranked()} if over else {}
        return [
            entry
            for entry in self.entries.values()
            if (final.get(entry.id, 0) if over else len(self.scored_by(entry))) < least
        ]

    def unfinished(self) -> list[tuple[str, str, bool]]:
        """Juror, entry, and whether there is a draft: sheets that are not final and do not count."""
        sheets = [
            (j.id, e.id, self.sheet(j.id, e.id)) for e in self.entries.values() for j in self.scored_by(e)
        ]
        return [(j, e, sheet is not None) for j, e, sheet in sheets if sheet is None or not sheet.final]
