"""The entrance: codes, names, cookies and staff links."""

from __future__ import annotations

from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from lxml import html

from app.live import desk
from app.web.visitors import COOKIE_SECONDS, cookie_name
from sessions.names import MAX_NAME
from tests.live.test_socket import ROOM
from tests.support.house import House, house, http_client

LONG = "x" * (MAX_NAME + 1)


def browser(home: House, **headers: str) -> httpx.AsyncClient:
    """A browser that nobody has used yet."""
    return http_client(home.url, headers=headers)


def tree(answer: httpx.Response) -> Any:
    return html.document_fromstring(answer.text)


def value(answer: httpx.Response, name: str) -> str:
    """What stands in a field of the page."""
    (field,) = tree(answer).xpath("//input[@name=$name]", name=name)
    return str(field.get("value", ""))


def fault(answer: httpx.Response) -> str:
    return str(tree(answer).xpath("string(//*[@role='alert'])")).strip()


def cookies(answer: httpx.Response) -> SimpleCookie:
    """What the answer sets that speaks for somebody; a device's name does not."""
    set_by = SimpleCookie()
    for line in answer.headers.get_list("set-cookie"):
        if not line.startswith("race-device="):
            set_by.load(line)
    return set_by


async def people(home: House) -> dict[str, str]:
    """Names and roles of everybody in the session."""
    desk = await home.desk()
    return {desk.directory.name(m.id): m.role for m in desk.session.people.values()}


# ---- the code


async def test_a_code_leads_to_its_session_however_it_is_typed(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home, browser(home) as guest:
        code = home.code
        spellings = [code, code.lower(), f" {code[:4]} {code[4:]} ", f"{code[:4]}-{code[4:]}"]
        spellings += [
            code.replace("0", "o").replace("1", "l"),
            code.replace("0", "O").replace("1", "i").lower(),
        ]
        for typed in spellings:
            answer = await guest.post("/join", data={"code": typed})
            assert (answer.status_code, answer.headers.get("location")) == (303, f"/s/{code}"), typed


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("00000000", "No session has this code. Look at the screen again; O is 0 and I is 1."),
        ("short", "A code has eight letters and digits. Look at the screen again."),
        ("", "A code has eight letters and digits. Look at the screen again."),
        ("UUUUUUUU", "A code has eight letters and digits. Look at the screen again."),
        ('"><b>', "A code has eight letters and digits. Look at the screen again."),
    ],
)
async def test_a_wrong_code_is_kept_and_explained(tmp_path: Path, typed: str, said: str) -> None:
    async with house(tmp_path, ROOM) as home, browser(home) as guest:
        answer = await guest.post("/join", data={"code": typed})
        assert (answer.status_code, fault(answer), value(answer, "code")) == (404, said, typed)
        (field,) = tree(answer).xpath("//input[@name='code']")
        assert (field.get("aria-invalid"), field.get("aria-describedby")) == ("true", "fault")


