"""The ledger of the erased: who and what was erased, in the folder of keys, so that no older backup brings it back.

A line is written before the database is, in the midst of its transaction: a crash between leaves an erasure that a
restore does once more. It names streams, pseudonymous ids and digests of events, no names and no words.
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.database.key_folder import KeyFolder
from app.database.tables import table

FILE = "erased.jsonl"

_log = table("log")


@dataclass(frozen=True, slots=True)
class Erased:
    """One line: a ``person`` of a session, the words of events, which ``words`` names by their digests (hex digits; a
    seq means another event once a backup was restored), or the ``whole`` session. ``at`` is wall time, seconds since
    1970 UTC."""

    stream: str
    person: str = ""
    words: tuple[str, ...] = ()
    at: float = 0.0
    whole: bool = False

    def line(self) -> bytes:
        """As it stands in the file."""
        said = {"v": 1, "at": self.at, "stream": self.stream}
        what: dict[str, object] = {"person": self.person} if self.person else {"words": list(self.words)}
        what = {"whole": True} if self.whole else what
        return json.dumps(said | what).encode() + b"\n"


class Ledger:
    """Of one folder of keys."""

    def __init__(self, folder: KeyFolder) -> None:
        self._folder = folder

    @property
    def is_there(self) -> bool:
        """Whether anything was ever erased, or could have been: a server begins it when it starts."""
        return self._folder.has(FILE)

    def begin(self) -> None:
        """Make an empty one where there is none."""
        if not self.is_there:
            self._folder.write(FILE, b"")

    def note_people(self, stream: str, people: Iterable[str]) -> None:
        """These people of a session are about to be erased."""
        lines = [Erased(stream, person, (), time.time()).line() for person in people]
        self._folder.append(FILE, b"".join(lines))

    def note_session(self, stream: str) -> None:
        """A whole session is about to be deleted."""
        self._folder.append(FILE, Erased(stream, at=time.time(), whole=True).line())

    def note_words(self, db: Connection, stream: str, seqs: Collection[int]) -> None:
        """The words of events are about to be erased."""
        here = (_log.c.stream == stream) & _log.c.seq.in_(seqs)
        digests = db.execute(select(_log.c.digest).where(here).order_by(_log.c.seq)).scalars()
        words = tuple(bytes(digest).hex() for digest in digests)
        self._folder.append(FILE, Erased(stream, "", words, time.time()).line())

    def lines(self) -> list[bytes]:
        """The lines as they stand there; a last one that was cut off is left out."""
        content = self._folder.read(FILE) if self.is_there else b""
        return [line + b"\n" for line in content.split(b"\n")[:-1]]

    def take_in(self, lines: Iterable[bytes]) -> None:
        """Add the lines of another ledger that are not in this one."""
        known = {*self.lines()}
        for line in lines:
            if line not in known:
                self._folder.append(FILE, line)
        self.begin()


def erasures(lines: Iterable[bytes]) -> Sequence[Erased]:
    """What lines of a ledger say. Raises ValueError for what is none."""
    return [_read(json.loads(line)) for line in lines]


def _read(said: dict[str, object]) -> Erased:
    words, at = said.get("words", []), said.get("at", 0.0)
    if said.get("v") != 1 or not isinstance(words, list) or not isinstance(at, int | float):
        raise ValueError("the ledger of the erased holds a line that this release cannot read")
    person, whole = str(said.get("person", "")), said.get("whole") is True
    return Erased(str(said["stream"]), person, tuple(map(str, words)), float(at), whole)
