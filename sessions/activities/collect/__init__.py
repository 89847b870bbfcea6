"""Collect: everybody writes cards; the facilitator lays them into groups and never rewrites them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any, ClassVar

from sessions.activities.collect.cards import Slip
from sessions.activities.collect.sheet import words
from sessions.activities.collect.views import CardViews
from sessions.activity import Alert, Deadline, alert, too_long
from sessions.audience import ACTORS, CLOCK, STAFF, STARTED, Right
from sessions.messages import Command, Decision, Refused, Text, refuse
from sessions.refusals import closed

if TYPE_CHECKING:
    from sessions.people import Member

MAX_TITLE = 80


class Collect(CardViews):
    """Rules: ``fields`` of a card and its ``main`` one, ``columns``, ``per_person``, ``visible_to`` (all, team or
    owner), ``terms`` (must be accepted first), ``silent_minutes``, ``link`` (to a card of the inputs), ``target``
    (an entry), ``goal_per_team``; and words for fields and columns in ``labels`` and ``hints``."""

    called: ClassVar[Text] = {"en": "Collect", "sv": "Samla in", "fi": "Kerää"}
    rights: ClassVar[Mapping[str, Right]] = {
        "add_card": Right(ACTORS, STARTED),
        "edit_card": Right(ACTORS),
        "withdraw_card": Right(ACTORS),
        "hide_card": Right(STAFF, STARTED),
        "show_card": Right(STAFF, STARTED),
        "group_cards": Right(STAFF),
        "ungroup": Right(STAFF),
        "rename_group": Right(STAFF),
        "merge_cards": Right(STAFF),
        "unmerge_card": Right(STAFF | ACTORS),
        "accept_late": Right(STAFF, STARTED),
        "reveal_cards": Right(STAFF | {CLOCK}),
    }
    decisions: ClassVar[Mapping[str, str]] = {
        "card_hidden": "Card {number} hidden from the others",
        "card_shown": "Card {number} shown again",
        "cards_merged": "Card {number} now stands for {count} cards",
        "card_unmerged": "Card {number} stands for itself again",
        "late_accepted": "Late cards accepted: {count}",
    }
    corrections: ClassVar[frozenset[str]] = frozenset({"card_hidden", "card_shown", "late_accepted"})

    # ---- commands: cards

    def add_card(self, command: Command, sender: Member, now: float) -> Decision:
        """Write a card: its fields (or ``text`` for the main one), ``column``, ``link``, ``target``.

        A card that was written before the close (``made``, milliseconds since 1970 UTC) and came after it
        waits for the facilitator.
        """
        made = _seconds(command.text("made"))
        if not self.is_open and not 0 < made < self.phase.closed_at:
            return closed(self.phase, now)
        draft = self.sheet.read(command, sender)
        no = draft if isinstance(draft, Refused) else self._refuse_another(draft, sender)
        if isinstance(draft, Refused) or no is not None:
            return no or []
        body = {"card": f"{self.phase.id}c{self.last + 1}", **draft}
        if self.is_open:
            return [self.event("card_added", **body)]
        return [self.event("card_came_late", **body, made=made)]

    def _refuse_another(self, draft: Mapping[str, Any], sender: Member) -> Refused | None:
        if self.live.get(sender.id, 0) >= self.per_person:
            return refuse(
                "too_many",
                "You have {limit} cards here, and that is the most. Withdraw one to send another.",
                limit=self.per_person,
            )
        return self._refuse_same(draft, sender)

    def _refuse_same(self, draft: Mapping[str, Any], sender: Member, but: str = "") -> Refused | None:
        same = self.said.get(words(sender.id, draft), but)
        if same == but:
            return None
        number = self._number(same)
        return refuse("duplicate", "You have sent this card already. It is number {number}.", number=number)

    def _number(self, card: str) -> int:
        slip = self.card(card)
        return slip.number if slip else 0

    def edit_card(self, command: Command, sender: Member, now: float) -> Decision:
        """An author changes a card's words (``card``, and its fields, ``column`` or ``link``)."""
        slip = self._mine(command, sender)
        if isinstance(slip, Refused):
            return slip
        draft = self.sheet.read(command, sender, slip)
        no = draft if isinstance(draft, Refused) else self._refuse_same(draft, sender, but=slip.id)
        if isinstance(draft, Refused) or no is not None:
            return no or []
        said = ("fields", "column", "link")
        change = {name: draft[name] for name in said if draft[name] != getattr(slip, name)}
        return [self.event("card_edited", card=slip.id, **change)] if change else []

    def withdraw_card(self, command: Command, sender: Member, now: float) -> Decision:
        """An author takes a card back (``card``); its number and time stay."""
        slip = self._mine(command, sender)
        return slip if isinstance(slip, Refused) else [self.event("card_withdrawn", card=slip.id)]

    def _mine(self, command: Command, sender: Member) -> Slip | Refused:
        slip = self.wall.cards.get(command.text("card"))
        if slip is None or slip.author != sender.id:
            return refuse("not_yours", "Only who wrote a card can change it or take it back.")
        return _gone() if slip.withdrawn else slip

    # ---- commands: the facilitator's hand

    def hide_card(self, command: Command, sender: Member, now: float) -> Decision:
        """Take cards (``card``, repeated) from the projector and the others' phones at once."""
        return self._set_hidden(command, "card_hidden", hidden=True)

    def show_card(self, command: Command, sender: Member, now: float) -> Decision:
        return self._set_hidden(command, "card_shown", hidden=False)

    def _set_hidden(self, command: Command, kind: str, hidden: bool) -> Decision:
        slips = self._chosen(command)
        if isinstance(slips, Refused):
            return slips
        return [self.event(kind, card=s.id, number=s.number) for s in slips if s.hidden != hidden]

    def _chosen(self, command: Command) -> list[Slip] | Refused:
        """The cards a command names, each once; all have to stand for themselves."""
        ids = dict.fromkeys(command.all("card"))
        if not ids:
            return refuse("none_chosen", "Choose at least one card first.")
        slips = [self.wall.cards[card] for card in ids if card in self.wall.cards]
        return slips if len(slips) == len(ids) and all(slip.standing for slip in slips) else _gone()

    def group_cards(self, command: Command, sender: Member, now: float) -> Decision:
        """Lay cards (``card``, repeated) into a new group with this ``title``, or into ``group``."""
        slips = self._chosen(command)
        if isinstance(slips, Refused):
            return slips
        group, title = self._group_meant(command)
        no = self._refuse_title(group, title) or self._refuse_mix([*slips, *self._some_of(group)])
        if no is not None:
            return no
        moved = [slip.id for slip in slips if slip.group != group]
        return [self.event("cards_grouped", group=group, title=title, cards=moved)] if moved else []

    def _group_meant(self, command: Command) -> tuple[str, str]:
        """Id and title: a title typed goes before a group chosen earlier, and the same title is one group."""
        title, chosen = command.text("title"), command.text("group")
        if title:
            same = next((group for group in self.wall.groups if self.wall.titles[group] == title), "")
            return same or f"{self.phase.id}g{self.last_group + 1}", title
        return chosen, self.wall.titles.get(chosen, "")

    def _refuse_title(self, group: str, title: str) -> Refused | None:
        if not title:
            return refuse("no_group", "Choose a group, or write a title for a new one.")
        return too_long(title, MAX_TITLE)

    def _some_of(self, group: str) -> list[Slip]:
        return [self.wall.cards[card] for card in self.wall.trays.first(group, 1)]

    def _refuse_mix(self, slips: list[Slip]) -> Refused | None:
        """What only a team or an owner sees stays with them."""
        place = {"team": "team", "owner": "target"}.get(self.visible_to, "")
        if place and len({getattr(slip, place) for slip in slips}) > 1:
            return refuse("mixed", "These cards belong to different teams. Choose cards of one team.")
        return None

    def ungroup(self, command: Command, sender: Member, now: float) -> Decision:
        """Take cards (``card``, repeated) out of their groups, or a ``whole`` group apart."""
        whole = self.wall.trays[command.text("whole")] if command.text("whole") else ()
        if whole:
            return [self.event("cards_ungrouped", cards=list(whole))]
        slips = self._chosen(command)
        if isinstance(slips, Refused):
            return slips
        cards = [slip.id for slip in slips if slip.group]
        return [self.event("cards_ungrouped", cards=cards)] if cards else []

    def rename_group(self, command: Command, sender: Member, now: float) -> Decision:
        group, title = command.text("group"), command.text("title")
        if group not in self.wall.groups or not title:
            return refuse("no_group", "Choose a group and write its new title.")
        no = too_long(title, MAX_TITLE)
        same = self.wall.titles[group] == title
        return no or ([] if same else [self.event("group_renamed", group=group, title=title)])

    def merge_cards(self, command: Command, sender: Member, now: float) -> Decision:
        """Let one of several duplicates (``card``, repeated) stand for all: ``into``, or the oldest."""
        slips = self._chosen(command)
        if isinstance(slips, Refused):
            return slips
        if len(slips) < 2:
            return refuse("choose_two", "Choose at least two cards that say the same.")
        into = next((s for s in slips if s.id == command.text("into")), min(slips, key=lambda s: s.number))
        cards = [behind.id for slip in slips if slip is not into for behind in self.wall.behind(slip)]
        count = into.count + len(cards)
        merged = self.event("cards_merged", into=into.id, cards=cards, number=into.number, count=count)
        return self._refuse_mix(slips) or [merged]

    def unmerge_card(self, command: Command, sender: Member, now: float) -> Decision:
        """Let a duplicate (``card``) stand for itself again, or all that a card stands for."""
        slip = self.wall.cards.get(command.text("card"))
        if slip is None or not (slip.into or slip.merged):
            return refuse("not_merged", "That card stands for itself already.")
        into = self.wall.cards[slip.into or slip.id]
        if sender.role not in STAFF and sender.id not in (slip.author, into.author):
            return refuse("not_yours", "Only who wrote a card can change it or take it back.")
        parting = [slip] if slip.into else self.wall.behind(slip)[1:]
        return [self.event("card_unmerged", card=p.id, number=p.number) for p in parting]

    def accept_late(self, command: Command, sender: Member, now: float) -> Decision:
        """Take in cards that came after the close (``card``, repeated), or all of them."""
        named = command.all("card")
        if any(card not in self.late for card in named):
            return _gone()
        cards = list(dict.fromkeys(named)) or list(self.late)
        return [self.event("late_accepted", cards=cards, count=len(cards))] if cards else []

    def reveal_cards(self, command: Command, sender: Member, now: float) -> Decision:
        """End the silence: from now on everybody sees the cards."""
        early = sender.role == CLOCK and now < self.reveal_at
        return [] if self.revealed or early else [self.event("cards_revealed")]

    # ---- what happens by itself

    def deadlines(self) -> Iterator[Deadline]:
        if not self.revealed:
            yield Deadline(self.reveal_at, "reveal_cards")

    def alerts(self) -> Iterator[Alert]:
        if self.late:
            yield alert("Cards that came after the close wait for you: {count}", count=len(self.late))


def _seconds(milliseconds: str) -> float:
    """A client's time in seconds since 1970 UTC; 0 if it is none."""
    try:
        seconds = float(milliseconds) / 1000.0
    except ValueError:
        return 0.0
    return seconds if isfinite(seconds) else 0.0


def _gone() -> Refused:
    return refuse("gone", "Some of these cards have just changed. Look again, then choose.")
