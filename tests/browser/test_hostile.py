"""Hostile words in every field of every form: on the wall, the console and the phones they stay words."""

from __future__ import annotations

import random
from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, Request

from app.rehearsal.browser.forms import Form, Values
from app.rehearsal.people.cast import Part
from app.rehearsal.people.filling import fill
from app.rehearsal.people.habit import Habit, Repertoire
from app.rehearsal.people.person import Person
from app.rehearsal.people.vocabulary import ByLanguage
from app.rehearsal.people.words import Words
from tests.browser.race import Race, race
from tests.browser.room import CONSOLE, PHONE, SCREEN
from tests.conftest import CONTENT_NETWORK, Pages
from tests.support.stage import race48
from tests.support.traits import repeats

RIGHT_TO_LEFT, POP = "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{POP DIRECTIONAL FORMATTING}"
ATTACKS = (
    "<script>pwned=1</script>",
    "<img src=x onerror=pwned=1>",
    '"><svg onload=pwned=1>',
    "' autofocus onfocus=pwned=1 x='",
    "</textarea></p><b onclick=pwned=1>",
    "</option></select></template><u>",
    '<i hx-get="/x" hx-trigger="load">',
    "<form hx-ws:send><input name=x>",
    '<hx-partial hx-target="body">x</hx-partial>',
    "<li id=band data-v=99999 data-gone>",
    "{{ 7*7 }}{% raw %}${7*7}%(name)s{text}",
    f"{RIGHT_TO_LEFT}txt.exe{POP}",
    "👩🏽‍🚒🐻‍❄️𝔘𝔫𝔦",
    "Lumihiutaletutkimusaseman" * 4,
    "&lt;script&gt;&#60;b&#62;&amp;amp;",
    "<style>*{display:none}</style>",
    "<base href=//evil.example>",
    "javascript:pwned=1//",
    "<iframe srcdoc='<script>top.pwned=1'>",
    "<!-- ]]> --!> \\u003cb\\u003e",
)
"""Each says what it is at the latest in its first forty characters, the shortest that a field holds."""

WATCH = """
window.violations = [];
document.addEventListener('securitypolicyviolation', event => window.violations.push(`${event.violatedDirective} ${event.sample}`));
"""
ALIVE = """
() => {
  const ours = new Set(['hx-ws:connect', 'hx-ws:send', 'hx-swap']), found = [...window.violations];
  if (window.pwned !== undefined) found.push('a script has run');
  for (const el of document.querySelectorAll('body *, body')) {
    if (/^(script|iframe|img|style|link|base|meta|object|embed|hx-partial)$/i.test(el.localName)) found.push(el.outerHTML.slice(0, 200));
    for (const { name, value } of el.attributes) {
      if (name.startsWith('hx-') && !ours.has(name) || name.startsWith('on') || name === 'style' && !(el.dataset.fit && /^--fit: [\\d.]+;$/.test(value)) || name === 'srcdoc' || /^\\s*javascript:/i.test(value) && name !== 'value') {
        found.push(`${el.localName} ${name}=${value.slice(0, 100)}`);
      }
    }
  }
  if (!document.querySelector('main')) found.push('the page is gone');
  if (/[\u202a-\u202e\u2066-\u2069]/.test(document.body.textContent)) found.push('the direction of words is turned');
  return found;
}
"""
"""Whatever on a page has come to life out of words."""


class Hostile(Words):
    """Somebody who writes nothing but attacks, each with a number, so that no two are the same."""

    def __init__(self) -> None:
        super().__init__("en", random.Random(1))
        self.count = 0

    def _next(self) -> str:
        self.count += 1
        return f"{ATTACKS[self.count % len(ATTACKS)]} {self.count}"

    def _one(self, sentences: ByLanguage) -> str:
        return self._next()

    def situation(self) -> str:
        return self._next()

    def idea(self) -> str:
        return self._next()

    def title(self) -> str:
        return self._next()

    def keywords(self) -> str:
        return self._next()

    def team_name(self) -> str:
        return self._next()

    def stranger(self) -> str:
        return self._next()

    def organisation(self) -> str:
        return self._next()

    def address(self) -> str:
        return self._next()

    def fitting(self, limit: int) -> str:
        text = f"{self._next()}\n{self._next()}"
        return text if len(text) <= limit else self._next()[:limit]


LEFT_ALONE = frozenset(
    {
        "void_vote",
        "override_result",
        "split_team",
        "merge_teams",
        "withdraw_card",
        "move_stop",
        "waive",
        "recuse",
    }
)
"""Forms with words in them that would lead the race elsewhere."""


class Everything:
    """What somebody usually does, and beside that every form that takes words, once."""

    def __init__(self, usual: Repertoire) -> None:
        self.usual = usual

    def find(self, kind: str, command: str) -> Habit | None:
        return self.usual.find(kind, command) or (None if command in LEFT_ALONE else write_once)


