"""A record as a sheet to read and to print: Markdown in the session's language, ordered as the format's form.

What people wrote stands in quotations, with everything escaped that a viewer might take for HTML.
"""

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

from app.archive.record import title_of
from sessions.session import Session

HEADINGS: Mapping[str, Mapping[str, str]] = {
    "status": {"en": "Status", "sv": "Status", "fi": "Tila"},
    "people": {"en": "Contributors", "sv": "Medverkande", "fi": "Osallistujat"},
    "owner": {"en": "Owner", "sv": "Ansvarig", "fi": "Vastuuhenkilö"},
    "origin": {"en": "Where it came from", "sv": "Ursprung", "fi": "Alkuperä"},
    "followups": {"en": "Follow-up", "sv": "Uppföljning", "fi": "Seuranta"},
}


def sheet(record: Mapping[str, Any], session: Session, names: Mapping[str, str]) -> str:
    """The sheet of a record. ``names`` are those of people who may be named; others stand by their ids."""
    language = session.language
    lines = [
        f"# {record['identity']['number']}. {_line(title_of(record))}",
        f"{HEADINGS['status'][language]}: {record['identity']['status']} · {record['record_id']}",
        *_written(record, session),
        *_origin(record, language),
        *_people(record, language, names),
        *_followups(record, language),
    ]
    return "\n\n".join(lines) + "\n"


def _written(record: Mapping[str, Any], session: Session) -> Iterator[str]:
    """The parts of the format's form that somebody filled."""
    form = session.format.data.get("documents", {}).get("record", {}) if session.format else {}
    for part in form.get("parts", ()):
        fields = [field for field in form["fields"] if field.get("part") == part["id"]]
        filled = [text for field in fields for text in _field(record, field, session.language)]
        yield from [f"## {part['title'][session.language]}", *filled] if filled else []


def _field(record: Mapping[str, Any], field: Mapping[str, Any], language: str) -> list[str]:
    group, _, name = field.get("record", "").partition(".")
    text = record.get(group, {}).get(name) if name else None
    return [f"**{field['label'][language]}**", _quoted(str(text))] if text else []


def _origin(record: Mapping[str, Any], language: str) -> list[str]:
    origin = record["provenance"]
    cards = [*origin["origin_needs"], *origin["origin_ideas"]]
    last = _head(origin["log_range"].get("digest", ""))
    log = f"{origin['session']['code']} · {origin['log_range']['first']}–{origin['log_range']['last']}{last}"
    return [f"## {HEADINGS['origin'][language]}", log, *(_quoted(card["text"]) for card in cards)]


def _head(digest: str) -> str:
    """The chain's digest at the record's last event, as people note it."""
    return "".join(f" {digest[at : at + 4]}" for at in range(0, min(len(digest), 16), 4))


def _people(record: Mapping[str, Any], language: str, names: Mapping[str, str]) -> list[str]:
    people, owner = record["people"], record["people"]["owner"]
    listed = [f"- {_name(contributor['person'], names)}" for contributor in people["contributors"]]
    answers = f"{HEADINGS['owner'][language]}: {_name(owner['person'], names)}" if owner else ""
    return _section("people", language, filter(None, [answers, "\n".join(listed)]))


def _name(person: str, names: Mapping[str, str]) -> str:
    return _line(names.get(person, person))


def _followups(record: Mapping[str, Any], language: str) -> list[str]:
    return _section("followups", language, [f"- {followup['due']}" for followup in record["followups"]])


def _section(heading: str, language: str, lines: Iterable[str]) -> list[str]:
    listed = list(lines)
    return [f"## {HEADINGS[heading][language]}", *listed] if listed else []


def _line(text: str) -> str:
    return escape(" ".join(text.split()), quote=False)


def _quoted(text: str) -> str:
    return "\n".join(f"> {escape(line, quote=False)}" for line in text.splitlines())
