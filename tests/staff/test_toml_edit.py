"""One setting is changed in a TOML text, and nothing else, however the file is written."""

from __future__ import annotations

import pytest

from qa.errors import SettingsError
from qa.staff.toml_edit import read_number, with_number

REMARK = "set by Kim on 2026-11-26: fewer wrong quotes"
SAID = f"# {REMARK}"


def edited(text: str) -> str:
    return with_number(text, "answer", "threshold", 0.52, REMARK, "set by ")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "# ours\n\n[answer] # when\n  threshold =  0.44   # measured\n\n[serve]\nport = 1\n",
            f"# ours\n\n[answer] # when\n{SAID}\n  threshold =  0.52   # measured\n\n"
            "[serve]\nport = 1\n",
        ),
        (
            "[answer]\nmax_quotes = 3\n\n# about serving\n[serve]\nport = 1\n",
            f"[answer]\n{SAID}\nthreshold = 0.52\nmax_quotes = 3\n\n# about serving\n"
            "[serve]\nport = 1\n",
        ),
        ("[serve]\nport = 1", f"[serve]\nport = 1\n\n[answer]\n{SAID}\nthreshold = 0.52\n"),
        ("[serve]\n[answer]", f"[serve]\n[answer]\n{SAID}\nthreshold = 0.52\n"),
        (
            "answer = {max_quotes = 3, threshold = 4e-1} # short\n[serve]\n",
            f"{SAID}\nanswer = {{max_quotes = 3, threshold = 0.52}} # short\n[serve]\n",
        ),
        (
            "answer = {max_quotes = 3}\n",
            f"{SAID}\nanswer = {{max_quotes = 3,threshold = 0.52}}\n",
        ),
        (
            "answer.max_quotes = 3\nanswer.threshold = 0.4\n\n[serve]\n",
            f"answer.max_quotes = 3\n{SAID}\nanswer.threshold = 0.52\n\n[serve]\n",
        ),
        (
            "answer.max_quotes = 3\n\n[serve]\n",
            f"answer.max_quotes = 3\n{SAID}\nanswer.threshold = 0.52\n\n[serve]\n",
        ),
        (
            "[answer]\r\nthreshold = 0.44\r\n\r\n[serve]\r\n",
            f"[answer]\r\n{SAID}\r\nthreshold = 0.52\r\n\r\n[serve]\r\n",
        ),
        (
            "[serve]\r\nport = 1\r\n",
            f"[serve]\r\nport = 1\r\n\r\n[answer]\r\n{SAID}\r\nthreshold = 0.52\r\n",
        ),
        # The remark of the time before makes way; others stay.
        (
            "[answer]\n# why so low?\n# set by Nora on 2026-01-02: first try\nthreshold = 0.3\n",
            f"[answer]\n# why so low?\n{SAID}\nthreshold = 0.52\n",
        ),
        (
            '[page]\nscope = """\n[answers]\nthreshold = 1\n"""\n',
            '[page]\nscope = """\n[answers]\nthreshold = 1\n"""\n'
            f"\n[answer]\n{SAID}\nthreshold = 0.52\n",
        ),
    ],
)
def test_one_line_is_changed_and_a_remark_put_above_it(before: str, after: str) -> None:
    assert edited(before) == after
    assert read_number(after, "answer", "threshold") == 0.52


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff[answer]\nthreshold = 0.4\n",  # tomllib reads no such file, so none is in use
        "[answer\n",
        "answer = 3\n",
        "[[answer]]\n",
        # The heading within a text is no table.
        '[page]\nscope = """\n[answer]\n"""\n[answer]\nmax_quotes = 3\n',
    ],
)
def test_what_cannot_be_changed_soundly_is_refused(text: str) -> None:
    with pytest.raises(SettingsError):
        edited(text)


def test_a_setting_is_read() -> None:
    assert read_number("[answer]\nthreshold = 1\n", "answer", "threshold") == 1.0
    assert read_number("[answer]\n", "answer", "threshold") is None
    assert read_number("", "answer", "threshold") is None
    with pytest.raises(SettingsError, match="no number"):
        read_number('[answer]\nthreshold = "high"\n', "answer", "threshold")
