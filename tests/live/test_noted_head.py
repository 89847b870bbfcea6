"""The head of the chain stands where people can note it: beside a result, on wall, console and phone."""

from __future__ import annotations

from pathlib import Path

from app.drawing.markup import short_head
from sessions.messages import Command
from tests.live.test_unproved import voted
from tests.support.databases import asked
from tests.support.house import Guest, House


async def head_of_result(home: House) -> str:
    """As the database has it, in the form that people note."""
    statement = "SELECT digest FROM log WHERE stream = :code AND kind = 'result_counted'"
    rows = await asked(home.inside.people._database, statement, code=home.code)
    return short_head(rows[-1]["digest"])


async def test_a_result_is_shown_with_its_head_on_every_page_also_after_a_restart(tmp_path: Path) -> None:
    async with voted(tmp_path) as (home, _):
        head = await head_of_result(home)
        assert [len(digits) for digits in head.split(" ")] == [4, 4, 4, 4]
        staff, phone = home.guests[0], home.guests[1]
        screen = await home.staff("screen", live=False)
        for _again in range(2):
            for guest in (staff, phone, screen):
                assert head in await guest.page()
            await home.inside.desks.close()


async def test_what_is_pushed_has_the_head_that_the_page_has(tmp_path: Path) -> None:
    async with voted(tmp_path) as (home, _):
        desk = await home.desk()
        phone: Guest = home.guests[1]
        kim = desk.session.driver
        await desk.submit(Command("reopen_phase", "r1", "P2"), kim)
        async with desk.settled:
            assert desk.hall.heads == {}
        await phone.connect(desk.session.seq)
        await phone.say("announce")  # refused: what was pushed until here has been heard
        await desk.submit(Command("close_phase", "r2", "P2"), kim)
        head = await head_of_result(home)
        assert await phone.hears(head)
        assert head in await phone.page()


async def test_a_confidential_result_that_is_not_shown_yet_has_none_on_the_wall(tmp_path: Path) -> None:
    async with voted(tmp_path) as (home, _):
        desk = await home.desk()
        await desk.submit(Command("reopen_phase", "r1", "P2"), desk.session.driver)
        screen = await home.staff("screen", live=False)
        assert await head_of_result(home) not in await screen.page()
