"""A view is whatever somebody calls one, as long as it begins like one."""

from __future__ import annotations

from typing import Any

import pytest

from app.live import socket
from app.web import visitors
from sessions import views
from tests.faults.broken import armed


def break_it(patch: pytest.MonkeyPatch) -> None:
    may_see, visitor = views.may_see, visitors.visitor

    def glad(session: Any, person: str, view: str) -> bool:
        return may_see(session, person, view.partition("/")[0] if armed() else view)

    async def known(connection: Any, view: str) -> Any:
        return await visitor(connection, view.partition("/")[0] if armed() else view)

    patch.setattr(socket, "may_see", glad)
    patch.setattr(socket, "visitor", known)
