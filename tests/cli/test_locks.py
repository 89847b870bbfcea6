"""What is installed is what was locked, file by file."""

from __future__ import annotations

import re

import pytest

from app.setup.requirements import LOCK, SERVER_LOCK, lock_of, locked, requirements_of

ENTRY = re.compile(
    r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==(\S+)(.*(?:\n    --hash=sha256:[0-9a-f]{64}(?: \\)?)+)", re.M
)


def entries(extra: str) -> dict[str, str]:
    """Package → version, of those that have hashes."""
    return {name.lower(): version for name, version, _ in ENTRY.findall(lock_of(extra).read_text("utf-8"))}


@pytest.mark.parametrize("extra", ["", "dev"])
def test_every_package_is_locked_with_hashes_and_so_is_everything_that_is_asked_for(extra: str) -> None:
    asked = {re.split(r"[\[>=]", requirement)[0].lower() for requirement in requirements_of(extra)}
    assert len(entries(extra)) == locked(extra) > len(asked) > 10
    assert asked <= set(entries(extra))


def test_the_server_has_the_versions_that_were_tested() -> None:
    assert (lock_of(""), lock_of("dev")) == (SERVER_LOCK, LOCK)
    tested = entries("dev")
    assert entries("") == {name: tested[name] for name in entries("")}
    assert len(tested) > len(entries(""))
