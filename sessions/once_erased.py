"""What early releases could erase, and what is left of it.

They kept what people wrote in an event's one body, and erased all of it. Whatever stands there now is proved by
nothing. So it is read of a closed list of kinds alone, none of which counts, decides or says who takes part, and its
words are taken for erased, whatever is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from sessions.activities import activity_class, kinds
from sessions.messages import Event
from sessions.session_shapes import WORDS_OF
from sessions.shapes import NO_WORDS

ONCE_ERASABLE = frozenset(
    {
        *("announced", "asked", "card_added", "card_edited", "contact_added"),
        *("field_written", "first_step_set", "help_offered"),
    }
)
"""Kinds of events whose whole body could be erased. A log of today erases words alone, of any kind that has some."""


def remains(event: Event) -> Event:
    """What is folded of an event whose body was erased."""
    gone = {name: None for name in _words().get(event.kind, NO_WORDS) if name in event.body}
    return event._replace(body={**event.body, **gone})


@cache
def _words() -> Mapping[str, frozenset[str]]:
    """The word fields of each kind of event, whichever activity it belongs to."""
    found = dict(WORDS_OF)
    for kind in kinds():
        found |= activity_class(kind).words
    return found
