from app.rehearsal.people.cast import cast


def test_the_same_seed_brings_the_same_people() -> None:
    assert cast(53, 1, ["expert"]) == cast(53, 1, ["expert"])
    assert cast(53, 1, ["expert"]) != cast(53, 2, ["expert"])


def test_the_facilitator_comes_first_then_the_roles_then_participants() -> None:
    assert [p.role for p in cast(4, 1, ["juror", "expert"])] == [
        "facilitator",
        "juror",
        "expert",
        "participant",
    ]


def test_everybody_has_a_name_of_their_own() -> None:
    assert len({part.name for part in cast(1000, 1, [])}) == 1000


def test_three_languages_are_spoken() -> None:
    assert {part.language for part in cast(5, 1, [])} == {"en", "sv", "fi"}
