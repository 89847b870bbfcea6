"""``rehearse``: a whole race with simulated people on a real server, held to account at the end."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.choices import enough_people, known_format
from app.cli.plain import say
from app.cli.progress import progress_bar
from app.cli.trouble import Trouble

if TYPE_CHECKING:
    from app.rehearsal.account.outcome import Outcome
    from app.rehearsal.rehearse import Rehearsal

SPOILED = ("", "lose", "double")


def rehearse(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help="The event format.")] = "race48",
    participants: Annotated[
        int | None, typer.Option(help="How many simulated people; as many as usually come if not given.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed, the same people and texts.")] = 1,
    rate: Annotated[
        float, typer.Option(help="Race seconds in a real second; chosen if not given.", min=0)
    ] = 0.0,
    kills: Annotated[bool, typer.Option(help="Kill the server twice on the way.")] = True,
    processes: Annotated[
        int, typer.Option(help="How many servers share a PostgreSQL; kills one, and PostgreSQL.", min=1)
    ] = 1,
    data: Annotated[Path | None, typer.Option(help="An empty folder to keep everything in.")] = None,
    database_url: Annotated[str, typer.Option(help="postgresql://… to keep everything there instead.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Every format of the gallery, and one table.")] = False,
    report: Annotated[Path | None, typer.Option("--json", help="Write all figures to this file.")] = None,
    spoil: Annotated[str, typer.Option(hidden=True, help="Damage the export: lose or double.")] = "",
) -> None:
    """Rehearse a race. Exit status 0 only if nothing was lost or doubled and the archive is what it should be."""
    from app.rehearsal.rehearse import Rehearsal

    if spoil not in SPOILED:
        raise Trouble("An export can be spoiled by lose or double.", 2)
    if data is not None and data.exists() and any(data.iterdir()):
        raise Trouble(f"The folder {data} is not empty. Name a new one.", 2)

    def rehearsal(name: str, folder: Path) -> Rehearsal:
        people = participants or _usual(name)
        enough_people(people, name)
        return Rehearsal(name, people, seed, folder, rate, kills, spoil, database_url, processes)

    if every:
        _every(rehearsal)
        return
    folder = data or Path(tempfile.mkdtemp(prefix="rehearsal-"))
    outcome = _hold(rehearsal(form, folder))
    _tell(outcome, report)
    if outcome.missing:
        raise Trouble(f"The rehearsal failed: {'; '.join(outcome.missing)}. Everything is kept in {folder}.")
    if data is None:
        shutil.rmtree(folder, ignore_errors=True)


def _usual(form: str) -> int:
    from sessions.format import read_format

    return read_format(known_format(form)).people


def _every(rehearsal: Callable[[str, Path], Rehearsal]) -> None:
    """One after the other; each keeps its folder only if it has failed."""
    from rich.console import Console

    from app.planning import formats
    from app.rehearsal.account.phases import add_rows, all_table

    table, failed = all_table(), []
    for name in formats.names():
        folder = Path(tempfile.mkdtemp(prefix=f"rehearsal-{name}-"))
        outcome = _hold(rehearsal(name, folder))
        add_rows(table, name, outcome)
        if outcome.missing:
            failed.append(f"{name}: {'; '.join(outcome.missing)} (kept in {folder})")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    Console().print(table)
    if failed:
        raise Trouble("\n".join(failed))


def _hold(rehearsal: Rehearsal) -> Outcome:
    from app.rehearsal.browser.http import Unexpected
    from app.rehearsal.facilitator.console import Stuck
    from app.rehearsal.venue.postgres import NoPostgres
    from app.rehearsal.venue.server import NoServer

    try:
        with progress_bar(f"Rehearsing {rehearsal.form}") as tell:
            return asyncio.run(rehearsal.run(tell))
    except (NoServer, NoPostgres, Stuck, Unexpected, TimeoutError) as error:
        words = str(error) or "somebody waited too long for an answer"
        raise Trouble(f"The rehearsal broke off: {words}. Everything is kept in {rehearsal.data}.") from error


def _tell(outcome: Outcome, report: Path | None) -> None:
    from rich.console import Console

    from app.rehearsal.account.report import table

    Console().print(table(outcome))
    for line in (*outcome.audit.lost[:10], *outcome.audit.doubled[:10], *outcome.problems[:10]):
        say(line)
    if report is not None:
        report.write_text(json.dumps(outcome.figures(), indent=2, ensure_ascii=False) + "\n", "utf-8")
