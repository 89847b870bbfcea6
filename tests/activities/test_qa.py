"""Questions: from being asked to their answer, who may do what with them, and what goes on to the next round."""

from __future__ import annotations

from typing import Any

import pytest

from sessions.activities.qa import Qa
from sessions.activities.qa.question import Question
from sessions.activities.qa.rules import faults
from sessions.audience import EVERYBODY, acting, person_scope, role_scope
from sessions.messages import Refused
from tests.support.stage import Stage, made_up, phase, plain, words

ROLES = [
    {"key": "member", "title": words("Member"), "acts_like": "participant"},
    {"key": "moderator", "title": words("Moderator"), "acts_like": "participant"},
]
WHO = ["participant", "host"]
RULES: dict[str, Any] = {
    "anonymous": True,
    "askers": ["participant", "member"],
    "answerers": ["host"],
    "moderators": ["moderator"],
}


def staged(*more: dict[str, Any], **rules: Any) -> Stage:
    """Ada and Bo ask, Mo moderates, Hal answers; Q is open."""
    rows = [phase("qa", "Q", who=WHO, rules={**RULES, **rules}), *more]
    stage = Stage(
        form={**made_up(), "role": ROLES, "phase": plain(rows)}, ada="participant", bo="participant"
    )
    stage.join("mo", "participant")
    stage.join("hal", "host")
    stage.ok("grant_role", "kim", person="mo", role="moderator")
    stage.open("Q")
    return stage


def qa(stage: Stage, name: str = "Q") -> Qa:
    activity = stage.session.agenda.phases[name].activity
    assert isinstance(activity, Qa)
    return activity


def ask(stage: Stage, text: str = "Why?", by: str = "ada", where: str = "Q", **more: Any) -> str:
    """Ask; the id of the question, or the code of the refusal."""
    told = stage.do("ask_question", by, where, text=text, **more)
    return told.reason if isinstance(told, Refused) else str(told.events[0].body["card"])


def published(stage: Stage, text: str = "Why?", by: str = "ada", **more: Any) -> str:
    card = ask(stage, text, by, **more)
    stage.ok("publish_question", "kim", "Q", card=card)
    return card


def question(stage: Stage, card: str, where: str = "Q") -> Question:
    return qa(stage, where).board.questions[card]


def state(stage: Stage, card: str, where: str = "Q") -> str:
    return question(stage, card, where).state


def seen(stage: Stage, card: str, view: str = "phone", scope: str = EVERYBODY) -> bool:
    return qa(stage).show(view, scope, "question", card) is not None


# ---- on its way


def test_a_question_waits_for_the_moderator_and_is_then_published_taken_and_answered() -> None:
    stage = staged()
    card = ask(stage)
    assert (state(stage, card), seen(stage, card)) == ("pending", False)
    for command, becomes in (
        ("publish_question", "published"),
        ("take_question", "live"),
        ("answer_question", "answered"),
    ):
        stage.ok(command, "mo", "Q", card=card, answer="So")
        assert (state(stage, card), seen(stage, card)) == (becomes, True)
    assert question(stage, card).answer == "So"


def test_where_nobody_moderates_a_question_is_published_at_once() -> None:
    stage = staged(moderated=False)
    card = ask(stage)
    assert (state(stage, card), seen(stage, card)) == ("published", True)


def test_a_declined_question_is_seen_by_nobody_else_and_its_author_reads_the_moderators_words() -> None:
    stage = staged()
    card = published(stage)
    assert seen(stage, card)
    assert stage.no("decline_question", "mo", "Q", card=card, reason=" ") == "no_reason"
    stage.ok("decline_question", "mo", "Q", card=card, reason="Ask me at the coffee")
    assert not seen(stage, card)
    own = qa(stage).show("mine", person_scope("ada"), "own", card)
    assert own is not None
    assert own.data["question"]["reason"] == "Ask me at the coffee"
    assert qa(stage).show("mine", person_scope("bo"), "own", card) is None


def test_one_question_is_answered_at_a_time_and_what_was_goes_back_in_line() -> None:
    stage = staged()
    first, second = published(stage, "One?"), published(stage, "Two?")
    stage.ok("take_question", "mo", "Q", card=first)
    stage.ok("take_question", "mo", "Q", card=second)
    assert (state(stage, first), state(stage, second)) == ("published", "live")
    stage.ok("answer_question", "mo", "Q", card=second, next="yes")
    assert (state(stage, first), state(stage, second)) == ("live", "answered")
    stage.close("Q")
    assert state(stage, first) == "published"


