"""``export`` and ``verify``: a session as one file, and whether everything in such a file holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.choices import Data, DatabaseUrl, database_of, settings_from
from app.cli.progress import Tell, progress_bar
from app.cli.trouble import Trouble, told_plainly

if TYPE_CHECKING:
    from app.archive.report import Report
    from app.settings import Settings
    from app.streams.heads import Head


def export(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The session's join code.")],
    data: Data = None,
    database_url: DatabaseUrl = None,
    out: Annotated[Path | None, typer.Option(help="The file to write; CODE.zip if not given.")] = None,
) -> None:
    """Write a session's records and full log into one file."""
    settings = settings_from(data=data, database_url=database_url)
    with told_plainly("The export"), progress_bar(f"Exporting {code}") as tell:
        file, head = export_file(settings, code, out, tell)
    print(f"{file}: {head.seq} events, head {head.digest.hex()}")


def export_file(settings: Settings, code: str, out: Path | None, tell: Tell) -> tuple[Path, Head]:
    """Write the export of a session; where it is, and the head of its log."""
    from app.archive.export import export as write
    from app.people.codes import normalise_code
    from app.streams.proof import Unproved

    known = normalise_code(code)
    if known is None:
        raise Trouble(f"{code!r} is no join code: those have eight letters and digits.", 2)
    if not settings.database_url and not (settings.data / "race.sqlite").exists():
        raise Trouble(f"There is no database in {settings.data}. Name its folder with --data.")
    file = out or Path(f"{known}.zip")
    try:
        return file, write(
            database_of(settings), known, file, lambda done, total: tell(done, total, f"{done} events")
        )
    except LookupError as error:
        raise Trouble(f"There is no session {known} in {settings.place}.") from error
    except Unproved as error:
        raise Trouble(f"The log was changed from outside, so there is no export of it: {error}.") from error


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An export.")],
    receipt: Annotated[
        str, typer.Option(metavar="CODE", help="A voter's receipt: also say what became of that ballot.")
    ] = "",
) -> None:
    """Recompute everything in an export from that file alone. Exit status 0 only if all of it holds."""
    from sessions.receipts import read_receipt

    if not file.is_file():
        raise Trouble(f"There is no file {file}.", 2)
    code = read_receipt(receipt)
    if receipt and not code:
        raise Trouble(f"{receipt!r} is no receipt: those have twelve letters and digits.", 2)
    with progress_bar(f"Verifying {file.name}") as tell:
        report = verify_file(file, tell, code)
    for note in report.notes:
        print(f"note: {note}")
    for became in report.became:
        print(f"receipt {code}: {became}")
    for problem in report.problems:
        print(f"wrong: {problem}")
    if not report.ok:
        raise Trouble(f"{file} does not hold: {len(report.problems)} problems.")
    print(f"{file} holds: session {report.session}, {report.events} events, {report.records} records.")
    print(f"head {report.head}")


def verify_file(file: Path, tell: Tell, receipt: str = "") -> Report:
    """What is wrong with an export, if anything, and what became of the ballot with this receipt."""
    from app.archive.verify import verify as check

    return check(file, lambda done, total: tell(done, total, f"{done} events"), receipt)
