"""Words, times, names and forms as they stand in pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from lxml import html
from markupsafe import Markup

from app.drawing.icons import Icons
from app.drawing.locale import load
from app.drawing.markup import Words, qr, remaining, role_word
from app.drawing.race_line import line
from app.drawing.render import PageContext, Renderer
from app.settings import Settings
from sessions.activities import kinds
from sessions.audience import EVERYBODY, person_scope
from sessions.format import LANGUAGES
from sessions.viewers import viewer_in
from tests.sessions.test_agenda import HOUR, STOCKHOLM
from tests.support.stage import Stage, phase, race48

ZONE = "Europe/Stockholm"
WORDS = {language: Words(language, load(language, Settings().templates)) for language in LANGUAGES}
EN = WORDS["en"]
RENDERER = Renderer(Settings().templates)
ICON = Icons(Settings().templates)


class Called:
    """Names that people gave."""

    def __init__(self, **names: str) -> None:
        self.names = names

    def shown_name(self, person: str) -> str:
        return self.names.get(person, "")

    def fields(self, person: str) -> dict[str, str]:
        return {}


def at(*moment: int) -> float:
    return datetime(*moment, tzinfo=ZoneInfo(ZONE)).timestamp()  # type: ignore[arg-type,misc]  # year, month, day …


# ---- words and times


def test_a_text_is_said_in_the_language_or_in_english_or_as_it_is() -> None:
    text = {"en": "Lunch", "fi": "Lounas"}
    assert [words.say(text) for words in WORDS.values()] == ["Lunch", "Lunch", "Lounas"]
    assert (EN.say("plain"), EN.say({"sv": "Bara"}), EN.say({})) == ("plain", "Bara", "")


def test_a_time_is_written_as_the_language_writes_it() -> None:
    moment = at(2026, 5, 8, 9, 5)
    assert [words.time(moment, ZONE) for words in WORDS.values()] == ["09:05", "09.05", "9.05"]
    assert [words.day(moment, ZONE) for words in WORDS.values()] == ["Friday", "fredag", "perjantai"]


@pytest.mark.parametrize(
    ("start", "days", "end", "shown"),
    [
        ((2026, 3, 27, 12, 0), ("Friday", "Sunday"), (2026, 3, 29, 13, 0), "13:00"),
        ((2026, 10, 23, 12, 0), ("Friday", "Sunday"), (2026, 10, 25, 11, 0), "11:00"),
    ],
    ids=["to summer time", "from summer time"],
)
def test_48_elapsed_hours_end_at_another_hour_when_the_clocks_change(
    start: tuple[int, ...], days: tuple[str, str], end: tuple[int, ...], shown: str
) -> None:
    after = at(*start) + 48 * HOUR
    assert after == at(*end)
    assert (EN.time(at(*start), ZONE), EN.time(after, ZONE)) == ("12:00", shown)
    assert (EN.day(at(*start), ZONE), EN.day(after, ZONE)) == days


def test_the_hour_that_comes_twice_is_two_moments() -> None:
    first = datetime(2026, 10, 25, 2, 30, tzinfo=STOCKHOLM)
    second = first.replace(fold=1)
    assert second.timestamp() - first.timestamp() == HOUR
    assert EN.time(first.timestamp(), ZONE) == EN.time(second.timestamp(), ZONE) == "02:30"


def test_the_same_moment_is_another_time_in_another_zone() -> None:
    moment = at(2026, 5, 8, 9, 5)
    assert [EN.time(moment, zone) for zone in ("UTC", "Europe/Helsinki")] == ["07:05", "10:05"]


def test_a_clock_time_says_its_moment_and_in_an_event_over_days_its_day() -> None:
    moment = '<time datetime="2026-09-21T14:13:20+00:00" data-at="1790000000500" data-format="time">'
    assert str(EN.clock(1_790_000_000.5, ZONE)) == f"{moment}16:13</time>"
    days = [str(words.clock(1_790_000_000.5, ZONE, over_days=True)) for words in WORDS.values()]
    assert days == [f"{moment}{shown}</time>" for shown in ("Mon 16:13", "mån 16.13", "ma 16.13")]


# ---- sentences


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"x": 3}, "It is 3"),
        ({"x": {"en": "Lunch", "sv": "Lunchen"}}, "It is Lunch"),
        ({"x": ["a", {"en": "b"}, 3]}, "It is a, b, 3"),
        ({"x": "{phase}<b>"}, "It is {phase}<b>"),
        ({}, "It is {x}"),
    ],
)
def test_a_sentence_is_filled_and_an_unknown_brace_stays(params: Mapping[str, Any], said: str) -> None:
    assert EN.sentence("It is {x}", params, str) == said


def test_times_and_roles_in_a_sentence_are_words() -> None:
    friday = at(2026, 5, 8, 9, 5)
    params = {"closed_at": friday, "role": "process_leader"}
    days = {
        friday + 3600: ["09:05 Process leader", "09.05 Processledare", "9.05 Prosessinvetäjä"],
        friday + 86_400: ["Fri 09:05 Process leader", "fre 09.05 Processledare", "pe 9.05 Prosessinvetäjä"],
    }
    for now, written in days.items():
        writing = [(words, partial(words.wall_time, zone=ZONE, now=now)) for words in WORDS.values()]
        said = [words.sentence("{closed_at} {role}", params, write) for words, write in writing]
        assert said == written


def test_a_time_is_written_with_its_day_where_that_is_another() -> None:
    friday = at(2026, 5, 8, 23, 55)
    said = {days: EN.wall_time(friday, ZONE, friday + days * 86_400.0) for days in (-1, 0, 6, 7, 0.01)}
    assert said == {-1: "Fri 23:55", 0: "23:55", 6: "Fri 23:55", 7: "8 May 2026 23:55", 0.01: "Fri 23:55"}


def test_in_a_sentence_of_a_page_times_are_marked_and_nothing_else_is_markup() -> None:
    params = {"closed_at": at(2026, 5, 8, 9, 5), "title": {"en": "A<b>"}}
    said = EN.marked_sentence("{title} & <i> {closed_at} {x}", params, lambda at: EN.clock(at, ZONE, True))
    assert said.startswith("A&lt;b&gt; &amp; &lt;i&gt; <time datetime=")
    assert said.endswith(">Fri 09:05</time> {x}")


def test_a_word_that_is_no_role_stays_small() -> None:
    assert [role_word(word) for word in ("jury_chair", "keeper of keys", 7)] == [
        "Jury chair",
        "keeper of keys",
        "7",
    ]


# ---- names


def hall(**facts: Any) -> PageContext:
    stage = Stage(phase("pause"), aino="participant", ben="participant")
    stage.session.people["aino"].facts.update(facts)
    return PageContext(stage.session, Called(aino="Aino <A>"))


def named(known: PageContext, view: str, person: str, scope: str = EVERYBODY) -> str:
    """What somebody is called in a view and a scope."""
    return EN.name(known, viewer_in(known.session, view, scope), person)


@pytest.mark.parametrize("view", ["phone", "screen"])
def test_a_name_is_shown_to_all_only_with_consent(view: str) -> None:
    shown = {said: named(hall(consent=said), view, "aino") for said in ("team", "session", "public")}
    assert shown == {"team": "Participant", "session": "Aino <A>", "public": "Aino <A>"}


def test_before_anybody_asked_a_name_is_on_phones_and_on_no_wall() -> None:
    assert [named(hall(), view, "aino") for view in ("phone", "screen")] == ["Aino <A>", "Participant"]


def test_staff_and_whoever_it_is_see_the_name_in_any_case() -> None:
    known = hall(consent="team")
    seen = [named(known, "console", "aino"), named(known, "phone", "aino", person_scope("aino"))]
    assert seen == ["Aino <A>"] * 2
    assert named(known, "phone", "aino", person_scope("ben")) == "Participant"


def test_who_gave_no_name_is_called_by_role_and_who_is_not_there_is_somebody() -> None:
    assert [named(hall(), "phone", person) for person in ("ben", "nobody")] == ["Participant", "Somebody"]


# ---- forms


def sole(markup: Markup) -> Any:
    return html.fragment_fromstring(str(markup))


def drawn(source: str, phase: str = "R03", **data: Any) -> Any:
    """What a phase's template of this source draws for the team's page."""
    forms = RENDERER.forms
    helpers = {**forms.of_session("7K3MQX9T", "team"), **forms.of_phase("7K3MQX9T", "team", phase)}
    return sole(Markup(RENDERER.environments["en"].from_string(source).render(helpers, **data)))


def carried(form: Any) -> list[tuple[str, str]]:
    """The hidden inputs of a form, in their order."""
    return [(i.get("name"), i.get("value")) for i in form.xpath("./input[@type='hidden']")]


def test_a_form_works_over_the_socket_and_as_a_plain_post() -> None:
    made = drawn('{% call form("add_card", draft="d", echo=true) %}<b>in</b>{% endcall %}')
    attributes = {
        "novalidate": "",
        "hx-ws:send": "",
        "method": "post",
        "action": "/s/7K3MQX9T/do?view=team",
        "data-draft": "d",
    }
    assert dict(made.attrib) == {**attributes, "data-echo": ""}
    assert carried(made) == [("command", "add_card"), ("phase", "R03")]
    assert made.find("b").text == "in"


def test_a_form_says_what_it_was_told_to_and_nothing_else() -> None:
    bare = drawn('{% call form("x") %}{% endcall %}')
    full = drawn(
        """{% call form("x", draft="", echo=true, keep=true, autosend=true, cls="stack", id="f",
        fields={"card": 3}, data={"dots": 5, "max": 2}) %}{% endcall %}"""
    )
    told = {name: value for name, value in full.attrib.items() if name not in bare.attrib}
    flags = dict.fromkeys(("data-draft", "data-echo", "data-keep", "data-autosend"), "")
    assert told == {"class": "stack", "id": "f", **flags, "data-dots": "5", "data-max": "2"}
    assert carried(full) == [*carried(bare), ("card", "3")]


def test_a_sessions_form_is_for_no_phase_unless_it_says_which() -> None:
    source = '{{ command("close_phase", "Close", fields=fields) }}'
    phases = [dict(carried(drawn(source, fields=fields)))["phase"] for fields in ({}, {"phase": "R07"})]
    assert phases == ["", "R07"]


def test_what_a_form_carries_is_escaped() -> None:
    nasty = '"><script>alert(1)</script>'
    source = "{{ button(nasty, nasty, fields={'text': nasty}, cls=nasty, described=nasty) }}"
    made = drawn(source, phase=nasty, nasty=nasty)
    assert list(made.iter("script")) == []
    assert carried(made) == [("command", nasty), ("phase", nasty), ("text", nasty)]
    pressed = made.find("button")
    assert [pressed.text, pressed.get("aria-label"), pressed.get("class")] == [nasty] * 3


@pytest.mark.parametrize(
    ("left", "digits"),
    [
        (0, "0:00"),
        (59.6, "1:00"),
        (2780, "46:20"),
        (3600, "1:00:00"),
        (4442, "1:14:02"),
        (-130, "+2:10"),
        (-0.4, "0:00"),
    ],
)
def test_time_left_is_digits_and_time_over_has_a_plus(left: float, digits: str) -> None:
    assert remaining(1000 + left, 1000) == digits


# ---- drawings


@pytest.mark.parametrize("name", sorted(ICON.drawings))
def test_an_icon_is_silent_and_well_formed(name: str) -> None:
    drawn = sole(ICON(name))
    assert (drawn.tag, drawn.get("aria-hidden"), len(drawn) > 0) == ("svg", "true", True)


def test_every_kind_has_a_drawing_of_its_own_and_a_new_one_needs_none() -> None:
    assert set(kinds()) <= ICON.drawings.keys()
    assert ICON("brand-new") == ICON("circle")


def test_the_address_is_drawn_without_inline_style() -> None:
    drawn = str(qr("https://race.example.org/s/7K3MQX9T"))
    assert drawn.startswith("<svg")
    assert "style=" not in drawn


def test_the_line_of_the_race_has_a_pole_for_every_phase_and_stands_at_now() -> None:
    session = Stage(form=race48()).session
    before = sole(line(session, 0.0))
    assert before.get("viewbox", before.get("viewBox")) == "0 0 2880 16"
    poles = before.xpath("./path[@class='poles']")[0].get("d")
    assert poles.count("M") == len([p for p in session.agenda.main_track if not p.spec.later])
    nights = before.xpath("./path[@class='nights']")[0].get("d")
    assert nights.count("M") == 2
    session.anchor = 1000.0
    places = [
        sole(line(session, 1000.0 + hours * HOUR)).xpath("./path[@class='now']")[0].get("d")
        for hours in (0, 24, 99)
    ]
    assert places == ["M0 16V0", "M1440 16V0", "M2880 16V0"]


def test_a_picture_of_an_address_is_made_once() -> None:
    assert qr("https://race.example.org/s/7K3MQX9T") is qr("https://race.example.org/s/7K3MQX9T")
