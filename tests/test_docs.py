"""The lists in docs/ are what the code has. ``python -m tests.test_docs --write`` makes them anew."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.routing import Route

from app.routes import routes
from app.settings import Settings
from app.web.assets import Assets
from sessions.rights import table

ROOT = Path(__file__).parents[1]
WIRE = ROOT / "docs" / "wire.md"
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
    """Every command by the kind it belongs to."""
    by_kind: dict[str, list[str]] = {}
    for line in table():
        by_kind.setdefault(line.kind, []).append(f"`{line.command}`")
    return "\n".join(["| | |", "|---|---|", *(f"| {kind} | {', '.join(n)} |" for kind, n in by_kind.items())])


def reason_list() -> str:
    """Every reason that somebody can be refused for."""
    found = {reason for file in _sources() for reason in _reasons(file)}
    return ", ".join(f"`{reason}`" for reason in sorted(found)) + "."


def _sources() -> Iterator[Path]:
    for folder in ("sessions", "app"):
        yield from sorted((ROOT / folder).rglob("*.py"))


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
