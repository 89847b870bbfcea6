"""Who hears what: each socket everything since its own cursor, once, and a slow one slows nobody."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from app.live import wire
from app.live.fanout import MAX_WAITING, Fanout, Outlet, PutOut, TooSlow
from app.live.render import Renderer, scopes_for
from app.live.views import language_of
from app.settings import Settings
from tests.look import hall_of
from tests.stage import Stage, phase


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer(Settings().templates)


@pytest.fixture
def stage() -> Stage:
    return room(phase("pause", "P1", rules={"reason": "meal"}))


def room(*rows: Mapping[str, Any]) -> Stage:
    """People of several roles, and the first of these phases open."""
    people: dict[str, Any] = {
        "aino": "participant",
        "ben": "participant",
        "lo": "co_facilitator",
        "sc": "screen",
    }
    stage = Stage(*rows, **people)
    stage.open(rows[0]["id"])
    return stage


@pytest.fixture
def fanout(stage: Stage, renderer: Renderer) -> Fanout:
    return Fanout(hall_of(stage), renderer)


class Phone:
    """A socket's far end: what has arrived, and whether it takes anything just now."""

    def __init__(self, fanout: Fanout, person: str, view: str = "phone", cursor: int | None = -1) -> None:
        session = fanout.hall.session
        scopes = scopes_for(view, session.scopes(person))
        self.got: list[str] = []
        self.takes = asyncio.Event()
        self.takes.set()
        self.outlet = Outlet(view, person, language_of(session, person, view), scopes, self._take)
        self.outlet.cursor = session.seq if cursor == -1 else cursor
        fanout.outlets.add(self.outlet)

    async def _take(self, frame: str) -> None:
        await self.takes.wait()
        self.got.append(frame)

    @property
    def waiting(self) -> list[str]:
        return list(self.outlet.waiting)


def announce(stage: Stage, *texts: str) -> None:
    for text in texts:
        stage.ok("announce", "kim", text=text)


def ids(frames: list[str]) -> list[str]:
    """Ids of the fragments in some frames."""
    return re.findall(r'<\w+(?: [\w-]+="[^"]*")*? id="([^"]+)"', "".join(frames))


def seqs(frames: list[str]) -> list[str]:
    """What each frame's swap says."""
    return [re.findall(r'hx-swap="([^"]+)"', frame)[0] for frame in frames]


@asynccontextmanager
async def running(fanout: Fanout, phone: Phone) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(fanout.run(phone.outlet, asyncio.Lock()))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def settle() -> None:
    """Everybody who can go on has gone on."""
    for _ in range(10):
        await asyncio.sleep(0)


# ---- what is sent


async def test_who_has_not_said_where_it_stands_hears_nothing(stage: Stage, fanout: Fanout) -> None:
    silent, there = Phone(fanout, "aino", cursor=None), Phone(fanout, "ben")
    announce(stage, "Soup")
    fanout.publish()
    assert (silent.waiting, len(there.waiting)) == ([], 1)


async def test_what_changed_is_sent_once(stage: Stage, fanout: Fanout) -> None:
    phone = Phone(fanout, "aino")
    announce(stage, "Soup")
    notice = f"notice-n{stage.session.seq}"
    assert ids(fanout.frames(phone.outlet)) == [notice]
    assert fanout.frames(phone.outlet) == []
    assert phone.outlet.cursor == stage.session.seq


async def test_what_a_view_does_not_show_is_not_sent_to_it_and_wakes_nobody(
    stage: Stage, fanout: Fanout
) -> None:
    stage.join("lo", "co_facilitator")
    phone, people = Phone(fanout, "aino"), Phone(fanout, "kim", "people")
    stage.ok("take_over", "lo")
    fanout.publish()
    assert (phone.waiting, phone.outlet.awake.is_set()) == ([], False)
    assert ids(people.waiting) == ["driver"]


async def test_sockets_that_share_everything_get_the_very_same_frame(stage: Stage, fanout: Fanout) -> None:
    phones = [Phone(fanout, person) for person in ("aino", "ben", "aino")]
    other = Phone(fanout, "kim", "console")
    announce(stage, "Soup")
    fanout.publish()
    first = phones[0].waiting[0]
    assert all(phone.waiting[0] is first for phone in phones)
    assert other.waiting[0] != first


