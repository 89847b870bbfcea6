"""Why something is refused in a work phase, where more than one command may be refused for it."""

from __future__ import annotations

from collections.abc import Iterable

from sessions.activity import too_long
from sessions.entry_words import PARTS
from sessions.format import LANGUAGES
from sessions.messages import Refused, Text, refuse

MAX_REASON = 280


def no_entry() -> Refused:
    return refuse("no_entry", "There is no such record here. Reload the page.")


def not_your_team() -> Refused:
    return refuse("not_your_team", "This record belongs to another team. Only that team writes in it.")


def out_of_race() -> Refused:
    return refuse("not_in_race", "This record is no longer in the race. What was written is kept.")


def not_owner() -> Refused:
    return refuse("not_owner", "Only the owner of this record does that, or the facilitator.")


def nothing_late() -> Refused:
    return refuse("nothing_late", "Nothing late is waiting there. Reload the page.")


def unfit_reason(reason: str) -> Refused | None:
    """The refusal of a reason that is missing or too long; None if it will do."""
    if not reason:
        return refuse("no_reason", "Say why in a few words; it goes into the log of decisions.")
    return too_long(reason, MAX_REASON)


def in_words(parts: Iterable[str]) -> Text:
    """Parts of a record, listed in every language."""
    return {language: ", ".join(PARTS[part][language] for part in parts) for language in LANGUAGES}
