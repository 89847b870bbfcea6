"""The back office in words: what it is asked about, and what it may answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sessions.messages import Text

TOPICS: Mapping[str, Text] = {
    "ipr": {"en": "Patents and rights", "sv": "Patent och rättigheter", "fi": "Patentit ja oikeudet"},
    "technology": {"en": "Technology", "sv": "Teknik", "fi": "Teknologia"},
    "market": {"en": "Market", "sv": "Marknad", "fi": "Markkinat"},
    "legal": {"en": "Law", "sv": "Juridik", "fi": "Juridiikka"},
    "design": {"en": "Design", "sv": "Design", "fi": "Muotoilu"},
    "finance": {"en": "Financing", "sv": "Finansiering", "fi": "Rahoitus"},
}

VERDICTS: Mapping[str, Text] = {
    "go": {"en": "Go", "sv": "Kör", "fi": "Jatkakaa"},
    "change": {"en": "Change", "sv": "Ändra", "fi": "Muuta"},
    "stop": {"en": "Stop", "sv": "Stopp", "fi": "Seis"},
    "info": {"en": "Information", "sv": "Upplysning", "fi": "Tieto"},
}


def topic_name(topic: str) -> Text:
    """What a topic is called; its own key where the format has one of its own."""
    return TOPICS.get(topic, {"en": topic})


def verdict_name(verdict: str) -> Text:
    return VERDICTS.get(verdict, {"en": verdict})


def is_open_stop(verdict: Mapping[str, Any]) -> bool:
    """Whether a fact ``verdict`` (see entry.py) is a stop that nobody has responded to. A response whose words have
    been erased is None, and still one."""
    return bool(verdict["verdict"] == "stop" and verdict.get("response", "") == "")
