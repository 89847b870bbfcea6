"""Which keys are known to whoever checks a file: named by a fingerprint, from registers, and whatever follows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.archive.public_keys import REVOKED, PublicKey, register_in

MAX_REGISTER = 1 << 20


@dataclass
class Trust:
    """Fingerprints of keys that are known, each with why; those that were given up as no longer safe, with a reason."""

    known: dict[str, str] = field(default_factory=dict)
    revoked: dict[str, str] = field(default_factory=dict)

    def take(self, keys: Iterable[PublicKey], why: str) -> None:
        """Take over a register that whoever checks has got by themselves."""
        for key in keys:
            if key.state == REVOKED:
                self.revoked[key.fingerprint] = key.reason
            else:
                self.known.setdefault(key.fingerprint, why)

    def follow(self, chain: Sequence[PublicKey]) -> None:
        """Trust the keys of a chain, oldest first, that one which is known has signed."""
        for key in chain:
            before = key.follows()
            if before in self.known and before not in self.revoked:
                self.known.setdefault(key.fingerprint, f"signed by {before}, which is {self.known[before]}")


def trust_in(named: Sequence[str], registers: Sequence[Path]) -> Trust:
    """What somebody trusts: fingerprints or files of registers that they name, and registers that lie there.

    Raises ValueError for what is neither.
    """
    trust = Trust()
    for name in named:
        digits = name.replace("-", "").replace(" ", "").lower()
        if len(digits) == 32 and all(digit in "0123456789abcdef" for digit in digits):
            grouped = "-".join(digits[at : at + 4] for at in range(0, 32, 4))
            trust.known[grouped] = "the one that was named"
        else:
            trust.take(_read(Path(name)), f"known from {name}")
    for path in registers:
        if path.is_file():
            trust.take(_read(path), "of this installation")
    return trust


def _read(path: Path) -> list[PublicKey]:
    try:
        if path.stat().st_size > MAX_REGISTER:
            raise ValueError("it is too large")
        return register_in(path.read_bytes())
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is no fingerprint and no register of keys: {error}") from error