def test_what_comes_next_is_what_most_wonder_about_and_among_equals_what_was_asked_first() -> None:
    stage = staged()
    cards = [published(stage, text) for text in ("One?", "Two?", "Three?")]
    stage.ok("support_question", "bo", "Q", card=cards[2])
    assert [q.id for q in qa(stage).board.waiting()] == [cards[2], cards[0], cards[1]]
    shown = [qa(stage).show("phone", EVERYBODY, "question", card) for card in cards]
    assert sorted(cards, key=lambda card: shown[cards.index(card)].order) == [cards[2], cards[0], cards[1]]  # type: ignore[union-attr]  # all are shown, as the line above says


def test_a_follow_up_has_an_owner_and_a_day_and_its_owner_answers_it_when_the_phase_is_over() -> None:
    stage = staged()
    card = published(stage)
    told = {"card": card, "owner": "hal", "due": "2030-01-31"}
    assert stage.no("follow_up_question", "hal", "Q", **{**told, "owner": "bo"}) == "no_owner"
    assert stage.no("follow_up_question", "hal", "Q", **{**told, "due": "soon"}) == "no_day"
    assert stage.no("follow_up_question", "hal", "Q", **{**told, "due": "2001-01-31"}) == "past_day"
    stage.ok("follow_up_question", "mo", "Q", **told)
    assert qa(stage).outcome().figures["actions"] == [{"question": card, "owner": "hal", "due": "2030-01-31"}]
    assert qa(stage).show("mine", person_scope("hal"), "owed", card) is not None
    assert qa(stage).show("mine", person_scope("bo"), "owed", card) is None
    stage.close("Q")
    stage.ok("answer_question", "hal", "Q", card=card, answer="In March")
    assert qa(stage).outcome().figures["actions"] == []
    assert qa(stage).outcome().cards[0].fields["answer"] == "In March"


# ---- putting right


def test_an_answer_is_put_right_for_a_reason_and_the_log_keeps_both() -> None:
    stage = staged()
    card = published(stage)
    stage.ok("answer_question", "hal", "Q", card=card, answer="Ten")
    assert stage.no("answer_question", "hal", "Q", card=card, answer="Eleven") == "no_why"
    stage.ok("answer_question", "hal", "Q", card=card, answer="Eleven", reason="I had the old figures")
    assert question(stage, card).answer == "Eleven"
    answers = [event.body for event in stage.log if event.kind == "question_answered"]
    assert [(body["answer"], body.get("reason", "")) for body in answers] == [
        ("Ten", ""),
        ("Eleven", "I had the old figures"),
    ]


@pytest.mark.parametrize(
    ("command", "fields", "back"),
    [
        ("decline_question", {"reason": "No"}, "pending"),
        ("answer_question", {"answer": "Yes"}, "published"),
        ("follow_up_question", {"owner": "hal", "due": "2030-01-31"}, "published"),
    ],
)
def test_what_was_decided_can_be_taken_back(command: str, fields: dict[str, str], back: str) -> None:
    stage = staged()
    card = published(stage)
    stage.ok("support_question", "bo", "Q", card=card)
    stage.ok(command, "mo", "Q", card=card, **fields)
    stage.ok("bring_back_question", "mo", "Q", card=card, reason="Too quick")
    assert state(stage, card) == back
    was = question(stage, card)
    assert (was.answer, was.reason, was.owner, was.support) == ("", "", "", 1)
    assert qa(stage).board.owed.get("hal", {}) == {}


def test_a_moderators_words_can_be_changed_and_a_published_question_taken_off_the_list() -> None:
    stage = staged()
    card = published(stage)
    stage.ok("bring_back_question", "mo", "Q", card=card)
    assert (state(stage, card), seen(stage, card)) == ("pending", False)
    for reason in ("No", "Ask the host"):
        stage.ok("decline_question", "mo", "Q", card=card, reason=reason)
    assert question(stage, card).reason == "Ask the host"


# ---- wondering too


def test_one_person_supports_a_question_once_and_can_take_that_back() -> None:
    stage = staged()
    card = published(stage)
    for _ in range(2):
        stage.do("support_question", "bo", "Q", card=card)
    stage.ok("support_question", "mo", "Q", card=card)
    assert question(stage, card).support == 2
    stage.ok("take_back_support", "bo", "Q", card=card)
    assert stage.ok("take_back_support", "bo", "Q", card=card) == ()
    assert question(stage, card).support == 1


