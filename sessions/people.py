"""Small things that a session holds: its members, announcements, decisions, and the addresses of fragments."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sessions.entry import Entry
from sessions.messages import Emptied, Erasure, Event, Personal, SecretBallot

NAMED = frozenset({"session", "public"})
"""Answers about consent that let somebody be named to all the session; the others leave it within the team."""


class FragmentId(NamedTuple):
    """A fragment's address: phase ("" for the session's own), part, key and scope, as in ``Touch``."""

    phase: str
    part: str
    key: str
    scope: str


@dataclass
class Member:
    """Somebody in the session, by pseudonymous id. ``facts`` come from the check-in (competences, consent …)."""

    id: str
    role: str
    language: str = "en"
    organisation: str = ""
    joined_at: float = 0.0
    team: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    removed: bool = False
    erased: bool = False
    placed_seq: int = 0
    """When role, team or language last changed: a page from before that shows another place."""

    @property
    def competences(self) -> tuple[str, ...]:
        return tuple(self.facts.get("competence", ()))

    @property
    def may_be_named(self) -> bool:
        """Whether the person has agreed to be named to the room with what they contribute."""
        return self.facts.get("consent") in NAMED

    @property
    def present(self) -> bool:
        """Whether the person is checked in; everybody is until they check out."""
        return bool(self.facts.get("present", True))


@dataclass(frozen=True, slots=True)
class Announcement:
    """Words from the facilitator to everybody."""

    id: str
    text: str
    at: float


@dataclass(frozen=True, slots=True)
class Decided:
    """A line in the log of decisions: an English sentence with braces for ``params``."""

    seq: int
    at: float
    actor: str
    phase: str
    text: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Accepted:
    """The stamped events of a command that was accepted; what stays out of the log: personal data, and what goes into
    ballot boxes or is taken out of them, in that order; and the entries that it has changed."""

    events: tuple[Event, ...]
    personal: tuple[Personal | Erasure, ...] = ()
    secret_ballots: tuple[SecretBallot | Emptied, ...] = ()
    entries: tuple[Entry, ...] = ()


def organisation_key(name: str) -> str:
    """A short key by which organisations can be told apart without naming them; "" for none.

    A server gives the session a better one, with a secret in it: this one can be guessed by who knows the names.
    """
    plain = " ".join(name.split()).casefold()
    return hashlib.sha256(plain.encode()).hexdigest()[:12] if plain else ""
