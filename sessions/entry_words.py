"""What the states and the parts of a record are called."""

from __future__ import annotations

from collections.abc import Mapping

from sessions.messages import Text

STATUS_NAMES: Mapping[str, Text] = {
    "draft": {"en": "Draft", "sv": "Utkast", "fi": "Luonnos"},
    "submitted": {"en": "Submitted", "sv": "Inlämnad", "fi": "Palautettu"},
    "archived": {"en": "Archived", "sv": "Arkiverad", "fi": "Arkistoitu"},
    "active": {"en": "Active", "sv": "Pågående", "fi": "Käynnissä"},
    "launched": {"en": "Launched", "sv": "Lanserad", "fi": "Lanseerattu"},
    "completed": {"en": "Completed", "sv": "Avslutad", "fi": "Päättynyt"},
    "parked": {"en": "Parked", "sv": "Vilande", "fi": "Tauolla"},
    "stopped": {"en": "Stopped", "sv": "Nedlagd", "fi": "Lopetettu"},
    "merged": {"en": "Merged", "sv": "Sammanslagen", "fi": "Yhdistetty"},
    "withdrawn": {"en": "Withdrawn", "sv": "Återkallad", "fi": "Peruttu"},
}
"""The life cycle in words."""
PARTS: Mapping[str, Text] = {
    "need": {"en": "need", "sv": "behov", "fi": "tarve"},
    "market": {"en": "market perspective", "sv": "marknadsperspektiv", "fi": "markkinanäkökulma"},
    "owner": {
        "en": "owner's acceptance",
        "sv": "den ansvarigas godkännande",
        "fi": "vastuuhenkilön hyväksyntä",
    },
    "next_action": {"en": "next step", "sv": "nästa steg", "fi": "seuraava askel"},
}
"""What a record may lack, in words."""
