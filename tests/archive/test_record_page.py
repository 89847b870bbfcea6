"""The decision sheet over real HTTP: a record's life cycle by command, who may, and what whoever may not hears."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from lxml import html

from app.archive.facts import stream_of
from app.archive.handover import HANDOVER, HandingOver
from app.archive.house import ArchiveHouse
from app.projections import PROJECTIONS
from app.streams.tasks import Task
from app.telemetry.metrics import tally
from app.token_bucket import TokenBucket
from sessions import facts
from sessions.messages import NOTHING
from sessions.outcome import Card, Fact, Team
from sessions.record import Record
from tests.archive.test_archive import form
from tests.support.house import Guest, House, house, http_client

JSON = {"accept": "application/json"}
PARKING = {"command": "advance", "status": "parked", "why": "No money until spring"}


@dataclass
class Room:
    """A served session with one entry: its owner Elsa and Bea in the team, Otto beside it, and the facilitator."""

    home: House
    elsa: Guest
    bea: Guest
    otto: Guest
    kim: Guest

    @property
    def address(self) -> str:
        return f"/s/{self.home.code}/records/e1"

    @property
    def inside(self) -> ArchiveHouse:
        assert isinstance(self.home.inside, ArchiveHouse)
        return self.home.inside

    async def learn(self, name: str, value: Any, key: str = "") -> None:
        """The session says something of the entry."""
        facts.learn((await self.home.desk()).session, "P9", Fact("e1", name, value, key))

    async def archive(self) -> None:
        """The session has archived the entry, and its record has heard so."""
        await self.learn("field", "Waiting rooms are loud", "need.situation")
        await self.learn("field", "Wards", "market.segment")
        await self.learn("next_action", {"text": "Call the hospital", "due": "2026-12-07"})
        await self.learn("status", "archived")
        await self.hand_over()

    async def hand_over(self) -> None:
        session, records = (await self.home.desk()).session, self.inside.records
        handing = HandingOver(records.journal, self.inside.desks.get, records.now, PROJECTIONS)
        await handing(
            Task(f"{HANDOVER}/{session.code}/e1", HANDOVER, session.code, session.seq, 0.0, {"entry": "e1"})
        )

    async def record(self) -> Record:
        session = (await self.home.desk()).session
        return await self.inside.records.read(stream_of(session.code, session.entries["e1"]))

    async def send(
        self, guest: Guest, headers: Mapping[str, str] = NOTHING, /, **fields: str
    ) -> httpx.Response:
        return await guest.http.post(f"{self.address}/do", data=fields, headers=headers)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with house(tmp_path, form()) as home:
        people = [
            await home.guest(name, language, live=False)
            for name, language in (("Elsa", "sv"), ("Bea", "en"), ("Otto", "fi"))
        ]
        kim = await home.staff(live=False)
        session = (await home.desk()).session
        elsa, bea, *_ = [person for person in session.people if session.people[person].role == "participant"]
        facts.regroup(session, Team("t1", 1, "Ripa", (elsa, bea), elsa))
        facts.learn(session, "P9", Fact("c1", "kept", {"title": "Quiet corners", "team": "t1", "need": ""}))
        (entry,) = session.entries.values()
        entry.idea = Card("c1", "Quiet corners", authors=(elsa,), team="t1")
        assert entry.id == "e1"
        facts.learn(session, "P9", Fact("e1", "owner", {"person": elsa, "accepted": True}))
        yield Room(home, people[0], people[1], people[2], kim)


def tree(answer: httpx.Response) -> Any:
    return html.document_fromstring(answer.text)


def words_of(answer: httpx.Response, path: str) -> str:
    return " ".join(str(tree(answer).xpath(f"string({path})")).split())


async def sheet(room: Room, guest: Guest) -> httpx.Response:
    answer = await guest.http.get(room.address)
    assert answer.status_code == 200, answer.text
    return answer


def offered(answer: httpx.Response) -> list[str]:
    return [value for value in tree(answer).xpath("//select[@name='status']/option/@value") if value]


async def send_form(room: Room, guest: Guest, **filled: str) -> httpx.Response:
    """Fill the form of the sheet's status and send it as a browser does; where that leads."""
    (found,) = [one for one in tree(await sheet(room, guest)).forms if one.fields["command"] == "advance"]
    assert set(filled) <= set(found.fields.keys())
    for name, value in filled.items():
        found.fields[name] = value
    data = dict(found.form_values())
    answer = await guest.http.request(found.method, found.action, data=data)
    return await guest.http.get(answer.headers["location"]) if answer.status_code == 303 else answer


