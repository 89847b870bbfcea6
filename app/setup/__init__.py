"""What a newcomer's first command needs: packages, htmx for a venue without internet, a browser for tests.

`python3 -m app …` and `python3 -m tests` are to work on a fresh checkout with nothing but Python. So this
package uses the standard library only, and is imported before anything that needs another.
"""

from app.setup.chromium import ensure_chromium, find_chromium
from app.setup.engines import ensure_engines
from app.setup.htmx import ensure_htmx
from app.setup.installing import ensure
from app.setup.requirements import ROOT

__all__ = ["ROOT", "ensure", "ensure_chromium", "ensure_engines", "ensure_htmx", "find_chromium"]
