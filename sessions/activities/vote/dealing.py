"""What each voter is asked, where not everybody is asked the same: pairs of options, or one card a round.

What was dealt is an event, and by whose chance is in none: a file for handing out holds neither, or it would say whose
each answer is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from sessions import card_rounds, duels
from sessions.activities.vote.events import PairsDealt, RoundDealt
from sessions.activities.vote.slate import own
from sessions.activity import EVERY_PANE, Change, Changed, Deadline
from sessions.audience import CLOCK, person_scope
from sessions.ballots import Marks
from sessions.messages import Command, Decision, Event, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.vote import Vote
    from sessions.people import Member

DEALT = ("pairs_dealt", "round_dealt")
PAIRS = 10
PAIRWISE, CARD25 = "pairwise", "card25"


def is_by(vote: Vote, method: str) -> bool:
    """Whether a vote is held in this way."""
    return bool(vote.rules["method"] == method)


# ---- which of two


def deal_pairs(vote: Vote, command: Command, sender: Member, now: float) -> Decision:
    """Give the sender the next pairs, once they have chosen from those before."""
    if not is_by(vote, PAIRWISE) or not vote.may_vote(sender):
        return _nothing_to_deal()
    if open_pairs(vote, sender.id):
        return []
    options = [option.id for option in vote.now_listed() if not _kept_from(vote, option.id, sender)]
    many = int(vote.rules.get("pairs", PAIRS))
    pairs = duels.deal(options, vote.state.pairs, sender.id, many, command.seed)
    if not pairs:
        return refuse("all_compared", "You have compared all there is. Thank you.")
    return [vote.event("pairs_dealt", person=sender.id, pairs=[list(pair) for pair in pairs])]


def _kept_from(vote: Vote, option: str, member: Member) -> bool:
    return vote.own_excluded and own(vote.session, vote.slate[option], member)


def pairs_dealt(vote: Vote, event: Event) -> Iterable[Change]:
    body: PairsDealt = event.body
    pairs = [(one, other) for one, other in body.get("pairs", ())]
    if pairs:
        vote.state.pairs.setdefault(event.actor, []).extend(pairs)
    return (Changed(scope=person_scope(event.actor)),)


def open_pairs(vote: Vote, person: str) -> list[duels.Duel]:
    """The pairs that somebody has been given and has not chosen from, in their order; of options still on the list."""
    ballot, listed = vote.state.ballots.get(person), vote.now_listed()
    marks = ballot.marks if ballot else {}
    pairs = vote.state.pairs.get(person, ())
    return [pair for pair in pairs if set(pair) <= set(listed.ids) and chosen(marks, pair) is None]


def chosen(marks: Marks, pair: duels.Duel) -> int | None:
    """What a ballot says of a pair, seen from its first: 1, 0 or -1; None for nothing."""
    low, high = sorted(pair)
    won: int | None = marks.get(low, {}).get(high)
    return won if won is None or low == pair[0] else -won


# ---- a card a round


def deal_round(vote: Vote, command: Command, sender: Member, now: float) -> Decision:
    """Deal the next round: a card to everybody who may vote. The clock does it when the last has had its time."""
    if not is_by(vote, CARD25):
        return _nothing_to_deal()
    if sender.role == CLOCK and now < _due_at(vote):
        return []
    people, cards = _voters(vote), _cards(vote)
    had = len(vote.state.rounds)
    planned = card_rounds.rounds(people, cards, int(vote.rules.get("rounds", card_rounds.ROUNDS)))
    dealt = card_rounds.deal(people, cards, _seen(vote), command.seed) if had < planned else {}
    if dealt:
        return [vote.event("round_dealt", number=had + 1, planned=planned, cards=dealt)]
    return _over(vote, sender)


def _over(vote: Vote, sender: Member) -> Decision:
    if sender.role == CLOCK:
        return [vote.event("round_dealt", number=len(vote.state.rounds), planned=len(vote.state.rounds))]
    return refuse(
        "no_more_rounds", "There is nothing left to deal: nobody has a card that they have not read."
    )


def round_dealt(vote: Vote, event: Event) -> Iterable[Change]:
    body: RoundDealt = event.body
    if "cards" in body or not body:  # one that has left the house has no body
        vote.state.rounds.append(body.get("cards", {}))
        vote.state.round_at = event.at
    vote.state.rounds_planned = body.get("planned", len(vote.state.rounds))
    return (EVERY_PANE, Changed("turnout"))


def _voters(vote: Vote) -> list[str]:
    roles = vote.phase.spec.who
    return sorted(member.id for member in vote.session.awaited_people(roles) if vote.may_vote(member))


def _cards(vote: Vote) -> dict[str, Collection[str]]:
    """Each card with the voters whose own it is."""
    people = [vote.session.people[person] for person in _voters(vote)]
    return {
        option.id: frozenset(member.id for member in people if own(vote.session, option, member))
        for option in vote.now_listed()
    }


def _seen(vote: Vote) -> dict[str, set[str]]:
    seen: dict[str, set[str]] = {}
    for dealt in vote.state.rounds:
        for person, card in dealt.items():
            seen.setdefault(person, set()).add(card)
    return seen


def _due_at(vote: Vote) -> float:
    """When the clock deals the next round: wall time."""
    minutes = float(vote.rules.get("round_minutes", 0))
    return vote.state.round_at + minutes * 60.0 if vote.state.rounds else vote.phase.opened_at


def next_round_at(vote: Vote) -> float:
    """When the round that is on ends by itself, in wall time; 0 where it does not, or no other follows."""
    return _due_at(vote) if vote.state.rounds and _clock_deals(vote) else 0.0


def _clock_deals(vote: Vote) -> bool:
    if not is_by(vote, CARD25) or not vote.is_open or not vote.rules.get("round_minutes"):
        return False
    if vote.state.rounds_planned:
        return len(vote.state.rounds) < vote.state.rounds_planned
    return not vote.state.rounds and bool(vote.slate.ids) and len(_voters(vote)) > 1


def deadlines(vote: Vote) -> Iterator[Deadline]:
    """When the clock deals a round, as long as there is one."""
    if _clock_deals(vote):
        yield Deadline(_due_at(vote), "deal_round", str(len(vote.state.rounds) + 1))


def card_now(vote: Vote, person: str) -> str:
    """The card that somebody reads in the round that is on; "" for none."""
    return vote.state.rounds[-1].get(person, "") if vote.state.rounds else ""


# ---- what may be marked


def refuse_undealt(vote: Vote, marks: Marks, sender: Member) -> Refused | None:
    """Whether somebody has marked what they were never asked."""
    if is_by(vote, PAIRWISE):
        given = {frozenset(pair) for pair in vote.state.pairs.get(sender.id, ())}
        strange = any(frozenset((a, b)) not in given for a, rivals in marks.items() for b in rivals)
    elif is_by(vote, CARD25):
        strange = not marks.keys() <= {dealt.get(sender.id) for dealt in vote.state.rounds}
    else:
        return None
    return (
        refuse("not_dealt", "That is not what you were given. Look at your page again.") if strange else None
    )


def refuse_late(vote: Vote, marks: Marks, sender: Member) -> Refused | None:
    """Whether an answer is about a card of a round that is over."""
    if is_by(vote, CARD25) and set(marks) != {card_now(vote, sender.id)}:
        return refuse("round_over", "That round is over. Read the card that you have now.")
    return None


def _nothing_to_deal() -> Refused:
    return refuse("nothing_to_deal", "There is nothing to deal in this vote.")


def doubted(vote: Vote, event: Event) -> Iterator[str]:
    """What cannot have been dealt so: somebody's own card, or one that they have read."""
    if event.kind == "pairs_dealt":
        body: PairsDealt = event.body
        if event.actor != body.get("person") or not is_by(vote, PAIRWISE):
            yield f"{event.actor} has dealt pairs to somebody else"
        return
    dealt: RoundDealt = event.body
    own_cards, seen = _cards(vote), _seen(vote)
    for person, card in dealt.get("cards", {}).items():
        if person in own_cards.get(card, ()) or card in seen.get(person, ()):
            yield f"{person} was dealt {card}, which is their own or was read before"
