"""Who sees what: the function says what the table says, and no change to it goes unnoticed."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from functools import cache
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from sessions import sight
from sessions.sight import Author, Circle, Pass, Sight, Thing, Viewer, may_see

TABLE: dict[str, Any] = tomllib.loads((Path(__file__).parents[1] / "data" / "sight.toml").read_text("utf-8"))
NOW = 50.0
PROGRAMME = frozenset({"P"})
FIRST = Pass(frozenset({"R06"}), 100.0)


def of_session(person: str, role: str = "participant", **said: Any) -> Viewer:
    return Viewer(person, role, "S", programmes=PROGRAMME, **said)


VIEWERS: Mapping[str, Viewer] = {
    "author": of_session("a", team="T1", bound=True),
    "staff": of_session("f", "facilitator"),
    "night_host": of_session("n", "night_host"),
    "mate": of_session("m", team="T1", bound=True),
    "mate_unbound": of_session("m", team="T1"),
    "juror_given": of_session("j", "juror", bound=True, trusted_with=frozenset({"e1"})),
    "juror_recused": of_session("j", "juror", bound=True),
    "juror_not_sworn": of_session("j", "juror", trusted_with=frozenset({"e1"})),
    "participant": of_session("o", team="T2", bound=True),
    "participant_unbound": of_session("o", team="T2"),
    "guest_on": Viewer("g", "guest", "S", guest_pass=FIRST),
    "guest_over": Viewer("g", "guest", "S", guest_pass=replace(FIRST, until=40.0)),
    "guest_other_phase": Viewer("g", "guest", "S", guest_pass=Pass(frozenset({"R25"}), 100.0)),
    "screen": Viewer("s", "screen", "S", bound=True),
    "screen_public": Viewer("s", "screen", "S", in_public=True),
    "office": Viewer("x", "project_office", programmes=PROGRAMME),
    "observer": of_session("b", "observer"),
    "visitor": Viewer(),
    "other_session": Viewer("q", "participant", "S2", "T1", bound=True),
    "sister_session": Viewer("r", "participant", "S3", "T9", PROGRAMME, bound=True),
}
BASE = Thing(authors=frozenset({"a"}), session="S", team="T1", programme="P", entry="e1", phase="R06")
THINGS = [
    replace(
        BASE,
        kind=kind,
        reach=reach,
        state=state,
        concealed=concealed,
        closed_until=closed_until,
        reviewed=reviewed,
    )
    for kind, reach, state, concealed, closed_until, reviewed in product(
        ("card", "feedback"),
        Circle,
        ("shown", "held", "hidden", "rejected", "withdrawn", "erased"),
        (False, True),
        (0.0, 99.0),
        (True, False),
    )
]
AUTHORS = [Author(*said) for said in product(Circle, (False, True), (False, True), (True, False))]


class Facts(NamedTuple):
    """What the rows of the table ask."""

    viewer: str
    near: str
    guest: bool
    screen: bool
    bound: bool


def facts_of(name: str) -> Facts:
    return Facts(
        name,
        TABLE["near"][name],
        name in TABLE["guests"],
        name in TABLE["screens"],
        name not in TABLE["unbound"],
    )


def first_that_fits(rows: list[dict[str, Any]], known: Mapping[str, Any]) -> bool:
    for row in rows:
        asked = {name: wanted for name, wanted in row.items() if name != "see"}
        if all(
            known[name] in wanted if isinstance(wanted, list) else known[name] == wanted
            for name, wanted in asked.items()
        ):
            return bool(row["see"])
    raise AssertionError(f"no row fits {known}")


@cache
def by_table(name: str, thing: Thing, author: Author) -> tuple[bool, bool]:
    known = {
        **facts_of(name)._asdict(),
        "kind": thing.kind,
        "reach": thing.reach.name,
        "state": thing.state,
        "concealed": thing.concealed,
        "closed": thing.closed_until > NOW,
        "reviewed": thing.reviewed,
        "name_reach": author.name_reach.name,
        "minor": author.minor,
        "erased": author.erased,
        "asked": author.asked,
    }
    text = first_that_fits(TABLE["text"], known)
    return text, text and first_that_fits(TABLE["name"], known)


def test_the_function_says_of_every_combination_what_the_table_says() -> None:
    seen = hidden = 0
    for name, viewer in VIEWERS.items():
        for thing in THINGS:
            some = AUTHORS if thing in THINGS[:4] or by_table(name, thing, AUTHORS[0])[0] else AUTHORS[:1]
            for author in some:
                found = may_see(viewer, thing, author, NOW)
                assert found[:2] == by_table(name, thing, author), (name, thing, author)
                seen, hidden = seen + found.text, hidden + (not found.text)
    assert seen > 1000 < hidden


def test_a_text_that_is_not_seen_says_why_and_names_nobody() -> None:
    for viewer, thing in product(VIEWERS.values(), THINGS):
        found = may_see(viewer, thing, Author(), NOW)
        assert found.text is (found.why in ("", "name"))
        assert found.text or not found.name


def tighter(thing: Thing) -> Iterator[Thing]:
    if thing.reach > Circle.OWN:
        yield replace(thing, reach=Circle(thing.reach - 1))
    if thing.state == "shown":
        yield from (replace(thing, state=state) for state in ("held", "hidden", "rejected", "withdrawn"))
    yield replace(thing, concealed=True)
    yield replace(thing, closed_until=99.0)
    yield replace(thing, reviewed=False)


def test_tightening_a_thing_never_reveals_it() -> None:
    for viewer, thing in product(VIEWERS.values(), THINGS):
        before = may_see(viewer, thing, Author(), NOW).text
        assert all(may_see(viewer, other, Author(), NOW).text <= before for other in tighter(thing))


def test_an_author_who_says_less_is_named_no_more_often() -> None:
    for viewer, author in product(VIEWERS.values(), AUTHORS):
        before = may_see(viewer, replace(BASE, reach=Circle.PUBLIC), author, NOW).name
        for other in (
            replace(author, minor=True),
            replace(author, erased=True),
            replace(author, asked=False),
            replace(author, name_reach=Circle(max(-1, author.name_reach - 1))),
        ):
            assert may_see(viewer, replace(BASE, reach=Circle.PUBLIC), other, NOW).name <= before


def test_the_word_of_a_thing_says_the_same_as_the_function() -> None:
    words = set()
    for viewer, thing in product(VIEWERS.values(), THINGS):
        word = sight.audience(thing, NOW)
        words.add(word)
        assert sight.holds(viewer, thing, word, NOW) is may_see(viewer, thing, Author(), NOW).text
    assert words == {"gone", "authors", "staff", "team", "session", "bound", "programme", "public"}


def test_a_choice_for_one_thing_goes_before_consent_and_what_nobody_knows_is_the_narrowest() -> None:
    asked = [(None, None), (None, "public"), ("team", "public"), ("public", "team"), (None, "moon")]
    found = [sight.reach_of(*said).name for said in asked]
    assert found == ["SESSION", "PUBLIC", "TEAM", "PUBLIC", "TEAM"]


def test_a_section_goes_as_far_as_its_record_and_what_was_cleared_for_the_stage() -> None:
    def reach(section: str, visibility: str | None, disclosure: str | None = None) -> str:
        return sight.section_reach(visibility, disclosure, section).name

    assert [reach("market", level) for level in (None, "session", "public")] == ["TEAM", "SESSION", "PUBLIC"]
    assert [reach("market", "public", said) for said in ("ok", "summary", "closed")] == [
        *("PUBLIC", "SESSION", "SESSION"),
    ]
    assert [reach("summary", "team", said) for said in (None, "summary", "closed")] == [
        *("TEAM", "PUBLIC", "TEAM"),
    ]
    assert [reach("title", "team", said) for said in (None, "closed")] == ["SESSION", "PUBLIC"]


SOURCE = Path(sight.__file__).read_text("utf-8")
CHANGES = [
    ("circle > thing.reach", "circle > thing.reach + 1"),
    ("return circle is Circle.SESSION and bound", "return circle <= Circle.PROGRAMME and bound"),
    ("return circle is Circle.SESSION and bound", "return circle is Circle.SESSION"),
    ("if circle <= Circle.TEAM:\n        return True", "if False:\n        return True"),
    ('viewer.bound and viewer.role != "screen"', "viewer.bound"),
    ("circle >= Circle.PROGRAMME and not thing.reviewed", "circle > Circle.PROGRAMME and not thing.reviewed"),
    ("min(author.name_reach, Circle.SESSION) if author.minor", "author.name_reach if author.minor"),
    ("if thing.concealed:", "if False:"),
    ("if author.erased:", "if False:"),
    ('viewer.role == "screen" and not author.asked', "not author.asked and False"),
    ('if thing.state == "rejected" and not (viewer.person and', 'if thing.state == "rejected" and not ('),
    ('if thing.state == "rejected" and not', 'if thing.state == "rejected" and circle is None and not'),
    (" and thing.kind not in NOT_FOR_GUESTS", ""),
    ("now < self.until and ", ""),
    ("phase in self.phases", "True"),
    ("viewer.role in SWORN and viewer.bound and", "viewer.role in SWORN and"),
    ("thing.entry in viewer.trusted_with", "True"),
    ('GONE = frozenset({"withdrawn", "erased"})', 'GONE = frozenset({"erased"})'),
    ("if thing.state in KEPT_BACK:\n        return thing.state\n    if thing.c", "if thing.c"),
    ('viewer.role in ("", "observer")', 'viewer.role == ""'),
    ("Circle.PUBLIC if viewer.in_public else Circle.SESSION", "Circle.SESSION"),
    ("thing.programme in viewer.programmes", "viewer.programmes"),
    ('viewer.team != "" and viewer.team == thing.team', "viewer.team == thing.team"),
    ("here = viewer.session == thing.session", "here = viewer.session"),
]


def changed(old: str, new: str) -> ModuleType:
    """The module with one change to its source."""
    assert SOURCE.count(old) == 1, old
    module = ModuleType("sight_changed")
    sys.modules["sight_changed"] = module  # dataclasses look their module up
    exec(SOURCE.replace(old, new), module.__dict__)
    return module


@pytest.mark.parametrize(("old", "new"), CHANGES)
def test_no_change_to_the_function_goes_unnoticed(old: str, new: str) -> None:
    module = changed(old, new)

    def other(thing: Any) -> Any:
        if isinstance(thing, Circle):
            return module.Circle(int(thing))
        known = {f.name: getattr(thing, f.name) for f in fields(thing)}
        return getattr(module, type(thing).__name__)(
            **{
                name: other(value) if isinstance(value, Circle | Pass) else value
                for name, value in known.items()
            }
        )

    def found(name: str, thing: Thing, author: Author) -> Sight:
        return module.may_see(other(VIEWERS[name]), other(thing), other(author), NOW)  # type: ignore[no-any-return]  # a module made here

    things = [
        *THINGS,
        replace(BASE, authors=frozenset({""}), state="rejected", reach=Circle.PUBLIC),
        replace(BASE, team="", reach=Circle.TEAM),
        replace(BASE, programme="Q", reach=Circle.PROGRAMME),
    ]
    authors = {False: [Author()], True: [Author(), *AUTHORS[::3]]}
    assert any(
        found(name, thing, author)[:2] != may_see(VIEWERS[name], thing, author, NOW)[:2]
        for name, thing in product(VIEWERS, things)
        for author in authors[thing.state == "shown" and thing.reach is Circle.PUBLIC]
    )
