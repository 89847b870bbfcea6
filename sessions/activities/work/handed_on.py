"""What a work phase hands on."""

from __future__ import annotations

from collections.abc import Sequence

from sessions.activities.work.documents import Documents
from sessions.outcome import Outcome


def outcome(running: Sequence[Documents]) -> Outcome:
    """Figures over the documents of all entries in the race: ``records``, ``filled`` of ``required`` fields,
    ``contacts``, and how many are ``submitted``."""
    figures = {
        "records": len(running),
        "filled": sum(len(documents.filled) for documents in running),
        "required": sum(documents.required for documents in running),
        "contacts": sum(len(documents.contacts) for documents in running),
        "submitted": sum(1 for documents in running if documents.submitted_at),
    }
    return Outcome(figures=figures)
