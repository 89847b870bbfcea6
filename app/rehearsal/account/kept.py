"""Do records keep what the log tells: every card, author, contact, question, verdict, result, and entry merged in?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from app.rehearsal.account.told import Told
from sessions.messages import Event

Record = Mapping[str, Any]
Rows = Iterable[Mapping[str, Any]]


def not_kept(events: Iterable[Event], records: Sequence[Record]) -> list[str]:
    """What the log tells of entries and their records do not, a sentence each."""
    told = Told.by(events)
    by_entry = {f"e{record['identity']['number']}": record for record in records}
    return [
        f"{entry}: {no}"
        for entry, record in by_entry.items()
        for no in _faults(told, entry, record, by_entry)
    ]


def _faults(told: Told, entry: str, record: Record, records: Mapping[str, Record]) -> Iterator[str]:
    origin = record["provenance"]
    rows = [*origin["origin_needs"], *origin["origin_ideas"]]
    cards, own = _ids(rows), _ids(row for row in rows if not row.get("through"))
    yield from _cards(told, rows)
    yield from _needs(told, origin)
    yield from _contacts(told, entry, origin)
    yield from _questions(told, {entry, *own}, origin)
    yield from _results(told, {entry, *own}, entry, origin)
    yield from _merged(told, entry, origin, records)
    yield from _authors(told, entry, record, cards)


def _ids(rows: Rows) -> set[str]:
    """The cards of some rows, and those behind them."""
    return {card for row in rows for card in (row["card"], *(one["card"] for one in row.get("cards", ())))}


# ---- cards


def _cards(told: Told, rows: Rows) -> Iterator[str]:
    for row in rows:
        behind = row.get("cards") or [row]
        gone = told.behind(row["card"]) - {card["card"] for card in behind}
        yield from (f"card {card} of {row['card']} is not in it" for card in sorted(gone))
        yield from (no for card in behind for no in _card(told, card))


def _card(told: Told, row: Mapping[str, Any]) -> Iterator[str]:
    wrote = told.cards.get(row["card"])
    if wrote is None:
        yield f"card {row['card']} was written by nobody"
    elif wrote.author not in row["authors"] or dict(wrote.fields) != row["fields"]:
        yield f"card {row['card']} says something else than its author"
    elif row.get("language") != wrote.language:
        yield f"card {row['card']} is in {wrote.language!r}, and nothing says so"


def _needs(told: Told, origin: Mapping[str, Any]) -> Iterator[str]:
    """Every need that an idea answers to is there, alone or in its group."""
    needs = {row["card"] for row in origin["origin_needs"]}
    links = {told.cards[c].link for row in origin["origin_ideas"] for c in told.behind(row["card"])}
    yield from (f"need {link} is not in it" for link in sorted(links - needs) if link and len(links) == 1)


# ---- what others brought


def _contacts(told: Told, entry: str, origin: Mapping[str, Any]) -> Iterator[str]:
    kept = {row["key"]: row for row in origin.get("contacts", ())}
    for (about, contact), body in told.contacts.items():
        if about == entry and kept.get(contact, {}).get("said") != (body["said"] or ""):
            yield f"contact {contact} is not in it"
    offers = {row["key"]: row["text"] for row in origin.get("help", ())}
    for (about, person), text in told.help.items():
        if about == entry and offers.get(person) != text:
            yield f"the help that {person} offers is not in it"


def _questions(told: Told, about: set[str], origin: Mapping[str, Any]) -> Iterator[str]:
    asked = {row["key"]: row["text"] for row in origin.get("questions", ())}
    answered = {row["key"]: (row["verdict"], row["note"], row.get("by")) for row in origin["verdicts"]}
    for request, question in told.questions.items():
        if question.about not in about:
            continue
        if asked.get(request) != question.text:
            yield f"question {request} is not in it"
        if question.verdict and answered.get(request) != (question.verdict, question.note, question.expert):
            yield f"the answer to {request} is not in it"


def _results(told: Told, about: set[str], entry: str, origin: Mapping[str, Any]) -> Iterator[str]:
    rows = [(row["about"], row["phase"], row.get("points", row.get("mean"))) for row in origin["decisions"]]
    for phase, points in told.shown.items():
        found = {points[option] for option in about & points.keys()}
        if not found <= {value for kind, where, value in rows if (kind, where) == ("result", phase)}:
            yield f"the result of {phase} is not in it"
    for (phase, judged), mean in told.scores.items():
        if judged == entry and ("score", phase, mean) not in rows:
            yield f"the jury's score of {phase} is not in it"


# ---- who, and what it grew out of


def _merged(
    told: Told, entry: str, origin: Mapping[str, Any], records: Mapping[str, Record]
) -> Iterator[str]:
    kept = {row["card"] for name in ("origin_needs", "origin_ideas") for row in origin[name]}
    for other in (other for other, into in told.merged.items() if into == entry and other in records):
        theirs = records[other]["provenance"]
        own = {row["card"] for name in ("origin_needs", "origin_ideas") for row in theirs[name]}
        if not own <= kept or other not in [row["entry"] for row in origin.get("absorbed", ())]:
            yield f"{other} has gone into it, and its cards have not"


def _authors(told: Told, entry: str, record: Record, cards: set[str]) -> Iterator[str]:
    wrote = {told.cards[card].author for card in cards if card in told.cards}
    asked = {question.by for question in told.questions.values() if question.about == entry}
    everybody = wrote | asked | told.writers.get(entry, set())
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