# ---- the road


async def test_the_owner_goes_the_road_with_nothing_but_the_form(room: Room) -> None:
    await room.archive()
    assert offered(await sheet(room, room.elsa)) == ["active", "parked", "stopped", "withdrawn"]
    shown = await send_form(room, room.elsa, status="active")
    assert (shown.status_code, words_of(shown, "//h2[@id='life']")) == (200, "Status: Pågående")
    await send_form(room, room.elsa, status="parked", why="Inga pengar")
    shown = await send_form(room, room.elsa, status="active", why="Pengar")
    steps = [" ".join(step.text_content().split()) for step in tree(shown).xpath("//*[@class='life']//li")]
    assert [step.partition(" ")[0] for step in steps] == [
        "Arkiverad",
        "Pågående",
        "Vilande",
        "Pågående",
    ]
    assert ("Elsa" in steps[-2], steps[-2].endswith("Inga pengar")) == (True, True)
    assert [(step.status, step.why) for step in (await room.record()).steps][-3:] == [
        ("active", ""),
        ("parked", "Inga pengar"),
        ("active", "Pengar"),
    ]


async def test_a_script_gets_the_frame_of_an_answer_and_the_same_one_again(room: Room) -> None:
    await room.archive()
    sent = {"command": "advance", "status": "active", "id": "c1"}
    answers = [await room.send(room.kim, JSON, **sent) for _ in range(2)]
    assert [(a.status_code, a.json()) for a in answers] == [(200, {"ack": "c1", "seq": 3})] * 2
    refused = await room.send(room.kim, JSON, command="advance", status="draft", id="c2")
    assert (refused.status_code, refused.json()) == (
        409,
        {
            "refused": "c2",
            "reason": "no_such_step",
            "message": "A record cannot go there from where it stands.",
        },
    )


async def test_an_approved_record_is_shown_as_its_own_stream_has_it(room: Room) -> None:
    await room.learn("field", "Somebody", "market.segment")
    assert "Somebody" in words_of(await sheet(room, room.bea), "//main")
    await room.archive()
    saved = await room.send(room.bea, JSON, **{"command": "save", "base": "2", "market.segment": "Hospitals"})
    assert saved.status_code == 200, saved.text
    await room.learn("field", "Schools", "market.segment")
    shown = words_of(await sheet(room, room.bea), "//main")
    assert ("Hospitals" in shown, "Schools" in shown) == (True, False)
    assert "Call the hospital" in shown


# ---- refusals


async def test_a_refusal_is_the_page_again_with_the_reason_and_what_was_typed(room: Room) -> None:
    await room.archive()
    assert tree(await sheet(room, room.elsa)).xpath("//*[@role='alert']") == []
    await room.send(room.elsa, **PARKING)
    answer = await send_form(room, room.elsa, status="stopped", why=" ")
    assert answer.status_code == 409
    assert words_of(answer, "//*[@role='alert']").startswith("Skriv varför")
    assert tree(answer).xpath("//option[@selected]/@value") == ["stopped"]
    answer = await room.send(room.elsa, command="advance", status="launched", why="<b>Därför</b>")
    assert (answer.status_code, tree(answer).xpath("string(//textarea)").strip()) == (409, "<b>Därför</b>")
    assert (await room.record()).status == "parked"


