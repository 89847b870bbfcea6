"""The same template shows a fragment in a page and in a push, and nobody is shown what is not theirs."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html
from lxml.html import HtmlElement

from app.drawing.parts import PARTS
from app.drawing.render import PageContext, Renderer, scopes_for
from app.settings import Settings
from sessions.audience import EVERYBODY
from sessions.format import LANGUAGES
from sessions.messages import refuse
from sessions.views import CONSOLE_VIEWS, PHONE_VIEWS, VIEWS
from tests.support.look import Ids, hall_of, page
from tests.support.stage import Stage, phase

NASTY = '<script>alert(1)</script><img src=x onerror=alert(1)> hx-get="/x" {{ 7*7 }} \u202e&amp;'
WALL = {"fields": ["text"], "main": "text", "columns": ["need"]}


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer(Settings().templates, "v1")


def room() -> Stage:
    """A wall of cards that is open, a meal after it; Aino and Ben, and the projector."""
    people: dict[str, Any] = {"aino": "participant", "ben": "participant", "sc": "screen"}
    stage = Stage(
        phase("collect", "P1", rules=WALL), phase("pause", "P2", rules={"reason": "meal"}), **people
    )
    stage.open("P1")
    return stage


def reader(view: str) -> str:
    """Somebody who may open a view."""
    return "kim" if view in CONSOLE_VIEWS else "sc" if view == "screen" else "aino"


def tree(source: str) -> Any:
    return html.document_fromstring(source)


def fragments(frames: list[str]) -> dict[str, HtmlElement]:
    """The outermost element of each fragment by its id."""
    return {e.get("id"): e for e in (html.fragment_fromstring(str(frame)) for frame in frames)}


# ---- what staff needs at hand


@pytest.mark.parametrize("view", sorted(PHONE_VIEWS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phone_leads_to_the_console_where_its_person_may_open_it(
    renderer: Renderer, view: str, language: str
) -> None:
    stage = room()
    link = f"//nav[@class='places']/a[@href='/s/{stage.session.code}/console'][normalize-space()]"
    assert tree(page(renderer, stage, view, "aino", language)).xpath(link) == []
    stage.ok("grant_role", "kim", person="aino", role="night_host")
    assert len(tree(page(renderer, stage, view, "aino", language)).xpath(link)) == 1


def test_a_page_is_loaded_anew_when_its_person_gets_the_console() -> None:
    stage = room()
    before = stage.session.scopes("aino")
    stage.ok("grant_role", "kim", person="aino", role="co_facilitator")
    assert not set(before) <= set(stage.session.scopes("aino"))  # so that no push can take the page there


def test_whatever_is_open_can_be_closed_at_the_console(renderer: Renderer) -> None:
    later = {"later": True, "rules": {"reason": "meal"}}
    stage = Stage(
        phase("pause", "P1", **later),
        phase("pause", "P2", **later),
        phase("pause", "P2T", beside="P2"),
        phase("pause", "P2C", beside="P2", channel=True),
        phase("pause", "P1C", beside="P1", channel=True),
    )
    for open_now in ("P1", "P2"):
        stage.ok("next_phase", "kim", "" if open_now == "P1" else "P1")
    assert [p.id for p in stage.session.agenda.open] == ["P1", "P2", "P2T", "P2C", "P1C"]
    forms = tree(page(renderer, stage, "console", "kim", "en")).xpath(
        "//form[.//input[@value='close_phase']]"
    )
    assert sorted(form.xpath("string(.//input[@name='phase']/@value)") for form in forms) == sorted(
        p.id for p in stage.session.agenda.open
    )


# ---- pages


@pytest.mark.parametrize("view", sorted(VIEWS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_has_a_language_a_title_one_heading_and_no_id_twice(
    renderer: Renderer, view: str, language: str
) -> None:
    root = tree(page(renderer, room(), view, reader(view), language))
    ids = root.xpath("//@id")
    assert (root.get("lang"), len(root.xpath("//title[normalize-space()]"))) == (language, 1)
    assert len(root.xpath("//h1[normalize-space()]")) == 1
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("view", sorted(VIEWS))
def test_no_page_has_script_or_style_of_its_own(renderer: Renderer, view: str) -> None:
    root = tree(page(renderer, room(), view, reader(view), "en"))
    assert root.xpath("//script[not(@src)] | //style | //@style | //@*[starts-with(name(), 'on')]") == []


@pytest.mark.parametrize("view", sorted(VIEWS))
def test_hostile_words_stay_words(renderer: Renderer, view: str) -> None:
    stage = room()
    calm = page(renderer, stage, view, reader(view), "en")
    stage.ok("add_card", "aino", "P1", text=NASTY, column="need")
    stage.ok("announce", "kim", text=NASTY)
    stage.ok("reveal_cards", "kim", "P1")
    source = page(renderer, stage, view, reader(view), "en")
    assert "alert(1)" in source
    assert len(tree(source).xpath("//script")) == len(tree(calm).xpath("//script"))
    assert tree(source).xpath("//img | //@onerror | //@hx-get") == []
    assert "49" not in tree(source).xpath("string(//*[@id='notices'])")


def test_a_page_says_where_in_the_log_it_stands(renderer: Renderer) -> None:
    stage = room()
    body = tree(page(renderer, stage, "phone", "aino", "en")).find("body")
    assert body is not None
    told = [body.get(f"data-{name}") for name in ("code", "person", "epoch", "seq", "now", "rate")]
    assert told == [
        stage.session.code,
        "aino",
        "e",
        str(stage.session.seq),
        str(int(stage.now * 1000)),
        "1.0",
    ]


def test_a_refusal_stands_in_the_page_that_was_sent(renderer: Renderer) -> None:
    calm = renderer.page(hall_of(room()), "phone", "aino", "en", now=0.0, rate=1.0, refused="")
    told = renderer.page(hall_of(room()), "phone", "aino", "en", now=0.0, rate=1.0, refused="No <b>")
    said = [tree(source).xpath("string(//ul[@id='refusals'])").strip() for source in (calm, told)]
    assert said == ["", "No <b>"]


# ---- who sees what


def test_the_projector_listens_only_to_what_everybody_may_see() -> None:
    own = (EVERYBODY, "role:screen", "team:t1", "person:sc")
    assert (scopes_for("screen", own), scopes_for("phone", own)) == ((EVERYBODY,), own)


def test_who_sees_nothing_listens_to_nothing() -> None:
    assert (scopes_for("screen", ()), scopes_for("phone", ())) == ((), ())


def test_what_is_mine_is_on_my_page_alone(renderer: Renderer) -> None:
    stage = room()
    mine = {person: tree(page(renderer, stage, "mine", person, "en")) for person in ("aino", "ben")}
    assert mine["aino"].xpath("string(//*[@id='me'])").split()[0] == "Aino"
    assert mine["ben"].xpath("string(//*[@id='me'])").split()[0] == "Ben"
    assert "Ben" not in mine["aino"].xpath("string(//*[@id='me'])")


@pytest.mark.parametrize("view", sorted(PHONE_VIEWS | {"screen"}))
def test_what_is_for_the_console_is_on_no_other_page(renderer: Renderer, view: str) -> None:
    stage = room()
    console = {"driver", "presence", "agenda", "alerts", "channels", "decisions", "screen", "people"}
    everywhere = set(tree(page(renderer, stage, "console", "kim", "en")).xpath("//@id")) & console
    assert everywhere >= {"driver", "presence", "agenda", "decisions"}
    assert set(tree(page(renderer, stage, view, reader(view), "en")).xpath("//@id")) & console == set()


# ---- pushes


@pytest.mark.parametrize("view", sorted(VIEWS))
def test_nothing_has_changed_since_now(renderer: Renderer, view: str) -> None:
    stage = room()
    hall = hall_of(stage)
    for scope in stage.session.scopes("aino"):
        assert renderer.changes(hall, view, scope, "en", stage.session.seq) == []


@pytest.mark.parametrize("view", sorted(VIEWS))
def test_a_fragment_is_the_same_in_the_page_and_in_the_push(renderer: Renderer, view: str) -> None:
    stage = room()
    stage.ok("add_card", "aino", "P1", text="heat", column="need")
    stage.ok("announce", "kim", text="Soup")
    pushed = fragments(renderer.changes(hall_of(stage), view, EVERYBODY, "en", 0))
    root = tree(page(renderer, stage, view, reader(view), "en"))
    standing = {name: e for name, e in pushed.items() if e.get("data-gone") is None}
    assert len(standing) > 0
    for name, element in standing.items():
        (there,) = root.xpath("//*[@id=$name]", name=name)
        assert plain(there) == plain(element), name


def plain(element: HtmlElement) -> str:
    """An element without the space between its tags."""
    element.tail = None
    return "".join(line.strip() for line in html.tostring(element, encoding="unicode").splitlines())


def test_a_fragment_has_an_id_a_home_an_order_and_the_seq_of_its_last_change(renderer: Renderer) -> None:
    stage = room()
    (event,) = stage.ok("announce", "kim", text="Soup")
    (notice,) = fragments(renderer.changes(hall_of(stage), "phone", EVERYBODY, "en", event.seq - 1)).values()
    place = {name: notice.get(name) for name in ("id", "data-home", "data-k", "data-v")}
    key = f"n{event.seq}"
    assert place == {
        "id": f"notice-{key}",
        "data-home": "notices",
        "data-k": key.rjust(9, "0"),
        "data-v": str(event.seq),
    }


def test_what_is_gone_is_a_fragment_that_says_so(renderer: Renderer) -> None:
    stage = room()
    (event,) = stage.ok("announce", "kim", text="Soup")
    stage.ok("clear_announcement", "kim", announcement=f"n{event.seq}")
    (gone,) = renderer.changes(hall_of(stage), "phone", EVERYBODY, "en", event.seq)
    assert gone == f'<li id="notice-n{event.seq}" data-v="{stage.session.seq}" data-gone hidden></li>'


def test_a_pane_is_sent_once_however_often_it_changed(renderer: Renderer) -> None:
    stage = room()
    before = stage.session.seq
    for _ in range(3):
        stage.ok("extend_phase", "kim", "P1", minutes="5")
    pushed = renderer.changes(hall_of(stage), "phone", EVERYBODY, "en", before)
    ids = [html.fragment_fromstring(str(frame)).get("id") for frame in pushed]
    assert ids.count("P1-all") == 1


def test_a_phase_that_is_over_leaves_the_phone(renderer: Renderer) -> None:
    stage = room()
    before = stage.session.seq
    stage.open("P2")
    pushed = fragments(renderer.changes(hall_of(stage), "phone", EVERYBODY, "en", before))
    assert {name: e.get("data-gone") is not None for name, e in pushed.items() if name.endswith("-all")} == {
        "P1-all": True,
        "P2-all": False,
    }


def test_the_presence_has_a_version_of_its_own(renderer: Renderer) -> None:
    stage = room()
    hall = PageContext(stage.session, Ids(), presence_version=41)
    before = fragments(renderer.outside(hall, "console", "en"))["presence"]
    hall.connected, hall.presence_version = {"aino"}, 42
    after = fragments(renderer.outside(hall, "console", "en"))["presence"]
    assert (before.get("data-v"), after.get("data-v")) == ("41", "42")
    assert [e.xpath("string(.//b)") for e in (before, after)] == ["0", "1"]
    assert renderer.outside(hall, "phone", "en") == []


def test_a_refusal_is_told_in_the_persons_language_with_times_in_the_sessions_zone(
    renderer: Renderer,
) -> None:
    no = refuse(
        "closed", "Closed {closed_at}. Yours came {late} late and does not count.", closed_at=0.0, late="3 s"
    )
    told = {language: renderer.sentence(no, language, "Europe/Stockholm", 10.0) for language in LANGUAGES}
    said = {language: sentence.text for language, sentence in told.items()}
    assert said["en"] == "Closed 01:00. Yours came 3 s late and does not count."
    assert [sentence.times for sentence in told.values()] == [
        [(written, 0)] for written in ("01:00", "01.00", "1.00")
    ]
    later = renderer.sentence(no, "sv", "Europe/Stockholm", 86_400.0)
    assert (later.text[:18], later.times) == ("Stängde tors 01.00"[:18], [("tors 01.00", 0)])
    assert ("01.00" in said["sv"], "1.00" in said["fi"], len(set(said.values()))) == (True, True, 3)


def test_every_part_of_a_view_is_one_that_we_know(renderer: Renderer) -> None:
    parts = {
        tuple(name.split("/")[1:])
        for name in renderer.known
        if name.startswith("live/") and name.count("/") == 2
    }
    assert {view for view, _ in parts} == VIEWS
    assert {file.removesuffix(".html") for _, file in parts} <= set(PARTS)
