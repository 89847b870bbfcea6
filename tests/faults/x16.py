"""Whoever keeps a copy of the data folder after every ballot tries to link secret ballots and anonymous answers."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import orjson

from app.live.desk import Desk
from sessions.audience import DOOR
from sessions.ballot_boxes import written
from sessions.messages import Command
from tests.faults import broken as variants
from tests.faults.finding import SMALL, Finding
from tests.faults.states import State, attack
from tests.support.house import House, house
from tests.support.stage import phase, words

CHECKED = (
    "with copies of the database and its write-ahead log from before and after each ballot the linker is right no more "
    "often than chance, though it knows which slip is whose; no text stands in any copy before the count"
)
BROKEN = ("numbered_slips", "unpadded", "keys_inside")
PROVED = BROKEN

VOTERS = {SMALL: 24}
ROUNDS = {SMALL: 1}
OPTIONS = 14
FORM = {"id": "f", "fields": [{"id": "q", "type": "text", "limit": 500, "label": words("Why?")}]}


def form() -> dict[str, Any]:
    write = {"fields": ["text"], "main": "text", "columns": ["need"], "per_person": 99}
    secret = {"method": "approval", "keep": "1", "ballots": "secret"}
    return {
        "key": "x16",
        "title": words("X16"),
        "forms": {"f": FORM},
        "phase": [
            phase("collect", "N", rules=write),
            phase("vote", "V", inputs=["N"], rules=secret),
            phase("survey", "A", rules={"form": "f", "anonymous": True}),
        ],
    }


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    finding = Finding()
    with variants.here(broken):
        for number in range(ROUNDS.get(dose, 10)):
            async with house(folder / str(number) / "data", form()) as home:
                await Watch(home, await home.desk(), Random(number), finding).keep(VOTERS.get(dose, 60))
    return finding


class Watch:
    """A vote and a survey of the same people, with a copy of everything after each of them."""

    def __init__(self, home: House, desk: Desk, chance: Random, finding: Finding) -> None:
        self.home, self.desk, self.chance, self.finding = home, desk, chance, finding

    async def keep(self, people: int) -> None:
        voters = [f"{self.chance.getrandbits(40):010x}" for _ in range(people)]
        await self._ask(Command("join", "kim", "", _person("kim", "facilitator")), DOOR)
        for voter in voters:
            await self._ask(Command("join", voter, "", _person(voter, "participant")), DOOR)
        await self._ask(Command("open_phase", "o-N", "N"), "kim")
        for number in range(OPTIONS):
            card = {"text": f"need {number}", "column": "need"}
            await self._ask(Command("add_card", f"n{number}", "N", card), "kim")
        await self._hold("V", "cast_ballot", {voter: self._ballot() for voter in voters})
        await self._hold("A", "answer", {voter: self._answers() for voter in voters})

    def _ballot(self) -> dict[str, Any]:
        marked = self.chance.sample(range(1, OPTIONS + 1), self.chance.randint(4, 10))
        return {"option": [f"Nc{number}" for number in sorted(marked)]}

    def _answers(self) -> dict[str, Any]:
        return {"q": f"{self.chance.getrandbits(64):016x}{'x' * self.chance.randint(0, 400)}"}

    async def _hold(self, name: str, command: str, sent: dict[str, dict[str, Any]]) -> None:
        """Everybody sends theirs, one after the other."""
        await self._ask(Command("open_phase", f"o-{name}", name), "kim")
        states = [State.of(self.home.data)]
        for voter, fields in self.chance.sample([*sent.items()], len(sent)):
            await self._ask(Command(command, f"c-{name}", name, fields), voter)
            states.append(State.of(self.home.data))
        truth = {voter: _text(fields) for voter, fields in sent.items()}
        found = attack(states, self.home.code, name, truth)
        self.finding.injected += found.guesses
        self.finding.notes.append(f"{name}: {found}")
        self.finding.check(not found.succeeded, f"{name}: {found}")
        await self._ask(Command("close_phase", f"z-{name}", name, {}, 7), "kim")
        counted = State.of(self.home.data).content
        known = sum(_body(text) in counted for text in truth.values())  # a page may end in the midst of one
        self.finding.check(known > len(truth) / 2, f"{name}: the linker looks for what is not there: {known}")

    async def _ask(self, command: Command, by: str) -> None:
        told = await self.desk.submit(command, by)
        self.finding.check(isinstance(told, int), f"{command.name} was refused: {told}")


def _text(fields: dict[str, Any]) -> bytes:
    """What was sent, as it is written wherever it is written at all."""
    if "option" in fields:
        return written(dict.fromkeys(sorted(fields["option"]), 1)).encode()
    return orjson.dumps(fields)


def _body(text: bytes) -> bytes:
    """What of it the log has after the count: texts stand there without their question."""
    return text.removeprefix(b'{"q":').removesuffix(b"}") if text.startswith(b'{"q":') else text


def _person(person: str, role: str) -> dict[str, Any]:
    return {"person": person, "role": role, "language": "en", "organisation": ""}
