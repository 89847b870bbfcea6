"""A dry run: what does not work out in a format when simulated people play it, though each of its words is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.drawing.render import Renderer
from app.rehearsal.casting import TooFew, cast_for
from app.rehearsal.dry.player import FACILITATOR, Player
from app.rehearsal.dry.scratch import Scratch, Stuck, plain
from app.rehearsal.dry.walk import Walk
from app.rehearsal.habits import habits_of
from sessions.agenda import PLANNED, Phase
from sessions.format import Format, read_format
from sessions.format_findings import Finding
from sessions.format_rules import Fault

SEED = 1
GONE_WRONG = Fault("If its rules are right, this is a mistake of the program: please report it.")


def dry_run(data: Mapping[str, Any], people: int, renderer: Renderer) -> list[Finding]:
    """What so many simulated people stumble over in a format without grave faults, in the order of its phases.

    Grave is a phase that cannot be opened, played or left. Worth a look is one in which nobody has anything to do, or
    that came short although everybody has done what they could.
    """
    form = plain(data)
    programme = read_format(form)
    try:
        parts = cast_for(programme, people, SEED)
    except TooFew as error:
        fault = Fault("it takes at least {fewest} people", {"fewest": error.fewest})
        return [Finding("", fault, grave=False)]
    scratch = Scratch(form)
    scratch.join(FACILITATOR, "facilitator")
    return _DryRun(programme, Walk(Player(scratch, renderer, parts))).played()


@dataclass
class _DryRun:
    programme: Format
    walk: Walk
    found: list[Finding] = field(default_factory=list)

    @property
    def player(self) -> Player:
        return self.walk.player

    def played(self) -> list[Finding]:
        """Play it to its end, or as far as it goes."""
        try:
            for phase in self.walk.phases():
                for left in (phase, *self.player.session.agenda.beside(phase)):
                    self.found += self._left_over(left)
        except Stuck as error:
            return [Finding(self.walk.at, Fault("{error}", {"error": str(error)}))]
        except Exception as error:  # the last net: whatever a format makes the rules stumble over
            said = {"kind": type(error).__name__, "text": str(error)}
            return [Finding(self.walk.at, Fault("it cannot be played ({kind}: {text})", said), GONE_WRONG)]
        return sorted([*self.found, *self._unattended()], key=self._place)

    def _place(self, finding: Finding) -> int:
        return [spec.id for spec in self.programme.specs].index(finding.phase)

    def _left_over(self, phase: Phase) -> Iterator[Finding]:
        """What has not worked out when everybody has done what they could and the phase is left."""
        people = {"people": len(self.player.parts)}
        for fault in phase.activity.came_short() if phase.activity else ():
            short = Fault(f"with {{people}} people {fault.text}", {**people, **fault.values}, fault.key)
            yield Finding(phase.id, short, grave=False)

    def _unattended(self) -> Iterator[Finding]:
        for spec in self.programme.specs:
            heart, people = habits_of(spec.kind).heart, {"people": len(self.player.parts)}
            if self.player.session.agenda.phases[spec.id].state == PLANNED:
                yield Finding(spec.id, Fault("it was never opened"), grave=False)
            elif heart and not any((spec.id, command) in self.player.taken for command in heart):
                fault = Fault("with {people} people nobody has anything to do in it", people, "who")
                yield Finding(spec.id, fault, Fault("Look at who, and at inputs."), grave=False)
