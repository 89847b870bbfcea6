"""An event format: its phases with titles and prompts in every language, and the forms they use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sessions.audience import roles_named
from sessions.format_checks import check_references
from sessions.format_rules import LANGUAGES as LANGUAGES
from sessions.format_rules import languages_of
from sessions.messages import Text

ENDINGS = frozenset({"stay", "close"})
FORMER_KINDS: Mapping[tuple[str, str], str] = {
    ("plan", ""): "decide",
    ("plan", "decide"): "decide",
    ("plan", "own"): "own",
    ("present", ""): "pitch",
    ("present", "slots"): "pitch",
    ("present", "techcheck"): "techcheck",
    ("present", "awards"): "awards",
}
"""What kinds that did several things are called now, by the rule ``mode`` that told these apart ("" where a format
said none). Logs and format files hold the former names for ever."""


@dataclass(frozen=True, slots=True)
class Spec:
    """One row of a format. ``minutes`` is the planned length.

    ``beside`` names the phase that this one opens together with (a parallel track or a side channel). ``ends`` says
    what happens at the planned end: ``stay`` open until the facilitator moves on, or ``close`` by the clock.
    A ``channel`` is open in the background, and the projector does not show it unless somebody chooses it.
    ``later`` phases run after the event (days), outside the running clock. ``public`` says that the doors are open: the
    projector then shows what everybody may see, and not what was meant for the session.
    """

    id: str
    kind: str
    minutes: int
    title: Text
    prompt: Text
    who: frozenset[str]
    inputs: tuple[str, ...] = ()
    beside: str = ""
    channel: bool = False
    later: bool = False
    public: bool = False
    ends: str = "stay"
    rules: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Format:
    """A whole event: ``data`` is the plain JSON it was read from, as it stands in the log's first event."""

    key: str
    title: Text
    specs: tuple[Spec, ...]
    data: Mapping[str, Any]

    def form(self, name: str) -> Mapping[str, Any]:
        """A survey's questions by the form's name."""
        return _named(self.data, "forms", name)

    def document(self, name: str) -> Mapping[str, Any]:
        """A work template by its name."""
        return _named(self.data, "documents", name)

    def rubric(self, name: str) -> Mapping[str, Any]:
        """A jury's criteria with weights by the rubric's name."""
        return _named(self.data, "rubrics", name)


def _named(data: Mapping[str, Any], shelf: str, name: str) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = data[shelf][name]
    except KeyError:
        raise ValueError(f"the format has no {name!r} among its {shelf}") from None
    return found


def read_format(data: Mapping[str, Any]) -> Format:
    """A format from plain data (TOML or JSON). Raises ValueError that says which phase is wrong, and how."""
    languages = languages_of(data)
    specs = tuple(_spec(row, languages) for row in data.get("phase", ()))
    if not specs:
        raise ValueError("a format needs at least one phase")
    check_references(specs)
    try:
        return Format(data["key"], _text(data, "title", languages), specs, data)
    except KeyError as error:
        raise ValueError(f"a format needs {error}") from error


def _spec(row: Mapping[str, Any], languages: Sequence[str]) -> Spec:
    try:
        rules = dict(row.get("rules", {}))
        spec = Spec(
            id=row["id"],
            kind=kind_now(row["kind"], rules),
            minutes=int(row["minutes"]),
            title=_text(row, "title", languages),
            prompt=_text(row, "prompt", languages),
            who=roles_named(row.get("who", ("everyone",))),
            inputs=tuple(row.get("inputs", ())),
            beside=row.get("beside", ""),
            channel=bool(row.get("channel", False)),
            later=bool(row.get("later", False)),
            public=bool(row.get("public", False)),
            ends=row.get("ends", "stay"),
            rules=rules,
        )
    except (KeyError, ValueError, TypeError) as error:
        raise ValueError(f"phase {row.get('id', '?')}: {error}") from error
    if spec.minutes < 1:
        raise ValueError(f"phase {spec.id}: a phase lasts at least a minute, not {spec.minutes}")
    if spec.ends not in ENDINGS:
        raise ValueError(f"phase {spec.id}: ends must be one of {sorted(ENDINGS)}, not {spec.ends!r}")
    return spec


def kind_now(kind: str, rules: Mapping[str, Any]) -> str:
    """The kind that a phase is of, whatever it was called when its format was written."""
    return FORMER_KINDS.get((kind, rules.get("mode", "")), kind)


def _text(row: Mapping[str, Any], name: str, languages: Sequence[str]) -> Text:
    text: Text = row[name]
    missing = [language for language in languages if not text.get(language)]
    if missing:
        raise ValueError(f"{name} is missing in {', '.join(missing)}")
    return text
