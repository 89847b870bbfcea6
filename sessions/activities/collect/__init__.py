"""Collect: everybody writes cards; the facilitator lays them into groups and never rewrites them.

What the events have come to is in ``state`` and ``wall``, the rules of a card in ``card_form``; commands and folds are
functions by topic in ``writing``, ``latecomers``, ``hiding``, ``sorting``, ``merging`` and ``revealing``; ``views``
says who sees what.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from sessions.activities.collect import (
    claiming,
    handed_on,
    hiding,
    latecomers,
    merging,
    noticing,
    reach,
    revealing,
    sharing,
    sorting,
    together,
    views,
    writing,
)
from sessions.activities.collect.alike import Alike
from sessions.activities.collect.card_form import MOST_CARDS, CardForm
from sessions.activities.collect.events import SHAPES
from sessions.activities.collect.phone import ON_PHONE
from sessions.activities.collect.rules import DECLARED
from sessions.activities.collect.state import CardState
from sessions.activity import Activity, Alert, Change, Deadline, alert
from sessions.audience import ACTORS, CLOCK, STAFF, STARTED, Right
from sessions.format_rules import Declaration
from sessions.messages import Text
from sessions.outcome import Card, Inputs, Outcome
from sessions.shared_texts import SharedText


class Collect(Activity):
    """Rules: ``fields`` of a card and its ``main`` one, ``headline`` (whether one is asked for), ``columns``,
    ``per_person``, ``visible_to`` (all, team or owner), ``terms`` (to accept first), ``silent_minutes``, ``together``
    (minutes alone, in twos, in fours, and all), ``link`` (to a card of the inputs), ``target`` (an entry),
    ``goal_per_team``; and words for fields and columns in ``labels`` and ``hints``."""

    called: ClassVar[Text] = {"en": "Collect", "sv": "Samla in", "fi": "Kerää"}
    declares: ClassVar[Declaration] = DECLARED
    rights: ClassVar[Mapping[str, Right]] = {
        "add_card": Right(ACTORS, STARTED),
        "edit_card": Right(ACTORS),
        "withdraw_card": Right(ACTORS, STARTED),
        "share_card": Right(ACTORS, STARTED),
        "claim_card": Right(ACTORS),
        "take_back_claim": Right(ACTORS),
        "hide_card": Right(STAFF, STARTED),
        "show_card": Right(STAFF, STARTED),
        "group_cards": Right(STAFF),
        "ungroup": Right(STAFF),
        "rename_group": Right(STAFF),
        "merge_cards": Right(STAFF),
        "unmerge_card": Right(STAFF | ACTORS),
        "accept_late": Right(STAFF, STARTED),
        "reveal_cards": Right(STAFF | {CLOCK}),
        "next_stage": Right(STAFF | {CLOCK}),
    }
    events: ClassVar[Mapping[str, type]] = SHAPES
    parts: ClassVar[Mapping[str, frozenset[str]]] = views.SHOWN_IN
    decisions: ClassVar[Mapping[str, str]] = {
        "card_hidden": "Card {number} hidden from the others",
        "card_shown": "Card {number} shown again",
        "quotes_found": "Card {number} was withdrawn. Its words also stand in these projects: {projects}",
        "cards_merged": "Card {number} now stands for {count} cards",
        "card_unmerged": "Card {number} stands for itself again",
        "late_accepted": "Late cards accepted: {count}",
    }
    corrections: ClassVar[frozenset[str]] = frozenset(
        {"card_hidden", "card_shown", "card_shared", "card_withdrawn", "late_accepted"}
    )

    shared: ClassVar[Mapping[str, SharedText]] = {
        "group_renamed": SharedText("title", ("group",), ("title",)),
    }

    def prepare(self) -> None:
        apart = self.rules.get("silent_minutes") or self.rules.get("together")
        self.state = CardState(ON_PHONE, revealed=not apart)
        self.visible_to: str = self.rules.get("visible_to", "all")
        self.per_person = int(self.rules.get("per_person", MOST_CARDS))
        self.goal = int(self.rules.get("goal_per_team", 0))
        self._build_on(self.inputs)

    def _build_on(self, inputs: Inputs) -> None:
        needs = {card.id: card for card in inputs.cards} if self.rules.get("link") else {}
        self.form = CardForm(self.rules, self.session, needs)

    def reopened(self, inputs: Inputs) -> Iterable[Change]:
        self._build_on(inputs)
        return super().reopened(inputs)

    def corrected(self, inputs: Inputs) -> Iterable[Change]:
        self._build_on(inputs)  # a need that was hidden is on no list any more
        return super().corrected(inputs)

    # ---- commands and their events

    add_card = writing.add_card
    edit_card = writing.edit_card
    withdraw_card = writing.withdraw_card
    accept_late = latecomers.accept_late
    card_added = writing.card_added
    card_came_late = writing.card_came_late
    card_edited = writing.card_edited
    card_withdrawn = writing.card_withdrawn
    quotes_found = writing.quotes_found
    claim_card, card_claimed = claiming.claim_card, claiming.card_claimed
    take_back_claim, claim_taken_back = claiming.take_back_claim, claiming.claim_taken_back
    share_card, card_shared = sharing.share_card, sharing.card_shared
    late_accepted = latecomers.late_accepted

    hide_card = hiding.hide_card
    show_card = hiding.show_card
    group_cards = sorting.group_cards
    ungroup = sorting.ungroup
    rename_group = sorting.rename_group
    card_hidden = hiding.card_hidden
    card_shown = hiding.card_shown
    cards_grouped = sorting.cards_grouped
    cards_ungrouped = sorting.cards_ungrouped
    group_renamed = sorting.group_renamed

    merge_cards = merging.merge_cards
    unmerge_card = merging.unmerge_card
    cards_merged = merging.cards_merged
    card_unmerged = merging.card_unmerged

    reveal_cards = revealing.reveal_cards
    cards_revealed = revealing.cards_revealed
    next_stage, stage_begun = together.next_stage, together.stage_begun

    # ---- what happens by itself

    @property
    def reveal_at(self) -> float:
        """When the silence ends; wall time, seconds since 1970 UTC."""
        if self.rules.get("together"):
            return together.all_at(self)
        return self.phase.opened_at + float(self.rules.get("silent_minutes", 0)) * 60.0

    def deadlines(self) -> Iterator[Deadline]:
        yield from together.deadlines(self) if self.rules.get("together") else revealing.deadlines(self)

    def alerts(self) -> Iterator[Alert]:
        if self.state.late:
            yield alert("Cards that came after the close wait for you: {count}", count=len(self.state.late))

    def closed(self) -> Iterable[Change]:
        self.state.revealed = True
        return ()

    noticed = noticing.noticed
    consent_changed = sharing.consent_changed

    # ---- who sees what, and what is handed on

    show, things = views.show, reach.things

    def alike(self) -> Alike:
        return Alike(self)

    @property
    def hints_at_cards(self) -> bool:
        """Whether whoever writes may be shown a card of somebody else's that says the same."""
        return self.visible_to != "owner"

    def standing(self, name: str, *place: str) -> str:
        return self.state.wall.titles.get(place[0], "")

    def outcome(self) -> Outcome:
        return handed_on.outcome(self.state, self.form.main)

    def handed_on(self, card: str) -> Card | None:
        return handed_on.handed_on(self.state.wall, card, self.form.main)
