"""Hostile words in every field of every form, shown on projector, console and phones in a real Chromium."""

from __future__ import annotations

from pathlib import Path

from tests.browser.test_hostile import ATTACKS, EVERYTHING_SHOWN, Watch, played
from tests.conftest import Pages, launched
from tests.faults import broken as variants
from tests.faults.finding import SMALL, Finding
from tests.support.stage import race48

CHECKED = (
    "nothing of it comes to life: no script, no element, no style, no active hx- attribute, no request, no report by "
    "the Content-Security-Policy, no text that runs backwards; and every attack was shown as the words that it is"
)
BROKEN = ("raw_words",)
PROVED = BROKEN
BROWSER = True
ELSEWHERE = "tests/browser/test_hostile.py"
"""The tests play all phases there, with the same eyes; here they see only that these eyes can find something."""

PLAYED = {SMALL: ("R03",)}
"""Phases that are played, if not all: the wall on which every attack hangs."""
FEWEST = {SMALL: ("Kim console", "screen screen")}
"""Pages that must have shown every attack."""


async def run(dose: str, folder: Path, broken: str = "") -> Finding:
    finding = Finding()
    every = [row["id"] for row in race48()["phase"]]
    kept = PLAYED.get(dose, tuple(every))
    with variants.here(broken):
        async with launched() as browser:
            pages = Pages(browser)
            watch = await played(folder, pages, [name for name in every if name not in kept])
    finding.violations += dict.fromkeys([*watch.alive, *pages.errors])
    judge(watch, finding, FEWEST.get(dose, EVERYTHING_SHOWN))
    return finding


def judge(watch: Watch, finding: Finding, must: tuple[str, ...]) -> None:
    """Nothing comes to life where nothing is shown."""
    finding.injected = sum(map(len, watch.shown.values()))
    finding.notes.append(f"{len(ATTACKS)} attacks; {len(watch.pages)} pages, looked at {watch.looks} times")
    for name in must:
        hidden = set(ATTACKS) - watch.shown[name]
        finding.check(not hidden, f"{name} was never shown {hidden}")
