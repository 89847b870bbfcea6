"""Sockets in ranks: one loop writes to all, and whoever is not like the others stands by itself."""

from __future__ import annotations

import socket
import zlib
from collections.abc import Callable, Iterator

import pytest

from app.audience.connection import Connection
from app.audience.in_step import SLICE, AudienceSockets
from app.wire.frame import Frame
from tests.audience.test_fanout import Wire

FRAME = Frame("<li>Soup is served</li>" * 40)


class Socket(Wire):
    """A line that lends its descriptor. ``left`` is what the descriptor did not take."""

    def __init__(self, inflates: bool = False) -> None:
        super().__init__()
        self.inflates = inflates
        self.near, self.far = socket.socketpair()
        self.near.setblocking(False)
        self.far.setblocking(False)
        self.left = b""
        self.recalled: Callable[[], None] = lambda: None

    @property
    def descriptor(self) -> int:
        return self.near.fileno()

    def finish(self, data: bytes) -> None:
        self.recalled()
        self.left += data

    def read(self) -> bytes:
        """Everything that has come."""
        data = b""
        try:
            while more := self.far.recv(2**20):
                data += more
        except BlockingIOError:
            pass
        return data

    def fill(self) -> int:
        """Let wait as much as there is room for; how many bytes that is."""
        self.near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 0)
        waiting = 0
        try:
            while True:
                waiting += self.near.send(b"." * 4096)
        except BlockingIOError:
            return waiting


@pytest.fixture
def sockets() -> AudienceSockets:
    return AudienceSockets()


@pytest.fixture
def join(sockets: AudienceSockets) -> Iterator[Callable[..., tuple[Connection, Socket]]]:
    lines: list[Socket] = []

    def join(seq: int = 7, inflates: bool = False) -> tuple[Connection, Socket]:
        line = Socket(inflates)
        lines.append(line)
        connection = Connection("phone", "aino", "en", ("all",), transport=line, cursor=seq, shared=seq)
        line.recalled = connection.leave_group
        sockets.others[connection] = None
        sockets.join_group(connection)
        return connection, line

    yield join
    for line in lines:
        line.near.close()
        line.far.close()


Join = Callable[..., tuple[Connection, Socket]]


def test_a_rank_sends_the_same_bytes_to_all_and_all_stand_at_its_seq(
    sockets: AudienceSockets, join: Join
) -> None:
    there = [join() for _ in range(3)]
    (group,) = sockets.groups
    assert (group.write(FRAME, 8), sockets.others) == (3, {})
    for connection, line in there:
        assert line.read() == FRAME.plain
        connection.leave_group()
        assert (connection.cursor, connection.shared, connection.group) == (8, 8, None)
    assert (sockets.groups, [*sockets.others]) == ([], [connection for connection, _ in there])


def test_whoever_inflates_stands_with_others_who_do(sockets: AudienceSockets, join: Join) -> None:
    plain, deflating = join()[1], [join(inflates=True)[1] for _ in range(2)]
    assert [group.write(FRAME, 8) for group in sockets.groups] == [1, 2]
    assert plain.read() == FRAME.plain
    for line in deflating:
        payload = line.read()[2:]
        assert zlib.decompressobj(-15).decompress(payload + b"\0\0\xff\xff") == FRAME.text.encode()


def test_what_a_socket_has_no_room_for_is_finished_by_its_line_and_it_stands_by_itself(
    sockets: AudienceSockets, join: Join
) -> None:
    (_, before), (slow, line), (_, after) = join(), join(), join()
    waiting = line.fill()
    (group,) = sockets.groups
    assert group.write(FRAME, 8) == 3
    taken = line.read()[waiting:]
    assert line.left != b""
    assert taken + line.left == FRAME.plain
    assert (slow.group, slow.cursor, [*sockets.others]) == (None, 8, [slow])
    assert before.read() == after.read() == FRAME.plain
    assert group.write(FRAME, 9) == 2
    assert (slow.cursor, line.read()) == (8, b"")


def test_a_socket_that_is_broken_costs_the_others_nothing(sockets: AudienceSockets, join: Join) -> None:
    (_, before), (broken, line), (_, after) = join(), join(), join()
    line.far.close()
    sockets.groups[0].write(FRAME, 8)
    assert (line.left, [*sockets.others]) == (FRAME.plain, [broken])
    assert before.read() == after.read() == FRAME.plain


def test_who_has_heard_less_than_a_rank_does_not_stand_in_it(sockets: AudienceSockets, join: Join) -> None:
    join(), join(seq=6)
    assert [(group.seq, len(group.places)) for group in sockets.groups] == [(7, 1), (6, 1)]


def test_a_rank_is_no_longer_than_a_slice_and_what_is_left_in_it_is_filled(
    sockets: AudienceSockets, join: Join
) -> None:
    connections = [join()[0] for _ in range(SLICE + 1)]
    assert [len(group.places) for group in sockets.groups] == [SLICE, 1]
    connections[0].leave_group()
    connections[-1].leave_group()
    assert [len(group.places) for group in sockets.groups] == [SLICE - 1]
    sockets.join_group(connections[0])
    sockets.join_group(connections[-1])
    assert [len(group.places) for group in sockets.groups] == [SLICE, 1]
    assert sorted(map(id, sockets.connections)) == sorted(map(id, connections))


def test_who_has_left_or_has_nothing_to_lend_stands_in_no_rank(sockets: AudienceSockets, join: Join) -> None:
    connection = Connection("phone", "aino", "en", ("all",), transport=Wire(), cursor=7, shared=7)
    sockets.others[connection] = None
    sockets.join_group(connection)
    assert (sockets.groups, [*sockets.others]) == ([], [connection])
    gone, _ = join()
    gone.leave_group()
    del sockets.others[gone]
    sockets.join_group(gone)
    assert (sockets.groups, gone.group) == ([], None)


def test_whoever_is_put_out_of_a_rank_hears_the_last_word_and_nothing_more(
    sockets: AudienceSockets, join: Join
) -> None:
    (connection, line), (_, other) = join(), join()
    connection.disconnect(1008)
    sockets.groups[0].write(FRAME, 8)
    assert (connection.cursor, line.code, line.read()) == (None, 1008, b"")
    assert other.read() == FRAME.plain
