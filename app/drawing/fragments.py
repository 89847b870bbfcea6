"""What one scope sees in one view: its fragments, each rendered from its template with its id, home and version.

A fragment's template is found by its name: the session's own parts in ``templates/live/<view>/<part>.html``, a
phase's pane in ``templates/activities/<kind>/<view>[.<scope>].html`` and its parts in ``_<part>.html`` beside it.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Any
from weakref import proxy

from markupsafe import Markup, escape

from app.drawing.markup import trusted
from app.drawing.page_context import PageContext
from app.drawing.parts import OUTSIDE, PARTS
from sessions.activity import Fragment, FragmentId
from sessions.agenda import Phase
from sessions.audience import EVERYBODY, scope_type
from sessions.sight import Viewer
from sessions.viewers import viewer_in

if TYPE_CHECKING:
    from app.drawing.render import Renderer

SCOPE_SUFFIX = {"all": "", "role": ".role", "team": ".team", "person": ".person"}
SCOPE_ORDER = {"all": "2", "role": "4", "team": "5", "person": "6"}
"""Where a pane stands among its phase's panes unless it says otherwise."""
LATEST_FIRST = frozenset({"mine", "team"})


Seen = dict[tuple[str, ...], Fragment | None]
"""What a scope is shown in a view (phase, view, scope, part, key): it is the same in every language."""


GONE = " data-gone hidden></li>"
"""How a fragment ends that says of another that it is gone."""


