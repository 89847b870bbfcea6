"""What the process writes about itself: one line for each thing, as JSON, or readable where somebody watches.

Everybody's lines take this road, uvicorn's too. A line names sessions by code and people by their pseudonymous id; no
name, no contact data, no token. Whatever came from outside is escaped: nothing in a field can begin a line of its own
or speak to the terminal.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from typing import TextIO

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

from app.token_bucket import TokenBucket

DETAIL = re.compile(r"\nDETAIL:.*?(?=\n\n(?:The above exception|During handling)|\Z)", re.DOTALL)
"""Up to the end of what one exception says: whatever stands in a row may have line ends of its own."""
ALIKE = (20, 0.2)
"""Lines with the same words at once, and each second after that: who can cause one can cause a million."""


def configure(stream: TextIO = sys.stderr, level: int = logging.INFO) -> None:
    """From now on every logger of the process writes to ``stream``: JSON, or plain text if it is a terminal."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                discreet_about_errors,
                plain if stream.isatty() else line,
            ],
        )
    )
    handler.addFilter(Calm())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)


def discreet_about_errors(logger: WrappedLogger, method: str, fields: EventDict) -> EventDict:
    if "exception" in fields:
        fields["exception"] = discreet(fields["exception"])
    return fields


def discreet(trace: str) -> str:
    """A traceback without the rows that PostgreSQL quotes in it: they hold names."""
    return DETAIL.sub("", trace)


class Calm(logging.Filter):
    """Lets a line pass unless many like it have just passed."""

    def __init__(self) -> None:
        super().__init__()
        self._pace = TokenBucket(*ALIKE)

    def filter(self, record: logging.LogRecord) -> bool:
        words = record.msg.get("event") if isinstance(record.msg, dict) else record.msg
        return self._pace.take((record.name, str(words)))


def line(logger: WrappedLogger, method: str, fields: EventDict) -> str:
    """One object on one line, in ASCII: JSON escapes the line ends and controls, and ``\\u`` whatever else a terminal
    or a viewer of logs may take for one (C1 controls, other line ends, marks that turn the direction of words)."""
    return json.dumps(fields, default=repr).replace("\x7f", "\\u007f")


def plain(logger: WrappedLogger, method: str, fields: EventDict) -> str:
    """For eyes at a terminal. Only a traceback takes several lines, each set in, so that none passes for another."""
    trace = str(fields.pop("exception", ""))
    head = [str(fields.pop(name, "")) for name in ("at", "level", "event")]
    rest = [f"{name}={json.dumps(value, default=repr)}" for name, value in sorted(fields.items())]
    lines = [
        " ".join([*map(escaped, head), *map(escaped, rest)]),
        *(f"    {escaped(t)}" for t in trace.split("\n")),
    ]
    return "\n".join(lines if trace else lines[:1])


def escaped(text: str) -> str:
    """A text in which whatever cannot be printed stands as ``\\x1b`` or the like; letters of any language stay."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
