"""Who hears what: each socket everything since its own cursor, once, and a slow one slows nobody."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from shutil import copytree
from typing import Any, ClassVar, cast

import pytest

from app.audience.connection import IN_STEP, Connection
from app.audience.fanout import Fanout
from app.audience.in_step import SLICE
from app.drawing.render import Renderer, scopes_for
from app.settings import Settings
from app.wire import messages
from app.wire.frame import TEXT, Frame, framed
from app.wire.transport import Receive
from sessions.audience import person_scope
from sessions.views import language_of
from tests.support.look import hall_of
from tests.support.stage import Stage, phase


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


class Wire:
    """A line into a test's hands: what went out by it, and whether it has room."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.full = False
        self.code: int | None = None

    inflates = False

    @property
    def descriptor(self) -> int:
        return -1

    def listen(self, receive: Receive, drained: Any, recalled: Any) -> None: ...

    def finish(self, data: bytes) -> None: ...

    def push(self, frame: Frame) -> None:
        self.frames.append(frame)

    def reply(self, text: bytes) -> None:
        self.frames.append(Frame(text.decode()))

    def waiting(self) -> int:
        return 0

    def pause(self) -> None: ...

    def resume(self) -> None: ...

    def close(self, code: int) -> None:
        self.code = code


class Lent(Wire):
    """A line over a real socket, whose descriptor may be used while it has room. ``frames`` are what arrives."""

    def __init__(self) -> None:
        self._full = False
        self.near, self.far = socket.socketpair()
        self.near.setblocking(False)
        self.far.setblocking(False)
        self.recalled: Callable[[], None] = lambda: None
        self._arrived: list[Frame] = []
        super().__init__()

    @property
    def full(self) -> bool:
        return self._full

    @full.setter
    def full(self, full: bool) -> None:
        self._full = full
        if full:
            self.recalled()

    @property
    def descriptor(self) -> int:
        return -1 if self._full or self.code is not None else self.near.fileno()

    def push(self, frame: Frame) -> None:
        self.near.sendall(frame.plain)

    def reply(self, text: bytes) -> None:
        self.near.sendall(framed(TEXT, text))

    @property
    def frames(self) -> list[Frame]:
        with suppress(BlockingIOError):
            data = self.far.recv(2**20)
            while data:
                short = data[1] < 126
                start, size = (2, data[1]) if short else (4, int.from_bytes(data[2:4], "big"))
                self._arrived.append(Frame(data[start : start + size].decode()))
                data = data[start + size :]
        return self._arrived

    @frames.setter
    def frames(self, frames: list[Frame]) -> None: ...

    def close(self, code: int) -> None:
        super().close(code)
        self.recalled()


@pytest.fixture(params=[Wire, Lent], autouse=True)
def sort_of_line(request: pytest.FixtureRequest) -> Iterator[type[Wire]]:
    """Everything holds for sockets that are written to one by one, and for those that stand in ranks."""
    Phone.sort, Phone.lent = request.param, []
    yield request.param
    for line in Phone.lent:
        line.near.close()
        line.far.close()
    Phone.sort, Phone.lent = Wire, []


class Phone:
    """A socket and its far end."""

    sort: ClassVar[type[Wire]] = Wire
    lent: ClassVar[list[Lent]] = []

    def __init__(self, fanout: Fanout, person: str, view: str = "phone", cursor: int | None = -1) -> None:
        session = fanout.context.session
        scopes, language = scopes_for(view, session.scopes(person)), language_of(session, person, view)
        self.fanout, self.wire = fanout, self.sort()
        self.connection = Connection(view, person, language, scopes, transport=self.wire)
        if isinstance(self.wire, Lent):
            self.wire.recalled = self.connection.leave_group
            self.lent.append(self.wire)
        if cursor is not None:
            self.connection.stands_at(session.seq if cursor == -1 else cursor)
            self.connection.standing = IN_STEP
        fanout.add(self.connection)
        if cursor is not None:
            fanout.connections.audience(self.connection.audience).join_group(self.connection)

    @property
    def got(self) -> list[str]:
        return [frame.text for frame in self.wire.frames]

    def drain(self) -> None:
        """The far end takes what was waiting."""
        self.wire.full = False
        self.fanout.lagging.found_room(self.connection)


