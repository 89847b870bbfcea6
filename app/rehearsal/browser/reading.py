"""Reading a page's marks: the forms that stand in it, with their fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from app.rehearsal.browser.forms import PRESSED, TICKED, Field, Form
from app.rehearsal.browser.tags import Mark, Piece

Stray = tuple[str, Field]
"""A field that stands outside of its form and names it by the form's id."""


class _Reader:
    """Collects forms from a page's marks in one pass."""

    def __init__(self) -> None:
        self.forms: list[Form] = []
        self.strays: list[Stray] = []
        self.path: list[str] = []
        self.form: Form | None = None
        self.choice: Field | None = None

    def read(self, mark: Mark) -> None:
        known = READS.get(mark.kind)
        if known is not None:
            known(self, mark)

    def _piece(self, mark: Mark) -> None:
        self.path.append(mark.attributes.get("id", ""))

    def _end_piece(self, mark: Mark) -> None:
        self.path.pop()

    def _form(self, mark: Mark) -> None:
        self.form = Form(mark.attributes, self.path[-1])
        self.forms.append(self.form)

    def _end_form(self, mark: Mark) -> None:
        self.form = None

    def _input(self, mark: Mark) -> None:
        attributes, kind = mark.attributes, mark.attributes.get("type", "text")
        if kind == "hidden" and self.form is not None:
            self.form.hidden[attributes["name"]] = attributes.get("value", "")
            return
        value = attributes.get("value", "on" if kind in TICKED else "")
        self._add(Field(attributes.get("name", ""), kind, value, [], "checked" in attributes, attributes))

    def _textarea(self, mark: Mark) -> None:
        self._add(Field(mark.attributes.get("name", ""), "textarea", mark.text, attributes=mark.attributes))

    def _button(self, mark: Mark) -> None:
        attributes = mark.attributes
        kind = attributes.get("type", "submit")
        if kind == "submit":
            self._add(
                Field(attributes.get("name", ""), kind, attributes.get("value", ""), attributes=attributes)
            )

    def _select(self, mark: Mark) -> None:
        self.choice = Field(mark.attributes.get("name", ""), "select", attributes=mark.attributes)
        self._add(self.choice)

    def _option(self, mark: Mark) -> None:
        if self.choice is None:
            return
        value = mark.attributes.get("value", mark.text)
        self.choice.options.append((value, mark.text))
        if "selected" in mark.attributes or len(self.choice.options) == 1:
            self.choice.value = value

    def _end_select(self, mark: Mark) -> None:
        self.choice = None

    def _add(self, field: Field) -> None:
        if "disabled" in field.attributes:
            return
        owner = field.attributes.get("form")
        if owner:
            self.strays.append((owner, field))
        elif self.form is not None:
            self.form.fields.append(field)


READS: Mapping[str, Callable[[_Reader, Mark], None]] = {
    "piece": _Reader._piece,
    "/piece": _Reader._end_piece,
    "form": _Reader._form,
    "/form": _Reader._end_form,
    "input": _Reader._input,
    "textarea": _Reader._textarea,
    "button": _Reader._button,
    "select": _Reader._select,
    "option": _Reader._option,
    "/select": _Reader._end_select,
}


def read_forms(marks: Iterable[Mark]) -> tuple[list[Form], list[Stray]]:
    """The forms in a stretch of a page, and the fields that belong to a form elsewhere."""
    reader = _Reader()
    for mark in marks:
        reader.read(mark)
    return [each for form in reader.forms for each in _by_command(form)], reader.strays


def own_forms(piece: Piece) -> tuple[list[Form], list[Stray]]:
    """The forms in a piece, apart from the fragments inside of it. Shared by everybody who has the piece."""
    if piece.read is None:
        piece.read = read_forms([Mark("piece", piece.attributes), *piece.marks])
    found: tuple[list[Form], list[Stray]] = piece.read
    return found


def assembled(forms: list[Form], strays: list[Stray]) -> list[Form]:
    """The forms that can be sent, those with a command and a button that works; each with its fields from elsewhere."""
    if strays:
        forms = [form.with_fields(field for owner, field in strays if owner == form.id) for form in forms]
    return [form for form in forms if form.command and _sendable(form)]


def _by_command(form: Form) -> Iterator[Form]:
    """A form whose buttons name the command is one form for each of them."""
    buttons = [field for field in form.fields if field.name == "command"]
    if not buttons:
        yield form
    others = [field for field in form.fields if field.name != "command"]
    for button in buttons:
        nameless = replace(button, name="", value="")
        hidden = {**form.hidden, "command": button.value}
        yield Form(form.attributes, form.place, hidden, [nameless, *others])


def _sendable(form: Form) -> bool:
    return "data-autosend" in form.attributes or any(field.kind == PRESSED for field in form.fields)
