"""For whom an export is: what the command line says of it, and whether the file holds."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tests.support.commands import Command

SAYS = {
    "house": "It says how everybody voted, and all that they wrote.",
    "handing-out": "also what only their own team may see, or nobody yet: give it only to whoever may read that",
    "session": "It holds no words that may not be read at the level: session.",
    "programme": "It holds no words that may not be read at the level: programme.",
    "public": "It holds no words that may not be read at the level: public.",
}


@pytest.mark.parametrize("purpose", SAYS)
def test_an_export_says_what_it_holds_and_that_is_proved(
    command: Command, tmp_path: Path, purpose: str
) -> None:
    data, out = tmp_path / "data", tmp_path / "race.zip"
    code = json.loads(command("new", "race48", "--data", data, "--json")[1])["code"]
    status, told, _ = command("export", code, "--data", data, "--out", out, "--for", purpose)
    assert (status, SAYS[purpose] in " ".join(told.split())) == (0, True)
    assert command("verify", out, "--data", data)[0] == 0
    with zipfile.ZipFile(out) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert (manifest["for"], manifest["seen_by"]) == (purpose, purpose)


def test_nobody_exports_for_a_level_that_there_is_not(command: Command, tmp_path: Path) -> None:
    status, _, err = command("export", "7K3MQX9T", "--data", tmp_path, "--for", "everybody")
    assert (status, "everybody" in err) == (2, True)
