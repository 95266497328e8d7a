"""What it takes to publish and to go back, whoever asks for it: without a model."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import MissingIndex, PublishError
from qa.history import Signature, read_history
from qa.publishing import keep, live_generation, publish
from qa.releasing import Findings, newest_staged, release, to_publish

ANA = Signature("Ana Ruiz", "the new leaflet")
OBJECTING = Findings(objections=("half are missed",), figures={"right_in_two": (1, 2)})


def kept(index: Path, name: str) -> str:
    """Keeps a generation that is no more than a manifest."""
    built = index / "new"
    built.mkdir(parents=True)
    (built / "manifest.json").write_text(f'"{name}"', "utf-8")
    (index / "generations").mkdir(exist_ok=True)
    keep(index, built, name)
    return name


def test_the_newest_staged_one_is_published_unless_it_is_named(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="Nothing is staged"):
        newest_staged(tmp_path)
    first, second = kept(tmp_path, "g1"), kept(tmp_path, "g2")
    publish(tmp_path, second, ANA)
    with pytest.raises(PublishError, match="g1, is older than the live one"):
        to_publish(tmp_path)
    assert to_publish(tmp_path, first) == first
    with pytest.raises(PublishError, match="g2 is live already"):
        to_publish(tmp_path, second)
    third = kept(tmp_path, "g3")
    assert to_publish(tmp_path) == third


@pytest.mark.parametrize(
    ("findings", "signature", "force", "message"),
    [
        (Findings(damage=("gone",)), ANA, True, "No reason gets past this"),
        (OBJECTING, ANA, False, "half are missed"),
        (OBJECTING, Signature("Ana Ruiz", " "), True, "needs a reason"),
    ],
)
def test_what_the_checks_refuse_is_not_published(
    tmp_path: Path, findings: Findings, signature: Signature, force: bool, message: str
) -> None:
    name = kept(tmp_path, "g1")
    with pytest.raises(PublishError, match=message):
        release(tmp_path, name, findings, signature, force=force)
    assert live_generation(tmp_path) == ""
    assert [one.action for one in read_history(tmp_path).events] == ["built"]


def test_what_is_published_is_signed_with_its_figures(tmp_path: Path) -> None:
    release(tmp_path, kept(tmp_path, "g1"), Findings(), ANA, force=True)
    release(tmp_path, kept(tmp_path, "g2"), OBJECTING, ANA, force=True, instead_of="g1")
    whole, forced = (one for one in read_history(tmp_path).events if one.action == "published")
    assert (whole.by, whole.why, whole.forced) == ("Ana Ruiz", "the new leaflet", False)
    assert (forced.forced, forced.figures, forced.previous) == (
        True,
        {"right_in_two": (1, 2)},
        "g1",
    )


def test_nothing_is_published_in_place_of_another_than_was_meant(tmp_path: Path) -> None:
    first, second = kept(tmp_path, "g1"), kept(tmp_path, "g2")
    with pytest.raises(PublishError, match="nothing is live, and not g0"):
        release(tmp_path, first, Findings(), ANA, instead_of="g0")
    release(tmp_path, first, Findings(), ANA, instead_of="")
    with pytest.raises(PublishError, match="Meanwhile g1 is live, and not nothing"):
        release(tmp_path, second, Findings(), ANA, instead_of="")
    assert live_generation(tmp_path) == first


def test_a_folder_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(MissingIndex):
        release(tmp_path, "g1", Findings(), ANA)
    name = kept(tmp_path, "g1")
    (tmp_path / ".CURRENT.new").mkdir()
    with pytest.raises(PublishError, match="What was live stays live"):
        release(tmp_path, name, Findings(), ANA)
