"""The command line. Each command is a module; what it needs is imported when it runs, so that help comes at once."""

from __future__ import annotations

import signal
import sys
from typing import NoReturn

import typer

from app.cli import (
    backup,
    check,
    demo,
    export,
    key,
    link,
    migrate,
    move,
    new,
    person,
    rebuild,
    rehearse,
    retain,
    rights,
    serve,
    snapshot,
)
from app.cli.plain import say
from app.cli.trouble import Trouble

cli = typer.Typer(
    help="Innovation races, live: from join code to archived record.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (
    demo.demo,
    serve.serve,
    new.new,
    link.link,
    check.check,
    rehearse.rehearse,
    migrate.migrate,
    rebuild.rebuild,
    export.export,
    export.verify,
    move.move,
    backup.backup,
    backup.restore,
    person.person,
    retain.retain,
    rights.rights,
    snapshot.snapshot,
):
    cli.command()(command)
cli.add_typer(key.key, name="key")


@cli.callback(invoke_without_command=True)
def without_command(context: typer.Context) -> None:
    """Without a command: the demo."""
    if context.invoked_subcommand is None:
        demo.demo()


def run() -> NoReturn:
    """Do what was asked; what goes wrong is one sentence and an exit status, never a traceback.

    Being told to end is the same as Ctrl-C, so that a command tidies up behind itself.
    """
    signal.signal(signal.SIGTERM, _end)
    try:
        cli()
    except Trouble as trouble:
        say(trouble, error=True)
        sys.exit(trouble.status)
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(0)


def _end(number: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt
