"""Tables and memberships."""

import json
from typing import cast

from sessions.activities.team.rows import TableRow
from sessions.activities.team.seat_history import Membership, SeatHistory, Table


def seated() -> SeatHistory:
    seats = SeatHistory()
    seats.lay(
        [Table("t1", 1, "Ripa", members=["ann", "bo"], leader="ann"), Table("t2", 2, "Järv", members=["cia"])]
    )
    return seats


def test_whoever_moves_sits_at_one_table_only() -> None:
    seats = seated()
    seats.sit("bo", "t2", 10.0)
    assert [table.members for table in seats.tables.values()] == [["ann"], ["cia", "bo"]]
    assert seats.table_of("bo") is seats.tables["t2"]


def test_a_leader_who_leaves_leads_no_more() -> None:
    seats = seated()
    seats.sit("ann", "", 10.0)
    assert seats.tables["t1"].leader == ""


def test_a_table_that_is_added_takes_its_people_from_where_they_were() -> None:
    seats = seated()
    seats.add(Table("t3", 3, "Lodjur", members=["bo"], leader="bo"), 10.0)
    assert seats.tables["t1"].members == ["ann"]
    assert seats.tables["t3"].leader == "bo"


def test_a_draft_leaves_no_memberships() -> None:
    seats = seated()
    seats.sit("bo", "t2", 10.0)
    assert seats.memberships == []


def test_memberships_run_from_the_confirmation_and_end_when_somebody_moves() -> None:
    seats = seated()
    seats.confirm(10.0)
    seats.sit("bo", "t2", 20.0)
    seats.sit("bo", "", 30.0)
    assert [m for m in seats.memberships if m.person == "bo"] == [
        Membership("t1", "bo", 10.0, 20.0),
        Membership("t2", "bo", 20.0, 30.0),
    ]


def test_a_table_survives_json() -> None:
    table = seated().tables["t1"]
    row = cast(TableRow, json.loads(json.dumps(table.as_body())))
    assert Table.from_row(row) == table
