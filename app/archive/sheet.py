"""A record as a sheet to read and to print: Markdown in the session's language, with what the sheet's page holds.

What people wrote stands in quotations, with everything escaped that a viewer might take for HTML.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.archive import record_words
from app.archive.markdown import Markdown
from app.archive.sections import Section
from app.archive.seen import Seen
from app.archive.sheet_said import said
from sessions.entry_words import STATUS_NAMES
from sessions.session import Session


def sheet(seen: Seen, session: Session, names: Mapping[str, str]) -> str:
    """The sheet of a record as it is seen. ``names`` are those of people who may be named; others stand by their
    ids."""
    paper = Markdown(session.language, names)
    blocks = [
        *_head(seen, paper),
        *_decision(seen, paper),
        *(block for section in seen.sections for block in _section(section, seen, paper)),
        *said(seen, session, paper),
        *_origin(seen.origin, paper),
        *_people(seen.record["people"], paper),
    ]
    return "\n\n".join(blocks) + "\n"


def _head(seen: Seen, paper: Markdown) -> Iterator[str]:
    identity, title = seen.record["identity"], seen.title
    text = next(iter(title.values()), "") if isinstance(title, Mapping) else title
    status = paper.say(STATUS_NAMES.get(identity["status"], identity["status"]))
    yield f"# {identity['number']}. {paper.line(text)}"
    yield f"{paper.word('status')}: {status} · {seen.record['record_id']}"
    yield from [paper.quoted(seen.idea)] if seen.idea not in ("", text) else []


def _decision(seen: Seen, paper: Markdown) -> Iterator[str]:
    """Who carries it on, with what, and when it is asked again."""
    owner, step = seen.record["people"]["owner"], seen.record.get("plan", {}).get("next_action")
    yield paper.heading("decision")
    accepted = owner is not None and owner.get("accepted")
    yield f"{paper.word('owner')}: {paper.name(owner['person']) if owner and accepted else paper.word('nobody')}"
    if step and step["text"]:
        yield f"{paper.word('step')} · {step['due']}"
        yield paper.quoted(step["text"])
    dues = [followup["due"] for followup in seen.record["followups"]]
    yield from [f"{paper.word('followups')}: {', '.join(dues)}"] if dues else []


def _section(section: Section, seen: Seen, paper: Markdown) -> Iterator[str]:
    yield f"## {paper.say(section.title)}"
    if section.group in seen.closed:
        yield paper.closed(seen, section.group)
        return
    if not section.rows:
        yield paper.word("empty")
    for row in section.rows:
        yield f"**{paper.line(paper.say(row.label))}**"
        yield paper.quoted(paper.say(row.text))
    claims = seen.record["rights"].get("employer_claims") if section.group == "rights" else ()
    if claims:
        yield f"**{paper.word('claims')}**"
        yield paper.listed(f"{paper.name(c['person'])}: {_claim(c['claim'], paper)}" for c in claims)


def _claim(claim: str, paper: Markdown) -> str:
    return paper.say(record_words.CLAIMS.get(claim, claim))


def _origin(origin: Mapping[str, Any], paper: Markdown) -> Iterator[str]:
    log = origin["log_range"]
    yield paper.heading("origin")
    yield f"{origin['session']['code']} · {log['first']}–{log['last']}{_digits(log.get('digest', ''))}"
    for name in ("origin_needs", "origin_ideas"):
        yield from _cards(name, origin[name], paper)
    absorbed = [f"{one['number']}. {one['title']} {one['reason']}" for one in origin["absorbed"]]
    yield from [paper.heading("absorbed", 3), paper.listed(map(paper.line, absorbed))] if absorbed else []
    teams = [f"{one['number']} {one['name']}" for one in origin["teams"] if "number" in one]
    yield from [paper.heading("teams", 3), paper.listed(map(paper.line, teams))] if teams else []


def _cards(name: str, rows: Iterable[Mapping[str, Any]], paper: Markdown) -> Iterator[str]:
    """Cards with the parts they have, and those behind a group."""
    texts = [text for row in rows for text in _texts(row) if text]
    yield from [paper.heading(name, 3), *map(paper.quoted, dict.fromkeys(texts))] if texts else []


def _texts(row: Mapping[str, Any]) -> Iterator[str]:
    yield row["text"]
    for one in row["cards"]:
        yield from _texts(one)
    yield from row["fields"].values() if not row["cards"] else ()


def _digits(digest: str) -> str:
    """The chain's digest at the record's last event, as people note it."""
    return "".join(f" {digest[at : at + 4]}" for at in range(0, min(len(digest), 16), 4))


def _people(people: Mapping[str, Any], paper: Markdown) -> Iterator[str]:
    listed = [paper.name(contributor["person"]) for contributor in people["contributors"]]
    yield from [paper.heading("people"), paper.listed(listed)] if listed else []
