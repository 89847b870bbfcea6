"""A hundred ballots of one person at once, changed minds, and closes that race with them; then counted again."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

from app.archive.export import export
from app.archive.verify import verify
from app.database import open_database
from app.live.desk import Desk
from sessions.audience import DOOR
from sessions.messages import Command, Refused
from tests.faults import broken as variants
from tests.faults.finding import SMALL, Finding
from tests.faults.recount import add_up, recount
from tests.support.house import House, house
from tests.support.stage import phase, words

CHECKED = (
    "one ballot of each person counts: the last that was acknowledged, or the only one of a secret vote; none after "
    "the close; the result is that of a recount that was written separately and reads the export alone"
)
BROKEN = ("two_ballots", "first_ballot")
PROVED = BROKEN

PEOPLE = {SMALL: 5}
AT_ONCE = {SMALL: 20}
"""Ballots of one person that are under way together."""
ROUNDS = {SMALL: 1}
OPTIONS = 6
CRITERIA = [{"id": "fit", "title": words("Fits"), "weight": 2}, {"id": "new", "title": words("New")}]
METHODS: dict[str, dict[str, Any]] = {
    "dots": {"method": "dots", "dots": 3, "max_per_option": 2},
    "approval": {"method": "approval"},
    "score": {"method": "score", "criteria": CRITERIA},
}
MODES = ("open", "confidential", "secret")
VOTES = [f"{mode}-{method}" for mode, method in product(MODES, METHODS)]
AFTER_THE_END = {"closed", "voted_already"}


def form() -> dict[str, Any]:
    """A vote of every mode and method about the same needs."""
    write = {"fields": ["text"], "main": "text", "columns": ["need"], "per_person": 99}
    votes = [
        phase(
            "vote",
            name,
            inputs=["N"],
            rules={**METHODS[method], "ballots": mode, "keep": "1", "ties": "keep"},
        )
        for name, (mode, method) in zip(VOTES, product(MODES, METHODS), strict=True)
    ]
    return {"key": "x14", "title": words("X14"), "phase": [phase("collect", "N", rules=write), *votes]}


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    finding, said = Finding(), Counter[str]()
    with variants.here(broken):
        for number in range(ROUNDS.get(dose, 10)):
            async with house(folder / str(number), form()) as home:
                election = Election(home, await home.desk(), Random(number), finding)
                await election.play(PEOPLE.get(dose, 20), AT_ONCE.get(dose, 100))
                said += election.said
    finding.notes.append(", ".join(f"{count:,} × {answer}" for answer, count in said.most_common()))
    return finding


class Election:
    """One session with a vote of every sort. ``kept`` is what the acknowledgements promise: vote to voter to marks."""

    def __init__(self, home: House, desk: Desk, chance: Random, finding: Finding) -> None:
        self.home, self.desk, self.chance, self.finding = home, desk, chance, finding
        self.kept: dict[str, dict[str, Any]] = {name: {} for name in VOTES}
        self.said: Counter[str] = Counter()

    async def play(self, people: int, at_once: int) -> None:
        voters = [f"v{number}" for number in range(people)]
        await self._come_in("kim", "facilitator")
        for voter in voters:
            await self._come_in(voter, "participant")
        await self._steer("open_phase", "N")
        for number in range(OPTIONS):
            await self._ask(
                Command("add_card", f"n{number}", "N", {"text": f"need {number}", "column": "need"}), "kim"
            )
        for name in VOTES:
            await self._steer("open_phase", name)
            await self._vote(name, voters, at_once)
        await self._check()

    async def _come_in(self, person: str, role: str) -> None:
        fields = {"person": person, "role": role, "language": "en", "organisation": ""}
        await self._ask(Command("join", f"join-{person}", "", fields), DOOR)

    async def _steer(self, name: str, phase: str) -> None:
        await self._ask(Command(name, f"{name}-{phase}", phase, {}, self.chance.getrandbits(48)), "kim")

    async def _ask(self, command: Command, by: str) -> None:
        told = await self.desk.submit(command, by)
        self.finding.check(isinstance(told, int), f"{command.name} was refused: {told}")

    # ---- a vote

    async def _vote(self, name: str, voters: list[str], at_once: int) -> None:
        """Everybody sends everything at once, some of it twice; somewhere among it comes the close."""
        ballots = [(voter, self._ballot(name, voter, n)) for voter in voters for n in range(at_once)]
        ballots += self.chance.sample(ballots, len(ballots) // 10)
        self.chance.shuffle(ballots)
        close = self.chance.randrange(len(ballots) // 2, len(ballots))
        waves = self.chance.sample(range(1, len(ballots)), 4)
        told: list[asyncio.Task[int | Refused]] = []
        closing: list[asyncio.Task[None]] = []
        for place, (voter, ballot) in enumerate(ballots):
            if place == close:
                closing.append(asyncio.create_task(self._steer("close_phase", name)))
            told.append(asyncio.create_task(self.desk.submit(ballot, voter)))
            if place in waves:
                await asyncio.sleep(self.chance.random() * 0.01)
        answers = await asyncio.gather(*told)
        await asyncio.gather(*closing)
        self.finding.injected += len(ballots)
        self._keep(name, ballots, answers)

    def _ballot(self, name: str, voter: str, number: int) -> Command:
        chosen = self.chance.sample(range(1, OPTIONS + 1), 3)
        fields: dict[str, Any] = {"option": [f"Nc{option}" for option in chosen]}
        if name.endswith("score"):
            names = [f"score-Nc{option}-{c}" for option in chosen for c in ("fit", "new")]
            fields = {field: self.chance.choice("12345") for field in names}
        return Command("cast_ballot", f"{name}-{number}", name, fields, self.chance.getrandbits(48))

    def _keep(self, name: str, ballots: list[tuple[str, Command]], answers: list[int | Refused]) -> None:
        """What the answers promise: the ballot with the highest seq that was acknowledged to each voter."""
        last: dict[str, int] = {}
        for (voter, ballot), told in zip(ballots, answers, strict=True):
            self.said[told.reason if isinstance(told, Refused) else "acknowledged"] += 1
            if isinstance(told, Refused):
                self.finding.check(
                    told.reason in AFTER_THE_END, f"{name}: {voter} was refused: {told.reason}"
                )
            elif told > last.get(voter, 0):
                last[voter], self.kept[name][voter] = told, _marks(ballot)
        seqs = {(v, told) for (v, _), told in zip(ballots, answers, strict=True) if isinstance(told, int)}
        if name.startswith("secret"):
            self.finding.check(
                len(seqs) == len(last), f"{name}: {len(seqs)} ballots of {len(last)} people were taken"
            )

    # ---- what came of it

    async def _check(self) -> None:
        out = self.home.data.parent / f"{self.home.data.name}.zip"
        await asyncio.to_thread(export, open_database(self.home.data), self.home.code, out)
        self.finding.violations += [*verify(out).problems, *recount(out)]
        for name in VOTES:
            self.finding.violations += self._broken_promises(name)

    def _broken_promises(self, name: str) -> Iterator[str]:
        """Where the result is not that of the ballots that were acknowledged."""
        rules = METHODS[name.partition("-")[2]]
        promised = add_up(rules, list(self.kept[name].values()))
        for row in self.desk.session.outcome(name).ranking:
            if abs(float(promised.get(row.option, 0)) - row.points) > 0.0005:
                yield f"{name}: {row.option} has {row.points}, and {float(promised.get(row.option, 0))} were promised"


def _marks(ballot: Command) -> dict[str, Any]:
    if "option" in ballot.fields:
        return dict.fromkeys(ballot.fields["option"], 1)
    scores: dict[str, Any] = {}
    for field, score in ballot.fields.items():
        _, option, criterion = field.split("-")
        scores.setdefault(option, {})[criterion] = int(str(score))
    return scores
