"""Fragments and pages. The same template shows a fragment in a page and in a push; nothing else knows Jinja.

A page is a skeleton (``templates/live/<view>.html``) with the session's own parts
(``templates/live/<view>/<part>.html``) and the panes of the phases that the view shows
(``templates/activities/<kind>/<view>[.<scope>].html``).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from jinja2 import BytecodeCache, Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from app.live.markup import Words, trusted
from app.live.parts import PARTS
from app.locale import LANGUAGES, load
from sessions.activity import Shown
from sessions.agenda import Phase
from sessions.audience import EVERYBODY, scope_type
from sessions.entry import Entry
from sessions.messages import Refused
from sessions.session import Ref, Session

SCOPE_SUFFIX = {"all": "", "role": ".role", "team": ".team", "person": ".person"}
SCOPE_ORDER = {"all": "2", "role": "4", "team": "5", "person": "6"}
"""Where a pane stands among its phase's panes unless it says otherwise."""
LATEST_FIRST = frozenset({"mine", "team"})


class Names(Protocol):
    """Who people are: names live in rows that can be deleted, never in the session."""

    def shown_name(self, person: str) -> str: ...


@dataclass
class Hall:
    """What a rendering needs to know of one live session beside the session itself."""

    session: Session
    names: Names
    epoch: str = ""
    join_url: str = ""
    connected: set[str] = field(default_factory=set)
    """People with an open socket."""
    presence_version: int = field(default_factory=lambda: int(time.time() * 1000))
    """Counts changes of ``connected``. It starts from the wall clock, so that it goes on growing after a restart."""


class Renderer:
    """Turns sessions into markup, in every language. Shared by all sessions of the process."""

    def __init__(self, templates: Path, static_version: str = "", vendor: bool = False) -> None:
        self.templates = templates
        catalogues = {language: load(language, templates) for language in LANGUAGES}
        self.words = {language: Words(language, catalogues[language]) for language in LANGUAGES}
        loader, self.compiled = FileSystemLoader(templates), _compiled()
        self.environments = {language: self._environment(loader, language) for language in LANGUAGES}
        for environment in self.environments.values():
            environment.globals.update(static_version=static_version, vendor=vendor)

    def _environment(self, loader: FileSystemLoader, language: str) -> Environment:
        environment = Environment(
            loader=loader,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
            bytecode_cache=self.compiled,
            extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
            auto_reload=False,
        )
        environment.policies["ext.i18n.trimmed"] = True
        words = self.words[language]
        environment.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]  # added by the i18n extension
        environment.globals.update(lang=language, say=words.say, LANGUAGES=LANGUAGES)
        return environment

    @cached_property
    def known(self) -> frozenset[str]:
        """Names of every template: which panes and parts a view has is told by which files there are."""
        return frozenset(self.environments["en"].list_templates())

    def sentence(self, no: Refused, language: str, zone: str) -> str:
        """A refusal in the person's language, with times as wall time in the session's zone."""
        return self.words[language].sentence(no.text, no.params, zone)

    def show(self, template: str, language: str, **data: Any) -> str:
        """A page that belongs to no live session (the door, an error)."""
        return self.environments[language].get_template(template).render(**data)

    def page(self, hall: Hall, view: str, person: str, language: str, **data: Any) -> str:
        """The whole page of a view for one person, as it stands now."""
        scopes = scopes_for(view, hall.session.scopes(person))
        painters = [Painter(self, hall, view, scope, language) for scope in scopes]
        page = Page(painters)
        template = self.environments[language].get_template(f"live/{painters[0].view}.html")
        return template.render(
            painters[0].context, page=page, person=person, member=hall.session.people[person], **data
        )

    def sheet(self, hall: Hall, person: str, language: str, entry: Entry, record: Mapping[str, Any]) -> str:
        """A record's decision sheet."""
        painter = Painter(self, hall, "record", EVERYBODY, language)
        template = self.environments[language].get_template("archive/record.html")
        return template.render(painter.context, entry=entry, record=record, person=person)

    def changes(self, hall: Hall, view: str, scope: str, language: str, cursor: int) -> list[str]:
        """Every fragment of one scope that has changed after seq ``cursor``, as it stands now."""
        return list(Painter(self, hall, view, scope, language).changes_since(cursor))

    def presence(self, hall: Hall, view: str, language: str) -> str:
        """The fragment that says who is connected; "" where the view has none. It is not in the log."""
        return Painter(self, hall, view, EVERYBODY, language).own("presence") or ""

    def everything(self, hall: Hall, view: str, scope: str, language: str) -> list[str]:
        """Every fragment of a scope: for somebody who has just come to belong to it."""
        painter = Painter(self, hall, view, scope, language)
        return [*painter.own_parts(), *(html for _, html in painter.panes())]


