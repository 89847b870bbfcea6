"""Decision sheets: on a phone, on a desk, and printed."""

from __future__ import annotations

from app.archive.pages import around_sheet
from app.archive.record import record_of
from app.archive.seen import seen_of
from sessions.entry import Entry
from sessions.record import Record
from sessions.viewers import viewer_of
from tests.photographs.album import CONSOLES, PHONES
from tests.photographs.camera import Camera
from tests.photographs.checks import SIDEWAYS
from tests.support.look import drawn_by, hall_of
from tests.support.player import FACILITATOR
from tests.support.stage import Stage


def photograph(camera: Camera, stage: Stage, languages: tuple[str, ...]) -> None:
    """The sheets of the first entry and of the one of which most is known."""
    entries = list(stage.session.entries.values())
    chosen = {entry.id: entry for entry in (entries[0], max(entries, key=lambda entry: len(entry.facts)))}
    for entry in chosen.values():
        for language in languages:
            name = f"sheet-{entry.id}-{language}"
            camera.load(sheet(stage, entry, language), PHONES[0])
            for size in (*PHONES, *CONSOLES):
                camera.resize(size)
                camera.look(f"{name} {size[0]}", (SIDEWAYS,))
                camera.take(f"{name}-{size[0]}", whole=True)
            camera.print(name)


def sheet(stage: Stage, entry: Entry, language: str) -> str:
    """The sheet as the facilitator sees it, before its owner has approved it."""
    session = stage.session
    seen = seen_of(record_of(entry, session), entry, session, viewer_of(session, FACILITATOR), stage.now)
    about = {
        **around_sheet(Record(), entry.status),
        "seen": seen,
        "last": {"seq": entry.changed_seq, "head": "0000 0000"},
    }
    return drawn_by().sheet(hall_of(stage), FACILITATOR, language, entry, seen.record, **about)
