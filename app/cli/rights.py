"""``rights``: the table of who may do what, for eyes or as JSON."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from sessions.audience import ACTORS, ROLES, STARTED
from sessions.rights import SENDERS, STATES, Line, table


def rights(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Who may give which command, in which state of a phase. What is not listed is denied."""
    for line in table():
        print(json.dumps(_plainly(line)) if as_json else _in_words(line))


def _plainly(line: Line) -> dict[str, object]:
    return {
        "kind": line.kind,
        "command": line.command,
        "roles": sorted(line.roles & SENDERS),
        "actors": line.roles >= ACTORS,
        "states": [state for state in STATES if state in line.states],
    }


def _in_words(line: Line) -> str:
    roles = sorted(line.roles & SENDERS)
    if line.roles >= ACTORS:
        roles.append("whoever the phase lets act")
    who = "everybody" if line.roles >= ROLES else ", ".join(roles)
    when = "" if line.states >= STARTED else f"  ({', '.join(sorted(line.states))})"
    return f"{line.kind:8} {line.command:22} {who}{when}"
