"""So many at once, and then so many a second."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app import token_bucket
from app.token_bucket import TokenBucket


class Watch:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_allowed_and_then_one_for_each_price_paid() -> None:
    watch = Watch()
    pace = TokenBucket(5, 2.0, watch)
    assert [pace.take("p1") for _ in range(7)] == [True] * 5 + [False] * 2
    watch.now += 0.5
    assert [pace.take("p1") for _ in range(2)] == [True, False]
    watch.now += 60
    assert [pace.take("p1") for _ in range(6)] == [True] * 5 + [False]


def test_nobody_pays_for_another() -> None:
    pace = TokenBucket(1, 0.001, Watch())
    assert [pace.take(f"p{n}") for n in range(50)] == [True] * 50
    assert [pace.take(f"p{n}") for n in range(50)] == [False] * 50


def test_it_says_how_much_is_owed_and_how_long_to_wait() -> None:
    watch = Watch()
    pace = TokenBucket(3, 0.1, watch)
    assert (pace.owed("p1"), pace.wait("p1")) == (0, 0.0)
    for _ in range(3):
        pace.take("p1")
    assert pace.owed("p1") == 3
    seconds = pace.wait("p1")
    assert 0 < seconds <= pace.price
    watch.now += seconds + 0.001
    assert pace.wait("p1") == 0.0
    assert pace.take("p1")
    watch.now += 100
    assert pace.owed("p1") == 0


def test_what_was_not_used_can_be_given_back() -> None:
    pace = TokenBucket(2, 0.001, Watch())
    for _ in range(5):
        assert pace.take("p1")
        pace.give_back("p1")
    assert [pace.take("p1") for _ in range(3)] == [True, True, False]
    pace.give_back("nobody")
    assert pace.owed("nobody") == 0


def test_who_has_paid_is_forgotten() -> None:
    watch = Watch()
    pace = TokenBucket(10, 1.0, watch)
    for number in range(token_bucket.SWEEP):
        pace.take(number)
    watch.now += 5
    for number in range(token_bucket.SWEEP, token_bucket.SWEEP + 10):
        pace.take(number)
    assert len(pace) <= 10


def test_while_all_owe_they_are_looked_through_seldom() -> None:
    watch, names = Watch(), token_bucket.SWEEP * 3
    pace = TokenBucket(10, 0.0001, watch)
    for number in range(names):
        pace.take(number)
    assert len(pace) == names
    assert all(pace.owed(number) == 1 for number in range(names))


@given(
    st.integers(1, 50),
    st.integers(1, 50),
    st.lists(st.floats(0, 3, allow_nan=False), min_size=1, max_size=200),
)
def test_never_more_than_the_burst_and_what_was_paid_for(burst: int, rate: int, pauses: list[float]) -> None:
    watch = Watch()
    pace = TokenBucket(burst, rate, watch)
    began, taken = watch.now, 0
    for pause in pauses:
        watch.now += pause
        taken += pace.take("p1")
        assert taken <= burst + (watch.now - began) * rate + 0.5 + 1e-6  # the half: see Allowance