async def test_who_saves_over_what_they_have_not_seen_is_shown_both_texts_and_chooses(room: Room) -> None:
    await room.archive()
    base, name = str((await room.record()).seq), "need.situation"
    assert (await room.send(room.bea, command="save", base=base, **{name: "By Bea"})).status_code == 303
    told = {name: "By Elsa", "market.segment": "Clinics"}
    answer = await room.send(room.elsa, command="save", base=base, **told)
    assert answer.status_code == 409
    assert words_of(answer, "//form[.//textarea]//p[@class='words']") == "By Bea"
    assert words_of(answer, "//textarea[@name='need.situation']") == "By Elsa"
    assert (await room.record()).values[name] == "By Bea", "nothing of that save is written"
    (form,) = tree(answer).xpath("//form[.//textarea[@name='need.situation']]")
    again = {field.get("name"): field.get("value") for field in form.xpath(".//input")}
    answer = await room.send(room.elsa, **{**again, name: "By Bea and Elsa"})
    assert answer.status_code == 303
    values = (await room.record()).values
    assert (values[name], values["market.segment"]) == ("By Bea and Elsa", "Clinics")


async def test_a_reason_is_required_where_every_step_needs_one(room: Room) -> None:
    await room.archive()
    assert tree(await sheet(room, room.kim)).xpath("//textarea[@name='why']/@required") == []
    await room.send(room.kim, **PARKING)
    assert tree(await sheet(room, room.kim)).xpath("//textarea[@name='why']/@required") != []


async def test_what_is_no_command_is_said_so_and_changes_nothing(room: Room) -> None:
    await room.archive()
    before = (await room.record()).seq
    for fields, status in (({"command": "a b"}, 400), ({}, 400), ({"command": "burn"}, 409)):
        assert (fields, (await room.send(room.kim, **fields)).status_code) == (fields, status)
    answer = await room.send(room.kim, JSON, command="merge", into="nothing", why="The same", id="m")
    assert (answer.status_code, answer.json()["reason"]) == (409, "no_record")
    assert (await room.record()).seq == before


async def test_a_record_that_is_not_handed_over_yet_takes_no_command(room: Room) -> None:
    shown = await sheet(room, room.elsa)
    assert (words_of(shown, "//h2[@id='life']"), offered(shown)) == ("Status: Utkast", [])
    answer = await room.send(room.elsa, JSON, **PARKING)
    assert (answer.status_code, answer.json()["reason"]) == (409, "not_handed_over")
    await room.hand_over()
    answer = await room.send(room.elsa, JSON, **PARKING)
    assert (answer.status_code, answer.json()["reason"]) == (409, "follows_session")


async def test_too_many_commands_at_once_wait(room: Room) -> None:
    await room.archive()
    object.__setattr__(room.inside, "pace", TokenBucket(1, 0.001))
    assert (await room.send(room.kim, **PARKING)).status_code == 303
    answer = await room.send(room.kim, JSON, command="advance", status="active", why="Money")
    assert (answer.status_code, answer.json()["reason"]) == (429, "too_fast")
    assert answer.headers["retry-after"]


# ---- who may


