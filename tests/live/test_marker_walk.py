"""Nobody reads what was not meant for them: every text and name bears a marker, and every route is asked for by all.

What is found is compared with what ``sight`` allows, both ways: nothing more anywhere, and nothing less where a page
shows that kind of thing. Else a page that shows nothing at all would pass.
"""

from __future__ import annotations

import asyncio
import re
import zipfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Mount
from websockets.exceptions import ConnectionClosed
from websockets.protocol import State

from app.archive import forgetting
from app.archive.export import export
from app.archive.leaving import PURPOSES
from app.audience.connection import IN_STEP
from app.database import open_database
from app.drawing.markup import Words
from app.routes import routes
from app.web.assets import Assets
from sessions import facts
from sessions.activities.collect import reach
from sessions.audience import EVERYBODY
from sessions.levels import LEVELS, viewer_at
from sessions.outcome import Fact, Team
from sessions.session import Session
from sessions.sight import Author, Viewer, may_see
from sessions.viewers import OUTSIDE, is_named, sees_section, viewer_in, viewer_of
from tests.support.house import Guest, House, house
from tests.support.patience import SOON, until, within
from tests.support.stage import made_up, phase, plain

MARK = re.compile(r"(?:TXT|NAM|REC)[A-Z]+Z")
CONSENTS = ("team", "session", "programme", "public")
STATES = ("shown", "hidden", "withdrawn", "late", "chosen")
SECTIONS = {
    "market.segment": "RECMARKETZ",
    "technology.solution": "RECTECHNOLOGYZ",
    "rights.background_ip": "RECRIGHTSZ",
    "summary.summary": "RECSUMMARYZ",
}
FAR = "2099-01-01"
VIEWS = ("phone", "mine", "team", "screen", "console", "people", "log")

FORMAT = plain(
    {
        **made_up(),
        "phase": [
            phase("survey", "P0", rules={"form": "checkin", "respondent": "person"}),
            phase("collect", "P1", rules={"fields": ["text"], "per_person": 20}),
            phase("pitch", "P2", rules={"slots": "entries", "talk_minutes": 3}),
        ],
    }
)


def text_of(consent: str, state: str) -> str:
    return f"TXT{consent}{state}Z".upper()


def name_of(who: str) -> str:
    return f"NAM{who}Z".upper()


@dataclass
class Marked:
    """A session in which everything bears a marker. ``authors`` by consent; Mate is in the team of all of them but
    Other, who has said nothing yet; the entry of that team has a no-disclosure date."""

    home: House
    people: Mapping[str, Guest]
    ids: Mapping[str, str]
    cards: Mapping[str, str]
    """The marker of each card by its id."""

    @property
    def session(self) -> Session:
        desk = self.home.inside.desks.opened(self.home.code)
        assert desk is not None
        return desk.session

    def viewer(self, who: str, view: str) -> Viewer:
        """Who looks at a page of theirs; all its scopes come together there."""
        if view == "screen":
            return viewer_in(self.session, "screen", EVERYBODY)
        if who not in self.ids:
            return OUTSIDE
        return viewer_of(self.session, self.ids[who])

    def placed(self, who: str) -> int:
        """The seq since which somebody has had their place; a page that stands at an earlier one has to be loaded."""
        people = self.session.people
        screen = next(member.id for member in people.values() if member.role == "screen")
        return people[self.ids.get(who, screen)].placed_seq

    def allowed(self, viewer: Viewer) -> set[str]:
        """The markers that somebody may find, wherever they look."""
        return {*self._cards(viewer), *self._names(viewer), *self._sections(viewer)}

    def _cards(self, viewer: Viewer) -> Iterator[str]:
        collect: Any = self.session.agenda.phases["P1"].activity
        for card, mark in self.cards.items():
            thing = reach.thing_of(collect, collect.state.card(card))
            if may_see(viewer, thing, Author(), self.session.at).text:
                yield mark

    def _names(self, viewer: Viewer) -> Iterator[str]:
        for who, person in self.ids.items():
            if is_named(self.session, viewer, person):
                yield name_of(who)

    def _sections(self, viewer: Viewer) -> Iterator[str]:
        (entry,) = self.session.entries.values()
        for place, mark in SECTIONS.items():
            sections = {place.partition(".")[0], *(["stage"] if "summary" in place else [])}
            if any(sees_section(self.session, viewer, entry, s, self.session.at).text for s in sections):
                yield mark


async def ok(guest: Guest, command: str, phase_id: str = "", **fields: str | list[str]) -> None:
    answer = await guest.post(command, phase_id, **fields)
    assert answer.status_code == 303, answer.text


