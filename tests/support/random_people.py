"""People who fill in whatever form is on their page, at random but repeatably: every command that a page offers."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from lxml import html
from lxml.html import HtmlElement

from app.drawing.render import Renderer
from sessions.messages import Refused
from sessions.session import Accepted
from tests.support.look import page
from tests.support.stage import Stage

WORDS = (
    "heat",
    "värme",
    "lämpö",
    "pump",
    "Trondheim",
    "<b>bold</b>",
    "yö",
    "“quoted”",
    "1 000 €",
    "snö",
    "&amp;",
    "{brace}",
)
NOT_AT_RANDOM = frozenset({"remove_person", "erase_person", "grant_role"})
"""Commands that would empty the room."""


CONTROLS = (
    ".//input[not(@form)]|.//textarea[not(@form)]|.//select[not(@form)]|.//button[@name and not(@form)]"
)


@dataclass
class Form:
    """A form as it stands in a page: what is fixed, and what a person may choose."""

    fixed: dict[str, str]
    texts: list[str] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    several: dict[str, list[str]] = field(default_factory=dict)

    @property
    def sends_command(self) -> bool:
        return "command" in self.fixed or "command" in self.choices

    @property
    def commands(self) -> set[str]:
        """What the form may send; several where its buttons choose."""
        return {*self.choices.get("command", ()), *filter(None, [self.fixed.get("command")])}


def forms_in(source: str) -> list[Form]:
    """Every form that sends a command, in the order of the page."""
    root = html.document_fromstring(source)
    return [form for form in (_form(element, root) for element in root.iter("form")) if form.sends_command]


def _form(element: HtmlElement, root: HtmlElement) -> Form:
    form = Form({})
    for control in [*element.xpath(CONTROLS), *_elsewhere(element, root)]:
        if control.get("name") and control.get("disabled") is None:
            _read(form, control)
    return form


def _elsewhere(element: HtmlElement, root: HtmlElement) -> list[HtmlElement]:
    """Controls that name the form they belong to instead of standing in it."""
    wanted = element.get("id")
    return [c for c in root.xpath("//*[@form=$wanted]", wanted=wanted) if c.get("name")] if wanted else []


def _read(form: Form, control: HtmlElement) -> None:
    name = control.get("name")
    if control.get("type") == "hidden":
        form.fixed[name] = control.get("value", "")
    elif control.tag == "select":
        form.choices[name] = [option.get("value", option.text_content()) for option in control.iter("option")]
    elif control.tag == "button" or control.get("type") == "radio":
        form.choices.setdefault(name, []).append(control.get("value", "on"))
    elif control.get("type") == "checkbox":
        form.several.setdefault(name, []).append(control.get("value", "on"))
    else:
        form.texts.append(name)


def fill(form: Form, chance: Random) -> dict[str, str | list[str]]:
    """What somebody writes and ticks."""
    fields: dict[str, str | list[str]] = dict(form.fixed)
    for name in form.texts:
        fields[name] = " ".join(chance.choices(WORDS, k=chance.randint(0, 4)))
        if "minutes" in name or "count" in name:
            fields[name] = str(chance.randint(-3, 9))
    for name, options in form.choices.items():
        fields[name] = chance.choice(options) if options else ""
    for name, options in form.several.items():
        fields[name] = chance.sample(options, k=chance.randint(0, min(len(options), 4)))
    return fields


class RandomPeople:
    """The people of a stage, acting at random through their pages."""

    def __init__(self, stage: Stage, renderer: Renderer, seed: int) -> None:
        self.stage, self.renderer, self.chance = stage, renderer, Random(seed)
        self.refused: dict[str, int] = {}
        self.accepted: dict[str, int] = {}

    def act(self) -> None:
        """Somebody sends one form of one of their pages; now and then time passes."""
        member = self.chance.choice([m for m in self.stage.session.people.values() if m.role != "screen"])
        staff = member.role in ("facilitator", "co_facilitator")
        view = "console" if staff else self.chance.choice(("phone", "phone", "phone", "team", "mine"))
        forms = forms_in(page(self.renderer, self.stage, view, member.id, member.language))
        forms = [form for form in forms if not form.commands & NOT_AT_RANDOM]
        if forms:
            self._send(self.chance.choice(forms), member.id)
        self.stage.after(self.chance.choice((0, 0, 0.1, 1, 3)))

    def _send(self, form: Form, person: str) -> None:
        fields = fill(form, self.chance)
        command, phase = str(fields.pop("command")), str(fields.pop("phase", ""))
        told = self.stage.do(command, person, phase, seed=self.chance.getrandbits(30), **fields)
        if isinstance(told, Refused):
            self.refused[told.reason] = self.refused.get(told.reason, 0) + 1
        else:
            assert isinstance(told, Accepted)
            self.accepted[command] = self.accepted.get(command, 0) + 1
