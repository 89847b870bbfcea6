"""Every command, as often as chance gives it, before the eyes of every audience."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

from app.drawing.render import Renderer
from app.settings import ROOT, Settings
from sessions.activities import activity_class, kinds
from sessions.audience import SESSION_RIGHTS
from tests.faults import broken as variants
from tests.faults.finding import SMALL, Finding
from tests.support.random_people import RandomPeople
from tests.support.room import room
from tests.support.stage import Stage
from tests.support.viewers import Viewer
from tests.support.witness import PageWitness

CHECKED = "page before + what is pushed = page after, for each command and event, in each view, role and team"
BROKEN = ("skipped_touch",)
PROVED = BROKEN

SEEDS = {SMALL: 1}
ACTS = {SMALL: 6}
"""Forms that people send in each phase."""
PHASES = {SMALL: 8}


class Counting(PageWitness):
    """A witness that goes on after what it has seen."""

    def __init__(self, renderer: Renderer, finding: Finding) -> None:
        super().__init__(renderer)
        self.finding = finding

    def compare(self, viewer: Viewer) -> None:
        self.finding.injected += 1
        try:
            super().compare(viewer)
        except AssertionError as difference:
            self.finding.violations.append(str(difference)[:600])


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    finding = Finding(broken=broken)
    witness = Counting(Renderer(Settings().templates), finding)
    with variants.here(broken) as patch:
        patch.setattr(Stage, "witness", witness)
        for seed in range(SEEDS.get(dose, 60)):
            play(witness, seed, ACTS.get(dose, 20), PHASES.get(dose, 99))
            if finding.found_out:
                break
    given, known = {command for _, command, _ in witness.seen}, every_command()
    finding.notes.append(
        f"{len(given & known)} of {len(known)} commands by chance, {len(witness.seen)} different events of them"
    )
    if dose != SMALL and not broken:
        finding.notes.append(await the_kinds_own_tests(finding))
    return finding


def play(witness: Counting, seed: int, acts: int, phases: int) -> None:
    """One race in which everybody fills in whatever is on their page, begun at another phase each time."""
    stage = room()
    crowd = RandomPeople(stage, witness.renderer, seed)
    track = stage.session.agenda.main_track
    for phase in track[seed % 4 : seed % 4 + phases]:
        stage.do("take_over", "kim")
        stage.do("open_phase", "kim", phase.id)
        for _ in range(acts):
            crowd.act()
        if witness.finding.found_out:
            return


def every_command() -> set[str]:
    """All commands there are."""
    return {*SESSION_RIGHTS, *(name for kind in kinds() for name in activity_class(kind).rights)}


async def the_kinds_own_tests(finding: Finding) -> str:
    """The same witness looks on while the kinds' own tests give every command on purpose."""
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/activities")
    playing = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    told = (await playing.communicate())[0].decode()
    finding.check(playing.returncode == 0, f"a test of a kind failed: {told[-600:]}")
    passed = re.search(r"(\d+) passed", told)
    return f"{passed[1] if passed else 0} tests of the kinds passed before the same witness"
