"""What is not proved is never folded: whoever reads a log learns where it stops holding, and gets none of it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import orjson
import pytest

from app.database import Database
from app.streams import log
from app.streams.journal import Batch, Journal, open_journal
from app.streams.proof import Unproved
from sessions.messages import Event
from sessions.once_erased import ONCE_ERASABLE
from sessions.session_shapes import own_event
from tests.support.databases import Place, asked

CODE = "7K3MQX9T"
AT = 1_790_000_000.25
WRITTEN = frozenset({"text"})


def event(seq: int, kind: str = "ballot_cast", **body: object) -> Event:
    return Event(kind, "R03", body, seq, AT + seq, "p1", f"c{seq}")


def written(seq: int, text: str) -> Event:
    """An event whose words stand apart."""
    return event(seq, "card_added", card=f"k{seq}", text=text)._replace(words=WRITTEN)


@pytest.fixture
async def database(place: Place) -> AsyncIterator[Database]:
    database = place.open()
    await database.migrate()
    yield database
    await database.close()


@pytest.fixture
async def journal(database: Database) -> Journal:
    """A log of a text, three ballots and one more text."""
    journal = open_journal(database)
    await journal.create(CODE, "race48", "Race")
    ballots = [event(seq, marks={"k1": 1}) for seq in (2, 3, 4)]
    batch = Batch([written(1, "One"), *ballots, written(5, "Two")])
    await journal.append(CODE, 0, lambda _: batch)
    return journal


async def change(database: Database, statement: str) -> None:
    """Do to the database what no server would; something must come of it."""
    assert await database.write(lambda db: db.exec_driver_sql(statement).rowcount) > 0


CHANGES = {
    "another body without a proof": (
        """UPDATE log SET body = '{"marks":{"k2":9}}', salt = NULL WHERE seq = 3""",
        3,
    ),
    "another body": ("""UPDATE log SET body = '{"marks":{"k2":9}}' WHERE seq = 3""", 3),
    "no body": ("UPDATE log SET body = NULL WHERE seq = 3", 3),
    "another voter": ("UPDATE log SET actor = 'p2' WHERE seq = 3", 3),
    "another time": ("UPDATE log SET at = at + 1 WHERE seq = 3", 3),
    "another kind": ("UPDATE log SET kind = 'card_added' WHERE seq = 3", 3),
    "words that put marks over a ballot's": (
        """UPDATE log SET words = '{"marks":{"k2":9}}' WHERE seq = 3""",
        3,
    ),
    "words without a proof": (
        """UPDATE log SET words = '{"text":"x"}', words_salt = NULL WHERE seq = 5""",
        5,
    ),
    "other words": ("""UPDATE log SET words = '{"text":"x"}' WHERE seq = 5""", 5),
    "a ballot that is gone": ("DELETE FROM log WHERE seq = 3", 3),
    "another digest": ("UPDATE log SET digest = body_digest WHERE seq = 3", 3),
}


@pytest.mark.parametrize(("statement", "at"), CHANGES.values(), ids=CHANGES.keys())
@pytest.mark.parametrize("after", [0, 2])
async def test_a_log_that_was_changed_in_the_database_is_not_read(
    journal: Journal, database: Database, statement: str, at: int, after: int
) -> None:
    assert [event.seq for event in await journal.read(CODE, after)] == list(range(after + 1, 6))
    await change(database, statement)
    with pytest.raises(Unproved) as caught:
        await journal.read(CODE, after)
    assert (caught.value.stream, caught.value.seq) == (CODE, at)
    assert f"event {at}" in str(caught.value)
    with pytest.raises(Unproved):
        await database.read(lambda db: log.read(db, CODE, after))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM log WHERE seq = 5",
        "UPDATE heads SET seq = 4",
        "UPDATE log SET digest = salt WHERE seq = 5",
    ],
)
async def test_a_log_that_does_not_end_where_its_head_says_is_noticed(
    journal: Journal, database: Database, statement: str
) -> None:
    await journal.check_end(CODE)
    await journal.check_end("nothing")
    await change(database, statement)
    with pytest.raises(Unproved, match="head"):
        await journal.check_end(CODE)


async def test_what_others_have_appended_is_proved_before_anybody_decides_after_it(
    journal: Journal, database: Database
) -> None:
    """Who knows less of a log than there is reads the rest under the lock; SQLite has one writer, who knows all."""
    await change(database, """UPDATE log SET body = '{"marks":{"k2":9}}', salt = NULL WHERE seq = 4""")
    heard: list[Event] = []

    def decide(tail: object) -> Batch:
        heard.extend(tail)  # type: ignore[arg-type] # whatever it is, none of it may be there
        return Batch([])

    if journal.shared:
        with pytest.raises(Unproved):
            await journal.append(CODE, 2, decide)
    with pytest.raises(Unproved):
        await journal.append_all({CODE: 2}, lambda held: {})
    assert heard == []


async def test_erased_words_leave_a_log_that_is_read(journal: Journal) -> None:
    await journal.erase(CODE, [1], "withdrawn", "p1", AT)
    assert (await journal.read(CODE))[0].body == {"card": "k1", "text": None}


async def test_of_what_early_releases_erased_the_structure_is_left_and_no_words(
    journal: Journal, database: Database
) -> None:
    """They had words and structure in one body, and erased the salt of it."""
    body = {"text": "Soup"}
    early = own_event("announced", **body)._replace(words=frozenset(), seq=6, at=AT, actor="f", command="c6")
    await journal.append(CODE, 5, lambda _: Batch([early]))
    (row,) = await asked(database, "SELECT body, words_digest FROM log WHERE seq = 6")
    assert (orjson.loads(row["body"]), row["words_digest"]) == (body, None)
    await change(database, "UPDATE log SET salt = NULL WHERE seq = 6")
    assert (await journal.read(CODE))[-1].body == {"text": None}


def test_no_kind_that_counts_or_decides_could_ever_be_erased() -> None:
    counting = {
        "ballot_cast",
        "result_counted",
        "entry_scored",
        "result_signed",
        "answers_opened",
        "teams_confirmed",
    }
    assert not ONCE_ERASABLE & counting
