"""The house with its records."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import HTTPConnection

from app.archive.forgetting import Forgetting
from app.archive.records import Records
from app.live.house import LiveHouse
from app.web.house import house_of


@dataclass(frozen=True, kw_only=True)
class ArchiveHouse(LiveHouse):
    """A house that keeps records."""

    records: Records
    forgetting: Forgetting


def archive_house(connection: HTTPConnection) -> ArchiveHouse:
    """The house that a request has come to, with its records."""
    house = house_of(connection)
    assert isinstance(house, ArchiveHouse)
    return house
