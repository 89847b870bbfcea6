"""What a jury's events must say, derived again from what was so before each: for a log that somebody else has kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sessions.activities.jury import counting
from sessions.activities.jury.handed_on import found_otherwise
from sessions.activities.jury.letters import FEW, Sheets, by_sheets, counted, jurors_of
from sessions.activity import Doubt
from sessions.arithmetic import arithmetic_of
from sessions.ballots_at_once import scores_fit
from sessions.messages import Event
from sessions.ranking import standings

if TYPE_CHECKING:
    from sessions.activities.jury import Jury


def withholds(jury: Jury, kind: str) -> bool:
    """Sheets: what they say stands in the result, under letters."""
    return kind == "entry_scored"


def doubts(jury: Jury, event: Event, withheld: bool = False) -> Iterator[Doubt]:
    """What does not follow in a sheet or a result."""
    if event.kind == "entry_scored":
        yield from _of_sheet(jury, event, withheld)
    elif event.kind == "result_signed":
        yield from _of_result(jury, event.body)


def verify(jury: Jury) -> list[str]:
    """Where the result that stands differs from another count of the same sheets."""
    if jury.signed is None or (jury.sheets.elsewhere and "sheets" not in jury.signed):
        return []
    return [f"{jury.phase.id}: {text}" for text in _recount(jury, jury.signed)]


def _recount(jury: Jury, body: Mapping[str, Any]) -> list[str]:
    known = body["sheets"] if jury.sheets.elsewhere else counted(jury.sheets, body["absent"])
    again = standings(known, jury.weights, list(jury.tie_rules), jury.parted, arithmetic_of(body))
    return found_otherwise(body, again)  # type: ignore[arg-type] # as it stands in the log


def _of_sheet(jury: Jury, event: Event, withheld: bool) -> Iterator[Doubt]:
    juror, body = jury.session.people.get(event.actor), event.body
    if not jury.is_open or juror is None or juror.removed or not juror.is_among(jury.phase.spec.who):
        yield Doubt(f"{event.actor} is no juror here")
    elif not withheld:
        entry, scores = jury.entries.get(body.get("entry", "")), body.get("scores", {})
        whole = not body.get("final") or set(scores) == set(jury.weights)
        if entry is None or jury.away(event.actor, entry):
            yield Doubt(f"{event.actor} does not judge {body.get('entry')}")
        if not whole or not scores_fit(scores, jury.weights):
            yield Doubt(f"{event.actor} cannot have given these scores: {dict(scores)}")


def _of_result(jury: Jury, body: Mapping[str, Any]) -> Iterator[Doubt]:
    yield from _of_absent(jury, body["absent"])
    if jury.sheets.elsewhere and "sheets" not in body:
        yield Doubt(
            "the result lists no sheets, so it is not proved without those of its jurors", wrong=False
        )
        return
    wrong = list(_of_list(jury, body.get("sheets", {})))
    yield from wrong
    if wrong:  # what is no sheet cannot be counted
        return
    yield from map(Doubt, _recount(jury, body))
    if not jury.sheets.elsewhere:
        yield from _of_protocol(jury, body)


def _of_absent(jury: Jury, absent: Mapping[str, Any]) -> Iterator[Doubt]:
    derived = counting.absences(jury)
    if absent.keys() != derived.keys():
        yield Doubt(f"it judges {sorted(absent)}, and the entries were {sorted(derived)}")
    for entry in absent.keys() & derived.keys():
        if set(absent[entry]) != set(derived[entry]):
            yield Doubt(
                f"{entry}: without sheets of {sorted(absent[entry])}, and it was {sorted(derived[entry])}"
            )


def _of_list(jury: Jury, listed: Sheets) -> Iterator[Doubt]:
    sheets = [scores for of_entry in listed.values() for scores in of_entry.values()]
    if any(scores.keys() != jury.weights.keys() or not scores_fit(scores, jury.weights) for scores in sheets):
        yield Doubt("it lists what is no sheet of this jury")
    if listed and not FEW <= len(jurors_of(listed)) <= len(jury.sheets.jurors):
        yield Doubt(
            f"it lists sheets of {len(jurors_of(listed))} jurors, and {len(jury.sheets.jurors)} wrote some"
        )


def _of_protocol(jury: Jury, body: Mapping[str, Any]) -> Iterator[Doubt]:
    """What can be told where all sheets are here."""
    known = counted(jury.sheets, body["absent"])
    if "sheets" in body and by_sheets(body["sheets"]) != by_sheets(known):
        yield Doubt("it does not list the sheets that were written")
    derived = {
        "thin": sorted(entry.id for entry in counting.thin(jury)),
        "unfinished": sorted([juror, entry] for juror, entry, _ in counting.unfinished(jury)),
    }
    for name, value in derived.items():
        if sorted(body[name]) != value:
            yield Doubt(f"{name} is {body[name]} in the result, and was {value}")
