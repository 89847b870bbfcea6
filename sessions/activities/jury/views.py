"""What each view sees of a jury's work. A juror sees own sheets only, and nothing of an entry they are recused from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sessions.activities.jury.panel import CHAIR, juror_in
from sessions.activities.jury.standings import standings
from sessions.activity import Fragment
from sessions.arithmetic import ARITHMETICS, EXACT, shown
from sessions.audience import EVERYBODY, STAFF, is_for, scope_type

if TYPE_CHECKING:
    from sessions.activities.jury import Jury
    from sessions.activities.jury.score_sheets import ScoreSheet

PARTS: Mapping[str, frozenset[str]] = {
    "sheet": frozenset({"phone"}),
    "tally": frozenset({"phone"}),
    "progress": frozenset({"screen", "console"}),
    "standings": frozenset({"phone", "console"}),
}


def show(jury: Jury, view: str, scope: str, part: str = "", key: str = "") -> Fragment | None:
    """A pane or a part for a scope; None where there is nothing to see."""
    if part:
        shown = PART_VIEWS.get(part)
        return shown(jury, scope, key) if shown else None
    pane = PANES.get((view, scope_type(scope)))
    return pane(jury, scope) if pane else None


# ---- panes


def _waiting(jury: Jury, scope: str) -> Fragment:
    return Fragment({"stage": jury.stage, "count": len(jury.entries), "signed_at": jury.signed_at})


def _sheets(jury: Jury, scope: str) -> Fragment | None:
    """A juror's sheets, and under them the standing for the chair."""
    juror = juror_in(jury, scope)
    if juror is None:
        return None
    return Fragment({"stage": jury.stage, "entries": list(jury.entries), "chairs": juror.role == CHAIR})


def _written(jury: Jury, scope: str) -> Fragment | None:
    """The sheets that somebody has written, also who is no juror any more."""
    juror = jury.person_in(scope)
    sheets = [(e, jury.sheet(juror.id, e.id)) for e in jury.entries.values()] if juror else []
    written = [(entry, sheet, mean_of(jury, sheet.scores)) for entry, sheet in sheets if sheet is not None]
    return Fragment({"sheets": written}) if written else None


def _staff(jury: Jury, scope: str) -> Fragment | None:
    return Fragment({"stage": jury.stage}) if is_for(scope, STAFF) else None


PANES: Mapping[tuple[str, str], Callable[[Jury, str], Fragment | None]] = {
    ("phone", "all"): _waiting,
    ("phone", "person"): _sheets,
    ("mine", "person"): _written,
    ("screen", "all"): _waiting,
    ("console", "all"): _waiting,
    ("console", "role"): _staff,
}

# ---- parts


def _sheet(jury: Jury, scope: str, key: str) -> Fragment | None:
    juror, entry = juror_in(jury, scope), jury.entries.get(key)
    if juror is None or entry is None:
        return None
    away, written = jury.away(juror.id, entry), jury.sheet(juror.id, key)
    data = {
        "entry": entry,
        "team": jury.session.teams.get(entry.team),
        "away": away,
        "sheet": None if away else written,
        "mean": mean_of(jury, written.scores) if written and not away else None,
        "missing": jury.missing(written.scores) if written else [],
        "criteria": jury.criteria,
        "stage": jury.stage,
        "again": as_draft(key, written) if written else {},
    }
    return Fragment(data, home="sheets", order=f"{list(jury.entries).index(key):04d}")


def _tally(jury: Jury, scope: str, key: str) -> Fragment | None:
    """How many of a juror's sheets are final, and how many are left."""
    juror = juror_in(jury, scope)
    if juror is None:
        return None
    entries = [entry.id for entry in jury.entries.values() if not jury.away(juror.id, entry)]
    sheets = [sheet for sheet in (jury.sheet(juror.id, entry) for entry in entries) if sheet is not None]
    final, left = sum(sheet.final for sheet in sheets), len(entries) - len(sheets)
    return Fragment({"final": final, "drafts": len(sheets) - final, "left": left, "of": len(entries)})


def _progress(jury: Jury, scope: str, key: str) -> Fragment | None:
    if scope != EVERYBODY:
        return None
    done, of = jury.progress()
    percent = 100 * done // of if of else 0
    return Fragment({"percent": percent, "done": done, "of": of, "jurors": len(jury.jurors)})


PART_VIEWS: Mapping[str, Callable[[Jury, str, str], Fragment | None]] = {
    "sheet": _sheet,
    "tally": _tally,
    "progress": _progress,
    "standings": standings,
}

# ---- pieces of them


def mean_of(jury: Jury, scores: Mapping[str, int]) -> float | None:
    """The weighted mean of what is scored so far; None if nothing is."""
    weights = {name: weight for name, weight in jury.weights.items() if name in scores}
    return shown(ARITHMETICS[EXACT].mean_of_sheets([scores], weights)) if weights else None


def as_draft(entry: str, sheet: ScoreSheet) -> dict[str, Any]:
    """The fields that send a sheet again as a draft."""
    scores = {f"score-{name}": score for name, score in sheet.scores.items()}
    return {"entry": entry, **scores, "comment": sheet.comment, "final": "no"}
