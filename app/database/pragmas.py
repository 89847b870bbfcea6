"""Every connection to SQLite is set up here: durable, with transactions that begin in words of ours."""

import sqlite3
import time
from typing import Any

from sqlalchemy import Connection, Engine, event

PRAGMAS = (
    "busy_timeout=10000",  # first, because the next one may have to wait for another process
    "journal_mode=WAL",
    "synchronous=FULL",  # acknowledged means on disk
    "foreign_keys=ON",
    "secure_delete=ON",  # an erased name is overwritten, not only forgotten
    "wal_autocheckpoint=0",  # whoever writes does not move the write-ahead log (see checkpoints.py)
)
PRAGMA_PATIENCE, PRAGMA_PAUSE = 10.0, 0.05
"""Seconds for which a pragma is tried to be set, and between two tries. Of several who turn the write-ahead log on at
once all but one are refused without the wait that busy_timeout grants, because waiting for each other they would never
end."""


def set_up(engine: Engine) -> None:
    """Make every connection durable, and every transaction begin in words of ours instead of the driver's."""
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)


def _set_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        _set_patiently(cursor, pragma)
    cursor.close()


def _set_patiently(cursor: Any, pragma: str) -> None:
    until = time.monotonic() + PRAGMA_PATIENCE
    while True:
        try:
            cursor.execute(f"PRAGMA {pragma}")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
        time.sleep(PRAGMA_PAUSE)


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN " + connection.get_execution_options().get("sqlite_begin", "DEFERRED"))