async def test_a_page_that_stands_further_back_gets_more(stage: Stage, fanout: Fanout) -> None:
    back = Phone(fanout, "aino")
    announce(stage, "One")
    near = Phone(fanout, "ben")
    announce(stage, "Two")
    fanout.publish()
    last = stage.session.seq
    assert (ids(back.waiting), ids(near.waiting)) == (
        [f"notice-n{last - 1}", f"notice-n{last}"],
        [f"notice-n{last}"],
    )


async def test_only_the_last_frame_carries_the_seq(stage: Stage, fanout: Fanout) -> None:
    phone = Phone(fanout, "aino", "mine")
    stage.ok("check_out", "aino", "P1")
    tell_me = stage.session.scopes("aino")[-1]
    stage.session.touch("me", scope=tell_me)
    announce(stage, "Soup")
    fanout.publish()
    assert seqs(phone.waiting) == ["upsert", f"upsert seq:{stage.session.seq}"]
    assert ids(phone.waiting[-1:]) == ["me"]


# ---- a change of place


async def test_who_comes_into_a_team_gets_the_teams_panes_whole(renderer: Renderer) -> None:
    rules = {"fields": ["text"], "main": "text", "columns": ["idea"], "visible_to": "team"}
    stage = room(phase("team", "T", rules={"min_size": 1, "max_size": 9}), phase("collect", "I", rules=rules))
    stage.ok("start_team", "kim", "T", person=["aino"], reason="a test")
    stage.ok("confirm_teams", "kim", "T", reason="a test")
    stage.open("I")
    stage.ok("add_card", "aino", "I", text="heat pump")
    fanout = Fanout(hall_of(stage), renderer)
    phone, team = Phone(fanout, "ben"), next(iter(stage.session.teams))
    announce(stage, "Soup")
    assert "I-team" not in ids(fanout.frames(phone.outlet))
    stage.ok("place_person", "kim", "T", person="ben", team=team, reason="a test")
    frames = fanout.frames(phone.outlet)
    assert "I-team" in ids(frames)
    assert "heat pump" in "".join(frames)
    assert phone.outlet.scopes == ("all", "role:participant", f"team:{team}", "person:ben")


@pytest.mark.parametrize("view", ["phone", "mine", "team"])
async def test_who_gets_another_role_loads_the_page_anew(stage: Stage, fanout: Fanout, view: str) -> None:
    phone, other = Phone(fanout, "aino", view), Phone(fanout, "ben", view)
    stage.ok("grant_role", "kim", person="aino", role="juror")
    fanout.publish()
    assert (phone.waiting, wire.RELOAD in other.waiting) == ([wire.RELOAD], False)


async def test_who_reads_another_language_loads_the_page_anew(stage: Stage, fanout: Fanout) -> None:
    phone = Phone(fanout, "aino")
    stage.ok("choose_language", "aino", language="fi")
    assert fanout.frames(phone.outlet) == [wire.RELOAD]


@pytest.mark.parametrize(("person", "view"), [("aino", "phone"), ("lo", "console"), ("sc", "screen")])
async def test_who_was_removed_hears_only_that_the_page_is_to_be_loaded_anew(
    stage: Stage, fanout: Fanout, person: str, view: str
) -> None:
    phone = Phone(fanout, person, view)
    announce(stage, "Soup")
    fanout.publish()
    assert len(phone.waiting) == 1
    stage.ok("remove_person", "kim", person=person)
    announce(stage, "Secret")
    fanout.publish()
    assert phone.waiting == [wire.RELOAD]
    async with running(fanout, phone) as task:
        with pytest.raises(PutOut):
            await task
    assert phone.got == [wire.RELOAD]


async def test_who_lost_the_console_is_put_out_of_it_but_not_off_the_phone(
    stage: Stage, fanout: Fanout
) -> None:
    console, phone = Phone(fanout, "lo", "console"), Phone(fanout, "lo")
    stage.ok("grant_role", "kim", person="lo", role="participant")
    fanout.publish()
    assert (console.outlet.unwanted, phone.outlet.unwanted) == (True, False)


