"""The one table at the end, and the same as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.figures import Line, Row

BEGIN, END = "<!-- table -->", "<!-- /table -->"
HEADING = "| | | Measured | To beat | |\n|---|---|---|---|---|"
WORDS = {True: "held", False: "not held", None: ""}
MARKS = {True: "[green]held[/]", False: "[red]not held[/]", None: ""}


def show(rows: Sequence[Row], machine: str, console: Console) -> None:
    """Every line of every row: median (least–most) of the rounds."""
    table = Table(
        title="Measured beside the peers: median (least–most)", caption=machine, title_justify="left"
    )
    for name in ("", "What", "Measured", "To beat", ""):
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_section()
        table.add_row(row.name, f"[bold]{row.title}[/]", "", "", MARKS[row.held])
        for line in [*row.lines, *([Line("no figure", row.failed, "", False)] if row.failed else [])]:
            table.add_row("", line.what, line.measured, line.beat, MARKS[line.held])
    console.print(table)


def put_into(text: str, rows: Sequence[Row]) -> str:
    """A text whose table has these rows anew; rows that were not measured stay as they stand."""
    before, rest = text.split(BEGIN, 1)
    table, after = rest.split(END, 1)
    blocks = {
        block.split("**")[0]: block for block in re.split(r"^\| \*\*(?=P\d)", table, flags=re.MULTILINE)[1:]
    }
    blocks |= {row.name: _block(row).removeprefix("| **") for row in rows}
    body = "".join(f"| **{blocks[name]}" for name in sorted(blocks))
    return f"{before}{BEGIN}\n{HEADING}\n{body}{END}{after}"


def _block(row: Row) -> str:
    """A row's lines; what it is about stands before them, in bold."""
    lines = [f"| **{row.name}** | **{row.title}** | | | {WORDS[row.held]} |"]
    lines += [f"| | {o.what.strip()} | {o.measured} | {o.beat} | {WORDS[o.held]} |" for o in row.lines]
    lines += [f"| | no figure: {row.failed.splitlines()[-1]} | | | not held |"] if row.failed else []
    return "\n".join(lines) + "\n"


def write(rows: Sequence[Row], path: Path) -> None:
    path.write_text(
        json.dumps({row.name: row.told for row in rows}, indent=2, ensure_ascii=False) + "\n", "utf-8"
    )
