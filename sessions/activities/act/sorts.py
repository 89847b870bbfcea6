"""What people commit themselves to: sorts of actions, with the words each has and what else is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

WHAT = "what"
"""The field that says what is done; the others say more of it."""


@dataclass(frozen=True, slots=True)
class Sort:
    """``fields`` hold words, ``what`` first. ``own``: whoever writes it carries it. ``timed``: it has an hour.
    ``starts``: it has a first day beside the last. ``bare``: it may say nothing more than what it is about.
    ``personal``: only who was asked can say yes."""

    fields: tuple[str, ...] = (WHAT,)
    own: bool = False
    timed: bool = False
    starts: bool = False
    bare: bool = False
    personal: bool = False


SORTS: Mapping[str, Sort] = {
    "action": Sort(bare=True),
    "measure": Sort((WHAT, "indicator"), starts=True, bare=True),
    "promise": Sort((WHAT, "whom", "how"), own=True, bare=True),
    "booking": Sort((WHAT, "place"), timed=True, bare=True),
    "agreement": Sort((WHAT,), personal=True),
    "followup": Sort((WHAT,), bare=True),
    "text": Sort((WHAT,)),
    "invitation": Sort((WHAT,), personal=True),
}
"""``agreement``: its first step, with another party who says yes too. ``text``: words for the public, which somebody
approves. ``invitation``: somebody is asked to come."""
