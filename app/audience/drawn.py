"""What one state of a session shows, drawn once for whoever gets the same."""

from __future__ import annotations

import logging

from app.drawing.fragments import Seen
from app.drawing.page_context import PageContext
from app.drawing.render import Renderer
from app.wire import messages
from app.wire.frame import Frame

log = logging.getLogger(__name__)

MOST_TEXT, BESIDE = 16_000_000, 300
"""Characters of what was drawn that are kept; and what keeping one text costs beside, however short it is. Every seq
that somebody says they know makes texts of its own; a hall that comes back says much the same."""


class Drawn:
    """The texts and frames of the state that a session is in. With the next state all of them are forgotten."""

    def __init__(self, context: PageContext, renderer: Renderer) -> None:
        self.context, self.renderer = context, renderer
        self.broken: set[tuple[str, str]] = set()
        """Views and languages that could not be drawn in the delivery under way."""
        self._seq = -1
        self._texts: dict[tuple[str, str, str, int], str] = {}
        """By view, language, scope and the seq since which it has changed."""
        self._seen: Seen = {}
        """What is shown in that state."""
        self._frames: dict[tuple[str, int | None], Frame] = {}
        self._kept = 0
        """Characters of all texts and frames."""

    def text(self, view: str, language: str, scope: str, since: int) -> str:
        """As ``changes``; "" where the view cannot be drawn, which is logged once for a delivery."""
        if (view, language) in self.broken:
            return ""
        try:
            return self.changes(view, language, scope, since)
        except Exception:
            self.broken.add((view, language))
            self.log_failure(view, language, scope)
            return ""

    def changes(self, view: str, language: str, scope: str, since: int) -> str:
        """The fragments of a scope that have changed since a seq, as one text; "" if none. Raises what drawing
        raises."""
        if self._seq != self.context.session.seq:
            self._forget()
        key = (view, language, scope, since)
        if key not in self._texts:
            fragments = self.renderer.changes(self.context, view, scope, language, since, self._seen)
            text = "".join(fragments)
            self._make_room_for(text)
            self._texts[key] = text
        return self._texts[key]

    def frame(self, text: str, seq: int | None) -> Frame:
        """Fragments as a frame, one for whoever gets the same."""
        key = (text, seq)
        if key not in self._frames:
            self._make_room_for(text)
            self._frames[key] = Frame(messages.frame((text,), seq))
        return self._frames[key]

    def _make_room_for(self, text: str) -> None:
        """Begin anew with what is kept where it has become too much. Whoever wants something of it draws it again."""
        size = len(text) + BESIDE
        if self._kept + size > MOST_TEXT:
            self._drop()
        self._kept += size

    def log_failure(self, view: str, language: str, who: str) -> None:
        """Write down the exception that is being handled."""
        log.exception("the view %s (%s) could not be drawn for %s", view, language, who)

    def _forget(self) -> None:
        self._drop()
        self._seen.clear()
        self._seq = self.context.session.seq

    def _drop(self) -> None:
        self._texts.clear()
        self._frames.clear()
        self._kept = 0