def deliver(fanout: Fanout) -> None:
    """A whole delivery: to everybody, then what is each one's own."""
    for _ in fanout.publish():
        pass
    while fanout.lagging:
        fanout.catch_up_one()


def announce(stage: Stage, *texts: str) -> None:
    for text in texts:
        stage.ok("announce", "kim", text=text)


def ids(frames: list[str]) -> list[str]:
    """Ids of the fragments in some frames; what can be opened inside one has an id, too."""
    return re.findall(r'<(?!details)\w+(?: [\w-]+="[^"]*")*? id="([^"]+)"', "".join(frames))


def seqs(frames: list[str]) -> list[str]:
    """What each frame's swap says."""
    return [re.findall(r'hx-swap="([^"]+)"', frame)[0] for frame in frames]


# ---- what is sent


async def test_who_has_not_said_where_it_stands_hears_nothing(stage: Stage, fanout: Fanout) -> None:
    silent, there = Phone(fanout, "aino", cursor=None), Phone(fanout, "ben")
    announce(stage, "Soup")
    deliver(fanout)
    assert (silent.got, len(there.got)) == ([], 1)


async def test_what_changed_is_sent_once(stage: Stage, fanout: Fanout) -> None:
    phone = Phone(fanout, "aino")
    announce(stage, "Soup")
    deliver(fanout)
    deliver(fanout)
    assert ids(phone.got) == [f"notice-n{stage.session.seq}"]
    phone.connection.leave_group()
    assert phone.connection.cursor == fanout.published == stage.session.seq


async def test_what_a_view_does_not_show_is_not_sent_to_it(stage: Stage, fanout: Fanout) -> None:
    stage.join("lo", "co_facilitator")
    phone, people = Phone(fanout, "aino"), Phone(fanout, "kim", "people")
    stage.ok("take_over", "lo")
    deliver(fanout)
    assert (phone.got, ids(people.got)) == ([], ["driver"])


async def test_sockets_that_share_everything_get_the_very_same_frame(stage: Stage, fanout: Fanout) -> None:
    phones = [Phone(fanout, person) for person in ("aino", "ben", "aino")]
    other = Phone(fanout, "kim", "console")
    announce(stage, "Soup")
    deliver(fanout)
    first = phones[0].wire.frames[0]
    assert all(phone.got == [first.text] for phone in phones)
    assert [*other.got] != [first.text]
    if not isinstance(phones[0].wire, Lent):  # else a group has sent its bytes
        assert all(phone.wire.frames[0] is first for phone in phones)


async def test_a_page_that_comes_back_gets_what_it_missed_in_one_frame(stage: Stage, fanout: Fanout) -> None:
    back = Phone(fanout, "aino", cursor=None)
    before = stage.session.seq
    announce(stage, "One")
    deliver(fanout)
    near = Phone(fanout, "ben")
    announce(stage, "Two")
    fanout.resume(back.connection, before)
    deliver(fanout)
    last = stage.session.seq
    assert (ids(back.got), ids(near.got)) == ([f"notice-n{last - 1}", f"notice-n{last}"], [f"notice-n{last}"])
    assert seqs(back.got) == [f"upsert seq:{last}"]


async def test_who_says_twice_where_it_stands_is_never_told_an_older_seq(
    stage: Stage, fanout: Fanout
) -> None:
    phone = Phone(fanout, "aino", cursor=None)
    for _ in range(2):
        fanout.resume(phone.connection, stage.session.seq)
    fanout.catch_up_one()
    announce(stage, "One")
    assert list(fanout.publish()) == []
    announce(stage, "Two")
    steps = fanout.publish()
    announce(stage, "Three")
    while fanout.lagging:
        fanout.catch_up_one()
    assert list(steps) == []
    deliver(fanout)
    last = stage.session.seq
    assert seqs(phone.got)[-1] == f"upsert seq:{last}"
    told = [int(seq.partition("seq:")[2]) for seq in seqs(phone.got)]
    assert told == sorted(set(told))


async def test_who_has_left_with_a_full_line_is_not_kept(stage: Stage, fanout: Fanout) -> None:
    phone = Phone(fanout, "aino", cursor=None)
    fanout.resume(phone.connection, stage.session.seq)
    fanout.remove(phone.connection)
    phone.wire.full = True
    fanout.catch_up_one()
    assert (fanout.lagging.full, bool(fanout.lagging), phone.got) == (set(), False, [])


