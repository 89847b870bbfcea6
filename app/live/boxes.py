"""The ballot boxes of one session as its desk sees them: their keys, and what lies in them when they are counted."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.streams.ballot_box import Box, opened
from app.streams.box_keys import BoxKeys
from sessions.activity import Alert, alert
from sessions.ballot_boxes import filled
from sessions.box_keys import has_box, keys_in_use, without_key
from sessions.messages import Emptied, SecretBallot

if TYPE_CHECKING:
    from sessions.agenda import Phase
    from sessions.session import Session

log = logging.getLogger(__name__)

Marks = Mapping[str, Any]
OVER = ("closed", "skipped")


class OpenedBoxes(Mapping[str, Sequence[Marks]]):
    """The ballots by phase. A box is opened when a rule asks for it, so only to be counted; ``just_cast`` is what the
    same batch has put in and taken out."""

    def __init__(
        self,
        session: Session,
        keys: BoxKeys,
        boxes: Mapping[str, Box],
        just_cast: Sequence[SecretBallot | Emptied],
    ) -> None:
        self._session, self._keys, self._boxes, self._just_cast = session, keys, boxes, just_cast
        self._opened: dict[str, Sequence[Marks]] = {}

    def __getitem__(self, phase: str) -> Sequence[Marks]:
        if phase not in self._opened:
            self._opened[phase] = self._open(phase)
        return self._opened[phase]

    def _open(self, phase: str) -> Sequence[Marks]:
        code, box_key = self._session.code, self._session.agenda.phases[phase].box_key
        private = self._keys.private(code, box_key) if box_key else None
        before = opened(self._boxes.get(phase, Box()), code, phase, private)
        if box_key and private is None:
            return ()
        return filled({phase: before}, [i for i in self._just_cast if i.phase == phase]).get(phase, ())

    def __iter__(self) -> Iterator[str]:
        return iter(self._session.agenda.phases)

    def __len__(self) -> int:
        return len(self._session.agenda.phases)


class BoxKeeper:
    """Makes keys before phases open and destroys them after the count. ``keys`` are the server's."""

    def __init__(self, code: str, keys: BoxKeys) -> None:
        self._code, self.keys = code, keys
        self._in_use: frozenset[str] = frozenset()
        self.alerts: list[Alert] = []
        """What the facilitator should know of keys."""

    async def begin(self, session: Session) -> None:
        """The session was folded from the disk: keys of boxes that are counted or never opened are destroyed."""
        self._in_use = frozenset(keys_in_use(session.agenda).values())
        over = frozenset(key for phase in session.agenda for key in phase.old_box_keys)
        await self.keys.apart(self.keys.tidy, self._code, self._in_use, over)
        self._look(session)

    async def make(self, session: Session) -> Mapping[str, str] | None:
        """New keys for all phases that may open; None where none can be made."""
        wanted = without_key(session.agenda)
        if not wanted or not self.keys.belongs:
            return None
        try:
            return await self.keys.apart(self.keys.make, self._code, wanted)
        except OSError:
            log.exception("no key could be made for the ballot boxes of %s", self._code)
            return None

    async def settle(self, session: Session, made: Mapping[str, str] | None) -> None:
        """A batch is on disk: keys that are not in use any more, or were made for nothing, are destroyed."""
        in_use = frozenset(keys_in_use(session.agenda).values())
        over = (self._in_use | {*(made or {}).values()}) - in_use
        self._in_use = in_use
        if over and self.keys.belongs:
            await self.keys.apart(self.keys.destroy, self._code, over)
        self._look(session)

    async def give_up(self, made: Mapping[str, str]) -> None:
        """Nothing has come of a batch: the keys that were made for it are destroyed."""
        await self.keys.apart(self.keys.destroy, self._code, [*made.values()])

    def _look(self, session: Session) -> None:
        self.alerts = [*_alerts(session, self._code, self.keys)]


def _alerts(session: Session, code: str, keys: BoxKeys) -> Iterator[Alert]:
    boxes = [phase for phase in session.agenda if phase.state not in OVER and has_box(phase)]
    if boxes and not keys.belongs:
        yield alert(
            "Secret ballots cannot be taken: the server does not have the folder of keys that belongs to its data. "
            "It concerns: {phase}",
            phase=boxes[0].spec.title,
        )
        return
    for phase in boxes:
        if _is_unsealed(phase):
            yield alert(
                "An earlier release opened this and did not seal its ballots. Close it and open it again: {phase}",
                phase=phase.spec.title,
            )
        elif phase.box_key and not keys.has(code, phase.box_key):
            yield alert(
                "The key of these ballots is gone, so they can never be counted. Close it, open it again and hold it "
                "anew: {phase}",
                phase=phase.spec.title,
            )


def _is_unsealed(phase: Phase) -> bool:
    return phase.state == "open" and not phase.box_key
