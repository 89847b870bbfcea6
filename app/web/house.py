"""What the application is made of, as a request finds it: one typed object instead of loose attributes."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import HTTPConnection

from app.drawing.render import Renderer
from app.people.store import People
from app.settings import Settings
from app.telemetry.metrics import Exposition
from app.token_bucket import TokenBucket
from app.web.health import Health
from app.web.join_limits import JoinLimits


@dataclass(frozen=True, kw_only=True)
class House:
    """The parts that any route may use. The composition root makes one, before the first request is taken."""

    settings: Settings
    renderer: Renderer
    people: People
    limits: JoinLimits
    pace: TokenBucket
    """Commands of a person."""
    looks: TokenBucket
    """Pages of a person."""
    health: Health
    exposition: Exposition


def house_of(connection: HTTPConnection) -> House:
    """The house that a request or a socket has come to."""
    house = connection.app.state.house
    assert isinstance(house, House)
    return house
