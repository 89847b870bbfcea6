"""The walls of the house, and that adding an activity kind touches only its own places."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sessions.activities import activity_class, kinds
from sessions.format import LANGUAGES

ROOT = Path(__file__).parent.parent
RULES = sorted((ROOT / "sessions").rglob("*.py"))
OURS = sorted([*RULES, *(ROOT / "app").rglob("*.py")])


def imported(file: Path) -> Iterator[str]:
    """The first word of everything a module imports."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("file", RULES, ids=lambda file: file.name)
def test_the_rules_import_only_the_standard_library(file: Path) -> None:
    assert [name for name in imported(file) if name not in sys.stdlib_module_names | {"sessions"}] == []


def test_the_import_contracts_hold() -> None:
    told = subprocess.run([sys.executable, "-c", LINT], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


LINT = "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-cache'])"


def test_no_kind_is_named_outside_its_own_places() -> None:
    known = "|".join(kinds())
    named = re.compile(rf"""\bkind\b[^\n]*==\s*["'](?:{known})["']|sessions\.activities\.(?:{known})\b""")
    elsewhere = [file for file in OURS if "activities" not in file.parts]
    guilty = [str(file.relative_to(ROOT)) for file in elsewhere if named.search(file.read_text("utf-8"))]
    assert guilty == []


def test_no_template_asks_for_a_kind() -> None:
    known = "|".join(kinds())
    named = re.compile(rf"""kind\s*==\s*["'](?:{known})["']""")
    assert [
        str(file) for file in (ROOT / "templates").rglob("*.html") if named.search(file.read_text("utf-8"))
    ] == []


@pytest.mark.parametrize("kind", kinds())
def test_a_kind_has_its_three_places_and_a_name_in_every_language(kind: str) -> None:
    assert (ROOT / f"templates/activities/{kind}/console.html").exists()
    assert (ROOT / f"tests/activities/test_{kind}.py").exists()
    assert [language for language in LANGUAGES if not activity_class(kind).called.get(language)] == []


@pytest.mark.parametrize("kind", kinds())
def test_every_command_of_a_kind_has_a_method_and_every_method_a_docstring_or_a_clear_name(kind: str) -> None:
    activity = activity_class(kind)
    assert [name for name in activity.rights if not callable(getattr(activity, name, None))] == []
