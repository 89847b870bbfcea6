"""``python -m tests.bench [P1 P2 …] [--quick] [--json FILE] [--docs]``: measure, print one table, write JSON.

It ends by itself, loads nothing but 127.0.0.1, and its exit status is 0 only if every row held.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from rich.console import Console

from tests.bench.figures import FULL, QUICK, Dose, Row
from tests.bench.load import Fell
from tests.bench.machine import SCRATCH, Missing, describe, raise_files
from tests.bench.table import put_into, show, write

ROWS = ("P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8")
FIGURES = Path(__file__).parents[2] / "docs" / "figures.md"
KEPT = ("node", "longlog")
"""What the next run need not fetch again."""


def main(arguments: Sequence[str]) -> int:
    asked = _parsed(arguments)
    console = Console(width=None if sys.stdout.isatty() else 140)
    lacking = raise_files()
    if lacking:
        console.print(f"[red]Note[/]: {lacking}.")
    dose = QUICK if asked.quick else FULL
    rows = [_measured(name, dose, console) for name in asked.rows or ROWS]
    show(rows, describe(), console)
    if asked.json:
        write(rows, asked.json)
    if asked.docs:
        FIGURES.write_text(put_into(FIGURES.read_text("utf-8"), rows), "utf-8")
    _tidy()
    return 0 if all(row.held for row in rows) else 1


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {', '.join(ROWS)} and SELF; all if none")
    parser.add_argument("--quick", action="store_true", help="three short rounds in place of five")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    parser.add_argument("--docs", action="store_true", help="and into the table of docs/figures.md")
    asked = parser.parse_args(arguments)
    asked.rows = [name.upper() for name in asked.rows]
    unknown = [name for name in asked.rows if name not in (*ROWS, "SELF")]
    if unknown:
        parser.error(f"there is no row {', '.join(unknown)}")
    return asked


def _measured(name: str, dose: Dose, console: Console) -> Row:
    """One row, whatever happens: a row that falls over says so and leaves the others their turn."""
    began = time.monotonic()
    with console.status(f"{name} …"):
        try:
            row: Row = import_module(f"tests.bench.{name.lower()}").measure(dose)
        except (Missing, Fell) as error:
            row = Row(name, "", failed=str(error))
        except Exception:
            row = Row(name, "", failed=traceback.format_exc(limit=-3).strip())
    console.print(f"{name}: {'held' if row.held else 'not held'}, {time.monotonic() - began:.0f} s")
    return row


def _tidy() -> None:
    for path in SCRATCH.iterdir():
        if path.is_dir() and not path.name.startswith(KEPT):
            shutil.rmtree(path, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
