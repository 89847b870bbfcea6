"""Every connection to SQLite is set up here: durable, with transactions that begin in words of ours."""

import sqlite3
import time
from typing import Any

from sqlalchemy import Connection, Engine, event

PATIENCE = 10.0
"""Real seconds for which a command of the command line waits while another process holds the file."""
PATIENCE_SERVING = 1.0
"""The same for the server: whoever waits for a page hears soon that it is not to be had, and comes again. What is asked
just after has to wait for that answer first, and then as long again."""
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # acknowledged means on disk
    "foreign_keys=ON",
    "secure_delete=ON",  # an erased name is overwritten, not only forgotten
    "wal_autocheckpoint=0",  # whoever writes does not move the write-ahead log (see checkpoints.py)
)
PRAGMA_PAUSE = 0.05
"""Real seconds between two tries to set a pragma. Of several who turn the write-ahead log on at once all but one are
refused without the wait that busy_timeout grants, because waiting for each other they would never end."""


def set_up(engine: Engine, patience: float = PATIENCE) -> None:
    """Make every connection durable, and every transaction begin in words of ours instead of the driver's."""

    def connected(connection: Any, _record: Any) -> None:
        _set_pragmas(connection, patience)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", _begin)


def _set_pragmas(connection: Any, patience: float) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    # first, because the next one may have to wait for another process
    for pragma in (f"busy_timeout={int(patience * 1000)}", *PRAGMAS):
        _set_patiently(cursor, pragma, patience)
    cursor.close()


def _set_patiently(cursor: Any, pragma: str, patience: float) -> None:
    until = time.monotonic() + patience
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
