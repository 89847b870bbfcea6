"""One page and where it stands."""

from __future__ import annotations

from app.audience.connection import RELOAD, UNWANTED, Audience, Connection, Cursor
from app.wire.frame import Frame
from tests.audience.test_fanout import Wire

SCOPES = ("all", "person:aino", "role:juror", "team:1")


def test_pages_that_are_told_the_same_are_one_audience() -> None:
    aino, ben = (
        Cursor("phone", "aino", "en", ("all", "person:aino")),
        Cursor("phone", "ben", "en", ("all", "person:ben")),
    )
    assert aino.audience == ben.audience == Audience("phone", "en", ("all",))
    others = [
        Cursor("team", "aino", "en", ("all", "person:aino")),
        Cursor("phone", "aino", "fi", ("all", "person:aino")),
        Cursor("phone", "aino", "en", ("all", "team:1", "person:aino")),
    ]
    assert aino.audience not in [other.audience for other in others]


def test_what_is_shared_and_what_is_ones_own_are_all_there_is() -> None:
    reader = Cursor("phone", "aino", "en", SCOPES)
    assert (reader.scopes_shared, reader.scopes_own) == (("all", "role:juror", "team:1"), ("person:aino",))


def test_a_page_stands_nowhere_until_it_has_said_so_and_never_goes_back() -> None:
    reader = Cursor("phone", "aino", "en", SCOPES)
    assert (reader.cursor, reader.shared) == (None, 0)
    reader.stands_at(7)
    reader.shared = 9
    reader.stands_at(8)
    reader.stands_at(3)
    assert (reader.cursor, reader.shared) == (8, 9)


def test_whoever_is_put_out_hears_one_last_word_and_the_code() -> None:
    wire = Wire()
    connection = Connection("phone", "aino", "en", SCOPES, transport=wire)
    connection.disconnect(1008)
    connection.disconnect(1013)
    assert (wire.frames, wire.code, connection.standing) == ([RELOAD], 1008, UNWANTED)


def test_the_last_word_may_be_another() -> None:
    wire, word = Wire(), Frame("too many pages")
    Connection("phone", "aino", "en", SCOPES, transport=wire).disconnect(1008, word)
    assert wire.frames == [word]
