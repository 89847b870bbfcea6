"""What can be voted for: the options of one vote, whose they are, and in which order each voter gets them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from random import Random
from typing import TYPE_CHECKING, Any

from sessions.conflicts import has_advised, is_own
from sessions.headline import says_more
from sessions.messages import Text
from sessions.outcome import Inputs
from sessions.verdicts import is_open_stop

if TYPE_CHECKING:
    from sessions.people import Member
    from sessions.session_view import SessionView

SHUFFLED = 60
"""Options that a voter gets in an order of their own; of a longer list every voter has other ones first."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to vote for: an idea card, an entry, or what the format has written. ``text`` is all that it says,
    ``number`` its tile (0 for none), ``count`` how many cards stand behind it. ``title`` is the format's, in its
    languages."""

    id: str
    headline: str
    text: str
    team: str = ""
    number: int = 0
    count: int = 1
    authors: tuple[str, ...] = ()
    link: str = ""
    title: Text | None = None

    @property
    def shown(self) -> str | Text:
        """What stands for it on a page."""
        return self.title or self.headline

    @property
    def more(self) -> bool:
        """Whether there is more to read than the headline."""
        return says_more(self.text, self.headline)


class Slate:
    """The options in the order they were handed on."""

    def __init__(self, options: Iterable[Option] = ()) -> None:
        self.options = {option.id: option for option in options}
        self.ids = list(self.options)
        self.index = {option: number for number, option in enumerate(self.ids)}
        self.of_team: dict[str, list[str]] = {}
        for option in self.options.values():
            self.of_team.setdefault(option.team, []).append(option.id)

    def get(self, option: str) -> Option | None:
        return self.options.get(option)

    def __getitem__(self, option: str) -> Option:
        return self.options[option]

    def __contains__(self, option: str) -> bool:
        return option in self.options

    def __iter__(self) -> Iterator[Option]:
        return iter(self.options.values())

    def __len__(self) -> int:
        return len(self.options)


def written_slate(rows: Iterable[Mapping[str, Any]]) -> Slate:
    """The options that a format has written: ``id`` and ``title`` each."""
    return Slate(
        Option(row["id"], _plain(row["title"]), _plain(row["title"]), title=row["title"]) for row in rows
    )


def _plain(title: Text) -> str:
    """Words for where one language must do: the archive's English sentences, and what is compared."""
    return title.get("en") or next(iter(title.values()))


def entries_slate(session: SessionView, inputs: Inputs) -> Slate:
    """The entries in the race: in the running order, then those that have no place in it."""
    racing = {entry.id: entry for entry in session.entries.values() if entry.in_race}
    ids = dict.fromkeys([*(e for e in inputs.order if e in racing), *racing])
    return Slate(
        Option(e, racing[e].headline, racing[e].title, racing[e].team, racing[e].number) for e in ids
    )


def cards_slate(session: SessionView, inputs: Inputs, by_team: bool) -> Slate:
    """The cards handed on; ``by_team`` only those of a team (see team_of)."""
    cards = ((card, team_of(session, card.team, card.authors)) for card in inputs.cards)
    return Slate(
        Option(card.id, card.headline, card.text, team, 0, card.count, card.authors, card.link)
        for card, team in cards
        if team or not by_team
    )


def team_of(session: SessionView, team: str, authors: Iterable[str]) -> str:
    """Whose a card is: its team's; when that team is no more, the team its first author is in now."""
    if not team or team in session.teams:
        return team
    now = (session.people[author].team for author in authors if author in session.people)
    return next((t for t in now if t), "")


def own(session: SessionView, option: Option, member: Member) -> bool:
    """Whether an option is a voter's own: written by them or their team, or advised by them as an expert."""
    entry = session.entries.get(option.id)
    if entry is not None:
        return is_own(entry, member) or has_advised(entry, member)
    return member.id in option.authors or bool(option.team and option.team == member.team)


def stopped(session: SessionView, option: str) -> bool:
    """Whether the back office has answered `stop` and nobody has responded to that."""
    entry = session.entries.get(option) or session.entries.get(session.entry_of_card.get(option, ""))
    if entry is not None:
        return bool(entry.open_stops)
    facts = session.card_facts.get(option, ())
    verdicts = {(phase, fact.key): fact.value for phase, fact, _ in facts if fact.name == "verdict"}
    return any(verdict and is_open_stop(verdict) for verdict in verdicts.values())


def shuffled(ids: Sequence[str], voter: str, phase: str) -> list[str]:
    """The order in which a voter gets the options; always the same for the same voter and phase.

    No more than SHUFFLED of them: what it costs must not grow with the length of the list.
    """
    seed = blake2b(f"{phase}|{voter}".encode(), digest_size=8).digest()
    return Random(seed).sample(ids, min(SHUFFLED, len(ids)))  # noqa: S311 – an order, not a secret
