"""What a log tells that records have to keep: read from the events alone, without the rules that make records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sessions.messages import Event

Body = Mapping[str, Any]
Key = tuple[str, str]


@dataclass
class Wrote:
    """A card as its author wrote it last. ``link`` is the card that it answers to, ``target`` the entry it is about."""

    author: str
    fields: Mapping[str, str] | None
    """None once they have been erased."""
    link: str
    target: str
    language: str
    choice: str = ""
    """Who may see it, where its author has said so for this card."""
    late: bool = False
    """It came after the close, and nobody has let it in."""
    gone: bool = False
    """Its author has taken it back, or staff has taken it from the wall."""
    group: str = ""
    into: str = ""
    """The card that stands for it."""


@dataclass
class Question:
    """A question to the back office about a card or an entry (``about``), with the answer."""

    about: str
    text: str
    by: str
    verdict: str = ""
    note: str = ""
    expert: str = ""


@dataclass
class FromLog:
    """Everything that stands at the end of a log, by ids."""

    cards: dict[str, Wrote] = field(default_factory=dict)
    contacts: dict[Key, Body] = field(default_factory=dict)
    """By entry and contact."""
    help: dict[Key, str] = field(default_factory=dict)
    """By entry and who offers it."""
    questions: dict[str, Question] = field(default_factory=dict)
    counted: dict[str, dict[str, float]] = field(default_factory=dict)
    """Points by phase and option of the last count."""
    shown: dict[str, dict[str, float]] = field(default_factory=dict)
    """The same of what was shown."""
    merged: dict[str, str] = field(default_factory=dict)
    """Into which entry one has gone."""
    scores: dict[Key, float] = field(default_factory=dict)
    """The jury's mean by phase and entry."""
    writers: dict[str, set[str]] = field(default_factory=dict)
    """Who has written in an entry's documents."""
    team_only: set[str] = field(default_factory=set)
    """Who lets nobody but their own team see what they write: it goes no further with others' cards."""

    @classmethod
    def by(cls, events: Iterable[Event]) -> FromLog:
        """What these events tell, from a log's first on."""
        log = cls()
        for event in events:
            read = READERS.get(event.kind)
            if read is not None:
                read(log, event, event.body)
        return log

    def behind(self, card: str) -> set[str]:
        """The cards that stand behind one, or in a group, themselves written by somebody and not gone."""
        heads = {card} | {
            name for name, wrote in self.cards.items() if wrote.group == card and not wrote.into
        }
        found = {name for name, wrote in self.cards.items() if name in heads or wrote.into in heads}
        return {name for name in found if not self.cards[name].gone and not self._among_team(name)}

    def _among_team(self, card: str) -> bool:
        wrote = self.cards[card]
        return wrote.choice == "team" or (not wrote.choice and wrote.author in self.team_only)

    # ---- cards

    def _card_added(self, event: Event, body: Body) -> None:
        late = event.kind == "card_came_late"
        place = (body["link"], body["target"], body["language"], body.get("choice") or "")
        self.cards[body["card"]] = Wrote(event.actor, body["fields"], *place, late)

    def _card_edited(self, event: Event, body: Body) -> None:
        card = self.cards[body["card"]]
        card.fields, card.link = body.get("fields") or card.fields, body.get("link", card.link)

    def _card_withdrawn(self, event: Event, body: Body) -> None:
        card = self.cards[body["card"]]
        card.gone, card.into = True, ""
        for other in self.cards.values():
            other.into = "" if other.into == body["card"] else other.into

    def _card_hidden(self, event: Event, body: Body) -> None:
        self.cards[body["card"]].gone = event.kind == "card_hidden"

    def _late_accepted(self, event: Event, body: Body) -> None:
        for card in body.get("cards", ()):
            self.cards[card].late = False

    def _cards_grouped(self, event: Event, body: Body) -> None:
        for card in body["cards"]:
            self.cards[card].group = body.get("group", "")

    def _cards_merged(self, event: Event, body: Body) -> None:
        for card in body["cards"]:
            self.cards[card].into = body["into"]

    def _card_unmerged(self, event: Event, body: Body) -> None:
        self.cards[body["card"]].into = ""

    # ---- entries

    def _contact_added(self, event: Event, body: Body) -> None:
        self.contacts[body["entry"], body["contact"]] = body

    def _contact_withdrawn(self, event: Event, body: Body) -> None:
        del self.contacts[body["entry"], body["contact"]]

    def _help_offered(self, event: Event, body: Body) -> None:
        self.help[body["entry"], body["person"]] = body["text"] or ""

    def _help_withdrawn(self, event: Event, body: Body) -> None:
        del self.help[body["entry"], body["person"]]

    def _field_written(self, event: Event, body: Body) -> None:
        self.writers.setdefault(body["entry"], set()).add(event.actor)

    def _decided(self, event: Event, body: Body) -> None:
        self.merged.pop(body["entry"], None)
        if event.kind == "entry_merged":
            self.merged[body["entry"]] = body["into"]

    # ---- questions and results

    def _asked(self, event: Event, body: Body) -> None:
        self.questions[body["request"]] = Question(body["about"], body["text"] or "", event.actor)

    def _answered(self, event: Event, body: Body) -> None:
        consent = (body.get("answers") or {}).get("consent")
        if consent is not None:
            (self.team_only.add if consent == "team" else self.team_only.discard)(event.actor)
        if "request" in body:  # a survey's answers are called the same
            question = self.questions[body["request"]]
            question.verdict, question.note, question.expert = (
                body["verdict"],
                body["note"] or "",
                event.actor,
            )

    def _result_counted(self, event: Event, body: Body) -> None:
        valid = {row["option"]: row["points"] for row in body["ranking"]} if body["valid"] else {}
        self.counted[event.phase] = valid

    def _result_revealed(self, event: Event, body: Body) -> None:
        self.shown[event.phase] = self.counted.get(event.phase, {})

    def _begun_anew(self, event: Event, body: Body) -> None:
        self.shown.pop(event.phase, None)
        for key in [key for key in self.scores if key[0] == event.phase]:
            del self.scores[key]

    def _result_signed(self, event: Event, body: Body) -> None:
        self.scores |= {(event.phase, row["entry"]): row["mean"] for row in body["ranking"]}


