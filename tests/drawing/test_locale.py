"""Swedish and Finnish are equals of English: every sentence is there, and none is half translated."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract, extract_from_dir
from babel.messages.pofile import read_po

from app.drawing.locale import catalogue_files, load, preferred
from app.drawing.markup import role_word
from sessions.activities import activity_class, kinds
from sessions.audience import ROLES
from sessions.session import DECISIONS

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "refuse": (2,), "alert": (1,)}
BRACES = re.compile(r"\{(\w+)\}|%\((\w+)\)s")


def in_templates() -> set[str]:
    """Every sentence of the templates."""
    found: set[str] = set()
    for file in TEMPLATES.rglob("*.html"):
        source = BytesIO(file.read_bytes())
        for _, message, *_ in extract(
            "jinja2.ext:babel_extract", source, KEYWORDS, options={"trimmed": "true", "silent": "false"}
        ):
            found |= set(message if isinstance(message, tuple) else (message,))
    return found


def in_rules() -> set[str]:
    """Every refusal, alert and decision of the rules, and the words for roles."""
    found = {
        message
        for _, _, messages, *_ in _python()
        for message in (messages if isinstance(messages, tuple) else (messages,))
    }
    sentences = [
        *DECISIONS.values(),
        *(s for kind in kinds() for s in activity_class(kind).decisions.values()),
    ]
    return found | set(sentences) | {role_word(role) for role in ROLES}


def _python() -> list[tuple[str, int, str | tuple[str, ...]]]:
    rows = []
    for folder in ("sessions", "app"):
        rows += [
            row[:3]
            for row in extract_from_dir(ROOT / folder, method_map=[("**.py", "python")], keywords=KEYWORDS)
        ]
    return rows


def translations(language: str) -> dict[str, tuple[str, ...]]:
    """Sentence to its translation (both forms of a plural)."""
    found: dict[str, tuple[str, ...]] = {}
    for file in catalogue_files(language, TEMPLATES):
        catalogue: Catalog = read_po(BytesIO(file.read_bytes()), locale=language)
        for message in catalogue:
            words = tuple(str(word) for word in _each(message.string))
            found |= {str(sentence): words for sentence in _each(message.id) if sentence and all(words)}
    return found


def _each(one_or_both: Any) -> tuple[Any, ...]:
    """A plural's two forms, or the one of a plain sentence."""
    return tuple(one_or_both) if isinstance(one_or_both, tuple | list) else (one_or_both,)


@pytest.mark.parametrize("language", ["sv", "fi"])
def test_every_sentence_is_translated(language: str) -> None:
    wanted = {sentence for sentence in in_templates() | in_rules() if sentence}
    assert len(wanted) > 100
    assert sorted(wanted - translations(language).keys()) == []


@pytest.mark.parametrize("language", ["sv", "fi"])
def test_a_translation_fills_the_same_braces(language: str) -> None:
    for sentence, words in translations(language).items():
        for word in words:
            assert set(BRACES.findall(word)) <= {*BRACES.findall(sentence), ("", "num")}, sentence


def test_a_catalogue_is_compiled_in_memory() -> None:
    assert load("sv", TEMPLATES).gettext("Now") == "Nu"


def test_the_first_language_that_we_speak_is_taken() -> None:
    assert [preferred(h) for h in ("de,fi;q=0.8", "sv-FI", "fr", "")] == ["fi", "sv", "en", "en"]