def write_once(me: Person, form: Form) -> Values | None:
    words = [one for one in form.fields if one.kind in ("text", "textarea")]
    return fill(me, form) if words and me.memory.first_time(form) else None


def named(part: Part) -> str:
    """A name to be called by."""
    return f"{ATTACKS[part.number % len(ATTACKS)]}"[:60]


WATCHING: Mapping[str, tuple[Mapping[str, Any], tuple[str, ...]]] = {
    "Aino": (PHONE, ("", "mine", "team")),
    "Eva": (PHONE, ("",)),
    "Väinö": (PHONE, ("",)),
    "Kim": (CONSOLE, ("console", "people", "log")),
    "screen": (SCREEN, ("screen",)),
}
EVERYTHING_SHOWN = ("Aino", "Kim console", "screen screen")
"""Pages that are known to have shown every attack: nothing comes to life where nothing is shown."""


class Watch:
    """Open pages, and what has come to life on them."""

    def __init__(self, home: str) -> None:
        self.home = home
        self.pages: dict[str, Page] = {}
        self.alive: list[str] = []
        self.shown: dict[str, set[str]] = {}
        self.looks = 0
        """Times that a page was looked at."""

    async def over(self, held: Race, name: str, options: Mapping[str, Any], views: tuple[str, ...]) -> None:
        """Open somebody's pages."""
        context = await held.browser(name, **options)
        await context.add_init_script(WATCH)
        self._listen(context)
        for view in views:
            self.pages[f"{name} {view}".strip()] = await held.open(context, view)

    def _listen(self, context: BrowserContext) -> None:
        def dialog(_: Any) -> None:
            self.alive.append("a dialog has opened")

        def request(asked: Request) -> None:
            ours = (f"{self.home}/s/", f"{self.home}/static/", CONTENT_NETWORK.rstrip("*"))
            if not asked.url.startswith(ours) or asked.url.endswith("/x"):
                self.alive.append(f"the page has asked for {asked.url}")

        context.on("dialog", dialog)
        context.on("request", request)

    async def look(self, where: str) -> None:
        for name, page in self.pages.items():
            self.looks += 1
            self.alive += [f"{where}, {name}: {what}" for what in await page.evaluate(ALIVE)]
            words = await page.evaluate(
                "() => document.body.textContent + [...document.querySelectorAll('input, textarea')].map(f => f.value).join()"
            )
            self.shown.setdefault(name, set()).update(seen_in(words))


HEADLINE = 85
"""Characters; of longer words a wall may show only the beginning."""


def seen_in(words: str) -> Iterator[str]:
    """The attacks that stand in a text as the words they are (marks that turn words around are taken out), as far as a
    headline goes."""
    return (attack for attack in ATTACKS if attack.strip(RIGHT_TO_LEFT + POP)[:HEADLINE] in words)


async def write_them_all(held: Race) -> None:
    """Each attack as a card on the wall, and some as words to everybody."""
    writers = [name for name in held.players if name != "Kim"]
    for number, attack in enumerate(ATTACKS):
        await held.tell("add_card", writers[number % len(writers)], "R03", situation=attack, who=attack)
    await held.tell("reveal_cards", "Kim", "R03")
    for attack in ATTACKS[:3]:
        await held.tell("announce", "Kim", text=attack)


async def played(data: Path, pages: Pages, leave_out: Container[str]) -> Watch:
    """A race in which everybody writes attacks, and what came of it on the pages that looked on."""
    async with race(data, pages, Hostile(), named) as held:
        for person in held.players.values():
            person.habits = Everything(person.habits)
        watch = Watch(held.home.url)
        for name, (options, views) in WATCHING.items():
            await watch.over(held, name, options, views)

        async def look(phase: str, moment: str) -> None:
            if (phase, moment) == ("R03", "opened"):
                await write_them_all(held)
            if moment == "over" or phase == "R03":
                await held.shown()
                await watch.look(phase)

        await held.walk(look, leave_out)
        for entry in sorted(held.desk.session.entries)[:1]:
            sheet = await watch.pages["Kim console"].context.new_page()
            await sheet.goto(f"{held.home.url}/s/{held.home.code}/records/{entry}")
            watch.alive += await sheet.evaluate(ALIVE)
    return watch


@pytest.mark.timeout(400)
async def test_hostile_words_stay_words(tmp_path: Path, open_page: Pages) -> None:
    watch = await played(tmp_path, open_page, repeats(race48()))
    assert not watch.alive, "\n".join(dict.fromkeys(watch.alive))
    for name in EVERYTHING_SHOWN:
        assert watch.shown[name] == set(ATTACKS), f"{name} was never shown {set(ATTACKS) - watch.shown[name]}"
