"""Pages and plain HTTP: who may open what, and taking part without WebSocket or JavaScript."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from lxml import html
from websockets.exceptions import ConnectionClosed

from app.audience import drawn
from app.token_bucket import TokenBucket
from app.web.origin import CSP, MAX_BODY
from app.wire.messages import MAX_FIELDS
from sessions.audience import CONSOLE_ROLES, DOOR, READERS, ROLES
from sessions.messages import Command
from sessions.views import CONSOLE_VIEWS, PHONE_VIEWS, VIEWS, focused, may_see
from tests.live.test_socket import ROOM
from tests.support.house import Guest, House, house, http_client
from tests.support.patience import SOON, until, within
from tests.support.stage import Stage, phase

JSON = {"accept": "application/json"}
NOT_ALLOWED = "Your role in this session may not do that."


def tree(answer: httpx.Response) -> Any:
    return parsed(answer.text)


def parsed(source: str) -> Any:
    """A page as a tree (lxml's own types name all that an expression might give)."""
    return html.document_fromstring(source)


def path(home: House, view: str = "phone") -> str:
    return f"/s/{home.code}" + ("" if view == "phone" else f"/{view}")


async def as_role(home: House, role: str) -> Guest:
    """Somebody with a role whose browser holds their token in every cookie there is."""
    desk, store = await home.desk(), home.inside.people
    person = await store.create_person(home.code, role)
    await desk.submit(
        Command("join", f"j-{person}", "", {"person": person, "role": role, "language": "en"}), DOOR
    )
    token = await store.issue_cookie(person, home.code)
    guest = Guest(home, "phone")
    home.guests.append(guest)
    for name in ("race", "race-console", "race-screen"):
        guest.http.cookies.set(name, token)
    return guest


async def person_of(guest: Guest, view: str = "") -> str:
    return str(parsed(await guest.page(view)).xpath("string(//@data-person)"))


# ---- who may open what

OPEN = {
    **dict.fromkeys(PHONE_VIEWS, ROLES - READERS),
    **dict.fromkeys(CONSOLE_VIEWS, CONSOLE_ROLES),
    "screen": frozenset({"screen"}),
}


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_may_see_the_views_that_are_listed_for_it_and_no_other(role: str) -> None:
    stage = Stage(phase("pause"))
    stage.join("x", role)
    seen = {
        view for view in (*VIEWS, "nonsense", "", "record", "layout") if may_see(stage.session, "x", view)
    }
    assert seen == {view for view, roles in OPEN.items() if role in roles}
    stage.ok("remove_person", "kim", person="x")
    assert {view for view in VIEWS if may_see(stage.session, "x", view)} == set()


VIEWS_NOBODY_HAS = (
    "phone/x",
    "phone/P1",
    "mine/",
    "screen/P1",
    "people/P1",
    "console/P9",
    "console/",
    "console/P1/x",
)


def test_nobody_makes_an_audience_of_their_own_by_a_view_that_there_is_not() -> None:
    stage = Stage(phase("pause"))
    stage.join("aino", "participant")
    stage.join("sc", "screen")
    seen = [
        view
        for view in VIEWS_NOBODY_HAS
        for person in ("kim", "aino", "sc")
        if may_see(stage.session, person, view)
    ]
    assert seen == []
    assert may_see(stage.session, "kim", "console/P1"), "that is one that there is"
    asked = [("console", "P1"), ("console", "P9"), ("console", ""), ("phone", "P1"), ("people", "P1")]
    told = [focused(stage.session, view, phase_id) for view, phase_id in asked]
    assert told == ["console/P1", "console", "console", "phone", "people"]


async def test_pages_sockets_and_questions_know_the_views_that_there_are_and_no_other(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino, kim = await home.guest("Aino", live=False), await home.staff(live=False)
        path = f"/s/{home.code}"
        for guest, view in ((aino, "phone"), (kim, "console")):
            for asked, status in ((view, 204), (f"{view}/P1", 403), (f"{view}/x", 403), ("nonsense", 403)):
                answer = await guest.http.get(
                    f"{path}/since?seq={(await home.desk()).session.seq}&view={asked}"
                )
                assert (asked, answer.status_code) == (asked, status)
                sent = await guest.http.post(f"{path}/do?view={asked}", data={"command": "choose_language"})
                assert (asked, sent.status_code == 403) == (asked, status == 403)
        desk = await home.desk()
        await aino.connect(desk.session.seq)
        for asked in ("phone/P1", "phone/x", "nonsense"):
            other = Guest(home, asked)
            home.guests.append(other)
            other.http.cookies = aino.http.cookies
            with pytest.raises(ConnectionClosed) as closed:
                await within((await other.connect(desk.session.seq)).recv(), SOON)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1008
        kim.view = "console&phase=P9"
        await kim.connect(desk.session.seq)
        await until(lambda: len(desk.fanout.connections) == 2)
        assert {view for view, _ in desk.fanout.connections.hearing} == {"phone", "console"}


async def test_however_many_seqs_are_asked_for_what_is_kept_of_them_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawn, "MOST_TEXT", 30_000)
    async with house(tmp_path, ROOM) as home:
        kim, aino = await home.staff(), await home.guest("Aino", live=False)
        for number in range(25):
            await kim.say("announce", text=f"{number} {'x' * 200}")
        desk, told = await home.desk(), []
        kept, newest = desk.fanout.drawn, desk.session.seq
        for _ in range(2):
            for seq in range(newest - 25, newest):
                answer = await aino.http.get(f"/s/{home.code}/since?seq={seq}&view=phone")
                if answer.status_code == 200:
                    told.append(answer.text)
                assert kept._kept <= 30_000
        assert sum(map(len, told)) > 30_000, "there was more than is kept"
        assert sum(map(len, kept._texts.values())) <= 30_000


@pytest.mark.parametrize(
    "role", ["participant", "juror", "guest", "observer", "screen", "night_host", "co_facilitator"]
)
async def test_every_page_opens_to_the_roles_listed_and_to_nobody_else(tmp_path: Path, role: str) -> None:
    async with house(tmp_path, ROOM) as home:
        guest = await as_role(home, role)
        told = {view: (await guest.http.get(path(home, view))).status_code for view in OPEN}
        assert told == {view: 200 if role in roles else 403 for view, roles in OPEN.items()}


async def test_a_stranger_stands_at_the_door_of_the_phone_and_before_a_closed_console(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home, http_client(home.url) as stranger:
        for view in OPEN:
            answer = await stranger.get(path(home, view))
            joins = tree(answer).xpath("//form/@action") == [f"/s/{home.code}/join"]
            assert (answer.status_code, joins) == ((200, True) if view in PHONE_VIEWS else (403, False)), view


@pytest.mark.parametrize(
    "view", ["nonsense", "layout", "around", "join", "do", "..%2Fdoor%2Ffront", "Console", "phone%00"]
)
async def test_an_unknown_view_is_no_page(tmp_path: Path, view: str) -> None:
    async with house(tmp_path, ROOM) as home:
        guest = await as_role(home, "facilitator")
        assert (await guest.http.get(path(home, view))).status_code in {403, 404}
        answer = await guest.http.post(f"/s/{home.code}/do?view={view}", data={"command": "nope"})
        assert answer.status_code == 403


async def test_a_cookie_of_another_session_opens_nothing_here(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        guest, first = await as_role(home, "facilitator"), home.code
        assert (await guest.http.get(path(home, "console"))).status_code == 200
        await home.begin(ROOM)
        assert home.code != first
        assert (await guest.http.get(path(home, "console"))).status_code == 403
        assert tree(await guest.http.get(path(home))).xpath("//form/@action") == [f"/s/{home.code}/join"]
        assert (await guest.post("announce", text="Hei")).status_code == 403


async def test_who_was_removed_is_shown_the_door_everywhere(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim, aino = await home.staff(live=False), await home.guest("Aino", live=False)
        person = await person_of(aino)
        assert (await kim.post("remove_person", person=person)).status_code == 303
        looks = [await aino.http.get(address) for address in (path(home), f"{path(home)}/since?seq=1")]
        assert [look.status_code for look in [*looks, await aino.post("choose_language")]] == [403] * 3


async def test_a_person_without_a_place_in_the_session_gets_no_page_and_waits_at_the_door(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, ROOM) as home:
        store, kim = home.inside.people, await home.staff()
        assert "ack" in await kim.say("set_door", state="ask")
        token = await store.issue_cookie(await store.create_person(home.code, "Ghost"), home.code)
        async with http_client(home.url, cookies={"race": token}) as ghost:
            for view in VIEWS - CONSOLE_VIEWS - {"screen"}:
                answer = await ghost.get(path(home, view))
                assert "The staff is letting people in" in answer.text
                assert "data-person" not in answer.text
            assert (await ghost.get(f"{path(home)}/since?seq=1")).status_code == 403
        assert len((await home.desk()).hall.waiting) == 1


# ---- pages


async def test_a_time_in_a_decision_is_one_that_the_script_writes_with_day_and_zone(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim = await home.staff()
        await kim.say("next_phase")
        assert "ack" in await kim.say("extend_phase", "P1", minutes="5")
        ends_at = (await home.desk()).session.agenda.phases["P1"].ends_at
        for view in ("console", "log"):
            (time,) = tree(await kim.http.get(path(home, view))).xpath(
                "//*[contains(., 'minutes, now to')]/time[1]"
            )
            assert time.get("data-at") == str(int(ends_at * 1000))


async def test_every_page_is_whole_and_not_kept_by_caches(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        facilitator, screen = await as_role(home, "facilitator"), await as_role(home, "screen")
        for view in VIEWS:
            answer = await (screen if view == "screen" else facilitator).http.get(path(home, view))
            root = tree(answer)
            headers = [
                answer.headers[name]
                for name in ("cache-control", "content-language", "content-security-policy")
            ]
            assert headers == ["no-store", "en", CSP]
            assert (
                root.get("lang"),
                len(root.xpath("//title[normalize-space()]")),
                len(root.xpath("//h1")),
            ) == ("en", 1, 1)


async def test_a_look_without_the_page_is_answered_without_the_page(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino", live=False)
        whole, head = await aino.http.get(path(home)), await aino.http.head(path(home))
        assert (head.status_code, head.text, head.headers["content-type"]) == (
            200,
            "",
            whole.headers["content-type"],
        )


async def test_a_page_is_in_the_persons_language_and_the_projector_in_the_sessions(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino, screen = await home.guest("Aino", "fi", live=False), await home.staff("screen", live=False)
        pages = [parsed(await guest.page()) for guest in (aino, screen)]
        assert [page.get("lang") for page in pages] == ["fi", "en"]


# ---- commands as plain forms


async def test_a_plain_form_is_done_and_leads_back_to_its_page(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim, aino = await home.staff(live=False), await home.guest("Aino", live=False)
        answer = await kim.post("announce", text="Soup")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/s/{home.code}/console")
        answer = await aino.post("choose_language", language="sv")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/s/{home.code}")
        assert "Soup" in parsed(await aino.page()).xpath("string(//ul[@id='notices'])")


async def test_every_form_of_a_page_can_be_sent_as_it_stands(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim = await home.staff(live=False)
        forms = parsed(await kim.page()).xpath("//form[.//input[@value='next_phase']]")
        fields = {i.get("name"): i.get("value", "") for i in forms[0].xpath(".//input[@name]")}
        answer = await kim.http.post(forms[0].get("action"), data=fields)
        assert (answer.status_code, [p.id for p in (await home.desk()).session.agenda.open]) == (303, ["P1"])


async def test_a_refused_form_shows_the_page_again_with_the_sentence(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino, kim = await home.guest("Aino", live=False), await home.staff(live=False)
        no, empty = await aino.post("announce", text="Hei"), await kim.post("announce", text=" ")
        said = [tree(answer).xpath("string(//ul[@id='refusals'])").strip() for answer in (no, empty)]
        assert said == [NOT_ALLOWED, "There is nothing written yet."]
        assert [answer.status_code for answer in (no, empty)] == [422, 422]
        assert [tree(answer).xpath("string(//@data-view)") for answer in (no, empty)] == ["phone", "console"]
        assert (await home.desk()).session.announcements == {}


async def test_a_refusal_never_shows_a_page_that_is_not_the_persons_own(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        guest = await as_role(home, "participant")
        for view in (*CONSOLE_VIEWS, "screen"):
            answer = await guest.http.post(f"/s/{home.code}/do?view={view}", data={"command": "announce"})
            assert (answer.status_code, tree(answer).xpath("//@data-person")) == (403, [])


async def test_a_script_gets_json(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim, aino = await home.staff(live=False), await home.guest("Aino", "fi", live=False)
        done = await kim.http.post(
            f"{path(home)}/do?view=console",
            data={"command": "announce", "id": "x", "text": "a"},
            headers=JSON,
        )
        assert (done.status_code, done.json()) == (200, {"ack": "x", "seq": (await home.desk()).session.seq})
        no = await aino.http.post(f"{path(home)}/do", data={"command": "announce", "id": "y"}, headers=JSON)
        message = "Roolisi tässä tilaisuudessa ei salli sitä."
        assert (no.status_code, no.json()) == (
            422,
            {"refused": "y", "reason": "not_allowed", "message": message},
        )


async def test_a_script_hears_which_command_can_never_be_taken(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home, http_client(home.url, headers=JSON) as stranger:
        aino = await home.guest("Aino", live=False)
        bad = await aino.http.post(f"{path(home)}/do", data={"command": "__init__", "id": "x"}, headers=JSON)
        foreign = await stranger.post(f"{path(home)}/do", data={"command": "announce", "id": "y"})
        told = [(a.status_code, a.json()["refused"], a.json()["reason"]) for a in (bad, foreign)]
        assert told == [(400, "x", "malformed"), (403, "y", "not_yours")]


async def test_the_same_id_again_is_done_once(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim = await home.staff(live=False)
        told = [(await kim.post("announce", text="Soup", id="same")).status_code for _ in range(3)]
        assert (told, len((await home.desk()).session.announcements)) == ([303] * 3, 1)


async def test_a_field_that_is_sent_twice_is_a_list_and_a_command_that_is_sent_twice_is_none(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, ROOM) as home:
        kim = await home.staff(live=False)
        assert (await kim.post("announce", text=["One", "Two"])).status_code == 303
        assert [n.text for n in (await home.desk()).session.announcements.values()] == ["One"]
        twice = {"command": ["announce", "announce"], "text": "x"}
        assert (await kim.http.post(f"{path(home)}/do?view=console", data=twice)).status_code == 400


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"data": {}}, 400),
        ({"data": {"command": "announce", "id": ""}}, 400),
        ({"data": {"command": "announce", **{f"f{n}": "x" for n in range(MAX_FIELDS)}}}, 400),
        ({"files": {"command": ("a.txt", b"announce")}}, 400),
        ({"content": b"\xff\xfe{", "headers": {"content-type": "application/json"}}, 400),
        ({"data": {"command": "announce", "text": "x" * MAX_BODY}}, 413),
    ],
)
async def test_what_is_no_command_is_refused_without_a_trace(
    tmp_path: Path, body: dict[str, object], status: int
) -> None:
    async with house(tmp_path, ROOM) as home:
        kim = await home.staff(live=False)
        before = (await home.desk()).session.seq
        answer = await kim.http.post(f"{path(home)}/do?view=console", **body)  # type: ignore[arg-type]  # any body
        assert (answer.status_code, (await home.desk()).session.seq) == (status, before)


async def test_a_form_from_another_site_does_nothing(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim = await home.staff(live=False)
        form = {"command": "announce", "text": "Evil"}
        answer = await kim.http.post(
            f"{path(home)}/do?view=console", data=form, headers={"origin": "https://evil.example"}
        )
        assert (answer.status_code, (await home.desk()).session.announcements) == (403, {})


# ---- polling, where no socket comes up


async def since(guest: Guest, seq: object, view: str = "phone") -> httpx.Response:
    return await guest.http.get(f"/s/{guest.house.code}/since", params={"seq": str(seq), "view": view})


async def test_nothing_new_is_an_empty_answer(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino", live=False)
        answer = await since(aino, (await home.desk()).session.seq)
        assert (answer.status_code, answer.text) == (204, "")


async def test_what_has_changed_comes_as_frames_with_the_new_seq(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim, aino = await home.staff(live=False), await home.guest("Aino", live=False)
        before = (await home.desk()).session.seq
        await kim.post("announce", text="Soup")
        answer = await since(aino, before)
        (frame,) = html.fragments_fromstring(answer.text)
        assert (answer.status_code, frame.get("hx-swap")) == (200, f"upsert seq:{before + 1}")
        assert [fragment.get("id") for fragment in frame] == [f"notice-n{before + 1}"]


@pytest.mark.parametrize("seq", ["", "x", "-1", "999999", "9" * 5000])
async def test_a_page_that_stands_nowhere_is_loaded_anew(tmp_path: Path, seq: str) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino", live=False)
        answer = await since(aino, seq)
        assert (answer.status_code, answer.json()) == (200, {"reload": True})


async def test_a_page_from_before_a_new_role_is_loaded_anew(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim, aino = await home.staff(live=False), await home.guest("Aino", live=False)
        before = (await home.desk()).session.seq
        await kim.post("grant_role", person=await person_of(aino), role="juror")
        assert (await since(aino, before)).json() == {"reload": True}
        assert (await since(aino, before + 1)).status_code == 204


@pytest.mark.parametrize("view", ["console", "people", "log", "screen", "nonsense"])
async def test_nobody_hears_what_changed_in_a_view_that_is_not_theirs(tmp_path: Path, view: str) -> None:
    async with house(tmp_path, ROOM) as home:
        guest = await as_role(home, "participant")
        assert (await since(guest, 0)).status_code == 200
        assert (await since(guest, 0, view)).status_code == 403


# ---- leaving no trace


async def erased(home: House, person: str) -> bool:
    """Whether nothing is known of a person any more, in memory and on disk."""
    names = (await home.desk()).directory.fields(person)
    rows = (await home.inside.people.directory(home.code)).fields(person)
    return not any(names.values()) and not any(rows.values())


async def test_a_phone_offers_to_erase_its_person_and_asks_whether_they_are_sure(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino", organisation="Lapin Laite", live=False)
        person = await person_of(aino)
        (form,) = parsed(await aino.page("mine")).xpath("//details//form[.//input[@value='erase_person']]")
        assert form.xpath("count(.//input[@name='sure'][@type='checkbox'][@required])") == 1
        assert (await aino.post("erase_person")).status_code == 422
        assert not await erased(home, person)
        assert (await aino.post("erase_person", sure="yes")).status_code == 303
        assert await erased(home, person)
        assert tree(await aino.http.get(path(home))).xpath("//form/@action") == [f"/s/{home.code}/join"]


async def test_staff_erases_a_person_and_their_open_page_goes(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        kim, aino = await home.staff(live=False), await home.guest("Aino")
        person = await person_of(aino)
        of_aino = f"//details//form[.//input[@value='erase_person']][.//input[@value='{person}']]"
        assert len(parsed(await kim.page("people")).xpath(of_aino)) == 1
        assert (await kim.post("erase_person", person=person, sure="yes")).status_code == 303
        with pytest.raises(ConnectionClosed):
            await aino.hears("never said")
        assert await erased(home, person)
        people = parsed(await kim.page("people"))
        assert people.xpath(of_aino) == []
        assert "name erased" in people.xpath("string(//section[@id='people'])")
        assert "Aino" not in people.xpath("string(//body)")


async def test_one_person_looks_at_so_many_pages_and_then_waits_and_nobody_else_does(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        home.app.state.house = replace(home.inside, looks=TokenBucket(3, 0.01))
        aino, bo = await home.guest("Aino", "fi", live=False), await home.guest("Bo", live=False)
        answers = [await aino.http.get(f"/s/{home.code}{path}") for path in ("", "/mine", "/team", "")]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert answers[-1].headers["retry-after"] == "2"
        asked = await aino.http.get(f"/s/{home.code}/since?seq=1&view=phone")
        assert (asked.status_code, asked.headers["retry-after"]) == (429, "2")
        assert "data-person" in await bo.page()
        assert (await aino.post("choose_language", language="sv")).status_code == 303


async def test_what_is_refused_without_a_script_is_on_the_page_whole(tmp_path: Path) -> None:
    pasted = "the road is late " * 60
    async with house(tmp_path) as home:
        kim, aino = await home.staff(live=False), await home.guest("Aino", live=False)
        await kim.post("open_phase", "R05")
        await kim.post("announce", text="Hello")
        answer = await kim.post("announce", text=pasted)
        assert answer.status_code == 422
        assert f">{pasted.strip()}</textarea>" in answer.text
        assert pasted.strip() not in (await aino.http.get(path(home))).text
