"""Actions are written, changed, moved to another day and withdrawn. A command names its ``card``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.activities.act import items
from sessions.activities.act.asking import action_named, action_of, refuse_day, refuse_hour, refuse_person
from sessions.activities.act.sorts import SORTS, WHAT, Sort
from sessions.activity import too_long
from sessions.audience import STAFF
from sessions.days import read_day
from sessions.messages import Command, Decision, Event, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.act import Act
    from sessions.activities.act.items import Source
    from sessions.activities.act.plan import Action
    from sessions.people import Member

MOST_LETTERS = 500


def add_action(act: Act, command: Command, sender: Member, now: float) -> Decision:
    """Write an action: its ``sort``, the item it comes from (``source``, may be ""), the sort's own words, ``area``,
    ``starts``, ``due``, ``hour``, ``contact`` (yes), and who carries it (``person``, "" for whoever sends it; anybody
    where ``open`` is yes)."""
    name, source = command.text("sort"), items.source(act, command.text("source"))
    if name not in act.sorts:
        return refuse("no_sort", "That is not written in this phase. Reload the page.")
    sort, texts = SORTS[name], texts_in(command, SORTS[name])
    no = (
        _refuse_writer(act, sender)
        or _refuse_source(act, command, source)
        or refuse_texts(act, texts, sort, source)
        or _refuse_when(act, command, sort, now)
        or refuse_area(act, command.text("area"))
    )
    if no is not None:
        return no
    person = _carrier(act, command, sort, sender)
    no = refuse_person(act, person) if person or sort.personal else None
    if sort.personal and person == sender.id:
        return refuse("own_party", "Choose somebody else: this takes two.")
    return no or [_added(act, command, sender, name, source, texts, person)]


def _added(
    act: Act,
    command: Command,
    sender: Member,
    name: str,
    source: Source | None,
    texts: dict[str, str],
    person: str,
) -> Event:
    sort = SORTS[name]
    return act.event(
        "action_added",
        **act.next_action(),
        sort=name,
        source=source.id if source else "",
        **({"entry": source.entry} if source and source.entry else {}),
        worded=bool(texts),
        texts=texts,
        language=sender.language,
        area=command.text("area"),
        starts=command.text("starts") if sort.starts else "",
        due=command.text("due"),
        hour=command.text("hour") if sort.timed else "",
        contact=bool(act.rules.get("contact")) and command.text("contact") == "yes",
        person=person,
        answers=False,
    )


def texts_in(command: Command, sort: Sort) -> dict[str, str]:
    """The words of a command, by the fields of a sort; those that say nothing are left out."""
    texts = {name: command.text(name) for name in sort.fields}
    return {name: text for name, text in texts.items() if text}


def _refuse_writer(act: Act, sender: Member) -> Refused | None:
    if not act.writes(sender):
        return refuse("not_writer", "Others write here. You can help with what they have written.")
    written = sum(action.by == sender.id and not action.answers for action in act.plan.standing())
    if sender.role in STAFF or written < act.per_person:
        return None
    return refuse(
        "too_many",
        "You have written {limit}, and that is the most. Take one back first.",
        limit=act.per_person,
    )


def _refuse_source(act: Act, command: Command, source: Source | None) -> Refused | None:
    if source is None and (command.text("source") or act.rules.get("sourced")):
        return refuse("no_item", "Choose what it comes from, then send again.")
    return None


def refuse_texts(act: Act, texts: dict[str, str], sort: Sort, source: Source | None) -> Refused | None:
    """Why the words of an action are too many, or too few: what comes from a card needs none of its own."""
    says_enough = sort.bare and source is not None and not source.entry
    if not texts.get(WHAT) and not says_enough:
        return refuse("empty", "There is nothing written yet.")
    return next(filter(None, (too_long(text, MOST_LETTERS) for text in texts.values())), None)


def _refuse_when(act: Act, command: Command, sort: Sort, now: float) -> Refused | None:
    due, starts = command.text("due"), command.text("starts") if sort.starts else ""
    no = refuse_day(act, due, now) or (refuse_hour(command.text("hour")) if sort.timed else None)
    if no is not None or not starts:
        return no
    first, last = read_day(starts), read_day(due)
    if first is not None and last is not None and first <= last:
        return None
    return refuse("late_start", "It begins after it is due. Choose an earlier first day.")


def refuse_area(act: Act, area: str) -> Refused | None:
    """Why an action cannot be in an area: where there are some, each is in one."""
    if (area in act.areas) if act.areas else not area:
        return None
    return refuse("no_area", "Choose an area, then send again.")


def _carrier(act: Act, command: Command, sort: Sort, sender: Member) -> str:
    """Who carries it from the beginning: whoever promises something does it themselves."""
    if sort.own:
        return command.text("person") or sender.id if sender.role in STAFF else sender.id
    if command.text("open") == "yes":
        return ""
    return command.text("person") or (sender.id if act.carries(sender) and not sort.personal else "")


def change_action(act: Act, command: Command, sender: Member, now: float) -> Decision:
    """Who wrote an action puts other words in place of those that stand, and another ``area``."""
    found = action_named(act, command)
    if isinstance(found, Refused):
        return found
    if found.by != sender.id or found.answers:
        return refuse("not_yours", "Only who wrote this can put it in other words.")
    texts, area = texts_in(command, found.of_sort), command.text("area")
    if (texts, area) == (found.texts, found.area):
        return []
    no = refuse_texts(act, texts, found.of_sort, items.source(act, found.source)) or refuse_area(act, area)
    entry = {"entry": found.source} if found.source in act.session.entries else {}
    named = {"card": found.id, "number": found.number, **entry}
    return no or [
        act.event(
            "action_changed", **named, worded=bool(texts), texts=texts, language=sender.language, area=area
        )
    ]


def move_action(act: Act, command: Command, sender: Member, now: float) -> Decision:
    """Another day (``due``), and ``hour`` where it has one."""
    found = action_of(act, command, sender)
    if isinstance(found, Refused):
        return found
    due, hour = command.text("due"), command.text("hour") if found.of_sort.timed else ""
    if (due, hour) == (found.due, found.hour):
        return []
    no = refuse_day(act, due, now) or refuse_hour(hour)
    return no or [act.event("action_moved", card=found.id, number=found.number, due=due, hour=hour)]


def withdraw_action(act: Act, command: Command, sender: Member, now: float) -> Decision:
    """Take back what one has written, ``sure`` (yes): its words are erased wherever they have gone."""
    found = action_named(act, command)
    if isinstance(found, Refused):
        return found
    if found.origin:
        return refuse("began_before", "This began in an earlier phase. Take it back there, under Mine.")
    if not _may_withdraw(act, found, sender):
        return refuse("not_yours", "Only who wrote this can take it back.")
    if command.text("sure") != "yes":
        return refuse("not_sure", "Tick that you are sure, then press again. Nothing has been erased.")
    return [act.event("action_withdrawn", card=found.id, number=found.number)]


def _may_withdraw(act: Act, found: Action, sender: Member) -> bool:
    return not found.answers and sender.id == found.by
