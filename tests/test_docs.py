"""The lists in docs/ are what the code has. ``python -m tests.test_docs --write`` makes them anew."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Route

from app.planning import formats
from app.routes import routes
from app.settings import Settings
from app.web.assets import Assets
from sessions import activities
from sessions.activities import activity_class, kinds
from sessions.format import read_format
from sessions.format_crowd import crowd_findings
from sessions.format_faults import findings
from sessions.rights import SESSION, table
from tests.support.examples import Example, play
from tests.support.stage import Stage, phase, plain

ROOT = Path(__file__).parents[1]
WIRE, FORMATS, KINDS = (ROOT / "docs" / f"{name}.md" for name in ("wire", "formats", "kinds"))
NAME = re.compile(r"`+([a-z_]+)`+")
WHOLE_FORMAT = re.compile(r"```toml\n(key = .*?)```", re.DOTALL)
README_LINES = 90
MADE = ("static/vendor/",)
"""What is put there by the commands and never committed."""


def route_list() -> str:
    """Every address, with its methods and what the code says of it."""
    rows = []
    for route in routes(Assets(Settings().static, {})):
        methods = sorted((route.methods or set()) - {"HEAD"}) if isinstance(route, Route) else []
        how = " ".join(methods) or ("WS" if route.path.endswith("live") else "GET")
        endpoint = getattr(route, "endpoint", None)
        rows.append(f"| `{how} {route.path}` | {_summary(endpoint)} |")
    return "\n".join(["| | |", "|---|---|", *rows])


def _summary(endpoint: object) -> str:
    text = (getattr(endpoint, "__doc__", None) or "styles, scripts and pictures").split("\n\n")[0]
    return " ".join(re.sub(r"``", "`", text).split())


def command_list() -> str:
    """Every command of the session's own."""
    return ", ".join(f"`{line.command}`" for line in table() if line.kind == SESSION) + "."


def reason_list() -> str:
    """Every reason that somebody can be refused for, whatever the kind of the phase."""
    found = {reason for file in _sources() for reason in _reasons(file)}
    return ", ".join(f"`{reason}`" for reason in sorted(found)) + "."


def _sources() -> Iterator[Path]:
    for folder in ("sessions", "app"):
        found = sorted((ROOT / folder).rglob("*.py"))
        yield from (file for file in found if "activities" not in file.parts)


def _reasons(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
            continue
        first = node.args[0]
        if node.func.id == "refuse" and isinstance(first, ast.Constant):
            yield str(first.value)


BLOCKS = {"routes": route_list, "commands": command_list, "reasons": reason_list}


def block(name: str) -> re.Pattern[str]:
    return re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)


@pytest.mark.parametrize("name", BLOCKS)
def test_a_list_in_the_wire_contract_is_what_the_code_has(name: str) -> None:
    found = block(name).search(WIRE.read_text("utf-8"))
    assert found is not None
    assert found[0] == f"<!-- {name} -->\n{BLOCKS[name]()}\n<!-- /{name} -->"


def rules_of(kind: str) -> set[str]:
    """The rules of a kind, as it declares them."""
    return set(activity_class(kind).declares.rules)


SECTIONS = dict(
    re.findall(r"^### (\w+)\n(.*?)(?=^##|\Z)", FORMATS.read_text("utf-8"), re.DOTALL | re.MULTILINE)
)
"""What the text on formats says of each kind. A kind that is added needs no section: its docstring says the same."""


@pytest.mark.parametrize("kind", SECTIONS)
def test_what_the_text_on_formats_says_of_a_kind_are_the_rules_it_knows(kind: str) -> None:
    rows = [line.split("|")[1] for line in SECTIONS[kind].splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in NAME.findall(row)} == rules_of(kind)


def test_the_text_on_formats_knows_the_kinds_of_our_own_formats() -> None:
    used = {spec.kind for name in formats.names() for spec in read_format(formats.take(name)).specs}
    assert used <= SECTIONS.keys() <= set(kinds())


@pytest.fixture(scope="module")
def shown_format(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The small format in the text on formats, from a file of its own."""
    file = tmp_path_factory.mktemp("shown") / "evening.toml"
    file.write_text(WHOLE_FORMAT.findall(FORMATS.read_text("utf-8"))[-1], "utf-8")
    return formats.take(str(file))


def test_the_small_format_that_the_text_shows_has_nothing_to_look_at(shown_format: dict[str, Any]) -> None:
    assert [*findings(shown_format), *crowd_findings(shown_format, 53)] == []


def test_people_play_the_small_format_to_projects_with_owners(shown_format: dict[str, Any]) -> None:
    session = play(Example("evening", plain(shown_format), 12, "")).stage().session
    entries = session.entries.values()
    assert len(entries) >= 3
    assert all(entry.latest("owner") for entry in entries)


@pytest.fixture
def shown_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The rules of the small kind in the text on kinds, put where kinds are found; its name."""
    text = KINDS.read_text("utf-8")
    for name, source in re.findall(r"`(thank/\w+\.py)`:\n\n```python\n(.*?)```", text, re.DOTALL):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(source, "utf-8")
    monkeypatch.setattr(activities, "__path__", [*activities.__path__, str(tmp_path)])
    for cached in (kinds, activity_class):
        cached.cache_clear()
    yield "thank"
    monkeypatch.undo()
    for cached in (kinds, activity_class):
        cached.cache_clear()
    for module in [name for name in sys.modules if name.startswith("sessions.activities.thank")]:
        del sys.modules[module]


def test_the_kind_that_the_text_shows_does_what_its_test_says(shown_kind: str) -> None:
    stage = Stage(phase(shown_kind, "P1", who=["everyone"]), ada="participant")
    stage.open("P1")
    stage.ok("thank", "ada", "P1", text="Thank you, Bo")
    stage.ok("thank", "ada", "P1", text="Thank you, Cy")
    assert stage.session.outcome("P1").figures == {"thanks": 1}
    assert stage.no("thank", "ada", "P1", text=" ") == "empty"


def test_the_readme_can_be_read_in_one_sitting() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= README_LINES


@pytest.mark.parametrize("file", ["README.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))])
def test_every_path_that_a_text_names_is_there(file: str) -> None:
    text = (ROOT / file).read_text("utf-8")
    named = re.findall(r"`((?:app|sessions|templates|static|tests|docs)/[\w./-]*)`", text)
    named += [
        str((ROOT / file).parent.relative_to(ROOT) / link) for link in re.findall(r"\]\(([\w./-]+)\)", text)
    ]
    assert [path for path in named if not (ROOT / path).exists() and path not in MADE] == []


def write() -> None:
    """Make the lists in docs/ anew."""
    text = WIRE.read_text("utf-8")
    for name, make in BLOCKS.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        text = text.partition(begin)[0] + begin + make() + "\n" + end + text.partition(end)[2]
    WIRE.write_text(text, "utf-8")


if __name__ == "__main__" and "--write" in sys.argv:
    write()
