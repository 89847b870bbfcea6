"""Document templates: what a team writes field by field, and what may stand in a field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sessions.activity import too_long
from sessions.format import Format
from sessions.messages import Refused, Text, refuse

LIMIT = {"text": 300, "link": 500, "number": 30, "date": 10, "choice": 60}
"""Characters that fit where a template names no limit; 2000 in a long text."""
STRUCTURED = frozenset({"choice", "number", "date"})
"""Kinds of field in which nobody writes words of their own."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a template. ``key`` is ``document.field``, ``record`` its place in the record (``group.field``)."""

    key: str
    document: str
    part: str
    kind: str
    label: Text
    hint: Text
    limit: int
    required: bool
    record: str
    options: tuple[tuple[str, Text], ...] = ()

    @property
    def name(self) -> str:
        """Its id in the document."""
        return self.key.partition(".")[2]

    @property
    def structured(self) -> bool:
        """Whether a choice, a number or a date stands in it, and never somebody's own words."""
        return self.kind in STRUCTURED

    def label_of(self, text: str) -> Text | str:
        """What stands in the field as people read it: a choice by its label."""
        return dict(self.options).get(text, text)


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that stand together under one title: a document, or a part of a long one."""

    id: str
    part: str
    title: Text
    fields: tuple[Field, ...]


def read_sections(
    form: Format, documents: tuple[str, ...], parts: tuple[str, ...] = ()
) -> tuple[Section, ...]:
    """The sections of some templates in their order. ``parts`` leaves only those of a long document ("" leaves all)."""
    return tuple(
        section
        for name in documents
        for section in _sections(form, name)
        if not parts or section.part in ("", *parts)
    )


def _sections(form: Format, name: str) -> list[Section]:
    template = form.document(name)
    fields = [_field(form, name, row) for row in template["fields"]]
    titles = {row["id"]: row["title"] for row in template.get("parts", ())} or {"": template["title"]}
    return [
        Section(f"{name}-{part}" if part else name, part, title, tuple(f for f in fields if f.part == part))
        for part, title in titles.items()
    ]


def _field(form: Format, document: str, row: Mapping[str, Any]) -> Field:
    key = f"{document}.{row['id']}"
    given = row.get("options", ())
    options = form.data["choices"][given] if isinstance(given, str) else given
    return Field(
        key=key,
        document=document,
        part=row.get("part", ""),
        kind=row["kind"],
        label=row["label"],
        hint=row.get("hint", {}),
        limit=int(row.get("limit", LIMIT.get(row["kind"], 2000))),
        required=bool(row.get("required", False)),
        record=row.get("record", key),
        options=tuple((option["id"], option["label"]) for option in options),
    )


def refuse_text(field: Field, text: str) -> Refused | None:
    """Why a text cannot stand in a field; None if it can. What is half typed must be able to."""
    if field.kind == "choice" and text not in ("", *dict(field.options)):
        return refuse("not_an_option", "That answer is not among the options. Choose one of them.")
    if field.kind == "number" and text and not _number(text):
        return refuse("not_a_number", "Only a number fits here, such as 12 or 3.5.")
    if field.kind == "date" and text and not is_date(text):
        return not_a_date()
    return too_long(text, field.limit)


def not_a_date() -> Refused:
    return refuse("not_a_date", "Give the date as year-month-day, such as 2026-11-08.")


def _number(text: str) -> bool:
    digits = text.replace(" ", "").replace(",", ".", 1).removeprefix("-")
    return digits.replace(".", "", 1).isdecimal()


def is_date(text: str) -> bool:
    """Whether a text is a day as year-month-day."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