@pytest.fixture
async def marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Marked]:
    monkeypatch.setattr(forgetting, "SOON_SECONDS", 3600.0)  # teams and an entry stand in no log here
    async with house(tmp_path, FORMAT) as home:
        people = {"kim": await home.staff(live=False), "screen": await home.staff("screen", live=False)}
        for who in (*CONSENTS, "mate", "other"):
            people[who] = await home.guest(name_of(who), live=False)
        session = (await home.desk()).session
        joined = [m.id for m in session.people.values() if m.role == "participant"]
        ids = dict(zip((*CONSENTS, "mate", "other"), joined, strict=True))
        ids["kim"] = session.driver
        await ok(people["kim"], "open_phase", "P0")
        for consent in CONSENTS:
            await ok(people[consent], "answer", "P0", consent=consent, terms="yes", final="yes")
        members = tuple(ids[who] for who in (*CONSENTS, "mate"))
        facts.regroup(session, Team("t1", 1, "Ripa", members, members[0]))
        facts.regroup(session, Team("t2", 2, "Järv", (ids["other"],), ids["other"]))
        facts.learn(session, "P0", Fact("c0", "kept", {"title": "Quiet wards", "team": "t1", "need": ""}))
        for place, mark in SECTIONS.items():
            facts.learn(session, "P0", Fact("e1", "field", mark, place))
        said = {
            "title": "Quiet wards",
            "visibility": "session",
            "disclosure": "ok",
            "presenters": list(members),
        }
        for name, value in said.items():
            facts.learn(session, "P0", Fact("e1", name, value))
        await ok(people["kim"], "open_phase", "P1")
        cards: dict[str, str] = {}
        for consent in CONSENTS:
            for state in STATES:
                if state != "late":
                    await ok(people[consent], "add_card", "P1", text=text_of(consent, state))
                    cards[f"P1c{len(cards) + 1}"] = text_of(consent, state)
        by_mark = {mark: card for card, mark in cards.items()}
        for consent in CONSENTS:
            await ok(people["kim"], "hide_card", "P1", card=by_mark[text_of(consent, "hidden")])
            await ok(people[consent], "withdraw_card", "P1", card=by_mark[text_of(consent, "withdrawn")])
            await ok(people[consent], "share_card", "P1", card=by_mark[text_of(consent, "chosen")])
        yield Marked(home, people, ids, cards)


# ---- what is asked for


async def found_by(marked: Marked, who: str, view: str) -> dict[str, set[str]]:
    """The markers that somebody finds in a view: its page, what came since, and what a socket says."""
    guest = marked.people.get(who) or Guest(marked.home, "phone")
    code, place = marked.home.code, "" if view == "phone" else f"/{view}"
    found = {}
    page = await guest.http.get(f"/s/{code}{place}")
    found["page"] = marks(page.text if page.status_code == 200 else "")
    placed = marked.placed(who) if who in marked.people else 1
    since = await guest.http.get(f"/s/{code}/since?view={view}&seq={placed}")
    found["since"] = marks(since.text if since.status_code == 200 else "")
    if page.status_code == 200 and who != "visitor":
        found["socket"] = await said_by_socket(marked, who, view)
    if not marked.people.get(who):
        await guest.http.aclose()
    return found


async def said_by_socket(marked: Marked, who: str, view: str) -> set[str]:
    """What a page is told that was open since its person got their place, until it is in step with the others."""
    guest, connections = marked.people[who], (await marked.home.desk()).fanout.connections
    guest.view, before, known = view, guest.view, {*connections.all}
    guest.heard.clear()
    with suppress(ConnectionClosed):  # this view is not theirs
        socket = await guest.connect(marked.placed(who))
        await until(
            lambda: (
                socket.state is not State.OPEN
                or any(one.standing is IN_STEP for one in connections.all if one not in known)
            )
        )
        await guest.say("no_such_command")  # whose answer comes after all that was said before
    if guest.socket is not None:
        await guest.socket.close()
    guest.view = before
    return marks("".join(guest.heard))


def marks(text: str) -> set[str]:
    return set(MARK.findall(text))


async def leaks(marked: Marked) -> set[str]:
    """Whatever anybody finds that was not meant for them, as ``who/view/how: marker``."""
    return {
        f"{who}/{view}/{how}: {mark}"
        for who in (*marked.people, "visitor")
        for view in VIEWS
        for how, found in (await found_by(marked, who, view)).items()
        for mark in found - marked.allowed(marked.viewer("kim" if view in STAFF else who, view))
    }


STAFF = ("console", "people", "log")


async def test_nobody_finds_in_any_view_what_was_not_meant_for_them(marked: Marked) -> None:
    assert await leaks(marked) == set()


