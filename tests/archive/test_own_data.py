"""What is held about a person, handed to that person: all of it, in words and for machines, and nothing of others."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from app.cli.person import person
from app.cli.trouble import Trouble
from tests.door.test_links import made as new_link
from tests.support.databases import Place
from tests.support.house import Guest, House, house
from tests.support.stage import phase, words

FORM = {
    "key": "own",
    "title": words("Own"),
    "phase": [
        phase(
            "collect", "N", rules={"fields": ["text"], "main": "text", "columns": ["need"], "per_person": 9}
        ),
        phase("vote", "C", inputs=["N"], rules={"method": "approval", "keep": "1"}),
        phase("vote", "V", inputs=["N"], rules={"method": "approval", "keep": "1", "ballots": "secret"}),
    ],
}


def unpacked(content: bytes) -> tuple[str, dict[str, Any]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert sorted(archive.namelist()) == ["my-data.html", "my-data.json"]
        return archive.read("my-data.html").decode(), json.loads(archive.read("my-data.json"))


async def play(home: House) -> None:
    """Aino and Bo write and vote; Bo is made a juror."""
    kim, desk = await home.staff(), await home.desk()
    aino, bo = [await home.guest(n, organisation=f"{n} Oy", language="fi") for n in ("Aino", "Bo")]
    assert "ack" in await kim.say("open_phase", "N")
    for guest, text in ((aino, "card of Aino"), (bo, "card of Bo")):
        assert "ack" in await guest.say("add_card", "N", text=text, column="need")
    for name in ("C", "V"):
        assert "ack" in await kim.say("open_phase", name)
        for guest in (aino, bo):
            assert "ack" in await guest.say("cast_ballot", name, option="Nc1")
    (person,) = [m.id for m in desk.session.people.values() if desk.directory.name(m.id) == "Aino"]
    assert "ack" in await kim.say("grant_role", "", person=person, role="juror")


async def test_mine_has_a_file_with_everything_that_is_held_about_me_and_nothing_of_others(
    place: Place,
) -> None:
    async with house(place.data, FORM, database_url=place.url) as home:
        await play(home)
        aino = home.guests[1]
        assert f"/s/{home.code}/my-data" in await aino.page("mine")
        answer = await aino.http.get(f"/s/{home.code}/my-data")
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        html, data = unpacked(answer.content)
        assert (data["row"]["name"], data["row"]["organisation"]) == ("Aino", "Aino Oy")
        kinds = [event["kind"] for event in data["events"]]
        assert kinds == ["card_added", "ballot_cast", "ballot_cast"]
        confidential, secret = (event["said"] for event in data["events"][1:])
        assert (confidential["marks"], secret) == ({"Nc1": 1}, {})
        assert [event["kind"] for event in data["named"]] == ["joined", "role_granted"]
        assert len(data["browsers"]) >= 1
        for text in (html, json.dumps(data, ensure_ascii=False)):
            assert "card of Aino" in text
            assert not [word for word in ("card of Bo", "Bo Oy") if word in text]
        assert 'lang="fi"' in html


async def test_the_links_that_somebody_opened_or_made_are_theirs_to_know(tmp_path: Path) -> None:
    async with house(tmp_path, FORM) as home:
        kim, eve = await home.staff(), Guest(home, "phone")
        links = {"juror": "For Eve of Lab", "screen": "Foyer"}
        made = {role: await new_link(home, kim, role, label) for role, label in links.items()}
        assert (await eve.http.post(made["juror"], data={"name": "Eve"})).status_code == 303
        html, data = unpacked((await eve.http.get(f"/s/{home.code}/my-data")).content)
        told = [[row["label"] for row in data[name]] for name in ("links", "made")]
        assert (told, "For Eve of Lab" in html) == ([["For Eve of Lab"], []], True)
        html, data = unpacked((await kim.http.get(f"/s/{home.code}/my-data")).content)
        assert sorted(row["label"] for row in data["made"]) == ["For Eve of Lab", "Foyer"]
        assert all(label in html for label in links.values())
        await eve.http.aclose()


async def test_whose_cookie_was_replaced_gets_a_file_that_names_none(tmp_path: Path) -> None:
    async with house(tmp_path, FORM) as home:
        aino = await home.guest("Aino", live=False)
        await home.inside.people.rotate_cookie(aino.http.cookies["race"])
        data = unpacked((await aino.http.get(f"/s/{home.code}/my-data")).content)[1]
        assert len(data["browsers"]) == 2
        assert {*data["browsers"][0]} & {"token", "replaces"} == set()


async def test_nobody_gets_what_is_held_about_somebody_else(place: Place) -> None:
    async with house(place.data, FORM, database_url=place.url) as home:
        await play(home)
        stranger = await home.guest("Cy", live=False)
        data = unpacked((await stranger.http.get(f"/s/{home.code}/my-data")).content)[1]
        assert (data["row"]["name"], data["events"]) == ("Cy", [])
        stranger.http.cookies.clear()
        assert (await stranger.http.get(f"/s/{home.code}/my-data")).status_code == 403


async def test_on_the_command_line_a_person_is_found_by_name_or_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with house(tmp_path / "data", FORM) as home:
        await play(home)
        code = home.code
    out = tmp_path / "aino.zip"
    await asyncio.to_thread(person, code, "aino", tmp_path / "data", None, out)
    html, data = unpacked(out.read_bytes())
    assert (data["row"]["name"], out.stat().st_mode & 0o077, 'lang="fi"' in html) == ("Aino", 0, True)
    await asyncio.to_thread(person, code, data["person"], tmp_path / "data", None, out, "sv")
    assert 'lang="sv"' in unpacked(out.read_bytes())[0]
    assert "It is for them alone" in capsys.readouterr().out
    out.chmod(0o644)
    await asyncio.to_thread(person, code, "aino", tmp_path / "data", None, out)
    assert out.stat().st_mode & 0o077 == 0  # also where a file was there before
    with pytest.raises(Trouble, match="0 people"):
        await asyncio.to_thread(person, code, "Nobody", tmp_path / "data", None, out)
