"""The headline of what people wrote: one line that walls, ballots, lists and records show in its stead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

FIELD = "headline"
"""Under this name a card's fields hold the headline that its author wrote; cards of older logs have none."""
MOST = 90
"""Characters of a headline."""
LEAST = 8
"""Characters under which the beginning of a text says too little by itself: ``Hi!``."""
SENTENCE_END = re.compile(r"[.!?…]+[)\"'”’»]*(?=\s+[^\W\d_a-zåäöéü]|\s+[\"“”»(–-]|\s*$)")
"""Where a sentence ends: before a capital letter (or one without case), a quotation or a dash, and at the end. A full
stop before anything else is an abbreviation's or a date's."""
BULLET = re.compile(r"^(?:[-–—*•·]|\d{1,2}[.)])\s+")
TRAILING = " ,;:–—-(/"


def headline(text: str, own: str = "") -> str:
    """What stands for a text where one looks and does not read: the headline that its author wrote (``own``), else
    its first sentence. At most MOST characters on one line, cut at a word, with an ellipsis; "" for no text."""
    return _shortened(_one_line(own) or _beginning(text))


def headline_of(fields: Mapping[str, str], text: str) -> str:
    """The headline of a card with these fields, whose words are ``text``."""
    return headline(text, fields.get(FIELD, ""))


def says_more(text: str, shown: str) -> bool:
    """Whether there is more to read in a text than its headline ``shown`` says."""
    return bool(text.strip()) and _one_line(text) != shown


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _beginning(text: str) -> str:
    """The first sentence, or the first line that ends without one; together with what follows where that says too
    little by itself."""
    lines = [line for line in (BULLET.sub("", _one_line(line)) for line in text.splitlines()) if line]
    taken = ""
    while lines and len(taken) < LEAST:
        line = lines.pop(0)
        end = next((m.end() for m in SENTENCE_END.finditer(line) if len(taken) + m.end() >= LEAST), len(line))
        taken = f"{taken} {line[:end]}".strip()
    return taken


def _shortened(line: str) -> str:
    if len(line) <= MOST:
        return line
    room = line[: MOST - 1]
    at = room.rfind(" ") if line[MOST - 1] != " " else MOST - 1
    kept = room[:at] if at > MOST // 2 else _whole_letters(line, MOST - 1)
    return f"{kept.rstrip(TRAILING)}…"


def _whole_letters(line: str, end: int) -> str:
    """The first ``end`` characters at most, so that no accent is parted from its letter."""
    while end > 1 and (unicodedata.combining(line[end]) or "\u200d" in line[end - 1 : end + 1]):
        end -= 1
    return line[:end]
