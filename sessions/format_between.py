"""What is wrong between the phases of a format, each of which is right for itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from sessions.format import Spec
from sessions.format_findings import Between, Finding
from sessions.format_rules import Fault

MOST_WITHOUT_PAUSE = 5 * 60
"""Minutes."""
LEAST_NIGHT = 7 * 60
"""Minutes of a pause that is a night: 420 is what people need to have slept (replanning, check ``rest_short``)."""


def _inputs_come_before(phases: Between) -> Iterator[Finding]:
    for spec in phases.specs:
        for name in phases.own_inputs(spec):
            if phases.begins(phases.by_id[name]) >= phases.begins(spec):
                fault = Fault("{input} has not been held when this phase opens", {"input": name}, "inputs")
                yield Finding(spec.id, fault, Fault("Move it after {input}.", {"input": name}))


def _inputs_are_of_use(phases: Between) -> Iterator[Finding]:
    for spec in phases.specs:
        flow = phases.flows[spec.id]
        of_use = flow.needs | flow.uses
        for name in phases.own_inputs(spec):
            gives = phases.flows[name].gives
            if not gives & of_use:
                values = {
                    "input": name,
                    "gives": ", ".join(sorted(gives)) or "nothing",
                    "uses": ", ".join(sorted(of_use)) or "nothing",
                }
                text = "{input} hands on {gives}, and this phase can use {uses}"
                yield Finding(spec.id, Fault(text, values, "inputs"), Fault("Take it out of inputs."))


def _needs_are_met(phases: Between) -> Iterator[Finding]:
    for spec in phases.specs:
        for part in sorted(phases.flows[spec.id].needs - phases.handed(spec)):
            sources = [s.id for s in phases.specs if _may_feed(phases, s, spec, part)]
            remedy = Fault("Name {sources} in inputs.", {"sources": " or ".join(sources[-2:])})
            nowhere = Fault(
                "Put a phase that hands on {part} before it, and name it in inputs.", {"part": part}
            )
            fault = Fault("it needs {part} to work on, and no input hands on any", {"part": part}, "inputs")
            yield Finding(spec.id, fault, remedy if sources else nowhere)


def _may_feed(phases: Between, source: Spec, spec: Spec, part: str) -> bool:
    return part in phases.flows[source.id].gives and phases.begins(source) < phases.begins(spec)


def _teams_and_entries_are_there(phases: Between) -> Iterator[Finding]:
    for spec in phases.specs:
        flow, before = phases.flows[spec.id], phases.before(spec)
        if flow.about_entries and not any(earlier.begins_entries for earlier in before):
            fault = Fault("it is about projects, and none begins before it", {}, "kind")
            yield Finding(spec.id, fault, Fault("Put a vote with begins_entries = true before it."))
        elif flow.of_teams and not any(earlier.begins_teams for earlier in before):
            fault = Fault("it is for teams, and none are formed before it", {}, "kind")
            yield Finding(spec.id, fault, Fault("Put a phase of kind team before it."))


def _deadlines_lie_inside(phases: Between) -> Iterator[Finding]:
    for spec in phases.specs:
        late = [minute for minute in phases.flows[spec.id].deadlines if minute > spec.minutes]
        if late:
            values = {"minute": f"{late[0]:g}", "minutes": spec.minutes}
            fault = Fault(
                "a deadline in minute {minute} lies after its end in minute {minutes}", values, "minute"
            )
            yield Finding(spec.id, fault, Fault("Move the deadline, or make the phase longer."))


def _rankings_are_used(phases: Between) -> Iterator[Finding]:
    eaten = {name for spec in phases.specs for name in spec.inputs}
    for spec in phases.specs:
        flow = phases.flows[spec.id]
        if (
            "ranking" in flow.gives
            and not flow.begins_entries
            and "awards" not in flow.gives
            and flow.needs  # else it is a poll, or its result stands in the records of what it was about
            and spec.id not in eaten
        ):
            remedy = Fault("Name it in the inputs of a phase that goes on from it.")
            fault = Fault("nothing later uses its result", {}, "id")
            yield Finding(spec.id, fault, remedy, grave=False)


def _people_rest(phases: Between) -> Iterator[Finding]:
    awake, since = 0, ""
    for spec in phases.main:
        if phases.flows[spec.id].rests:
            awake = 0
            continue
        awake, since = awake + spec.minutes, since if awake else spec.id
        if awake > MOST_WITHOUT_PAUSE and awake - spec.minutes <= MOST_WITHOUT_PAUSE:
            values = {"since": since, "hours": f"{awake / 60:.1f}"}
            fault = Fault(
                "by its end people have had no pause since {since}: {hours} hours", values, "minutes"
            )
            yield Finding(spec.id, fault, Fault("Put a break of 15 minutes before it."), grave=False)


def _nights_are_long_enough(phases: Between) -> Iterator[Finding]:
    for spec in phases.main:
        if phases.flows[spec.id].overnight and spec.minutes < LEAST_NIGHT:
            values = {"hours": f"{spec.minutes / 60:.1f}", "least": LEAST_NIGHT}
            fault = Fault("a night of {hours} hours is too short to sleep", values, "minutes")
            yield Finding(spec.id, fault, Fault("Make it {least} minutes.", values), grave=False)


def _side_tracks_fit(phases: Between) -> Iterator[Finding]:
    for spec in phases.specs:
        host = phases.by_id.get(spec.beside)
        if host is not None and not spec.channel and spec.minutes > host.minutes:
            values = {"minutes": spec.minutes, "host": host.id, "of": host.minutes}
            fault = Fault("it lasts {minutes} minutes beside {host}, which lasts {of}", values, "minutes")
            yield Finding(spec.id, fault, Fault("Shorten it, or give it a place of its own."), grave=False)


Check = Callable[[Between], Iterable[Finding]]
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
