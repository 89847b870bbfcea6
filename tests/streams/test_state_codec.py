"""A session's state as bytes: it comes back whole at any point of any race, and from hostile bytes comes nothing."""

from __future__ import annotations

import os
import pickle
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app.drawing.render import Renderer
from app.planning import formats
from app.settings import Settings
from app.streams.state_codec import Unreadable, fingerprint, freeze, rules, thaw
from sessions.activities import kinds
from sessions.messages import Command, Refused
from sessions.people import organisation_key
from sessions.session import Accepted, Session
from sessions.views import language_of
from tests.sessions.test_rules_machine import Race, standing
from tests.support import examples
from tests.support.look import hall_of
from tests.support.room import room
from tests.support.stage import Stage
from tests.support.viewers import audiences

pytestmark = pytest.mark.timeout(300)
"""Whoever comes first plays the formats for everybody after."""

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer(Settings().templates)


def thawed(session: Session) -> Session:
    return thaw(freeze(session), organisation_key)


class Twins:
    """Beside a stage's session lives one that was frozen and thawed: both get every command, and answer alike."""

    def __init__(self) -> None:
        self.twin: Session | None = None
        self.compared = 0

    def __call__(self, stage: Stage, command: Command, by: str) -> Accepted | Refused:
        told = stage.session.act(command, by, stage.now)
        if self.twin is not None and self.twin.code == stage.session.code:
            assert self.twin.act(command, by, stage.now) == told
            self.compared += 1
        return told

    def part(self, stage: Stage) -> None:
        """From here on another twin goes along."""
        self.twin = thawed(stage.session)
        unlike(self.twin, stage.session)
        stands_alike(self.twin, stage.replayed())

    def meet(self, stage: Stage) -> None:
        """Neither has become different from the other. (What they hold besides depends on what they were asked.)"""
        assert self.twin is not None
        stands_alike(self.twin, stage.session)

    def look_alike(self, stage: Stage, renderer: Renderer) -> int:
        """Every page of both is the same; how many there were."""
        assert self.twin is not None
        hall, other, pages = hall_of(stage), replace(hall_of(stage), session=self.twin), 0
        for view, person in audiences(stage):
            language = language_of(stage.session, person, view)
            one, two = (
                renderer.page(h, view, person, language, now=stage.now, rate=1.0, refused="")
                for h in (hall, other)
            )
            assert one == two, (person, view)
            pages += 1
        return pages


def stands_alike(one: Session, other: Session) -> None:
    """Everything that the log says is the same. Raises AssertionError."""
    again = standing(other)
    for name, value in standing(one).items():
        assert again[name] == value, name


def unlike(one: Any, other: Any) -> None:
    """Compare everything that two sessions hold, whatever it is. Raises AssertionError at the first difference."""
    seen: set[tuple[int, int]] = set()
    left: list[tuple[str, Any, Any]] = [("session", one, other)]
    while left:
        where, a, b = left.pop()
        if (id(a), id(b)) in seen or a is b:
            continue
        seen.add((id(a), id(b)))
        assert type(a) is type(b), where
        parts, others = held(a), held(b)
        if parts is None or others is None:
            assert a == b, where
        else:
            assert list(parts) == list(others), where
            left += [(f"{where}.{name}", parts[name], others[name]) for name in parts]


def held(thing: Any) -> Mapping[Any, Any] | None:
    """What a thing consists of, by name; None for a value."""
    if isinstance(thing, Mapping):
        return dict(thing)
    if isinstance(thing, list | tuple):
        return dict(enumerate(thing))
    slots = [name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())]
    own = {name: getattr(thing, name) for name in slots if hasattr(thing, name)}
    own |= {name: value for name, value in getattr(thing, "__dict__", {}).items() if name != "key_of"}
    compares_itself = "__eq__" in {name for kind in type(thing).__mro__[:-1] for name in vars(kind)}
    return own if own or not compares_itself else None


@pytest.fixture
def twins(monkeypatch: pytest.MonkeyPatch) -> Twins:
    twins = Twins()
    monkeypatch.setattr(Stage, "witness", staticmethod(twins))
    return twins


@pytest.mark.parametrize("name", formats.names())
def test_whoever_was_thawed_goes_on_like_who_never_was_frozen(
    twins: Twins, renderer: Renderer, name: str
) -> None:
    played, stage, pages = examples.played(name), Stage.empty(examples.example(name).data), 0
    ends = sorted(set(played.done.values()))
    for number, (begin, end) in enumerate(pairwise([0, *ends, len(played.given)])):
        if number % 3 == 0 and begin:
            twins.part(stage)
        examples.again(played.example, played.given[begin:end], stage)
        if twins.twin is not None:
            twins.meet(stage)
        if number % 6 == 5:
            pages += twins.look_alike(stage, renderer)
    assert stage.session.touched == stage.replayed().touched
    assert twins.compared > 2 * len(ends)
    assert pages > 2 * len(ends)


ROWS = [row for kind in kinds() for row in examples.rows_of(kind)]


