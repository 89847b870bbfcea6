"""Style sheets and templates belong together: nothing is styled that nobody draws, and a kind's looks lie beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from app.settings import ROOT
from app.web.assets import style
from sessions.activities import kinds

TEMPLATES, STATIC = ROOT / "templates", ROOT / "static"
WIDEST = 160
"""Characters in a line of a template."""

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
REMARK = re.compile(r"//.*$", re.MULTILINE)
SELECTORS = re.compile(r"([^{};]+)\{")
CLASS_NAME = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
CLASS_ATTRIBUTE = re.compile(r'\bclass="((?:[^"{]|\{\{.*?\}\}|\{%.*?%\})*)"', re.DOTALL)
CLASS_ARGUMENT = re.compile(r'\bcls=((?:"[^"]*"|[^,)%])+)')
LITERAL = re.compile(r""""([^"]*)"|'([^']*)'|`([^`]*)`""")


def literals(source: str) -> set[str]:
    """The words of every string in a piece of code."""
    return {word for found in LITERAL.findall(source) for word in re.findall(r"[\w-]+", "".join(found))}


def named(template: str) -> set[str]:
    """The classes that a template gives to what it draws."""
    found: set[str] = set()
    for value in CLASS_ATTRIBUTE.findall(template):
        found |= set(JINJA.sub(" ", value).split())
        found |= {word for code in JINJA.findall(value) for word in literals(code)}
    return found | {word for value in CLASS_ARGUMENT.findall(template) for word in literals(value)}


def perhaps(template: str) -> set[str]:
    """Beside those, every word that its code holds: a class may be chosen by a macro or come from the rules."""
    return named(template) | {word for code in JINJA.findall(template) for word in literals(code)}


def styled(sheet: str) -> set[str]:
    """The classes that a style sheet's selectors name."""
    heads = (head for head in SELECTORS.findall(COMMENT.sub("", sheet)) if not head.strip().startswith("@"))
    return {name for head in heads for name in CLASS_NAME.findall(head)}


@cache
def classes_of(file: Path, how: Callable[[str], set[str]]) -> set[str]:
    """What a template's source says of its classes (``named`` or ``perhaps``)."""
    return how(file.read_text("utf-8"))


def read(files: Iterable[Path]) -> Iterator[str]:
    return (file.read_text("utf-8") for file in files)


def templates_of(kind: str) -> list[Path]:
    return sorted((TEMPLATES / "activities" / kind).glob("*.html"))


def templates_of_no_kind() -> list[Path]:
    return [file for file in TEMPLATES.rglob("*.html") if "activities" not in file.parts]


@cache
def in_code() -> set[str]:
    """What our scripts and the Python that draws say in strings."""
    scripts = (COMMENT.sub("", REMARK.sub("", source)) for source in read(STATIC.glob("script/*.js")))
    return {
        word for source in [*scripts, *read((ROOT / "app/drawing").glob("*.py"))] for word in literals(source)
    }


def used_by(files: Iterable[Path]) -> set[str]:
    return {name for file in files for name in classes_of(file, named)}


def perhaps_used_by(files: Iterable[Path]) -> set[str]:
    return {name for file in files for name in classes_of(file, perhaps)}


def style_of(kind: str) -> str:
    """A kind's own style sheet, "" where it has none."""
    file = TEMPLATES / "activities" / kind / "style.css"
    return file.read_text("utf-8") if file.exists() else ""


def shared_style() -> str:
    return "\n".join(read(sorted(STATIC.glob("style/*.css"))))


@cache
def own_classes(kind: str) -> set[str]:
    """Classes that no template but this kind's can give to anything."""
    others = [file for other in kinds() if other != kind for file in templates_of(other)]
    return used_by(templates_of(kind)) - perhaps_used_by([*others, *templates_of_no_kind()]) - in_code()


# ---- that the tests below can see anything


