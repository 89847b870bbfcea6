"""The people of a session, and the key that stands for an organisation where nobody keeps a secret."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from sessions.audience import STAFF, acting


@dataclass
class Member:
    """Somebody in the session, by pseudonymous id. ``facts`` come from the check-in (competences, consent …)."""

    id: str
    role: str
    """Whose rights they have."""
    language: str = "en"
    organisation: str = ""
    """The key of theirs; "" for none. Where two were found to be one, that one's."""
    joined_at: float = 0.0
    said_organisation: str = ""
    """The key of what they gave themselves."""
    team: str = ""
    part: str = ""
    """What they are here, where the format has a role of its own for it that acts like theirs: startup, speaker."""
    facts: dict[str, Any] = field(default_factory=dict)
    guest_pass: frozenset[str] | None = None
    """The phases for which they are let in, where what they are comes with a pass; None for all."""
    outside: bool = False
    """Whether the pass that they have for some phases is not good now."""
    removed: bool = False
    removed_at: float = 0.0
    """Wall time; 0 for who never was."""
    asks_in: bool = False
    """Whether somebody who was removed has asked to be let back in."""
    erased: bool = False
    placed_seq: int = 0
    """When role, team or language last changed: a page from before that shows another place."""
    narrowed_seq: int = 0
    """When the person last let fewer people see what they write: a wider choice from before that counts no more."""

    @property
    def called(self) -> str:
        """The role they were let in as, or given: the format's own, or the one whose rights they have."""
        return self.part or self.role

    @property
    def acting(self) -> str:
        """Both, as ``audience.acting`` writes them."""
        return acting(self.role, self.part)

    def is_among(self, roles: frozenset[str]) -> bool:
        """Whether ``roles`` name this person."""
        return self.role in roles or self.part in roles

    def is_let_into(self, phase: str) -> bool:
        """Whether a phase is among those that their pass opens; every one is without a pass."""
        return self.guest_pass is None or phase in self.guest_pass

    @property
    def came_as(self) -> str:
        """The role they came in: who leads a team came as a participant, and a form says so before and after."""
        return "participant" if self.role == "process_leader" else self.role

    def open_wish(self, wish: str) -> str:
        """The role that they say they are here in, where they do not have it; "" where they do."""
        return "" if wish in (self.role, self.part, self.came_as) or self.role in STAFF else wish

    @property
    def wished_role(self) -> str:
        """The same of what they have said at the check-in."""
        return self.open_wish(str(self.facts.get("wish_role") or ""))

    @property
    def competences(self) -> tuple[str, ...]:
        return tuple(self.facts.get("competence", ()))

    @property
    def consent(self) -> str | None:
        """Who may see what the person writes, as they have said (see sight.LEVELS); None before anybody asked."""
        said = self.facts.get("consent")
        return None if said is None else str(said)

    @property
    def bound(self) -> bool:
        """Whether the person has accepted the rules on ideas and secrecy."""
        return bool(self.facts.get("terms"))

    @property
    def present(self) -> bool:
        """Whether the person is checked in; everybody is until they check out."""
        return bool(self.facts.get("present", True))


def organisation_key(name: str) -> str:
    """A short key by which organisations can be told apart without naming them; "" for none.

    A server gives the session a better one, with a secret in it: this one can be guessed by who knows the names.
    """
    plain = " ".join(name.split()).casefold()
    return hashlib.sha256(plain.encode()).hexdigest()[:12] if plain else ""