async def test_what_is_my_own_comes_by_itself_and_only_then_does_the_seq_move_on(
    stage: Stage, fanout: Fanout
) -> None:
    mine, other = Phone(fanout, "aino", "mine"), Phone(fanout, "ben", "mine")
    announce(stage, "Soup")
    stage.session.touch("me", scope=person_scope("aino"))
    for _ in fanout.publish():
        pass
    last = stage.session.seq
    assert (seqs(mine.got), seqs(other.got)) == (["upsert"], [f"upsert seq:{last}"])
    assert ids(mine.got) == ids(other.got) == [f"notice-n{last}"]
    deliver(fanout)
    assert (ids(mine.got[1:]), seqs(mine.got[1:])) == (["me"], [f"upsert seq:{last}"])
    assert len(other.got) == 1


async def test_where_what_is_my_own_shows_nothing_new_the_seq_moves_on_all_the_same(
    stage: Stage, fanout: Fanout
) -> None:
    phone = Phone(fanout, "aino")
    announce(stage, "Soup")
    stage.session.touch("nothing-of-this-view", scope=person_scope("aino"))
    deliver(fanout)
    assert seqs(phone.got) == ["upsert", f"upsert seq:{stage.session.seq}"]
    assert ids(phone.got) == [f"notice-n{stage.session.seq}"]


async def test_a_delivery_to_many_stops_now_and_then(stage: Stage, fanout: Fanout) -> None:
    phones = [Phone(fanout, "aino") for _ in range(2 * SLICE + 1)]
    announce(stage, "Soup")
    reached = [sum(bool(phone.got) for phone in phones) for _ in fanout.publish()]
    assert reached == [SLICE, 2 * SLICE]
    assert all(len(phone.got) == 1 for phone in phones)


async def test_what_happens_during_a_delivery_comes_with_the_next_one(stage: Stage, fanout: Fanout) -> None:
    phones = [Phone(fanout, "aino") for _ in range(SLICE + 1)]
    announce(stage, "One")
    steps = fanout.publish()
    next(steps)
    announce(stage, "Two")
    late = Phone(fanout, "ben", cursor=None)
    fanout.resume(late.connection, stage.session.seq)
    assert list(steps) == []
    deliver(fanout)
    last = stage.session.seq
    assert {tuple(ids(phone.got)) for phone in phones} == {(f"notice-n{last - 1}", f"notice-n{last}")}
    assert late.got == []


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
    deliver(fanout)
    assert "I-team" not in ids(phone.got)
    stage.ok("place_person", "kim", "T", person="ben", team=team, reason="a test")
    deliver(fanout)
    assert "I-team" in ids(phone.got)
    assert "heat pump" in "".join(phone.got)
    assert phone.connection.scopes == ("all", "role:participant", f"team:{team}", "person:ben")
    stage.ok("add_card", "aino", "I", text="snow cannon")
    deliver(fanout)
    assert "snow cannon" in phone.got[-1]


@pytest.mark.parametrize("view", ["phone", "mine", "team"])
async def test_who_gets_another_role_loads_the_page_anew(stage: Stage, fanout: Fanout, view: str) -> None:
    phone, other = Phone(fanout, "aino", view), Phone(fanout, "ben", view)
    stage.ok("grant_role", "kim", person="aino", role="juror")
    deliver(fanout)
    assert (phone.got[-1:], messages.RELOAD in other.got) == ([messages.RELOAD], False)


async def test_who_reads_another_language_loads_the_page_anew(stage: Stage, fanout: Fanout) -> None:
    phone = Phone(fanout, "aino")
    stage.ok("choose_language", "aino", language="fi")
    deliver(fanout)
    assert phone.got == [messages.RELOAD]


@pytest.mark.parametrize(("person", "view"), [("aino", "phone"), ("lo", "console"), ("sc", "screen")])
async def test_who_was_removed_hears_only_that_the_page_is_to_be_loaded_anew(
    stage: Stage, fanout: Fanout, person: str, view: str
) -> None:
    phone = Phone(fanout, person, view)
    announce(stage, "Soup")
    deliver(fanout)
    assert len(phone.got) == 1
    stage.ok("remove_person", "kim", person=person)
    announce(stage, "Secret")
    deliver(fanout)
    announce(stage, "Another")
    deliver(fanout)
    assert (phone.got[1:], phone.wire.code) == ([messages.RELOAD], 1008)


