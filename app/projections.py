"""Which rows are written beside events. Another projection is another line here."""

from app.archive.rows import put_records
from app.archive.store import record_rows
from app.people.rows import put_personal
from app.streams.ballot_box import fill_urns
from app.streams.projections import Change, Projection, Projections
from sessions.entry import Entry
from sessions.messages import Emptied, Erasure, Personal, SecretBallot


def _told(change: Change) -> list[Personal | Erasure]:
    return [item for item in change.items if isinstance(item, Personal | Erasure)]


def _ballots(change: Change) -> list[SecretBallot | Emptied]:
    return [item for item in change.items if isinstance(item, SecretBallot | Emptied)]


PEOPLE = Projection("people", 1, frozenset({Personal, Erasure}), _told, put_personal)
BALLOT_BOXES = Projection(
    "ballot_boxes", 1, frozenset({SecretBallot, Emptied}), _ballots, fill_urns, traces="secret_ballots"
)
RECORDS = Projection(
    "records", 1, frozenset({Entry}), record_rows, put_records, table="records", column="session"
)

PROJECTIONS = Projections(PEOPLE, BALLOT_BOXES, RECORDS)