async def test_what_is_meant_for_somebody_stands_where_such_things_are_shown(marked: Marked) -> None:
    texts = {mark for mark in marked.cards.values() if "WITHDRAWN" not in mark}
    for who, view in (("other", "phone"), ("mate", "phone"), ("screen", "screen"), ("kim", "console")):
        allowed = marked.allowed(marked.viewer(who, view)) & texts
        found = (await found_by(marked, who, view))["page"] & texts
        assert found == allowed, (who, view)
        assert found, (who, view)
    assert text_of("team", "shown") in (await found_by(marked, "mate", "phone"))["page"]
    assert text_of("team", "shown") not in (await found_by(marked, "other", "phone"))["page"]


async def test_a_stage_names_and_tells_as_far_as_everybody_may_know(marked: Marked) -> None:
    await ok(marked.people["kim"], "open_phase", "P2")
    await ok(marked.people["kim"], "start_slot", "P2", slot="e1")
    assert await leaks(marked) == set()
    names = {name_of(who) for who in CONSENTS}
    on_the_wall = (await found_by(marked, "screen", "screen"))["page"]
    assert on_the_wall & names == names - {name_of("team")}
    on_phones = (await found_by(marked, "other", "phone"))["page"]
    assert "RECSUMMARYZ" in on_phones | on_the_wall
    facts.learn(marked.session, "P0", Fact("e1", "field", FAR, "rights.no_disclosure_before"))
    await ok(marked.people["kim"], "announce", text="…")  # what is learnt comes with an event
    assert await leaks(marked) == set()
    for who, view in (("screen", "screen"), ("other", "phone")):
        assert "RECSUMMARYZ" not in (await found_by(marked, who, view))["page"]


async def test_a_record_shows_each_what_its_team_lets_go(marked: Marked) -> None:
    (entry,) = marked.session.entries.values()
    address = f"/s/{marked.home.code}/records/{entry.id}"
    for day in ("", FAR):
        facts.learn(marked.session, "P0", Fact("e1", "field", day, "rights.no_disclosure_before"))
        for who in ("kim", "mate", "other"):
            listed = await marked.people[who].http.get(address.rpartition("/")[0])
            assert marks(listed.text) <= marked.allowed(marked.viewer(who, "record"))
            answer = await marked.people[who].http.get(address)
            expected = marked.allowed(marked.viewer(who, "record")) & set(SECTIONS.values())
            shown = {*expected} - {"RECSUMMARYZ"}
            found = marks(answer.text) & set(SECTIONS.values())
            assert shown <= found <= expected, (who, day)
    assert "RECTECHNOLOGYZ" not in (await marked.people["other"].http.get(address)).text


async def test_the_page_with_all_words_is_for_staff(marked: Marked) -> None:
    address = f"/s/{marked.home.code}/words"
    for who, guest in marked.people.items():
        found = marks((await guest.http.get(address)).text)
        assert found == set() if who != "kim" else text_of("team", "shown") in found


KEPT = plain(
    {
        **made_up(),
        "phase": [
            phase("survey", "P0", rules={"form": "checkin", "respondent": "person"}),
            phase("collect", "P1", rules={"fields": ["text"], "main": "text"}),
            phase(
                "vote", "P2", inputs=["P1"], rules={"method": "approval", "keep": "4", "begins_entries": True}
            ),
        ],
    }
)


async def all_kept(home: House) -> Session:
    """A session in which everybody has chosen another consent and has an idea that became an entry."""
    kim = await home.staff(live=False)
    people = {consent: await home.guest(name_of(consent), live=False) for consent in CONSENTS}
    for opened in ("P0", "P1"):
        await ok(kim, "open_phase", opened)
        for consent, guest in people.items():
            if opened == "P0":
                await ok(guest, "answer", "P0", consent=consent, terms="yes", final="yes")
            else:
                await ok(guest, "add_card", "P1", text=text_of(consent, "shown"))
    await ok(people["team"], "share_card", "P1", card="P1c1")
    await ok(kim, "open_phase", "P2")
    for guest in people.values():
        await ok(guest, "cast_ballot", "P2", option=[f"P1c{number}" for number in range(1, 5)])
    await ok(kim, "close_phase", "P2")
    await ok(kim, "reveal_result", "P2")
    return (await home.desk()).session


WIDE_ENOUGH = {"session": CONSENTS[1:], "programme": CONSENTS[2:]}
"""The consents that let a level see a name; any other export names those who let everybody."""


