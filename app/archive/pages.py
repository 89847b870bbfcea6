"""The decision sheet: one printable page for each record, for those who may see it, and the record's commands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.archive import record_words
from app.archive.facts import grouped, stream_of
from app.archive.house import archive_house
from app.archive.readers import Opened, may_read, senders_of
from app.archive.record import record_of
from app.archive.records import Records
from app.archive.seen import seen_of
from app.drawing.markup import short_head
from app.live.desk import Desk
from app.live.way_in import desk_of
from app.streams.heads import Conflict
from app.telemetry.metrics import tally
from app.web.answers import error_page
from app.web.forms import TOO_FAST, fields_of, json_answer, not_taken, wants_json
from app.web.house import house_of
from app.web.visitors import visitor
from app.wire import messages
from sessions.entry import Entry
from sessions.life_cycle import next_statuses
from sessions.messages import Command, Refused, refuse
from sessions.record import Record
from sessions.record_commands import MAX_REASON, RIGHTS, Sender
from sessions.viewers import sees_section, viewer_of
from sessions.views import CONSOLE_VIEWS, language_of


async def record(request: Request) -> Response:
    """``GET /s/{code}/records/{entry}``: the sheet of one entry, and its record's status with every step."""
    desk = await desk_of(request)
    if desk is None:
        return error_page(request, "no_session", 404)
    people = await _people_of(request)
    if not _may_look(request, people):
        return not_taken(request, "", TOO_FAST.reason, 429)
    opened = await _open(request, desk, people)
    if opened is None:
        return error_page(request, "not_yours", 403)
    return await _show(request, opened, opened.sender_of("advance"))


async def records(request: Request) -> Response:
    """``GET /s/{code}/records``: the sheets of a session that whoever asks may open, by number."""
    desk = await desk_of(request)
    if desk is None:
        return error_page(request, "no_session", 404)
    people = await _people_of(request)
    if not people:
        return error_page(request, "not_yours", 403)
    if not _may_look(request, people):
        return not_taken(request, "", TOO_FAST.reason, 429)
    async with desk.settled:
        entries = [
            entry
            for entry in sorted(desk.session.entries.values(), key=lambda entry: entry.number)
            if any(may_read(desk.session, person, entry) for person in people)
        ]
        language = language_of(desk.session, people[0], "phone")
        titles = {entry.id: _title_for(desk, entry, people) for entry in entries}
        html = house_of(request).renderer.sheets(desk.hall, people[0], language, entries, titles)
    return HTMLResponse(html, headers={"cache-control": "no-store", "content-language": language})


def _may_look(request: Request, people: Sequence[str]) -> bool:
    """Whether one more page is drawn for whoever asks, as for every other page."""
    if not people or house_of(request).looks.take(people[0]):
        return True
    tally.turned_away["looks"] += 1
    return False


def _title_for(desk: Desk, entry: Entry, people: Sequence[str]) -> str:
    """What an entry is called for whoever of these people may know."""
    viewers = (viewer_of(desk.session, person) for person in people)
    known = any(sees_section(desk.session, viewer, entry, "title", desk.now()).text for viewer in viewers)
    return entry.title if known else entry.label


async def tell_record(request: Request) -> Response:
    """``POST /s/{code}/records/{entry}/do``: a command to a record, as a form. JSON answers for scripts, a page for
    people."""
    desk = await desk_of(request)
    fields = await fields_of(request)
    if desk is None:
        return not_taken(request, fields["id"], "no_session", 404)
    people = await _people_of(request)
    if people and not house_of(request).pace.take(people[0]):
        tally.turned_away["pace"] += 1
        message = desk.sentence(TOO_FAST, language_of(desk.session, people[0], "phone")).text
        return not_taken(request, fields["id"], TOO_FAST.reason, 429, message)
    opened = await _open(request, desk, people)
    if opened is None:
        return not_taken(request, fields["id"], "not_yours", 403)
    try:
        command = messages.command_from(fields, messages.new_seed())
    except messages.Malformed:
        return not_taken(request, fields["id"], "malformed", 400)
    return await _tell(request, opened, command)


async def _people_of(request: Request) -> list[str]:
    """Everybody for whom the browser speaks here, on the phone and at the console; each once."""
    found = [await visitor(request, view) for view in ("phone", *CONSOLE_VIEWS)]
    return list(dict.fromkeys(who.person for who in found if who is not None))


