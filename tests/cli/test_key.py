"""Who made an export: what the command line says of its key, and with which exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.commands import Command


@pytest.fixture
def file(command: Command, tmp_path: Path) -> Path:
    """An export of a new session, signed by its installation."""
    data = tmp_path / "data"
    code = json.loads(command("new", "race48", "--data", data, "--json")[1])["code"]
    out = tmp_path / "race.zip"
    assert command("export", code, "--data", data, "--out", out)[0] == 0
    return out


def names(command: Command, data: Path) -> list[str]:
    """The fingerprints of an installation's keys."""
    return [line.split()[0] for line in command("key", "show", "--data", data)[1].splitlines()[:-1]]


def test_only_a_known_key_proves(command: Command, file: Path, tmp_path: Path) -> None:
    (name,) = names(command, tmp_path / "data")
    status, out, _ = command("verify", file, "--data", tmp_path / "elsewhere")
    assert status == 3
    assert f"not proved: it is signed by a key that is not known here: {name}" in out
    assert "Nothing is wrong with it, and not all of it is proved." in out
    for known in (name, name.replace("-", "").upper(), tmp_path / "data-keys/signing/keys.json"):
        status, out, _ = command("verify", file, "--data", tmp_path / "elsewhere", "--key", known)
        assert (known, status, f"signed by {name}" in out) == (known, 0, True)
    other = names(command, tmp_path / "elsewhere")[0]
    assert command("verify", file, "--data", tmp_path / "nowhere", "--key", other)[0] == 3


def test_whoever_trusts_a_key_trusts_those_that_it_has_signed(
    command: Command,
    file: Path,
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    (first,) = names(command, data)
    assert command("key", "new", "--data", data)[0] == 0
    code = json.loads(command("new", "race48", "--data", data, "--json")[1])["code"]
    later = tmp_path / "later.zip"
    assert command("export", code, "--data", data, "--out", later)[0] == 0
    nowhere = tmp_path / "nowhere"
    assert command("verify", later, "--data", nowhere, "--key", first)[0] == 0
    assert command("verify", file, "--data", nowhere, "--key", first)[0] == 0
    second = names(command, data)[1]
    assert command("verify", later, "--data", nowhere, "--key", second)[0] == 0
    assert command("verify", file, "--data", nowhere, "--key", second)[0] == 3


def test_a_key_that_was_given_up_proves_nothing(command: Command, file: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    (name,) = names(command, data)
    assert command("key", "retire", name, "--data", data)[0] == 0
    assert command("verify", file, "--data", data)[0] == 0
    assert command("key", "revoke", name, "--reason", "stolen\x1b[2J", "--data", data)[0] == 0
    status, out, _ = command("verify", file, "--data", data)
    assert status == 1
    assert "was given up" in out
    assert "\x1b" not in out
    assert list((tmp_path / "data-keys/signing").glob("*.pem")) == []
    status, _, err = command("export", "7K3MQX9T", "--data", data)
    assert (status, "cannot be signed" in err) == (1, True)


def test_a_key_that_was_revoked_stays_so(command: Command, file: Path, tmp_path: Path) -> None:
    """Else whoever retires it afterwards would have it believed again."""
    data = tmp_path / "data"
    (name,) = names(command, data)
    assert command("verify", file, "--data", data)[0] == 0
    assert command("key", "revoke", name, "--reason", "stolen", "--data", data)[0] == 0
    status, _, err = command("key", "retire", name, "--data", data)
    assert (status, "was revoked, and stays so" in err) == (2, True)
    assert command("verify", file, "--data", data)[0] == 1
    assert command("key", "revoke", name, "--reason", "sold too", "--data", data)[0] == 0


def test_an_unknown_key_is_told_in_a_sentence(command: Command, file: Path, tmp_path: Path) -> None:
    status, _, err = command("verify", file, "--key", tmp_path / "nothing.json")
    assert (status, "is no fingerprint and no register" in err) == (2, True)
    assert command("key", "retire", "abcd", "--data", tmp_path / "data")[0] == 2