async def test_who_lost_the_console_is_put_out_of_it_but_not_off_the_phone(
    stage: Stage, fanout: Fanout
) -> None:
    console, phone = Phone(fanout, "lo", "console"), Phone(fanout, "lo")
    stage.ok("grant_role", "kim", person="lo", role="participant")
    deliver(fanout)
    assert (console.wire.code, phone.wire.code) == (1008, None)


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
    assert fanout.missed.can_be_told("aino", before)
    command, by, fields = change
    stage.ok(command, by, **fields)
    assert fanout.missed.can_be_told("aino", before) is not gives_way
    assert fanout.missed.can_be_told("aino", stage.session.seq)


@pytest.mark.parametrize("seq", [None, 999_999])
async def test_a_page_of_another_log_is_not_caught_up(fanout: Fanout, seq: int | None) -> None:
    assert not fanout.missed.can_be_told("aino", seq)
    assert not fanout.missed.can_be_told("nobody", 1)


async def test_a_page_of_another_log_is_told_to_load_anew(stage: Stage, fanout: Fanout) -> None:
    phone = Phone(fanout, "aino", cursor=None)
    fanout.resume(phone.connection, 999_999)
    announce(stage, "Soup")
    deliver(fanout)
    assert phone.got == [messages.RELOAD]


# ---- slow sockets


async def test_a_full_line_gets_nothing_until_it_drains_and_then_all_since_its_cursor(
    stage: Stage, fanout: Fanout
) -> None:
    slow, quick = Phone(fanout, "aino"), Phone(fanout, "ben")
    slow.wire.full = True
    for text in ("One", "Two", "Three", "Four"):
        announce(stage, text)
        deliver(fanout)
    assert (len(quick.got), slow.got) == (4, [])
    slow.drain()
    deliver(fanout)
    last = stage.session.seq
    assert ids(slow.got) == ids(quick.got) == [f"notice-n{n}" for n in range(last - 3, last + 1)]
    assert seqs(slow.got) == [f"upsert seq:{last}"]


async def test_a_line_that_fills_up_again_while_it_waits_its_turn_is_not_forgotten(
    stage: Stage, fanout: Fanout
) -> None:
    slow = Phone(fanout, "aino")
    slow.wire.full = True
    announce(stage, "One")
    deliver(fanout)
    slow.drain()
    slow.wire.full = True
    deliver(fanout)
    assert (slow.got, fanout.lagging.full) == ([], {slow.connection})
    slow.drain()
    deliver(fanout)
    assert ids(slow.got) == [f"notice-n{stage.session.seq}"]


async def test_who_is_gone_is_forgotten(stage: Stage, fanout: Fanout) -> None:
    slow = Phone(fanout, "aino")
    slow.wire.full = True
    announce(stage, "One")
    deliver(fanout)
    assert fanout.lagging.full == {slow.connection}
    fanout.remove(slow.connection)
    deliver(fanout)
    assert (fanout.lagging.full, len(fanout.connections), fanout.connections.hearing) == (set(), 0, {})


# ---- presence and faults


async def test_presence_is_told_outside_the_log_to_the_views_that_show_it(fanout: Fanout) -> None:
    phone, console = Phone(fanout, "aino"), Phone(fanout, "kim", "console")
    cursor = console.connection.cursor
    fanout.tell_outside()
    assert (phone.got, ids(console.got)) == ([], ["presence", "trouble", "waiting"])
    assert (console.connection.cursor, seqs(console.got)) == (cursor, ["upsert"])


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
    deliver(fanout)
    assert (screen.got, len(phone.got), len(console.got)) == ([], 1, 1)
    told = [record.getMessage() for record in caplog.records]
    assert told == [f"the view screen (en) could not be drawn for {who}" for who in ("all", "sc")]


async def test_a_view_that_can_be_drawn_again_makes_up_for_what_it_missed(
    stage: Stage, fanout: Fanout
) -> None:
    phone, renderer = Phone(fanout, "aino"), fanout.renderer
    fanout.drawn.renderer = cast(Any, None)
    announce(stage, "One")
    deliver(fanout)
    fanout.drawn.renderer = renderer
    announce(stage, "Two")
    deliver(fanout)
    last = stage.session.seq
    assert (ids(phone.got), phone.connection.cursor) == ([f"notice-n{last - 1}", f"notice-n{last}"], last)