@pytest.mark.parametrize("purpose", PURPOSES)
async def test_an_export_names_everybody_whom_its_readers_may_know_and_nobody_else(
    tmp_path: Path, purpose: str
) -> None:
    async with house(tmp_path / "data", KEPT) as home:
        session, names = await all_kept(home), (await home.desk()).directory.name
        authors = {a for entry in session.entries.values() if entry.idea for a in entry.idea.authors}
        assert {names(author) for author in authors} == {name_of(consent) for consent in CONSENTS}
        viewer = viewer_at(session, purpose) if purpose in LEVELS else OUTSIDE
        allowed = {names(author) for author in authors if is_named(session, viewer, author)}
        database = open_database(home.data, home.inside.settings.database_url)
        await asyncio.to_thread(export, database, home.code, tmp_path / "race.zip", None, purpose)
        await database.close()
    with zipfile.ZipFile(tmp_path / "race.zip") as archive:
        found = set().union(*(marks(archive.read(n).decode(errors="replace")) for n in archive.namelist()))
    wide_enough = {name_of(consent) for consent in WIDE_ENOUGH.get(purpose, CONSENTS[3:])}
    assert {mark for mark in found if mark.startswith("NAM")} == allowed == wide_enough


async def test_narrowing_consent_takes_texts_and_name_from_every_open_page(marked: Marked) -> None:
    seen = (await found_by(marked, "other", "phone"))["page"]
    assert text_of("public", "shown") in seen
    socket = await marked.people["other"].connect(marked.session.seq)
    await ok(marked.people["public"], "answer", "P0", consent="team", terms="yes", final="yes")
    frame = ""
    while "data-gone" not in frame:
        frame += str(await within(socket.recv(), SOON))
    by_mark = {mark: card for card, mark in marked.cards.items()}
    gone = by_mark[text_of("public", "shown")]
    assert re.search(rf'id="P1-card-{gone}"[^>]*data-gone', frame)
    assert text_of("public", "shown") not in (await found_by(marked, "other", "phone"))["page"]
    assert await leaks(marked) == set()


# ---- a walk that could not fail would prove nothing


async def test_a_page_that_names_everybody_is_caught(marked: Marked, monkeypatch: pytest.MonkeyPatch) -> None:
    await ok(marked.people["kim"], "open_phase", "P2")
    await ok(marked.people["kim"], "start_slot", "P2", slot="e1")
    monkeypatch.setattr("sessions.stage_entries.named_in", lambda session, view, scope, people: list(people))
    monkeypatch.setattr(Words, "name", lambda self, hall, viewer, person: hall.names.shown_name(person))
    for at in marked.session.touched:
        marked.session.touched[at] = marked.session.seq
    assert any(name_of("team") in leak for leak in await leaks(marked))


async def test_a_list_that_does_not_ask_is_caught(marked: Marked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "is_seen", lambda collect, card, view, scope: True)
    collect: Any = marked.session.agenda.phases["P1"].activity
    for card in collect.state.wall.cards.values():
        collect.state.wall.newest.add(card.number)
    assert any(text_of("team", "shown") in leak for leak in await leaks(marked))


# ---- every route has its place in the walk

WALKED = {
    "/": "the door: no session is named",
    "/join": "the door: a code",
    "/enter/{token}": "the door: a link",
    "/keys": "the installation's public keys",
    "/.well-known/race-keys.json": "the installation's public keys",
    "/healthz": "figures of the process",
    "/metrics": "figures of the process",
    "/static": "files of the server's own",
    "/s/{code}": "found_by",
    "/s/{code}/{view}": "found_by",
    "/s/{code}/since": "found_by",
    "/s/{code}/live": "found_by",
    "/s/{code}/join": "answers with the session's page",
    "/s/{code}/leave": "answers with the door",
    "/s/{code}/do": "answers with the session's page",
    "/s/{code}/alike": "tests/live/test_alike.py: hints of what one may see, groups for staff",
    "/s/{code}/words": "test_the_page_with_all_words_is_for_staff",
    "/s/{code}/records": "test_a_record_shows_each_what_its_team_lets_go",
    "/s/{code}/records/{entry}": "test_a_record_shows_each_what_its_team_lets_go",
    "/s/{code}/records/{entry}/do": "answers with the record's page",
    "/s/{code}/my-data": "tests of what somebody may have of their own",
    "/s/{code}/door": "staff's own settings of the door",
    "/s/{code}/delete": "staff's own question, whether they are sure",
    "/s/{code}/links": "staff's own links",
    "/s/{code}/links/{link}/stop": "staff's own links",
    "/s/{code}/back": "answers with a page of the door",
}


def test_every_route_has_its_place_in_the_walk() -> None:
    known = [route.path for route in routes(Assets(Path(), {}))]
    assert [path for path in known if path not in WALKED] == []
    assert any(isinstance(route, Mount) for route in routes(Assets(Path(), {})))
