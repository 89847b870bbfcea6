"""A race in which every kind of text is written by people who let it go differently far, and which text goes how far.

Each text has a mark of its own; ``MARKS`` says the widest level whose file may hold it, "" where none may.
"""

from __future__ import annotations

from typing import Any

from tests.support.stage import Stage, made_up, phase, words

FAR, OVER = "2099-01-01", "2020-01-01"
CONSENTS = {
    "ada": "public",
    "art": "public",
    "bea": "session",
    "ben": "session",
    "cai": "team",
    "dan": "programme",
}
TEAMS = (("ada", "art"), ("bea", "ben"), ("cai",), ("dan",))
JURORS = [f"j{number}" for number in range(5)]
CRITERIA = ("need", "novelty", "market", "feasibility", "team")
LEVELS = ("team", "session", "programme", "public")
OPTIONS = [{"id": name, "label": words(name)} for name in LEVELS]
QUESTIONS = [
    {"id": "consent", "type": "choice", "fact": "consent", "label": words("?"), "options": OPTIONS},
    {"id": "why", "type": "text", "label": words("?")},
]
DRAFT = {"minute": 5, "name": "draft", "title": words("Draft"), "hard": False, "contacts": 0}
DOTS = {"method": "dots", "dots": 3, "max_per_option": 1, "keep": "9", "begins_entries": True}
PHASES = (
    phase("survey", "C", rules={"form": "consent", "respondent": "person"}),
    phase("team", "T", rules={"min_size": 1, "max_size": 9}),
    phase("collect", "I", inputs=["T"], who=["teams"], rules={"fields": ["text"], "main": "text"}),
    phase("vote", "V", inputs=["I"], who=["teams"], rules={**DOTS, "ballots": "confidential"}),
    phase(
        "consult",
        "Q",
        who=["teams", "experts"],
        inputs=["V"],
        rules={"topics": ["ipr"], "verdicts": ["go", "change", "stop"], "about": "entries"},
    ),
    phase(
        "work", "W", who=["teams"], rules={"documents": ["record"], "about": "entries", "deadlines": [DRAFT]}
    ),
    phase("decide", "D", who=["teams", "staff"], rules={"choices": ["go", "pivot"], "reason_required": True}),
    phase("own", "O", who=["teams", "staff"], rules={"first_step_days": 14, "followup_months": [3]}),
    phase(
        "jury",
        "J",
        who=["jury"],
        rules={"rubric": "default5", "min_jurors": 3, "ties": ["chair"], "award": "a"},
    ),
)
MARKS = {
    "answer of cai": "",
    "reason of team 1": "",
    "first name": "",
    "second name": "session",
    "hello room": "session",
    "idea of ada": "public",
    "idea of bea": "session",
    "idea of cai": "",
    "idea of dan": "programme",
    "first wording": "",
    "second wording": "public",
    "hidden idea": "",
    "group of staff": "session",
    "question of one": "",
    "answer to one": "",
    "question of two": "session",
    "answer to two": "session",
    "first segment": "",
    "need of one": "public",
    "segment of one": "public",
    "solution of one": "",
    "summary of one": "",
    "set aside": "",
    "segment of two": "session",
    "solution of two": "session",
    "customer of two": "session",
    "summary of four": "public",
    "segment of four": "",
    "reason of one": "",
    "reason of two": "session",
    "title anew": "session",
    "step of one": "public",
    "help of ada": "session",
    "help of cai": "",
    "remark of a juror": "",
    "why it won": "",
}
"""One is public and closed by a date, two for the session, four for its team with a summary that may be shown."""
OF_DATE = (
    *("solution of one", "summary of one", "question of one", "answer to one", "reason of one"),
    "why it won",
)
"""What is public as well, once the date of one is over."""


def mark(text: str) -> str:
    """A text of which nothing stands in anything else."""
    return f"«{text}»"


def played(day: str = FAR) -> Stage:
    """The race; ``day`` is the no-disclosure date of the first project."""
    people = {**dict.fromkeys(CONSENTS, "participant"), **dict.fromkeys(JURORS, "juror"), "eve": "expert"}
    stage = Stage(form=_format(), **people)
    _gather(stage)
    ideas = _collect(stage)
    stage.open("V")
    for number, person in enumerate(CONSENTS):
        stage.ok("cast_ballot", person, "V", seed=number, option=ideas[number % 2 :][:3])
    stage.close("V")
    stage.ok("reveal_result", "kim", "V")
    one, two, four = (_entry_of(stage, who) for who in ("ada", "bea", "dan"))
    _ask(stage, one, two)
    _write(stage, one, two, four, day)
    _decide(stage, one, two)
    _judge(stage, one)
    return stage


def _format() -> dict[str, Any]:
    return {
        **made_up(),
        "forms": {**made_up()["forms"], "consent": {"fields": QUESTIONS}},
        "phase": list(PHASES),
    }


