"""The tree of failures is as its docstring draws it."""

from __future__ import annotations

import pytest

from qa import errors
from qa.errors import DamagedIndex, QuoteError, QuotewellError


def drawn() -> dict[str, str]:
    """Each error's name and its parent's, read from the docstring."""
    parents: dict[str, str] = {}
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        depth = next((i for i, letter in enumerate(line) if letter.isalpha()), 0) // 4
        if not line.strip() or (above and line[0].isalpha()) or line[0] not in "Q├│└":
            continue
        name = line[depth * 4 :].split()[0]
        above[depth:] = [name]
        if depth:
            parents[name] = above[depth - 1]
    return parents


def test_the_docstring_draws_the_tree() -> None:
    real = {
        name: getattr(errors, name).__base__.__name__
        for name in errors.__all__
        if name != "QuotewellError"
    }
    assert drawn() == real


@pytest.mark.parametrize("name", errors.__all__)
def test_one_except_clause_catches_them_all(name: str) -> None:
    assert issubclass(getattr(errors, name), QuotewellError)


def test_a_damaged_index_lists_its_problems_and_the_way_out() -> None:
    error = DamagedIndex("/x/index", ["a.json was altered", "b.npy: No such file"])
    assert error.problems == ("a.json was altered", "b.npy: No such file")
    assert str(error) == (
        "The index at /x/index is damaged:\n  - a.json was altered\n  - b.npy: No such file\n"
        "Nothing is answered from a damaged index. Run `qa build --force` to make it anew."
    )


def test_a_quote_error_says_which_slice_and_what_to_do() -> None:
    message = str(QuoteError("a.md", 3, 99, 50))
    assert message.startswith("3:99 is not a stretch of text in 'a.md', which has 50 characters.")
    assert message.endswith("run `qa build --force`.")


def test_a_right_that_is_missing_is_not_mended_by_a_build() -> None:
    refused = str(DamagedIndex("index", ["CURRENT cannot be read: Permission denied"]))
    assert "the right to read it" in refused
    assert "--force" not in refused
    assert "--force" in str(DamagedIndex("index", ["texts.txt was altered"]))
