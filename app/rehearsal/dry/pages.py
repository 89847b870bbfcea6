"""Pages of a scratch session, drawn as a server draws them."""

from __future__ import annotations

from app.drawing.render import PageContext, Renderer
from app.rehearsal.dry.scratch import Scratch

EPOCH = "e"


class Ids:
    """Names for a scratch session's people: their ids with a capital letter."""

    def shown_name(self, person: str) -> str:
        """What somebody is called."""
        return person.capitalize()

    def fields(self, person: str) -> dict[str, str]:
        """What else is known of a person."""
        return {
            "who": f"Third {person}",
            "contact": f"{person}@example.org",
            "organisation": f"{person.capitalize()} Ab",
        }


def hall_of(scratch: Scratch) -> PageContext:
    """The session as the renderer needs it."""
    address = f"https://race.example.org/s/{scratch.session.code}"
    return PageContext(scratch.session, Ids(), epoch=EPOCH, join_url=address, presence_version=1)


def page(renderer: Renderer, scratch: Scratch, view: str, person: str, language: str) -> str:
    """One page as HTML."""
    return renderer.page(hall_of(scratch), view, person, language, now=scratch.now, rate=1.0, refused="")
