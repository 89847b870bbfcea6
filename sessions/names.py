"""The names people give themselves: how they are shown, and when two of them are one.

Nothing is shown that cannot be seen, turns the line or covers its neighbours; and no two people are told apart only by
what nobody sees.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MAX_NAME = 60
"""Characters of a name or an organisation."""
JOINERS = "\u200c\u200d"
"""They belong to Persian, Hindi and emoji: inside of a word they are shown, and never compared."""
BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters by their category, and nothing to see."""
UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
SPACES = frozenset({"Zs", "Zl", "Zp"})
SEEN = frozenset("LNS")
"""Letters, digits and signs, by the first letter of their category: a name has one at least."""
MARK = r"[\u0300-\u036f\u1ab0-\u1aff\u20d0-\u20ff]"
MARKS = re.compile(f"({MARK}{{2}}){MARK}+")
PUNCTUATION = re.compile(r"[\s'’‘`´.,\-‐-―_]+")
LATIN = re.compile("[a-z]")
LOOK_ALIKES = str.maketrans(
    dict(zip("аеорсухіјԁѕӏѵһԛԝɡοανιρτυκϲ", "aeopcyxijdslvhqwgoavipTukc".lower(), strict=True))
)
"""Cyrillic and Greek letters that look like Latin ones."""
ROLE_WORDS = frozenset(
    """
    facilitator, co facilitator, process leader, problem owner, expert, juror, jury, jury chair, night host, host,
    business developer, screen, observer, staff, admin, administrator, organiser, organizer, moderator, server, system,
    biträdande facilitator, processledare, problemägare, behovsägare, sakkunnig, expert, projektor, jurymedlem,
    juryordförande, nattvärd, värd, affärsutvecklare, skärm, observatör, personal, arrangör, arrangörer, administratör,
    fasilitaattori, apufasilitaattori, prosessinvetäjä, vetäjä, ongelman omistaja, tarpeen omistaja, asiantuntija,
    tuomari, tuomaristo, tuomariston puheenjohtaja, yöisäntä, yövastaava, isäntä, liiketoiminnan kehittäjä,
    yrityskehittäjä, näyttö, tarkkailija, henkilökunta, järjestäjä, järjestäjät, ylläpitäjä, ylläpito, moderaattori
    """.replace("\n", " ")
    .strip()
    .split(", ")
)
"""Whoever is called like these might be taken for one of them, in any of our languages."""


def shown(typed: str) -> str:
    """A name as others see it: composed, one space between words, at most two marks on a letter."""
    seen = "".join(" " if _is_blank(char) else char for char in typed if _is_seen(char))
    composed = unicodedata.normalize("NFC", seen)
    words = (word.strip(JOINERS) for word in composed.split())
    return MARKS.sub(r"\1", " ".join(filter(None, words)))


def _is_blank(char: str) -> bool:
    return char in BLANKS or char.isspace() or unicodedata.category(char) in SPACES


def _is_seen(char: str) -> bool:
    return char in JOINERS or char.isspace() or unicodedata.category(char) not in UNSEEN


@lru_cache(maxsize=50_000)
def name_key(name: str) -> str:
    """By which two names are one: whatever the case, the punctuation, and the alphabet that a letter was taken from."""
    plain = "".join(char for char in name if unicodedata.category(char) != "Cf")
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", plain).casefold())
    key = PUNCTUATION.sub(" ", folded).strip()
    return key.translate(LOOK_ALIKES) if LATIN.search(key) else key


def fault_of(name: str) -> str:
    """Why nobody can be called so: ``name`` (there is nothing to see), ``role`` or ``long``; "" where somebody can."""
    if len(name) > MAX_NAME:
        return "long"
    if not any(unicodedata.category(char)[0] in SEEN for char in name) or not name_key(name):
        return "name"
    return "role" if name_key(name) in ROLE_KEYS else ""


ROLE_KEYS = frozenset(map(name_key, ROLE_WORDS))
