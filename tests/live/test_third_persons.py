"""Who a team has talked to: seen by that team, in no log and no copy of one, and gone when the contact is withdrawn."""

from __future__ import annotations

import asyncio
import json
import zipfile
from pathlib import Path

import pytest

from app.archive.export import export
from sessions.messages import Personal
from tests.activities.test_work import NABC
from tests.support.databases import Place, asked
from tests.support.house import Guest, House, house
from tests.support.seed import SEED, seeds
from tests.support.stage import made_up, plain

__all__ = ["seeds"]

WHO, REACH = "Buyer of Saw Ltd 91ab", "buyer-91ab@example.org"
FORM = {**made_up(), "phase": plain([SEED, NABC])}

pytestmark = pytest.mark.usefixtures("seeds")


async def talked(home: House) -> tuple[Guest, Guest]:
    """Aino's team works and has talked to somebody; Cai is in another team."""
    kim, desk = await home.staff(), await home.desk()
    aino, cai = await home.guest("Aino"), await home.guest("Cai")
    ids = [m.id for m in desk.session.people.values() if m.role == "participant"]
    teams = [{"id": f"t{n}", "number": n, "name": f"Team {n}", "members": [p]} for n, p in enumerate(ids, 1)]
    kept = {"title": "Project 1", "team": "t1", "idea": "c1"}
    told = {
        "cards": [{"id": "c1", "text": "Idea 1", "team": "t1"}],
        "teams": teams,
        "facts": [{"subject": "c1", "name": "kept", "value": kept}],
    }
    assert "ack" in await kim.say("open_phase", "S")
    assert "ack" in await kim.say("tell", "S", what=json.dumps(told))
    assert "ack" in await kim.say("open_phase", "W")
    made = {"entry": "e1", "who": WHO, "reach": REACH, "date": "2026-11-07", "said": "Too dear"}
    assert "ack" in await aino.say("add_contact", "W", **made)
    return aino, cai


def lies_in(folder: Path) -> list[str]:
    content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return [mark for mark in (WHO, REACH) if mark.encode() in content]


async def test_a_teams_contact_is_seen_by_the_team_and_in_no_log_and_no_export(
    place: Place, tmp_path: Path
) -> None:
    async with house(place.data, FORM, database_url=place.url) as home:
        aino, cai = await talked(home)
        page = await aino.page()
        assert (WHO in page, REACH in page) == (True, True)
        assert WHO not in await cai.page()
        database = place.open()
        log = "".join(str(row) for row in await asked(database, "SELECT body, words FROM log"))
        assert ("Too dear" in log, WHO in log, REACH in log) == (True, False, False)
        out = tmp_path / "out.zip"
        await asyncio.to_thread(export, database, home.code, out)
        await database.close()
        with zipfile.ZipFile(out) as archive:
            archive.extractall(tmp_path / "export")
        assert lies_in(tmp_path / "export") == []


async def test_who_a_withdrawn_contact_was_is_nowhere_any_more(place: Place) -> None:
    async with house(place.data, FORM, database_url=place.url) as home:
        aino, _ = await talked(home)
        code = home.code
        assert "ack" in await aino.say("withdraw_contact", "W", entry="e1", contact="Wk1")
        assert WHO not in await aino.page()
        database = place.open()
        rows = "".join(str(row) for row in await asked(database, "SELECT * FROM people"))
        async with asyncio.timeout(20):
            while "Too dear" in str(await asked(database, "SELECT words FROM log")):
                await asyncio.sleep(0.05)
        await database.close()
        assert (WHO in rows, "Wk1" in rows) == (False, True)
    if not place.url:
        assert lies_in(place.data) == []
    async with house(place.data, FORM, database_url=place.url) as again:
        again.code = code
        desk = await again.desk()
        assert (desk.directory.fields("Wk1").get("who", ""), list(desk.session.entries)) == ("", ["e1"])


async def test_what_somebody_left_as_contact_data_is_shown_to_staff_alone(place: Place) -> None:
    async with house(place.data, FORM, database_url=place.url) as home:
        _, cai = await talked(home)
        desk = await home.desk()
        (person,) = [m.id for m in desk.session.people.values() if desk.directory.name(m.id) == "Aino"]
        desk.directory.take(Personal(person, {"contact": REACH}))
        assert REACH in await home.guests[0].page("people")
        assert REACH not in await cai.page()
