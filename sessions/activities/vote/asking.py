"""What a voter is asked next, where one thing is asked after another, and what they have answered so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sessions.activities.vote import dealing
from sessions.activities.vote.slate import own, shuffled

if TYPE_CHECKING:
    from sessions.activities.vote import Vote
    from sessions.activities.vote.slate import Option
    from sessions.ballots import Marks
    from sessions.people import Member


class Asked(NamedTuple):
    """One question: about one option, or two. ``put`` is the answer that stands, None for none."""

    options: tuple[Option, ...]
    put: int | None


class Step(NamedTuple):
    """``now`` is what is asked (None: nothing), ``given`` what can be answered anew; ``done`` of ``all`` are
    answered. Of rounds: ``number`` of ``planned``, over at ``until`` (wall time, 0 for no end)."""

    now: Asked | None
    given: list[Asked]
    done: int
    all: int
    number: int = 0
    planned: int = 0
    until: float = 0.0


def step(vote: Vote, member: Member) -> Step:
    """Where somebody is in what they are asked."""
    ballot = vote.state.ballots.get(member.id)
    return ASKING[vote.rules["method"]](vote, member, ballot.marks if ballot else {})


def _statements(vote: Vote, member: Member, marks: Marks) -> Step:
    """Every statement, in an order of one's own."""
    listed = vote.now_listed()
    ids = dict.fromkeys([*shuffled(vote.slate.ids, member.id, vote.phase.id), *listed.ids])
    mine = {o for o in ids if o in listed and vote.own_excluded and own(vote.session, listed[o], member)}
    asked = [Asked((listed[o],), marks.get(o)) for o in ids if o in listed and o not in mine]
    return _one_by_one(asked)


def _pairs(vote: Vote, member: Member, marks: Marks) -> Step:
    listed = vote.now_listed()
    pairs = [pair for pair in vote.state.pairs.get(member.id, ()) if set(pair) <= set(listed.ids)]
    return _one_by_one([Asked((listed[a], listed[b]), dealing.chosen(marks, (a, b))) for a, b in pairs])


def _one_by_one(asked: list[Asked]) -> Step:
    given = [each for each in asked if each.put is not None]
    now = next((each for each in asked if each.put is None), None)
    return Step(now, given, len(given), len(asked))


def _rounds(vote: Vote, member: Member, marks: Marks) -> Step:
    """The card of the round that is on; what was given before it stays as it is."""
    state, card = vote.state, dealing.card_now(vote, member.id)
    option = vote.now_listed().get(card)
    before = [dealt[member.id] for dealt in state.rounds if dealt.get(member.id) in marks]
    given = [Asked((vote.slate[each],), marks[each]) for each in before if each in vote.slate]
    now = Asked((option,), marks.get(card)) if option is not None else None
    until = dealing.next_round_at(vote)
    return Step(now, given, len(given), state.rounds_planned, len(state.rounds), state.rounds_planned, until)


ASKING: Mapping[str, Callable[[Vote, Member, Marks], Step]] = {
    "agree": _statements,
    "pairwise": _pairs,
    "card25": _rounds,
}
"""How each method that asks one thing after another asks."""


def round_on(vote: Vote) -> dict[str, Any] | None:
    """The round that is on, for everybody: its number of how many, when it ends, and how many of those who were dealt a
    card have marked it. None where there are no rounds."""
    if vote.rules["method"] != dealing.CARD25:
        return None
    state = vote.state
    dealt = state.rounds[-1] if state.rounds else {}
    marked = sum(
        card in ballot.marks for person, card in dealt.items() if (ballot := state.ballots.get(person))
    )
    return {
        "number": len(state.rounds),
        "planned": state.rounds_planned,
        "until": dealing.next_round_at(vote),
        "marked": marked,
        "dealt": len(dealt),
    }
