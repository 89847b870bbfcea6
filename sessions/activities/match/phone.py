"""What phones show to everybody: the board, and the people whom one may want to meet; and the form for whoever acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sessions.activities.match.face import inputs_of, offer_face, who
from sessions.activities.match.offering import MOST_TEXT, MOST_TITLE
from sessions.activities.match.planning.problem import ANSWERS
from sessions.activities.match.reach import is_seen
from sessions.activities.match.rules import BOARD, INTEREST
from sessions.activities.match.whom import Whom
from sessions.activity import Fragment
from sessions.audience import EVERYBODY, is_for
from sessions.sight import Circle
from sessions.viewers import card_reach

if TYPE_CHECKING:
    from sessions.activities.match import Match

MOST_SHOWN = 6
"""Cards of somebody that stand beside their name."""


def everybody_pane(match: Match, view: str, scope: str) -> dict[str, Any]:
    """The board, the newest first, and whoever can be met."""
    posted = reversed(match.state.offers.values())
    offers = [offer.id for offer in posted if is_seen(match, offer, view, scope)]
    return {
        "offers": offers if BOARD in match.does else [],
        "parties": [member.id for member in match.people] if INTEREST in match.does else [],
        "does": sorted(match.does),
    }


def offer(match: Match, view: str, scope: str, key: str) -> Fragment | None:
    """An offer or need on the board, the newest first."""
    found = match.state.offers.get(key)
    if scope != EVERYBODY or found is None or not is_seen(match, found, view, scope):
        return None
    data = {"offer": offer_face(match, found), "by": who(match, view, scope, [found.owner])[0]}
    return Fragment(data, home="offers", order=f"{99_999 - found.number:05d}")


def party(match: Match, view: str, scope: str, key: str) -> Fragment | None:
    """Somebody who can be met, with what they offer and need, and the buttons for one's answer."""
    people = {member.id: member for member in match.people}
    if scope != EVERYBODY or key not in people or INTEREST not in match.does:
        return None
    shown = who(match, view, scope, [key])[0]
    offers = [o for o in match.all_offers.values() if o.owner == key and is_seen(match, o, view, scope)]
    data = {
        "person": shown,
        "part": people[key].called,
        "offers": [offer_face(match, each) for each in offers],
        "cards": _cards(match, key),
        "open": match.is_open,
    }
    return Fragment(data, home="parties", order=f"{[*match.session.people].index(key):05d}")


def _cards(match: Match, person: str) -> list[dict[str, str]]:
    """What somebody has written in the phases before, as far as everybody here may read it."""
    own = (card for card in match.inputs.cards if person in card.authors and card.id not in match.all_offers)
    seen = [card for card in own if card_reach(match.session, card) >= Circle.SESSION]
    return [
        {"headline": card.headline, "language": card.language, "column": card.column}
        for card in seen[:MOST_SHOWN]
    ]


def progress(match: Match, view: str, scope: str, key: str) -> Fragment | None:
    """How many have said anything at all, whatever it was."""
    if scope != EVERYBODY:
        return None
    people = {member.id for member in match.people}
    answered = {one for one, _ in match.said}
    return Fragment({"answered": len(answered & people), "people": len(people), "offers": _count(match)})


def _count(match: Match) -> int:
    return sum(not each.withdrawn for each in match.all_offers.values())


# ---- a role


def role_pane(match: Match, view: str, scope: str) -> dict[str, Any] | None:
    """The forms to post an offer or a need: one for each kind."""
    if not is_for(scope, match.phase.spec.who) or BOARD not in match.does:
        return None
    kinds = [(kind, row["title"], inputs_of(match, kind)) for kind, row in match.kinds.items()]
    return {"kinds": kinds, "most_title": MOST_TITLE, "most_text": MOST_TEXT}


# ---- what is marked in the list


def marks(match: Match, view: str, scope: str, key: str) -> Fragment | None:
    """What somebody has said of each in the list, and whom they cannot meet."""
    person = match.person_in(scope)
    if person is None or INTEREST not in match.does or person.id not in {m.id for m in match.people}:
        return None
    said = {other: answer for (one, other), answer in match.said.items() if one == person.id and answer}
    whom = Whom(match)
    others = [member.id for member in match.people if member.id != person.id]
    apart = [other for other in others if not whom.fit(person.id, other)]
    answers = {answer: [other for other, each in said.items() if each == answer] for answer in ANSWERS}
    listed = who(match, view, scope, [other for other in said if other in whom.people])
    return Fragment(
        {
            "answers": answers,
            "me": person.id,
            "apart": apart,
            "listed": [(each, said[each["id"]]) for each in listed],
        }
    )
