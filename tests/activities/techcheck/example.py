"""A technical check of every entry, which settles the running order."""

from tests.support.examples import with_entries
from tests.support.stage import phase

PHASES = [*with_entries(), phase("techcheck", "C", who=["teams", "staff"])]
