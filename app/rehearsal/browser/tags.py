"""Pages cut into fragments with the forms in them. What several people are sent is cut once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from typing import Any, NamedTuple

SILENT = re.compile(r"<!--.*?-->|<head\b.*?</head>|<svg\b.*?</svg>|<template\b.*?</template>", re.DOTALL)
"""What says nothing to a program: pictures and the like."""
TAG = re.compile(r"<(/?)([a-z][\w-]*)([^>]*)>([^<]*)")
ATTRIBUTE = re.compile(r'([\w:.-]+)(?:="([^"]*)")?')
TOLD = frozenset({"form", "input", "textarea", "select", "option", "button"})
"""Elements that a filled-in form is made of."""
READ = frozenset({"me", "driver"})
"""Fragments whose words matter: who I am, and who drives."""
KEPT_BY_MORPH = "hx-morph-skip-children"
NO_ATTRIBUTES: Mapping[str, str] = {}


class Mark(NamedTuple):
    """One tag of interest. ``kind`` is its name, ``/name`` where it ends, ``home`` where a list's fragments stand
    and ``slot`` where one fragment stands; ``text`` is what follows the tag."""

    kind: str
    attributes: Mapping[str, str]
    text: str = ""


@dataclass(slots=True, eq=False)
class Piece:
    """A fragment without the fragments inside of it, or (id "") the page around them all."""

    id: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)
    inner: list[Piece] = field(default_factory=list)
    """The fragments inside, in the order they stand."""
    places: list[Mark] = field(default_factory=list)
    """The marks among the others at which fragments stand (``home`` and ``slot``)."""
    places_in_forms: list[Mark] = field(default_factory=list)
    told: bool = False
    """Whether something of a form stands in it, or a fragment could: most cards and figures are nothing to fill in."""
    read: Any = None
    """The forms that were read in it, kept for everybody who has the piece (see reading.py)."""
    version: int = 0
    home: str = ""
    key: str = ""

    def __post_init__(self) -> None:
        attributes = self.attributes
        self.version = int(attributes.get("data-v", "0"))
        self.home, self.key = attributes.get("data-home", ""), attributes.get("data-k", "")


@dataclass(slots=True)
class _Open:
    """A piece that is being read: it ends where its element does."""

    piece: Piece
    name: str
    depth: int = 1
    forms: int = 0


@lru_cache(maxsize=512)
def cut(html: str) -> Piece:
    """A page or a pushed frame, cut up. The result is shared: nobody may change it."""
    root = _Open(Piece(""), "")
    stack = [root]
    for closing, name, rest, text in TAG.findall(SILENT.sub("", html)):
        if closing:
            _close(stack, name, text)
        elif name in TOLD or "id=" in rest or "data-" in rest or stack[-1].piece.id in READ:
            _open(stack, name, _attributes(rest), text)
        elif name == stack[-1].name:
            stack[-1].depth += 1
    return root.piece


@lru_cache(maxsize=50_000)
def _attributes(text: str) -> Mapping[str, str]:
    """A tag's attributes; most tags of a page have been seen before."""
    return {name: unescape(value) if "&" in value else value for name, value in ATTRIBUTE.findall(text)}


def _open(stack: list[_Open], name: str, attributes: Mapping[str, str], text: str) -> None:
    innermost = stack[-1]
    begins = "data-v" in attributes and "id" in attributes
    if begins:
        innermost = _begin(stack, name, attributes)
    elif name == innermost.name:
        innermost.depth += 1
    if name in TOLD:
        innermost.forms += name == "form"
        innermost.piece.told = True
        innermost.piece.marks.append(Mark(name, attributes, unescape(text.strip())))
    elif not begins and _matters(innermost, attributes):
        innermost.piece.marks.append(Mark(name, attributes, unescape(text.strip())))
    if "id" in attributes and name not in TOLD and not begins:
        _place(innermost, Mark("home", attributes))


def _matters(innermost: _Open, attributes: Mapping[str, str]) -> bool:
    inside = innermost.forms or innermost.piece.id in READ
    return bool(inside) or any(name.startswith("data-") for name in attributes)


def _place(innermost: _Open, mark: Mark) -> None:
    innermost.piece.told = True
    innermost.piece.marks.append(mark)
    innermost.piece.places.append(mark)
    if innermost.forms:
        innermost.piece.places_in_forms.append(mark)


def _begin(stack: list[_Open], name: str, attributes: Mapping[str, str]) -> _Open:
    outer, piece = stack[-1].piece, Piece(attributes["id"], attributes)
    outer.inner.append(piece)
    if not piece.home:
        _place(stack[-1], Mark("slot", {"id": piece.id}))
    stack.append(_Open(piece, name))
    return stack[-1]


def _close(stack: list[_Open], name: str, text: str) -> None:
    innermost = stack[-1]
    if name in TOLD:
        innermost.forms -= name == "form"
        innermost.piece.marks.append(Mark(f"/{name}", NO_ATTRIBUTES, unescape(text.strip())))
    if name == innermost.name and len(stack) > 1:
        innermost.depth -= 1
        if not innermost.depth:
            stack.pop()


def all_pieces(piece: Piece) -> Iterator[Piece]:
    """Every fragment inside, at any depth, the outer ones first."""
    for inner in piece.inner:
        yield inner
        yield from all_pieces(inner)
