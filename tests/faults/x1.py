"""Everybody tries every command there is, in every phase, over the socket and as a form."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from sessions.activities import activity_class, kinds
from sessions.audience import ACTORS, CONSOLE_ROLES, READERS, ROLES, SESSION_RIGHTS, Right, roles_named
from tests.faults.finding import SMALL, Finding
from tests.faults.line import Line, handshake
from tests.faults.phone import SOON, Phone
from tests.faults.venue import Venue
from tests.faults.web import Web
from tests.support import examples
from tests.support.examples import Example
from tests.support.patience import within

CHECKED = (
    "what neither the session's table nor the kind's lists for a role, in the state the phase is in, is denied and "
    "leaves the log as it was; what is listed is not denied; strangers are not even let in"
)
BROKEN = ("open_table",)
PROVED = BROKEN

FORMATS = {SMALL: 1}
"""How many formats of the shelf are tried; in full all of them, and the example of each kind."""
SOME = {SMALL: slice(2, 3)}
"""Phases that open one after the other, and are looked at each time; in full all that take their turn."""
SHARE = {SMALL: 0.2}
"""How much of it all is tried over the socket (each time other things)."""
BY_FORM = {SMALL: 0.004}
"""How much of it is tried as a form as well."""
DENIALS = {"not_allowed", "unknown_command", "not_open", "closed", "still_open", "not_joined", "not_yours"}
FLATLY = "not_allowed"
"""What nobody may hear who gives a command that is theirs to give (a rule may know it only in some of its modes)."""
NO_COMMANDS = ("no_such_command", "decide", "evolve", "show", "session_created", "person_removed")
"""Words that a server might take for commands if it looked them up carelessly."""
CHUNK = 200


class Try(NamedTuple):
    role: str
    phase: str
    command: str


@dataclass
class Table:
    """Who may do what: the format's rows and the tables as they are written, looked up without the session's help."""

    rows: Mapping[str, Mapping[str, Any]]
    states: dict[str, str] = field(default_factory=dict)

    def lists(self, tried: Try) -> bool:
        if tried.command in SESSION_RIGHTS:
            return tried.role in SESSION_RIGHTS[tried.command]
        row = self.rows[tried.phase]
        right = _rights(row["kind"]).get(tried.command)
        if right is None or self.states.get(tried.phase) not in right.states:
            return False
        acting = right.roles >= ACTORS and tried.role in _actors(tuple(row.get("who", ("everyone",))))
        return tried.role in right.roles or acting

    def look(self, held: Venue) -> None:
        """The states of the phases, as the log on disk tells them."""
        told = {"phase_opened": "open", "phase_reopened": "open", "phase_closed": "closed"}
        for entry in held.log():
            if entry.kind in told:
                self.states[entry.phase] = told[entry.kind]


@cache
def _rights(kind: str) -> Mapping[str, Right]:
    return activity_class(kind).rights


@cache
def _actors(who: tuple[str, ...]) -> frozenset[str]:
    return roles_named(who)


@dataclass
class Attempt:
    """Everything that is tried against one server."""

    held: Venue
    finding: Finding
    dose: str
    people: dict[str, Phone] = field(default_factory=dict)
    chance: Random = field(default_factory=lambda: Random(1))

    rows: Sequence[Mapping[str, Any]] = ()
    """The format's."""

    def __post_init__(self) -> None:
        self.table = Table({row["id"]: row for row in self.rows})
        self.commands = sorted(
            {*SESSION_RIGHTS, *NO_COMMANDS, *(name for kind in kinds() for name in _rights(kind))}
        )

    # ---- people

    async def let_in(self) -> None:
        """One of every role. Roles are given by the facilitator; the projector has a link."""
        self.people["facilitator"] = console = await self.held.staff()
        self.people["screen"] = await self.held.staff("screen")
        await console.load(keep=False)
        await console.connect()
        for role in sorted(ROLES - self.people.keys()):
            guest = (await self.held.people(1))[0]
            await guest.load(keep=False)
            assert isinstance(await console.say("grant_role", person=guest.person, role=role), int)
            guest.view = "console" if role in CONSOLE_ROLES else "phone"
            self.people[role] = guest
        await self.people["screen"].load(keep=False)
        for role, phone in self.people.items():
            if role not in READERS - {"screen"} and not phone.connected:
                await phone.connect()
        self.held.arm()

    # ---- a sweep

    async def sweep(self) -> None:
        """In the state that the session is in now."""
        self.table.look(self.held)
        denied = [tried for tried in self._tries(SHARE.get(self.dose, 1.0)) if not self.table.lists(tried)]
        before = len(self.held.log())
        for role in self.people:
            await self._by_socket([tried for tried in denied if tried.role == role])
        by_form = self.chance.sample(
            denied, int(len(denied) * BY_FORM.get(self.dose, 0.03) / SHARE.get(self.dose, 1.0))
        )
        await self._by_form(by_form)
        await self._strangers(self.chance.sample(denied, 5))
        happened = self.held.log()[before:]
        for entry in happened:
            self.finding.violations.append(f"what was denied has happened: {entry.kind} in {entry.phase}")
        await self._listed_is_not_denied()

    def _tries(self, share: float) -> Iterator[Try]:
        for role in self.people:
            for phase in self.table.rows:
                for command in self.commands:
                    if self.chance.random() < share:
                        yield Try(role, phase, command)

    async def _by_socket(self, tries: list[Try]) -> None:
        for begin in range(0, len(tries), CHUNK):
            chunk, phone = tries[begin : begin + CHUNK], self.people[tries[0].role]
            if not phone.connected:
                self._note(chunk[0], "no socket")
                self.finding.check(
                    phone.view == "phone" and chunk[0].role in READERS, f"{chunk[0].role} has no socket"
                )
                continue
            names = {phone.give(tried.command, tried.phase): tried for tried in chunk}
            await phone.until(lambda p=phone: not p.outbox)
            for name, tried in names.items():
                self._note(tried, phone.refused.pop(name, "accepted"))

    async def _by_form(self, tries: list[Try]) -> None:
        async with Web(self.held.port) as web:
            for tried in tries:
                phone = self.people[tried.role]
                fields = {"command": tried.command, "phase": tried.phase}
                path = f"/s/{self.held.code}/do?view={phone.view}"
                answer = await web.post(path, fields, phone.cookie, "Accept: application/json")
                told = json.loads(answer.body)
                self._note(tried, told.get("reason", "accepted"))
                self.finding.check(answer.status in (403, 422), f"{tried} as a form: status {answer.status}")

    async def _strangers(self, tries: list[Try]) -> None:
        """Without a cookie, with one that nobody has given, with one of another session."""
        for cookie in ("", f"race={'x' * 43}", "race-console=; race-screen="):
            for view in ("phone", "console", "screen"):
                await self._stranger(cookie, view, tries)

    async def _stranger(self, cookie: str, view: str, tries: list[Try]) -> None:
        said: list[str] = []
        loop, port = asyncio.get_running_loop(), self.held.port
        _, line = await loop.create_connection(lambda: Line(said.append), "127.0.0.1", port)
        line.raw(handshake(f"/s/{self.held.code}/live?view={view}", f"127.0.0.1:{port}", cookie))
        await within(line.closed.wait(), SOON)
        self.finding.injected += 1
        self.finding.check(line.code in (1008, 1006) and not said, f"a stranger was let in to {view}: {said}")
        async with Web(port) as web:
            for tried in tries:
                fields = {"command": tried.command, "phase": tried.phase}
                answer = await web.post(f"/s/{self.held.code}/do?view={view}", fields, cookie)
                self.finding.injected += 1
                self.finding.check(answer.status == 403, f"a stranger's {tried.command}: {answer.status}")

    def _note(self, tried: Try, told: str) -> None:
        self.finding.injected += 1
        ok = told in DENIALS or told == "no socket"
        self.finding.check(ok, f"{tried.role} gave {tried.command} in {tried.phase}: {told}")

    async def _listed_is_not_denied(self) -> None:
        """What the kinds list is let through to the rule (which has its own reasons to say no to empty forms)."""
        for tried in [tried for tried in self._tries(1.0) if tried.command not in SESSION_RIGHTS]:
            phone = self.people[tried.role]
            if phone.connected and self.table.lists(tried):
                told = await phone.say(tried.command, tried.phase)
                self.finding.injected += 1
                self.finding.check(
                    told != FLATLY, f"{tried.role} was denied {tried.command} in {tried.phase}: {told}"
                )
                if isinstance(told, int):
                    self.table.look(self.held)


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    finding = Finding()
    for name in examples.names()[: FORMATS.get(dose)]:
        await _try_all(dose, _made(folder / name), broken, examples.example(name), finding)
    return finding


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


async def _try_all(dose: str, folder: Path, broken: str, example: Example, finding: Finding) -> None:
    """In one format, or one kind's example."""
    held = Venue(folder, broken)
    await held.begin(dict(example.data))
    try:
        await held.start()
        attempt = Attempt(held, finding, dose, rows=example.rows)
        await attempt.let_in()
        console = attempt.people["facilitator"]
        track = [row["id"] for row in example.rows if not row.get("beside") and not row.get("later")]
        for phase in track[SOME.get(dose, slice(None))]:
            await attempt.sweep()
            await console.say("open_phase", phase)
        await attempt.sweep()
        for phone in attempt.people.values():
            await phone.leave()
    finally:
        await held.kill()
    finding.notes.append(
        f"{example.name}: {len(attempt.commands)} commands, {len(attempt.people)} roles, "
        f"{len(attempt.table.rows)} phases"
    )
