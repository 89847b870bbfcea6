"""What a command says when it cannot do what it was asked to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class Trouble(Exception):
    """One sentence that says what is wrong and what to do, and the exit status: 1 it failed, 2 it was asked wrongly."""

    def __init__(self, sentence: str, status: int = 1) -> None:
        super().__init__(sentence)
        self.status = status


@contextmanager
def told_plainly(doing: str) -> Iterator[None]:
    """Turn a failing disk or database into one sentence: ``doing`` names what could not be done."""
    from sqlalchemy.exc import SQLAlchemyError

    from app.database import Served
    from app.database.writer import WriteError

    try:
        yield
    except SQLAlchemyError as error:
        raise Trouble(f"{doing} failed: {getattr(error, 'orig', None) or error}.") from error
    except Served as error:
        raise Trouble(f"{error}.") from error
    except (OSError, WriteError) as error:
        raise Trouble(f"{doing} failed: {error}.") from error
