"""Our server, but it acknowledges what the disk does not have yet (``synchronous=NORMAL``): what waiting costs."""

from app.__main__ import main
from app.database import pragmas

SWAPPED = tuple(pragma.replace("synchronous=FULL", "synchronous=NORMAL") for pragma in pragmas.PRAGMAS)
assert SWAPPED != pragmas.PRAGMAS
vars(pragmas)["PRAGMAS"] = SWAPPED

if __name__ == "__main__":
    main()