def test_nobody_supports_their_own_question_or_one_that_waits_or_is_settled() -> None:
    stage = staged()
    card = ask(stage)
    assert stage.no("support_question", "bo", "Q", card=card) == "not_waiting"
    stage.ok("publish_question", "kim", "Q", card=card)
    assert stage.no("support_question", "ada", "Q", card=card) == "own_question"
    stage.ok("answer_question", "hal", "Q", card=card)
    assert stage.no("support_question", "bo", "Q", card=card) == "not_waiting"


def test_the_marks_of_ones_own_say_what_one_supports_and_what_is_ones_own_to_nobody_else() -> None:
    stage = staged()
    card = published(stage)
    stage.ok("support_question", "bo", "Q", card=card)
    marks = {p: qa(stage).show("phone", person_scope(p), "marks") for p in ("ada", "bo", "mo")}
    told = {p: ([q["id"] for q in m.data["supported"]], m.data["written"]) for p, m in marks.items() if m}
    assert told == {"ada": ([], [card]), "bo": ([card], []), "mo": ([], [])}
    everybody = qa(stage).show("phone", EVERYBODY, "question", card)
    assert everybody is not None
    assert "bo" not in str(everybody.data)


# ---- who


@pytest.mark.parametrize("by", ["mo", "ada"])
def test_who_asks_is_named_by_role(by: str) -> None:
    stage = staged(askers=["member"])
    assert ask(stage, by=by) == "not_asker"
    stage.ok("grant_role", "kim", person=by, role="member")
    assert ask(stage, by=by) == "Qq1"


def test_only_who_moderates_publishes_declines_and_says_what_comes_next() -> None:
    stage = staged()
    card = ask(stage)
    for command in ("publish_question", "decline_question", "take_question", "bring_back_question"):
        for by in ("ada", "hal"):
            assert stage.no(command, by, "Q", card=card, reason="No") == "not_moderator"
    assert stage.ok("publish_question", "mo", "Q", card=card)


def test_only_who_is_named_answers_and_not_before_it_is_published() -> None:
    stage = staged()
    card = ask(stage)
    assert stage.no("answer_question", "hal", "Q", card=card) == "not_published"
    stage.ok("publish_question", "mo", "Q", card=card)
    assert stage.no("answer_question", "bo", "Q", card=card) == "not_answerer"
    assert stage.ok("answer_question", "hal", "Q", card=card)


def test_what_waits_is_open_to_who_moderates_and_to_nobody_else() -> None:
    stage = staged()
    card = ask(stage)
    desks = {
        "console": qa(stage).show("console", EVERYBODY, "ticket", card),
        "mo": qa(stage).show("phone", role_scope(acting("participant", "moderator")), "desk_ticket", card),
    }
    assert None not in desks.values(), "there is something to hide"
    for scope in (role_scope("participant"), role_scope("host"), EVERYBODY, person_scope("bo")):
        assert qa(stage).show("phone", scope, "desk_ticket", card) is None
    assert qa(stage).show("screen", EVERYBODY, "wall").data["following"] == []  # type: ignore[union-attr]  # a wall is always there


# ---- no


def test_what_cannot_be_asked_is_refused_with_a_reason() -> None:
    stage = staged(per_person=2)
    assert ask(stage, " \n") == "empty"
    assert ask(stage, "x" * 501) == "too_long"
    assert ask(stage, "Why?") == "Qq1"
    assert ask(stage, " why? ") == "duplicate"
    assert ask(stage, "Who?") == "Qq2"
    assert ask(stage, "When?") == "too_many"
    stage.ok("withdraw_question", "ada", "Q", card="Qq1")
    assert ask(stage, "Why?") == "Qq3"
    stage.close("Q")
    assert ask(stage, "Late?", by="bo") == "closed"


def test_hostile_words_are_kept_as_words_and_nothing_else() -> None:
    stage = staged()
    card = ask(stage, "<script>\u202ealert(1)</script>\x00")
    assert question(stage, card).text == "<script>alert(1)</script>"
    for command in qa(stage).rights:
        assert isinstance(stage.do(command, "kim", "Q", card="__class__", text="", reason="x"), Refused)
    assert stage.no("publish_question", "kim", "Q", card="Qq99") == "no_question"


