"""Links: staff makes one for each machine and person, sees what became of it, and stops it; looking uses none up."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from app.database.tables import table
from sessions.audience import LINKED_ROLES
from tests.door.test_pages import browser, cookies, people, tree
from tests.live.test_socket import ROOM
from tests.support.house import Guest, House, house


async def made(home: House, kim: Guest, role: str, label: str = "") -> str:
    """The address of a new link, as the page shows it this once."""
    answer = await kim.http.post(f"/s/{home.code}/links", data={"role": role, "label": label})
    assert answer.status_code == 200, answer.text
    (address,) = tree(answer).xpath("//input[@readonly]/@value")
    return "/enter/" + str(address).partition("/enter/")[2]


async def rows(home: House, kim: Guest) -> list[list[str]]:
    """The list of links as staff sees it, without times."""
    page = tree(await kim.http.get(f"/s/{home.code}/links"))
    cells = [
        [" ".join(cell.text_content().split()) for cell in row.xpath("td")]
        for row in page.xpath("//tbody/tr")
    ]
    return [[role, label, used.partition(" · ")[2] or used] for role, label, _, used, _ in cells]


@pytest.mark.parametrize("role", LINKED_ROLES)
async def test_a_link_of_any_role_lets_somebody_in_as_that_and_looking_at_it_uses_nothing_up(
    tmp_path: Path, role: str
) -> None:
    async with house(tmp_path, ROOM) as home, browser(home) as machine:
        kim = await home.staff(live=False)
        link = await made(home, kim, role)
        looks = [await machine.get(link), await machine.head(link), await machine.get(link)]
        assert [(look.status_code, dict(cookies(look))) for look in looks] == [(200, {})] * 3
        opened = await machine.post(link, data={"name": "Bo"})
        assert opened.status_code == 303
        assert role in (await people(home)).values()
        assert (await machine.get(opened.headers["location"])).status_code == 200
        async with browser(home) as other:
            assert (await other.get(link)).status_code == 410
            assert (await other.post(link, data={"name": "Eve"})).status_code == 410


@pytest.mark.parametrize("role", ["facilitator", "screen"])
async def test_two_taps_on_a_link_or_a_lost_answer_cost_nobody_their_machine(
    tmp_path: Path, role: str
) -> None:
    async with house(tmp_path, ROOM) as home, browser(home) as machine, browser(home) as other:
        link = f"/enter/{home.tokens[role].pop()}"
        await machine.get(link)
        taps = await asyncio.gather(*(machine.post(link, data={"name": "Bo"}) for _ in range(4)))
        machine.cookies.delete("race-screen" if role == "screen" else "race-console")  # it never came
        assert (await machine.get(link)).status_code == 200
        again = await machine.post(link, data={"name": "Bo"})
        assert [answer.status_code for answer in (*taps, again)] == [303] * 5
        assert (await machine.get(again.headers["location"])).status_code == 200
        assert list((await people(home)).values()) == [role]
        log = await (await home.desk()).journal.read(home.code)
        assert [event.kind for event in log].count("joined") == 1
        await other.get("/")
        assert [(await other.get(link)).status_code, (await other.post(link)).status_code] == [410, 410]


async def test_a_link_that_was_used_long_ago_opens_nothing_on_the_same_device_either(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home, browser(home) as machine:
        link = f"/enter/{home.tokens['facilitator'].pop()}"
        await machine.get(link)
        assert [(await machine.post(link)).status_code for _ in range(2)] == [303, 303]
        links, ago = table("links"), datetime.now(UTC) - timedelta(seconds=601)
        await home.inside.database.write(
            lambda db: db.execute(update(links).where(links.c.used.is_not(None)).values(used=ago))
        )
        assert [(await machine.get(link)).status_code, (await machine.post(link)).status_code] == [410, 410]


async def test_who_was_removed_does_not_come_back_by_the_link_they_came_by(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home, browser(home) as machine:
        kim = await home.staff(live=False)
        link = await made(home, kim, "expert")
        await machine.get(link)
        assert [(await machine.post(link)).status_code for _ in range(2)] == [303, 303]
        desk = await home.desk()
        await kim.post(
            "remove_person", person=next(m.id for m in desk.session.people.values() if m.role == "expert")
        )
        assert (await machine.post(link)).status_code == 410


async def test_links_are_listed_with_what_they_are_for_and_who_came_by_them(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home, browser(home) as machine:
        kim = await home.staff(live=False)
        juror, _ = await made(home, kim, "juror", "Third row"), await made(home, kim, "screen", "Foyer")
        assert (await rows(home, kim))[:2] == [
            ["Screen", "Foyer", "not yet"],
            ["Juror", "Third row", "not yet"],
        ]
        await machine.post(juror, data={"name": "Bo"})
        assert ["Juror", "Third row", "Bo"] in await rows(home, kim)
        assert "Facilitator" in str(
            tree(await kim.http.get(f"/s/{home.code}/links")).xpath("string(//tbody)")
        )


async def test_a_link_that_was_made_on_another_day_says_which(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim = await home.staff(live=False)
        links = table("links")
        at = datetime(2026, 3, 1, 14, 5, tzinfo=UTC)
        await home.inside.database.write(lambda db: db.execute(update(links).values(created=at)))
        page = tree(await kim.http.get(f"/s/{home.code}/links"))
        made = {" ".join(cell.text_content().split()) for cell in page.xpath("//tbody/tr/td[3]")}
        assert made == {"1 March 2026 15:05"}


async def test_whoever_was_removed_on_another_day_reads_on_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house(tmp_path, ROOM) as home:
        kim, aino = await home.staff(live=False), await home.guest("Aino", live=False)
        desk = await home.desk()
        (member,) = (m for m in desk.session.people.values() if m.role == "participant")
        await kim.post("remove_person", person=member.id)
        sunday = datetime(2026, 3, 1, 14, 5, tzinfo=UTC).timestamp()
        member.removed_at = sunday
        for days, written in ((0, "at 15:05."), (1, "at Sun 15:05."), (9, "at 1 March 2026 15:05.")):
            monkeypatch.setattr(desk, "now", lambda days=days: sunday + days * 86_400.0)
            assert written in (await aino.http.get(f"/s/{home.code}")).text


async def stop(home: House, kim: Guest, label: str) -> None:
    page = tree(await kim.http.get(f"/s/{home.code}/links"))
    (action,) = page.xpath("//tr[td[2]=$label]//form/@action", label=label)
    assert (await kim.http.post(str(action))).status_code == 303


async def test_a_stopped_link_opens_nothing_and_the_screen_that_came_by_it_shows_nothing_any_more(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, ROOM) as home, browser(home) as machine, browser(home) as late:
        kim = await home.staff(live=False)
        foyer, hall = await made(home, kim, "screen", "Foyer"), await made(home, kim, "screen", "Hall")
        await machine.post(foyer)
        assert (await machine.get(f"/s/{home.code}/screen")).status_code == 200
        for label in ("Foyer", "Hall"):
            await stop(home, kim, label)
        assert (await machine.get(f"/s/{home.code}/screen")).status_code == 403
        assert [(await late.get(hall)).status_code, (await late.post(hall)).status_code] == [410, 410]
        assert [row[2] for row in (await rows(home, kim))[:2]] == ["stopped", "stopped"]


async def test_of_many_who_press_at_once_one_comes_in(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim = await home.staff(live=False)
        link = await made(home, kim, "expert")
        async with browser(home) as machine:
            answers = await asyncio.gather(*(machine.post(link, data={"name": "Bo"}) for _ in range(8)))
        assert sorted(answer.status_code for answer in answers) == [303] + [410] * 7


@pytest.mark.parametrize("who", ["nobody", "participant", "night_host", "removed"])
async def test_only_staff_makes_sees_and_stops_links(tmp_path: Path, who: str) -> None:
    async with house(tmp_path, ROOM) as home, browser(home) as machine:
        kim = await home.staff(live=False)
        await made(home, kim, "screen", "Foyer")
        if who == "participant":
            await machine.post(f"/s/{home.code}/join", data={"name": "Bo"})
        elif who != "nobody":
            role = "co_facilitator" if who == "removed" else who
            await machine.post(await made(home, kim, role), data={"name": "Bo"})
            assert (await machine.get(f"/s/{home.code}/console")).status_code == 200
        if who == "removed":
            assert (await machine.get(f"/s/{home.code}/links")).status_code == 200
            person = next(
                m.id for m in (await home.desk()).session.people.values() if m.role == "co_facilitator"
            )
            await kim.post("remove_person", person=person)
        address = f"/s/{home.code}/links"
        (action,) = tree(await kim.http.get(address)).xpath("//tr[td[2]='Foyer']//form/@action")
        tries = [
            await machine.get(address),
            await machine.post(address, data={"role": "facilitator"}),
            await machine.post(str(action)),
        ]
        assert [one.status_code for one in tries] == [403, 403, 403]
        assert ["Screen", "Foyer", "not yet"] in await rows(home, kim)


async def test_a_link_for_no_role_is_not_made(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim = await home.staff(live=False)
        before = await rows(home, kim)
        answer = await kim.http.post(f"/s/{home.code}/links", data={"role": "process_leader"})
        assert (answer.status_code, await rows(home, kim)) == (400, before)


# ---- removed is not revoked


async def test_whoever_was_removed_is_told_may_ask_and_comes_back_on_the_same_device(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim, aino = await home.staff(live=False), await home.guest("Aino", live=False)
        desk = await home.desk()
        person = next(m.id for m in desk.session.people.values() if m.role == "participant")
        await kim.post("remove_person", person=person)
        told = await aino.http.get(f"/s/{home.code}")
        assert (told.status_code, tree(told).xpath("string(//h1)")) == (
            403,
            "You have been removed from this session",
        )
        (action,) = tree(told).xpath("//form/@action")
        asked = await aino.http.post(str(action))
        assert (asked.status_code, asked.headers["location"]) == (303, f"/s/{home.code}")
        assert tree(await aino.http.get(f"/s/{home.code}")).xpath("//form") == []
        assert "asks to be let in" in await kim.page("people")
        await kim.post("let_in", person=person)
        assert str(tree(await aino.http.get(f"/s/{home.code}")).xpath("string(//@data-person)")) == person


async def test_who_was_erased_finds_the_door(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim, aino = await home.staff(live=False), await home.guest("Aino", live=False)
        person = next(m.id for m in (await home.desk()).session.people.values() if m.role == "participant")
        await kim.post("erase_person", person=person, sure="yes")
        page = await aino.http.get(f"/s/{home.code}")
        assert tree(page).xpath("//form/@action") == [f"/s/{home.code}/join"]
