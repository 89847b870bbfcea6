"""What is wrong with a format before anybody plays it: every word of it is known, and its phases fit together.

``faults`` must be mended before an event; ``looks`` are worth a look: they may be meant. Logs of earlier releases are
not asked: what once began folds for ever (see ``read_format``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sessions.activities import activity_class
from sessions.format import ENDINGS, Format, Spec, kind_now, read_format
from sessions.format_rules import (
    LANGUAGES,
    Declaration,
    Fault,
    Flow,
    faults_of,
    languages_of,
    missing_languages,
    unknown,
)
from sessions.ranking import Keep, expected_teams, read_keep

SHELVES = ("forms", "documents", "rubrics", "choices")
"""What phases of a format share, each by name."""
FORMAT_KEYS = ("key", "title", "ip_policy", "languages", "phase", *SHELVES)
PHASE_KEYS = (
    "id",
    "kind",
    "minutes",
    "title",
    "prompt",
    "who",
    "inputs",
    "ends",
    "beside",
    "channel",
    "later",
    "public",
    "rules",
)
LANGUAGES_SET = frozenset(LANGUAGES)
MOST_WITHOUT_PAUSE = 5 * 60
"""Minutes."""
LEAST_NIGHT = 7 * 60
"""Minutes of a pause that is a night: 420 is what people need to have slept (replanning, check ``rest_short``)."""


class Finding(NamedTuple):
    """One thing that was found. ``phase`` is its id, "" for the format as a whole; ``key`` where in it; ``remedy`` what
    to do; ``grave`` says that no session may begin with it."""

    phase: str
    fault: Fault
    remedy: Fault | None = None
    grave: bool = True

    @property
    def key(self) -> str:
        return self.fault.key

    def __str__(self) -> str:
        place = f"phase {self.phase}: " if self.phase else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        sentence = str(self.fault)
        return f"{place}{sentence}{'' if sentence.endswith('?') else '.'}{remedy}"


def findings(data: Mapping[str, Any]) -> list[Finding]:
    """All that is found in a format's plain data, in the order of its phases, what is grave first.

    What lies between phases is looked at only when each phase is right for itself.
    """
    found = [*_of_the_whole(data), *_of_each_phase(data)]
    if not found:
        try:
            form = read_format(data)
        except ValueError as error:
            return [Finding("", Fault("{error}", {"error": str(error)}))]
        agenda = _Agenda(form)
        found = [finding for check in CHECKS for finding in check(agenda)]
    return sorted(found, key=lambda finding: not finding.grave)


# ---- each phase for itself


def _of_the_whole(data: Mapping[str, Any]) -> Iterator[Finding]:
    for key in data:
        if key not in FORMAT_KEYS:
            fault = unknown("there is no {value!r} in a format; there are: {known}", key, FORMAT_KEYS)
            yield Finding("", fault._replace(key=key))
    for fault in missing_languages(data.get("title"), languages_of(data)):
        yield Finding("", Fault(f"title {fault.text}", fault.values, "title"))
    if not data.get("phase"):
        yield Finding("", Fault("a format needs at least one phase"))
    for language in set(languages_of(data)) - set(LANGUAGES):
        fault = unknown("languages may hold {known}, not {value!r}", language, LANGUAGES)
        yield Finding("", fault._replace(key="languages"))
    for shelf in SHELVES:
        yield from _untranslated(shelf, data.get(shelf, {}), languages_of(data))


def _untranslated(place: str, value: Any, languages: Sequence[str]) -> Iterator[Finding]:
    """Texts in what phases share that lack a language of the format. A text is a table of languages."""
    if isinstance(value, Mapping):
        if value and LANGUAGES_SET.issuperset(value):
            for fault in missing_languages(value, languages):
                yield Finding(
                    "", Fault("{place} is missing in {languages}", {**fault.values, "place": place})
                )
            return
        for name, inner in value.items():
            yield from _untranslated(f"{place}.{name}", inner, languages)
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            name = inner.get("id", number) if isinstance(inner, Mapping) else number
            yield from _untranslated(f"{place}.{name}", inner, languages)


def _of_each_phase(data: Mapping[str, Any]) -> Iterator[Finding]:
    seen: set[str] = set()
    for row in data.get("phase", ()):
        phase = str(row.get("id", "?"))
        yield from (Finding(phase, fault) for fault in _of_row(row, data))
        if phase in seen:
            yield Finding(phase, Fault("another phase has the same id", {}, "id"))
        seen.add(phase)


def _of_row(row: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[Fault]:
    for key in row:
        if key not in PHASE_KEYS:
            fault = unknown("there is no {value!r} in a phase; there are: {known}", key, PHASE_KEYS)
            yield fault._replace(key=key)
    for key in ("id", "kind", "minutes"):
        if key not in row:
            yield Fault("{key} is missing", {"key": key}, key)
    for key in ("title", "prompt"):
        for fault in missing_languages(row.get(key), languages_of(data)):
            yield Fault(f"{key} {fault.text}", fault.values, key)
    if row.get("ends", "stay") not in ENDINGS:
        known = sorted(ENDINGS)
        yield unknown("ends must be one of {known}, not {value!r}", row["ends"], known)._replace(key="ends")
    yield from _of_kind(row, data)


def _of_kind(row: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[Fault]:
    rules = dict(row.get("rules", {}))
    kind = kind_now(str(row.get("kind", "")), rules)
    rules.pop("mode", None)  # tells former kinds apart, see FORMER_KINDS
    try:
        declared = activity_class(kind).declares
    except ValueError as error:
        if "kind" in row:
            yield Fault("{error}", {"error": str(error)}, "kind")
        return
    alone = list(faults_of(declared.rules, rules, data))
    yield from alone or declared.faults(rules, data)


# ---- with so many people


def crowd_findings(data: Mapping[str, Any], people: int) -> list[Finding]:
    """What will not fit when so many people come in teams: slots on a stage that are more than its minutes. The format
    has no grave faults."""
    agenda = _Agenda(read_format(data))
    entries = _entries_expected(agenda, people)
    return [finding for spec in agenda.specs for finding in _overflow(agenda, spec, entries)]


def _entries_expected(agenda: _Agenda, people: int) -> Keep:
    """How many entries begin at least and at most, by the votes that begin some."""
    teams = expected_teams(0, people)
    kept = [
        read_keep(spec.rules.get("keep", "1"), teams)
        for spec in agenda.specs
        if agenda.flows[spec.id].begins_entries
    ]
    share = [teams if keep.per_team else 1 for keep in kept]
    least = sum(keep.least * times for keep, times in zip(kept, share, strict=True))
    return Keep(least, sum(keep.most * times for keep, times in zip(kept, share, strict=True)))


def _overflow(agenda: _Agenda, spec: Spec, entries: Keep) -> Iterator[Finding]:
    each = agenda.flows[spec.id].minutes_each
    over = each * entries.least - spec.minutes
    at_most = each * entries.most - spec.minutes
    if each and at_most > 0:
        values = {"least": entries.least, "most": entries.most, "each": f"{each:g}", "minutes": spec.minutes}
        remedy = Fault("It needs {needed:.0f} minutes, or fewer entries.", {"needed": each * entries.most})
        if over > 0:
            text = (
                "with {least} entries or more of {each} minutes it overflows {minutes} minutes by {over:.0f}"
            )
            yield Finding(spec.id, Fault(text, {**values, "over": over}, "minutes"), remedy, grave=False)
        else:
            text = "with {most} entries of {each} minutes it overflows {minutes} minutes by {over:.0f}"
            yield Finding(spec.id, Fault(text, {**values, "over": at_most}, "minutes"), remedy, grave=False)


# ---- phases between each other


class _Agenda:
    """A format with what each of its phases does, in their order."""

    def __init__(self, form: Format) -> None:
        self.specs = form.specs
        self.by_id = {spec.id: spec for spec in form.specs}
        self.at = {spec.id: number for number, spec in enumerate(form.specs)}
        self.flows = {spec.id: _declared(spec).flow(spec.rules) for spec in form.specs}

    def begins(self, spec: Spec) -> int:
        """Where in the order a phase opens: with the one it stands beside."""
        return self.at[spec.beside or spec.id]

    def before(self, spec: Spec) -> list[Flow]:
        """What the phases that have opened before do."""
        return [self.flows[s.id] for s in self.specs if self.begins(s) < self.begins(spec)]

    def handed(self, spec: Spec) -> frozenset[str]:
        """What the inputs of a phase hand on."""
        return frozenset().union(*(self.flows[name].gives for name in spec.inputs))

    @property
    def main(self) -> list[Spec]:
        """The phases of the running clock, one after the other."""
        return [spec for spec in self.specs if not spec.beside and not spec.later]


def _declared(spec: Spec) -> Declaration:
    return activity_class(spec.kind).declares


def _inputs_come_before(agenda: _Agenda) -> Iterator[Finding]:
    for spec in agenda.specs:
        for name in spec.inputs:
            if agenda.begins(agenda.by_id[name]) >= agenda.begins(spec):
                fault = Fault("{input} has not been held when this phase opens", {"input": name}, "inputs")
                yield Finding(spec.id, fault, Fault("Move it after {input}.", {"input": name}))


def _inputs_are_of_use(agenda: _Agenda) -> Iterator[Finding]:
    for spec in agenda.specs:
        flow = agenda.flows[spec.id]
        of_use = flow.needs | flow.uses
        for name in spec.inputs:
            gives = agenda.flows[name].gives
            if not gives & of_use:
                values = {
                    "input": name,
                    "gives": ", ".join(sorted(gives)) or "nothing",
                    "uses": ", ".join(sorted(of_use)) or "nothing",
                }
                text = "{input} hands on {gives}, and this phase can use {uses}"
                yield Finding(spec.id, Fault(text, values, "inputs"), Fault("Take it out of inputs."))


def _needs_are_met(agenda: _Agenda) -> Iterator[Finding]:
    for spec in agenda.specs:
        for part in sorted(agenda.flows[spec.id].needs - agenda.handed(spec)):
            sources = [s.id for s in agenda.specs if _may_feed(agenda, s, spec, part)]
            remedy = Fault("Name {sources} in inputs.", {"sources": " or ".join(sources[-2:])})
            nowhere = Fault(
                "Put a phase that hands on {part} before it, and name it in inputs.", {"part": part}
            )
            fault = Fault("it needs {part} to work on, and no input hands on any", {"part": part}, "inputs")
            yield Finding(spec.id, fault, remedy if sources else nowhere)


def _may_feed(agenda: _Agenda, source: Spec, spec: Spec, part: str) -> bool:
    return part in agenda.flows[source.id].gives and agenda.begins(source) < agenda.begins(spec)


def _teams_and_entries_are_there(agenda: _Agenda) -> Iterator[Finding]:
    for spec in agenda.specs:
        flow, before = agenda.flows[spec.id], agenda.before(spec)
        if flow.about_entries and not any(earlier.begins_entries for earlier in before):
            fault = Fault("it is about projects, and none begins before it", {}, "kind")
            yield Finding(spec.id, fault, Fault("Put a vote with begins_entries = true before it."))
        elif flow.of_teams and not any(earlier.begins_teams for earlier in before):
            fault = Fault("it is for teams, and none are formed before it", {}, "kind")
            yield Finding(spec.id, fault, Fault("Put a phase of kind team before it."))


def _deadlines_lie_inside(agenda: _Agenda) -> Iterator[Finding]:
    for spec in agenda.specs:
        late = [minute for minute in agenda.flows[spec.id].deadlines if minute > spec.minutes]
        if late:
            values = {"minute": f"{late[0]:g}", "minutes": spec.minutes}
            fault = Fault(
                "a deadline in minute {minute} lies after its end in minute {minutes}", values, "minute"
            )
            yield Finding(spec.id, fault, Fault("Move the deadline, or make the phase longer."))


def _rankings_are_used(agenda: _Agenda) -> Iterator[Finding]:
    eaten = {name for spec in agenda.specs for name in spec.inputs}
    for spec in agenda.specs:
        flow = agenda.flows[spec.id]
        if (
            "ranking" in flow.gives
            and not flow.begins_entries
            and "awards" not in flow.gives
            and spec.id not in eaten
        ):
            remedy = Fault("Name it in the inputs of a phase that goes on from it.")
            fault = Fault("nothing later uses its result", {}, "id")
            yield Finding(spec.id, fault, remedy, grave=False)


def _people_rest(agenda: _Agenda) -> Iterator[Finding]:
    awake, since = 0, ""
    for spec in agenda.main:
        if agenda.flows[spec.id].rests:
            awake = 0
            continue
        awake, since = awake + spec.minutes, since if awake else spec.id
        if awake > MOST_WITHOUT_PAUSE and awake - spec.minutes <= MOST_WITHOUT_PAUSE:
            values = {"since": since, "hours": f"{awake / 60:.1f}"}
            fault = Fault(
                "by its end people have had no pause since {since}: {hours} hours", values, "minutes"
            )
            yield Finding(spec.id, fault, Fault("Put a break of 15 minutes before it."), grave=False)


def _nights_are_long_enough(agenda: _Agenda) -> Iterator[Finding]:
    for spec in agenda.main:
        if agenda.flows[spec.id].overnight and spec.minutes < LEAST_NIGHT:
            values = {"hours": f"{spec.minutes / 60:.1f}", "least": LEAST_NIGHT}
            fault = Fault("a night of {hours} hours is too short to sleep", values, "minutes")
            yield Finding(spec.id, fault, Fault("Make it {least} minutes.", values), grave=False)


def _side_tracks_fit(agenda: _Agenda) -> Iterator[Finding]:
    for spec in agenda.specs:
        host = agenda.by_id.get(spec.beside)
        if host is not None and not spec.channel and spec.minutes > host.minutes:
            values = {"minutes": spec.minutes, "host": host.id, "of": host.minutes}
            fault = Fault("it lasts {minutes} minutes beside {host}, which lasts {of}", values, "minutes")
            yield Finding(spec.id, fault, Fault("Shorten it, or give it a place of its own."), grave=False)


Check = Callable[[_Agenda], Iterable[Finding]]
CHECKS: tuple[Check, ...] = (
    _inputs_come_before,
    _inputs_are_of_use,
    _needs_are_met,
    _teams_and_entries_are_there,
    _deadlines_lie_inside,
    _rankings_are_used,
    _people_rest,
    _nights_are_long_enough,
    _side_tracks_fit,
)