class FragmentRenderer:
    """Renders what one scope sees in one view and language. Lives for one rendering.

    ``seen`` is what others have found who render the same state of the session, and is added to. ``alone`` is who
    looks, where that is a single person on a page for nobody else."""

    def __init__(
        self,
        renderer: Renderer,
        hall: PageContext,
        view: str,
        scope: str,
        language: str,
        seen: Seen | None = None,
        alone: Viewer | None = None,
    ) -> None:
        self._alone = alone
        self.renderer, self.hall, self.scope, self.language = renderer, hall, scope, language
        self.seen: Seen = {} if seen is None else seen
        self.view, _, self.focus = view.partition("/")
        self.session = hall.session
        self.passed = hall.session.pass_in(scope)
        self.environment = renderer.environments[language]
        self.words = renderer.words[language]
        me: FragmentRenderer = proxy(self)  # no circle: each would wait for a search of all memory
        self.context: dict[str, Any] = {
            "session": self.session,
            "hall": hall,
            "view": self.view,
            "focus": self.focus,
            "scope": scope,
            "own": lambda name: me.own(name) or "",
            **self.words.helpers(hall, self.view, lambda: me.viewer),
            **renderer.forms.of_session(self.session.code, self.view),
        }

    @cached_property
    def viewer(self) -> Viewer:
        """For whom it is drawn: all who share the view and the scope, or somebody alone."""
        return self._alone or viewer_in(self.session, self.view, self.scope)

    # ---- what has changed

    def changes_since(self, cursor: int) -> list[str]:
        """What has changed since a seq. What is gone comes first: what comes in its place may hold a part that stood in
        it, and no id stands twice in a page."""
        return sorted(self._changes_since(cursor), key=lambda text: not text.endswith(GONE))

    def _changes_since(self, cursor: int) -> Iterator[str]:
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

    def _touched_since(self, cursor: int) -> Iterator[FragmentId]:
        """What changed in this scope, latest first; each pane once."""
        panes = set()
        scopes = (self.session.touched_since(scope, cursor) for scope in (self.scope, "*"))
        for ref, _ in heapq.merge(*scopes, key=itemgetter(1), reverse=True):
            if ref.phase and not self._is_passed(ref.phase):
                continue
            if ref.phase and ref.part == "":
                if ref.phase in panes or not self._has_pane(ref.phase):
                    continue
                panes.add(ref.phase)
            yield ref

    def _own_change(self, ref: FragmentId) -> Iterator[str]:
        if self._own_template(ref.part) is not None and PARTS[ref.part].concerns(self.scope):
            yield self.own(ref.part, ref.key) or self._gone(_own_id(ref.part, ref.key), ref)

    def _part_change(self, ref: FragmentId) -> Iterator[str]:
        phase = self.session.agenda.phases[ref.phase]
        activity = phase.activity
        if activity is None or self.view not in activity.parts.get(ref.part, ()):
            return
        if not self._has_pane(ref.phase) or phase not in self._phases():
            return
        if self._show(phase) is None:
            return
        html = self.part(phase, ref.part, ref.key)
        yield html or self._gone(_part_id(ref), ref)

    def _gone(self, element_id: str, ref: FragmentId) -> str:
        return f'<li id="{element_id}" data-v="{self._version(ref)}"{GONE}'

    # ---- the session's own parts

    def _own_template(self, name: str) -> str | None:
        template = f"live/{self.view}/{name}.html"
        return template if template in self.renderer.known and name in PARTS else None

    def own(self, name: str, key: str = "") -> Markup | None:
        """One of the session's own parts in this view; None where this scope has nothing to see."""
        template, part = self._own_template(name), PARTS[name]
        if template is None or not part.concerns(self.scope) or not part.present(self.hall, self.view, key):
            return None
        if self.passed is not None and not part.passed(self.session, self.scope, key):
            return None
        ref = FragmentId("", name, key, self.scope)
        shown = Fragment({"key": key}, part.home, part.order(self.session, key))
        return self._render(template, _own_id(name, key), ref, shown, part.home)

    def own_parts(self) -> Iterator[Markup]:
        for name in PARTS:
            for key in PARTS[name].keys(self.session, self.scope):
                html = self.own(name, key)
                if html:
                    yield html

    # ---- panes and their parts

    def _phases(self) -> list[Phase]:
        """What the view shows: of its own accord, or the one phase that somebody looks at (``console/R05``)."""
        chosen = self.session.agenda.get(self.focus)
        phases = [chosen] if chosen is not None else self.session.visible_phases(self.view)
        return [phase for phase in phases if self._is_passed(phase.id)]

    def _is_passed(self, phase_id: str) -> bool:
        """Whether whoever is drawn for was let in for a phase."""
        return self.passed is None or phase_id in self.passed

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
                    (part.order(self.session, key), self.own(name, key))
                    for key in part.keys(self.session, self.scope)
                ]
                found += [(order, html) for order, html in keyed if html]
        return found

    def _show(self, phase: Phase, part: str = "", key: str = "") -> Fragment | None:
        if phase.activity is None:
            return None
        # What everybody sees is the same for guests with a pass, for as much of it as that opens.
        scope = EVERYBODY if scope_type(self.scope) == EVERYBODY else self.scope
        asked = (phase.id, self.view, scope, part, key)
        if asked not in self.seen:
            self.seen[asked] = phase.activity.show(self.view, scope, part, key)
        return self.seen[asked]

    def panes(self) -> Iterator[tuple[str, Markup]]:
        for phase in self._phases():
            html = self.pane(phase) if self._has_pane(phase.id) else None
            if html:
                yield self._pane_order(phase, self._show(phase)), html

    def pane(self, phase: Phase) -> Markup | None:
        """A phase's pane for this scope; None where it has none or nothing to show."""
        if phase.activity is None or phase not in self._phases() or not self._has_pane(phase.id):
            return None
        shown = self._show(phase)
        if shown is None:
            return None
        inside = self._inside(phase, shown)
        attributes = self._attributes(
            _pane_id(phase.id, self.scope), "stage", self._pane_order(phase, shown), self._pane_version(phase)
        )
        state = f'data-kind="{escape(phase.kind)}" data-state="{escape(phase.state)}"'
        return trusted(f'<section class="pane" {state} {attributes}>{inside}</section>')

    def _inside(self, phase: Phase, shown: Fragment) -> Markup:
        template = self.environment.get_template(self._pane_template(phase.kind))
        return trusted(template.render(self._phase_context(phase, shown)))

    def _phase_context(self, phase: Phase, shown: Fragment) -> dict[str, Any]:
        return {
            **self.context,
            **self.renderer.forms.of_phase(self.session.code, self.view, phase.id),
            "phase": phase,
            "activity": phase.activity,
            "part": lambda name, key="": self.part(phase, name, str(key)) or "",
            "base_of": lambda name, *place: self.session.texts.base(phase.id, name, *place),
            "home": lambda name: Markup('id="{}-{}"').format(phase.id, name),
            **shown.data,
        }

    def part(self, phase: Phase, name: str, key: str) -> Markup | None:
        """One fragment of a phase (a card, a turn-out); None where this scope may not see it."""
        assert phase.activity is not None
        if self.view not in phase.activity.parts.get(name, ()):
            return None
        shown = self._show(phase, name, key)
        if shown is None:
            return None
        ref = FragmentId(phase.id, name, key, self.scope)
        home = f"{phase.id}-{shown.home}" if shown.home else ""
        template = f"activities/{phase.kind}/_{name}.html"
        return self._render(
            template, _part_id(ref), ref, shown, home, self._phase_context(phase, shown), phase
        )

    def _render(
        self,
        template: str,
        element_id: str,
        ref: FragmentId,
        shown: Fragment,
        home: str,
        context: dict[str, Any] | None = None,
        phase: Phase | None = None,
    ) -> Markup:
        version = self._version(ref) or (self._pane_version(phase) if phase else 0)
        attributes = self._attributes(element_id, home, shown.order, version)
        html = self.environment.get_template(template).render(
            {**(context or {**self.context, **shown.data}), "here": attributes}
        )
        return trusted(html.strip())

    def _attributes(self, element_id: str, home: str, order: str, version: int) -> Markup:
        place = f' data-home="{escape(home)}" data-k="{escape(order)}"' if home else ""
        return trusted(f'id="{escape(element_id)}"{place} data-v="{version}"')

    def _pane_order(self, phase: Phase, shown: Fragment | None) -> str:
        index = list(self.session.agenda.phases).index(phase.id)
        place = 999 - index if self.view in LATEST_FIRST else index
        order = (shown.order if shown else "") or SCOPE_ORDER[scope_type(self.scope)]
        return f"{place:03d}-{order}"

    def _version(self, ref: FragmentId) -> int:
        if ref.part in OUTSIDE and not ref.phase:
            return self.hall.presence_version
        touched = self.session.touched
        everybody = touched.get(ref._replace(scope="*"), 0) if ref.part == "" else 0
        return max(touched.get(ref, 0), everybody)

    def _pane_version(self, phase: Phase) -> int:
        return self._version(FragmentId(phase.id, "", "", self.scope))


def _pane_id(phase: str, scope: str) -> str:
    return f"{phase}-{scope_type(scope)}"


def _part_id(ref: FragmentId) -> str:
    return (
        "-".join(word for word in (ref.phase, ref.part, ref.key) if word).replace(":", "-").replace(" ", "_")
    )


def _own_id(part: str, key: str) -> str:
    return f"{part}-{key}" if key else part
