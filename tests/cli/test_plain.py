"""Nothing that comes from a file or from people speaks to a terminal."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from app.cli.plain import plain
from tests.archive.forging import make, members, played, sealed
from tests.support.commands import Command

HOSTILE = "\x1b[2J\x1b]0;owned\x07\u202e\r\nnot proved: nothing\x9b31m\u2028"


@pytest.mark.parametrize("text", ["Åsa Lind 李 سارا 👩🏽", "a – b", ""])
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


def test_what_a_terminal_might_obey_is_written_out() -> None:
    said = plain(HOSTILE)
    assert said.isprintable()
    assert "\\x1b[2J" in said
    assert "\\u202e" in said
    assert len(said.splitlines()) == 1


def test_a_file_that_was_made_to_harm_who_verifies_it_prints_nothing_of_its_own(
    command: Command, tmp_path: Path
) -> None:
    """A name of a person, and of a member."""
    content = members(make(tmp_path / "a", played().log[:1]).file)
    content["names.json"] = orjson.dumps({HOSTILE: "x"})
    content["records/" + HOSTILE] = b"x"
    file = sealed(tmp_path / "x.zip", content)
    status, out, err = command("verify", file)
    assert status == 1
    assert "owned" in out
    for line in (out + err).splitlines():
        assert line.isprintable()
    assert not any(line.startswith("not proved: nothing") for line in out.splitlines())
