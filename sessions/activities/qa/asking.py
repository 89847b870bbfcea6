"""People ask, let others see what they had kept back, and take a question back. A command names its ``card``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.activities.qa.question import OPEN, WITHDRAWN, Question
from sessions.activities.qa.reach import floor
from sessions.activity import too_long
from sessions.messages import Command, Decision, Refused, refuse

if TYPE_CHECKING:
    from sessions.activities.qa import Qa
    from sessions.people import Member

MOST_LETTERS = 500


def question_named(qa: Qa, command: Command) -> Question | Refused:
    """The question that a command is about."""
    found = qa.board.questions.get(command.text("card"))
    if found is None:
        return refuse("no_question", "There is no such question. Reload the page.")
    if found.state == WITHDRAWN:
        return refuse("gone", "Whoever asked this has taken it back.")
    return found


def ask_question(qa: Qa, command: Command, sender: Member, now: float) -> Decision:
    """Ask: ``text``, and ``anonymous`` (yes) where the name is to be shown to nobody."""
    text, anonymous = command.text("text"), bool(command.text("anonymous"))
    no = _refuse_asker(qa, sender, anonymous) or _refuse_words(qa, sender, text)
    if no is not None:
        return no
    return [
        qa.event(
            "question_asked",
            card=f"{qa.phase.id}q{qa.board.asked + 1}",
            text=text,
            language=sender.language,
            anonymous=anonymous,
            published=not qa.moderated,
        )
    ]


def _refuse_asker(qa: Qa, sender: Member, anonymous: bool) -> Refused | None:
    if not qa.asks(sender):
        return refuse(
            "not_asker", "Others ask here. You can say which of their questions you wonder about too."
        )
    if anonymous and not qa.rules.get("anonymous"):
        return refuse("not_anonymous", "Here a question carries the name of who asks. Send it with yours.")
    waiting = sum(question.state in OPEN for question in qa.board.of(sender.id))
    if waiting < qa.per_person:
        return None
    return refuse(
        "too_many",
        "You have {limit} questions waiting, and that is the most. Wait for an answer, or take one back.",
        limit=qa.per_person,
    )


def _refuse_words(qa: Qa, sender: Member, text: str) -> Refused | None:
    if not text:
        return refuse("empty", "There is nothing written yet.")
    same = next(
        (q for q in qa.board.of(sender.id) if q.state in OPEN and _plain(q.text) == _plain(text)), None
    )
    if same is not None:
        return refuse(
            "duplicate", "You have asked this already. It is question {number}.", number=same.number
        )
    return too_long(text, MOST_LETTERS)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def withdraw_question(qa: Qa, command: Command, sender: Member, now: float) -> Decision:
    """Who asked takes a question back: its words are erased wherever they have gone. Once others have read it, they are
    ``sure`` (yes)."""
    question = _of_sender(qa, command, sender)
    if isinstance(question, Refused):
        return question
    if question.origin:
        return refuse("asked_before", "This was asked in an earlier phase. Take it back there, under Mine.")
    if question.published_at and command.text("sure") != "yes":
        return refuse("not_sure", "Tick that you are sure, then press again. Nothing has been erased.")
    return [qa.event("question_withdrawn", card=question.id, number=question.number)]


def share_question(qa: Qa, command: Command, sender: Member, now: float) -> Decision:
    """Let everybody in the phase see one's own question, whatever one's consent says of the others."""
    question = _of_sender(qa, command, sender)
    if isinstance(question, Refused):
        return question
    choice = floor(qa).name.lower()
    return [qa.event("question_shared", card=question.id, choice=choice)] if question.kept else []


def _of_sender(qa: Qa, command: Command, sender: Member) -> Question | Refused:
    question = question_named(qa, command)
    if isinstance(question, Question) and question.author != sender.id:
        return refuse("not_yours", "Only who asked a question can change it or take it back.")
    return question
