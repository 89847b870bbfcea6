"""What goes into a session (commands), what comes out (events), and a polite no (refusals)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sessions.shapes import NO_WORDS

Text = Mapping[str, str]
"""One text in several languages: language code to words, e.g. ``{"en": "Lunch", "fi": "Lounas"}``."""

FieldValue = str | list[str]

BallotBoxes = Mapping[str, Sequence[Mapping[str, Any]]]
"""What lies in the ballot boxes: phase to the marks of each secret ballot."""

PublicKeys = Mapping[str, str]
"""The public keys to which ballots of a phase are sealed: phase to hex digits."""

NOTHING: Mapping[str, Any] = {}

UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Control characters, line ends of other worlds, and marks that turn the direction of the words around them."""


class Command(NamedTuple):
    """What somebody asks for, in the imperative. A tuple, because a room of thousands makes thousands in a second.

    ``id`` is made by the sender; the same id again means the same command. ``phase`` is the phase it is about
    ("" for the whole session). ``seed`` is put in by the desk, so that a replay draws the same; so are
    ``ballot_boxes``, the secret ballots cast so far by phase, where the command may close a vote, and ``box_keys``, a
    new public key by phase, where it may open one. They are None where ballots can be neither opened nor sealed.
    ``prepared`` is what was worked out for it beforehand, where its activity has asked for that (``Activity.work``).
    """

    name: str
    id: str
    phase: str = ""
    fields: Mapping[str, FieldValue] = NOTHING
    seed: int = 0
    ballot_boxes: BallotBoxes | None = None
    box_keys: PublicKeys | None = None
    prepared: Any = None

    def by(
        self, own_id: str, ballot_boxes: BallotBoxes | None = None, box_keys: PublicKeys | None = None
    ) -> Command:
        """The same under the id by which the log knows it, and with what the desk puts in."""
        beside = (ballot_boxes, box_keys, self.prepared)
        return Command(self.name, own_id, self.phase, self.fields, self.seed, *beside)

    def text(self, name: str) -> str:
        """The field's first value, trimmed, with line ends as ``\\n`` and without control characters."""
        value = self.fields.get(name, "")
        first = value if isinstance(value, str) else (value[0] if value else "")
        return clean(first)

    def whole(self, name: str) -> int | None:
        """The field as a whole number; None if it is none."""
        try:
            return int(self.text(name))
        except ValueError:
            return None

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field that may be repeated (dots, approvals, tags), cleaned, in the order sent."""
        value = self.fields.get(name, [])
        values = [value] if isinstance(value, str) else value
        return tuple(filter(None, map(clean, values)))


def clean(text: str) -> str:
    """Trimmed text without control characters; tabs and line ends stay."""
    if text.isprintable():  # so is nearly everything, and none of what is looked for
        return text.strip()
    return UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


class Event(NamedTuple):
    """What has happened, in the past tense. ``body`` is plain JSON and holds no name and no contact data.

    Each kind of event declares the shape of its body (see shapes.py): a fold names it, ``body: CardAdded =
    event.body``. ``words`` names the body's fields that hold what people wrote; in the log they stand apart.
    ``seq`` counts events of a session from 1 without gaps; ``at`` is wall time in seconds since 1970 UTC;
    ``actor`` is a pseudonymous id. These three and ``command`` are stamped by the session, not by the rule.
    """

    kind: str
    phase: str = ""
    body: Any = NOTHING
    seq: int = 0
    at: float = 0.0
    actor: str = ""
    command: str = ""
    words: frozenset[str] = NO_WORDS

    def stamped(self, seq: int, at: float, actor: str, command: str) -> Event:
        """The same with its place in the log. As ``_replace``, and quicker."""
        return Event(self.kind, self.phase, self.body, seq, at, actor, command, self.words)


@dataclass(frozen=True, slots=True)
class Personal:
    """Names and contact data that came with a command: kept in rows that can be deleted, never in the log. ``person``
    may be a third one, who is not in the session: then it is an id that the log gives them, and no field is a name."""

    person: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Erasure:
    """From here on nothing is known of a person, in the session or a third one, but the pseudonymous id: rows with
    names and contact data go."""

    person: str


@dataclass(frozen=True, slots=True)
class SecretBallot:
    """A secret ballot on its way into the box of its phase: what is marked, and nothing of who, when or after whom.

    It goes to disk together with the event that says who has voted, and stands in no event before the box is opened.
    """

    phase: str
    marks: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Emptied:
    """The ballot box of a phase is empty from here on: its ballots stand in the log now, or count for nothing."""

    phase: str


Item = Event | Personal | Erasure | SecretBallot | Emptied


@dataclass(frozen=True, slots=True)
class Refused:
    """No, with a code for machines and an English sentence that is translated where it is shown.

    ``params`` fill the sentence's braces: a name that ends in ``_at`` is a wall time (seconds since 1970 UTC), a
    mapping is a text in several languages, anything else is shown as it is.
    """

    reason: str
    text: str
    params: Mapping[str, Any] = field(default_factory=dict)


Decision = Sequence[Item] | Refused


def refuse(reason: str, text: str, **params: Any) -> Refused:
    """A refusal; ``text`` is found here by the translators' tool, so it is always a literal."""
    return Refused(reason, text, params)
