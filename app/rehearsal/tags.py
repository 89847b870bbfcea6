"""Pages cut into fragments, as plain sequences of marks. What several people are sent is cut once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from typing import NamedTuple

SILENT = re.compile(r"<!--.*?-->|<head\b.*?</head>|<svg\b.*?</svg>|<template\b.*?</template>", re.DOTALL)
"""What says nothing to a program: pictures and the like."""
TAG = re.compile(r"<(/?)([a-z][\w-]*)([^>]*)>([^<]*)")
ATTRIBUTE = re.compile(r'([\w:.-]+)(?:="([^"]*)")?')
VOID = frozenset({"input", "br", "hr", "img", "meta", "link", "wbr", "col", "source"})
TOLD = frozenset({"form", "input", "textarea", "select", "option", "button", "fieldset"})
"""Elements that a filled-in form is made of."""
NUMBER = "no"
"""The class of the tile that shows a team's number."""
KEPT_BY_MORPH = "hx-morph-skip-children"


class Mark(NamedTuple):
    """One tag of interest. ``kind`` is its name, ``/name`` where it ends, ``home`` where a list's fragments stand
    and ``slot`` where one fragment stands; ``text`` is what follows the tag."""

    kind: str
    attributes: Mapping[str, str]
    text: str = ""


@dataclass(slots=True)
class Piece:
    """A fragment without the fragments inside of it, or (id "") the page around them all."""

    id: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)
    homes: list[str] = field(default_factory=list)
    """Ids in here under which fragments may stand."""
    inner: list[Piece] = field(default_factory=list)
    """The fragments inside, in the order they stand."""

    @property
    def version(self) -> int:
        return int(self.attributes.get("data-v", "0"))

    @property
    def home(self) -> str:
        return self.attributes.get("data-home", "")

    @property
    def key(self) -> str:
        return self.attributes.get("data-k", "")


@dataclass(slots=True)
class _Open:
    """A piece that is being read: it ends where its element does."""

    piece: Piece
    name: str
    depth: int = 1
    forms: int = 0


@lru_cache(maxsize=256)
def cut(html: str) -> Piece:
    """A page or a pushed frame, cut up. The result is shared: nobody may change it."""
    root = _Open(Piece(""), "")
    stack = [root]
    for closing, name, rest, text in TAG.findall(SILENT.sub("", html)):
        if closing:
            _close(stack, name, text)
        else:
            _open(stack, name, _attributes(rest), text)
    return root.piece


def _attributes(text: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in ATTRIBUTE.findall(text)}


def _open(stack: list[_Open], name: str, attributes: dict[str, str], text: str) -> None:
    here = stack[-1]
    if "data-v" in attributes and "id" in attributes:
        here = _begin(stack, name, attributes)
    elif name == here.name:
        here.depth += 1
    if name == "form":
        here.forms += 1
    if name in TOLD or attributes.get("class") == NUMBER or here.forms or any(k.startswith("data-") for k in attributes):
        here.piece.marks.append(Mark(name, attributes, unescape(text.strip())))
    if "id" in attributes and name not in TOLD - {"form", "fieldset"} and here.piece.id != attributes["id"]:
        here.piece.homes.append(attributes["id"])
        here.piece.marks.append(Mark("home", attributes))


def _begin(stack: list[_Open], name: str, attributes: dict[str, str]) -> _Open:
    outer, piece = stack[-1].piece, Piece(attributes["id"], attributes)
    outer.inner.append(piece)
    if not piece.home:
        outer.marks.append(Mark("slot", {"id": piece.id}))
    stack.append(_Open(piece, name, forms=stack[-1].forms))
    return stack[-1]


def _close(stack: list[_Open], name: str, text: str) -> None:
    here = stack[-1]
    if name == "form":
        here.forms -= 1
    if name in TOLD:
        here.piece.marks.append(Mark(f"/{name}", {}, unescape(text.strip())))
    if name == here.name and len(stack) > 1:
        here.depth -= 1
        if not here.depth:
            stack.pop()


def all_pieces(piece: Piece) -> Iterator[Piece]:
    """Every fragment inside, at any depth, the outer ones first."""
    for inner in piece.inner:
        yield inner
        yield from all_pieces(inner)
