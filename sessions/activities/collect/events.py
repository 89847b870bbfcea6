"""Shapes of a collecting phase's events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, NotRequired, TypedDict

from sessions.shapes import WORDS, Words

Texts = Annotated[Mapping[str, str] | None, WORDS]
"""What a card says, by the name of the field; None once it has been erased."""


class CardAdded(TypedDict):
    """``column``, ``link`` (to a card of the inputs), ``target`` (an entry) and ``team`` are "" where there is none.
    ``choice`` is who may see it where its author has chosen that for this card, "" where their consent decides. Cards
    without it are of before that was asked: they are handed on whatever their authors' consent is."""

    card: str
    fields: Texts
    column: str
    link: str
    target: str
    team: str
    language: str
    choice: NotRequired[str]


class CardCameLate(CardAdded):
    """``made`` is when the card was written: wall time, seconds since 1970 UTC."""

    made: float


class CardEdited(TypedDict):
    """Only what has changed."""

    card: str
    fields: NotRequired[Texts]
    column: NotRequired[str]
    link: NotRequired[str]


class CardWithdrawn(TypedDict):
    card: str


class QuotesFound(TypedDict):
    """A card was withdrawn whose words also stand in these ``projects`` (numbers of entries)."""

    card: str
    number: int
    projects: list[int]


class CardClaimed(TypedDict):
    """Whoever gives it says that the card is theirs too, or not any more."""

    card: str


class CardShared(TypedDict):
    """Its author lets others see this card than their consent says: ``choice`` is a word of sight.LEVELS."""

    card: str
    choice: str


class NumberedCard(TypedDict):
    card: str
    number: int


class CardsGrouped(TypedDict):
    """``title`` is the group's; the first event with a group's id makes that group.

    ``whole`` says that such a group hands on what its cards say, field by field. Earlier releases handed on its title
    alone: documents that were begun with that stay as they are.
    """

    group: str
    title: Words
    cards: list[str]
    whole: NotRequired[bool]


class CardsUngrouped(TypedDict):
    cards: list[str]


class GroupRenamed(TypedDict):
    group: str
    title: Words


class CardsMerged(TypedDict):
    """``into`` stands for ``cards`` from here on, for ``count`` cards in all; ``number`` is its own."""

    into: str
    cards: list[str]
    number: int
    count: int


class LateAccepted(TypedDict):
    cards: list[str]
    count: int


class StageBegun(TypedDict):
    """``stage`` 1 are pairs, 2 two pairs each, 3 everybody; ``groups`` are people."""

    stage: int
    groups: list[list[str]]


class CardsRevealed(TypedDict):
    """Nothing beside the phase."""


SHAPES: Mapping[str, type] = {
    "card_added": CardAdded,
    "card_came_late": CardCameLate,
    "card_edited": CardEdited,
    "card_withdrawn": CardWithdrawn,
    "quotes_found": QuotesFound,
    "card_shared": CardShared,
    "card_claimed": CardClaimed,
    "claim_taken_back": CardClaimed,
    "card_hidden": NumberedCard,
    "card_shown": NumberedCard,
    "cards_grouped": CardsGrouped,
    "cards_ungrouped": CardsUngrouped,
    "group_renamed": GroupRenamed,
    "cards_merged": CardsMerged,
    "card_unmerged": NumberedCard,
    "late_accepted": LateAccepted,
    "cards_revealed": CardsRevealed,
    "stage_begun": StageBegun,
}
