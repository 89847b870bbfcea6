"""What teams are called."""

from __future__ import annotations

NAMES = tuple(
    """
    Ripa Järv Lodjur Ren Tjäder Havsörn Öring Utter Fjällräv Storlom Kontio Kuukkeli
    Hirvi Trana Siika Hermelin Joutsen Bäver Hauki Orre Kotka Röding Mård Susi
    Lämmel Harjus Hökuggla Lohi Igelkott Tiira Hare Ahven Falk Norppa Ekorre Kiuru
    Berguv Made Sutare Tofsvipa
    """.split()  # noqa: SIM905 – forty quoted words would be harder to read
)
"""Animals of the north in Swedish and Finnish, one name for each."""


def team_name(number: int) -> str:
    """The name of a team by its number: an animal, from the second round on with a figure (``Ripa 2``)."""
    again, index = divmod(number - 1, len(NAMES))
    return f"{NAMES[index]} {again + 1}" if again else NAMES[index]
