"""`python -m tests.faults NAME…` (or `all`): do it to the server, and tell what was found. Status 0 only if all held.

`--dose small` takes seconds for each, `full` is the catalogue's, which for some takes an hour: Ctrl-C ends a row, and
tells what was found so far. `--broken` plays the rows on servers that were
broken on purpose instead, where every row must find something.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from app import setup
from tests.faults.finding import FULL, SMALL, Finding
from tests.faults.rows import Row, rows

SHOWN = 5
"""Violations that are printed in full."""


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    wanted = list(_wanted(options.names))
    _get_ready(wanted)
    plays = [(row, name) for row in wanted for name in (row.broken if options.broken else ("",))]
    told: dict[str, dict[str, Any]] = {}
    for row, broken in plays:
        finding = _play(row, options.dose, broken)
        told[f"{row.name} {broken}".strip()] = _as_json(finding)
    if options.json:
        options.json.write_text(json.dumps(told, indent=2) + "\n", "utf-8")
    _table(told)
    return 0 if all(row["held"] is not options.broken for row in told.values()) else 1


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.faults", description=__doc__)
    parser.add_argument("names", nargs="+", metavar="NAME", help=f"all, or some of {' '.join(rows())}")
    parser.add_argument("--dose", choices=(SMALL, FULL), default=SMALL)
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--broken", action="store_true", help="on servers that were broken on purpose")
    return parser.parse_args(arguments)


def _wanted(names: Sequence[str]) -> Iterator[Row]:
    there = rows()
    for name in there if "all" in names else map(str.upper, names):
        if name not in there:
            sys.exit(f"There is no {name}. There are: {' '.join(there)}.")
        yield there[name]


def _get_ready(wanted: Sequence[Row]) -> None:
    if any(row.needs_browser for row in wanted):
        setup.ensure_htmx(setup.ROOT / "static" / "vendor")
        setup.ensure_chromium()


def _play(row: Row, dose: str, broken: str) -> Finding:
    """One row; an accident of the harness itself is no finding, and counts as not held."""
    on = f", on a server broken on purpose ({broken})" if broken else ""
    print(f"\n{row.name}  {row.title}{on}\n  checked   {row.checked}", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="faults-", ignore_cleanup_errors=True) as folder:
        try:
            finding = asyncio.run(row.run(dose, Path(folder), broken))
        except KeyboardInterrupt:
            finding = Finding.latest
            finding.notes.append("stopped by hand before the dose was done; the last fault was not looked at")
        except Exception:
            finding = Finding(0, [f"the harness failed: {traceback.format_exc()}"])
    _tell(finding, time.monotonic() - began)
    return finding


def _tell(finding: Finding, seconds: float) -> None:
    print(f"  injected  {finding.injected:,} in {seconds:.1f} s")
    for note in finding.notes:
        print(f"  measured  {note}")
    print(f"  found     {len(finding.violations)} violations")
    for violation in finding.violations[:SHOWN]:
        print(f"            {violation}")


def _as_json(finding: Finding) -> dict[str, Any]:
    return {"injected": finding.injected, "violations": len(finding.violations), "held": finding.held}


def _table(told: dict[str, dict[str, Any]]) -> None:
    width = max(map(len, told), default=0)
    print(f"\n{'':{width}}  {'injected':>10}  {'violations':>10}  held")
    for name, row in told.items():
        held = "yes" if row["held"] else "NO"
        print(f"{name:{width}}  {row['injected']:>10,}  {row['violations']:>10,}  {held}")


if __name__ == "__main__":
    setup.ensure("dev")
    sys.exit(main(sys.argv[1:]))
