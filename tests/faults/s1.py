"""Races of 48 simulated hours in which anybody does anything, while disk and network misbehave and the server dies.

The real rules, desk, timekeeper and fan-out run in a world where hours take seconds (world.py). Hypothesis decides what
happens in each hour, and finds the shortest story when something does not hold.
"""

from __future__ import annotations

import ast
import asyncio
import logging
import os
import subprocess
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from app.drawing.render import Renderer
from app.live import deadlines
from app.settings import ROOT, Settings
from sessions.messages import FieldValue
from sessions.session import Session
from tests.faults import broken as variants
from tests.faults.finding import SMALL, Finding
from tests.faults.world import CALM, SHAKY, STORMY, Viewer, World, clocks_events, id_of
from tests.sessions.test_rules_machine import ROOM, SEEDS, Actors, race, standing
from tests.support.random_people import NOT_AT_RANDOM, fill, forms_in
from tests.support.stage import START

CHECKED = (
    "what is acknowledged is on disk; each command has happened once, each deadline at its moment; the log folds to "
    "the state that was live; pages that lived through it are right; every refusal and every mishap was reached"
)
BROKEN = ("forgetful", "skipped_touch")
PROVED = ("forgetful",)

RACES = {SMALL: 3}
HOURS = {SMALL: 6}
HOUR = 3600.0
LATE = 10.0
"""Seconds after its moment in which a deadline is met while server and disk are well."""
HAPPENINGS = 4
"""Bursts of commands in an hour."""
RULES_TESTS = (
    "tests/activities",
    *(
        f"tests/test_{name}.py"
        for name in ("audience", "gathering", "interest", "session", "steering", "rules_machine")
    ),
)
FORMS = 6
"""Forms that are filled in at a time."""
VIEWS = (("phone", "aino"), ("console", "kim"), ("screen", "sc"), ("mine", "ben"), ("team", "cy"))
MISHAPS = (
    "lost",
    "doubled",
    "disk_refuses",
    "disk_forgets",
    "disk_lies",
    "the server died",
    "refused as not_stored",
)


class Storm(RuleBasedStateMachine, Actors):
    """One race. Each step is an hour of it."""

    renderer: ClassVar[Renderer]
    hours: ClassVar[int] = 0
    mishaps: ClassVar[Counter[str]] = Counter()
    refused: ClassVar[Counter[str]] = Counter()
    accepted: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.world = World(race(), self.renderer)

    @property
    def session(self) -> Session:
        return self.world.session

    def give(self, name: str, by: str, phase: str, fields: Mapping[str, FieldValue], seed: int = 7) -> None:
        self.world.give(name, by, phase, fields, seed)

    def next(self, chance: Random) -> None:
        current = self.session.agenda.current
        self.give("take_over", "kim", "", {})
        self.give("next_phase", "kim", current.id if current else "", {})

    def forms(self, chance: Random) -> None:
        """People fill in forms that are on their pages."""
        for _ in range(FORMS):
            viewer = chance.choice(self.world.viewers)
            offered = [form for form in forms_in(viewer.fresh()) if not form.commands & NOT_AT_RANDOM]
            if offered:
                fields = fill(chance.choice(offered), chance)
                name, phase = str(fields.pop("command")), str(fields.pop("phase", ""))
                self.give(name, viewer.person, phase, fields, chance.getrandbits(30))

    # the hours

    @initialize(seed=SEEDS, skipped=st.integers(0, 20))
    def people_come(self, seed: int, skipped: int) -> None:
        """Everybody is let in; some races begin late, so that every phase gets its turn."""
        self.world.chance = Random(seed)
        self.world.run(self._come(Random(seed), skipped))

    async def _come(self, chance: Random, skipped: int) -> None:
        await self.world.start()
        for person, role in {"kim": "facilitator", "sc": "screen", **ROOM}.items():
            self.world.give(
                "join", "door", "", {"person": person, "role": role, "language": "en", "organisation": ""}
            )
        await self.world.calm_down()
        self.world.viewers = [Viewer(self.world, *who) for who in VIEWS]
        for _ in range(skipped):
            for act in (self.next, self.everybody, self.team, self.say):
                act(chance)
                await asyncio.sleep(1.0)
        await self.world.calm_down()

    @rule(seed=SEEDS)
    def a_calm_hour(self, seed: int) -> None:
        self.world.weather = CALM
        self.world.run(self._hour(Random(seed)))

    @rule(seed=SEEDS)
    def an_hour_of_bad_network(self, seed: int) -> None:
        self.world.weather = STORMY
        self.world.run(self._hour(Random(seed), cuts=True))

    @rule(seed=SEEDS)
    def an_hour_of_bad_disk(self, seed: int) -> None:
        self.world.weather = SHAKY
        self.world.run(self._hour(Random(seed)))

    @rule(seed=SEEDS)
    def an_hour_in_which_the_server_dies(self, seed: int) -> None:
        self.world.weather = STORMY
        self.world.run(self._hour(Random(seed), cuts=True, dies=True))

    async def _hour(self, chance: Random, cuts: bool = False, dies: bool = False) -> None:
        well = self.world.weather is CALM
        begin, known, until = (
            self.world.loop.time(),
            len(self.world.disk.events),
            self.world.loop.time() + HOUR,
        )
        for _ in range(HAPPENINGS):
            getattr(self, chance.choice(ACTS))(chance)
            await asyncio.sleep(chance.uniform(0, 30.0))
            if cuts:
                self._cut(chance)
            if dies and chance.random() < 0.5:
                await self.world.die()
                await asyncio.sleep(chance.uniform(0, 60.0))
                await self.world.start()
            await asyncio.sleep(chance.uniform(0, HOUR / HAPPENINGS / 2))
        await self.world.calm_down()
        await asyncio.sleep(max(0.0, until - self.world.loop.time()))
        Storm.hours += 1
        self._look(begin, known, well)

    def _cut(self, chance: Random) -> None:
        for viewer in self.world.viewers:
            if chance.random() < 0.5:
                viewer.cut()
            if chance.random() < 0.7:
                viewer.come_back()

    # what must hold

    def _look(self, begin: float, known: int, well: bool) -> None:
        world, log = self.world, self.world.disk.events
        assert not world.faults, world.faults
        assert [event.seq for event in log] == list(range(1, len(log) + 1)), "the log has a gap"
        runs = [e.command for i, e in enumerate(log) if i == 0 or log[i - 1].command != e.command]
        assert len(runs) == len(set(runs)), (
            f"happened twice: {[c for c, n in Counter(runs).items() if n > 1]}"
        )
        self._acknowledged()
        self._deadlines(known, well)
        self._folds()
        for viewer in world.viewers:
            assert not (told := viewer.differs()), f"the {viewer.view} of {viewer.person}: {told}"

    def _acknowledged(self) -> None:
        ends: dict[str, int] = {}
        for event in self.world.disk.events:
            ends[id_of(event)] = event.seq
        for name, seq in self.world.acked.items():
            assert ends.get(name) == seq, f"{name} was acknowledged as {seq} and stands at {ends.get(name)}"

    def _deadlines(self, known: int, well: bool) -> None:
        """The id of what the clock does ends with the moment that it is for."""
        for event in clocks_events(self.world.disk.events[known:]):
            if ":" not in id_of(event):  # somebody here has spoken in its name
                continue
            due = float(id_of(event).rpartition(":")[2])
            assert event.at >= due - 0.001, f"{event.command} came {due - event.at} s too early"
            assert not well or event.at <= max(due, START + 1) + LATE, (
                f"{event.command} came {event.at - due} s late"
            )

    def _folds(self) -> None:
        again = Session(self.session.key_of)
        for event in self.world.disk.events:
            again.evolve(event)
        live, folded = standing(self.session), standing(again)
        for name, value in live.items():
            assert folded[name] == value, name

    def teardown(self) -> None:
        for total, ours in (
            (Storm.mishaps, "counted"),
            (Storm.refused, "refused"),
            (Storm.accepted, "accepted"),
        ):
            total.update(getattr(self.world, ours))
        self.world.end()


