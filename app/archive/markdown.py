"""Markdown in one language: its words, and what people wrote made harmless."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from app.archive.seen import Seen
from app.archive.sheet_words import WORDS
from sessions.messages import Text


@dataclass(frozen=True, slots=True)
class Markdown:
    """``names`` are those of people who may be named; others stand by their ids."""

    language: str
    names: Mapping[str, str]

    def word(self, key: str) -> str:
        """One of our own words (see sheet_words.py)."""
        return self.say(WORDS[key])

    def say(self, text: Text | str) -> str:
        """A text that may be in several languages."""
        return text if isinstance(text, str) else str(text.get(self.language, text.get("en", "")))

    def heading(self, key: str, level: int = 2) -> str:
        return f"{'#' * level} {self.word(key)}"

    def name(self, person: str) -> str:
        """Somebody's name, or their id."""
        return self.line(self.names.get(person, person))

    def line(self, text: str) -> str:
        """A text of people's as one line."""
        return escape(" ".join(text.split()), quote=False)

    def quoted(self, text: str) -> str:
        """A text of people's as a quotation."""
        return "\n".join(f"> {escape(line, quote=False)}" for line in text.splitlines())

    def listed(self, lines: Iterable[str]) -> str:
        """Lines one below the other, harmless already."""
        return "\n".join(f"- {line}" for line in lines)

    def closed(self, seen: Seen, section: str) -> str:
        """Why a section is not shown."""
        why = seen.closed[section]
        told = why == "withdrawn" or (why == "not_before" and seen.until)
        return self.word(why if told else "closed").replace("{day}", self.line(seen.until))
