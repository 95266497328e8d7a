"""Names of members, and which of them are one person's."""

from __future__ import annotations

import pytest

from qa.errors import AccountError
from qa.staff.member import checked_name, name_key


def test_a_name_is_kept_in_one_form() -> None:
    assert checked_name("  Ana \t Ruiz ") == "Ana Ruiz"
    assert checked_name("\uff2eora") == "Nora"
    assert name_key("ÉLODIE  Roux") == name_key("E\u0301lodie roux")


@pytest.mark.parametrize("name", ["", " \n ", "x" * 101, "Nora\u202e", "No\x00ra"])
def test_names_that_will_not_do(name: str) -> None:
    with pytest.raises(AccountError, match="A name has 1 to 100"):
        checked_name(name)