def _gather(stage: Stage) -> None:
    stage.open("C")
    for person, consent in CONSENTS.items():
        wrote = {"why": mark("answer of cai")} if person == "cai" else {}
        stage.ok("answer", person, "C", consent=consent, **wrote)
    stage.open("T")
    for number, team in enumerate(TEAMS, 1):
        reason = mark("reason of team 1") if number == 1 else "a test"
        stage.ok("start_team", "kim", "T", person=list(team), reason=reason)
    stage.ok("confirm_teams", "kim", "T", reason="a test")
    of_ada = stage.session.people["ada"].team
    for name in ("first name", "second name"):
        stage.ok("rename_team", "kim", "T", team=of_ada, team_name=mark(name))
    stage.ok("announce", "kim", text=mark("hello room"))


def _collect(stage: Stage) -> list[str]:
    """The ideas that go on, most careful ones last."""
    stage.open("I")
    added = {
        who: stage.ok("add_card", who, "I", text=mark(f"idea of {who}"))[0].body["card"]
        for who in ("ada", "bea", "cai", "dan")
    }
    (other,) = stage.ok("add_card", "art", "I", text=mark("first wording"))
    stage.ok("edit_card", "art", "I", card=other.body["card"], text=mark("second wording"))
    (hidden,) = stage.ok("add_card", "art", "I", text=mark("hidden idea"))
    stage.ok("hide_card", "kim", "I", card=hidden.body["card"])
    stage.ok("group_cards", "kim", "I", card=[other.body["card"]], title=mark("group of staff"))
    return [added["ada"], added["bea"], added["dan"]]


def _entry_of(stage: Stage, author: str) -> str:
    return next(
        entry.id for entry in stage.session.entries.values() if entry.idea and author in entry.idea.authors
    )


def _ask(stage: Stage, one: str, two: str) -> None:
    stage.open("Q")
    stage.ok("declare_interest", "eve", "Q", own="none", bound="on")
    for who, entry, name in (("ada", one, "one"), ("bea", two, "two")):
        (asked,) = stage.ok("ask", who, "Q", topic="ipr", about=entry, text=mark(f"question of {name}"))
        request = asked.body["request"]
        stage.ok("claim", "eve", "Q", request=request)
        stage.ok("answer", "eve", "Q", request=request, verdict="go", note=mark(f"answer to {name}"))


def _write(stage: Stage, one: str, two: str, four: str, day: str) -> None:
    stage.open("W")

    def write(who: str, entry: str, field: str, text: str, **more: Any) -> None:
        stage.ok("write_field", who, "W", entry=entry, document="record", field=field, text=text, **more)

    write("ada", one, "segment", mark("first segment"))
    write("ada", one, "segment", mark("segment of one"))
    write("ada", one, "situation", mark("need of one"))
    write("ada", one, "solution", mark("solution of one"))
    write("ada", one, "summary", mark("summary of one"))
    write("ada", one, "no_disclosure_before", day)
    stage.after(3)
    write("art", one, "segment", mark("set aside"), base="1")
    write("bea", two, "segment", mark("segment of two"))
    write("bea", two, "solution", mark("solution of two"))
    write("dan", four, "summary", mark("summary of four"))
    write("dan", four, "segment", mark("segment of four"))
    stage.ok(
        "add_contact",
        "bea",
        "W",
        entry=two,
        who="A nurse",
        date="2026-11-02",
        said=mark("customer of two"),
    )
    for who, entry, level in (("ada", one, "public"), ("bea", two, "session"), ("dan", four, "team")):
        stage.ok("set_visibility", who, "W", entry=entry, level=level)
    stage.ok("set_disclosure", "dan", "W", entry=four, level="ok")
    stage.after(3)


def _decide(stage: Stage, one: str, two: str) -> None:
    stage.open("D")
    stage.ok("decide_entry", "ada", "D", entry=one, choice="go", reason=mark("reason of one"))
    title = mark("title anew")
    stage.ok("decide_entry", "bea", "D", entry=two, choice="pivot", title=title, reason=mark("reason of two"))
    stage.open("O")
    stage.ok("take_ownership", "ada", "O", entry=one, named="on")
    stage.ok("set_first_step", "ada", "O", entry=one, text=mark("step of one"), due="2026-10-01")
    for who in ("ada", "cai"):
        stage.ok("offer_help", who, "O", entry=two, text=mark(f"help of {who}"))


def _judge(stage: Stage, best: str) -> None:
    stage.open("J")
    for number, juror in enumerate(JURORS):
        for entry in stage.session.entries:
            scores = {f"score-{name}": str((4 if entry == best else 2) + number % 2) for name in CRITERIA}
            comment = mark("remark of a juror")
            stage.ok("score_entry", juror, "J", entry=entry, comment=comment, final="yes", **scores)
    stage.close("J")
    stage.ok("sign_result", "kim", "J", seed=5, reason=mark("why it won"))
