"""The wall, state by state, with what people really write: it is full, nothing is cut or covered, the back row reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.photographs.camera import Camera, camera
from tests.photographs.checks import BURST, COVERED, CUT, FILLED, SIDEWAYS, SMALL
from tests.photographs.photographer import drawn
from tests.support import examples, ideas
from tests.support.seed import SEED, race, seeds
from tests.support.stage import START, Stage, phase, race48

__all__ = ["seeds"]

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
WALL, PHONE, CONSOLE = (1280, 720), (375, 812), (1280, 800)
EVERYTHING = (SIDEWAYS, BURST, CUT, SMALL, COVERED)


@pytest.fixture(scope="module")
def held() -> Iterator[Camera]:
    """A camera that only looks."""
    with camera() as made:
        yield made


def room(people: int = 53) -> Stage:
    """A race of Finnish-speaking people."""
    stage = Stage(form=race48(), sc="screen")
    for number in range(people):
        stage.join(f"p{number}", "participant", "fi")
    return stage


def collecting(many: int) -> Stage:
    """The problems are being collected, so many of them as people write them."""
    stage = room()
    stage.open("R03")
    stage.after(20)
    ideas.write(stage, "R03", many)
    return stage


def show(
    held: Camera, stage: Stage, view: str = "screen", by: str = "sc", size: tuple[int, int] = WALL
) -> None:
    held.load(drawn(stage, view, by, "fi", stage.now), size)


def found(held: Camera) -> list[str]:
    return held.look("", EVERYTHING)


def filled(held: Camera) -> float:
    return float(held.page.evaluate(FILLED))


# ---- before the start


@pytest.mark.parametrize(
    "title",
    ["Ideailta", "Innovationsrace Västerbotten – hållbara näringslivsutvecklingsprojekt i norr och söder"],
)
@pytest.mark.parametrize("people", [0, 37])
def test_the_way_in_is_read_by_everybody_before_the_start(held: Camera, title: str, people: int) -> None:
    stage = room(people)
    stage.session.title = dict.fromkeys(stage.session.title, title)
    show(held, stage)
    code, picture = held.page.locator(".welcome .code"), held.page.locator(".target .qr")
    assert code.inner_text() == "7K3M QX9T"
    assert found(held) == []
    at, beside = code.bounding_box(), picture.bounding_box()
    assert at
    assert beside
    assert at["height"] > 0.12 * WALL[1]
    assert at["x"] + at["width"] < beside["x"]
    assert beside["height"] > 0.4 * WALL[1]
    assert beside["y"] + beside["height"] < WALL[1]
    top = "([x, y]) => document.elementFromPoint(x, y).closest('.code, .qr') !== null"
    for box in (at, beside):
        middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
        assert held.page.evaluate(top, middle), "something lies on it"


def test_who_has_come_in_stands_below_the_way_in(held: Camera) -> None:
    show(held, room(37))
    assert held.page.locator("#headcount b").inner_text() == "37"
    stage = room(37)
    stage.open("R03")
    show(held, stage)
    assert held.page.locator("#headcount").is_hidden()


# ---- dark


@pytest.mark.parametrize("opened", [False, True])
def test_dark_is_dark_and_shows_nothing_but_the_hour(held: Camera, *, opened: bool) -> None:
    stage = collecting(5) if opened else room(5)
    show(held, stage)
    bright = held.page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor")
    assert held.page.locator("#stage").inner_text().strip(), "there is nothing to hide"
    stage.ok("show_on_screen", "kim", choice="dark")
    show(held, stage)
    page = held.page
    dark = page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor")
    assert sum(map(int, dark[4:-1].split(","))) < 60 < sum(map(int, bright[4:-1].split(",")))
    assert page.locator("#stage").inner_text().strip() == ""
    assert page.locator("#band").is_hidden()
    assert page.locator(".ground .code").is_hidden()
    assert page.locator(".ground time").is_visible()


# ---- cards


@pytest.mark.parametrize("many", [1, 2, 3, 4, 5, 6, 9, 12, 20, 30, 42])
def test_cards_fill_the_wall_however_few_or_many_there_are(held: Camera, many: int) -> None:
    show(held, collecting(many))
    assert found(held) == []
    assert filled(held) > 0.8


def test_seventy_eight_cards_hang_on_pages_that_turn_by_hand_too(held: Camera) -> None:
    stage = room()
    stage.open("R03")
    stage.after(20)
    for number in range(78):
        stage.ok(
            "add_card",
            f"p{number % 53}",
            "R03",
            situation=f"Problem {number} that somebody has",
            column="need",
        )
    show(held, stage)
    assert found(held) == []
    assert filled(held) > 0.8
    first = set(held.page.locator(".slipcard:visible").all_inner_texts())
    assert len(first) >= 15
    held.page.keyboard.press("ArrowRight")
    assert found(held) == []
    assert first != set(held.page.locator(".slipcard:visible").all_inner_texts())


def test_with_forty_real_ideas_a_wall_shows_many(held: Camera) -> None:
    show(held, collecting(40))
    assert held.page.locator(".slipcard:visible").count() >= 8
    assert any(len(idea.text) > 400 for idea in ideas.ideas()), (
        "there is nothing that would fill a wall alone"
    )


def test_groups_of_real_ideas_fill_the_wall_too(held: Camera) -> None:
    stage = collecting(40)
    cards = [card.id for card in stage.session.outcome("R03").cards]
    for group in range(5):
        title = ideas.ideas()[group].title[:80]
        stage.ok("group_cards", "kim", "R03", card=cards[4 * group : 4 * group + 4], title=title)
    show(held, stage)
    assert found(held) == []
    assert filled(held) > 0.6


# ---- the same ideas on phones and on the console


def test_several_real_ideas_are_seen_at_once_on_a_ballot(held: Camera) -> None:
    stage = collecting(40)
    stage.open("R04")
    show(held, stage, "phone", "p0", PHONE)
    assert held.look("", (SIDEWAYS, BURST)) == []
    heights = [box["height"] for row in held.page.locator(".option").all() if (box := row.bounding_box())]
    assert len(heights) >= 38
    assert sum(heights) / len(heights) < PHONE[1] / 5


def test_a_real_idea_unfolds_on_the_ballot_where_one_reads_it(held: Camera) -> None:
    stage = collecting(40)
    stage.open("R04")
    show(held, stage, "phone", "p0", PHONE)
    option = held.page.locator(".option:has(.unfold)").first
    assert option.locator(".whole").is_hidden()
    option.locator("summary").click()
    assert option.locator(".whole").is_visible()
    assert len(option.locator(".whole").inner_text()) > 90


def test_several_real_ideas_are_seen_at_once_on_the_console(held: Camera) -> None:
    show(held, collecting(40), "console", "kim", CONSOLE)
    seen = [box for row in held.page.locator("#R03-loose > li").all() if (box := row.bounding_box())]
    assert sum(box["y"] + box["height"] < CONSOLE[1] for box in seen) >= 3


@pytest.mark.parametrize(
    ("view", "by", "size"), [("phone", "p1", PHONE), ("mine", "p0", PHONE), ("console", "kim", CONSOLE)]
)
def test_a_link_stays_in_its_box(held: Camera, view: str, by: str, size: tuple[int, int]) -> None:
    show(held, collecting(3), view, by, size)
    assert ideas.LINK[:60] in held.page.locator("#stage").inner_text(), "there is no link"
    assert held.look("", (SIDEWAYS, BURST)) == []


# ---- lines of teams


CLONE = """
([n, names]) => {
  const lines = [...document.querySelectorAll('.team-line')], home = lines[0].parentElement;
  lines.forEach(line => line.remove());
  for (let i = 0; i < n; i++) {
    const line = lines[i % lines.length].cloneNode(true);
    line.querySelector('h2').textContent = names[i % names.length];
    line.querySelector('.no').textContent = i + 1;
    home.append(line);
  }
}
"""
"""As many lines as there might be teams, with names as long as a name may be."""
NAMES = ["Hjortron", "Kaakkois-Lapin kehittäjät", "Ren", "Västerbottens bästa", "Öring"]


@pytest.mark.parametrize("teams", [2, 6, 8, 12, 16, 24, 30])
def test_the_progress_of_few_and_many_teams_fills_the_wall(held: Camera, teams: int) -> None:
    example = examples.example("work")
    show(held, examples.played("work").stage(example.when))
    held.page.evaluate(CLONE, [teams, NAMES])
    assert held.page.locator(".team-line").count() == teams
    assert found(held) == []
    heights = [
        box["height"] for line in held.page.locator(".team-line").all() if (box := line.bounding_box())
    ]
    columns = 1 if teams <= 6 else 2 if teams <= 12 else 3
    assert sum(heights) / columns > 0.5 * WALL[1]


# ---- a result


def test_every_row_of_a_result_is_shown_in_its_turn(held: Camera) -> None:
    stage = collecting(40)
    stage.open("R04")
    options = [card.id for card in stage.session.outcome("R03").cards]
    for number in range(50):
        stage.ok("cast_ballot", f"p{number}", "R04", option=[options[number % 7], options[7 + number % 5]])
    stage.close("R04")
    stage.ok("reveal_result", "kim", "R04")
    show(held, stage)
    rows = held.page.locator(".ranks li:not(.cut)")
    assert rows.count() == 40
    pages = held.page.locator(".page").count()
    seen: set[str] = set()
    for _ in range(pages):
        assert found(held) == []
        seen |= {row.inner_text() for row in rows.all() if row.is_visible()}
        held.page.keyboard.press("ArrowRight")
    assert len(seen) == 40


# ---- said to all


@pytest.mark.parametrize("letters", [40, 120, 280])
def test_an_announcement_is_the_largest_on_the_wall_then_a_strip_and_then_gone(
    held: Camera, letters: int
) -> None:
    stage = collecting(12)
    stage.ok("announce", "kim", text=("Kahvi on aulassa. " * 20)[:letters].strip(), minutes="5")
    show(held, stage)
    says, strip = held.page.locator(".announce .say"), held.page.locator(".strip")
    assert found(held) == []
    assert float(says.evaluate("el => parseFloat(getComputedStyle(el).fontSize)")) > 0.045 * WALL[1]
    assert strip.is_hidden()
    stage.now += 90
    show(held, stage)
    assert (says.is_hidden(), strip.is_visible()) == (True, True)
    assert found(held) == []
    stage.now += 5 * 60
    show(held, stage)
    assert (says.is_hidden(), strip.is_hidden()) == (True, True)


# ---- time


def test_overtime_is_a_plate_that_is_smaller_than_what_is_on_the_stage(held: Camera) -> None:
    stage = room(5)
    stage.open("R03")
    stage.now += 200 * 60
    show(held, stage)
    height = "el => parseFloat(getComputedStyle(el).fontSize)"
    clock = held.page.locator("#band .timer b")
    assert clock.inner_text().startswith("+")
    assert held.page.locator("#band .over").is_visible()
    assert clock.evaluate(height) < held.page.locator("#stage h2").first.evaluate(height)


def on_stage(entries: int) -> Stage:
    """Pitches of so many teams with titles as long as a title may be, the first one on the stage."""
    rules = {"slots": "entries", "talk_minutes": 3, "qa_minutes": 2, "change_minutes": 1}
    people: dict[str, Any] = {f"p{number}": "participant" for number in range(entries)}
    stage = Stage(SEED, phase("pitch", "P1", rules=rules), sc="screen", **people)
    race(stage, *people)
    for entry, idea in zip(stage.session.entries.values(), ideas.ideas(), strict=False):
        entry.title = idea.text
    stage.open("P1")
    return stage


def test_the_bar_of_a_pitch_shows_how_much_is_over(held: Camera, seeds: None) -> None:
    stage = on_stage(3)
    stage.ok("start_slot", "kim", "P1")
    shares = []
    for seconds in (0, 90, 135, 240):
        show(held, stage)
        shares = [float(bar.evaluate("el => el.value")) for bar in held.page.locator(".parts progress").all()]
        assert shares[0] == pytest.approx(min(seconds / 180, 1), abs=0.03)
        assert shares[1:] == [0, 0]
        assert found(held) == []
        stage.now = START + [90, 135, 240, 240][[0, 90, 135, 240].index(seconds)]


@pytest.mark.parametrize("entries", [3, 9, 21, 30])
def test_no_title_is_cut_in_a_running_order_and_no_two_numbers_look_alike(
    held: Camera, seeds: None, entries: int
) -> None:
    show(held, on_stage(entries))
    rows = held.page.locator(".running li")
    assert rows.count() == entries
    for _ in range(held.page.locator(".page").count()):
        assert found(held) == []
        shown = [row for row in rows.all() if row.is_visible()]
        assert shown
        for row in shown[:3]:
            assert (row.locator("time").count(), row.locator(".no").count()) == (1, 1)
        held.page.keyboard.press("ArrowRight")


# ---- the projector's machine


LAMP = """
window.asked = [];
Object.defineProperty(navigator, 'wakeLock', { value: { request: async what => { window.asked.push(what); } } });
"""


def test_the_projectors_machine_is_asked_to_stay_awake_and_again_when_the_page_is_seen_again(
    held: Camera,
) -> None:
    made = held.another()
    made.page.add_init_script(LAMP)
    stage = room(1)
    show(made, stage)
    assert made.page.evaluate("() => window.asked") == ["screen"]
    made.page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    assert made.page.evaluate("() => window.asked") == ["screen", "screen"]
    show(made, stage, "phone", "p0", PHONE)
    assert made.page.evaluate("() => window.asked") == []


def test_a_browser_that_cannot_stay_awake_shows_the_wall_all_the_same(held: Camera) -> None:
    show(held, room(1))
    assert held.page.evaluate("() => 'wakeLock' in navigator") is False
    assert held.errors == []
    assert held.page.locator(".welcome .code").is_visible()


def test_a_button_fills_the_screen_and_is_gone_then(held: Camera) -> None:
    show(held, room(1))
    button = held.page.locator("#fullscreen")
    assert button.is_visible()
    button.click()
    held.page.wait_for_function("() => document.fullscreenElement === document.documentElement")
    button.wait_for(state="hidden")
    held.page.evaluate("() => document.exitFullscreen()")
    held.page.wait_for_function("() => !document.fullscreenElement")
    button.wait_for(state="visible")


@pytest.mark.parametrize(
    ("view", "by", "size"), [("phone", "p0", PHONE), ("console", "kim", CONSOLE), ("screen", "sc", WALL)]
)
def test_no_page_has_a_script_that_stops(held: Camera, view: str, by: str, size: tuple[int, int]) -> None:
    show(held, collecting(3), view, by, size)
    assert held.errors == []
    with held.page.expect_event("pageerror"):
        held.page.evaluate("() => { setTimeout(() => { throw new Error('on purpose'); }); }")
    assert held.errors == ["on purpose"]
