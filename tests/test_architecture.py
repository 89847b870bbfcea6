"""The walls of the house, and that adding an activity kind touches only its own places."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Container, Iterator, Sequence
from functools import cache
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


# ---- the tests themselves


TESTS = sorted((ROOT / "tests").rglob("*.py"))
ASSERTING = {"pytest.raises", "pytest.fail", "pytest.warns", "expect"}
TIMED = {"faults", "bench"}
"""Folders in which seconds are the dose: how long a fault lasts, how long something is measured."""
MOMENT = 0.05
"""Seconds that may pass between two looks at something."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


def called(node: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call in a piece of code, and the whole name by which it is called."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            yield ast.unparse(call.func), call


def functions(file: Path) -> Iterator[Function]:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def asserting(files: Sequence[Path]) -> set[str]:
    """The names of functions that assert something, themselves or by others; of one that several have, if all do."""
    named: dict[str, list[Function]] = {}
    for file in files:
        for function in functions(file):
            named.setdefault(function.name, []).append(function)
    found: set[str] = set()
    while more := {name for name in named.keys() - found if all(asserts(one, found) for one in named[name])}:
        found |= more
    return found


def asserts(function: Function, helpers: Container[str]) -> bool:
    """Whether a function can fail by what it has seen."""
    if any(isinstance(node, ast.Assert) for node in ast.walk(function)):
        return True
    return any(name in ASSERTING or name.rpartition(".")[2] in helpers for name, _ in called(function))


def test_every_test_asserts_something() -> None:
    helpers = asserting(TESTS)
    empty = [
        f"{file.relative_to(ROOT)}: {function.name}"
        for file in TESTS
        if file.name.startswith("test_")
        for function in functions(file)
        if function.name.startswith("test_") and not asserts(function, helpers)
    ]
    assert empty == []


def test_a_test_without_an_assertion_is_found(tmp_path: Path) -> None:
    file = tmp_path / "test_it.py"
    file.write_text(
        "def test_a(): f()\ndef test_b(): g()\ndef f(): g()\ndef g(): print()\ndef test_c(): assert f"
    )
    assert asserting([file]) == {"test_c"}
    other = tmp_path / "test_other.py"  # a file is parsed once
    other.write_text(file.read_text("utf-8").replace("print()", "pytest.fail()"))
    assert asserting([other]) == {"test_a", "test_b", "test_c", "f", "g"}


def test_no_test_waits_in_the_way_that_loses_a_cancellation() -> None:
    """On Python 3.11 `asyncio.wait_for` swallows one that comes when what it waits for is there at that very moment."""
    waits = [
        str(file.relative_to(ROOT)) for file in TESTS for name, _ in called(tree(file)) if is_wait_for(name)
    ]
    assert waits == []


def is_wait_for(name: str) -> bool:
    return name.removeprefix("asyncio.") == "wait_for"


@pytest.mark.parametrize(
    "file", [file for file in TESTS if not TIMED & {*file.parts}], ids=lambda file: file.name
)
def test_no_test_sleeps_for_others_to_be_done(file: Path) -> None:
    """It looks again and again, or says in a comment on that line what it is that takes so long."""
    lines, looking = file.read_text("utf-8").splitlines(), set(in_loops(tree(file)))
    assert [
        call.lineno
        for name, call in called(tree(file))
        if name.rpartition(".")[2] in ("sleep", "wait_for_timeout") and too_long(call)
        if call not in looking and "#" not in lines[call.lineno - 1]
    ] == []


def in_loops(module: ast.Module) -> Iterator[ast.AST]:
    for loop in ast.walk(module):
        if isinstance(loop, ast.While):
            yield from ast.walk(loop)


def too_long(call: ast.Call) -> bool:
    (seconds,) = call.args
    return (
        isinstance(seconds, ast.Constant)
        and isinstance(seconds.value, int | float)
        and seconds.value > MOMENT
    )
