"""Does the log hold what people were told it holds? Compared command by command, from the export alone."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from app.archive.fold import Fold
from app.archive.line import Line, read
from app.rehearsal.account.claims import Audit, Claim
from app.rehearsal.account.kept import not_kept
from sessions.entry import STATUSES, Entry
from sessions.messages import Command, Event, Refused
from sessions.session import Session


def read_lines(file: Path) -> Iterator[Line]:
    """The log in an export."""
    with zipfile.ZipFile(file) as archive, archive.open("log.jsonl") as log:
        yield from map(read, log)


def read_records(file: Path) -> list[dict[str, Any]]:
    """The records in an export."""
    with zipfile.ZipFile(file) as archive:
        records: list[dict[str, Any]] = json.loads(archive.read("records.json"))
    return records


def audit(claims: Sequence[Claim], lines: Iterable[Line], records: Sequence[Mapping[str, Any]]) -> Audit:
    """Hold the claims against the log, and count what stands in the archive."""
    found = Audit(lost=[f"never answered: {claim}" for claim in claims if not claim.sent.answered])
    log = list(lines)
    stored = _blocks(log)
    found.doubled += [f"written twice: {command}" for command, blocks in stored.items() if len(blocks) > 1]
    found.doubled += _said_twice(log)
    session = _fold(log, {claim.id: claim for claim in claims}, found)
    _compare(claims, stored, found)
    _count(session, records, found)
    found.unkept = not_kept((line.event() for line in log), records)
    found.seconds = log[-1].at - log[0].at if log else 0.0
    return found


def _blocks(log: Iterable[Line]) -> dict[str, list[int]]:
    """For each command the last seq of every unbroken run of its events: one run unless it was taken twice."""
    blocks: dict[str, list[int]] = {}
    before = ""
    for line in log:
        ends = blocks.setdefault(line.command, [])
        if line.command == before:
            ends[-1] = line.seq
        else:
            ends.append(line.seq)
        before = line.command
    return blocks


def _said_twice(log: Iterable[Line]) -> Iterator[str]:
    """The same card by the same author, or the same person let in, a second time. Cards whose words are erased are all
    alike: nobody can tell."""
    seen: Counter[str] = Counter()
    for line in log:
        event = line.event()
        if event.kind in ("card_added", "joined") and not _is_erased(event):
            essence = _essence(event)
            seen[essence] += 1
            if seen[essence] == 2:
                yield f"event {line.seq} repeats another: {essence[:160]}"


def _is_erased(event: Event) -> bool:
    return "fields" in event.body and event.body["fields"] is None


def _essence(event: Event) -> str:
    own = {name: value for name, value in event.body.items() if name != "card"}
    return json.dumps([event.kind, event.phase, event.actor, own], sort_keys=True, ensure_ascii=False)


def _compare(claims: Iterable[Claim], stored: Mapping[str, list[int]], found: Audit) -> None:
    """Note what is missing or was answered with another seq."""
    for claim in claims:
        if not claim.sent.acknowledged:
            continue
        if claim.id not in stored:
            found.lost.append(f"acknowledged and not in the log: {claim}")
        elif claim.sent.seq not in stored[claim.id]:
            found.lost.append(f"acknowledged as event {claim.sent.seq}, which it is not: {claim}")


def _fold(log: Iterable[Line], claims: Mapping[str, Claim], found: Audit) -> Session:
    """Fold the log, as far as it goes; on the way decide once more what it says has changed nothing."""
    fold = Fold()
    for line in log:
        if line.kind == "nothing_changed" and line.command in claims:
            _judge_idle(fold.session, claims[line.command], line.at, found)
        try:
            fold.take(line)
        except Exception as error:  # the rules say in many ways that they did not make this event
            found.lost.append(f"the log breaks off at event {line.seq}: {error}")
            break
        if line.kind == "phase_opened":
            found.phases.append(line.phase)
    return fold.session


def _judge_idle(session: Session, claim: Claim, now: float, found: Audit) -> None:
    if _changes_nothing(session, claim, now):
        found.idle += 1
    else:
        found.lost.append(f"acknowledged, and wrongly led to nothing: {claim}")


def _changes_nothing(session: Session, claim: Claim, now: float) -> bool:
    fields = {
        name: value for name, value in claim.sent.fields.items() if name not in ("command", "phase", "id")
    }
    command = Command(claim.sent.name, claim.id, str(claim.sent.fields.get("phase", "")), fields)
    decision = session.decide(command, claim.person, now)
    return not isinstance(decision, Refused) and not any(isinstance(item, Event) for item in decision)


def _count(session: Session, records: Sequence[Mapping[str, Any]], found: Audit) -> None:
    entries = session.entries.values()
    found.drafted = len(entries)
    found.submitted = sum(_reached(entry, "submitted") for entry in entries)
    found.archived = sum(_reached(entry, "archived") for entry in entries)
    found.whole = sum(map(_is_whole, records))


def _reached(entry: Entry, status: str) -> bool:
    """Whether an entry has come as far as this, wherever it is now."""
    states = {value for (_, name, _), value in entry.facts.items() if name == "status"}
    return bool(states & set(STATUSES[STATUSES.index(status) :]))


def _is_whole(record: Mapping[str, Any]) -> bool:
    owner = record["people"]["owner"] or {}
    archived = record["identity"]["archived_at"] is not None
    return archived and bool(owner.get("accepted") and record["need"] and record["market"])
