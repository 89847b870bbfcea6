"""Rows for the log, made of the lines in an export."""

import zipfile
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from app.archive.line import Line, read
from app.streams.log import Row


def log_rows(file: Path, code: str) -> Iterator[Row]:
    """The rows of the log in an export. All events of a command follow on each other."""
    with zipfile.ZipFile(file) as archive, archive.open("log.jsonl") as lines:
        yield from rows_of(code, map(read, lines))


def rows_of(stream: str, lines: Iterable[Line]) -> Iterator[Row]:
    """The rows of one stream, made of its lines."""
    for _, events in groupby(lines, key=lambda line: line.command):
        for ordinal, line in enumerate(events, 1):
            yield _row(stream, line, ordinal)


def _row(stream: str, line: Line, ordinal: int) -> Row:
    kept = line.stored
    who = (stream, kept.seq, kept.at, kept.actor, kept.command, ordinal)
    proof = (kept.salt, kept.body_digest, kept.digest)
    return (*who, kept.kind, kept.phase, kept.body, *proof, kept.words, kept.words_salt, kept.words_digest)
