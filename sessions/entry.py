"""An entry: a development-project record while the session lives.

It begins when an idea is kept at the second priority list and gathers what the phases say about it. Names of facts:

=============  =======================================================  =====================
name           value                                                    key
=============  =======================================================  =====================
kept           ``{"title", "team", "idea", "need"}`` (begins an entry)
title          text
field          text of one field of the record                          ``group.field``
verdict        ``{"topic", "verdict", "note", "sources", "response"}``  request id
decision       ``{"choice", "reason"}``                                 phase or request id
feedback       ``{"column", "text"}``                                   card id
snapshot       ``{"number", "sha256", "at", "name"}``                   phase and number
score          ``{"mean", "rank_points", "place", "jurors"}``           phase
award          ``{"award", "reason", "place"}``                         award's key
pitched        ``{"planned", "actual"}`` seconds                        phase
presenters     ids of the people who present it
equipment      text: what they need on stage
owner          ``{"person", "accepted", "named"}`` (whether everybody may
               see who; missing where not)
next_action    ``{"text", "due"}``
followups      ``{"months": [3, 6, 12]}``
visibility     team, session, programme or public
disclosure     ok, summary or closed: what may be shown when doors open
contact        ``{"who", "date", "said"}`` (a role, never a name)       contact id
status         a status of the life cycle
merged_into    the other entry's id
merged_from    the id of an entry that merged into this one              that id
help           ``{"person", "text"}``: an offer                          who offers
moved_to       the team's id
ruling         ``{"choice", "reason"}``: staff's or the chair's          seq of the event
question       ``{"topic", "title", "text", "team", "urgent", "state"}``  request id
result         what a vote gave it (see vote/giving.py)                 phase
=============  =======================================================  =====================

Texts are "" where nothing was written or the words have been erased; ``Entry.erased`` tells which for a fact that is a
text by itself. Only ``response`` is "" until there is one, and None where its words have been erased. Whose words they
are and what they are in is told by ``Entry.said``.

A record cannot become ``submitted`` while its need or market is empty, nor ``archived`` without an owner who has
accepted and a next step.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sessions.headline import headline
from sessions.outcome import Card, Fact
from sessions.verdicts import is_open_stop

STATUSES = ("draft", "submitted", "archived", "active", "launched", "completed")
SIDE_STATES = ("parked", "stopped", "merged", "withdrawn")


FROM_NEED_CARD = {
    "who": "need_owner",
    "situation": "situation",
    "consequence": "consequence",
    "evidence": "evidence",
}


BESIDE_WORK = frozenset({"question", "result", "ruling"})
"""What is said about an entry without anybody's having worked on it."""

Place = tuple[str, str, str]
"""Where a fact stands: phase, name, key."""


class Said(NamedTuple):
    """Who has said a fact, in which language ("" for none), in which event and when (wall time, seconds since 1970)."""

    by: str
    language: str
    seq: int
    at: float


@dataclass(slots=True)
class Carried:
    """A team's time with an entry; wall time, ``until`` 0 while it lasts."""

    team: str
    since: float
    until: float = 0.0


