from app.rehearsal.browser.page import MOST_UNREAD, Page

PAGE = """<html><body data-person="p1" data-seq="4">
<header id="band" data-v="1" data-ends="9000"></header>
<main id="stage">
<section data-kind="collect" data-state="open" id="R03-all" data-home="stage" data-k="1" data-v="4">
  <ol id="R03-cards"><li id="c1" data-home="R03-cards" data-k="1" data-v="2">{button}</li></ol></section></main>
</body></html>"""


def hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{value}">'


def button(card: str) -> str:
    return f"<form>{hidden('command', 'take')}{hidden('card', card)}<button>x</button></form>"


def card(name: str, version: int, key: str = "1", more: str = "") -> str:
    return (
        f'<li id="{name}" data-home="R03-cards" data-k="{key}" data-v="{version}">{button(name)}{more}</li>'
    )


def frame(*fragments: str, seq: int) -> str:
    return f'<hx-partial hx-target="body" hx-swap="upsert seq:{seq}">{"".join(fragments)}</hx-partial>'


def loaded() -> Page:
    sheet = Page()
    sheet.load(PAGE.format(button=button("c1")))
    return sheet


def cards(sheet: Page) -> list[str]:
    return [form.hidden["card"] for form in sheet.forms()]


def test_a_page_knows_its_person_its_seq_and_its_phases() -> None:
    sheet = loaded()
    assert (sheet.body["data-person"], sheet.seq) == ("p1", 4)
    assert sheet.panes() == [("R03", "collect", "open")]
    assert cards(sheet) == ["c1"]


def test_a_new_card_stands_where_its_key_says() -> None:
    sheet = loaded()
    sheet.apply(frame(card("c2", 5, key="0"), seq=5))
    assert cards(sheet) == ["c2", "c1"]
    assert sheet.seq == 5


def test_a_frame_applied_twice_or_late_changes_nothing() -> None:
    sheet, gone = loaded(), '<li id="c1" data-v="6" data-gone></li>'
    sheet.apply(frame(gone, seq=6))
    sheet.apply(frame(gone, seq=6))
    sheet.apply(frame(card("c1", 5), seq=5))
    assert cards(sheet) == []
    assert sheet.seq == 6


def test_what_has_no_place_on_this_page_is_left_out() -> None:
    sheet = loaded()
    sheet.apply(frame('<li id="z" data-home="elsewhere" data-k="1" data-v="5"></li>', seq=5))
    sheet.apply(frame('<p id="unknown" data-v="5"></p>', seq=5))
    assert "z" not in sheet
    assert "unknown" not in sheet


def test_a_pane_that_comes_anew_replaces_what_stood_in_it() -> None:
    sheet = loaded()
    sheet.apply(frame(card("c2", 5), seq=5))
    at = 'id="R03-all" data-home="stage" data-k="1" data-v="7"'
    pane = f'<section data-kind="collect" data-state="closed" {at}><ol id="R03-cards"></ol></section>'
    sheet.apply(frame(pane, seq=7))
    assert cards(sheet) == []
    assert sheet.panes() == [("R03", "collect", "closed")]


def test_fields_in_fragments_inside_a_form_belong_to_it() -> None:
    sheet = Page()
    at = 'id="o{0}" data-home="R04-options" data-k="{0}" data-v="1"'
    option = f'<label {at}><input type="checkbox" name="option" value="c{{0}}"></label>'
    options = f'<div id="R04-options">{option.format(1)}</div>'
    form = f"<form>{hidden('command', 'cast')}{options}<button>Vote</button></form>"
    sheet.load(f"<html><body><section id='x'>{form}</section></body></html>")
    sheet.apply(frame(option.format(2), seq=2))
    assert [form.choices("option") for form in sheet.forms()] == [["c1", "c2"]]


def test_one_fragment_can_be_read_by_itself() -> None:
    ends = [
        mark.attributes["data-ends"] for mark in loaded().inside("band") if "data-ends" in mark.attributes
    ]
    assert ends == ["9000"]


def test_the_forms_are_the_same_list_as_long_as_nothing_has_changed_about_them() -> None:
    sheet = loaded()
    before = sheet.forms()
    sheet.apply(frame('<header id="band" data-v="5" data-ends="9500"></header>', seq=5))
    assert sheet.forms() is before
    sheet.apply(frame(card("c1", 6), seq=6))
    assert sheet.forms() is not before


def test_what_nobody_looks_at_is_taken_in_all_the_same() -> None:
    sheet = loaded()
    for version in range(5, 5 + 3 * MOST_UNREAD):
        sheet.apply(frame(card(f"c{version}", version), seq=version))
    assert len(sheet._unread) <= MOST_UNREAD
    assert len(cards(sheet)) == 1 + 3 * MOST_UNREAD
