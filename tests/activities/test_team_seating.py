"""Tables and memberships."""

from sessions.activities.team.seating import Membership, Seating, Table


def seated() -> Seating:
    seating = Seating()
    seating.lay(
        [Table("t1", 1, "Ripa", members=["ann", "bo"], leader="ann"), Table("t2", 2, "Järv", members=["cia"])]
    )
    return seating


def test_whoever_moves_sits_at_one_table_only() -> None:
    seating = seated()
    seating.sit("bo", "t2", 10.0)
    assert [table.members for table in seating.tables.values()] == [["ann"], ["cia", "bo"]]
    assert seating.table_of("bo") is seating.tables["t2"]


def test_a_leader_who_leaves_leads_no_more() -> None:
    seating = seated()
    seating.sit("ann", "", 10.0)
    assert seating.tables["t1"].leader == ""


def test_a_table_that_is_added_takes_its_people_from_where_they_were() -> None:
    seating = seated()
    seating.add(Table("t3", 3, "Lodjur", members=["bo"], leader="bo"), 10.0)
    assert seating.tables["t1"].members == ["ann"]
    assert seating.tables["t3"].leader == "bo"


def test_a_draft_leaves_no_memberships() -> None:
    seating = seated()
    seating.sit("bo", "t2", 10.0)
    assert seating.memberships == []


def test_memberships_run_from_the_confirmation_and_end_when_somebody_moves() -> None:
    seating = seated()
    seating.confirm(10.0)
    seating.sit("bo", "t2", 20.0)
    seating.sit("bo", "", 30.0)
    assert [m for m in seating.memberships if m.person == "bo"] == [
        Membership("t1", "bo", 10.0, 20.0),
        Membership("t2", "bo", 20.0, 30.0),
    ]


def test_a_table_survives_json() -> None:
    table = seated().tables["t1"]
    assert Table(**table.as_body()) == table
