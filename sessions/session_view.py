"""What an activity may read of the session around it. Nobody writes through it: changes are events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sessions.activity import FragmentId
    from sessions.agenda import Agenda, Phase
    from sessions.entry import Entry
    from sessions.format import Format
    from sessions.outcome import Card, Fact, Inputs, Team
    from sessions.people import Member
    from sessions.viewers import Own


class SessionView(Protocol):
    """A live session, read only. Times are wall time in seconds since 1970 UTC."""

    @property
    def key_of(self) -> Callable[[str], str]:
        """The key that stands for an organisation's name in the log."""

    @property
    def code(self) -> str: ...

    @property
    def language(self) -> str: ...

    @property
    def zone(self) -> str:
        """The session's time zone by its IANA name."""

    @property
    def title(self) -> Mapping[str, str]: ...

    @property
    def format(self) -> Format | None: ...

    @property
    def agenda(self) -> Agenda: ...

    @property
    def people(self) -> Mapping[str, Member]: ...

    @property
    def organisations(self) -> Mapping[str, list[Member]]:
        """Everybody here by their organisation."""

    def organisation_of(self, key: str) -> str:
        """The organisation that a key stands for."""

    @property
    def teams(self) -> Mapping[str, Team]: ...

    @property
    def entries(self) -> Mapping[str, Entry]: ...

    @property
    def entry_of_card(self) -> Mapping[str, str]:
        """The entry that a kept idea has become, by the card's id."""

    @property
    def card_facts(self) -> Mapping[str, list[tuple[str, Fact, int]]]: ...

    @property
    def touched(self) -> Mapping[FragmentId, int]:
        """Every fragment that ever changed, with the seq of its last change."""

    @property
    def seq(self) -> int: ...

    @property
    def own(self) -> Mapping[str, Own]:
        """By entry, what its record says once that decides for itself; only where a file for a level is made."""

    @property
    def tells_all(self) -> bool:
        """Whether what waits to be revealed is told already."""

    @property
    def at(self) -> float:
        """When the last event happened."""

    @property
    def steered_at(self) -> float:
        """When the agenda changed last; its coming times are foreseen from there."""

    def pass_of(self, part: str) -> frozenset[str] | None:
        """The phases for which those are let in whom the format calls so; None for all."""

    def pass_in(self, scope: str) -> frozenset[str] | None:
        """The phases of which a scope may see anything; None for all."""

    def inputs(self, phase: Phase) -> Inputs:
        """The outcomes of the phases that one builds on, as they are now."""

    def visible_phases(self, view: str) -> list[Phase]:
        """The phases whose panes a view shows."""

    def card(self, card_id: str) -> Card | None:
        """Any card that any phase has handed on, by id."""

    def entries_of(self, team: str) -> list[Entry]:
        """A team's entries that are still in the race."""

    def present_people(self, roles: frozenset[str], phase: str = "") -> list[Member]:
        """Everybody of these roles who is there: not removed, nor with a pass that is not good now; where a ``phase``
        is named, only who is let into it."""

    def awaited_people(self, roles: frozenset[str], phase: str = "") -> list[Member]:
        """Of whom something is expected: present_people without staff, who have their hands full and no form on the
        console; unless nobody but staff is asked."""

    def outcome(self, phase_id: str) -> Any:
        """What a phase hands on, also one of an earlier event (``@name.PHASE``)."""
