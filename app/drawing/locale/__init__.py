"""Languages: catalogues are compiled from .po files in memory at start, so there is no build step.

English is the source. The server's own words are in ``sv.po`` and ``fi.po`` here; each activity kind, and each folder
of pages that has words of its own, brings catalogues in its template folder.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from sessions.format import LANGUAGES

HERE = Path(__file__).parent

__all__ = ["LANGUAGES", "catalogue_files", "load", "preferred"]


def catalogue_files(language: str, templates: Path) -> list[Path]:
    """The .po files of a language: the server's own first, then one for each folder of pages and each activity kind
    that has one."""
    folders = [*templates.glob(f"*/{language}.po"), *templates.glob(f"activities/*/{language}.po")]
    return [HERE / f"{language}.po", *sorted(folders)]


def load(language: str, templates: Path) -> NullTranslations:
    """Everything that is translated into a language; English needs nothing."""
    if language == "en":
        return NullTranslations()
    merged = Catalog(locale=language)
    for file in catalogue_files(language, templates):
        for message in _read(file, language):
            if message.id and message.string:
                merged.add(message.id, message.string, context=message.context)
    return _compiled(merged)


def _read(file: Path, language: str) -> list[Message]:
    with file.open("rb") as source:
        return list(read_po(source, locale=language))


def _compiled(catalogue: Catalog) -> Translations:
    packed = BytesIO()
    write_mo(packed, catalogue)
    packed.seek(0)
    return Translations(packed)


def preferred(accept_language: str) -> str:
    """The first language of an Accept-Language header that we speak; English otherwise."""
    for choice in accept_language.split(","):
        language = choice.split(";")[0].strip()[:2].lower()
        if language in LANGUAGES:
            return language
    return "en"
