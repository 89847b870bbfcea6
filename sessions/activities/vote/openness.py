"""How far a vote is, and what of it everybody may know by then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sessions.activities.vote import ballot_form, lines

if TYPE_CHECKING:
    from sessions.activities.vote import Vote


def stage(vote: Vote) -> str:
    """``open``, ``counted`` (not shown yet), ``shown`` or ``void`` (closed without a result)."""
    if vote.is_open or vote.state.result is None:
        return "open" if vote.is_open else "void"
    return "shown" if vote.state.result.revealed else "counted"


def public(vote: Vote) -> bool:
    """Whether the ranking may be seen by everybody now: awards wait for the phase that presents them."""
    return stage(vote) == "shown" and not vote.award


def state_of(vote: Vote) -> dict[str, Any]:
    """What every pane shows of the vote."""
    return {
        "stage": stage(vote),
        "layout": ballot_form.layout(vote),
        "own_team": vote.own_team,
        "of_organisations": vote.of_organisations,
        "result": vote.state.result,
        "voided": vote.state.voided,
        "secrecy": vote.secrecy.name,
        "found": vote.state.result.body.get("found") if vote.state.result else None,
    }


def ranked_lines(vote: Vote) -> list[dict[str, Any]]:
    """The lines that everybody sees."""
    return lines.result_lines(vote) if public(vote) and not vote.own_team else []
