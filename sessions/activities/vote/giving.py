"""What a result gives: each idea that is kept becomes an entry, or who is best has an award. Once it is shown, each
option also learns what it got.

What is due follows from the standing alone: what is given and not due is taken back, what is due and not given, given.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sessions.messages import Text
from sessions.outcome import Fact, Ranked, Team

if TYPE_CHECKING:
    from sessions.activities.vote import Vote
    from sessions.activities.vote.slate import Option

HEADLINES = "headlines"
"""What stands in a count whose entries are called by the headlines of their ideas. In logs of release 1 nothing does:
they are called by the first words."""
FIRST_WORDS = 80
TEAM_NAME = 40
"""Letters: as many as a team may give itself."""
Gift = Mapping[str, Any]
"""An award with its reason; nothing, where an entry begins."""


def settle(vote: Vote) -> Iterator[Fact | Team]:
    """Take back what is given and not due, then give what is due and not given."""
    due, given = vote.state.kept if vote.gives else {}, vote.state.given
    for option in [option for option in given if option not in due]:
        del given[option]
        yield _taken_back(vote, option)
    for option, row in due.items():
        gift = _gift(vote, row)
        if given.get(option) != gift:
            given[option] = gift
            yield from _given(vote, row, gift)


def tell(vote: Vote) -> Iterator[Fact]:
    """What each option got of a result that is shown and decides something; what it does not say any more goes."""
    result, told = vote.state.result, vote.state.told
    rows = result.standing if result is not None and result.revealed else ()
    shown = {row.option: _result(vote, row) for row in rows}
    for option in [option for option in told if option not in shown]:
        del told[option]
        yield Fact(option, "result", None, vote.phase.id)
    for option, value in shown.items():
        if told.get(option) != value:
            told[option] = value
            yield Fact(option, "result", value, vote.phase.id)


def _result(vote: Vote, row: Ranked) -> Mapping[str, Any]:
    """An option's place of so many (``of``), its points, whether it goes on, and how many have voted of how many;
    ``reason`` where that was changed by hand."""
    result = vote.state.result
    assert result is not None
    changed = result.overrides.get(row.option)
    return {
        "place": row.place,
        "of": len(result.rows),
        "points": row.points,
        "kept": row.kept,
        "cast": result.body["cast"],
        "electorate": result.body["electorate"],
        "by_hand": changed is not None,
        "reason": changed["reason"] if changed else "",
    }


def _gift(vote: Vote, row: Ranked) -> Gift:
    return {"award": vote.award, "reason": _reason(vote, row), "place": 1} if vote.award else {}


def _reason(vote: Vote, row: Ranked) -> Text | str:
    """Why an option has the award: the reason of whoever changed the result by hand, or how many are for it."""
    result = vote.state.result
    assert result is not None
    by_hand = result.overrides.get(row.option)
    if by_hand:
        return str(by_hand["reason"])
    points, cast = round(row.points), result.body["cast"]
    if vote.method.steps:  # its points are no votes
        return {
            "en": f"the first of {len(result.rows)} by {cast} voters",
            "sv": f"den första av {len(result.rows)} enligt {cast} röstande",
            "fi": f"ensimmäinen {len(result.rows)} joukosta, äänestäjiä {cast}",
        }
    return {
        "en": f"{points} of {cast} voters would support it",
        "sv": f"{points} av {cast} röstande skulle stödja det",
        "fi": f"{points}/{cast} äänestäjästä tukisi sitä",
    }


def _given(vote: Vote, row: Ranked, gift: Gift) -> Iterator[Fact | Team]:
    """Awards lie ready on the entries for the phase that presents them; this one shows them to nobody."""
    if vote.award:
        yield Fact(row.option, "award", gift, vote.award)
    else:
        yield from _begun(vote, vote.slate[row.option], row.team)


def _begun(vote: Vote, option: Option, team: str) -> Iterator[Fact | Team]:
    """An entry begins with the headline of the idea, or is in the race again."""
    if not team and vote.state.result is not None and vote.state.result.body.get("teams_of_authors"):
        founded = None if _team_of_authors(vote, option) else _founded(vote, option)
        if founded is not None:
            yield founded
        team = _team_of_authors(vote, option)
    yield Fact(option.id, "kept", _first_facts(option, team, _title(vote, option)))
    yield Fact(option.id, "status", None)


def _team_of_authors(vote: Vote, option: Option) -> str:
    """The team that one of an idea's authors is in; "" for none."""
    people = vote.session.people
    return next((people[a].team for a in option.authors if a in people and people[a].team), "")


def _founded(vote: Vote, option: Option) -> Team | None:
    """The authors of an idea as the team that carries it on, where an event forms no teams; None if all have left."""
    people, teams = vote.session.people, vote.session.teams
    members = tuple(author for author in option.authors if author in people and not people[author].removed)
    if not members:
        return None
    number = 1 + max((team.number for team in teams.values()), default=0)
    name = textwrap.shorten(option.headline, TEAM_NAME, placeholder=" …")
    return Team(f"{vote.phase.id}-{option.id}", number, name, members, leader=members[0], need=option.link)


def _title(vote: Vote, option: Option) -> str:
    assert vote.state.result is not None
    if vote.state.result.body.get("titles") == HEADLINES:
        return option.headline
    return textwrap.shorten(option.text, FIRST_WORDS, placeholder=" …")


def _first_facts(option: Option, team: str, title: str) -> dict[str, str]:
    return {"title": title, "team": team, "idea": option.id, "need": option.link}


def _taken_back(vote: Vote, option: str) -> Fact:
    """The award goes. So does the entry of an idea that is not kept after all; if somebody has worked on it, it is
    parked."""
    if vote.award:
        return Fact(option, "award", None, vote.award)
    entry = vote.session.entries.get(vote.session.entry_of_card.get(option, ""))
    worked_on = entry is not None and entry.worked_seq > entry.begun_seq
    return Fact(option, "status", "parked") if worked_on else Fact(option, "kept", None)