async def _open(request: Request, desk: Desk, people: Sequence[str]) -> Opened | None:
    """The record that the address names; None if there is none, or none of these people may see it."""
    entry = desk.session.entries.get(request.path_params["entry"])
    if entry is None or not people:
        return None
    kept = await archive_house(request).records.read(stream_of(desk.code, entry))
    senders = senders_of(people, desk.session, entry, kept)
    return Opened(desk, entry, kept, senders) if senders else None


async def _tell(request: Request, opened: Opened, command: Command) -> Response:
    """Do what is asked, and answer."""
    sender = opened.sender_of(command.name)
    answer = await _answer_of(archive_house(request).records, opened, command, sender)
    if isinstance(answer, Refused):
        return await _refuse(request, opened, command, sender, answer)
    if wants_json(request):
        return json_answer(messages.ack(command.id, answer))
    return RedirectResponse(request.url.path.removesuffix("/do"), 303)


async def _refuse(
    request: Request, opened: Opened, command: Command, sender: Sender, refused: Refused
) -> Response:
    """The reason in the person's language: to a script as a frame, else on the sheet as it is now, with what was
    typed."""
    message = opened.desk.sentence(refused, language_of(opened.desk.session, sender.person, "phone"))
    if wants_json(request):
        return json_answer(messages.refused(command.id, refused.reason, *message), 409)
    kept = await archive_house(request).records.read(opened.stream)
    typed = {name: command.text(name) for name in ("status", "why")}
    about = {
        "refused": message.text,
        "reason": refused.reason,
        "typed": typed,
        "meanwhile": _both(command, refused),
    }
    return await _show(request, replace(opened, record=kept), sender, 409, **about)


def _both(command: Command, refused: Refused) -> dict[str, Any]:
    """What others have written meanwhile beside what was sent, and the seq that whoever chooses has seen then."""
    theirs = refused.params.get("theirs")
    if not theirs:
        return {}
    sent = {name: command.text(name) for name in command.fields if name not in ("base", *theirs)}
    both = {name: (text or "", command.text(name)) for name, text in theirs.items()}
    return {"both": both, "others": sent, "by": refused.params["by"], "seq": refused.params["seq"]}


async def _answer_of(records: Records, opened: Opened, command: Command, sender: Sender) -> int | Refused:
    if not opened.record.seq:
        return refuse(
            "not_handed_over",
            "This record is still on its way from its session. Wait a few seconds and send it again.",
        )
    try:
        return await records.do(opened.stream, command, sender)
    except Conflict:  # its own stream is there: it is the record to merge into that is not
        return refuse("no_record", "There is no such record.")


def around_sheet(kept: Record, status: str) -> dict[str, Any]:
    """What stands around a record on its sheet for whoever may change nothing, and has sent nothing."""
    return {
        "kept": kept,
        "status": status,
        "choices": {},
        "may_review": False,
        "longest_reason": MAX_REASON,
        "refused": "",
        "reason": "",
        "typed": {"status": "", "why": ""},
        "meanwhile": {},
        "words": record_words,
    }


async def _show(request: Request, opened: Opened, sender: Sender, status: int = 200, **data: Any) -> Response:
    """The sheet. Before its approval a record is as the session has it now, from then on as its own stream has it."""
    desk, entry, kept = opened.desk, opened.entry, opened.record
    language = language_of(desk.session, sender.person, "phone")
    may_advance = kept.approved and bool(sender.parts & RIGHTS["advance"])
    unread = [name for name in kept.texts if not kept.review_of(name)]
    about = {
        **around_sheet(kept, kept.status if kept.approved else entry.status),
        "choices": next_statuses(kept.status, kept.came_from) if may_advance else {},
        "may_review": bool(unread and sender.parts & RIGHTS["review"]),
        **data,
    }
    digests = await desk.journal.digests(desk.code, [entry.changed_seq])
    about["last"] = {"seq": entry.changed_seq, "head": short_head(digests.get(entry.changed_seq, b""))}
    async with desk.settled:
        shown = grouped(kept.values) if kept.approved else record_of(entry, desk.session)
        viewer = viewer_of(desk.session, sender.person)
        reviewed = [name for name in kept.texts if kept.review_of(name)]
        about["seen"] = seen = seen_of(shown, entry, desk.session, viewer, desk.now(), reviewed)
        html = house_of(request).renderer.sheet(
            desk.hall, sender.person, language, entry, seen.record, **about
        )
    return HTMLResponse(html, status, headers={"cache-control": "no-store", "content-language": language})
