"""A page as a tree, and how what is pushed is applied to it, without a browser."""

from __future__ import annotations

import re
from copy import deepcopy

from lxml import html
from lxml.html import HtmlElement

from app.drawing.parts import OUTSIDE
from app.rehearsal.browser.upsert import Step, next_step

LIVE_ONLY = ("data-seq", "data-now", "data-kind", "data-scene")
"""Attributes of the page itself that no push carries: they are set by script, or tell when the page was made."""


class Page:
    """A page that was loaded once and then lives from what is pushed."""

    def __init__(self, source: str) -> None:
        self.root: HtmlElement = html.document_fromstring(source)
        self.gone: dict[str, int] = {}
        self._by_id: dict[str, HtmlElement] = {}
        self._learn(self.root)

    def find(self, element_id: str) -> HtmlElement | None:
        return self._by_id.get(element_id)

    def _learn(self, tree: HtmlElement) -> None:
        """Know a tree's elements by their ids, each of which stands once in a page."""
        self._tell_apart(tree)
        for element in tree.iter("*"):
            name = element.get("id")
            assert name is None or name not in self._by_id, f"{name} stands twice in the page"
            if name is not None:
                self._by_id[name] = element

    def _tell_apart(self, tree: HtmlElement) -> None:
        """What one can open is known by an id of its own or of what it alone stands in: else another would be open once
        the page is drawn anew."""
        nameless = [element for element in tree.iter("details") if element.get("id") is None]
        around = [
            next((one for one in element.iterancestors() if one.get("id")), tree) for element in nameless
        ]
        names = [one.get("id") for one in around]
        assert len(names) == len(set(names)), f"which is which in {names}?"

    def _remove(self, tree: HtmlElement) -> None:
        for element in tree.iter("*"):
            self._by_id.pop(element.get("id", ""), None)
        tree.getparent().remove(tree)

    def apply(self, frame: str) -> None:
        """A frame of fragments, each placed by its id, home, key and version."""
        for partial in html.fragments_fromstring(frame):
            for fragment in list(partial):
                self._apply(fragment)

    def _apply(self, new: HtmlElement) -> None:
        old, version = self.find(new.get("id")), int(new.get("data-v"))
        home = self.find(new.get("data-home")) if new.get("data-home") else None
        step = next_step(
            version,
            new.get("data-home", ""),
            new.get("data-gone") is not None,
            standing=int(old.get("data-v")) if old is not None else None,
            left_at=self.gone.get(new.get("id"), -1),
            home_is_there=home is not None,
        )
        if step is Step.REMOVE:
            self.gone[new.get("id")] = version
            if old is not None:
                self._remove(old)
        elif step is not Step.LEAVE:
            self._put(old, home, new)

    def _put(self, old: HtmlElement | None, home: HtmlElement | None, new: HtmlElement) -> None:
        """In its home by its key, or in place of what stood there."""
        if home is None:
            assert old is not None
            old.addnext(new)
            self._remove(old)
            self._learn(new)
            return
        if old is not None:
            self._remove(old)
        self._insert(home, new)

    def _insert(self, home: HtmlElement, new: HtmlElement) -> None:
        index = next(
            (i for i, child in enumerate(home) if child.get("data-k") >= new.get("data-k")), len(home)
        )
        new.tail = None
        home.insert(index, new)
        self._learn(new)

    def text(self) -> str:
        """The page in one normal form, to compare with another."""
        root = deepcopy(self.root)
        for title in root.iter("title"):
            title.text = ""
        for name in OUTSIDE:  # not in the log; it is told apart from it
            for outside in root.xpath("//*[@id=$name]", name=name):
                outside.clear()
        for element in root.iter():
            for name in LIVE_ONLY if element.tag in ("body", "html") else ():
                element.attrib.pop(name, None)
        words = html.tostring(root, encoding="unicode")
        return re.sub(r">\s+", ">", re.sub(r"\s+<", "<", re.sub(r"\s+", " ", words)))