# ---- names


def test_an_anonymous_question_carries_no_name_to_any_page_nor_on_to_later_phases() -> None:
    stage = staged()
    named, unnamed = published(stage, "One?"), published(stage, "Two?", anonymous="yes")
    for view, scope, part in (
        ("phone", EVERYBODY, "question"),
        ("console", EVERYBODY, "ticket"),
        ("phone", role_scope(acting("participant", "moderator")), "desk_ticket"),
    ):
        shown = {card: qa(stage).show(view, scope, part, card) for card in (named, unnamed)}
        assert "ada" in str(shown[named]), "there is something to hide"
        assert "ada" not in str(shown[unnamed])
    cards = {card.id: card.authors for card in qa(stage).outcome().cards}
    assert cards == {named: ("ada",), unnamed: ()}
    stage.ok("take_question", "mo", "Q", card=unnamed)
    assert "ada" not in str(qa(stage).show("screen", EVERYBODY, "wall"))
    assert stage.ok("withdraw_question", "ada", "Q", card=unnamed, sure="yes")


def test_where_questions_carry_a_name_none_is_taken_without() -> None:
    assert ask(staged(anonymous=False), anonymous="yes") == "not_anonymous"


def test_what_its_author_keeps_to_staff_is_shown_to_nobody_until_they_share_it() -> None:
    check_in = phase("survey", "C", who=["audience"], rules={"form": "checkin"})
    stage = staged(check_in, moderated=False)
    stage.session.people["ada"].facts["consent"] = "team"
    card = ask(stage)
    assert not seen(stage, card)
    assert qa(stage).show("console", EVERYBODY, "ticket", card) is not None
    assert qa(stage).outcome().cards == ()
    assert stage.no("take_question", "kim", "Q", card=card) == "kept"
    assert stage.no("share_question", "bo", "Q", card=card) == "not_yours"
    stage.ok("share_question", "ada", "Q", card=card)
    assert seen(stage, card)


def test_who_narrows_their_consent_takes_their_question_off_every_list_and_the_wall() -> None:
    stage = staged()
    card = published(stage)
    stage.ok("take_question", "mo", "Q", card=card)
    assert qa(stage).show("screen", EVERYBODY, "wall").data["asked"] is not None  # type: ignore[union-attr]  # a wall is always there
    ada = stage.session.people["ada"]
    ada.facts["consent"], ada.narrowed_seq = "team", stage.session.seq
    assert list(qa(stage).consent_changed(ada))
    assert not seen(stage, card)
    assert qa(stage).show("screen", EVERYBODY, "wall").data["asked"] is None  # type: ignore[union-attr]  # as above


# ---- taken back


def test_a_question_taken_back_is_gone_from_every_page_and_from_what_is_handed_on() -> None:
    stage = staged()
    card = published(stage, "Is it safe?")
    stage.ok("support_question", "bo", "Q", card=card)
    stage.ok("answer_question", "hal", "Q", card=card, answer="Yes it is")
    assert stage.no("withdraw_question", "bo", "Q", card=card, sure="yes") == "not_yours"
    assert stage.no("withdraw_question", "ada", "Q", card=card) == "not_sure"
    told = stage.do("withdraw_question", "ada", "Q", card=card, sure="yes")
    assert not isinstance(told, Refused)
    assert [gone.subject for gone in told.withdrawn] == [f"card:{card}"]
    assert qa(stage).outcome().cards == ()
    for view, scope, part in (
        ("phone", EVERYBODY, "question"),
        ("console", EVERYBODY, "ticket"),
        ("mine", person_scope("ada"), "own"),
        ("phone", person_scope("bo"), "marks"),
    ):
        assert "safe" not in str(qa(stage).show(view, scope, part, card))
    assert stage.no("publish_question", "kim", "Q", card=card) == "gone"


# ---- the next round


def rounds(**rules: Any) -> Stage:
    """Q is over and N goes on from it: of three questions one is open with two who wonder, one answered, one unread."""
    stage = staged(phase("qa", "N", who=WHO, inputs=["Q"], rules={**RULES, **rules}))
    opened, answered = published(stage, "Open?", anonymous="yes"), published(stage, "Answered?")
    ask(stage, "Unread?")
    for by in ("bo", "mo"):
        stage.ok("support_question", by, "Q", card=opened)
    stage.ok("answer_question", "hal", "Q", card=answered, answer="Yes")
    stage.open("N")
    return stage


