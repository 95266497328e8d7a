"""The threshold that a member sets: how it stands, and writing another one with name and reason.

It goes into `[answer]` of qa.toml and holds at once in this server. Other processes read the file
when they start.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from qa.errors import SettingsError
from qa.staff.audit import Entry
from qa.staff.desk import Desk
from qa.staff.settings_file import Written, read_written, replace_written
from qa.staff.toml_edit import read_number, with_number

__all__ = ["LONGEST_REASON", "Standing", "history", "save_threshold", "standing"]

LONGEST_REASON = 300
"""Characters."""
_ACT = "set the threshold"
_OWN = "set by "


@dataclass(frozen=True, slots=True)
class Standing:
    """How the threshold stands."""

    now: float
    """That by which patients are answered."""
    configured: float
    """That of the settings this server runs by."""
    written: float | None
    """What qa.toml says; None where it says nothing, or cannot be read."""
    statement: str
    """The stated error rate that lapses with another threshold; empty where none holds."""
    stamp: str
    """Of qa.toml as it is now."""
    hindrance: str
    """Why nothing can be saved, and what to do instead; empty where it can be."""

    @property
    def is_chosen(self) -> bool:
        """Whether one that `qa calibrate` chose goes before that of the settings."""
        return self.now != self.configured


def standing(desk: Desk, environment: Mapping[str, str] = os.environ) -> Standing:
    """How the threshold stands on a desk."""
    found = desk.assistant.statement()
    file, written, hindrance = None, None, _set_outside(environment)
    if desk.config is None:
        hindrance = hindrance or (
            "This server runs without a qa.toml. Make one in the folder it is started in, with the "
            "lines `[answer]` and `threshold = …`, and start it again."
        )
    else:
        try:
            file = read_written(desk.config)
            written = read_number(file.text, "answer", "threshold")
        except SettingsError as error:
            hindrance = hindrance or f"{desk.config}: {error} Correct it by hand."
    return Standing(
        now=desk.assistant.policy_in_use().threshold,
        configured=desk.policy.threshold,
        written=written,
        statement=str(found) if found else "",
        stamp=file.stamp if file else "",
        hindrance=hindrance,
    )


def save_threshold(
    desk: Desk,
    who: str,
    threshold: float,
    reason: str,
    stamp: str,
    environment: Mapping[str, str] = os.environ,
) -> tuple[float, float]:
    """Writes another threshold into qa.toml and answers by it; gives the one before and it.

    `threshold` is a share of 1 in whole hundredths, `stamp` that of the file as whoever saves has
    seen it. It is noted in the audit trail. Raises SettingsError where that cannot be, StoreError
    where it cannot be noted; then nothing was changed.
    """
    reason = "".join(one for one in " ".join(reason.split()) if one.isprintable())
    if not reason:
        raise SettingsError("Give a reason: whoever wonders later why this was changed reads it.")
    if len(reason) > LONGEST_REASON:
        raise SettingsError(f"The reason has {len(reason)} characters; {LONGEST_REASON} fit.")
    if not 0.0 <= threshold <= 1.0 or threshold != round(threshold, 2):
        raise SettingsError("A threshold lies between 0 and 1, in steps of 0.01.")
    before = standing(desk, environment)
    if before.hindrance:
        raise SettingsError(before.hindrance)
    assert desk.config is not None  # noqa: S101 - else there is a hindrance
    if threshold == before.configured == (before.written or before.configured):
        raise SettingsError(f"The settings say {threshold:g} already. Nothing was changed.")
    remark = f"{_OWN}{who} on {datetime.now(UTC).date().isoformat()}: {reason}"
    noted: list[str] = []

    def note() -> None:
        noted.append(f"{before.now:g} → {threshold:g}")
        desk.audit.note(who, _ACT, noted[0], reason)

    try:
        text = _edited(read_written(desk.config), stamp, threshold, remark)
        replace_written(desk.config, stamp, text, note)
    except SettingsError as error:
        if noted:
            back = f"{threshold:g} → {before.now:g}"
            desk.audit.note(who, _ACT, back, "It did not come to it: qa.toml cannot be replaced.")
        raise SettingsError(
            f"Nothing was changed. {error} To do it by hand, write `threshold = {threshold:g}` "
            f"under [answer] in {desk.config} and start the server again."
        ) from None
    desk.assistant.take(replace(desk.policy, threshold=threshold))
    return before.now, threshold


def history(desk: Desk) -> Sequence[Entry]:
    """The thresholds that members set, newest first: `about` says from what to what."""
    return desk.audit.entries(50, what=_ACT)


def _edited(file: Written, stamp: str, threshold: float, remark: str) -> str:
    if file.stamp != stamp:
        raise SettingsError(
            "qa.toml is not as it was when this page was opened. Open the page again and look."
        )
    return with_number(file.text, "answer", "threshold", threshold, remark, _OWN)


def _set_outside(environment: Mapping[str, str]) -> str:
    """Why the file would not be heeded; empty where it is."""
    given = {name.upper(): value for name, value in environment.items()}
    name = "QA_ANSWER__THRESHOLD"
    if name not in given:
        name = "QA_ANSWER"
        try:
            found = json.loads(given.get(name, "{}"))
        except ValueError:
            found = {}
        if not isinstance(found, dict) or "threshold" not in found:
            return ""
    return (
        f"The environment variable {name} sets the threshold and goes before qa.toml. Change it "
        "there, or take it away and start the server again."
    )