def _compiled() -> BytecodeCache | None:
    """Templates stay compiled from one start to the next and serve all languages; compiling them all takes seconds."""
    try:
        return FileSystemBytecodeCache()
    except (OSError, RuntimeError):  # no folder of our own for temporary files
        return None


class Page:
    """The fragments of one page, from all the scopes its person may see, in their order."""

    def __init__(self, painters: list[Painter]) -> None:
        self.painters = painters

    def part(self, name: str, key: str = "") -> Markup:
        """A part of the session's own that stands in place."""
        found = (painter.own(name, key) for painter in self.painters)
        return Markup("").join(html for html in found if html)

    def home(self, name: str) -> Markup:
        """Everything that lives in one of the page's lists (stage, notices), in order."""
        keyed = [item for painter in self.painters for item in painter.living_in(name)]
        return Markup("").join(html for _, html in sorted(keyed, key=lambda item: item[0]))


class Painter:
    """Renders what one scope sees in one view and language. Lives for one rendering."""

    def __init__(self, renderer: Renderer, hall: Hall, view: str, scope: str, language: str) -> None:
        self.renderer, self.hall, self.scope, self.language = renderer, hall, scope, language
        self.view, _, self.focus = view.partition("/")
        self.session = hall.session
        self.environment = renderer.environments[language]
        self.words = renderer.words[language]
        self.context: dict[str, Any] = {
            "room": self.session,
            "hall": hall,
            "view": self.view,
            "focus": self.focus,
            "scope": scope,
            **self.words.helpers(hall, self.view),
        }

    # ---- what has changed

    def changes_since(self, cursor: int) -> Iterator[str]:
        refs = list(self._touched_since(cursor))
        whole = {ref.phase for ref in refs if ref.phase and ref.part == ""}
        for ref in reversed(refs):
            if ref.phase == "":
                yield from self._own_change(ref)
            elif ref.part == "":
                yield self.pane(self.session.agenda.phases[ref.phase]) or self._gone(
                    _pane_id(ref.phase, self.scope), ref
                )
            elif ref.phase not in whole:
                yield from self._part_change(ref)

    def _touched_since(self, cursor: int) -> Iterator[Ref]:
        """What changed in this scope, latest first; each pane once."""
        panes = set()
        for ref, seq in reversed(self.session.touched.items()):
            if seq <= cursor:
                return
            if ref.scope not in (self.scope, "*"):
                continue
            if ref.phase and ref.part == "":
                if ref.phase in panes or not self._has_pane(ref.phase):
                    continue
                panes.add(ref.phase)
            yield ref

    def _own_change(self, ref: Ref) -> Iterator[str]:
        if self._own_template(ref.part) is not None and PARTS[ref.part].concerns(self.scope):
            yield self.own(ref.part, ref.key) or self._gone(_own_id(ref.part, ref.key), ref)

    def _part_change(self, ref: Ref) -> Iterator[str]:
        phase = self.session.agenda.phases[ref.phase]
        activity = phase.activity
        if activity is None or self.view not in activity.parts.get(ref.part, ()):
            return
        if not self._has_pane(ref.phase) or phase not in self._phases():
            return
        if activity.show(self.view, self.scope) is None:
            return
        html = self.part(phase, ref.part, ref.key)
        yield html or self._gone(_part_id(ref), ref)

    def _gone(self, element_id: str, ref: Ref) -> str:
        return f'<li id="{element_id}" data-v="{self._version(ref)}" data-gone hidden></li>'

    # ---- the session's own parts

    def _own_template(self, name: str) -> str | None:
        template = f"live/{self.view}/{name}.html"
        return template if template in self.renderer.known and name in PARTS else None

    def own(self, name: str, key: str = "") -> Markup | None:
        """One of the session's own parts in this view; None where this scope has nothing to see."""
        template, part = self._own_template(name), PARTS[name]
        if template is None or not part.concerns(self.scope) or not part.present(self.hall, self.view, key):
            return None
        ref = Ref("", name, key, self.scope)
        shown = Shown({"key": key}, part.home, part.order(self.session, key))
        return self._render(template, _own_id(name, key), ref, shown, part.home)

    def own_parts(self) -> Iterator[Markup]:
        for name in PARTS:
            for key in PARTS[name].keys(self.session):
                html = self.own(name, key)
                if html:
                    yield html

    # ---- panes and their parts

    def _phases(self) -> list[Phase]:
        """What the view shows: of its own accord, or the one phase that somebody looks at (``console/R05``)."""
        chosen = self.session.agenda.get(self.focus)
        return [chosen] if chosen is not None else self.session.visible_phases(self.view)

    def _pane_template(self, kind: str) -> str:
        return f"activities/{kind}/{self.view}{SCOPE_SUFFIX[scope_type(self.scope)]}.html"

    def _has_pane(self, phase_id: str) -> bool:
        return self._pane_template(self.session.agenda.phases[phase_id].kind) in self.renderer.known

    def living_in(self, home: str) -> list[tuple[str, Markup]]:
        """What stands in a list of the page, with its key."""
        found = list(self.panes()) if home == "stage" else []
        for name, part in PARTS.items():
            if part.home == home:
                keyed = [
                    (part.order(self.session, key), self.own(name, key)) for key in part.keys(self.session)
                ]
                found += [(order, html) for order, html in keyed if html]
        return found

    def panes(self) -> Iterator[tuple[str, Markup]]:
        for phase in self._phases():
            html = self.pane(phase) if self._has_pane(phase.id) else None
            if html:
                yield (
                    self._pane_order(
                        phase, phase.activity.show(self.view, self.scope) if phase.activity else None
                    ),
                    html,
                )

    def pane(self, phase: Phase) -> Markup | None:
        """A phase's pane for this scope; None where it has none or nothing to show."""
        if phase.activity is None or phase not in self._phases() or not self._has_pane(phase.id):
            return None
        shown = phase.activity.show(self.view, self.scope)
        if shown is None:
            return None
        inside = self._inside(phase, shown)
        attributes = self._attributes(
            _pane_id(phase.id, self.scope), "stage", self._pane_order(phase, shown), self._pane_version(phase)
        )
        return Markup('<section class="pane" data-kind="{}" data-state="{}" {}>{}</section>').format(
            phase.kind, phase.state, attributes, inside
        )

    def _inside(self, phase: Phase, shown: Shown) -> Markup:
        template = self.environment.get_template(self._pane_template(phase.kind))
        return trusted(template.render(self._phase_context(phase, shown)))

    def _phase_context(self, phase: Phase, shown: Shown) -> dict[str, Any]:
        return {
            **self.context,
            **self.words.phase_helpers(self.session.code, self.view, phase),
            "phase": phase,
            "activity": phase.activity,
            "part": lambda name, key="": self.part(phase, name, str(key)) or "",
            "home": lambda name: Markup('id="{}-{}"').format(phase.id, name),
            **shown.data,
        }

    def part(self, phase: Phase, name: str, key: str) -> Markup | None:
        """One fragment of a phase (a card, a turn-out); None where this scope may not see it."""
        assert phase.activity is not None
        if self.view not in phase.activity.parts.get(name, ()):
            return None
        shown = phase.activity.show(self.view, self.scope, name, key)
        if shown is None:
            return None
        ref = Ref(phase.id, name, key, self.scope)
        home = f"{phase.id}-{shown.home}" if shown.home else ""
        template = f"activities/{phase.kind}/_{name}.html"
        return self._render(
            template, _part_id(ref), ref, shown, home, self._phase_context(phase, shown), phase
        )

    def _render(
        self,
        template: str,
        element_id: str,
        ref: Ref,
        shown: Shown,
        home: str,
        context: dict[str, Any] | None = None,
        phase: Phase | None = None,
    ) -> Markup:
        version = self._version(ref) or (self._pane_version(phase) if phase else 0)
        here = self._attributes(element_id, home, shown.order, version)
        html = self.environment.get_template(template).render(
            {**(context or {**self.context, **shown.data}), "here": here}
        )
        return trusted(html.strip())

    def _attributes(self, element_id: str, home: str, order: str, version: int) -> Markup:
        place = f' data-home="{escape(home)}" data-k="{escape(order)}"' if home else ""
        return trusted(f'id="{escape(element_id)}"{place} data-v="{version}"')

    def _pane_order(self, phase: Phase, shown: Shown | None) -> str:
        index = list(self.session.agenda.phases).index(phase.id)
        place = 999 - index if self.view in LATEST_FIRST else index
        order = (shown.order if shown else "") or SCOPE_ORDER[scope_type(self.scope)]
        return f"{place:03d}-{order}"

    def _version(self, ref: Ref) -> int:
        if ref.part == "presence":
            return self.hall.presence_version
        touched = self.session.touched
        everybody = touched.get(ref._replace(scope="*"), 0) if ref.part == "" else 0
        return max(touched.get(ref, 0), everybody)

    def _pane_version(self, phase: Phase) -> int:
        return self._version(Ref(phase.id, "", "", self.scope))


def _pane_id(phase: str, scope: str) -> str:
    return f"{phase}-{scope_type(scope)}"


def _part_id(ref: Ref) -> str:
    return (
        "-".join(word for word in (ref.phase, ref.part, ref.key) if word).replace(":", "-").replace(" ", "_")
    )


def _own_id(part: str, key: str) -> str:
    return f"{part}-{key}" if key else part


def scopes_for(view: str, scopes: Iterable[str]) -> tuple[str, ...]:
    """The scopes a view listens to. The projector shows only what everybody may see."""
    return tuple(scope for scope in scopes if view != "screen" or scope == EVERYBODY)
