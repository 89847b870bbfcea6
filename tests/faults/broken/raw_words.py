"""The wall on the projector takes people's words for markup."""

from __future__ import annotations

from typing import Any

import pytest

from app.drawing.render import Renderer


def break_it(patch: pytest.MonkeyPatch) -> None:
    begin = Renderer.__init__

    def trusting(self: Any, *what: Any, **more: Any) -> None:
        begin(self, *what, **more)
        for environment in self.environments.values():
            environment.autoescape = lambda name: not (name or "").endswith("_wall.html")
            environment.bytecode_cache = None  # what is compiled like this is for nobody else

    patch.setattr(Renderer, "__init__", trusting)
