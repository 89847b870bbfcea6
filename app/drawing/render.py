"""Pages and pushes, in every language. The same template shows a fragment in both; nothing else knows Jinja.

A page is a skeleton (``templates/live/<view>.html``) around the fragments that a painter makes for each scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app.drawing.forms import Forms
from app.drawing.fragments import FragmentRenderer, Seen
from app.drawing.icons import Icons
from app.drawing.locale import LANGUAGES, load
from app.drawing.markup import Sentence, Words, is_time
from app.drawing.page_context import PageContext
from app.drawing.parts import OUTSIDE
from app.drawing.unindented import Unindented
from sessions.audience import CONSOLE_ROLES, EVERYBODY
from sessions.entry import Entry
from sessions.headline import headline, says_more
from sessions.messages import Refused
from sessions.viewers import viewer_of

__all__ = ["FragmentRenderer", "PageContext", "Renderer", "scopes_for"]


class Renderer:
    """Turns sessions into markup, in every language. Shared by all sessions of the process."""

    def __init__(self, templates: Path, static_version: str = "", vendor: bool = False) -> None:
        self.templates = templates
        catalogues = {language: load(language, templates) for language in LANGUAGES}
        self.words = {language: Words(language, catalogues[language]) for language in LANGUAGES}
        loader, self.compiled, icons = FileSystemLoader(templates), _compiled(), Icons(templates)
        self.environments = {language: self._environment(loader, language) for language in LANGUAGES}
        for environment in self.environments.values():
            environment.globals.update(static_version=static_version, vendor=vendor, icon=icons)
        self.forms = Forms(self.environments["en"])

    def _environment(self, loader: FileSystemLoader, language: str) -> Environment:
        environment = Environment(
            loader=loader,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
            bytecode_cache=self.compiled,
            extensions=["jinja2.ext.i18n", "jinja2.ext.do", Unindented],
            auto_reload=False,
        )
        environment.policies["ext.i18n.trimmed"] = True
        words = self.words[language]
        environment.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]  # added by the i18n extension
        environment.filters["headline"] = headline
        environment.globals.update(
            says_more=says_more,
            lang=language,
            say=words.say,
            LANGUAGES=LANGUAGES,
            CONSOLE_ROLES=CONSOLE_ROLES,
        )
        return environment

    @cached_property
    def known(self) -> frozenset[str]:
        """Names of every template: which panes and parts a view has is told by which files there are."""
        return frozenset(self.environments["en"].list_templates())

    def sentence(self, no: Refused, language: str, zone: str, now: float) -> Sentence:
        """A refusal in the person's language, with times as wall time in the session's zone, and their day where that
        is not today's."""
        words = self.words[language]
        times = [float(value) for name, value in no.params.items() if is_time(name, value)]
        written = {at: words.wall_time(at, zone, now) for at in times}
        text = words.sentence(no.text, no.params, written.__getitem__)
        return Sentence(text, [(written[at], int(at * 1000)) for at in times])

    def show(self, template: str, language: str, **data: Any) -> str:
        """A page that belongs to no live session (the door, an error)."""
        return self.environments[language].get_template(template).render(**data)

    def page(self, hall: PageContext, view: str, person: str, language: str, **data: Any) -> str:
        """The whole page of a view for one person, as it stands now."""
        scopes = scopes_for(view, hall.session.scopes(person))
        painters = [FragmentRenderer(self, hall, view, scope, language) for scope in scopes]
        page = Page(painters)
        template = self.environments[language].get_template(f"live/{painters[0].view}.html")
        return template.render(
            painters[0].context, page=page, person=person, member=hall.session.people[person], **data
        )

    def sheet(
        self,
        hall: PageContext,
        person: str,
        language: str,
        entry: Entry,
        record: Mapping[str, Any],
        **data: Any,
    ) -> str:
        """A record's decision sheet."""
        return self.document(
            "archive/record.html", hall, person, language, entry=entry, record=record, **data
        )

    def document(self, template: str, hall: PageContext, person: str, language: str, **data: Any) -> str:
        """A page of a session for one person, that no push changes."""
        alone = viewer_of(hall.session, person)
        painter = FragmentRenderer(self, hall, "record", EVERYBODY, language, alone=alone)
        found = self.environments[language].get_template(template)
        return found.render(painter.context, person=person, **data)

    def sheets(
        self,
        hall: PageContext,
        person: str,
        language: str,
        entries: Sequence[Entry],
        titles: Mapping[str, str],
    ) -> str:
        """The list of a session's decision sheets."""
        alone = viewer_of(hall.session, person)
        painter = FragmentRenderer(self, hall, "record", EVERYBODY, language, alone=alone)
        template = self.environments[language].get_template("archive/records.html")
        return template.render(painter.context, entries=entries, titles=titles, person=person)

    def changes(
        self, hall: PageContext, view: str, scope: str, language: str, cursor: int, seen: Seen | None = None
    ) -> list[str]:
        """Every fragment of one scope that has changed after seq ``cursor``, as it stands now. ``seen`` is for whoever
        asks for the same state in several languages (see FragmentRenderer)."""
        return list(FragmentRenderer(self, hall, view, scope, language, seen).changes_since(cursor))

    def outside(self, hall: PageContext, view: str, language: str) -> list[str]:
        """The fragments of what is not in the log, such as who is connected: those that a view has."""
        painter = FragmentRenderer(self, hall, view, EVERYBODY, language)
        return [html for html in map(painter.own, OUTSIDE) if html]

    def everything(self, hall: PageContext, view: str, scope: str, language: str) -> list[str]:
        """Every fragment of a scope: for somebody who has just come to belong to it."""
        painter = FragmentRenderer(self, hall, view, scope, language)
        return [*painter.own_parts(), *(html for _, html in painter.panes())]


def _compiled() -> BytecodeCache | None:
    """Templates stay compiled from one start to the next and serve all languages; compiling them all takes seconds."""
    try:
        return FileSystemBytecodeCache()
    except (OSError, RuntimeError):  # no folder of our own for temporary files
        return None


class Page:
    """The fragments of one page, from all the scopes its person may see, in their order."""

    def __init__(self, painters: list[FragmentRenderer]) -> None:
        self.painters = painters

    def part(self, name: str, key: str = "") -> Markup:
        """A part of the session's own that stands in place."""
        found = (painter.own(name, key) for painter in self.painters)
        return Markup("").join(html for html in found if html)

    def home(self, name: str) -> Markup:
        """Everything that lives in one of the page's lists (stage, notices), in order."""
        keyed = [item for painter in self.painters for item in painter.living_in(name)]
        return Markup("").join(html for _, html in sorted(keyed, key=lambda item: item[0]))


def scopes_for(view: str, scopes: Iterable[str]) -> tuple[str, ...]:
    """The scopes a view listens to. The projector shows only what everybody may see."""
    return tuple(scope for scope in scopes if view != "screen" or scope == EVERYBODY)
