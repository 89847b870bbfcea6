"""The macros of ``live/_forms.html`` with their place filled in: where a form of a page sends its command."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

from jinja2 import Environment


class Place(NamedTuple):
    """The address that a page's forms post to, and the id of the phase they are for ("": the session)."""

    action: str
    phase: str


class Forms:
    """What draws forms and buttons. Made once for all languages: the macros say no word of their own."""

    def __init__(self, environment: Environment) -> None:
        macros: Any = environment.get_template("live/_forms.html").module
        self.form, self.button = macros.form, macros.button

    def of_session(self, code: str, view: str) -> dict[str, Any]:
        """What every template of a live page may call: forms and buttons for the session itself."""
        place = Place(_action(code, view), "")
        return {"session_form": partial(self.form, place), "command": partial(self.button, place)}

    def of_phase(self, code: str, view: str, phase: str) -> dict[str, Any]:
        """What a phase's templates may call beside that: forms and buttons for the phase."""
        place = Place(_action(code, view), phase)
        return {"form": partial(self.form, place), "button": partial(self.button, place)}


def _action(code: str, view: str) -> str:
    return f"/s/{code}/do?view={view}"