@dataclass
class Entry:
    """One entry. ``facts`` is keyed by (phase, name, key), in the order first learnt."""

    id: str
    number: int
    begun_at: float
    begun_seq: int
    team: str
    title: str
    idea: Card | None = None
    need: Card | None = None
    facts: dict[Place, Any] = field(default_factory=dict)
    said: dict[Place, Said] = field(default_factory=dict)
    """Of each fact who has said it; of one that was taken back nothing."""
    status: str = "draft"
    erased: set[Place] = field(default_factory=set)
    """The facts of which the words have been erased: something was said, though the value is ""."""
    changed_seq: int = 0
    worked_seq: int = 0
    """The seq of what was last done about it: all but what is BESIDE_WORK."""
    carried: list[Carried] = field(default_factory=list)
    """The teams that have had it, the first one first."""
    carriers: dict[str, None] = field(default_factory=dict)
    """Everybody who has been in its team while that had it."""
    splits: list[tuple[str, str]] = field(default_factory=list)
    """Each time its team was split: from which team, into which."""
    title_is_kept: bool = False
    """Whether it is called by words of a card that only its author's team may see."""
    kept_in: str = ""
    """The phase that kept its idea."""
    reached: dict[str, float] = field(default_factory=dict)
    """When it first had each status: wall time in seconds since 1970 UTC."""

    def __post_init__(self) -> None:
        self.worked_seq = self.worked_seq or self.begun_seq
        self.carried = self.carried or [Carried(self.team, self.begun_at)]

    def learn(self, phase: str, fact: Fact, seq: int, at: float) -> None:
        """Take in, replace or (value None) forget a fact that was said at a seq and a wall time."""
        self.changed_seq = seq
        if fact.name not in BESIDE_WORK:
            self.worked_seq = max(self.worked_seq, seq)
        place = (phase, fact.name, fact.key)
        self._put(place, fact, Said(fact.by, fact.language, seq, at))
        title = self.latest("title")
        if title is not None:
            self.title, self.title_is_kept = title, False
        self._move(self.latest("moved_to") or self.team, at)
        self.status = self.latest("status") or "draft"
        self.reached.setdefault(self.status, at)

    def _put(self, place: Place, fact: Fact, said: Said) -> None:
        self.facts.pop(place, None)
        self.said.pop(place, None)
        self.erased.discard(place)
        if fact.value is not None:
            self.facts[place], self.said[place] = fact.value, said
        if fact.erased:
            self.erased.add(place)

    def _move(self, team: str, at: float) -> None:
        if team != self.team:
            self.carried[-1].until = at
            self.carried.append(Carried(team, at))
        self.team = team

    def latest(self, name: str, key: str | None = None) -> Any:
        """The value learnt last under a name (and key); None if there is none."""
        return next(
            (v for (_, n, k), v in reversed(self.facts.items()) if n == name and key in (None, k)), None
        )

    def every(self, name: str) -> dict[str, Any]:
        """All values under a name by key, oldest first."""
        return {key: value for (_, n, key), value in self.facts.items() if n == name}

    def origin(self) -> tuple[Card, ...]:
        """The need and the idea that it comes from, as far as there are any."""
        return tuple(card for card in (self.need, self.idea) if card is not None)

    @property
    def headline(self) -> str:
        """The title as far as one line goes; its number where it has none, or one that not everybody may know."""
        shown = "" if self.title_is_kept else headline(self.title)
        return shown or self.label

    @property
    def label(self) -> str:
        """What it is called by its number alone."""
        return f"№ {self.number}"

    @property
    def in_race(self) -> bool:
        return self.status not in SIDE_STATES

    @property
    def fields(self) -> dict[str, dict[str, str]]:
        """The record's written fields by group: ``{"need": {"situation": …}, "market": {…}, …}``; a field is ""
        once its words are erased."""
        groups: dict[str, dict[str, str]] = {"need": self._need_from_card()}
        erased = self._erased_fields() if self.erased else frozenset[str]()
        for place, text in self.every("field").items():
            group, _, name = place.partition(".")
            if text or place in erased:
                groups.setdefault(group, {})[name] = text
        return groups

    def _erased_fields(self) -> frozenset[str]:
        """Keys of the fields of which the words learnt last have been erased."""
        latest = {place[2]: place in self.erased for place in self.facts if place[1] == "field"}
        return frozenset(key for key, erased in latest.items() if erased)

    def _need_from_card(self) -> dict[str, str]:
        if self.need is None:
            return {}
        own = {to: self.need.fields[name] for name, to in FROM_NEED_CARD.items() if name in self.need.fields}
        written = {name: text for name, text in own.items() if text}
        return written or own or {"situation": self.need.text}

    def is_of_card(self, group: str) -> bool:
        """Whether words of a card still stand in a group of the record's fields: of the need, or of the idea."""
        if group == "need" and self.need is not None:
            return not self._need_from_card().keys() <= {key.partition(".")[2] for key in self.every("field")}
        return group == "title" and self.latest("title") is None

    def missing(self, status: str) -> list[str]:
        """Which parts (keys of entry_words.PARTS) keep the record from a status; empty if nothing does."""
        wanted = ["need", "market"] if status == "submitted" else ["need", "market", "owner", "next_action"]
        return [part for part in wanted if not self._has(part)]

    def _has(self, part: str) -> bool:
        if part == "owner":
            return bool((self.latest("owner") or {}).get("accepted"))
        if part == "next_action":
            return bool(self.latest("next_action"))
        return bool(self.fields.get(part))

    @property
    def open_stops(self) -> list[str]:
        """Ids of requests that the back office answered with `stop` and nobody has responded to."""
        return [key for key, verdict in self.every("verdict").items() if is_open_stop(verdict)]
