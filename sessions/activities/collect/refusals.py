"""Refusals that several of a collecting phase's commands give."""

from __future__ import annotations

from sessions.messages import Refused, refuse


def gone() -> Refused:
    return refuse("gone", "Some of these cards have just changed. Look again, then choose.")


def not_yours() -> Refused:
    return refuse("not_yours", "Only who wrote a card can change it or take it back.")