@pytest.mark.parametrize(
    ("change", "gives_way"),
    [
        (("choose_language", "aino", {"language": "sv"}), True),
        (("grant_role", "kim", {"person": "aino", "role": "juror"}), True),
        (("grant_role", "kim", {"person": "ben", "role": "juror"}), False),
        (("announce", "kim", {"text": "Soup"}), False),
    ],
)
async def test_a_page_from_before_a_new_place_is_not_caught_up(
    stage: Stage, fanout: Fanout, change: tuple[str, str, dict[str, str]], gives_way: bool
) -> None:
    before = stage.session.seq
    assert fanout.can_resume("aino", before)
    command, by, fields = change
    stage.ok(command, by, **fields)
    assert fanout.can_resume("aino", before) is not gives_way
    assert fanout.can_resume("aino", stage.session.seq)


@pytest.mark.parametrize("seq", [None, 999_999])
async def test_a_page_of_another_log_is_not_caught_up(fanout: Fanout, seq: int | None) -> None:
    assert not fanout.can_resume("aino", seq)
    assert not fanout.can_resume("nobody", 1)


# ---- slow sockets


async def test_a_slow_socket_gets_nothing_until_it_drains_and_then_all_since_its_cursor(
    stage: Stage, fanout: Fanout
) -> None:
    slow, quick = Phone(fanout, "aino"), Phone(fanout, "ben")
    slow.takes.clear()
    async with running(fanout, slow), running(fanout, quick):
        for text in ("One", "Two", "Three", "Four"):
            announce(stage, text)
            fanout.publish()
            await settle()
        assert (len(quick.got), slow.got, slow.waiting, slow.outlet.behind) == (4, [], [], True)
        slow.takes.set()
        await settle()
    last = stage.session.seq
    assert ids(slow.got) == ids(quick.got) == [f"notice-n{n}" for n in range(last - 3, last + 1)]
    assert len(slow.got) == 2
    assert seqs(slow.got) == [f"upsert seq:{last - 3}", f"upsert seq:{last}"]


async def test_answers_wait_for_a_slow_socket_but_not_without_end(fanout: Fanout) -> None:
    slow = Phone(fanout, "aino")
    slow.takes.clear()
    async with running(fanout, slow) as task:
        slow.outlet.put(wire.ack("first", 1))
        await settle()
        slow.outlet.put(*(wire.ack(f"a{n}", n) for n in range(MAX_WAITING + 1)))
        slow.takes.set()
        with pytest.raises(TooSlow):
            await task
    assert slow.got == [wire.ack("first", 1)]


async def test_a_socket_that_takes_nothing_at_all_is_too_slow(
    fanout: Fanout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.live.fanout.SEND_SECONDS", 0.01)
    stuck = Phone(fanout, "aino")
    stuck.takes.clear()
    async with running(fanout, stuck) as task:
        stuck.outlet.put(wire.ack("a", 1))
        with pytest.raises(TooSlow):
            await task


# ---- presence and faults


async def test_presence_is_told_outside_the_log_to_the_views_that_show_it(fanout: Fanout) -> None:
    phone, console = Phone(fanout, "aino"), Phone(fanout, "kim", "console")
    cursor = console.outlet.cursor
    fanout.tell_presence()
    assert (phone.waiting, ids(console.waiting)) == ([], ["presence"])
    assert (console.outlet.cursor, seqs(console.waiting)) == (cursor, ["upsert"])


async def test_a_view_that_cannot_be_drawn_stops_no_other(
    stage: Stage, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    copytree(Settings().templates, tmp_path / "templates")
    (tmp_path / "templates/live/screen/notice.html").write_text("{{ nothing.at.all }}", "utf-8")
    fanout = Fanout(hall_of(stage), Renderer(tmp_path / "templates"))
    screen, phone, console = (
        Phone(fanout, "sc", "screen"),
        Phone(fanout, "aino"),
        Phone(fanout, "kim", "console"),
    )
    announce(stage, "Soup")
    fanout.publish()
    assert (screen.waiting, len(phone.waiting), len(console.waiting)) == ([], 1, 1)
    assert [record.getMessage() for record in caplog.records] == ["the view screen could not be drawn for sc"]
