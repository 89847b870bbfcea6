"""The table on which a collecting phase's cards lie: a fold of its events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sessions.activities.collect.cards import Slip, Wall
from sessions.activities.collect.sheet import Sheet, words
from sessions.activity import EVERY_PANE, Activity, Change, Changed
from sessions.audience import person_scope, team_scope
from sessions.messages import Event
from sessions.outcome import Card, Fact, Inputs, Team

ON_PHONE = 200
"""How many of the others' cards a phone shows, the newest."""

LISTED = frozenset({"kept", "title", "status"})
"""What can be said about an entry that changes the list one chooses from."""


class CardTable(Activity):
    """Cards, late cards and groups of one phase."""

    def prepare(self) -> None:
        self.wall = Wall(ON_PHONE)
        self.late: dict[str, Slip] = {}
        """Cards that came after the close and wait for the facilitator."""
        self.last = 0
        """The number of the last card."""
        self.last_group = 0
        self.written: dict[str, dict[str, None]] = {}
        """Each author's cards, withdrawn ones too."""
        self.live: dict[str, int] = {}
        """How many cards each author has that are not withdrawn."""
        self.said: dict[tuple[str, ...], str] = {}
        """The card in which an author has said these words."""
        self.of_team: dict[str, dict[str, None]] = {}
        """The cards that each team reads among itself."""
        self.withdrawn = 0
        self.revealed = not self.rules.get("silent_minutes")
        self._read_rules(self.inputs)

    def reopened(self, inputs: Inputs) -> Iterable[Change]:
        self._read_rules(inputs)
        return super().reopened(inputs)

    def corrected(self, inputs: Inputs) -> Iterable[Change]:
        self._read_rules(inputs)  # a need that was hidden is on no list any more
        return super().corrected(inputs)

    def _read_rules(self, inputs: Inputs) -> None:
        needs: dict[str, Card] = {card.id: card for card in inputs.cards} if self.rules.get("link") else {}
        self.sheet = Sheet(self.rules, self.session, needs)
        self.visible_to: str = self.rules.get("visible_to", "all")
        self.per_person = int(self.rules.get("per_person", 100))
        self.goal = int(self.rules.get("goal_per_team", 0))

    def noticed(self, change: Fact | Team, phase: str) -> Iterator[Changed]:
        if isinstance(change, Team):
            yield from (Changed("wall"), Changed(scope=team_scope(change.id)))
            yield from self._may_write_now(change.members)
        elif self.sheet.needs_terms and change.name == "terms":
            yield Changed(scope=change.subject)
        elif self.is_open and self.sheet.about_entries and change.name in LISTED:
            yield EVERY_PANE

    def _may_write_now(self, people: Iterable[str]) -> Iterator[Changed]:
        """Where the form is each person's own, a new place in a team may change it."""
        yield from (Changed(scope=person_scope(person)) for person in people if self.sheet.personal)

    @property
    def reveal_at(self) -> float:
        """When the silence ends; wall time, seconds since 1970 UTC."""
        return self.phase.opened_at + float(self.rules.get("silent_minutes", 0)) * 60.0

    def card(self, key: str) -> Slip | None:
        return self.wall.cards.get(key) or self.late.get(key)

    def readers(self, slip: Slip) -> str:
        """The team that reads the card among itself, "" where no single team does."""
        return {"team": slip.team, "owner": slip.owner}.get(self.visible_to, "")

    # ---- events

    def card_added(self, event: Event) -> Iterator[Change]:
        slip = self._slip(event)
        self._note(slip)
        yield from self._placed(slip)

    def card_came_late(self, event: Event) -> Iterator[Change]:
        slip = self._slip(event)
        self.late[slip.id] = slip
        self._note(slip)
        yield from (Changed("late", slip.id), Changed("tally"))
        yield from self._told(slip)

    def _slip(self, event: Event) -> Slip:
        body = event.body
        self.last += 1
        entry = self.session.entries.get(body["target"])
        return Slip(
            id=body["card"],
            number=self.last,
            author=event.actor,
            at=event.at,
            fields=dict(body["fields"]),
            column=body["column"],
            team=body["team"],
            link=body["link"],
            target=body["target"],
            owner=entry.team if entry else "",
            about=entry.title if entry else "",
            language=body["language"],
            made=body.get("made", 0.0),
        )

    def _note(self, slip: Slip) -> None:
        self.written.setdefault(slip.author, {})[slip.id] = None
        self.live[slip.author] = self.live.get(slip.author, 0) + 1
        self.said[words(slip.author, vars(slip))] = slip.id

    def late_accepted(self, event: Event) -> Iterator[Change]:
        for card in event.body["cards"]:
            slip = self.late.pop(card)
            yield Changed("late", card)
            yield from self._placed(slip)

    def card_edited(self, event: Event) -> Iterator[Change]:
        slip = self.wall.cards[event.body["card"]]
        self._forget_words(slip)
        for name in event.body.keys() & {"fields", "column", "link"}:
            setattr(slip, name, event.body[name])
        slip.edited_at = event.at
        self.said[words(slip.author, vars(slip))] = slip.id
        yield from self._placed(slip)

    def _forget_words(self, slip: Slip) -> None:
        self.said.pop(words(slip.author, vars(slip)), None)

    def card_withdrawn(self, event: Event) -> Iterator[Change]:
        slip = self.wall.cards[event.body["card"]]
        self._forget_words(slip)
        self.live[slip.author] -= 1
        self.withdrawn += 1
        parted = [self.wall.cards[card] for card in slip.merged] or ([slip] if slip.into else [])
        into = slip.into
        for other in parted:
            self.wall.part(other)
        slip.withdrawn_at, slip.fields = event.at, {}
        for changed in [slip, *(p for p in parted if p is not slip), *self._cards(into)]:
            yield from self._placed(changed)

    def _cards(self, card: str) -> list[Slip]:
        return [self.wall.cards[card]] if card else []

    def card_hidden(self, event: Event) -> Iterator[Change]:
        yield from self._hid(event, hidden=True)

    def card_shown(self, event: Event) -> Iterator[Change]:
        yield from self._hid(event, hidden=False)

    def _hid(self, event: Event, hidden: bool) -> Iterator[Change]:
        slip = self.wall.cards[event.body["card"]]
        slip.hidden = hidden
        yield from self._placed(slip)

    def cards_grouped(self, event: Event) -> Iterator[Change]:
        group = event.body["group"]
        if group not in self.wall.titles:
            self.last_group += 1
            self.wall.titles[group] = event.body["title"]
        yield from self._laid(event.body["cards"], group)

    def cards_ungrouped(self, event: Event) -> Iterator[Change]:
        yield from self._laid(event.body["cards"], "")

    def _laid(self, cards: Iterable[str], group: str) -> Iterator[Change]:
        for card in cards:
            slip = self.wall.cards[card]
            left, slip.group = slip.group, group
            yield from self._placed(slip)
            if left:
                yield Changed("tray", left)

    def group_renamed(self, event: Event) -> Iterator[Change]:
        group = event.body["group"]
        self.wall.titles[group] = event.body["title"]
        yield from (Changed("tray", group), Changed("wall"))
        yield from (Changed("sorted", card) for card in self.wall.trays[group])

    def cards_merged(self, event: Event) -> Iterator[Change]:
        into = self.wall.cards[event.body["into"]]
        for card in event.body["cards"]:
            slip = self.wall.cards[card]
            if slip.into:
                self.wall.part(slip)
            self.wall.merge(into, slip)
            yield from self._placed(slip)
        yield from self._placed(into)

    def card_unmerged(self, event: Event) -> Iterator[Change]:
        slip = self.wall.cards[event.body["card"]]
        into = self.wall.cards[slip.into]
        self.wall.part(slip)
        yield from self._placed(slip)
        yield from self._placed(into)

    def cards_revealed(self, event: Event) -> Iterator[Change]:
        self.revealed = True
        yield EVERY_PANE

    def closed(self) -> Iterable[Change]:
        self.revealed = True
        return ()

    # ---- what an event has changed

    def _placed(self, slip: Slip) -> Iterator[Change]:
        """The card lies where it belongs now; everything that shows it has changed."""
        swapped = self.wall.settle(slip)
        self._share(slip)
        yield from self._told(slip)
        yield from self._seen(slip, swapped)
        yield from (Changed("loose", slip.id), Changed("sorted", slip.id), Changed("tally"), Changed("wall"))
        if slip.group:
            yield Changed("tray", slip.group)
        if slip.target:
            said = {"column": slip.column, "text": slip.fields.get(self.sheet.main, "")}
            yield Fact(slip.target, "feedback", None if slip.hidden or slip.withdrawn else said, slip.id)

    def _told(self, slip: Slip) -> Iterator[Change]:
        author = person_scope(slip.author)
        yield from (Changed("own", slip.id, author), Changed("left", "", author))

    def _share(self, slip: Slip) -> None:
        cards = self.of_team.setdefault(self.readers(slip), {})
        if slip.shown:
            cards[slip.id] = None
        else:
            cards.pop(slip.id, None)

    def _seen(self, slip: Slip, swapped: Iterable[str]) -> Iterator[Change]:
        team = self.readers(slip)
        if team:
            yield from (Changed("card", slip.id, team_scope(team)), Changed("goal", "", team_scope(team)))
        elif self.visible_to == "all" and self.revealed:
            yield from (Changed("card", card) for card in (slip.id, *swapped))
