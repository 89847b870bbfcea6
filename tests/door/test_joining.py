"""Coming in once, past a door that staff can set: who waits, who is let in, who is turned away."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2 as httpx
import pytest

from app.live import doorkeeper, waiting
from app.live.doorkeeper import Doorkeeper
from app.web import join_limits
from tests.live.test_socket import ROOM
from tests.support.house import Guest, House, house, http_client
from tests.support.patience import until
from tests.support.stage import words

HIDDEN = re.compile(r'<input type="hidden" name="(ticket|sure|language)" value="([^"]*)"')
WAITS = "The staff is letting people in"


class Newcomer:
    """A browser at the door."""

    def __init__(self, home: House, word: str = "") -> None:
        self.home, self.query = home, f"?w={word}" if word else ""
        self.guest = Guest(home, "phone")
        home.guests.append(self.guest)
        self.http = self.guest.http
        self.form: dict[str, str] = {}

    async def looks(self) -> httpx.Response:
        """Load the door's page, whose form is then filled in."""
        answer = await self.http.get(f"/s/{self.home.code}{self.query}")
        self.form = dict(HIDDEN.findall(answer.text))
        return answer

    async def joins(self, name: str, **more: str) -> httpx.Response:
        answer = await self.http.post(
            f"/s/{self.home.code}/join{self.query}", data={**self.form, "name": name, **more}
        )
        if answer.status_code != 303:
            self.form = dict(HIDDEN.findall(answer.text))
        return answer

    async def sees(self) -> str:
        return (await self.http.get(f"/s/{self.home.code}")).text


async def names(home: House) -> list[str]:
    """Everybody in the session but its staff, by name."""
    desk = await home.desk()
    people = [m for m in desk.session.people.values() if m.role == "participant" and not m.removed]
    return [desk.directory.name(m.id) for m in people]


@contextmanager
def crowded(home: House) -> Iterator[None]:
    """As many have come as may without having seen the wall."""
    purse = home.inside.limits._crowd(home.code, 0)
    while purse.take(join_limits.ANYBODY):
        pass
    yield


# ---- once


