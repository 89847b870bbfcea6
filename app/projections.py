"""Which rows are written beside events. Another projection is another line here."""

from app.archive.forgetting import forget_tasks
from app.archive.handover import handover_tasks, put_tasks
from app.archive.rows import put_records, record_rows
from app.people.rows import put_personal
from app.streams.ballot_box import fill_boxes, sealed_rows
from app.streams.heads import RECORD
from app.streams.projections import Change, Projection, Projections
from sessions.activity import Withdrawn
from sessions.entry import Entry
from sessions.messages import Emptied, Erasure, Personal, SecretBallot
from sessions.record_shapes import SHAPES as RECORD_SHAPES


def _told(change: Change) -> list[Personal | Erasure]:
    return [item for item in change.items if isinstance(item, Personal | Erasure)]


PEOPLE = Projection("people", 1, frozenset({Personal, Erasure}), _told, put_personal)
BALLOT_BOXES = Projection(
    "ballot_boxes", 1, frozenset({SecretBallot, Emptied}), sealed_rows, fill_boxes, traces="sealed_slips"
)
FORGETTING = Projection("forgetting", 1, frozenset({Withdrawn}), forget_tasks, put_tasks)
HANDOVERS = Projection("handovers", 1, frozenset({Entry}), handover_tasks, put_tasks)
RECORDS = Projection(
    "records", 2, frozenset(RECORD_SHAPES), record_rows, put_records, table="records", of=RECORD
)

PROJECTIONS = Projections(PEOPLE, BALLOT_BOXES, FORGETTING, HANDOVERS, RECORDS)
