"""The sheets on which jurors score entries."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """What one juror thinks of one entry; only a final one counts. ``at`` is wall time, seconds since 1970 UTC."""

    scores: Mapping[str, int]
    comment: str
    final: bool
    at: float


class ScoreSheets:
    """Every sheet that was written, by entry and juror."""

    def __init__(self) -> None:
        self._of_entry: dict[str, dict[str, ScoreSheet]] = {}
        self.elsewhere: dict[str, None] = {}
        """Jurors of whom sheets are known to be that were left out of a file for others."""

    def sheet(self, juror: str, entry: str) -> ScoreSheet | None:
        """A juror's sheet on an entry; None if there is none."""
        return self._of_entry.get(entry, {}).get(juror)

    def put(self, juror: str, entry: str, sheet: ScoreSheet) -> ScoreSheet | None:
        """The sheet that was there before; from here on the new one is."""
        before = self.sheet(juror, entry)
        self._of_entry.setdefault(entry, {})[juror] = sheet
        return before

    def final(self, entry: str, absent: Collection[str]) -> dict[str, ScoreSheet]:
        """The sheets on an entry that count, by juror: final ones of people who are not absent."""
        sheets = self._of_entry.get(entry, {})
        return {juror: sheet for juror, sheet in sheets.items() if sheet.final and juror not in absent}

    @property
    def jurors(self) -> list[str]:
        """Everybody who has written a sheet."""
        known = (juror for sheets in self._of_entry.values() for juror in sheets)
        return list(dict.fromkeys((*known, *self.elsewhere)))
