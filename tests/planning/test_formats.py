from pathlib import Path

import pytest

from app.planning import formats
from sessions.format import read_format


def test_race48_is_on_the_shelf_and_shared_files_are_no_formats() -> None:
    assert "race48" in formats.names()
    assert not set(formats.names()) & set(formats.SHARED)


def test_a_format_comes_with_everything_that_its_phases_name() -> None:
    form = read_format(formats.take("race48"))
    asked = {spec.rules["form"] for spec in form.specs if "form" in spec.rules}
    written = {name for spec in form.specs for name in spec.rules.get("documents", ())}
    scored = {spec.rules["rubric"] for spec in form.specs if "rubric" in spec.rules}
    assert all([asked, written, scored])
    for name in asked:
        form.form(name)
    for name in written:
        form.document(name)
    for name in scored:
        form.rubric(name)


def test_an_unknown_format_says_which_there_are(tmp_path: Path) -> None:
    (tmp_path / "short.toml").write_text('key = "short"', "utf-8")
    (tmp_path / "forms.toml").write_text("", "utf-8")
    with pytest.raises(formats.UnknownFormat, match=r"'long'.*There are: short") as told:
        formats.take("long", tmp_path)
    assert told.value.known == ["short"]


def test_a_name_with_a_path_in_it_leaves_the_shelf_alone() -> None:
    with pytest.raises(formats.UnknownFormat):
        formats.take("../formats/race48")


@pytest.mark.parametrize(
    ("text", "fault"),
    [("key = ", "faulty.toml"), ('key = "x"\ntitle = { en = "X" }', "phase is missing")],
)
def test_a_faulty_format_is_refused_with_the_reason(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "faulty.toml").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=fault):
        formats.take("faulty", tmp_path)


EVENING = """
key = "evening"
title = { en = "Evening", sv = "Kväll", fi = "Ilta" }

[[phase]]
id = "E1"
kind = "survey"
minutes = 20
title = { en = "Hello", sv = "Hej", fi = "Hei" }
prompt = { en = "Say hello.", sv = "Säg hej.", fi = "Sano hei." }
[phase.rules]
form = "hello"

[[forms.hello.fields]]
id = "mood"
type = "text"
label = { en = "How are you?", sv = "Hur mår du?", fi = "Mitä kuuluu?" }
"""


def test_a_format_may_be_any_file_and_its_own_forms_lie_beside_the_shared_ones(tmp_path: Path) -> None:
    file = tmp_path / "evening.toml"
    file.write_text(EVENING, "utf-8")
    form = read_format(formats.take(str(file)))
    assert form.form("hello")["fields"][0]["id"] == "mood"
    assert form.form("checkin")["fields"]


def test_a_form_of_the_format_stands_in_place_of_a_shared_one_of_its_name(tmp_path: Path) -> None:
    file = tmp_path / "evening.toml"
    file.write_text(EVENING.replace("hello", "checkin"), "utf-8")
    assert [field["id"] for field in read_format(formats.take(str(file))).form("checkin")["fields"]] == [
        "mood"
    ]


def test_a_format_with_a_fault_is_refused_with_all_of_them(tmp_path: Path) -> None:
    file = tmp_path / "evening.toml"
    file.write_text(EVENING.replace('form = "hello"', 'form = "hallo"\nplans = true'), "utf-8")
    with pytest.raises(formats.FaultyFormat, match=r"Did you mean hello\?.*'plans' here") as refused:
        formats.take(str(file))
    assert {finding.key for finding in refused.value.findings} == {"plans", "form"}
