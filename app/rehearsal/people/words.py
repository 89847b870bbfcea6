"""What simulated people write, in their own language: sentences put together, some short, some as long as fits."""

from __future__ import annotations

import random
from collections.abc import Callable

from app.rehearsal.people.vocabulary import (
    EFFECT,
    OCCUPATION,
    ORGANISATIONS,
    REMARK,
    SITUATION,
    TEAM,
    THEME,
    THING,
    WHO,
    ByLanguage,
)

LONG = 0.2
"""The share of texts that fill what room there is."""
USUAL, MOST = 240, 900
"""Characters of a usual text of several sentences, and of a long one."""


class Words:
    """One person's way of writing: a language and a chance of its own."""

    def __init__(self, language: str, chance: random.Random) -> None:
        self.language, self.chance = language, chance
        self._said: set[str] = set()

    def who(self) -> str:
        return self._one(WHO)

    def situation(self) -> str:
        """A need: who has it, what happens; of some also what they say about it."""
        need = self._new(lambda: f"{self._one(WHO)} {self._one(SITUATION)}.")
        return f"{need} {self.remark()}" if self.chance.random() < LONG else need

    def idea(self) -> str:
        comma = "," if self.language == "fi" else ""
        return self._new(lambda: f"{self._one(THING)}{comma} {self._one(EFFECT)}")

    def title(self) -> str:
        """A few words for a project or a poster."""
        return f"{self._one(THING)} – {self._one(THEME)}"

    def theme(self) -> str:
        return self._one(THEME)

    def keywords(self) -> str:
        themes = THEME[self.language]
        return ", ".join(self.chance.sample(themes, min(3, len(themes))))

    def team_name(self) -> str:
        return f"{self._one(TEAM)} {self.chance.randint(2, 99)}"

    def stranger(self) -> str:
        """Somebody outside the room, without their name."""
        return f"{self._one(OCCUPATION)}, {self.organisation()}"

    def organisation(self) -> str:
        return self.chance.choice(ORGANISATIONS)

    def address(self) -> str:
        return f"kontakt{self.chance.randint(2, 9999)}@example.org"

    def remark(self) -> str:
        return self._new(lambda: self._one(REMARK))

    def _new(self, say: Callable[[], str]) -> str:
        """A sentence that this person has not said yet: said twice, it would look like a command taken twice."""
        sentence = say()
        while sentence in self._said:
            sentence = say()
        self._said.add(sentence)
        return sentence

    def _one(self, sentences: ByLanguage) -> str:
        return self.chance.choice(sentences[self.language]).format(n=self.chance.randint(2, 900))

    def fitting(self, limit: int) -> str:
        """Some sentences that fit into ``limit`` characters: one or two, several, or as many as there is room for."""
        room = min(limit, MOST if self.chance.random() < LONG else USUAL)
        text = self.chance.choice((self.situation, self.remark))()
        while self.chance.random() < 0.8 and len(more := f"{text} {self.remark()}") <= room:
            text = more
        return text[:limit]
