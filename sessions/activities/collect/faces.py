"""The face of a card: what it shows to whoever may see it."""

from __future__ import annotations

from typing import Any

from sessions.activities.collect.cards import Slip
from sessions.activities.collect.harvest import Harvest


class Faces(Harvest):
    """Cards with their faces up."""

    def face(self, slip: Slip) -> dict[str, Any]:
        """What a card shows to whoever may see it: never its author."""
        sheet = self.sheet
        need = sheet.needs.get(slip.link)
        return {
            "id": slip.id,
            "number": slip.number,
            "text": slip.fields.get(sheet.main, ""),
            "rest": [(sheet.label(name), text) for name, text in slip.fields.items() if name != sheet.main],
            "column": sheet.label(slip.column) if len(sheet.columns) > 1 else None,
            "need": need.text if need else "",
            "about": slip.about,
            "language": slip.language,
            "count": slip.count,
        }


def newest_first(slip: Slip) -> str:
    """A card's key in a list whose newest card stands on top."""
    return f"{10**7 - slip.number:07d}"
