"""An event format: its phases with titles and prompts in every language, and the forms they use."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sessions.audience import ACTABLE, CONSOLE_ROLES, GROUPS, ROLES, roles_named
from sessions.format_checks import check_references
from sessions.format_rules import LANGUAGES as LANGUAGES
from sessions.format_rules import languages_of
from sessions.messages import Text

ENDINGS = frozenset({"stay", "close"})
USUAL_PEOPLE = 53
"""As many as came to the race that the product was first made for (domain, section 2)."""
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
    ``before`` phases run in the days before the event, ``later`` ones after it, both outside the running clock.
    ``public`` says that the doors are open: the projector then shows what everybody may see, and not what was meant for
    the session.
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
    before: bool = False
    later: bool = False
    public: bool = False
    ends: str = "stay"
    rules: Mapping[str, Any] = field(default_factory=dict)

    @property
    def apart(self) -> bool:
        """Whether it runs for days, outside the running clock."""
        return self.before or self.later


@dataclass(frozen=True, slots=True)
class OwnRole:
    """A role that a format has of its own: who is called so has the rights of the role that they act like."""

    key: str
    title: Text
    acts_like: str
    guest_pass: frozenset[str] | None = None
    """The phases for which they are let in; None for all of the event."""
    people: int = 1
    """How many of them usually come."""


@dataclass(frozen=True, slots=True)
class Format:
    """A whole event: ``data`` is the plain JSON it was read from, as it stands in the log's first event."""

    key: str
    title: Text
    specs: tuple[Spec, ...]
    data: Mapping[str, Any]
    roles: Mapping[str, OwnRole] = field(default_factory=dict)
    """Its own, by key."""

    @property
    def people(self) -> int:
        """How many usually come."""
        return int(self.data.get("people", USUAL_PEOPLE))

    def knows_role(self, name: str) -> bool:
        """Whether somebody may be called so: everywhere, or in this format."""
        return name in ROLES or name in self.roles

    def acts_like(self, name: str) -> tuple[str, str]:
        """The role whose rights somebody has who is called so, and what the format calls them ("" for nothing else)."""
        own = self.roles.get(name)
        return (own.acts_like, name) if own else (name, "")

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
    own = [row["key"] for row in data.get("role", ())]
    specs = tuple(_spec(row, languages, own) for row in data.get("phase", ()))
    if not specs:
        raise ValueError("a format needs at least one phase")
    check_references(specs)
    roles = {row["key"]: _role(row, languages, specs) for row in data.get("role", ())}
    try:
        return Format(data["key"], _text(data, "title", languages), specs, data, roles)
    except KeyError as error:
        raise ValueError(f"a format needs {error}") from error


def _role(row: Mapping[str, Any], languages: Sequence[str], specs: Sequence[Spec]) -> OwnRole:
    """Raises ValueError for one that cannot be: of a name that is taken, or acting like nobody."""
    key, acts_like = row["key"], row.get("acts_like", "participant")
    if not key.isidentifier() or key in ROLES or key in GROUPS:
        raise ValueError(f"role {key}: that name cannot be a format's own")
    if acts_like not in ACTABLE:
        raise ValueError(
            f"role {key}: acts_like must be one of {', '.join(sorted(ACTABLE))}, not {acts_like!r}"
        )
    if acts_like in CONSOLE_ROLES and "pass" in row:
        raise ValueError(f"role {key}: whoever has the console sees all of the event, and needs no pass")
    try:
        return OwnRole(
            key, _text(row, "title", languages), acts_like, _passed(row, specs), int(row.get("people", 1))
        )
    except ValueError as error:
        raise ValueError(f"role {key}: {error}") from None


def _passed(row: Mapping[str, Any], specs: Sequence[Spec]) -> frozenset[str] | None:
    """The phases of a pass, from one to another of the running clock, with what stands beside them."""
    if "pass" not in row:
        return None
    track = [spec.id for spec in specs if not spec.beside]
    ends = row["pass"]
    if not isinstance(ends, list | tuple) or len(ends) != 2 or not set(ends) <= set(track):
        raise ValueError(
            f"its pass must be two phases of the running clock, the first and the last, not {ends!r}"
        )
    first, last = map(track.index, ends)
    if first > last:
        raise ValueError(f"its pass ends with {ends[1]}, which comes before {ends[0]}")
    within = {*track[first : last + 1]}
    return frozenset(spec.id for spec in specs if (spec.beside or spec.id) in within)


def _spec(row: Mapping[str, Any], languages: Sequence[str], own: Collection[str]) -> Spec:
    try:
        rules = dict(row.get("rules", {}))
        spec = Spec(
            id=row["id"],
            kind=kind_now(row["kind"], rules),
            minutes=int(row["minutes"]),
            title=_text(row, "title", languages),
            prompt=_text(row, "prompt", languages),
            who=roles_named(row.get("who", ("everyone",)), own),
            inputs=tuple(row.get("inputs", ())),
            beside=row.get("beside", ""),
            channel=bool(row.get("channel", False)),
            before=bool(row.get("before", False)),
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
