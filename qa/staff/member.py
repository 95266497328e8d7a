"""Who works with the staff's pages, and what each role may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Member", "Role"]


class Role(StrEnum):
    """Staff test and mark answers; maintainers publish and change settings as well."""

    STAFF = "staff"
    MAINTAINER = "maintainer"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who is logged in."""

    name: str
    role: Role

    @property
    def may_publish(self) -> bool:
        """Whether this one decides what patients are told: generations and thresholds."""
        return self.role is Role.MAINTAINER
