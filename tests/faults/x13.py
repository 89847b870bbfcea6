"""People are erased, by themselves and by staff; then every byte that the server has kept is searched for them."""

from __future__ import annotations

import asyncio
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from app.archive.export import export
from app.archive.verify import verify
from app.database import open_database
from tests.faults.finding import SMALL, Finding
from tests.faults.phone import Phone
from tests.faults.venue import Venue, venue
from tests.faults.web import Web
from tests.support.stage import phase, race48, words

CHECKED = (
    "database, write-ahead log, backup, export and the server's own log hold no name, organisation or contact; the "
    "chain still verifies; nobody else is touched"
)
BROKEN = ("remembered",)
PROVED = BROKEN

PEOPLE = {SMALL: 4}
"""How many are erased; as many more stay."""
SWEEP_SECONDS = 20.0
"""Real seconds within which the database has overwritten what was erased."""
NEVER_SWEPT = 1.0
"""The same for a server that leaves it as it is."""


@dataclass(frozen=True)
class Known:
    """What somebody has told of themselves; no other text holds any of it."""

    number: int

    @property
    def told(self) -> dict[str, str]:
        return {"name": f"Ängla Nr{self.number}ström", "organisation": f"Hemliga Nr{self.number} Åkeri"}

    @property
    def contact(self) -> str:
        return f"nr{self.number}@angla.example"

    @property
    def traces(self) -> dict[str, bytes]:
        """The same as it could be found on a disk."""
        said = {**self.told, "contact": self.contact}
        return {what: text.encode() for what, text in said.items()}


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    finding, many = Finding(), PEOPLE.get(dose, 100)
    known = [Known(number) for number in range(100, 100 + 2 * many)]
    async with venue(folder, broken, _form()) as held:
        phones = [await _comes(held, one) for one in known]
        console = await held.staff()
        await console.load(keep=False)
        await console.connect()
        await _accepted(console, "open_phase", phase="R01")
        for phone, one in zip(phones, known, strict=True):
            await _checks_in(phone, one)
        for one in known:
            finding.check(
                _found(folder, one) != [],
                f"{one.told['name']} could not be found before, so it proves nothing",
            )
        held.arm()
        for number, phone in enumerate(phones[:many]):
            who = {} if number % 2 else {"person": phone.person}
            await _accepted(phone if number % 2 else console, "erase_person", sure="yes", **who)
            finding.injected += 1
        await _swept(folder, known[:many], NEVER_SWEPT if broken else SWEEP_SECONDS)
        _look(finding, held, known, many)
    return finding


def _form() -> dict[str, object]:
    """The check-in of the real race, and nothing after it."""
    form = race48()
    return {
        **form,
        "phase": [form["phase"][0], phase("pause", "P2", rules={"reason": "meal"}, title=words("Soup"))],
    }


async def _comes(held: Venue, one: Known) -> Phone:
    async with Web(held.port) as web:
        answer = await web.post(f"/s/{held.code}/join", {**one.told, "language": "sv"})
    assert answer.status == 303, answer
    phone = Phone(held.port, held.code, answer.cookies)
    await phone.load(keep=False)
    await phone.connect()
    return phone


async def _checks_in(phone: Phone, one: Known) -> None:
    """Contact data comes with the check-in, beside what may stand in the log."""
    await _accepted(
        phone, "answer", phase="R01", contact=one.contact, consent="public", terms="yes", final="yes"
    )


async def _accepted(phone: Phone, command: str, phase: str = "", **fields: str) -> None:
    told = await phone.say(command, phase, **fields)
    assert isinstance(told, int), f"{command}: {told}"


async def _swept(folder: Path, gone: list[Known], seconds: float) -> None:
    """The database cleans up beside its work; it gets a moment."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while any(_found(folder, one) for one in gone):
                await asyncio.sleep(0.1)


def _look(finding: Finding, held: Venue, known: list[Known], many: int) -> None:
    """Search the folder, a backup and an export; verify the export; see that the others are still who they were."""
    kept = held.folder / "kept"
    kept.mkdir()
    with (
        closing(sqlite3.connect(held.database)) as source,
        closing(sqlite3.connect(kept / "backup")) as backup,
    ):
        source.backup(backup)
    database = open_database(held.folder)
    export(database, held.code, kept / "export.zip")
    report = verify(kept / "export.zip")
    finding.check(report.ok, f"the export does not verify: {report.problems}")
    for one in known[:many]:
        finding.violations += [f"{one.told['name']}: {trace}" for trace in _found(held.folder, one)]
    for one in known[many:]:
        finding.check(
            _found(kept / "backup", one) != [], f"{one.told['name']} is gone too, and did not ask for it"
        )
    finding.notes.append(f"{sum(1 for _ in _contents(held.folder))} files and parts of files searched")


def _found(place: Path, one: Known) -> list[str]:
    """Which of somebody's traces can be read where."""
    return [
        f"{what} in {where}"
        for where, content in _contents(place)
        for what, trace in one.traces.items()
        if trace in content
    ]


def _contents(place: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below, and what lies in archives."""
    for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
        if path.is_file():
            yield path.name, path.read_bytes()
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                yield from ((f"{path.name}/{name}", archive.read(name)) for name in archive.namelist())
