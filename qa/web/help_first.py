"""Help before all else: what is said of a message that is not answered, or not answered yet."""

from __future__ import annotations

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool

from qa.types import Notice
from qa.web.admission import Admission
from qa.web.failures import log_failure

__all__ = ["ALARMS", "FirstNotices", "help_first", "is_urgent"]

ALARMS = ("emergency", "poison", "crisis")
"""The kinds of notices for somebody in danger."""

FirstNotices = Callable[[str], tuple[Notice, ...]]
"""The notices for a message that is not looked up, those for danger first."""


def help_first(first_notices: FirstNotices, question: str) -> tuple[Notice, ...]:
    """What is said first of a message that is not answered; nothing where that fails, too."""
    try:
        return first_notices(question)
    except Exception as error:
        log_failure(error, "danger could not be looked for")
        return ()


async def is_urgent(first_notices: FirstNotices, question: str, admission: Admission) -> bool:
    """Whether a message tells of danger and would have to wait, which it must not."""
    if not admission.is_crowded:
        return False
    notices = await run_in_threadpool(help_first, first_notices, question)
    return any(one.kind in ALARMS for one in notices)
