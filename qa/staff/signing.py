"""Publishing and going back from the staff's page: by a maintainer, of what that one has read.

All that the command line refuses is refused here too, by `qa.releasing`; and beyond that whatever
would make another generation live than the reader of a report had in mind.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

from qa.errors import PublishError, QuotewellError
from qa.gate import damage_of
from qa.history import LONGEST_REASON, Signature
from qa.publishing import live_generation
from qa.releasing import Findings, Target, go_back, release, target_of
from qa.staff.desk import Desk
from qa.staff.member import Member
from qa.staff.release_check import out_of_date
from qa.staff.release_checks import basis_of, kept_check

__all__ = ["Signing"]

_TAKEN_S = 3.0
"""Seconds within which the server takes what was published, and some more."""


class Signing:
    """What maintainers do to a desk's index, one at a time."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()

    def publish(
        self, member: Member, name: str, report: str, why: str, *, although: bool = False
    ) -> bool:
        """Makes a generation live; says whether anything was done: not if it is live already.

        `report` is the digest of the check that was read. `although` is said by whoever publishes
        against the checks, and needs the reason `why`. Raises PublishError where the report is not
        of what there is now, or the checks refuse the generation, and as `qa.releasing.release`.
        """
        reason = _reason(why)
        with self._lock:
            _need_maintainer(member)
            if live_generation(self._desk.index) == name:
                return False
            findings, live = self._findings(name, report)
            if findings.damage:
                raise PublishError(
                    f"{name} is damaged: {'; '.join(findings.damage)}. No reason gets past this. "
                    "Nothing was changed. Build it anew: `qa build --stage`"
                )
            if findings.objections and not although:
                raise PublishError(
                    "The checks speak against it. To publish it although they do, tick the box "
                    "and give a reason. Nothing was changed."
                )
            if findings.objections and not reason:
                raise PublishError(
                    "A reason is needed, since the checks speak against it. Nothing was changed."
                )
            what = "published against the checks" if findings.objections else "published"
            signature, index = Signature(member.name, reason), self._desk.index
            self._noted(
                signature,
                what,
                name,
                lambda: release(
                    index,
                    name,
                    findings,
                    signature,
                    force=although,
                    instead_of=live,
                    engine=self._desk.engine,
                ),
            )
        return True

    def _findings(self, name: str, report: str) -> tuple[Findings, str]:
        """What the report says, with the files looked at again, and what it was compared with."""
        found = kept_check(self._desk, name)
        again = "Nothing was changed. Have it checked again, and read what comes of it."
        if found is None:
            raise PublishError(f"{name} was not checked yet. {again}")
        if found.digest != report:
            raise PublishError(f"{name} was checked again after you opened its report. {again}")
        if why := out_of_date(found.basis, basis_of(self._desk, name)):
            raise PublishError(f"The report is out of date. {why} {again}")
        damage = damage_of(self._desk.index, name, self._desk.model)
        findings = found.findings
        return replace(findings, damage=damage or findings.damage), found.basis.live

    def target(self, name: str) -> Target:
        """How going back to a generation stands now. Raises PublishError as `target_of` does."""
        return target_of(self._desk.index, self._desk.model, name)

    def go_back(self, member: Member, name: str, live: str, why: str) -> bool:
        """Makes a generation that was live before live again; says whether anything was done: not
        if it is live already.

        `live` is the one that was live when it was decided. Raises PublishError where there is no
        reason, another one is live by now, or the target never was live or cannot be served.
        """
        reason = _reason(why)
        with self._lock:
            _need_maintainer(member)
            if live_generation(self._desk.index) == name:
                return False
            if not reason:
                raise PublishError("A reason is needed to go back. Nothing was changed.")
            target = self.target(name)
            if target.problems:
                others = f" Whole are: {', '.join(target.others)}." if target.others else ""
                raise PublishError(
                    f"{name} cannot be served: {'; '.join(target.problems)}. Nothing was changed."
                    f"{others}"
                )
            signature, index = Signature(member.name, reason), self._desk.index
            self._noted(
                signature,
                "went back",
                f"to {name} from {live or 'nothing'}",
                lambda: go_back(
                    index, target, signature, instead_of=live, engine=self._desk.engine
                ),
            )
        return True

    def _noted(self, signature: Signature, what: str, about: str, do: Callable[[], object]) -> None:
        """Does something that the audit trail tells of first; of what failed it tells as well."""
        self._desk.audit.note(signature.by, what, about, signature.why)
        try:
            do()
        except QuotewellError as error:
            self._desk.audit.note(signature.by, f"{what}: refused", about, str(error))
            raise

    def taken(self) -> bool:
        """Waits until the server answers from what is live, and says whether it does."""
        end = time.monotonic() + _TAKEN_S
        while True:
            if self._desk.assistant.generation == live_generation(self._desk.index):
                return True
            if time.monotonic() > end:
                return False
            time.sleep(0.1)


def _need_maintainer(member: Member) -> None:
    if not member.may_publish:
        raise PublishError("Only maintainers decide what patients get. Ask one of them.")


def _reason(why: str) -> str:
    """A reason on one line. Raises PublishError where it cannot be kept."""
    reason = " ".join(why.split())
    if not reason.isprintable() or len(reason) > LONGEST_REASON:
        raise PublishError(
            f"A reason has at most {LONGEST_REASON} characters that can be printed. Nothing was "
            "changed."
        )
    return reason
