"""The end of a rehearsal: what everybody was told is held against the export, and the export against itself."""

from __future__ import annotations

import zipfile
from collections.abc import Collection
from pathlib import Path

from app.archive.export import export
from app.archive.line import read
from app.archive.verify import verify
from app.database import open_database
from app.rehearsal.account.audit import audit, read_lines, read_records
from app.rehearsal.account.claims import Claim
from app.rehearsal.account.outcome import Outcome
from app.rehearsal.account.participation import done_by_clock, participation
from app.rehearsal.venue.venue import Venue


def hold_to_account(outcome: Outcome, venue: Venue, spoil: str = "") -> None:
    """Export, verify, audit, and look who took part; everything found goes into the outcome."""
    people, file = venue.company.people, venue.server.data / f"{venue.code}.zip"
    outcome.claims = [
        Claim(person.id, sent) for person in people for sent in person.memory.outbox.all.values()
    ]
    outcome.connections = sum(seat.live_page.connections for seat in venue.seats)
    outcome.events = export(open_database(venue.server.data, venue.server.url), venue.code, file).seq
    outcome.export = str(file)
    if spoil:
        damage(file, spoil, {claim.id for claim in outcome.claims})
    outcome.problems += verify(file).problems
    outcome.audit = audit(outcome.claims, read_lines(file), read_records(file))
    company = venue.company
    outcome.archives = any(spec.rules.get("archives") for spec in company.programme.specs)
    by_clock = done_by_clock(read_lines(file))
    outcome.participation = participation(company.programme, outcome.claims, company.offers, by_clock)


def damage(file: Path, how: str, commands: Collection[str]) -> None:
    """Take the last event of one of these commands out of an export's log (``lose``), or put it in once more
    (``double``)."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    lines = members["log.jsonl"].splitlines(keepends=True)
    last = next(i for i in reversed(range(len(lines))) if read(lines[i]).command in commands)
    if how == "lose":
        del lines[last]
    else:
        lines.insert(last // 2, lines[last])
    members["log.jsonl"] = b"".join(lines)
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
