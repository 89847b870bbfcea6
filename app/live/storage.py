"""The way of a batch to disk: decided once the log is held, and stored with everything that belongs to it, or not."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from enum import Enum

from app.clock import RaceClock
from app.live.answers import Answers
from app.live.batch import CommandBatch
from app.live.boxes import BoxKeeper
from app.live.wake import Wake
from app.people.store import Directory
from app.streams.journal import Batch, Journal
from app.telemetry.metrics import tally
from sessions.messages import Erasure, Event

log = logging.getLogger(__name__)


class Fate(Enum):
    """What became of a batch."""

    STORED = "it is on disk"
    NOT_STORED = "nothing of it is known to be on disk"
    BROKEN = "a rule broke in it, and nothing of it was written"


class Storage:
    """Of one desk. ``answers`` are those to the batch before, ``wake`` keeps the session's next deadline, ``boxes``
    the keys of its ballot boxes."""

    def __init__(
        self,
        journal: Journal,
        clock: RaceClock,
        directory: Directory,
        answers: Answers,
        wake: Wake,
        boxes: BoxKeeper,
    ) -> None:
        self.journal, self._clock, self._directory = journal, clock, directory
        self._answers, self._wake, self._boxes = answers, wake, boxes

    async def decide_and_store(self, batch: CommandBatch) -> Fate:
        """Decide a batch and put it on disk."""
        begun = time.perf_counter()
        if batch.opens_phases:  # a key is on the disk before anybody is asked for a ballot
            batch.new_keys = await self._boxes.make(batch.session)
        try:
            await self._append(batch)
        except Exception:  # JournalError, or what nobody had thought of: none of it is known to be on disk
            log.exception("the log of %s could not be written", batch.code)
            return Fate.NOT_STORED
        tally.batches.note(len(batch.commands))
        tally.commits.note(time.perf_counter() - begun)
        self._wake.note_stored()
        await self._settle_boxes(batch)
        await self._learn_names(batch)
        return Fate.BROKEN if batch.broken else Fate.STORED

    async def _settle_boxes(self, batch: CommandBatch) -> None:
        """What is on disk has opened and counted ballot boxes. Of a broken batch nothing is, and its state is worth
        nothing: only what was made for it is done away with."""
        if not (batch.broken or batch.steers or batch.behind):
            return
        if not batch.broken:
            await self._boxes.settle(batch.session, batch.new_keys)
        elif batch.new_keys:
            await self._boxes.give_up(batch.new_keys)

    async def _append(self, batch: CommandBatch) -> None:
        batch.old = await self._old_answers(batch)
        known = batch.session.seq
        await self.journal.append(batch.code, known, lambda tail: self._decide(batch, tail), batch.look)

    def _decide(self, batch: CommandBatch, tail: Sequence[Event]) -> Batch:
        """Decide a batch. Whoever waits for an answer to the one before gets it as soon as the database has this."""
        self._answers.disk_is_busy()
        decided = self._wake.added_to(batch.decide(tail, self._clock.now()))
        erased = [item.person for item in batch.personal if isinstance(item, Erasure)]
        if not erased:
            return decided
        return replace(decided, beside=[*self.journal.erasing(erased), *decided.beside])

    async def _old_answers(self, batch: CommandBatch) -> dict[str, int]:
        """What the log answers to commands that may have come long ago. Should one be forgotten just after this, the
        log refuses it as a Conflict."""
        asked = batch.session.answered.forgotten(batch.ids())
        return await self.journal.answers(batch.code, asked) if asked else {}

    async def _learn_names(self, batch: CommandBatch) -> None:
        """Take in names that are on disk now. Who has appended something may have been told names as well, which are
        shown with it."""
        for item in batch.personal:
            self._directory.take(item)
        if batch.behind:
            try:
                await self._directory.catch_up()
            except Exception:
                log.exception("the names in %s could not be read", batch.code)