READERS = {
    "card_added": FromLog._card_added,
    "card_came_late": FromLog._card_added,
    "card_edited": FromLog._card_edited,
    "card_withdrawn": FromLog._card_withdrawn,
    "card_hidden": FromLog._card_hidden,
    "card_shown": FromLog._card_hidden,
    "late_accepted": FromLog._late_accepted,
    "cards_grouped": FromLog._cards_grouped,
    "cards_ungrouped": FromLog._cards_grouped,
    "cards_merged": FromLog._cards_merged,
    "card_unmerged": FromLog._card_unmerged,
    "contact_added": FromLog._contact_added,
    "contact_withdrawn": FromLog._contact_withdrawn,
    "help_offered": FromLog._help_offered,
    "help_withdrawn": FromLog._help_withdrawn,
    "field_written": FromLog._field_written,
    "entry_continued": FromLog._decided,
    "entry_changed": FromLog._decided,
    "entry_merged": FromLog._decided,
    "entry_parked": FromLog._decided,
    "entry_withdrawn": FromLog._decided,
    "decision_taken_back": FromLog._decided,
    "merge_offered": FromLog._decided,
    "asked": FromLog._asked,
    "answered": FromLog._answered,
    "result_counted": FromLog._result_counted,
    "result_revealed": FromLog._result_revealed,
    "vote_voided": FromLog._begun_anew,
    "phase_reopened": FromLog._begun_anew,
    "result_signed": FromLog._result_signed,
}
"""How each kind of event is read; every other tells nothing that a record keeps, or something that verify compares."""
