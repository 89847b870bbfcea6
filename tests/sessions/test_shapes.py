"""Events have the shape that their kind declares, and what counts does not hang on what people wrote."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, get_args, get_origin, is_typeddict

import pytest

from sessions.activities import activity_class, kinds
from sessions.messages import Event
from sessions.session import Session
from sessions.session_shapes import SHAPES
from sessions.shapes import fields_of, words_by_kind
from tests.golden import events, logs
from tests.support.results import results
from tests.support.seed import seeds

__all__ = ["seeds"]

LOGS = list(logs())
NAMES = [row["test"].rpartition("::")[2] for row in LOGS]
DECLARED = kinds()
MARK = re.compile(r"‹w\d+›")


def shapes_of(session: Session, event: Event) -> Mapping[str, type]:
    """The shapes that the event's kind is declared among."""
    phase = session.agenda.get(event.phase)
    if event.kind in SHAPES or phase is None or phase.kind not in kinds():
        return SHAPES
    return activity_class(phase.kind).events


def unlike(value: Any, hint: Any, where: str) -> Iterator[str]:
    """Where a plain value is not what a hint says."""
    origin, inner = get_origin(hint), get_args(hint)
    if hint is Any:
        return
    if origin in (typing.Annotated, typing.NotRequired, typing.Required):
        yield from unlike(value, inner[0], where)
    elif origin in (typing.Union, types.UnionType):
        if all(list(unlike(value, option, where)) for option in inner):
            yield f"{where}: {value!r} is none of {inner}"
    elif origin is typing.Literal:
        if value not in inner:
            yield f"{where}: {value!r} is none of {inner}"
    elif is_typeddict(hint):
        yield from misfits(value, hint, where)
    elif origin is not None and issubclass(origin, Mapping):
        yield from (no for key, item in value.items() for no in unlike(item, inner[1], f"{where}.{key}"))
    elif origin is not None:
        yield from (no for n, item in enumerate(value) for no in unlike(item, inner[0], f"{where}[{n}]"))
    elif hint is float:
        if not isinstance(value, int | float):
            yield f"{where}: {value!r} is no number"
    elif not isinstance(value, type(None) if hint is None else hint):
        yield f"{where}: {value!r} is no {hint}"


def misfits(body: Mapping[str, Any], shape: type, where: str) -> Iterator[str]:
    """Where a body is not what its shape says: fields too many, missing, or of another type."""
    hints = fields_of(shape)
    required = {name for name, hint in hints.items() if get_origin(hint) is not typing.NotRequired}
    yield from (f"{where}: {name} is not declared" for name in body.keys() - hints.keys())
    yield from (f"{where}: {name} is missing" for name in required - body.keys())
    for name in body.keys() & hints.keys():
        yield from unlike(body[name], hints[name], f"{where}.{name}")


@pytest.mark.parametrize("golden", LOGS, ids=NAMES)
def test_the_events_of_earlier_releases_have_the_shapes_that_are_declared(golden: dict[str, Any]) -> None:
    session, found = Session(), list[str]()
    for event in events(golden["log"]):
        session.evolve(event)
        shapes = shapes_of(session, event)
        if event.kind in shapes or shapes is SHAPES:
            shape = shapes.get(event.kind)
            found += misfits(event.body, shape, event.kind) if shape else []
        elif shapes:
            found.append(f"{event.kind} has no shape")
    assert found == []


@pytest.mark.parametrize("kind", DECLARED)
def test_every_event_of_a_kind_can_be_folded_and_every_fold_has_a_shape(kind: str) -> None:
    activity = activity_class(kind)
    assert [name for name in activity.events if not callable(getattr(activity, name, None))] == []


def with_words(log: list[Event], gone: bool) -> Iterator[Event]:
    """A log whose words are all marks, or all gone."""
    session, number = Session(), count(1)
    for event in log:
        session.evolve(event)
        names = words_by_kind(shapes_of(session, event)).get(event.kind, frozenset())
        body = {
            name: None if gone and name in names else marked(value, number) if name in names else value
            for name, value in event.body.items()
        }
        yield event._replace(body=body)


def marked(value: Any, number: Iterator[int]) -> Any:
    """Every text in a value replaced by a mark of its own."""
    if isinstance(value, str):
        return f"‹w{next(number)}›" if value else value
    if isinstance(value, list):
        return [marked(item, number) for item in value]
    if isinstance(value, dict):
        return {key: marked(item, number) for key, item in value.items()}
    return value


def without_words(value: Any) -> Any:
    """Results without marks, and without what only marks were in."""
    if isinstance(value, str):
        return MARK.sub("", value) or None
    if isinstance(value, list):
        return [without_words(item) for item in value]
    if isinstance(value, dict):
        kept = {key: without_words(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in (None, {}, [])}
    return value


@pytest.mark.parametrize("golden", LOGS, ids=NAMES)
def test_what_counts_is_the_same_when_all_words_are_gone(golden: dict[str, Any]) -> None:
    """Votes, teams, entries, running orders and deadlines rest on structure alone."""
    sessions = []
    for gone in (False, True):
        session = Session()
        for event in with_words(list(events(golden["log"])), gone):
            session.evolve(event)
        sessions.append(without_words(results(session)))
    assert sessions[1] == sessions[0]