ACTS = ("say",) * 4 + ("everybody",) * 2 + ("forms",) * 3 + ("steer", "team", "next")


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    return await asyncio.to_thread(play, dose, broken)


def play(dose: str, broken: str) -> Finding:
    """In a thread of its own: the world has an event loop of its own."""
    finding, refusals = Finding(), set(every_refusal())
    bounded = settings(
        max_examples=RACES.get(dose, 200),
        stateful_step_count=HOURS.get(dose, 48) + 1,
        deadline=None,
        database=None,
        derandomize=True,
        print_blob=False,
        phases=[Phase.generate] if dose == SMALL else [Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    for total in (Storm.mishaps, Storm.refused, Storm.accepted):
        total.clear()
    Storm.hours, Storm.renderer = 0, Renderer(Settings().templates)
    with variants.here(broken) as patch:
        patch.setattr(deadlines, "new_seed", lambda: 7)
        logging.disable(logging.CRITICAL)
        try:
            run_state_machine_as_test(Storm, settings=bounded)
        except Exception as error:
            finding.violations.append(f"{type(error).__name__}: {error}"[:1500])
            traceback.print_exc()
        finally:
            logging.disable(logging.NOTSET)
    reached = refusals & (
        Storm.refused.keys() | (refused_in_tests() if dose != SMALL and not broken else set())
    )
    finding.check(
        dose == SMALL or bool(broken) or reached == refusals, f"never refused: {refusals - reached}"
    )
    never = [name for name in MISHAPS if not Storm.mishaps[name]]
    finding.check(dose == SMALL or not never, f"never happened: {never}")
    finding.injected = sum(Storm.mishaps[name] for name in MISHAPS)
    finding.notes.append(f"{Storm.hours:,} simulated hours; {dict(Storm.mishaps)}")
    finding.notes.append(
        f"{sum(Storm.accepted.values()):,} commands accepted, {sum(Storm.refused.values()):,} refused"
    )
    finding.notes.append(
        f"{len(reached)} of {len(refusals)} refusals; not {', '.join(sorted(refusals - reached))}"
    )
    return finding


def refused_in_tests() -> set[str]:
    """The codes of the refusals that the rules' own tests reach, counted while they run."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "refused"
        environment = {**os.environ, "RACE_TEST_REFUSED": str(told)}
        command = (
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "tests.faults.refusals",
        )
        subprocess.run([*command, *RULES_TESTS], cwd=ROOT, env=environment, capture_output=True, check=False)
        return set(told.read_text("utf-8").split()) if told.exists() else set()


def every_refusal() -> Iterator[str]:
    """The codes of all refusals in the rules, as they stand in the source."""
    for path in (ROOT / "sessions").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "refuse" and node.args:
                code: Any = node.args[0]
                if isinstance(code, ast.Constant):
                    yield str(code.value)
