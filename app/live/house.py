"""The house with its sessions: what the floors from here up find in it."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import HTTPConnection

from app.database import Database
from app.live.desks import Desks
from app.live.store_limits import StoreLimits
from app.live.waiting import WaitingRoom
from app.web.house import House, house_of


@dataclass(frozen=True, kw_only=True)
class LiveHouse(House):
    """A house that serves sessions."""

    desks: Desks
    store_limits: StoreLimits
    database: Database
    waiting_room: WaitingRoom


def live_house(connection: HTTPConnection) -> LiveHouse:
    """The house that a request or a socket has come to, with its desks."""
    house = house_of(connection)
    assert isinstance(house, LiveHouse)
    return house
