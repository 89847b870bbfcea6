"""A secret ballot names its options in the order in which its voter's own form had them."""

from __future__ import annotations

import json

import pytest

from sessions import ballot_boxes
from sessions.activities.vote import secrecy
from sessions.ballot_boxes import Marks
from sessions.messages import SecretBallot


def as_sent(marks: Marks) -> str:
    return json.dumps(marks, separators=(",", ":"))


def break_it(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(secrecy, "secret_ballot", SecretBallot)
    patch.setattr(ballot_boxes, "written", as_sent)