async def test_a_code_in_small_letters_in_the_address_leads_to_the_session(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home, browser(home) as guest:
        small = home.code.lower() if home.code.lower() != home.code else f"{home.code[:4]}-{home.code[4:]}"
        for path, meant in (("", ""), ("/team", "/team"), ("/console", "/console")):
            answer = await guest.get(f"/s/{small}{path}")
            assert (answer.status_code, answer.headers.get("location")) == (303, f"/s/{home.code}{meant}")
        assert (await guest.get("/s/uuuuuuuu")).status_code == 404


async def test_an_address_without_a_session_says_so(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home, browser(home) as guest:
        for path in ("/s/00000000", "/s/nowhere", "/s/00000000/screen"):
            answer = await guest.get(path)
            assert (answer.status_code, tree(answer).xpath("string(//h1)")) == (
                404,
                "There is no such session",
            )
        assert (await guest.post("/s/00000000/join", data={"name": "Aino"})).status_code == 404


# ---- the name


async def test_a_name_opens_the_phone_page(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home, browser(home) as guest:
        answer = await guest.post(f"/s/{home.code}/join", data={"name": " Aino ", "organisation": "Sawmill"})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/s/{home.code}")
        assert await people(home) == {"Aino": "participant"}
        assert tree(await guest.get(f"/s/{home.code}")).xpath("//@data-person") != []


@pytest.mark.parametrize(
    ("told", "said", "kept"),
    [
        ({"organisation": "Sawmill"}, "Give a name, any name.", ("", "Sawmill")),
        ({"name": " \t ", "organisation": "Sawmill"}, "Give a name, any name.", ("", "Sawmill")),
        ({"name": "\x00\u202e"}, "Give a name, any name.", ("", "")),
        ({"name": LONG, "organisation": "Sawmill"}, "Names have at most 60 characters.", (LONG, "Sawmill")),
        ({"name": "Aino", "organisation": LONG}, "Names have at most 60 characters.", ("Aino", LONG)),
        ({"name": '"><i>' * 20}, "Names have at most 60 characters.", ('"><i>' * 20, "")),
    ],
)
async def test_a_name_that_will_not_do_is_explained_and_what_was_typed_is_kept(
    tmp_path: Path, told: dict[str, str], said: str, kept: tuple[str, str]
) -> None:
    async with house(tmp_path, ROOM) as home, browser(home) as guest:
        answer = await guest.post(f"/s/{home.code}/join", data=told)
        assert (answer.status_code, fault(answer)) == (422, said)
        assert (value(answer, "name"), value(answer, "organisation")) == kept
        assert (await people(home), cookies(answer)) == ({}, {})


async def test_a_file_is_no_name(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home, browser(home) as guest:
        answer = await guest.post(f"/s/{home.code}/join", files={"name": ("aino.txt", b"Aino")})
        assert (answer.status_code, await people(home)) == (400, {})


async def test_who_is_in_already_does_not_join_again(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        aino = await home.guest("Aino", live=False)
        answer = await aino.http.post(f"/s/{home.code}/join", data={"name": "Somebody else"})
        assert (answer.status_code, await people(home)) == (303, {"Aino": "participant"})


async def test_two_browsers_are_two_people(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        one, two = await home.guest("Aino", live=False), await home.guest("Aino", live=False)
        pages = [
            tree(await guest.http.get(f"/s/{home.code}")).xpath("string(//@data-person)")
            for guest in (one, two)
        ]
        assert len(set(pages)) == 2
        assert one.cookies != two.cookies


# ---- cookies


@pytest.mark.parametrize("secure", [False, True])
async def test_a_cookie_is_for_this_session_alone_and_out_of_reach_of_scripts(
    tmp_path: Path, secure: bool
) -> None:
    async with house(tmp_path, ROOM, secure_cookies=secure) as home, browser(home) as guest:
        set_by = cookies(await guest.post(f"/s/{home.code}/join", data={"name": "Aino"}))
        (name,) = set_by
        assert name == (f"__Host-race-{home.code}" if secure else "race")
        flags = {
            flag: set_by[name][flag]
            for flag in ("path", "httponly", "samesite", "max-age", "secure", "domain")
        }
        assert flags == {
            "path": "/" if secure else f"/s/{home.code}",
            "httponly": True,
            "samesite": "lax",
            "max-age": str(COOKIE_SECONDS),
            "secure": secure or "",
            "domain": "",
        }
        assert len(set_by[name].value) > 40


def test_each_kind_of_view_has_a_cookie_of_its_own() -> None:
    views = ("phone", "mine", "team", "console", "people", "log", "screen")
    assert [cookie_name(view) for view in views] == ["race"] * 3 + ["race-console"] * 3 + ["race-screen"]


# ---- staff links


async def test_a_staff_link_is_used_up_by_its_button_alone(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home, browser(home) as guest:
        link = f"/enter/{home.tokens['facilitator'].pop()}"
        looks = [await guest.get(link), await guest.head(link), await guest.get(link)]
        assert [(look.status_code, dict(cookies(look))) for look in looks] == [(200, {})] * 3
        opened = await guest.post(link, data={"name": "Kim"})
        assert (opened.status_code, opened.headers["location"]) == (303, f"/s/{home.code}/console")
        assert list(cookies(opened)) == ["race-console"]
        assert await people(home) == {"Kim": "facilitator"}


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_used_or_unknown_link_opens_nothing(tmp_path: Path, method: str) -> None:
    async with house(tmp_path, ROOM) as home, browser(home) as guest:
        used = home.tokens["facilitator"][-1]
        await home.staff(live=False)
        for token in (used, "unknown", used.lower(), used[:-1]):
            answer = await guest.request(method, f"/enter/{token}")
            assert (answer.status_code, tree(answer).xpath("string(//h1)")) == (
                410,
                "This link has been used",
            )
            assert cookies(answer) == {}


async def test_a_link_of_the_projector_asks_no_name_and_opens_the_projector(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home, browser(home) as guest:
        link = f"/enter/{home.tokens['screen'].pop()}"
        assert tree(await guest.get(link)).xpath("//input[@name='name']") == []
        opened = await guest.post(link)
        assert (opened.headers["location"], list(cookies(opened))) == (
            f"/s/{home.code}/screen",
            ["race-screen"],
        )


async def test_one_browser_may_hold_console_projector_and_phone(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home, browser(home) as guest:
        for role in ("facilitator", "screen"):
            await guest.post(f"/enter/{home.tokens[role].pop()}", data={"name": "Kim"})
        await guest.post(f"/s/{home.code}/join", data={"name": "Kim"})
        answers = [await guest.get(f"/s/{home.code}{view}") for view in ("", "/console", "/screen")]
        persons = {str(tree(answer).xpath("string(//@data-person)")) for answer in answers}
        assert ([answer.status_code for answer in answers], len(persons)) == ([200] * 3, 3)


# ---- languages


async def test_who_chooses_a_language_at_the_door_keeps_what_was_typed(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home, browser(home, **{"accept-language": "en"}) as guest:
        typed = {"name": "Aino", "organisation": "Kaira", "language": "en", "lang": "fi"}
        answer = await guest.post(f"/s/{home.code}/join", data=typed)
        assert (answer.status_code, tree(answer).get("lang")) == (200, "fi")
        assert [value(answer, name) for name in ("name", "organisation", "language")] == [
            "Aino",
            "Kaira",
            "fi",
        ]
        assert await people(home) == {}, "choosing a language lets nobody in"
        answer = await guest.post("/join", data={"code": home.code, "lang": "sv"})
        assert (tree(answer).get("lang"), value(answer, "code")) == ("sv", home.code)
        token = home.tokens["facilitator"][0]
        answer = await guest.post(f"/enter/{token}", data={"name": "Kim", "lang": "fi"})
        assert (tree(answer).get("lang"), value(answer, "name")) == ("fi", "Kim")
        assert (await guest.post(f"/enter/{token}", data={"name": "Kim"})).status_code == 303


async def test_a_name_that_is_too_long_is_refused_whole_at_every_door(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home, browser(home) as guest:
        for path in (f"/s/{home.code}/join", f"/enter/{home.tokens['facilitator'][0]}"):
            answer = await guest.post(path, data={"name": LONG})
            assert (answer.status_code, value(answer, "name")) == (422, LONG)
            assert "at most 60 characters" in fault(answer)


@pytest.mark.parametrize(
    ("query", "wanted", "language", "heading"),
    [
        ("", "", "en", "Type the code on the screen"),
        ("", "sv-FI,en", "sv", "Skriv koden på skärmen"),
        ("?lang=fi", "sv", "fi", "Kirjoita näytöllä oleva koodi"),
        ("?lang=klingon", "", "en", "Type the code on the screen"),
    ],
)
async def test_the_door_speaks_the_browsers_language_or_the_chosen_one(
    tmp_path: Path, query: str, wanted: str, language: str, heading: str
) -> None:
    async with house(tmp_path, ROOM) as home, browser(home, **{"accept-language": wanted}) as guest:
        answer = await guest.get(f"/{query}")
        assert (tree(answer).get("lang"), tree(answer).xpath("string(//h1)")) == (language, heading)
        assert tree(await guest.get(f"/s/{home.code}")).get("lang") == language


async def test_a_language_of_ours_is_kept_and_any_other_is_the_browsers(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home:
        for number, (told, kept) in enumerate([("fi", "fi"), ("xx" * 999, "sv"), ("", "sv")]):
            async with browser(home, **{"accept-language": "sv"}) as guest:
                await guest.post(f"/s/{home.code}/join", data={"name": f"P{number}", "language": told})
                assert tree(await guest.get(f"/s/{home.code}")).get("lang") == kept


async def test_the_languages_of_every_door_page_lead_to_a_page(tmp_path: Path) -> None:
    async with house(tmp_path, ROOM) as home, browser(home) as guest:
        link = f"/enter/{home.tokens['facilitator'].pop()}"
        answers = [await guest.get(path) for path in ("/", f"/s/{home.code}", link)]
        answers += [await guest.post("/join", data={"code": "x"}), await guest.post(f"/s/{home.code}/join")]
        for answer in answers:
            for address in tree(answer).xpath("//nav//a/@href"):
                assert (await guest.get(address)).status_code == 200, address


@pytest.mark.parametrize("language", ["en", "sv", "fi"])
async def test_every_door_page_has_a_language_a_title_and_one_heading(tmp_path: Path, language: str) -> None:
    async with house(tmp_path, ROOM) as home, browser(home, **{"accept-language": language}) as guest:
        link = f"/enter/{home.tokens['facilitator'].pop()}"
        paths = ("/", f"/s/{home.code}", link, "/enter/used", "/s/00000000", f"/s/{home.code}/console")
        for path in paths:
            root = tree(await guest.get(path))
            assert (root.get("lang"), len(root.xpath("//title[normalize-space()]"))) == (language, 1)
            assert len(root.xpath("//h1[normalize-space()]")) == 1


async def test_a_newcomer_for_whom_there_is_no_room_just_now_may_come_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house(tmp_path, ROOM) as home, browser(home) as guest:
        monkeypatch.setattr(desk, "MAX_QUEUE", 0)
        told = {"name": "Aino", "language": "sv"}
        answer = await guest.post(f"/s/{home.code}/join", data=told)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        monkeypatch.undo()
        assert (await guest.post(f"/s/{home.code}/join", data=told)).status_code == 303
