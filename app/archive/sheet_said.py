"""What others have said of a record, and what was decided, on its sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.archive import record_words
from app.archive.markdown import Markdown
from app.archive.seen import Seen
from sessions.session import Session

Row = Mapping[str, Any]


def said(seen: Seen, session: Session, paper: Markdown) -> Iterator[str]:
    """Decisions with their reasons, questions and answers, the market test, feedback and offers of help."""
    yield paper.heading("verdicts")
    if "verdicts" in seen.closed:
        yield paper.closed(seen, "verdicts")
        return
    for row in seen.origin["decisions"]:
        texts = [paper.say(row.get("reason", "")), *row.get("comments", ())]
        yield from _text(f"**{_decided(row, session, paper)}**", texts, paper)
    yield from _asked(seen.origin, paper)
    for part, field in (("contacts", "said"), ("feedback", "text"), ("help", "text")):
        rows = [row for row in seen.origin[part] if row[field]]
        yield from [paper.heading(part, 3)] if rows else []
        for row in rows:
            yield from _text(_about(part, row, paper), [row[field]], paper)


def _text(head: str, texts: list[str], paper: Markdown) -> Iterator[str]:
    """A line, and under it what was written, if anything was."""
    yield head
    yield from (paper.quoted(text) for text in texts if text)


def _decided(row: Row, session: Session, paper: Markdown) -> str:
    """A decision, a result, a score or an award in words."""
    if row["about"] in ("result", "score"):
        phase = session.agenda.get(row["phase"])
        title = paper.say(phase.spec.title) if phase else row["phase"]
        return f"{paper.line(title)}: {paper.word('place').replace('{place}', str(row['place']))}"
    if row["about"] == "award":
        award = row.get("award", "")
        return paper.word(award) if award in ("jury", "audience") else paper.line(award)
    choice = row.get("choice", "")
    return paper.say(record_words.CHOICES.get(choice, choice))


def _asked(origin: Row, paper: Markdown) -> Iterator[str]:
    """Questions to experts, and what they have answered."""
    questions, verdicts = origin["questions"], origin["verdicts"]
    yield from [paper.heading("questions", 3)] if questions or verdicts else []
    yield from (paper.quoted(row["text"]) for row in questions if row["text"])
    for row in verdicts:
        verdict = row["verdict"]
        word = paper.word(verdict) if verdict in ("go", "change", "stop") else paper.line(verdict)
        sources = f" ({paper.line(row['sources'])})" if row.get("sources") else ""
        yield from _text(f"**{word}**{sources}", [row["note"]], paper)
        yield from (
            _text(f"**{paper.word('answer')}**", [row["response"]], paper) if row.get("response") else ()
        )


def _about(part: str, row: Row, paper: Markdown) -> str:
    """Who has said something: which customer and when, or in which column, or who offers help."""
    if part == "contacts":
        return paper.line(f"{row['who']} {row['date']}")
    if part == "feedback":
        column = row.get("column", "")
        return f"**{paper.line(paper.say(record_words.COLUMNS.get(column, column)))}**"
    return paper.name(row["person"])
