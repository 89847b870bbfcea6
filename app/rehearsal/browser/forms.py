"""Forms as a page offers them, and what a browser sends when they are filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sessions.shared_texts import says_when

Values = Mapping[str, str | list[str]]
TICKED = ("checkbox", "radio")
PRESSED = "submit"


@dataclass(slots=True)
class Field:
    """A field to fill in, tick or choose from. ``options`` are a choice's values with their words."""

    name: str
    kind: str
    value: str = ""
    options: list[tuple[str, str]] = field(default_factory=list)
    chosen: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def required(self) -> bool:
        return "required" in self.attributes

    @property
    def limit(self) -> int:
        """The most characters that fit; a browser takes more, and the server says no."""
        return int(self.attributes.get("data-fits", "100000"))


@dataclass(slots=True)
class Form:
    """A form of one command. ``place`` is the fragment it stands in."""

    attributes: Mapping[str, str]
    place: str
    hidden: dict[str, str] = field(default_factory=dict)
    fields: list[Field] = field(default_factory=list)
    _subject: tuple[tuple[str, str], ...] | None = None

    @property
    def command(self) -> str:
        return self.hidden.get("command", "")

    @property
    def id(self) -> str:
        return self.attributes.get("id", "")

    @property
    def phase(self) -> str:
        return self.hidden.get("phase", "")

    @property
    def subject(self) -> tuple[tuple[str, str], ...]:
        """What tells it from others of the same command. Asked often, and the same once the form has been read."""
        if self._subject is None:
            self._subject = tuple(sorted(item for item in self.hidden.items() if not says_when(item[0])))
        return self._subject

    def names(self) -> set[str]:
        return {field.name for field in self.fields} | set(self.hidden)

    def field(self, name: str) -> Field | None:
        """The first field of a name."""
        return next((field for field in self.fields if field.name == name), None)

    def choices(self, name: str) -> list[str]:
        """What may be chosen under a name: a list's options, boxes to tick, buttons to press; empty ones left out."""
        listed = [value for field in self.fields if field.name == name for value, _ in field.options if value]
        ticked = [
            field.value for field in self.fields if field.name == name and field.kind in (*TICKED, PRESSED)
        ]
        return listed + ticked

    def with_fields(self, more: Iterable[Field]) -> Form:
        """The form and some fields that stand outside of it."""
        return Form(self.attributes, self.place, self.hidden, [*self.fields, *more])

    def filled(self, values: Values) -> dict[str, str | list[str]]:
        """What a browser sends when this is filled in and the form's first button pressed. Raises KeyError for a name
        that the form does not have."""
        unknown = set(values) - self.names()
        if unknown:
            raise KeyError(f"the form {self.command} of {self.phase} has no {', '.join(sorted(unknown))}")
        sent: dict[str, str | list[str]] = dict(self.hidden)
        for name, preset in self._presets():
            known = sent.get(name)
            sent[name] = (
                preset if known is None else [*([known] if isinstance(known, str) else known), preset]
            )
        return {**sent, **values}

    def _presets(self) -> Iterable[tuple[str, str]]:
        for box in self.fields:
            if box.name and (box.chosen if box.kind in TICKED else box.kind != PRESSED):
                yield box.name, box.value
        button = next((field for field in self.fields if field.kind == PRESSED), None)
        if button is not None and button.name:
            yield button.name, button.value
