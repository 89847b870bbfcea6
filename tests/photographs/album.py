"""The race as it is photographed: from before the start to the end, in moments, and who sees what in each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.planning import formats
from app.rehearsal.casting import cast_for
from sessions.agenda import Phase
from sessions.format import read_format
from tests.photographs.checks import BURST, COVERED, CUT, SIDEWAYS, SMALL
from tests.support.look import drawn_by
from tests.support.player import FACILITATOR, Player
from tests.support.stage import Stage, plain
from tests.support.walk import Walk

SCREEN = "sc"
OVERTIME = 7 * 60.0
"""Seconds after its end at which a phase is looked at once more."""
PHONES, CONSOLES, WALLS = ((320, 640), (375, 812)), ((1280, 800), (1440, 900)), ((1280, 720), (1920, 1080))


@dataclass(frozen=True)
class Moment:
    """The race as it stands. ``name`` is the phase and what has just been; ``late`` seconds have passed since."""

    name: str
    stage: Stage
    player: Player
    late: float = 0.0


@dataclass(frozen=True)
class Shot:
    """One page: whose, which view, in which sizes, and what must not be found on it."""

    name: str
    view: str
    person: str
    sizes: tuple[tuple[int, int], ...]
    checks: tuple[str, ...]


ON_PHONE, ON_CONSOLE, ON_WALL = (SIDEWAYS, BURST), (SIDEWAYS,), (SIDEWAYS, BURST, CUT, SMALL, COVERED)


def moments(people: int = 53, only: frozenset[str] = frozenset()) -> Iterator[Moment]:
    """Before the start; then each phase (or ``only`` some) as it opens, when all is done, and after its time; and the
    projector dark."""
    stage = Stage.empty(plain(formats.take("race48")))
    stage.join(FACILITATOR, "facilitator")
    stage.join(SCREEN, "screen")
    player = Player(stage, drawn_by(), cast_for(read_format(plain(formats.take("race48"))), people, 1))
    yield Moment("before", stage, player)
    opened: list[Moment] = []

    def note(player: Player, phase: Phase) -> None:
        """The page of a phase that nobody has acted in yet is drawn before anybody does."""
        opened.append(Moment(f"{phase.id}-empty", player.stage, player))

    for phase in Walk(player).phases(note):
        if only and phase.id not in only:
            continue
        yield Moment(f"{phase.id}-full", stage, player)
        if phase.state == "open" and not phase.spec.later:
            yield Moment(f"{phase.id}-overtime", stage, player, max(0.0, phase.ends_at - stage.now) + OVERTIME)
    stage.ok("show_on_screen", FACILITATOR, choice="dark")
    yield Moment("dark", stage, player)


def shots(moment: Moment) -> Iterator[Shot]:
    """What everybody sees; after the time is over, what has a clock."""
    player, timed = moment.player, moment.name.endswith("overtime") or moment.name == "dark"
    yield Shot("wall", "screen", SCREEN, WALLS, ON_WALL)
    if moment.name == "dark":
        return
    yield Shot("console", "console", FACILITATOR, CONSOLES, ON_CONSOLE)
    participant = player.named("participant")[0]
    yield Shot("phone", "phone", participant, PHONES, ON_PHONE)
    if timed:
        return
    yield Shot("mine", "mine", participant, PHONES, ON_PHONE)
    yield Shot("team", "team", participant, PHONES, ON_PHONE)
    for role in ("process_leader", "juror", "jury_chair", "expert"):
        for person in player.named(role)[:1]:
            yield Shot(role, "phone", person, PHONES, ON_PHONE)
    yield Shot("people", "people", FACILITATOR, CONSOLES, ON_CONSOLE)


LANGUAGES: Mapping[str, str] = {"en": "en", "sv": "sv", "fi": "fi"}
