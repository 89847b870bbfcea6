"""Our server, but it acknowledges what the disk does not have yet (``synchronous=NORMAL``): what waiting costs."""

from app.__main__ import main
from app.database import sqlite

SWAPPED = tuple(pragma.replace("synchronous=FULL", "synchronous=NORMAL") for pragma in sqlite.PRAGMAS)
assert SWAPPED != sqlite.PRAGMAS
vars(sqlite)["PRAGMAS"] = SWAPPED

if __name__ == "__main__":
    main()
