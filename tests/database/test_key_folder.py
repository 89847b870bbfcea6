"""The folder of keys: whole files that only their owner reads, and that can be destroyed."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.database.key_folder import KeyFolder
from app.settings import Settings


def test_keys_lie_beside_the_data_and_not_in_it(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    assert settings.key_folder == tmp_path / "data-keys"
    assert Settings(data=tmp_path / "data", keys=tmp_path / "volume").key_folder == tmp_path / "volume"


def test_a_key_is_read_as_it_was_written_and_by_nobody_else(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path / "keys")
    keys.write("signing/ab.pem", b"private")
    assert keys.read("signing/ab.pem") == b"private"
    assert stat.S_IMODE((tmp_path / "keys" / "signing" / "ab.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "keys" / "signing").stat().st_mode) == 0o700


def test_a_folder_that_others_could_read_is_closed_by_the_first_key(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir(mode=0o755)
    KeyFolder(tmp_path / "keys").write("a", b"1")
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_a_key_written_again_is_the_new_one_and_leaves_no_draft(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path / "keys")
    keys.write("a", b"old")
    keys.write("a", b"new")
    assert keys.read("a") == b"new"
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["a"]


def test_a_destroyed_key_is_gone_and_overwritten(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path / "keys")
    keys.write("ballots/A.key", b"private half")
    (tmp_path / "second").hardlink_to(tmp_path / "keys" / "ballots" / "A.key")
    keys.destroy("ballots/A.key")
    assert not keys.has("ballots/A.key")
    overwritten = (tmp_path / "second").read_bytes()
    assert len(overwritten) == len(b"private half")
    assert overwritten != b"private half"
    keys.destroy("ballots/A.key")
    assert keys.names("ballots") == []


def test_names_are_those_of_one_folder(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path / "keys")
    assert keys.names("ballots") == []
    for name in ("ballots/B.key", "ballots/A.key", "signing/x.pem"):
        keys.write(name, b"x")
    assert keys.names("ballots") == ["ballots/A.key", "ballots/B.key"]


def test_a_folder_keeps_its_id(tmp_path: Path) -> None:
    first = KeyFolder(tmp_path / "keys").id
    assert first == KeyFolder(tmp_path / "keys").id != KeyFolder(tmp_path / "other").id


def test_processes_that_begin_at_the_same_moment_get_one_key(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path / "keys")

    def while_another_makes_it() -> bytes:
        assert keys.kept("seal", lambda: b"first") == b"first"
        return b"second"

    assert keys.kept("seal", while_another_makes_it) == b"first"
    assert keys.names() == ["seal"]


@pytest.mark.parametrize("name", ["", "../outside", "/etc/passwd", "a/../../b"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    keys = KeyFolder(tmp_path / "keys")
    with pytest.raises(ValueError, match="outside"):
        keys.write(name, b"x")


def test_a_line_that_was_left_unfinished_is_gone_when_the_next_is_added(tmp_path: Path) -> None:
    keys = KeyFolder(tmp_path / "keys")
    for lines in (b"half", b"one\n", b"two\nha", b"", b"three\n"):
        keys.append("lines", lines)
    assert keys.read("lines") == b"one\ntwo\nthree\n"


def test_what_others_are_writing_is_not_taken_for_unfinished(tmp_path: Path) -> None:
    """Long lines take several writes; whoever adds one waits until the others have theirs whole."""
    line = b"x" * 300_000 + b"\n"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: KeyFolder(tmp_path / "keys").append("lines", line), range(40)))
    assert KeyFolder(tmp_path / "keys").read("lines") == line * 40
