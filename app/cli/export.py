"""``export`` and ``verify``: a session as one file, and whether everything in such a file holds."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.choices import Data, DatabaseUrl, database_of, settings_from
from app.cli.plain import say
from app.cli.progress import Tell, progress_bar
from app.cli.trouble import Trouble, told_plainly

if TYPE_CHECKING:
    from app.archive.report import Report
    from app.archive.signature import Sign
    from app.archive.trust import Trust
    from app.settings import Settings
    from app.streams.heads import Head


class Purpose(StrEnum):
    """For whom an export is."""

    HOUSE = "house"
    HANDING_OUT = "handing-out"
    SESSION = "session"
    PROGRAMME = "programme"
    PUBLIC = "public"


SAYS = {
    Purpose.HOUSE: "It says how everybody voted, and all that they wrote. For others export it with --for.",
    Purpose.HANDING_OUT: "It holds all that people wrote, also what only their own team may see, or nobody yet: "
    "give it only to whoever may read that. For all others there are --for session, programme and public.",
}


def export(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The session's join code.")],
    data: Data = None,
    database_url: DatabaseUrl = None,
    out: Annotated[Path | None, typer.Option(help="The file to write; CODE.zip if not given.")] = None,
    purpose: Annotated[
        Purpose,
        typer.Option(
            "--for",
            help="house: all of it, ballots with their voters. handing-out: without how anybody voted. session, "
            "programme, public: also without words that may not be read there.",
        ),
    ] = Purpose.HOUSE,
) -> None:
    """Write a session's records and full log into one file, signed with this installation's key."""
    settings = settings_from(data=data, database_url=database_url)
    with told_plainly("The export"), progress_bar(f"Exporting {code}") as tell:
        file, head = export_file(settings, code, out, tell, purpose.value)
    say(f"{file}: {head.seq} events, head {head.digest.hex()}")
    say(SAYS.get(purpose, f"It holds no words that may not be read at the level: {purpose.value}."))


def export_file(
    settings: Settings, code: str, out: Path | None, tell: Tell, purpose: str = Purpose.HOUSE.value
) -> tuple[Path, Head]:
    """Write the export of a session; where it is, and the head of its log."""
    from app.archive.export import export as write
    from app.archive.leaving import Inseparable
    from app.people.codes import normalise_code
    from app.streams.proof import Unproved

    known = normalise_code(code)
    if known is None:
        raise Trouble(f"{code!r} is no join code: those have eight letters and digits.", 2)
    if not settings.database_url and not (settings.data / "race.sqlite").exists():
        raise Trouble(f"There is no database in {settings.data}. Name its folder with --data.")
    file = out or Path(f"{known}.zip")
    sign = _signer(settings)
    try:
        return file, write(
            database_of(settings),
            known,
            file,
            lambda done, total: tell(done, total, f"{done} events"),
            purpose,
            sign,
            time.time(),
        )
    except Inseparable as error:
        raise Trouble(f"There is no export of {known} for a level: {error}.") from error
    except LookupError as error:
        raise Trouble(f"There is no session {known} in {settings.place}.") from error
    except Unproved as error:
        raise Trouble(f"The log was changed from outside, so there is no export of it: {error}.") from error


def _signer(settings: Settings) -> Sign:
    from app.archive.signature import signer
    from app.archive.signing_keys import SigningKeys
    from app.database.key_folder import KeyFolder

    try:
        keys = SigningKeys(KeyFolder(settings.key_folder))
        return signer(keys, datetime.now(UTC).isoformat(timespec="seconds"))
    except LookupError as error:
        raise Trouble(f"The export cannot be signed: {error.args[0]}.") from error


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An export.")],
    receipt: Annotated[
        str, typer.Option(metavar="CODE", help="A voter's receipt: also say what became of that ballot.")
    ] = "",
    key: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY",
            help="A key that you trust: its fingerprint, or a file of keys (/.well-known/race-keys.json).",
        ),
    ] = None,
    head: Annotated[
        str,
        typer.Option(
            metavar="DIGITS", help="A head that you noted at a result: also say which event has it."
        ),
    ] = "",
    data: Data = None,
) -> None:
    """Recompute everything in an export from that file alone.

    Exit status 0: all of it is proved, and signed by a key that is known here. 3: nothing is wrong, and not all is
    proved. 1: something does not hold. 2: it cannot be read, or is too large.
    """
    from sessions.receipts import read_receipt

    if not file.is_file():
        raise Trouble(f"There is no file {file}.", 2)
    code = read_receipt(receipt)
    if receipt and not code:
        raise Trouble(f"{receipt!r} is no receipt: those have twelve letters and digits.", 2)
    noted = "".join(digit for digit in head.lower() if digit not in " -")
    if head and (len(noted) < 8 or not set(noted) <= set("0123456789abcdef")):
        raise Trouble(f"{head!r} is no head: those have hexadecimal digits, eight at least.", 2)
    trust = _trusted(key or [], settings_from(data=data))
    with progress_bar(f"Verifying {file.name}") as tell:
        report = verify_file(file, tell, code, trust, noted)
    _tell(report, file, code)
    if report.status:
        raise typer.Exit(report.status)


def _trusted(named: list[str], settings: Settings) -> Trust:
    from app.archive.signing_keys import REGISTER
    from app.archive.trust import trust_in

    try:
        return trust_in(named, [settings.key_folder / REGISTER])
    except ValueError as error:
        raise Trouble(f"{error}.", 2) from error


def _tell(report: Report, file: Path, code: str) -> None:
    say(*(f"note: {note}" for note in report.notes))
    say(*(f"receipt {code}: {became}" for became in report.became))
    say(*([report.noted] if report.noted else []))
    say(*(f"not proved: {doubt}" for doubt in report.doubts))
    say(*(f"wrong: {problem}" for problem in report.problems))
    if report.unreadable:
        say(f"{file}: {report.unreadable}", error=True)
    elif report.problems:
        say(f"{file} does not hold: {len(report.problems)} problems.", error=True)
    else:
        proved = "holds" if report.doubts else "is proved"
        say(f"{file} {proved}: session {report.session}, {report.events} events, {report.records} records.")
        say(f"head {report.head}")
        say(*([f"signed by {report.signed}"] if report.signed else []))
        say(*(["Nothing is wrong with it, and not all of it is proved."] if report.doubts else []))


def verify_file(
    file: Path, tell: Tell, receipt: str = "", trust: Trust | None = None, noted: str = ""
) -> Report:
    """What is wrong with an export, if anything, and what became of the ballot with this receipt."""
    from app.archive.verify import verify as check

    return check(file, lambda done, total: tell(done, total, f"{done} events"), receipt, trust, noted)