async def test_too_many_looks_at_records_wait(room: Room) -> None:
    """At the list of them and at each: it is drawn for whoever asks, as every other page."""
    object.__setattr__(room.inside, "looks", TokenBucket(2, 0.001))
    listed = f"/s/{room.home.code}/records"
    before = tally.turned_away["looks"]
    answers = [await room.bea.http.get(address) for address in (listed, listed, listed, room.address)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert tally.turned_away["looks"] - before == 2


async def test_a_member_of_the_team_sees_the_steps_and_is_offered_none(room: Room) -> None:
    await room.archive()
    shown = await sheet(room, room.bea)
    assert (words_of(shown, "//h2[@id='life']"), tree(shown).forms) == ("Status: Archived", [])
    answer = await room.send(room.bea, **PARKING)
    assert (answer.status_code, words_of(answer, "//*[@role='alert']")) == (
        409,
        "Your role in this session may not do that.",
    )
    assert (await room.record()).status == "archived"


async def test_who_may_not_see_a_record_learns_nothing_and_does_nothing(room: Room) -> None:
    await room.archive()
    stranger = http_client(room.home.url)
    for client in (room.otto.http, stranger):
        for address in (f"{room.address}/do", f"/s/{room.home.code}/records/e9/do"):
            answer = await client.post(address, data={**PARKING, "id": "x"}, headers=JSON)
            assert (answer.status_code, answer.json()["reason"]) == (403, "not_yours")
    unknown = await stranger.post("/s/00000000/records/e1/do", data=PARKING)
    await stranger.aclose()
    assert unknown.status_code == 404
    await room.learn("visibility", "session")
    assert (await room.otto.http.get(room.address)).status_code == 200
    answer = await room.send(room.otto, JSON, **PARKING)
    assert (answer.status_code, answer.json()["reason"]) == (409, "not_allowed")
    assert (await room.record()).status == "archived"


async def test_whoever_was_asked_and_has_not_accepted_is_no_owner(room: Room) -> None:
    await room.archive()
    elsa = (await room.record()).values["people.owner"]["person"]
    await room.learn("owner", {"person": elsa, "accepted": False})
    (await room.home.desk()).session.seq += 1
    await room.hand_over()
    assert offered(await sheet(room, room.elsa)) != []
    taken = await room.send(room.kim, JSON, command="take_proposals", name="people.owner")
    assert taken.status_code == 200, taken.text
    assert offered(await sheet(room, room.elsa)) == []
    assert offered(await sheet(room, room.kim)) != []


# ---- reviewed, and found


async def test_a_text_that_somebody_has_read_is_marked_as_reviewed_until_it_is_changed(room: Room) -> None:
    await room.archive()
    before = tree(await sheet(room, room.kim))
    assert not before.xpath("//*[@class='whose'][contains(., 'reviewed')]")
    (found,) = [one for one in before.forms if one.fields["command"] == "review"]
    sent = await room.kim.http.post(found.action, data=dict(found.form_values()))
    assert sent.status_code == 303
    record = await room.record()
    assert record.review_of("need.situation") is not None
    after = tree(await sheet(room, room.kim))
    assert after.xpath("//*[@class='whose'][contains(., 'reviewed')]")
    assert not [one for one in after.forms if one.fields["command"] == "review"]


async def test_who_may_open_a_sheet_finds_it_in_the_list(room: Room) -> None:
    address = room.address.rpartition("/")[0]
    for guest in (room.elsa, room.kim):
        answer = await guest.http.get(address)
        assert answer.status_code == 200
        assert tree(answer).xpath("//main//a/@href") == [room.address]
    assert tree(await room.otto.http.get(address)).xpath("//main//a/@href") == []
    for page, guest in (("mine", room.elsa), ("team", room.elsa), ("console", room.kim)):
        shown = tree(await guest.http.get(f"/s/{room.home.code}/{page}"))
        assert address in shown.xpath("//a/@href"), page


async def test_what_a_field_is_called_and_what_was_chosen_stands_in_the_readers_language(room: Room) -> None:
    await room.learn("field", "regional", "market.geography")
    await room.learn("field", "3", "technology.trl_now")
    await room.learn("field", "One", "value_proposition.jobs")
    shown = await sheet(room, room.elsa)  # she reads Swedish
    labels = [" ".join(dt.split()) for dt in tree(shown).xpath("//main//section//dt/text()")]
    assert {"Var", "Princip"} <= set(labels)
    assert "regional" not in tree(shown).xpath("//main//section//dd//*[@class='written']/text()")
    assert not [label for label in labels if label in ("Geography", "Trl now", "Jobs", "Ip policy")]
