"""A page as one person has it before them: loaded once, then kept up by what is pushed (see ``static/race.js``).

What is pushed lies unread until somebody looks: of a thousand people most look at another thing most of the time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.rehearsal.browser.forms import Form
from app.rehearsal.browser.reading import Stray, assembled, own_forms, read_forms
from app.rehearsal.browser.tags import KEPT_BY_MORPH, Mark, Piece, all_pieces, cut
from app.rehearsal.browser.upsert import Step, next_step

SEQ = re.compile(r'hx-swap="upsert seq:(\d+)"')
MOST_UNREAD = 64
"""Frames that lie unread before they are taken in though nobody looks (a projector)."""
NOWHERE = Piece("")


class Page:
    """The fragments of a page by id, and which of them stand in which list."""

    def __init__(self) -> None:
        self.body: dict[str, str] = {}
        """The page's own data: code, person, epoch, seq …"""
        self.seq = 0
        """Up to where the page has been told, read or unread."""
        self._unread: list[str] = []
        self._pieces: dict[str, Piece] = {}
        self._homes: dict[str, dict[str, str]] = {}
        self._gone: dict[str, int] = {}
        self._forms: list[Form] | None = None

    def load(self, html: str) -> None:
        """Begin anew with a whole page."""
        self._unread, self._pieces, self._homes, self._gone, self._forms = [], {}, {}, {}, None
        root = cut(html)
        self.body = next((dict(m.attributes) for m in root.marks if m.kind == "body"), {})
        self.seq = int(self.body.get("data-seq", "0"))
        self._take_in(root)

    def apply(self, frame: str) -> None:
        """Take in a pushed frame. Twice, late or with others left out gives the same page."""
        self._unread.append(frame)
        found = SEQ.search(frame, 0, 200)
        if found is not None:
            self.seq = max(self.seq, int(found[1]))
        if len(self._unread) > MOST_UNREAD:
            self._read()

    def _read(self) -> None:
        unread, self._unread = self._unread, []
        for frame in unread:
            for piece in cut(frame).inner:
                self._upsert(piece)

    def _upsert(self, piece: Piece) -> None:
        known = self._pieces.get(piece.id)
        step = next_step(
            piece.version,
            piece.home,
            "data-gone" in piece.attributes,
            standing=known.version if known else None,
            left_at=self._gone.get(piece.id, -1),
            home_is_there=piece.home in self._homes,
        )
        if step is Step.LEAVE:
            return
        if piece.told or (known is not None and known.told):
            self._forms = None
        if step is Step.REMOVE:
            self._remove(piece)
        else:
            self._take_in(piece)
            self._place(piece)

    def _remove(self, piece: Piece) -> None:
        self._gone[piece.id] = piece.version
        known = self._pieces.pop(piece.id, None)
        if known is not None and known.home in self._homes:
            self._homes[known.home].pop(piece.id, None)

    def _take_in(self, piece: Piece) -> None:
        """Put a piece and what is inside in place of what stood there."""
        for inner in (piece, *all_pieces(piece)):
            self._pieces[inner.id] = inner
            for mark in inner.places:
                if mark.kind == "home" and not (
                    KEPT_BY_MORPH in mark.attributes and mark.attributes["id"] in self._homes
                ):
                    self._homes[mark.attributes["id"]] = {}
        for inner in all_pieces(piece):
            self._place(inner)

    def _place(self, piece: Piece) -> None:
        if piece.home in self._homes:
            self._homes[piece.home][piece.id] = piece.key

    # ---- reading it

    @property
    def _page(self) -> dict[str, Piece]:
        """The fragments as they are now."""
        if self._unread:
            self._read()
        return self._pieces

    def __contains__(self, fragment: str) -> bool:
        return fragment in self._page

    def has_pane_of(self, kind_of_scope: str) -> bool:
        """Whether a phase shows something to a scope of this kind (team, person, role)."""
        return any(fragment.partition("-")[2] == kind_of_scope for fragment in self._page)

    def team_number(self) -> str:
        """The number of the reader's team, on the team's page; "" without one."""
        numbers = (mark.text for mark in self.inside("me") if mark.attributes.get("class") == "no")
        return next(numbers, "")

    def marks(self) -> Iterator[Mark]:
        """The page from top to bottom."""
        yield from self._walk(self._page.get("", NOWHERE))

    def _walk(self, piece: Piece) -> Iterator[Mark]:
        yield Mark("piece", piece.attributes)
        for mark in piece.marks:
            if mark.kind == "slot":
                yield from self._walk(self._pieces.get(mark.attributes["id"], NOWHERE))
            elif mark.kind == "home":
                for living in self._living_in(mark.attributes["id"]):
                    yield from self._walk(living)
            else:
                yield mark
        yield Mark("/piece", {})

    def _living_in(self, home: str) -> list[Piece]:
        members = self._homes.get(home, {})
        return [self._pieces.get(member, NOWHERE) for member in sorted(members, key=members.__getitem__)]

    def inside(self, fragment: str) -> Iterator[Mark]:
        """One fragment from top to bottom; nothing where the page has none of this id."""
        yield from self._walk(self._page.get(fragment, NOWHERE))

    def forms(self) -> list[Form]:
        """Every form on the page that can be sent. The same list as before where nothing has changed about them."""
        page = self._page
        if self._forms is None:
            strays: list[Stray] = []
            found: list[Form] = []
            self._gather(page.get("", NOWHERE), found, strays)
            self._forms = assembled(found, strays)
        return self._forms

    def _gather(self, piece: Piece, found: list[Form], strays: list[Stray]) -> None:
        """A piece's forms and those of the fragments in it. What stands in one piece is read once for everybody."""
        if not piece.told:
            return
        whole = bool(piece.places_in_forms) and self._has_fragment_in_form(piece)
        forms, loose = read_forms(self._walk(piece)) if whole else own_forms(piece)
        strays += loose
        found += forms
        for inner in () if whole else self._inside(piece):
            self._gather(inner, found, strays)

    def _has_fragment_in_form(self, piece: Piece) -> bool:
        return any(
            mark.kind == "slot" or self._homes.get(mark.attributes["id"]) for mark in piece.places_in_forms
        )

    def _inside(self, piece: Piece) -> Iterator[Piece]:
        """The fragments in a piece that have something of a form."""
        for mark in piece.places:
            if mark.kind == "slot":
                yield self._pieces.get(mark.attributes["id"], NOWHERE)
            else:
                members = self._homes.get(mark.attributes["id"], {})
                readable = (member for member in members if self._pieces.get(member, NOWHERE).told)
                yield from (self._pieces[member] for member in sorted(readable, key=members.__getitem__))

    def panes(self) -> list[tuple[str, str, str]]:
        """The phases that are shown: id, kind, and whether they are open or closed."""
        roots = (mark.attributes for mark in self.marks() if mark.kind == "piece")
        panes = (root for root in roots if "data-kind" in root and "data-state" in root)
        shown = ((root["id"].partition("-")[0], root["data-kind"], root["data-state"]) for root in panes)
        return list(dict.fromkeys(shown))
