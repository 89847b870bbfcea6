"""The form for a card: a collecting phase's rules on what a card says, and reading one from a command."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sessions.activities.collect.wall import Card
from sessions.activity import too_long
from sessions.headline import FIELD as HEADLINE
from sessions.headline import MOST as HEADLINE_LETTERS
from sessions.headline import headline_of
from sessions.messages import Command, Refused, Text, refuse

if TYPE_CHECKING:
    from sessions.entry import Entry
    from sessions.outcome import Card as Need
    from sessions.people import Member
    from sessions.session_view import SessionView

MOST_CARDS = 100
"""How many cards one person may have where the rules say nothing."""
FEW = 20
"""A limit per person up to which it is worth telling."""
MAX_TEXT = 500


class CardForm:
    """The form for the cards of one phase. ``needs`` are the cards of its inputs they may be linked to, by id."""

    def __init__(self, rules: Mapping[str, Any], session: SessionView, needs: Mapping[str, Need]) -> None:
        self.session = session
        self.needs = needs
        self.fields: list[str] = list(rules.get("fields", ("text",)))
        self.main: str = rules.get("main", self.fields[0])
        """The field that holds what the card says."""
        self.columns: list[str] = list(rules.get("columns", ()))
        self.about_entries: bool = rules.get("target") == "entry"
        self.linked = bool(rules.get("link"))
        self.asks_headline: bool = (
            rules.get("headline", not self.about_entries) and HEADLINE not in self.fields
        )
        self.among_team: bool = rules.get("visible_to") == "team"
        self.needs_terms = bool(rules.get("terms"))
        self.among_partners = bool(rules.get("together"))
        """Whether people write beside others who are drawn: whom with stands before the form."""
        self.limited = int(rules.get("per_person", MOST_CARDS)) <= FEW
        self._labels: Mapping[str, Text] = rules.get("labels", {})
        self._hints: Mapping[str, Text] = rules.get("hints", {})

    @property
    def personal(self) -> bool:
        """Whether it depends on the person, and not on the role alone, who may write and about what."""
        own = self.about_entries or self.among_team or self.needs_terms or self.limited
        return own or self.among_partners

    def barred(self, person: Member) -> str:
        """Why somebody cannot write here as things are: ``terms`` (not accepted), ``no_team``, ``no_target`` (there
        is no project yet) or ``own_entry`` (there are only those of the own team); "" if they can."""
        if self.needs_terms and not person.facts.get("terms"):
            return "terms"
        if self.among_team and not person.team:
            return "no_team"
        if self.about_entries and not self.targets_of(person):
            return "own_entry" if self._in_race() else "no_target"
        return ""

    def targets_of(self, person: Member) -> list[Entry]:
        """The entries somebody may write about: those in the race that are not of the own team."""
        return [entry for entry in self._in_race() if not person.team or entry.team != person.team]

    def _in_race(self) -> list[Entry]:
        return (
            [entry for entry in self.session.entries.values() if entry.in_race] if self.about_entries else []
        )

    def label(self, name: str) -> Text:
        """A field's or a column's words, as the format gives them."""
        return self._labels.get(name, {"en": name})

    def hint(self, name: str) -> Text | None:
        """An example for a field, if the format gives one."""
        return self._hints.get(name)

    def fields_of(self, texts: Mapping[str, str] | None) -> dict[str, str]:
        """A card's fields as an event has them. Of erased words nobody knows which of them were filled: all count."""
        return dict.fromkeys(self.fields, "") if texts is None else dict(texts)

    def text_of(self, card: Card) -> str:
        """What a card says in its main field; "" once it is withdrawn or its words are erased."""
        return card.fields.get(self.main, "")

    def headline_of(self, card: Card) -> str:
        """What stands for a card where one looks and does not read."""
        return headline_of(card.fields, self.text_of(card))

    def need_headline(self, link: str) -> str:
        """The headline of the need with this id; "" if it is not on the list."""
        need = self.needs.get(link)
        return need.headline if need else ""

    def read(self, command: Command, sender: Member, was: Card | None = None) -> dict[str, Any] | Refused:
        """A card from a command; ``text`` stands for the main field. What is left out stays as it ``was``."""
        fields = self._fields(command, was)
        column = command.text("column") or (was.column if was else self._only_column())
        link = self._link(command, sender, was)
        target = was.target if was else command.text("target")
        no = self._refuse_words(fields, column) or self._refuse_link(link, was)
        if was is None:
            no = no or self._refuse_place(target, sender)
        return no or {
            "fields": fields,
            "column": column,
            "link": link,
            "target": target,
            "team": sender.team,
            "language": sender.language,
        }

    def _fields(self, command: Command, was: Card | None) -> dict[str, str]:
        names = (HEADLINE, *self.fields) if self.asks_headline else self.fields
        asked = {name: command.text(name) for name in names if name in command.fields}
        if "text" in command.fields:
            asked.setdefault(self.main, command.text("text"))
        given = {**(was.fields if was else {}), **asked}
        return {name: given[name] for name in names if given.get(name)}

    def _only_column(self) -> str:
        return self.columns[0] if len(self.columns) == 1 else ""

    def _link(self, command: Command, sender: Member, was: Card | None) -> str:
        """The need a card answers to: the one chosen, or the team's own."""
        if not self.linked:
            return ""
        team = self.session.teams.get(sender.team)
        own = team.need if team and team.need in self.needs else ""
        return command.text("link") or (was.link if was else own)

    def _refuse_words(self, fields: Mapping[str, str], column: str) -> Refused | None:
        if self.main not in fields:
            part = self.label(self.main)
            return refuse("missing", "One part is missing: {field}. Write it and send again.", field=part)
        if self.columns and column not in self.columns:
            return refuse("no_column", "Choose what kind of card it is, then send again.")
        limited = (
            (text, HEADLINE_LETTERS if name == HEADLINE else MAX_TEXT) for name, text in fields.items()
        )
        return next((no for text, most in limited if (no := too_long(text, most))), None)

    def _refuse_link(self, link: str, was: Card | None) -> Refused | None:
        if not link or link in self.needs or (was and was.link == link):
            return None
        return refuse("unknown_need", "That need is not on the list. Choose one and send again.")

    def _refuse_place(self, target: str, sender: Member) -> Refused | None:
        if self.needs_terms and not sender.facts.get("terms"):
            return refuse("terms", "Accept the rules on ideas and rights first, under Mine. Then send again.")
        if self.among_team and not sender.team:
            return refuse("no_team", "You are in no team yet. Ask the facilitator for one, then send again.")
        return self._refuse_target(target, sender) if self.about_entries else None

    def _refuse_target(self, target: str, sender: Member) -> Refused | None:
        entry = self.session.entries.get(target)
        if entry is None or not entry.in_race:
            return refuse("no_target", "Choose which project the card is about, then send again.")
        if sender.team and entry.team == sender.team:
            return refuse("own_entry", "This is your own team's project. Choose another one.")
        return None
