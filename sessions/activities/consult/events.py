"""Shapes of what happens to questions. ``request`` is a question's id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NotRequired, TypedDict

from sessions.shapes import Words


class Asked(TypedDict):
    """A team asks. ``about`` is the id of an idea card or an entry, ``title`` what that was called then."""

    request: str
    team: str
    topic: str
    about: str
    title: Words
    text: Words
    urgent: bool


class OfRequest(TypedDict):
    """Something about one question, and nothing else."""

    request: str


class InterestDeclared(TypedDict):
    """``own``: whether the expert has an interest of their own; ``note`` says which."""

    own: bool
    note: Words


class Forwarded(TypedDict):
    request: str
    topic: str


class Answered(TypedDict):
    """``word`` is the verdict in every language, for the log of decisions."""

    request: str
    number: int
    verdict: str
    word: Mapping[str, str]
    note: Words
    sources: Words


class StopResponded(TypedDict):
    """What the team does with the answer: one of RESPONSES as ``choice``, or ``text`` in its own words.

    Earlier releases wrote the words of a choice as ``text`` and said no choice.
    """

    request: str
    number: int
    text: Words
    choice: NotRequired[str]


EVENTS: Mapping[str, type] = {
    "asked": Asked,
    "request_cancelled": OfRequest,
    "interest_declared": InterestDeclared,
    "claimed": OfRequest,
    "released": OfRequest,
    "forwarded": Forwarded,
    "answered": Answered,
    "stop_responded": StopResponded,
}
