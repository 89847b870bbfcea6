"""What a vote's events must say, derived again from what was so before each: for a log that somebody else has kept."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sessions.activities.vote import dealing
from sessions.activities.vote.casting import refuse_marks
from sessions.activities.vote.counting import FEW, basis, is_enough
from sessions.activities.vote.dealing import DEALT
from sessions.activities.vote.electorate import has_voted
from sessions.activity import Doubt
from sessions.ballot_boxes import written
from sessions.messages import Event
from sessions.result import count, differences, found

if TYPE_CHECKING:
    from sessions.activities.vote import Vote
    from sessions.people import Member

BELIEVED = ("teams", "keep", "stopped", "excluded")
"""What a count takes from the session; the rest of its basis says by which rules it was made."""


def withholds(vote: Vote, kind: str) -> bool:
    """Confidential ballots: what they say stands in the count, by receipt. Whoever knew what each was asked would know
    whose each of them is."""
    return kind in ("ballot_cast", *DEALT) and vote.secrecy.has_receipts


def doubts(vote: Vote, event: Event, withheld: bool = False) -> Iterator[Doubt]:
    """What does not follow in a ballot or a count."""
    if event.kind == "ballot_cast":
        yield from _of_ballot(vote, event, withheld)
    elif event.kind in DEALT and not withheld:
        yield from map(Doubt, dealing.doubted(vote, event))
    elif event.kind == "result_counted":
        yield from _of_count(vote, event.body)


def verify(vote: Vote) -> list[str]:
    """Where the result that stands differs from another count of the same ballots."""
    body = vote.state.result.body if vote.state.result else None
    if body is None or (_withheld(vote) and "ballots" not in body):
        return []
    counted, cast = vote.secrecy.counted(vote.state.ballots, body), _cast(vote, body)
    again = count(vote.rules, counted, body)
    differs = [
        *_miscounts(body, cast, len(counted)),
        *differences(body["ranking"], again),
        *_finds(vote, counted, body),
    ]
    return [f"{vote.phase.id}: {text}" for text in differs]


def _finds(vote: Vote, counted: Collection[Mapping[str, Any]], body: Mapping[str, Any]) -> Iterator[str]:
    """Where what a count tells beside places is not what its ballots tell."""
    if body.get("found", {}) != found(vote.rules, counted, body).get("found", {}):
        yield "what the result says beside places does not follow from its ballots"


def _cast(vote: Vote, body: Mapping[str, Any]) -> int:
    """How many have voted, without those whose ballots were taken out."""
    return len(vote.state.ballots) - len(body["excluded"])


def _miscounts(body: Mapping[str, Any], cast: int, counted: int) -> Iterator[str]:
    """Where a count is of more or fewer ballots than people have cast. One that decided nothing may be of none."""
    if body["cast"] != cast:
        yield f"the result is of {body['cast']} ballots, and {cast} were cast"
    if counted != cast and (counted or body["valid"]):
        yield f"{cast} have voted, and {counted} ballots were counted"


# ---- a ballot


def _of_ballot(vote: Vote, event: Event, withheld: bool) -> Iterator[Doubt]:
    voter = vote.session.people.get(event.actor)
    if not vote.is_open or voter is None or voter.removed or not vote.may_vote(voter):
        yield Doubt(f"{event.actor} has no ballot here")
    elif vote.secrecy.final and has_voted(vote, voter):
        yield Doubt(f"{event.actor} has voted already")
    elif not withheld:
        yield from _of_marks(vote, event, voter)


def _of_marks(vote: Vote, event: Event, voter: Member) -> Iterator[Doubt]:
    marks = event.body.get("marks", {})
    if vote.secrecy.final:
        if marks:
            yield Doubt("a secret ballot stands in the log")
    elif not vote.method.fits(marks, vote.rules) or refuse_marks(vote, marks, voter):
        yield Doubt(f"{event.actor} cannot have marked this: {written(marks)}")


# ---- a count


def _of_count(vote: Vote, body: Mapping[str, Any]) -> Iterator[Doubt]:
    derived = basis(vote)
    for name in BELIEVED:
        if not _same(body.get(name), derived[name]):
            yield Doubt(f"{name} is {body.get(name)} in the result, and was {derived[name]}")
    if _same(body.get("teams"), derived["teams"]) and [*body["teams"]] != [*derived["teams"]]:
        # Release 1, which named no arithmetic, had groups of cards in another order.
        yield Doubt("the options stood in another order", wrong="arithmetic" in body)
    counted = vote.secrecy.counted(vote.state.ballots, body)
    yield from _of_totals(vote, body, len(counted))
    if _withheld(vote) and "ballots" not in body:
        yield Doubt(_unlisted(vote, len(counted)), wrong=False)
        return
    if not all(_fits(vote, marks, body) for marks in counted):
        yield Doubt("it counts what is no ballot of this vote")
        return
    yield from map(Doubt, differences(body["ranking"], count(vote.rules, counted, body)))
    yield from map(Doubt, _finds(vote, counted, body))
    yield from _of_list(vote, body)


def _same(said: Any, derived: Any) -> bool:
    """Whether both are equal; lists of ids in whatever order."""
    if isinstance(said, list) and isinstance(derived, list):
        return sorted(map(str, said)) == sorted(map(str, derived))
    return bool(said == derived)


def _of_totals(vote: Vote, body: Mapping[str, Any], counted: int) -> Iterator[Doubt]:
    cast = vote.turnout.cast
    electorate = vote.turnout.electorate if "arithmetic" in body else _electorate_before(vote)
    yield from map(Doubt, _miscounts(body, cast, counted))
    if body["electorate"] != electorate:
        yield Doubt(f"the result is of {body['electorate']} voters, and there were {electorate}")
    if body["valid"] != is_enough(vote, cast, counted):
        yield Doubt("whether there were ballots enough is not as it says")


def _electorate_before(vote: Vote) -> int:
    """As release 1 reckoned it, which counted everybody who might vote."""
    present = vote.session.present_people(vote.phase.spec.who)
    return max(sum(vote.may_vote(member) for member in present), len(vote.state.ballots))


def _fits(vote: Vote, marks: Any, body: Mapping[str, Any]) -> bool:
    """Whether marks are within the limits, on what has been on the list."""
    if not vote.method.fits(marks, vote.rules):
        return False
    return all(option in vote.slate or option in body["teams"] for option in vote.method.named(marks))


def _of_list(vote: Vote, body: Mapping[str, Any]) -> Iterator[Doubt]:
    """The ballots that a count of confidential ones lists: theirs, each once, in the order of the receipts."""
    if not vote.secrecy.has_receipts or "ballots" not in body:
        return
    state, voters = vote.state, vote.state.ballots.keys() - set(body["excluded"])
    yield from _of_receipts(body["ballots"], body["replaced"], len(voters), len(state.replaced))
    cast = vote.secrecy.listed(vote.phase.id, state, body["excluded"])
    if not _withheld(vote) and _listed(body) != _listed(cast):
        yield Doubt("it does not list the ballots that were cast")


def _withheld(vote: Vote) -> bool:
    """Whether ballots are known to have been cast whose marks are not here, though they stand in the house's log."""
    ballots = (*vote.state.ballots.values(), *vote.state.replaced)
    return vote.secrecy.has_receipts and not all(ballot.marks for ballot in ballots)


def _unlisted(vote: Vote, voters: int) -> str:
    if voters < FEW or vote.own_team:
        return "there are too few ballots to prove the result without naming voters"
    return "the result lists no ballots, so it is not proved without those of its voters"


def _of_receipts(
    ballots: Sequence[Sequence[Any]], replaced: Sequence[str], voters: int, again: int
) -> Iterator[Doubt]:
    receipts = [receipt for receipt, _ in ballots]
    if receipts != sorted(set(receipts)) or replaced != sorted(replaced):
        yield Doubt("receipts stand twice or out of order")
    if len(receipts) != voters:
        yield Doubt(f"{len(receipts)} ballots are listed of {voters} voters")
    if len(replaced) != again:
        yield Doubt(f"{len(replaced)} ballots are listed as replaced, and {again} were")


def _listed(body: Mapping[str, Any]) -> Collection[Any]:
    return [[receipt, written(marks)] for receipt, marks in body.get("ballots", ())], body.get("replaced")
