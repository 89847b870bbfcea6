"""Alone, two, four, all: first everybody writes for themselves, then in drawn pairs, then two pairs together; at last
everybody sees all cards. Each stage has its minutes, and the clock begins the next one, or staff does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from sessions.activities.collect import changes
from sessions.activities.collect.events import StageBegun
from sessions.activity import EVERY_PANE, Change, Changed, Deadline
from sessions.audience import CLOCK
from sessions.messages import Command, Decision, Event, refuse
from sessions.mixing import mix

if TYPE_CHECKING:
    from sessions.activities.collect import Collect
    from sessions.people import Member

ALONE, TWO, FOUR, ALL = range(4)
SMALL = 3


def minutes(collect: Collect) -> list[float]:
    """How long each stage takes; nothing where people do not come together so."""
    return [float(each) for each in collect.rules.get("together", ())]


def next_stage(collect: Collect, command: Command, sender: Member, now: float) -> Decision:
    """Begin the next stage. Who is with whom is drawn, and pairs stay together."""
    lengths, stage = minutes(collect), collect.state.stage
    if not lengths or stage == ALL:
        return refuse("no_stage", "There is no further stage.")
    if sender.role == CLOCK and now < ends_at(collect):
        return []
    return [collect.event("stage_begun", stage=stage + 1, groups=_drawn(collect, stage + 1, command.seed))]


def _drawn(collect: Collect, stage: int, seed: int) -> list[list[str]]:
    """The groups of a stage: pairs (one of three where somebody is over), two pairs each, or none when all talk."""
    people = sorted(_here(collect), key=lambda person: mix(seed, person))
    if stage == TWO:
        return _by_two([[person] for person in people])
    if stage == FOUR:
        there = set(people)
        pairs = [[p for p in group if p in there] for group in collect.state.together]
        known = {person for group in pairs for person in group}
        return _joined([group for group in pairs if group], [p for p in people if p not in known])
    return []


def _joined(pairs: list[list[str]], late: list[str]) -> list[list[str]]:
    """Two pairs each; who has come since goes to the smallest."""
    fours = _by_two(pairs) or ([[]] if late else [])
    for person in late:
        min(fours, key=len).append(person)
    return fours


def _by_two(groups: list[list[str]]) -> list[list[str]]:
    """Two groups become one; one that is over, and of less than three people, goes with the last."""
    joined = [[p for group in groups[at : at + 2] for p in group] for at in range(0, len(groups), 2)]
    if len(groups) % 2 and len(joined) > 1 and len(joined[-1]) < SMALL:
        joined[-2:] = [joined[-2] + joined[-1]]
    return joined


def _here(collect: Collect) -> list[str]:
    return [member.id for member in collect.session.awaited_people(collect.phase.spec.who)]


def stage_begun(collect: Collect, event: Event) -> Iterable[Change]:
    body: StageBegun = event.body
    state = collect.state
    state.stage, state.together, state.stage_at = body["stage"], body["groups"], event.at
    state.revealed = state.revealed or body["stage"] == ALL
    return (EVERY_PANE, changes.WALL, changes.TALLY, Changed("kept"))


def ends_at(collect: Collect) -> float:
    """When the stage that is on is over: wall time."""
    return _began_at(collect) + minutes(collect)[collect.state.stage] * 60.0


def all_at(collect: Collect) -> float:
    """When everybody will see all cards, if every stage takes its time: wall time."""
    return _began_at(collect) + sum(minutes(collect)[collect.state.stage : ALL]) * 60.0


def _began_at(collect: Collect) -> float:
    return collect.state.stage_at or collect.phase.opened_at


def deadlines(collect: Collect) -> Iterator[Deadline]:
    """When the clock begins the next stage."""
    if minutes(collect) and collect.is_open and collect.state.stage < ALL:
        yield Deadline(ends_at(collect), "next_stage", str(collect.state.stage + 1))


def shown(collect: Collect) -> dict[str, Any] | None:
    """The stage that is on, for everybody; None where there are none, or the phase is over."""
    lengths = minutes(collect)
    if not lengths or not collect.is_open:
        return None
    many = len(collect.state.together)
    return {"stage": collect.state.stage, "until": ends_at(collect), "minutes": lengths, "groups": many}


def beside(collect: Collect, person: str) -> list[str] | None:
    """With whom somebody is in this stage; None where nobody is with anybody, nothing for who came after the draw."""
    if collect.state.stage not in (TWO, FOUR) or not collect.is_open:
        return None
    mine = next((group for group in collect.state.together if person in group), ())
    return [other for other in mine if other != person]
