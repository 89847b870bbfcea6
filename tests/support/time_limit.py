"""No test hangs for ever: what pytest-timeout does at a test's limit, and what it cannot do.

Its signal ends a test with a stack, and the next one begins. It ends no test that swallows it, or in whose loop a task
refuses to be cancelled when the test is cleared away: that one's whole process ends a little later, with its stacks.
"""

from __future__ import annotations

import asyncio
import faulthandler
import os
import signal
from collections.abc import Generator
from contextlib import suppress
from threading import Timer
from types import FrameType

import pytest
from _pytest.faulthandler import fault_handler_stderr_fd_key  # standard error as it was before pytest took it
from pytest_timeout import Settings, is_debugging

GRACE = 30.0
"""Seconds that a test which has reached its limit gets to clear up."""

_guard = pytest.StashKey[Timer]()


@pytest.hookimpl(wrapper=True)
def pytest_timeout_set_timer(item: pytest.Item, settings: Settings) -> Generator[None, object, object]:
    """Before a test: have its process end after limit and grace, and the signal show where each task waits."""
    errors = item.config.stash[fault_handler_stderr_fd_key]
    if settings.timeout:
        item.stash[_guard] = guard = Timer(settings.timeout + GRACE, _end_process, [errors])
        guard.daemon = True
        guard.start()
    set_already = yield
    if hasattr(signal, "SIGALRM"):
        _show_tasks_on_alarm(item.nodeid, errors)
    return set_already


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """A test and all that clears it away; the timer itself is called off as soon as the test has failed."""
    done = yield
    if guard := item.stash.get(_guard, None):
        guard.cancel()
    return done


def _end_process(errors: int) -> None:
    """Nothing else ends what goes on now; unless somebody looks into it with a debugger."""
    if not is_debugging():
        faulthandler.dump_traceback(errors)
        os._exit(1)


def _show_tasks_on_alarm(test: str, errors: int) -> None:
    usual = signal.getsignal(signal.SIGALRM)

    def over(number: int, frame: FrameType | None) -> None:
        with os.fdopen(errors, "w", closefd=False) as shown, suppress(RuntimeError):  # where there is no loop
            print(f"\n{test} has reached its limit. What waits in it:", file=shown)
            for task in asyncio.all_tasks(asyncio.get_running_loop()):
                task.print_stack(file=shown)
        if callable(usual):
            usual(number, frame)

    signal.signal(signal.SIGALRM, over)