def test_a_later_round_takes_in_what_is_open_with_its_support_and_nothing_else() -> None:
    stage = rounds()
    assert [(q.id, q.support, q.state) for q in qa(stage, "N").board.questions.values()] == [
        ("Qq1", 2, "published")
    ]


def test_one_person_supports_a_question_once_over_all_rounds() -> None:
    stage = rounds()
    assert stage.ok("support_question", "bo", "N", card="Qq1") == ()
    assert stage.no("support_question", "ada", "N", card="Qq1") == "own_question"
    stage.ok("take_back_support", "bo", "N", card="Qq1")
    assert question(stage, "Qq1", "N").support == 1


def test_who_asked_without_a_name_hears_of_it_in_the_later_round_and_nobody_else_does() -> None:
    stage = rounds()
    stage.ok("take_question", "mo", "N", card="Qq1")
    assert qa(stage, "N").show("phone", person_scope("ada"), "own", "Qq1") is not None
    shown = qa(stage, "N").show("console", EVERYBODY, "on_air")
    assert shown is not None
    assert "Open?" in str(shown.data)
    assert "ada" not in str(shown.data)


def test_what_is_taken_back_where_it_was_asked_is_gone_from_the_later_round_too() -> None:
    stage = rounds()
    assert stage.no("withdraw_question", "ada", "N", card="Qq1", sure="yes") == "asked_before"
    stage.ok("withdraw_question", "ada", "Q", card="Qq1", sure="yes")
    assert (state(stage, "Qq1", "N"), question(stage, "Qq1", "N").text) == ("withdrawn", "")
    assert qa(stage, "N").outcome().cards == ()


def test_what_is_answered_where_it_was_asked_is_answered_in_the_later_round_too() -> None:
    stage = rounds()
    stage.ok("answer_question", "mo", "Q", card="Qq1", answer="By mail")
    assert (state(stage, "Qq1", "N"), question(stage, "Qq1", "N").answer) == ("answered", "By mail")


def test_what_came_in_goes_out_by_the_same_id() -> None:
    stage = rounds()
    stage.ok("take_question", "mo", "N", card="Qq1")
    stage.ok("answer_question", "mo", "N", card="Qq1", answer="So")
    cards = {card.id: (card.column, card.fields.get("answer")) for card in qa(stage, "N").outcome().cards}
    assert cards == {"Qq1": ("answered", "So")}


def test_cards_of_another_phase_are_questions_here() -> None:
    stage = Stage(
        phase("collect", "C", who=["everyone"]),
        phase("qa", "Q", who=["everyone"], inputs=["C"]),
        ada="participant",
        bo="participant",
    )
    stage.open("C")
    stage.ok("add_card", "ada", "C", text="How much?")
    stage.open("Q")
    assert [(q.text, q.author, q.state) for q in qa(stage).board.questions.values()] == [
        ("How much?", "ada", "published")
    ]
    stage.ok("support_question", "bo", "Q", card="Cc1")


# ---- what a format and the facilitator hear


def test_a_rule_that_names_a_role_nobody_can_have_is_a_fault_that_says_which_was_meant() -> None:
    assert list(faults({"askers": ["member"], "answerers": ["experts"]}, {"role": ROLES})) == []
    (fault,) = faults({"askers": ["membre"]}, {"role": ROLES})
    assert fault.key == "askers"
    assert "Did you mean member?" in str(fault)


def test_the_facilitator_hears_of_questions_that_nobody_has_read() -> None:
    stage = staged()
    assert (list(qa(stage).alerts()), list(qa(stage).came_short())) == ([], [])
    card = ask(stage)
    assert [said.params for said in qa(stage).alerts()] == [{"count": 1}]
    assert [str(fault) for fault in qa(stage).came_short()] == ["1 of 1 questions stay unread"]
    stage.ok("publish_question", "mo", "Q", card=card)
    assert (list(qa(stage).alerts()), list(qa(stage).came_short())) == ([], [])


# ---- the log


def test_a_log_that_is_folded_again_gives_the_same_rounds() -> None:
    stage = rounds()
    stage.ok("take_question", "mo", "N", card="Qq1")
    again = stage.replayed()
    assert again.outcome("N") == stage.session.outcome("N")
    assert again.touched == stage.session.touched
