"""One browser's socket: who may open it, what it may say, what it is told."""

from __future__ import annotations

import asyncio
import gc
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
import websockets
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.server import ServerProtocol

from app.live.socket import MAX_MALFORMED
from app.web.limits import Intake
from app.wire.incoming import FrameReader
from app.wire.odd_frames import ODD
from app.wire.protocol import RaceProtocol
from app.wire.socket_transport import SocketTransport
from tests.support.house import Guest, house
from tests.support.patience import SOON, within
from tests.support.stage import phase, words

MEAL = phase("pause", "P1", rules={"reason": "meal"})
ROOM = {"key": "t", "title": words("T"), "phase": [MEAL]}


async def test_a_command_is_acknowledged_with_the_seq_of_its_event(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim = await home.staff()
        told = await kim.say("announce", text="Soup is ready", named="x1")
        assert told == {"ack": "x1", "seq": (await home.desk()).session.seq}


async def test_the_same_id_again_gives_the_same_answer_and_no_second_event(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim = await home.staff()
        first = await kim.say("announce", text="Soup", named="x1")
        again = await kim.say("announce", text="Soup", named="x1")
        assert (again, len((await home.desk()).session.announcements)) == (first, 1)


async def test_a_refusal_comes_in_the_persons_language(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino", "fi")
        told = await aino.say("announce", text="Hei", named="x1")
        assert told == {
            "refused": "x1",
            "reason": "not_allowed",
            "message": "Roolisi tässä tilaisuudessa ei salli sitä.",
        }


async def test_a_refusal_says_on_which_day_it_was_and_which_moment_that_is(tmp_path: Path) -> None:
    form = {**ROOM, "phase": [phase("collect", "P1", rules={"card_type": "need", "fields": ["situation"]})]}
    async with house(tmp_path, form) as home:
        kim, aino = await home.staff(), await home.guest("Aino")
        for command in ("next_phase", "close_phase"):
            assert "ack" in await kim.say(command, "" if command == "next_phase" else "P1")
        desk = await home.desk()
        sunday = datetime(2026, 3, 1, 14, 5, tzinfo=UTC).timestamp()
        desk.session.agenda.phases["P1"].closed_at = sunday
        told = await aino.say("add_card", "P1", situation="Late")
        assert told["message"].startswith("Closed 1 March 2026 15:05. Yours came ")
        assert (told["reason"], told["times"]) == ("closed", [["1 March 2026 15:05", sunday * 1000]])
        fields = {"command": "add_card", "phase": "P1", "situation": "Late"}
        by_script = await aino.http.post(
            f"/s/{home.code}/do?view=phone", data=fields, headers={"accept": "application/json"}
        )
        assert by_script.json()["times"] == told["times"]
        assert "Closed 1 March 2026 15:05." in (await aino.post("add_card", "P1", situation="Late")).text
        assert "times" not in await aino.say("announce", text="x"), "there is none in most"


async def test_what_happens_is_pushed_to_everybody_else(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim, aino = await home.staff(), await home.guest("Aino")
        await kim.say("announce", text="Soup is ready")
        assert "Soup is ready" in await aino.hears("Soup is ready")


async def test_who_was_away_gets_what_was_missed_and_only_that(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim, aino = await home.staff(), await home.guest("Aino", live=False)
        await kim.say("announce", text="Before")
        seq = (await home.desk()).session.seq
        await kim.say("announce", text="After")
        await aino.connect(seq)
        missed = await aino.hears("After")
        assert "Before" not in missed


@pytest.mark.parametrize("seq", ["999999", "x", "-1", ""])
async def test_a_page_that_knows_what_the_log_does_not_is_loaded_anew(tmp_path: Path, seq: str) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino", live=False)
        await aino.connect(seq)  # type: ignore[arg-type]  # the point of the test
        assert await aino.hears("reload") == '{"reload":true}'


async def test_another_site_may_not_open_a_socket(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino", live=False)
        with pytest.raises(InvalidStatus) as refused:
            await aino.connect(0, Origin="https://evil.example")
        assert refused.value.response.status_code == 403


@pytest.mark.parametrize("view", ["console", "screen", "people", "log", "nonsense"])
async def test_a_participants_cookie_opens_no_other_view(tmp_path: Path, view: str) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino")
        address = f"{home.url.replace('http', 'ws')}/s/{home.code}/live?view={view}"
        token = aino.http.cookies["race"]
        headers = {"Cookie": f"race={token}; race-console={token}; race-screen={token}"}
        async with websockets.connect(address, additional_headers=headers) as socket:
            with pytest.raises(ConnectionClosed):
                await socket.recv()
            assert socket.close_code == 1008


async def test_frames_that_are_no_command_are_answered_and_too_many_close_the_socket(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino")
        assert aino.socket is not None
        bad = (
            "[]",
            "{",
            '{"command": 1}',
            '{"command": "__class__", "id": "1"}',
            '{"command":"x","id":"1","a":{}}',
        )
        for number in range(MAX_MALFORMED + 1):
            await aino.socket.send(bad[number % len(bad)])
        answers = [await aino.socket.recv() for _ in range(MAX_MALFORMED)]
        assert [answer for answer in answers if "malformed" not in str(answer)] == []
        await aino.socket.wait_closed()
        assert aino.socket.close_code == 1008


async def test_a_frame_of_bytes_is_answered_like_any_other_that_is_no_command(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino")
        assert aino.socket is not None
        await aino.socket.send(b"\x00\x01")
        assert "malformed" in await aino.hears("refused")
        assert "ack" in await aino.say("choose_language", language="en")


async def test_a_page_from_before_a_new_role_is_loaded_anew(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim, aino = await home.staff(), await home.guest("Aino", live=False)
        session = (await home.desk()).session
        before, person = session.seq, next(m.id for m in session.people.values() if m.role == "participant")
        await kim.say("grant_role", person=person, role="juror")
        await aino.connect(before)
        assert await aino.hears("reload") == '{"reload":true}'


async def test_a_socket_gives_signs_of_life(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM, beat_seconds=0.05) as home:
        aino: Guest = await home.guest("Aino")
        assert '"beat":2' in await aino.hears('"beat":2')


async def test_a_removed_person_is_put_out(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM, beat_seconds=0.05) as home:
        kim, aino = await home.staff(), await home.guest("Aino")
        person = next(m.id for m in (await home.desk()).session.people.values() if m.role == "participant")
        await kim.say("remove_person", person=person)
        with pytest.raises(ConnectionClosed):
            await aino.hears("never said")
        assert aino.socket is not None
        assert aino.socket.close_code == 1008


# ---- limits


async def test_who_says_more_than_the_pace_allows_is_heard_later_and_nothing_is_refused(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, ROOM, messages_burst=5, messages_per_second=10.0) as home:
        settings = home.inside.settings
        # What is still owed is heard once all but the burst is paid for; the bucket forgives half a command.
        due = (20 - settings.messages_burst - 0.5) / settings.messages_per_second
        kim, aino = await home.staff(), await home.guest("Aino")
        assert kim.socket is not None
        began = time.monotonic()
        for number in range(20):
            await kim.socket.send(
                json.dumps({"command": "announce", "id": f"x{number}", "text": f"No. {number}"})
            )
        told = [await aino.say("choose_language", language=language) for language in ("sv", "en")]
        answers = [await kim.answer(f"x{number}") for number in range(20)]
        took = time.monotonic() - began
        assert [sorted(answer) for answer in answers + told] == [["ack", "seq"]] * 22
        assert [a["seq"] for a in answers] == sorted(a["seq"] for a in answers)
        assert due <= took
        assert told[-1]["seq"] < answers[-1]["seq"], "who keeps to the pace has waited for who does not"


async def test_a_person_s_sockets_share_one_pace_and_others_have_their_own(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM, messages_burst=6, messages_per_second=0.5) as home:
        kim, aino = await home.staff(live=False), await home.guest("Aino", live=False)
        first = await kim.connect()
        for number in range(8):
            await first.send(json.dumps({"command": "announce", "id": f"x{number}", "text": "…"}))
        assert "ack" in await kim.answer("x3")
        second = await kim.connect()
        await second.send(json.dumps({"command": "announce", "id": "y", "text": "…"}))
        with pytest.raises(TimeoutError):
            await within(second.recv(), 0.5)
        await aino.connect()
        assert "ack" in await aino.say("choose_language", language="fi")
        for socket in (first, second):
            socket.transport.abort()  # a goodbye would be heard no sooner than what was said before


async def test_forms_have_the_same_pace_and_are_told_to_wait(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM, messages_burst=3, messages_per_second=0.01) as home:
        aino = await home.guest("Aino", "fi", live=False)
        answers = [await aino.post("choose_language", language="fi") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [303, 303, 303, 429]
        assert answers[-1].headers["retry-after"] == "2"
        assert "That was a lot at once" in answers[-1].text
        script = await aino.http.post(
            f"/s/{home.code}/do?view=phone",
            data={"command": "choose_language", "language": "fi", "id": "x1"},
            headers={"Accept": "application/json"},
        )
        told = script.json()
        assert (script.status_code, script.headers["retry-after"]) == (429, "2")
        assert (told["refused"], told["reason"]) == ("x1", "too_fast")


async def test_the_oldest_of_four_pages_gives_way_with_a_word_and_stays_away(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino, bo = await home.guest("Aino", "sv", live=False), await home.guest("Bo")
        seq = (await home.desk()).session.seq
        pages = [await aino.connect(seq) for _ in range(3)]
        assert bo.socket is not None
        for page in (*pages, bo.socket):
            with pytest.raises(TimeoutError):
                await within(page.recv(), 0.2)
        await aino.connect(seq)
        word = json.loads(await within(pages[0].recv(), SOON))
        assert (word["refused"], word["reason"]) == ("", "too_many_pages")
        assert word["message"].startswith("Du har fler än tre sidor öppna.")
        await within(pages[0].wait_closed(), SOON)
        assert pages[0].close_code == 1008
        assert "ack" in await aino.say("choose_language", language="fi")
        assert [page.close_code for page in (*pages[1:], bo.socket)] == [None, None, None]
        for page in pages[1:]:
            await page.close()


async def test_who_reloads_a_page_closes_none_of_their_own(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino", live=False)
        tabs = [await aino.connect() for _ in range(3)]
        for turn in range(6):
            await tabs[turn % 3].close()
            tabs[turn % 3] = await aino.connect()
        assert [tab.close_code for tab in tabs] == [None] * 3
        for tab in tabs[:2]:
            await tab.close()


# ---- revocation


async def test_a_revoked_cookie_closes_its_sockets_at_once_and_no_others(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino, bo = await home.guest("Aino"), await home.guest("Bo")
        people = home.inside.people
        seat = await people.whose(aino.http.cookies["race"])
        assert seat is not None
        elsewhere = Guest(home, "phone")
        home.guests.append(elsewhere)
        elsewhere.http.cookies.set("race", await people.issue_cookie(seat.person, home.code))
        await elsewhere.connect()
        assert aino.socket is not None
        await people.revoke_cookie(aino.http.cookies["race"])
        await within(aino.socket.wait_closed(), SOON)
        assert aino.socket.close_code == 1008
        for other in (elsewhere, bo):
            assert "ack" in await other.say("choose_language", language="fi")


async def last_words(socket: websockets.ClientConnection) -> str:
    """The last frame that a socket is sent before it is closed."""
    last = ""
    with suppress(ConnectionClosed):
        while True:
            last = str(await within(socket.recv(), SOON))
    return last


async def test_an_erased_person_is_out_of_every_browser(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino", live=False)
        seat = await home.inside.people.whose(aino.http.cookies["race"])
        assert seat is not None
        seq = (await home.desk()).session.seq
        tabs = [await aino.connect(seq) for _ in range(2)]
        elsewhere = Guest(home, "phone")
        home.guests.append(elsewhere)
        elsewhere.http.cookies.set("race", await home.inside.people.issue_cookie(seat.person, home.code))
        tabs.append(await elsewhere.connect(seq))
        assert (await aino.post("erase_person", sure="yes")).status_code == 303
        assert ["reload" in await last_words(tab) for tab in tabs] == [True] * 3
        assert [tab.close_code for tab in tabs] == [1008] * 3


async def test_nothing_that_a_revoked_socket_says_is_heard(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM, messages_burst=2, messages_per_second=10.0) as home:
        kim = await home.staff()
        assert kim.socket is not None
        for number in range(6):
            frame = {"command": "announce", "id": f"x{number}", "text": f"No. {number}"}
            await kim.socket.send(json.dumps(frame))
        await kim.answer("x0")
        await home.inside.people.revoke_cookie(kim.http.cookies["race-console"])
        said = len((await home.desk()).session.announcements)
        aino = await home.guest("Aino")
        for _ in range(8):  # at the same pace, which takes longer than what was said and not heard would have
            await aino.say("choose_language", language="fi")
        assert len((await home.desk()).session.announcements) == said < 6


async def test_leaving_closes_every_tab_of_the_browser(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino", live=False)
        tabs = [await aino.connect() for _ in range(2)]
        await aino.http.post(f"/s/{home.code}/leave?view=phone")
        for tab in tabs:
            await within(tab.wait_closed(), SOON)
        assert [tab.close_code for tab in tabs] == [1008] * 2


async def test_a_cookie_that_is_revoked_while_its_socket_opens_opens_none(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        for number in range(10):
            aino = await home.guest(f"Aino {number}", live=False)
            opening = asyncio.create_task(aino.connect())
            await asyncio.sleep(0.001 * number)
            await home.inside.people.revoke_cookie(aino.http.cookies["race"])
            with suppress(InvalidStatus, ConnectionClosed):
                socket = await opening
                await within(socket.wait_closed(), SOON)
                assert socket.close_code == 1008


@pytest.mark.parametrize("odd", ["pings", "pieces"])
async def test_a_flood_of_frames_that_are_no_messages_ends_the_socket_alone(tmp_path: Path, odd: str) -> None:
    async with house(tmp_path, ROOM) as home:
        aino, bo = await home.guest("Aino"), await home.guest("Bo")
        assert aino.socket is not None
        with suppress(ConnectionClosed):
            if odd == "pings":
                for _ in range(ODD + 1):
                    await aino.socket.ping()
            else:
                await aino.socket.send(" " for _ in range(ODD + 1))
        await within(aino.socket.wait_closed(), SOON)
        assert aino.socket.close_code == 1008
        assert "ack" in await bo.say("choose_language", language="fi")


async def test_a_message_in_pieces_is_heard(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim = await home.staff()
        assert kim.socket is not None
        whole = json.dumps({"command": "announce", "id": "x1", "text": "In pieces"})
        await kim.socket.send(whole[at : at + 9] for at in range(0, len(whole), 9))
        assert "ack" in await kim.answer("x1")


@asynccontextmanager
async def nothing_stays() -> AsyncIterator[int]:
    """Whatever connects in the block is gone soon after it, without a search for circles of garbage; gives how many
    connections there are before."""
    gc.collect()
    gc.disable()
    try:
        before = _connections()
        yield before
        async with asyncio.timeout(SOON):
            while _connections() > before:
                await asyncio.sleep(0.05)
    finally:
        gc.enable()


@pytest.mark.every_loop
async def test_phones_that_come_and_go_leave_nothing_that_only_a_search_for_circles_would_free(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino", live=False)
        async with nothing_stays() as before:
            for _ in range(5):
                socket = await aino.connect(0)
                await aino.say("choose_language", language="sv")
                assert _connections() > before
                await socket.close()


@pytest.mark.parametrize("fault", ["no key", "unmasked", "torn"])
async def test_a_connection_that_ends_in_a_fault_leaves_nothing_either(tmp_path: Path, fault: str) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino", live=False)
        async with nothing_stays():
            for _ in range(5):
                await _ends_badly(aino, fault)


async def _ends_badly(guest: Guest, fault: str) -> None:
    port = int(guest.house.url.rpartition(":")[2])
    head = f"GET /s/{guest.house.code}/live?view=phone HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
    head += f"Cookie: {guest.cookies}\r\n"
    upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    key = "" if fault == "no key" else "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write((head + upgrade + key + "\r\n").encode())
    told = await reader.readuntil(b"\r\n\r\n")
    assert told.startswith(b"HTTP/1.1 400" if fault == "no key" else b"HTTP/1.1 101")
    writer.write(b"\x81\x02hi" if fault == "unmasked" else b"\x81\xfe")
    if fault == "unmasked":
        await reader.read()
    writer.close()


def _connections() -> int:
    """How many of the server's connections are in memory, of HTTP or of sockets, open or not."""
    ours = (RaceProtocol, SocketTransport, FrameReader, Intake, ServerProtocol)
    return sum(type(thing) in ours for thing in gc.get_objects())
