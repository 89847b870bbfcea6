"""``check``: what is wrong with a format, before anybody plays it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.plain import say
from app.cli.trouble import Trouble

if TYPE_CHECKING:
    from sessions.format_findings import Finding

MOST_PLAYED = 20
"""More people than this do the same once more: then everybody is there whom a phase names."""


def check(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help="A format's name, or a file: evening.toml.")],
    participants: Annotated[
        int | None,
        typer.Option(
            min=1, max=100_000, help="So many people are expected; as many as usually come if not given."
        ),
    ] = None,
    play: Annotated[
        bool, typer.Option("--play/--no-play", help="Let simulated people play it through, too: seconds.")
    ] = True,
) -> None:
    """Say what is wrong with a format: with its line, and with what to do. Exit status 1 if no session may begin."""
    from app.planning import formats

    try:
        file, data = formats.file_of(form), formats.read(form)
    except formats.UnknownFormat as error:
        raise Trouble(f"{error} A file's name ends in .toml.", 2) from error
    except (ValueError, OSError) as error:
        raise Trouble(f"{form} cannot be read: {error}.") from error
    found = _found(data, participants, play)
    source = file.read_text("utf-8")
    for finding in found:
        say(_line(file.name, source, finding))
    grave = sum(finding.grave for finding in found)
    if grave:
        raise Trouble(f"{file.name}: {_faults(grave)}; no session may begin with it.")
    say(f"{file.name}: no faults; {len(found)} to look at." if found else f"{file.name}: nothing to say.")


def _found(data: dict[str, object], participants: int | None, play: bool) -> list[Finding]:
    from sessions.format import read_format
    from sessions.format_crowd import crowd_findings
    from sessions.format_faults import findings

    found = findings(data)
    if any(finding.grave for finding in found):
        return found
    people = participants or read_format(data).people
    return [*found, *crowd_findings(data, people), *(_played(data, people) if play else ())]


def _played(data: dict[str, object], participants: int) -> list[Finding]:
    from app.drawing.render import Renderer
    from app.rehearsal.dry.run import dry_run
    from app.settings import ROOT

    return dry_run(data, min(participants, MOST_PLAYED), Renderer(ROOT / "templates"))


def _line(name: str, source: str, finding: Finding) -> str:
    from app.planning.format_lines import line_of

    word = "fault" if finding.grave else "look"
    return f"{name}:{line_of(source, finding.phase, finding.key)}: {word}: {finding}"


def _faults(number: int) -> str:
    return f"{number} fault{'s' if number != 1 else ''}"
