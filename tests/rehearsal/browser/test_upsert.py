import pytest

from app.rehearsal.browser.upsert import Step, next_step


@pytest.mark.parametrize(
    ("standing", "left_at", "step"),
    [(None, -1, Step.INSERT), (4, -1, Step.REPLACE), (5, -1, Step.LEAVE), (None, 5, Step.LEAVE)],
)
def test_late_and_repeated_fragments_are_left(standing: int | None, left_at: int, step: Step) -> None:
    assert next_step(5, "list", False, standing=standing, left_at=left_at, home_is_there=True) is step


def test_what_is_gone_or_has_no_home_on_this_page_leaves_it() -> None:
    assert next_step(5, "list", True, standing=4, left_at=-1, home_is_there=True) is Step.REMOVE
    assert next_step(5, "list", False, standing=4, left_at=-1, home_is_there=False) is Step.REMOVE


def test_what_stands_in_no_list_only_replaces_itself() -> None:
    assert next_step(5, "", False, standing=4, left_at=-1, home_is_there=False) is Step.REPLACE
    assert next_step(5, "", False, standing=None, left_at=-1, home_is_there=False) is Step.LEAVE
