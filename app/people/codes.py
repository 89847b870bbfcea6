"""The codes by which people join: short enough to read from a wall and to say over the telephone."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that is taken for another or for a digit."""
LENGTH = 8
"""Characters: 40 bits, too many to guess at any rate that a server answers."""

_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    """A code that nobody can foresee."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normalise_code(typed: str) -> str | None:
    """The code that somebody meant: small or misread letters, spaces and dashes are fine; or None."""
    code = "".join(typed.split()).replace("-", "").upper().translate(_MISREAD)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None
