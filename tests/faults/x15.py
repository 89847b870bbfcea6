"""Whoever takes the database, its write-ahead log and the export tries to link secret ballots to their voters."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

from app.archive.export import export
from app.database import open_database
from app.live.desk import Desk
from app.streams import base_journal
from sessions.activities.vote.slate import shuffled
from sessions.audience import DOOR
from sessions.messages import Command
from tests.faults import broken as variants
from tests.faults.finding import SMALL, Finding
from tests.faults.linker import Attack, Ballot, Loot, attack
from tests.support.house import House, house
from tests.support.stage import phase, words

CHECKED = (
    "by order, time, ids, digests, place in the file, commits in the write-ahead log or the order of the form the "
    "linker is right no more often than chance, in the midst of a secret vote and after it; of a confidential vote the "
    "same linker finds everything"
)
BROKEN = ("numbered_slips", "unshaken_box", "form_order")
PROVED = BROKEN

VOTERS = {SMALL: 40}
ROUNDS = {SMALL: 1}
OPTIONS, MARKED = 14, 7
"""So many ballots are possible that hardly two are equal, and hardly one stands in its form's order by chance."""
WIPED_SECONDS = 2.0
"""Real seconds within which the write-ahead log is wiped, or is not going to be."""


def form() -> dict[str, Any]:
    write = {"fields": ["text"], "main": "text", "columns": ["need"], "per_person": 99}
    rules = {"method": "approval", "keep": "1"}
    return {
        "key": "x15",
        "title": words("X15"),
        "phase": [
            phase("collect", "N", rules=write),
            phase("vote", "C", inputs=["N"], rules={**rules, "ballots": "confidential"}),
            phase("vote", "S", inputs=["N"], rules={**rules, "ballots": "secret"}),
        ],
    }


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    finding, best = Finding(), dict[str, Attack]()
    with variants.here(broken) as patch:
        patch.setattr(base_journal, "WIPE_SECONDS", 0.05)
        for number in range(ROUNDS.get(dose, 20)):
            async with house(folder / str(number), form()) as home:
                await Robbery(home, await home.desk(), Random(number), finding, best).play(
                    VOTERS.get(dose, 200)
                )
    finding.notes += [f"at best, {of}: {found}" for of, found in best.items()]
    return finding


class Robbery:
    """Two votes of the same people, and what a linker makes of each; ``best`` keeps what went furthest."""

    def __init__(
        self, home: House, desk: Desk, chance: Random, finding: Finding, best: dict[str, Attack]
    ) -> None:
        self.home, self.desk, self.chance, self.finding, self.best = home, desk, chance, finding, best

    async def play(self, people: int) -> None:
        voters = [f"{self.chance.getrandbits(40):010x}" for _ in range(people)]
        await self._ask(Command("join", "kim", "", _person("kim", "facilitator")), DOOR)
        for voter in voters:
            await self._ask(Command("join", voter, "", _person(voter, "participant")), DOOR)
        await self._steer("open_phase", "N")
        for number in range(OPTIONS):
            await self._ask(
                Command("add_card", f"n{number}", "N", {"text": f"need {number}", "column": "need"}), "kim"
            )
        for name in ("C", "S"):
            await self._steer("open_phase", name)
            await self._hold(name, voters)

    async def _hold(self, name: str, voters: list[str]) -> None:
        """One vote: most come one after the other, some together; the linker comes twice."""
        truth, forms = {}, {}
        for place, voter in enumerate(self.chance.sample(voters, len(voters))):
            forms[voter] = shuffled([f"Nc{n}" for n in range(1, OPTIONS + 1)], voter, name)
            truth[voter] = frozenset(self.chance.sample(forms[voter], MARKED))
            await self._cast(name, voter, [option for option in forms[voter] if option in truth[voter]])
            if place == len(voters) // 2:
                await self._attack(name, truth, forms)
        await self._steer("close_phase", name)
        await self._attack(name, truth, forms, after=True)

    async def _cast(self, name: str, voter: str, options: list[str]) -> None:
        seed, number = self.chance.getrandbits(48), self.chance.getrandbits(128)
        await self._ask(Command("cast_ballot", f"{number:032x}", name, {"option": options}, seed), voter)

    async def _steer(self, name: str, phase: str) -> None:
        await self._ask(Command(name, f"{name}-{phase}", phase, {}, self.chance.getrandbits(48)), "kim")

    async def _ask(self, command: Command, by: str) -> None:
        told = await self.desk.submit(command, by)
        self.finding.check(isinstance(told, int), f"{command.name} was refused: {told}")

    # ---- the linker

    async def _attack(
        self, name: str, truth: Mapping[str, Ballot], forms: Mapping[str, Any], after: bool = False
    ) -> None:
        if name == "S":
            await self._wait_for_wiping()
        loot = await asyncio.to_thread(self._take, after)
        found = await asyncio.to_thread(attack, loot, name, truth, forms)
        self.finding.injected += found.guesses
        self._judge(name, found, "after the close" if after else "in its midst")

    async def _wait_for_wiping(self) -> None:
        wal = self.home.data / "race.sqlite-wal"
        with suppress(TimeoutError):
            async with asyncio.timeout(WIPED_SECONDS):
                while wal.exists() and wal.stat().st_size:
                    await asyncio.sleep(0.01)

    def _take(self, with_export: bool) -> Loot:
        """A copy of everything, as a thief or a backup would have it."""
        place = self.home.data.parent / f"loot-{self.home.data.name}"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        for file in self.home.data.glob("race.sqlite*"):
            shutil.copyfile(file, place / file.name)
        out = place / "out.zip"
        if with_export:
            export(open_database(self.home.data), self.home.code, out)
        return Loot(place / "race.sqlite", out if with_export else None)

    def _judge(self, name: str, found: Attack, when: str) -> None:
        if name == "C":
            self.finding.check(
                found.right == found.voters, f"the linker is no good: of a confidential vote {found}"
            )
        else:
            self.finding.check(not found.succeeded, f"secret ballots {when}: {found}")
        of = f"a {'confidential' if name == 'C' else 'secret'} vote {when}"
        self.best[of] = max(self.best.get(of, found), found, key=lambda each: each.right)


def _person(person: str, role: str) -> dict[str, Any]:
    return {"person": person, "role": role, "language": "en", "organisation": ""}
