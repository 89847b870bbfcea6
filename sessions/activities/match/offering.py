"""People post what they offer and what they need, change it, and take it back. A command names its ``card``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sessions.activities.match.refusals import refuse_part
from sessions.activities.match.rules import BOARD
from sessions.activities.match.state import SIDES, Offer
from sessions.activity import too_long
from sessions.messages import Command, Decision, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.match import Match
    from sessions.people import Member

MOST_TITLE, MOST_TEXT = 90, 500
MOST_MEETINGS = 50
PER_PERSON = 10
"""Offers and needs of one person where the rules say nothing."""


def post_offer(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """Post what one offers or needs: ``side`` (offer or need), ``category``, ``title``, ``text``, the fields of its
    kind, and ``most``, the meetings that it is good for."""
    side, kind = command.text("side"), command.text("category")
    no = refuse_part(match, BOARD) or _refuse_kind(match, side, kind) or _refuse_more(match, sender, command)
    if no is not None:
        return no
    words = _words(match, command, kind)
    no = _refuse_words(words)
    if no is not None:
        return no
    card = f"{match.phase.id}o{len(match.state.offers) + 1}"
    about = {"card": card, "side": side, "category": kind, "language": sender.language}
    return [match.event("offer_posted", **about, **words)]


def change_offer(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """Put other words, or another number of meetings, in place of those of one's own."""
    offer = _own(match, command, sender)
    if isinstance(offer, Refused):
        return offer
    words = _words(match, command, offer.kind)
    if words == {"title": offer.title, "text": offer.text, "fields": offer.fields, "most": offer.most}:
        return []
    return _refuse_words(words) or [match.event("offer_changed", card=offer.id, **words)]


def withdraw_offer(match: Match, command: Command, sender: Member, now: float) -> Decision:
    """Take one's own back: its words are erased wherever they have gone."""
    found = match.state.offers.get(command.text("card"))
    if found is not None and found.withdrawn and found.owner == sender.id:
        return []
    offer = _own(match, command, sender)
    return offer if isinstance(offer, Refused) else [match.event("offer_withdrawn", card=offer.id)]


def _own(match: Match, command: Command, sender: Member) -> Offer | Refused:
    found = match.state.offers.get(command.text("card"))
    if found is None or found.withdrawn:
        return refuse("no_offer", "It is not on the board any more. Reload the page.")
    if found.owner != sender.id:
        return refuse("not_yours_offer", "Only who posted this can change it or take it back.")
    return found


def _words(match: Match, command: Command, kind: str) -> dict[str, Any]:
    fields = {name: command.text(name) for name in match.fields_of(kind)}
    return {
        "title": command.text("title"),
        "text": command.text("text"),
        "fields": {name: value for name, value in fields.items() if value},
        "most": min(MOST_MEETINGS, max(0, command.whole("most") or 0)),
    }


def _refuse_kind(match: Match, side: str, kind: str) -> Refused | None:
    if side not in SIDES:
        return refuse("no_side", "Say whether you offer this or need it, then send again.")
    if match.kinds and kind not in match.kinds:
        return refuse("no_kind", "Choose what kind it is, then send again.")
    return None


def _refuse_more(match: Match, sender: Member, command: Command) -> Refused | None:
    own = [offer for offer in match.state.offers.values() if offer.owner == sender.id and not offer.withdrawn]
    limit, title = int(match.rules.get("per_person", PER_PERSON)), command.text("title")
    if len(own) >= limit:
        return refuse("too_many_offers", "You have {limit} on the board, and that is the most.", limit=limit)
    if title and any(offer.title == title and offer.side == command.text("side") for offer in own):
        return refuse("posted", "You have posted this already. Change what stands there.")
    return None


def _refuse_words(words: Mapping[str, Any]) -> Refused | None:
    if not words["title"]:
        return refuse("no_title", "Say it in a line first.")
    texts = (words["text"], *words["fields"].values())
    no = too_long(words["title"], MOST_TITLE)
    return no or next((long for text in texts if (long := too_long(text, MOST_TEXT))), None)
