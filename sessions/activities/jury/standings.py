"""How a jury's entries stand, as staff and the chair see it. Before it is signed it is for nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sessions.activities.jury.panel import CHAIR, juror_in
from sessions.activity import Fragment
from sessions.audience import STAFF, is_for

if TYPE_CHECKING:
    from sessions.activities.jury import Jury


def standings(jury: Jury, scope: str, key: str) -> Fragment | None:
    """How the entries stand, for staff and the chair; the chair sees no entry they are recused from."""
    juror = juror_in(jury, scope)
    staff = is_for(scope, STAFF)
    if not staff and (juror is None or juror.role != CHAIR):
        return None
    unseen = {e.id for e in jury.entries.values() if juror is not None and jury.away(juror.id, e)}
    return Fragment({**_standing_of(jury, unseen), "signs": juror is not None or not jury.chairs})


def _standing_of(jury: Jury, unseen: set[str]) -> dict[str, Any]:
    rows = jury.ranked()
    ranked = {row.entry for row in rows}
    tied = [row.entry for row in jury.ranked(without_chair=True) if row.by == "shared"]
    return {
        "stage": jury.stage,
        "rows": rows,
        "unscored": [entry for entry in jury.entries if entry not in ranked],
        "unseen": unseen,
        "tied": [] if unseen.intersection(tied) else tied,
        "thin": jury.thin(),
        "unfinished": jury.unfinished(),
        "away": list(_recused(jury)),
        "titles": {criterion["id"]: criterion["title"] for criterion in jury.criteria},
    }


def _recused(jury: Jury) -> Iterator[dict[str, Any]]:
    """Every recusal: juror, entry and why."""
    for entry in jury.entries.values():
        for juror in jury.jurors:
            if why := jury.away(juror.id, entry):
                reason = jury.recusals.declared.get((juror.id, entry.id), "")
                yield {"juror": juror.id, "entry": entry, "why": why, "reason": reason}