@pytest.mark.parametrize(("name", "phase"), ROWS)
def test_a_kind_needs_nothing_to_be_frozen(twins: Twins, name: str, phase: str) -> None:
    """Frozen in the middle of what people send in a phase, it goes on like one that never was."""
    played, stage = examples.played(name), Stage.empty(examples.example(name).data)
    begun = max(
        n for n, given in enumerate(played.given[: played.done[phase]]) if given.command.phase != phase
    )
    middle = (begun + played.done[phase]) // 2
    examples.again(played.example, played.given[:middle], stage)
    twins.part(stage)
    examples.again(played.example, played.given[middle:], stage)
    twins.meet(stage)
    assert twins.compared > 0
    assert [event.kind for event in stage.log] == [event.kind for event in played.log]


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_a_frozen_session_is_the_fold_of_its_log(twins: Twins, seed: int) -> None:
    race = Race()
    race.the_race_has_begun(seed, 20)
    chance = Random(seed)
    for number in range(60):
        if number % 5 == 0:
            twins.part(race.stage)
        what = chance.choice(["say"] * 5 + ["everybody", "steer", "team", "next", "wait"])
        race.something_happens(chance.getrandbits(30), what)
        twins.meet(race.stage)
    assert twins.compared > 200


def test_a_difference_would_be_seen() -> None:
    stage = room()
    twin = thawed(stage.session)
    twin.people["a3"].facts["competence"] = ["heat"]
    with pytest.raises(AssertionError, match=r"session\.people\.a3\.facts"):
        unlike(twin, stage.session)


def test_the_key_of_the_server_is_left_out_and_put_back() -> None:
    stage = room()
    stage.session.key_of = secret = lambda name: f"secret {name}"  # a pickle could not take it
    bytes_kept = freeze(stage.session)
    assert thaw(bytes_kept, secret).key_of is secret
    assert stage.session.key_of is secret


# ---- bytes that are none


class Evil:
    """Becomes a call of anything when it is read."""

    def __init__(self, call: Callable[..., Any], *arguments: Any) -> None:
        self.call, self.arguments = call, arguments

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self.call, self.arguments


MARK = "/tmp/race-was-here"
HOSTILE = [
    Evil(os.system, f"touch {MARK}"),
    Evil(open, MARK, "w"),
    Evil(eval, "1"),
    Evil(exec, "x = 1"),
    Evil(getattr, "x", "upper"),
    organisation_key,  # a function, though of the rules
    Path,
    Renderer,
]


@pytest.mark.parametrize("thing", HOSTILE)
def test_nothing_but_the_rules_own_classes_comes_out_of_bytes(thing: Any) -> None:
    stage = room()
    stage.session.people["a0"].facts["evil"] = thing
    with pytest.raises(Unreadable, match="does not belong"):
        thawed(stage.session)
    assert not Path(MARK).exists()


@pytest.mark.parametrize("name", ["Callable", "Session.act", "steering", "Any", "__builtins__", "DECISIONS"])
def test_a_module_of_the_rules_gives_away_only_its_own_classes(name: str) -> None:
    spelled = b"\x80\x04\x8c\x10sessions.session\x8c" + bytes([len(name)]) + name.encode() + b"\x93."
    with pytest.raises(Unreadable):
        thaw(zlib.compress(spelled), organisation_key)
    right = spelled.replace(b"\x8c" + bytes([len(name)]) + name.encode(), b"\x8c\x07Session")
    with pytest.raises(Unreadable, match="a type is no session"):
        thaw(zlib.compress(right), organisation_key)


@pytest.mark.parametrize("kept", [b"", b"x", zlib.compress(b""), zlib.compress(pickle.dumps({"a": 1}))])
def test_what_is_no_state_is_refused(kept: bytes) -> None:
    with pytest.raises(Unreadable):
        thaw(kept, organisation_key)


def test_bytes_that_were_cut_or_changed_are_refused() -> None:
    kept, harmless = freeze(room().session), 0
    for at in range(0, len(kept), 97):
        with pytest.raises(Unreadable):
            thaw(kept[:at], organisation_key)
        changed = kept[:at] + bytes([kept[at] ^ 4]) + kept[at + 1 :]
        try:
            assert freeze(thaw(changed, organisation_key)) == kept, "another state came out"
            harmless += 1
        except Unreadable:
            continue
    assert harmless <= 1  # bits before the checksum that fill up a byte say nothing


# ---- whose rules


def test_the_fingerprint_changes_with_any_source_of_the_rules(tmp_path: Path) -> None:
    (tmp_path / "formats").mkdir()
    for name in ("__init__.py", "session.py", "formats/race48.toml"):
        (tmp_path / name).write_text(name)
    seen = {fingerprint(tmp_path)}
    for name in ("session.py", "formats/race48.toml", "new.py"):
        (tmp_path / name).write_text("changed")
        seen.add(fingerprint(tmp_path))
    (tmp_path / "new.py").rename(tmp_path / "newer.py")
    seen.add(fingerprint(tmp_path))
    assert len(seen) == 5
    (tmp_path / "notes.txt").write_text("no rule")
    assert fingerprint(tmp_path) in seen
    assert rules() == fingerprint(ROOT / "sessions") not in seen
