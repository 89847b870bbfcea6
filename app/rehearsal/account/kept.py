"""Do records keep what the log tells: every card, author, contact, question, verdict, result, and entry merged in?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from app.rehearsal.account.from_log import FromLog, Wrote
from sessions.messages import Event

Record = Mapping[str, Any]
Rows = Iterable[Mapping[str, Any]]


def not_kept(events: Iterable[Event], records: Sequence[Record]) -> list[str]:
    """What the log tells of entries and their records do not, a sentence each."""
    log = FromLog.by(events)
    by_entry = {f"e{record['identity']['number']}": record for record in records}
    return [
        f"{entry}: {no}" for entry, record in by_entry.items() for no in _faults(log, entry, record, by_entry)
    ]


def _faults(log: FromLog, entry: str, record: Record, records: Mapping[str, Record]) -> Iterator[str]:
    origin = record["provenance"]
    rows = [*origin["origin_needs"], *origin["origin_ideas"]]
    cards, own = _ids(rows), _ids(row for row in rows if not row.get("through"))
    yield from _cards(log, rows)
    yield from _needs(log, origin)
    yield from _contacts(log, entry, origin)
    yield from _questions(log, {entry, *own}, origin)
    yield from _results(log, {entry, *own}, entry, origin)
    yield from _merged(log, entry, origin, records)
    yield from _authors(log, entry, record, cards)


def _ids(rows: Rows) -> set[str]:
    """The cards of some rows, and those behind them."""
    return {card for row in rows for card in (row["card"], *(one["card"] for one in row.get("cards", ())))}


# ---- cards


def _cards(log: FromLog, rows: Rows) -> Iterator[str]:
    for row in rows:
        behind = row.get("cards") or [row]
        gone = log.behind(row["card"]) - {card["card"] for card in behind}
        yield from (f"card {card} of {row['card']} is not in it" for card in sorted(gone))
        yield from (no for card in behind for no in _card(log, card))


def _is_said_as(wrote: Wrote, fields: Mapping[str, str]) -> bool:
    """Whether a record says what the log does; what was erased is in neither."""
    return not any(fields.values()) if wrote.fields is None else dict(wrote.fields) == fields


def _card(log: FromLog, row: Mapping[str, Any]) -> Iterator[str]:
    wrote = log.cards.get(row["card"])
    if wrote is None:
        yield f"card {row['card']} was written by nobody"
    elif wrote.author not in row["authors"] or not _is_said_as(wrote, row["fields"]):
        yield f"card {row['card']} says something else than its author"
    elif row.get("language") != wrote.language:
        yield f"card {row['card']} is in {wrote.language!r}, and nothing says so"


def _needs(log: FromLog, origin: Mapping[str, Any]) -> Iterator[str]:
    """Every need that an idea answers to is there, alone or in its group."""
    needs = {row["card"] for row in origin["origin_needs"]}
    links = {log.cards[c].link for row in origin["origin_ideas"] for c in log.behind(row["card"])}
    yield from (f"need {link} is not in it" for link in sorted(links - needs) if link and len(links) == 1)


# ---- what others brought


def _contacts(log: FromLog, entry: str, origin: Mapping[str, Any]) -> Iterator[str]:
    kept = {row["key"]: row for row in origin.get("contacts", ())}
    for (about, contact), body in log.contacts.items():
        if about == entry and kept.get(contact, {}).get("said") != (body["said"] or ""):
            yield f"contact {contact} is not in it"
    offers = {row["key"]: row["text"] for row in origin.get("help", ())}
    for (about, person), text in log.help.items():
        if about == entry and offers.get(person) != text:
            yield f"the help that {person} offers is not in it"


def _questions(log: FromLog, about: set[str], origin: Mapping[str, Any]) -> Iterator[str]:
    asked = {row["key"]: row["text"] for row in origin.get("questions", ())}
    answered = {row["key"]: (row["verdict"], row["note"], row.get("by")) for row in origin["verdicts"]}
    for request, question in log.questions.items():
        if question.about not in about:
            continue
        if asked.get(request) != question.text:
            yield f"question {request} is not in it"
        if question.verdict and answered.get(request) != (question.verdict, question.note, question.expert):
            yield f"the answer to {request} is not in it"


def _results(log: FromLog, about: set[str], entry: str, origin: Mapping[str, Any]) -> Iterator[str]:
    rows = [(row["about"], row["phase"], row.get("points", row.get("mean"))) for row in origin["decisions"]]
    for phase, points in log.shown.items():
        found = {points[option] for option in about & points.keys()}
        if not found <= {value for kind, where, value in rows if (kind, where) == ("result", phase)}:
            yield f"the result of {phase} is not in it"
    for (phase, judged), mean in log.scores.items():
        if judged == entry and ("score", phase, mean) not in rows:
            yield f"the jury's score of {phase} is not in it"


# ---- who, and what it grew out of


def _merged(
    log: FromLog, entry: str, origin: Mapping[str, Any], records: Mapping[str, Record]
) -> Iterator[str]:
    kept = {row["card"] for name in ("origin_needs", "origin_ideas") for row in origin[name]}
    for other in (other for other, into in log.merged.items() if into == entry and other in records):
        theirs = records[other]["provenance"]
        own = {row["card"] for name in ("origin_needs", "origin_ideas") for row in theirs[name]}
        if not own <= kept or other not in [row["entry"] for row in origin.get("absorbed", ())]:
            yield f"{other} has gone into it, and its cards have not"


def _authors(log: FromLog, entry: str, record: Record, cards: set[str]) -> Iterator[str]:
    wrote = {log.cards[card].author for card in cards if card in log.cards}
    asked = {question.by for question in log.questions.values() if question.about == entry}
    everybody = wrote | asked | log.writers.get(entry, set())
    kept = {row["person"] for row in record["people"]["contributors"]}
    yield from (
        f"{person} has had a part in it and is not named by it" for person in sorted(everybody - kept)
    )
    unsaid = {place for place in _texts(record) if not record.get("authorship", {}).get(place, {}).get("by")}
    yield from (f"{place} is nobody's" for place in sorted(unsaid))


def _texts(record: Record) -> Iterator[str]:
    """The places of what people wrote in the record's fields."""
    for group in ("summary", "need", "market", "technology", "resources", "funding"):
        yield from (f"{group}.{name}" for name, text in record.get(group, {}).items() if text)
