"""A development-project record, made from an entry and its session alone: the same log gives the same record.

People stand in it by their pseudonymous ids; whether somebody may be named is said, the name is not. Every text has
beside it whose it is and which language it is in (``authorship``, or ``by`` and ``language`` in its row).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.archive.authorship import authorship, language_of_title
from app.archive.contributors import employer_claims, parts_of, people
from app.archive.dates import archived_at, followups, moment
from app.archive.identity import record_id
from app.archive.provenance import provenance
from app.archive.rows_said import rows_of
from sessions.entry import Entry
from sessions.session import Session
from sessions.viewers import owners_of

SHAPE = 2
"""The version of a record's fields; those of release 1 say none (see release_1.py)."""
WRITTEN = ("summary", "need", "market", "technology", "rights", "resources", "funding", "plan")
"""Groups that consist of what people wrote, field by field, each a section by itself, in the order of a sheet; what a
format's other documents fill follows them."""


def record_of(entry: Entry, session: Session) -> dict[str, Any]:
    """The record of an entry as the session stands now: plain JSON, no names."""
    written: dict[str, dict[str, Any]] = {group: {} for group in WRITTEN} | entry.fields
    written["rights"]["ip_policy"] = session.format.data.get("ip_policy", "") if session.format else ""
    written["rights"]["employer_claims"] = employer_claims(entry, session)
    written["plan"]["next_action"] = entry.latest("next_action")
    return {
        **written,
        "record_id": str(record_id(session.code, entry)),
        "shape": SHAPE,
        "identity": _identity(entry, session),
        "authorship": authorship(entry),
        "provenance": provenance(entry, session),
        "people": people(entry, session),
        "outcomes": rows_of(entry, session, "outcome"),
        "followups": followups(entry, session.zone),
    }


def _identity(entry: Entry, session: Session) -> dict[str, Any]:
    at = archived_at(entry)
    return {
        "number": entry.number,
        "title": {language_of_title(entry) or session.language: entry.title},
        "status": entry.status,
        "visibility": entry.latest("visibility") or "team",
        "archived_at": None if at is None else moment(at),
    }


def title_of(record: Mapping[str, Any]) -> str:
    """A record's title, in whichever language it is written."""
    return str(next(iter(record["identity"]["title"].values()), ""))


def people_in(entry: Entry, session: Session) -> list[str]:
    """Everybody whom a record is of: who contributed, and who owns it."""
    return list(dict.fromkeys([*parts_of(entry, session), *owners_of(entry)]))


def people_named_before(record: Mapping[str, Any]) -> set[str]:
    """Whom releases that said nothing of ``seen_by`` named in their exports: contributors who let the session know it,
    and an owner who had accepted."""
    told = record["people"]
    owner = told["owner"] or {}
    agreed = {contributor["person"] for contributor in told["contributors"] if contributor["named"]}
    return agreed | ({owner["person"]} if owner.get("accepted") else set())