async def test_two_taps_on_join_are_one_person(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = Newcomer(home)
        await aino.looks()
        jar = {"Cookie": f"race-device={aino.http.cookies['race-device']}"}
        async with http_client(home.url, headers=jar) as tapping:
            form = {**aino.form, "name": "Aino"}
            taps = [tapping.post(f"/s/{home.code}/join", data=form) for _ in range(6)]
            answers = await asyncio.gather(*taps)
            late = await aino.joins("Aino")
        assert {answer.status_code for answer in (*answers, late)} == {303}
        assert await names(home) == ["Aino"]
        tokens = {answer.cookies["race"] for answer in (*answers, late)}
        seats = [await home.inside.people.whose(token) for token in tokens]
        assert len(tokens) == 7
        assert len({seat.person for seat in seats if seat is not None}) == 1
        log = await (await home.desk()).journal.read(home.code)
        assert [event.kind for event in log].count("joined") == 1


async def test_the_same_form_on_another_device_is_somebody_else_and_so_is_another_form(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, ROOM) as home:
        aino, bo = Newcomer(home), Newcomer(home)
        for newcomer in (aino, bo):
            await newcomer.looks()
        bo.form = aino.form
        assert (await aino.joins("Aino")).status_code == 303
        assert (await bo.joins("Bo")).status_code == 303
        aino.http.cookies.delete("race")
        await aino.looks()
        assert (await aino.joins("Cilla")).status_code == 303
        assert sorted(await names(home)) == ["Aino", "Bo", "Cilla"]


async def test_a_form_that_is_sent_long_after_brings_no_cookie_any_more(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = Newcomer(home)
        await aino.looks()
        assert "set-cookie" in (await aino.joins("Aino")).headers
        aino.http.cookies.delete("race")
        desk = await home.desk()
        for member in desk.session.people.values():
            member.joined_at -= 601
        again = await aino.joins("Aino")
        assert (again.status_code, "set-cookie" in again.headers) == (303, False)
        assert await names(home) == ["Aino"]


# ---- names


async def test_who_is_called_like_somebody_who_is_in_is_asked_once(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        await home.guest("Åsa Lind", live=False)
        other = Newcomer(home)
        await other.looks()
        asked = await other.joins("A\u030asa\u00a0LIND")
        assert (asked.status_code, "Somebody of this name is in already" in asked.text) == (409, True)
        assert await names(home) == ["Åsa Lind"]
        assert (await other.joins("Åsa  lind", organisation="Kyrkan")).status_code == 303
        desk = await home.desk()
        shown = {desk.directory.shown_name(person) for person in desk.session.people}
        assert shown == {"Åsa Lind", "Åsa lind (Kyrkan)"}


@pytest.mark.parametrize(("consent", "status"), [("team", 303), ("nobody knows", 303), ("session", 409)])
async def test_the_door_gives_no_name_away_that_the_session_may_not_see(
    tmp_path: Path, consent: str, status: int
) -> None:
    async with house(tmp_path, ROOM) as home:
        await home.guest("Åsa Lind", live=False)
        (asa,) = (m for m in (await home.desk()).session.people.values() if m.role == "participant")
        asa.facts["consent"] = consent
        other = Newcomer(home)
        await other.looks()
        assert (await other.joins("Åsa Lind")).status_code == status


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("\u200b", "Give a name"),
        ("\u3164", "Give a name"),
        ("Fаcilitator", "Give your own name"),
        ("x" * 61, "at most 60"),
    ],
)
async def test_a_name_that_is_none_or_somebody_elses_is_refused(
    tmp_path: Path, typed: str, told: str
) -> None:
    async with house(tmp_path, ROOM) as home:
        newcomer = Newcomer(home)
        await newcomer.looks()
        answer = await newcomer.joins(typed)
        assert (answer.status_code, told in answer.text) == (422, True)
        assert await names(home) == []


async def test_a_name_is_kept_as_it_is_shown(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        for typed in ("Ai\u200bno", "  Bo\u00a0\u00a0Ek ", "\u202eCilla", "A\u0308mma"):
            await home.guest(typed, live=False)
        assert await names(home) == ["Aino", "Bo Ek", "Cilla", "Ämma"]


# ---- the door


async def test_a_door_that_is_closed_lets_nobody_in_and_keeps_what_was_typed(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim, newcomer = await home.staff(), Newcomer(home)
        await newcomer.looks()
        assert "ack" in await kim.say("set_door", state="closed")
        answer = await newcomer.joins("Aino")
        assert (answer.status_code, "is closed" in answer.text, 'value="Aino"' in answer.text) == (
            403,
            True,
            True,
        )
        assert "ack" in await kim.say("set_door", state="open")
        assert (await newcomer.joins("Aino")).status_code == 303


async def test_where_staff_wants_to_be_asked_everybody_waits_until_let_in_or_turned_away(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, ROOM) as home:
        kim = await home.staff()
        assert "ack" in await kim.say("set_door", state="ask")
        word = home.inside.limits.words.word(home.code)
        aino, bo, cilla = (Newcomer(home, word if n == 2 else "") for n in range(3))
        for newcomer, name in ((aino, "Aino"), (bo, "Bo"), (cilla, "Cilla")):
            await newcomer.looks()
            assert (await newcomer.joins(name, organisation="Verket")).status_code == 303
            page = await newcomer.sees()
            assert WAITS in page
            assert f"You wait as {name}" in page
            assert "data-person" not in page
        assert await names(home) == [], "nothing of it is in the log"
        page = await kim.page("people")
        waits = re.findall(r'type="checkbox" name="person" value="(p\w+)"', page)
        assert all(name in page for name in ("Aino", "Bo", "Cilla"))
        path = f"/s/{home.code}/door"
        assert (await aino.http.post(path, data={"person": waits, "do": "let_in"})).status_code == 403
        done = await kim.http.post(path, data={"person": waits[:1], "do": "let_in"})
        assert (done.status_code, done.headers["location"]) == (303, f"/s/{home.code}/people")
        assert "data-person" in await aino.sees()
        assert WAITS in await bo.sees()
        await kim.http.post(path, data={"all": "yes", "do": "turn_away"})
        assert await names(home) == ["Aino"]
        for newcomer in (bo, cilla):
            page = await newcomer.sees()
            assert "data-person" not in page
            assert WAITS not in page
        told = await home.inside.people.directory(home.code)
        assert sorted(filter(None, (told.name(person) for person in [*waits]))) == ["Aino"]


async def test_who_waits_and_is_let_in_has_the_language_and_organisation_that_they_gave(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, ROOM) as home:
        kim, aino = await home.staff(), Newcomer(home)
        await kim.say("set_door", state="ask")
        await aino.looks()
        await aino.joins("Aino", organisation="Verket", language="fi")
        await kim.http.post(f"/s/{home.code}/door", data={"all": "yes", "do": "let_in"})
        (member,) = (m for m in (await home.desk()).session.people.values() if m.role == "participant")
        assert member.language == "fi"
        assert member.organisation == home.inside.people.organisation_key("Verket")


async def test_many_are_let_in_at_once_and_the_console_says_that_they_wait(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim = await home.staff()
        await kim.say("set_door", state="ask")
        for number in range(5):
            newcomer = Newcomer(home)
            await newcomer.looks()
            await newcomer.joins(f"Guest {number}")
        assert "5 people wait at the door" in await kim.hears("people wait at the door")
        await kim.http.post(f"/s/{home.code}/door", data={"all": "yes", "do": "let_in"})
        assert len(await names(home)) == 5
        assert (await home.desk()).hall.waiting == {}


async def test_beyond_those_expected_the_door_is_strict_by_itself_and_who_has_seen_the_wall_comes_in(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, ROOM) as home:
        kim, screen = await home.staff(), await home.staff("screen")
        honest = Newcomer(home, home.inside.limits.words.word(home.code))
        bot = Newcomer(home)
        with crowded(home):
            for newcomer in (honest, bot):
                await newcomer.looks()
            assert (await bot.joins("Bot")).status_code == 303
            assert (await honest.joins("Aino")).status_code == 303
        assert WAITS in await bot.sees()
        assert "data-person" in await honest.sees()
        assert await names(home) == ["Aino"]
        assert "More people have come than are expected" in await kim.page("people")
        assert 'id="way_in"' in await screen.page()


async def test_a_strict_door_asks_for_the_word_from_the_first_on(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim, other, aino = (
            await home.staff(),
            Newcomer(home),
            Newcomer(home, home.inside.limits.words.word(home.code)),
        )
        await kim.say("set_door", state="strict", expected="53")
        for newcomer, name in ((other, "Other"), (aino, "Aino")):
            await newcomer.looks()
            await newcomer.joins(name)
        assert await names(home) == ["Aino"]
        assert WAITS in await other.sees()


async def test_the_picture_on_the_wall_carries_the_word_of_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house(tmp_path, ROOM) as home:
        screen, desk, inside = await home.staff("screen"), await home.desk(), home.inside
        word = inside.limits.words.word(home.code)
        assert desk.hall.picture_url == f"{desk.hall.join_url}?w={word}"
        monkeypatch.setattr(inside.limits.words, "_clock", lambda: 0.0)
        await Doorkeeper(inside.desks, inside.waiting_room, inside.limits.is_crowded).look()
        assert desk.hall.word != word
        assert await screen.hears('id="way_in"')


async def test_a_removed_device_does_not_come_back_by_another_name_of_its_own_accord(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim, aino = await home.staff(), Newcomer(home)
        await aino.looks()
        await aino.joins("Aino")
        (person,) = (m.id for m in (await home.desk()).session.people.values() if m.role == "participant")
        await kim.say("remove_person", person=person)
        aino.http.cookies.delete("race")
        await aino.looks()
        assert (await aino.joins("Bertil")).status_code == 303
        assert WAITS in await aino.sees()
        assert await names(home) == []
        await kim.http.post(f"/s/{home.code}/door", data={"all": "yes", "do": "let_in"})
        assert await names(home) == ["Bertil"]


async def test_who_leaves_with_a_pass_comes_back_by_the_code_only_when_staff_lets_them_in(
    tmp_path: Path,
) -> None:
    startup = {"key": "startup", "title": words("Startup"), "pass": ["P1", "P1"]}
    async with house(tmp_path, {**ROOM, "role": [startup]}) as home:
        kim, sam, ada = await home.staff(), Newcomer(home), Newcomer(home)
        for newcomer, name in ((sam, "Sam"), (ada, "Ada")):
            await newcomer.looks()
            await newcomer.joins(name)
        session = (await home.desk()).session
        first, _ = (m.id for m in session.people.values() if m.role == "participant")
        await kim.say("grant_role", person=first, role="startup")
        there = len(session.people)
        for newcomer, name in ((ada, "Ada again"), (sam, "Sam Two")):
            assert (await newcomer.http.post(f"/s/{home.code}/leave")).status_code == 303
            await newcomer.looks()
            await newcomer.joins(name)
        assert WAITS in await sam.sees()
        assert WAITS not in await ada.sees()
        assert len(session.people) == there + 1
        await kim.http.post(f"/s/{home.code}/door", data={"all": "yes", "do": "let_in"})
        assert WAITS not in await sam.sees()
        assert len(session.people) == there + 2


async def test_so_many_wait_and_who_does_not_come_back_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "MOST_WAITING", 2)
    async with house(tmp_path, ROOM) as home:
        kim = await home.staff()
        await kim.say("set_door", state="ask")
        newcomers = [Newcomer(home) for _ in range(3)]
        for newcomer in newcomers:
            await newcomer.looks()
        told = [(await newcomer.joins(f"Guest {n}")).status_code for n, newcomer in enumerate(newcomers)]
        assert told == [303, 303, 429]
        left = await newcomers[0].http.post(f"/s/{home.code}/leave")
        assert left.status_code == 303
        assert (await newcomers[2].joins("Guest 2")).status_code == 303
        desk, inside = await home.desk(), home.inside
        assert len(desk.hall.waiting) == 2
        monkeypatch.setattr(waiting, "GONE_SECONDS", -1.0)
        monkeypatch.setattr(doorkeeper, "LOOK_SECONDS", 1e9)
        await Doorkeeper(inside.desks, inside.waiting_room, inside.limits.is_crowded).look()
        assert desk.hall.waiting == {}
        assert WAITS not in await newcomers[1].sees()


async def test_who_waited_and_has_come_in_is_not_turned_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house(tmp_path, ROOM) as home:
        kim, aino, inside = await home.staff(), Newcomer(home), home.inside
        await kim.say("set_door", state="ask")
        await aino.looks()
        await aino.joins("Aino")
        aino.http.cookies.delete("race")  # the answer was lost
        await kim.say("set_door", state="open")
        assert (await aino.joins("Aino")).status_code == 303
        desk = await home.desk()
        assert (await names(home), desk.hall.waiting) == (["Aino"], {})
        (person,) = (m.id for m in desk.session.people.values() if m.role == "participant")
        monkeypatch.setattr(waiting, "GONE_SECONDS", -1.0)
        desk.hall.waiting[person] = 0.0  # as the list of another process has it
        await Doorkeeper(inside.desks, inside.waiting_room, inside.limits.is_crowded).look()
        assert desk.hall.waiting == {}
        desk.hall.waiting[person] = 0.0
        await kim.http.post(f"/s/{home.code}/door", data={"all": "yes", "do": "turn_away"})
        assert desk.hall.waiting == {}
        assert await names(home) == ["Aino"]
        assert "data-person" in await aino.sees()


async def test_who_waits_comes_in_by_looking_again_once_the_door_is_open(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim, aino, bo, joins = await home.staff(), Newcomer(home), Newcomer(home), home.inside.limits.joins
        await kim.say("set_door", state="ask")
        for newcomer, name in ((aino, "Aino"), (bo, "Bo")):
            await newcomer.looks()
            await newcomer.joins(name, organisation="Verket", language="fi")
        for door in ("ask", "closed"):
            await kim.say("set_door", state=door)
            page = await aino.http.get(f"/s/{home.code}")
            assert ("data-person" in page.text, "refresh" in page.headers) == (False, True)
        device = bo.http.cookies["race-device"].rpartition(".")[0]
        before = joins.owed(device)
        bo.http.cookies.delete("race")
        await kim.say("set_door", state="open")
        assert "data-person" in await aino.sees()
        again = await bo.joins("Bo", organisation="Verket", language="fi")
        assert (again.status_code, "data-person" in await bo.sees()) == (303, True)
        assert joins.owed(device) <= before, "who waits has been counted"
        assert await names(home) == ["Aino", "Bo"]
        desk = await home.desk()
        assert desk.hall.waiting == {}
        members = [m for m in desk.session.people.values() if m.role == "participant"]
        assert [m.language for m in members] == ["fi", "fi"]
        assert {m.organisation for m in members} == {home.inside.people.organisation_key("Verket")}


async def test_who_waits_at_a_strict_door_comes_in_by_the_picture_on_the_wall(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim, aino = await home.staff(), Newcomer(home)
        await kim.say("set_door", state="strict")
        await aino.looks()
        await aino.joins("Aino")
        assert WAITS in (await aino.http.get(f"/s/{home.code}?w=AAAAAA")).text
        word = home.inside.limits.words.word(home.code)
        assert "data-person" in (await aino.http.get(f"/s/{home.code}?w={word}")).text
        assert await names(home) == ["Aino"]


async def test_of_a_crowd_that_waits_some_come_in_as_time_passes(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino, bo = Newcomer(home), Newcomer(home)
        with crowded(home):
            for newcomer, name in ((aino, "Aino"), (bo, "Bo")):
                await newcomer.looks()
                await newcomer.joins(name)
        assert WAITS in await aino.sees()
        home.inside.limits._crowd(home.code, 0).give_back(join_limits.ANYBODY)
        assert "data-person" in await aino.sees()
        assert WAITS in await bo.sees()
        assert await names(home) == ["Aino"]


async def test_a_removed_device_that_waits_does_not_come_in_by_looking_again(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim, aino = await home.staff(), Newcomer(home, home.inside.limits.words.word(home.code))
        await aino.looks()
        await aino.joins("Aino")
        (person,) = (m.id for m in (await home.desk()).session.people.values() if m.role == "participant")
        await kim.say("remove_person", person=person)
        aino.http.cookies.delete("race")
        await aino.looks()
        await aino.joins("Bertil")
        assert WAITS in (await aino.looks()).text
        assert await names(home) == []


async def test_who_has_gone_from_the_door_and_sends_the_same_form_again_is_asked_once_more_and_keeps_their_name(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, ROOM) as home:
        kim, aino = await home.staff(), Newcomer(home)
        await kim.say("set_door", state="ask")
        await aino.looks()
        await aino.joins("Aino", organisation="Verket")
        assert (await aino.http.post(f"/s/{home.code}/leave")).status_code == 303
        again = await aino.joins("Aino", organisation="Verket")
        assert (again.status_code, "You have left the door" in again.text) == (409, True)
        assert 'value="Aino"' in again.text
        assert (await aino.joins("Aino", organisation="Verket")).status_code == 303
        await kim.http.post(f"/s/{home.code}/door", data={"all": "yes", "do": "let_in"})
        assert await names(home) == ["Aino"]


async def test_who_has_gone_from_the_door_at_another_process_is_not_let_in_without_a_name(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, ROOM) as home:
        kim, aino, bo = await home.staff(), Newcomer(home), Newcomer(home)
        await kim.say("set_door", state="ask")
        for newcomer, name in ((aino, "Aino"), (bo, "Bo")):
            await newcomer.looks()
            await newcomer.joins(name)
        desk = await home.desk()
        before = dict(desk.hall.waiting)
        await aino.http.post(f"/s/{home.code}/leave")
        desk.hall.waiting.update(before)  # as the list of another process has it
        await kim.http.post(f"/s/{home.code}/door", data={"all": "yes", "do": "let_in"})
        assert (await names(home), desk.hall.waiting) == (["Bo"], {})


async def test_since_when_somebody_waits_is_told_in_the_time_of_the_race(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM, clock_origin=time.time() - 3600.0, clock_rate=60.0) as home:
        kim, aino = await home.staff(), Newcomer(home)
        await kim.say("set_door", state="ask")
        await aino.looks()
        before = (await home.desk()).now()
        assert before > time.time() + 3600.0, "the race is ahead of the wall"
        await aino.joins("Aino")
        (since,) = (await home.desk()).hall.waiting.values()
        assert before <= since <= (await home.desk()).now()


async def test_after_a_restart_who_asks_again_waits_again(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim, aino = await home.staff(), Newcomer(home)
        await kim.say("set_door", state="ask")
        await aino.looks()
        await aino.joins("Aino")
        hall = (await home.desk()).hall
        hall.waiting.clear()
        assert WAITS in await aino.sees()
        assert [hall.names.shown_name(person) for person in hall.waiting] == ["Aino"]


async def test_the_door_is_set_by_staff_alone_and_to_what_there_is(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim, aino = await home.staff(), await home.guest("Aino")
        assert (await aino.say("set_door", state="closed"))["reason"] == "not_allowed"
        assert (await kim.say("set_door", state="ajar"))["reason"] == "no_such_door"
        assert (await kim.say("set_door", state="open", expected="many"))["reason"] == "bad_number"
        assert (await kim.say("set_door", state="open", expected="-1"))["reason"] == "bad_number"
        assert "ack" in await kim.say("set_door", expected="53")
        session = (await home.desk()).session
        assert (session.door, session.expected) == ("open", 53)
        await until(lambda: session.seq > 0)


async def test_everything_at_the_door_is_said_in_three_languages(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim = await home.staff()
        await kim.say("set_door", state="ask")
        told = set()
        for language in ("en", "sv", "fi"):
            newcomer = Newcomer(home)
            newcomer.http.headers["accept-language"] = language
            await newcomer.looks()
            await newcomer.joins(f"Guest {language}")
            told.add(re.findall(r'<p role="status">([^<]+)', await newcomer.sees())[0])
        assert len(told) == 3
