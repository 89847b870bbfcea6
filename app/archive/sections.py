"""A record's written parts as people read them: what each field is called, what was chosen in words, whose it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.archive.record import WRITTEN
from app.archive.record_words import FIELDS, GROUPS, IP_POLICIES
from sessions.format import Format
from sessions.messages import Text

NOT_WRITTEN = frozenset({"rights.employer_claims", "plan.next_action"})
"""Fields of these groups that a sheet shows elsewhere."""
BESIDE = frozenset(
    {
        "identity",
        "authorship",
        "provenance",
        "people",
        "outcomes",
        "followups",
        "reviews",
        "record_id",
        "shape",
    }
)
"""Groups that nobody writes."""


@dataclass(frozen=True, slots=True)
class Row:
    """One text of a record. ``label`` and ``text`` carry their own languages where they are ours or the format's;
    ``language`` is what somebody wrote it in, "" where nobody knows; ``by`` are pseudonymous ids."""

    place: str
    label: Text | str
    text: Text | str
    by: tuple[str, ...] = ()
    language: str = ""
    reviewed: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """The texts of one group under its title."""

    group: str
    title: Text | str
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Labels:
    """What a format calls the places of a record, and what can be chosen there."""

    fields: Mapping[str, Text] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)
    groups: Mapping[str, Text] = field(default_factory=dict)


def sections_of(
    record: Mapping[str, Any], form: Format | None, reviewed: Iterable[str] = ()
) -> list[Section]:
    """The written parts of a record; those of every record in any case, the others where something is written.
    ``reviewed`` are the places that somebody has read as they stand."""
    labels, read = _labels(form), frozenset(reviewed)
    others = [name for name in record if name not in (*WRITTEN, *BESIDE)]
    made = (_section(record, group, labels, read) for group in (*WRITTEN, *others))
    return [
        section
        for section in made
        if section.rows or section.group in ("need", "market", "technology", "rights")
    ]


def _section(record: Mapping[str, Any], group: str, labels: Labels, read: frozenset[str]) -> Section:
    title = GROUPS.get(group) or labels.groups.get(group) or {"en": group}
    return Section(group, title, tuple(_rows(record, group, labels, read)))


def _rows(record: Mapping[str, Any], group: str, labels: Labels, read: frozenset[str]) -> Iterator[Row]:
    whose = record.get("authorship", {})
    order = {place: number for number, place in enumerate(FIELDS)}
    written = {f"{group}.{name}": (name, text) for name, text in (record.get(group) or {}).items()}
    for place in sorted(written, key=lambda place: order.get(place, len(order))):
        name, text = written[place]
        if not text or place in NOT_WRITTEN:
            continue
        told = whose.get(place, {})
        yield Row(
            place,
            labels.fields.get(place) or FIELDS.get(place) or {"en": name.replace("_", " ").capitalize()},
            _in_words(place, str(text), labels),
            tuple(told.get("by", ())),
            told.get("language", ""),
            place in read,
        )


def _in_words(place: str, text: str, labels: Labels) -> Text | str:
    """What was chosen as people read it; a text as it was written."""
    return (
        IP_POLICIES.get(text, text)
        if place == "rights.ip_policy"
        else labels.choices.get(place, {}).get(text, text)
    )


def _labels(form: Format | None) -> Labels:
    """From all documents of a format; where two ask for the same, the words of ``record`` count."""
    documents = dict(form.data.get("documents", {})) if form else {}
    ordered = sorted(documents.items(), key=lambda item: item[0] == "record")
    rows = [(name, row) for name, document in ordered for row in document["fields"]]
    places = [(row.get("record", f"{name}.{row['id']}"), row) for name, row in rows]
    chosen = form.data.get("choices", {}) if form else {}
    return Labels(
        {place: row["label"] for place, row in places},
        {place: _options(row, chosen) for place, row in places if row.get("options")},
        {name: document["title"] for name, document in ordered},
    )


def _options(row: Mapping[str, Any], chosen: Mapping[str, Any]) -> dict[str, Text]:
    given = row["options"]
    options = chosen[given] if isinstance(given, str) else given
    return {option["id"]: option["label"] for option in options}