def test_classes_are_found_in_attributes_in_their_code_and_in_arguments() -> None:
    source = (
        """<p class="a{{ ' b' if x == "c" }} {% if y %}d{% endif %}">{{ button("e", "f", cls="g h") }}</p>"""
    )
    assert named(source) == {"a", "b", "c", "d", "g", "h"}
    assert perhaps(source) == named(source) | {"e", "f"}


def test_classes_are_found_in_selectors_and_nowhere_else() -> None:
    sheet = "/* .a */ .b > p:not(.c), h1 { margin: 0.5rem; } @media (max-width: 1.5em) { .d { color: red; } }"
    assert styled(sheet) == {"b", "c", "d"}


def test_there_is_something_that_only_one_kind_draws() -> None:
    assert {kind for kind in kinds() if own_classes(kind) & styled(style_of(kind))} > {"collect", "vote"}


# ---- what must hold


def test_nothing_is_styled_that_nobody_draws() -> None:
    every = perhaps_used_by(TEMPLATES.rglob("*.html")) | in_code()
    sheet = style(STATIC, TEMPLATES).decode()
    assert len(styled(sheet)) > 100
    assert styled(sheet) - every == set()


@pytest.mark.parametrize("kind", kinds())
def test_what_only_one_kind_draws_is_styled_beside_its_templates(kind: str) -> None:
    assert styled(shared_style()) & own_classes(kind) == set()


@pytest.mark.parametrize("kind", kinds())
def test_a_kinds_style_is_for_what_it_draws_and_what_that_stands_in(kind: str) -> None:
    around = perhaps_used_by([*templates_of(kind), *templates_of_no_kind()])
    assert styled(style_of(kind)) - around - in_code() == set()


@pytest.mark.parametrize("kind", kinds())
def test_a_kinds_style_mentions_no_other_kind(kind: str) -> None:
    named_kinds = set(re.findall(r'\[data-kind="?(\w+)"?\]', style_of(kind)))
    assert named_kinds <= {kind}
    strangers = {name for other in kinds() if other != kind for name in own_classes(other)}
    assert styled(style_of(kind)) & strangers == set()


def test_the_shared_style_mentions_no_kind() -> None:
    named_kinds = set(re.findall(r'\[data-kind="?(\w+)"?\]', shared_style()))
    assert named_kinds == {"lobby"}
    assert named_kinds & set(kinds()) == set()


def test_the_shared_style_comes_first_and_the_kinds_follow_by_their_names(tmp_path: Path) -> None:
    for name in (
        "static/style/2_b",
        "static/style/1_a",
        "templates/activities/x/style",
        "templates/activities/b/style",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / f"{name}.css").write_text(name.rpartition("/")[0][-1] + name[-1])
    assert style(tmp_path / "static", tmp_path / "templates").split() == [b"ea", b"eb", b"be", b"xe"]


FIELD = re.compile(r"<(?:input|textarea|form)\b(?:[^>{]|\{\{.*?\}\}|\{%.*?%\})*>", re.DOTALL)


def fields_of(file: Path) -> Iterator[str]:
    """The opening tags of forms and of fields that take words."""
    return (found.group() for found in FIELD.finditer(file.read_text("utf-8")))


def test_no_field_cuts_what_is_pasted_and_no_form_leaves_the_answer_to_the_browser() -> None:
    tags = [tag for file in TEMPLATES.rglob("*.html") for tag in fields_of(file)]
    fitting = [tag for tag in tags if "data-fits" in tag]
    assert len(fitting) > 20
    assert [tag for tag in tags if "maxlength" in tag] == []
    assert [tag for tag in fitting if 'dir="auto"' not in tag] == []
    assert [tag for tag in tags if tag.startswith("<form") and "novalidate" not in tag] == []


def test_no_line_of_a_template_is_too_wide_to_read() -> None:
    wide = [
        f"{file.relative_to(TEMPLATES)}:{number}"
        for file in TEMPLATES.rglob("*.html")
        for number, line in enumerate(file.read_text("utf-8").split("\n"), 1)
        if len(line) > WIDEST
    ]
    assert wide == []
