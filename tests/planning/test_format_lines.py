"""A finding has the line of the file where it stands."""

import pytest

from app.planning.format_lines import line_of

SOURCE = """# An evening.
key = "evening"
languages = ["sv"]

[[phase]]
id = "E1"
kind = "vote"
minutes = 20
[phase.rules]
method = "dots"

[[ phase ]]
kind = "work"
id = 'E2'
minutes = 30
[[phase.rules.deadlines]]
minute = 10
"""


@pytest.mark.parametrize(
    ("phase", "key", "line"),
    [
        ("", "languages", 3),
        ("", "colour", 1),
        ("E1", "minutes", 8),
        ("E1", "method", 10),
        ("E1", "dots", 5),
        ("E2", "minutes", 15),
        ("E2", "deadlines", 16),
        ("E2", "minute", 17),
        ("E9", "minute", 1),
    ],
)
def test_the_line_is_that_of_the_key_in_its_phase_or_else_the_phases_first(
    phase: str, key: str, line: int
) -> None:
    assert line_of(SOURCE, phase, key) == line
