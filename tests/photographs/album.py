"""The race as it is photographed: from before the start to the end, in moments, and who sees what in each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.planning import formats
from app.rehearsal.casting import cast_for
from app.rehearsal.dry.walk import Walk
from sessions.agenda import Phase
from sessions.format import read_format
from tests.photographs.checks import BURST, COVERED, CUT, SIDEWAYS, SMALL
from tests.support import ideas
from tests.support.look import drawn_by
from tests.support.player import FACILITATOR, Player
from tests.support.stage import Stage, plain

SCREEN = "sc"
LONG_TITLE = "Innovationsrace Västerbotten – hållbara näringslivsutvecklingsprojekt i norr"
OVERTIME, LEFT = 7 * 60.0, 10 * 60.0
"""Seconds after and before its end at which a phase is looked at."""
PHONES, CONSOLES, WALLS = ((320, 640), (375, 812)), ((1280, 800), (1440, 900)), ((1280, 720), (1920, 1080))


@dataclass(frozen=True)
class Moment:
    """The race as it stands. ``name`` is the phase and what has just been, ``now`` the hour on every clock (wall time,
    seconds since 1970 UTC)."""

    name: str
    stage: Stage
    now: float


@dataclass(frozen=True)
class Shot:
    """One page: whose, which view, in which sizes, and what must not be found on it; nor by ``axe``, unless the wall is
    dark, where it misses a heading."""

    name: str
    view: str
    person: str
    sizes: tuple[tuple[int, int], ...]
    checks: tuple[str, ...]
    axe: bool = True


Take = Callable[[Moment], None]
"""Photographs a moment."""
ON_PHONE, ON_CONSOLE, ON_WALL = (SIDEWAYS, BURST), (SIDEWAYS,), (SIDEWAYS, BURST, CUT, SMALL, COVERED)


def race(take: Take, people: int, only: frozenset[str] = frozenset()) -> Stage:
    """Before the start; then each phase (or ``only`` some) as it opens, when everything in it is done, and after its
    time; and the projector dark. Gives the race as it has ended."""
    form = plain(formats.take("race48"))
    stage = Stage.empty(form)
    stage.join(FACILITATOR, "facilitator")
    stage.join(SCREEN, "screen")
    take(Moment("before-nobody", stage, stage.now))
    player = Player(stage, drawn_by(), cast_for(read_format(form), people, 1))
    stage.session.title = dict.fromkeys(stage.session.title, LONG_TITLE)
    take(Moment("before-long-title", stage, stage.now))
    stage.session.title = read_format(form).title

    def wanted(phase: Phase) -> bool:
        return not only or phase.id in only

    def opened(phase: Phase) -> None:
        if wanted(phase):
            take(Moment(f"{phase.id}-empty", stage, stage.now))

    for phase in Walk(player).phases(opened):
        if wanted(phase):
            take(Moment(f"{phase.id}-full", stage, min(stage.now, phase.ends_at - LEFT)))
            take(Moment(f"{phase.id}-overtime", stage, phase.ends_at + OVERTIME))
        if only and phase.id == max(only):
            break
    stage.ok("show_on_screen", FACILITATOR, choice="dark")
    take(Moment("dark", stage, stage.now))
    return stage


def real_ideas(take: Take, many: int = 40) -> None:
    """Cards as people really write them: collected, grouped, voted on; and said to all."""
    stage = Stage(
        form=plain(formats.take("race48")), sc="screen", **{f"p{n}": "participant" for n in range(53)}
    )
    stage.open("R03")
    stage.after(20)
    ideas.write(stage, "R03", many)
    take(Moment("ideas-collected", stage, stage.now))
    cards = [card.id for card in stage.session.outcome("R03").cards]
    for group in range(5):
        chosen = cards[group * 4 : group * 4 + 4]
        stage.ok("group_cards", FACILITATOR, "R03", card=chosen, title=ideas.ideas()[group].title[:80])
    take(Moment("ideas-grouped", stage, stage.now))
    stage.ok("announce", FACILITATOR, text=ideas.ideas()[17].text[:280])
    take(Moment("announced", stage, stage.now))
    take(Moment("announced-later", stage, stage.now + 120))
    stage.ok("clear_announcement", FACILITATOR, announcement=next(iter(stage.session.announcements)))
    stage.open("R04")
    take(Moment("ideas-ballot", stage, stage.now))
    options = [card.id for card in stage.session.outcome("R03").cards]
    for n in range(50):
        stage.ok(
            "cast_ballot", f"p{n}", "R04", option=[options[n % 7], options[7 + n % 5], options[12 + n % 6]]
        )
    stage.close("R04")
    stage.ok("reveal_result", FACILITATOR, "R04")
    take(Moment("ideas-result", stage, stage.now))


def shots(moment: Moment) -> Iterator[Shot]:
    """What everybody sees; after the time is over, what has a clock."""
    people = moment.stage.session.people.values()
    yield Shot("wall", "screen", SCREEN, WALLS, ON_WALL, axe=moment.name != "dark")
    if moment.name == "dark":
        return
    yield Shot("console", "console", FACILITATOR, CONSOLES, ON_CONSOLE)
    for role in ("participant", "process_leader", "juror", "jury_chair", "expert"):
        for person in [member.id for member in people if member.role == role and not member.removed][:1]:
            yield Shot(role, "phone", person, PHONES, ON_PHONE)
            if role == "participant" and not moment.name.endswith("overtime"):
                yield Shot("mine", "mine", person, PHONES, ON_PHONE)
                yield Shot("team", "team", person, PHONES, ON_PHONE)
    if moment.name.endswith("full"):
        yield Shot("people", "people", FACILITATOR, CONSOLES, ON_CONSOLE)
