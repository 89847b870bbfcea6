"""What each view sees of a jury's work. How the entries stand is for staff and the chair until it is signed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from sessions.activities.jury.panel import CHAIR, Sheet
from sessions.activities.jury.ranks import Ranks
from sessions.activity import Fragment
from sessions.audience import EVERYBODY, STAFF, scope_of, scope_type
from sessions.ranking import weighted_mean

if TYPE_CHECKING:
    from sessions.people import Member


class PanelViews(Ranks):
    """``show`` for every view. A juror sees own sheets only, and nothing of an entry they are recused from."""

    parts: ClassVar[Mapping[str, frozenset[str]]] = {
        "sheet": frozenset({"phone"}),
        "tally": frozenset({"phone"}),
        "progress": frozenset({"screen", "console"}),
        "standings": frozenset({"phone", "console"}),
    }

    def show(self, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
        if part:
            shown = {
                "sheet": self._show_sheet,
                "tally": self._show_tally,
                "progress": self._show_progress,
                "standings": self._show_standings,
            }.get(part)
            return shown(scope, key) if shown else None
        pane = {
            ("phone", "all"): self._show_waiting,
            ("phone", "person"): self._show_desk,
            ("mine", "person"): self._show_own,
            ("screen", "all"): self._show_waiting,
            ("console", "all"): self._show_waiting,
            ("console", "role"): self._show_staff,
        }.get((view, scope_type(scope)))
        return pane(scope) if pane else None

    @property
    def stage(self) -> str:
        """``open`` to scores, ``unsigned`` (closed), or ``signed``."""
        return "signed" if self.signed else "open" if self.is_open else "unsigned"

    # ---- panes

    def _show_waiting(self, scope: str) -> Fragment:
        return Fragment({"stage": self.stage, "count": len(self.entries), "signed_at": self.signed_at})

    def _show_desk(self, scope: str) -> Fragment | None:
        juror = self._juror_in(scope)
        if juror is None:
            return None
        return Fragment({"stage": self.stage, "entries": list(self.entries), "chairs": juror.role == CHAIR})

    def _show_own(self, scope: str) -> Fragment | None:
        juror = self.person_in(scope)
        sheets = [(e, self.sheet(juror.id, e.id)) for e in self.entries.values()] if juror else []
        written = [(entry, sheet, self.mean_of(sheet.scores)) for entry, sheet in sheets if sheet is not None]
        return Fragment({"sheets": written}) if written else None

    def _show_staff(self, scope: str) -> Fragment | None:
        return Fragment({"stage": self.stage}) if scope_of(scope) in STAFF else None

    # ---- parts

    def _show_sheet(self, scope: str, key: str) -> Fragment | None:
        juror, entry = self._juror_in(scope), self.entries.get(key)
        if juror is None or entry is None:
            return None
        away, sheet = self.away(juror.id, entry), self.sheet(juror.id, key)
        data = {
            "entry": entry,
            "team": self.session.teams.get(entry.team),
            "away": away,
            "sheet": None if away else sheet,
            "mean": self.mean_of(sheet.scores) if sheet and not away else None,
            "missing": self.missing(sheet.scores) if sheet else [],
            "criteria": self.criteria,
            "stage": self.stage,
            "again": self._as_draft(key, sheet) if sheet else {},
        }
        return Fragment(data, home="sheets", order=f"{list(self.entries).index(key):04d}")

    def _show_tally(self, scope: str, key: str) -> Fragment | None:
        juror = self._juror_in(scope)
        if juror is None:
            return None
        entries = [entry.id for entry in self.entries.values() if not self.away(juror.id, entry)]
        sheets = [sheet for sheet in (self.sheet(juror.id, entry) for entry in entries) if sheet is not None]
        final = sum(sheet.final for sheet in sheets)
        left = len(entries) - len(sheets)
        return Fragment({"final": final, "drafts": len(sheets) - final, "left": left, "of": len(entries)})

    def _show_progress(self, scope: str, key: str) -> Fragment | None:
        done, of = self.progress
        percent = 100 * done // of if of else 0
        return (
            Fragment({"percent": percent, "done": done, "of": of, "jurors": len(self.jurors)})
            if scope == EVERYBODY
            else None
        )

    def _show_standings(self, scope: str, key: str) -> Fragment | None:
        juror = self._juror_in(scope)
        if not (scope_type(scope) == "role" and scope_of(scope) in STAFF) and (
            juror is None or juror.role != CHAIR
        ):
            return None
        unseen = {e.id for e in self.entries.values() if juror is not None and self.away(juror.id, e)}
        rows = self.ranked()
        tied = [row.entry for row in self.ranked(without_chair=True) if row.by == "shared"]
        data = {
            "stage": self.stage,
            "rows": rows,
            "unscored": [entry for entry in self.entries if entry not in {row.entry for row in rows}],
            "unseen": unseen,
            "tied": [] if unseen.intersection(tied) else tied,
            "thin": self.thin(),
            "unfinished": self.unfinished(),
            "away": self._away(),
            "titles": {criterion["id"]: criterion["title"] for criterion in self.criteria},
            "signs": juror is not None or not self.chairs,
        }
        return Fragment(data)

    # ---- pieces of it

    def _juror_in(self, scope: str) -> Member | None:
        member = self.person_in(scope)
        return member if member is not None and member.role in self.phase.spec.who else None

    def mean_of(self, scores: Mapping[str, int]) -> float | None:
        """The weighted mean of what is scored so far; None if nothing is."""
        weights = {name: weight for name, weight in self.weights.items() if name in scores}
        return weighted_mean(scores, weights) if weights else None

    def _as_draft(self, entry: str, sheet: Sheet) -> dict[str, Any]:
        """The fields that send a sheet again as a draft."""
        scores = {f"score-{name}": score for name, score in sheet.scores.items()}
        return {"entry": entry, **scores, "comment": sheet.comment, "final": "no"}

    def _away(self) -> list[dict[str, Any]]:
        """Every recusal: juror, entry and why."""
        pairs = [(juror.id, entry) for entry in self.entries.values() for juror in self.jurors]
        found = [(juror, entry, self.away(juror, entry)) for juror, entry in pairs]
        return [
            {"juror": juror, "entry": entry, "why": why, "reason": self.declared.get((juror, entry.id), "")}
            for juror, entry, why in found
            if why
        ]
