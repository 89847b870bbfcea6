"""Texts that several people write: who wrote each last, and what was written without having seen that.

A write says in ``base`` up to which seq its writer had seen the text. What somebody else has written since is not
replaced: the write is set aside, its writer is shown both texts, and puts one of them, or both as one, in place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from sessions.messages import Command, Decision, Event, FieldValue, Refused
from sessions.session_shapes import own_event

if TYPE_CHECKING:
    from sessions.activity import Activity
    from sessions.people import Member

Key = tuple[str, ...]
"""Which text: its phase, what it is there (``SharedText.name``), and the values of the fields that say which one."""
BASE = "base"
"""The field that says what a write was based on. A form in which one chooses the text has one for each:
``base.`` and the values of the fields that say which."""


class SharedText(NamedTuple):
    """What a kind of event writes: ``name`` tells the phase's texts apart, ``place`` are the fields of event and
    command that say which one, ``words`` the fields of the command that people write."""

    name: str
    place: tuple[str, ...]
    words: tuple[str, ...] = ("text",)


class LastWrite(NamedTuple):
    """Who wrote a text last, at which seq; and the seq at which anybody else wrote last before that, 0 for never."""

    seq: int
    by: str
    others: int

    def unseen(self, person: str, base: int) -> bool:
        """Whether somebody else has written since ``base``. What one has written oneself, on whichever device, one
        knows."""
        return (self.others if self.by == person else self.seq) > base


@dataclass(frozen=True, slots=True)
class Aside:
    """A write that waits for its writer: the command as it was sent. ``at`` is wall time."""

    id: str
    key: Key
    person: str
    command: str
    fields: Mapping[str, FieldValue]
    texts: Mapping[str, FieldValue]
    at: float

    @property
    def phase(self) -> str:
        return self.key[0]


@dataclass
class SharedTexts:
    """The fold: last writes and what is set aside, of all phases."""

    written: dict[Key, LastWrite] = field(default_factory=dict)
    aside: dict[str, Aside] = field(default_factory=dict)
    """By id: one for each person and text."""

    def base(self, *key: str) -> int:
        """The seq of a text's last write, for the form that is filled with that text; 0 if nobody has written."""
        last = self.written.get(key)
        return last.seq if last else 0

    def note(self, key: Key, event: Event) -> Iterator[Aside]:
        """Somebody has written: what they had set aside of this text is settled by that. Gives everything set aside
        that shows the text, or showed it."""
        last = self.written.get(key)
        others = 0 if last is None else last.others if last.by == event.actor else last.seq
        self.written[key] = LastWrite(event.seq, event.actor, others)
        yield from [aside for aside in self.aside.values() if aside.key == key]
        self.drop(aside_id(event.actor, key))

    def drop(self, name: str) -> None:
        self.aside.pop(name, None)


def says_when(name: str) -> bool:
    """Whether a field of a command says when it was written, and not what."""
    return name in (BASE, "made") or name.startswith(f"{BASE}.")


def aside_id(person: str, key: Key) -> str:
    return ".".join((person, *key))


def key_of(activity: Activity, event: Event) -> Key | None:
    """The shared text that an event writes; None if it writes none."""
    shared = activity.shared.get(event.kind)
    if shared is None:
        return None
    return (activity.phase.id, shared.name, *(str(event.body.get(name, "")) for name in shared.place))


def settle(
    texts: SharedTexts, activity: Activity, command: Command, sender: Member, decision: Decision
) -> Decision:
    """The decision as it is, or to set the command aside, where it would replace what its sender has not seen."""
    if isinstance(decision, Refused) or not activity.shared:
        return decision
    for item in decision:
        key = key_of(activity, item) if isinstance(item, Event) else None
        last = texts.written.get(key) if key else None
        if key and last and _is_unseen(last, sender, command, key):
            return [_set_aside(activity, command, sender, key)]
    return decision


def _is_unseen(last: LastWrite, sender: Member, command: Command, key: Key) -> bool:
    """Whether a command would replace what its sender has not seen; one that says nothing of that would not."""
    said = [name for name in (BASE, ".".join((BASE, *key[2:]))) if name in command.fields]
    return bool(said) and last.unseen(sender.id, command.whole(said[0]) or 0)


def _set_aside(activity: Activity, command: Command, sender: Member, key: Key) -> Event:
    words = activity.words_sent(command)
    said = {name: value for name, value in command.fields.items() if not says_when(name)}
    return own_event(
        "text_set_aside",
        activity.phase.id,
        person=sender.id,
        text=list(key[1:]),
        command=command.name,
        fields={name: value for name, value in said.items() if name not in words},
        texts={name: value for name, value in said.items() if name in words},
    )
