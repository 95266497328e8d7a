"""Who works with the staff's pages, and what each role may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qa.errors import AccountError
from qa.unicode_forms import normal_form

__all__ = ["Member", "Role", "checked_name", "name_key"]

_LONGEST_NAME = 100


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


def checked_name(name: str) -> str:
    """A name as it is kept: each letter in one form (Unicode's NFKC), single blanks.

    Raises AccountError for one that is empty, too long or holds what cannot be seen.
    """
    name = " ".join(normal_form("NFKC", name).split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise AccountError(
            f"A name has 1 to {_LONGEST_NAME} letters, digits or signs that can be printed."
        )
    return name


def name_key(name: str) -> str:
    """What two names have in common that are one person's: neither case nor blanks count."""
    return " ".join(normal_form("NFKC", name).casefold().split())
