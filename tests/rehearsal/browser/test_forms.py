import pytest

from app.rehearsal.browser.forms import Form
from app.rehearsal.browser.page import Page

PAGE = """<!doctype html><html><head><title>x</title></head>
<body data-person="p1" data-seq="4" data-epoch="e">
<form><input type="hidden" name="command" value="wish"><input type="hidden" name="phase" value="R05">
  <label>Why <textarea name="why" data-fits="20">so &amp; so</textarea></label>
  <select name="need"><option value="">–</option><option value="c1" selected>One</option>
    <option value="c2">Two</option></select>
  <input type="checkbox" name="tag" value="a" checked><input type="checkbox" name="tag" value="b">
  <input type="radio" name="rank" value="1"><input type="radio" name="rank" value="2" checked>
  <input name="gone" disabled value="x">
  <button name="final" value="yes">Send</button><button name="final" value="no">Keep</button>
</form>
<form><input type="hidden" name="command" value="silent"></form>
<form id="sort"><input type="hidden" name="phase" value="R03"><input name="title">
  <button name="command" value="group">Group</button><button name="command" value="merge">Merge</button></form>
<ol><li><input type="checkbox" form="sort" name="card" value="c7"></li></ol>
</body></html>"""


@pytest.fixture
def forms() -> dict[str, Form]:
    sheet = Page()
    sheet.load(PAGE)
    return {form.command: form for form in sheet.forms()}


def test_a_form_sends_what_a_browser_would_send(forms: dict[str, Form]) -> None:
    assert forms["wish"].filled({}) == {
        "command": "wish",
        "phase": "R05",
        "why": "so & so",
        "need": "c1",
        "tag": "a",
        "rank": "2",
        "final": "yes",
    }


def test_what_is_filled_in_goes_before_what_stood_there(forms: dict[str, Form]) -> None:
    filled = forms["wish"].filled({"tag": ["a", "b"], "final": "no"})
    assert (filled["tag"], filled["final"]) == (["a", "b"], "no")


def test_only_what_a_form_offers_can_be_filled_in(forms: dict[str, Form]) -> None:
    with pytest.raises(KeyError, match="the form wish of R05 has no gone"):
        forms["wish"].filled({"gone": "y"})


def test_choices_are_those_of_lists_boxes_and_buttons(forms: dict[str, Form]) -> None:
    wish = forms["wish"]
    assert wish.choices("need") == ["c1", "c2"]
    assert wish.choices("tag") == ["a", "b"]
    assert wish.choices("final") == ["yes", "no"]
    why = wish.field("why")
    assert why is not None
    assert why.limit == 20


def test_a_form_without_a_button_cannot_be_sent(forms: dict[str, Form]) -> None:
    assert "silent" not in forms


def test_buttons_that_name_the_command_make_a_form_each(forms: dict[str, Form]) -> None:
    assert forms["group"].filled({"title": "Roads", "card": ["c7"]}) == {
        "command": "group",
        "phase": "R03",
        "title": "Roads",
        "card": ["c7"],
    }
    assert "merge" in forms
