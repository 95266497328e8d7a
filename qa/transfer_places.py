"""Files that an import puts into folders where others are already: all of them, or none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from qa.errors import TransferError
from qa.publishing import sync

__all__ = ["obstacles", "placed"]

_NEW = ".{}.new"
_OLD = ".{}.before-import"
"""Names that are no documents. The second is one that nobody gives a file of their own."""


def obstacles(places: Mapping[Path, Path]) -> list[Path]:
    """What has the name of a folder that is needed and is none, or of a file and is a folder.

    `places` are what is to be written and where, as in `placed`.
    """
    needed = {folder for place in places.values() for folder in place.parents}
    found = [one for one in needed if os.path.lexists(one) and not one.is_dir()]
    return sorted(found + [place for place in places.values() if place.is_dir()])


@contextmanager
def placed(places: Mapping[Path, Path]) -> Iterator[None]:
    """Has files in place within the block, copied from where each key says to where its value says,
    and on disk. They stay if the block ends without an error. Else all is as it was before.

    Whatever needs room or rights is done before the first file gets its name, so that it can be
    taken back on a disk that is full. Who may read and write a file that was there stays as it was.
    Raises OSError where a file cannot be written; TransferError where something could not be taken
    back either, which it names.
    """
    steps = _Steps()
    try:
        for place in places.values():
            steps.make_folder(place.parent)
        for source, place in places.items():
            steps.bring(source, place)
        for place in places.values():
            steps.name(place)
        steps.keep()
        yield
    except BaseException as error:
        if left := steps.take_back():
            why = error.strerror if isinstance(error, OSError) else error
            raise TransferError(
                f"The import did not get to its end ({why or type(error).__name__}), and could "
                f"not take back all that it had written: {', '.join(left[:5])}. Give the right to "
                f"write there back. Then delete what is new, and give each {_OLD.format('…')} the "
                "name that stands in its own. What is served is as it was."
            ) from error
        raise
    steps.forget()


class _Steps:
    """What was done so far, and how each step is taken back."""

    def __init__(self) -> None:
        self._back: list[tuple[Path, Callable[[], object]]] = []
        self._old: dict[Path, Path] = {}
        """Copies of the files whose places others take."""
        self._changed: set[Path] = set()
        """Places of which the copy is all that is left of what was there."""
        self._folders: set[Path] = set()

    def make_folder(self, folder: Path) -> None:
        for one in (*reversed(folder.parents), folder):
            if not one.is_dir():
                one.mkdir()
                self._back.append((one, one.rmdir))
                self._folders.add(one.parent)

    def bring(self, source: Path, place: Path) -> None:
        """Puts a file beside its place, and a copy of what is in that place."""
        waiting = _beside(place, _NEW)
        self._back.append((waiting, partial(waiting.unlink, missing_ok=True)))
        shutil.copyfile(source, waiting)
        if os.path.lexists(place):
            old = self._old[place] = _beside(place, _OLD)
            old.unlink(missing_ok=True)  # of an import that was ended by force
            self._back.append((old, partial(self._drop, place)))
            shutil.copy2(place, old, follow_symlinks=False)
            if place.exists():
                shutil.copymode(place, waiting)
        sync(waiting)

    def name(self, place: Path) -> None:
        old = self._old.get(place)
        undo = partial(self._restore, place) if old else partial(place.unlink, missing_ok=True)
        self._back.append((place, undo))
        self._changed.add(place)
        os.replace(_beside(place, _NEW), place)
        self._folders.add(place.parent)

    def keep(self) -> None:
        """Has the system write the names of files and folders to the disk."""
        for folder in sorted(self._folders):
            sync(folder)

    def take_back(self) -> list[str]:
        """Takes back what can be, the last step first; gives what could not."""
        left = []
        while self._back:
            what, undo = self._back.pop()
            try:
                undo()
            except OSError:
                left.append(str(what))
        return left

    def forget(self) -> None:
        """Removes the copies; where one cannot be removed it does no harm."""
        for old in self._old.values():
            with suppress(OSError):
                old.unlink()

    def _restore(self, place: Path) -> None:
        os.replace(self._old[place], place)
        self._changed.discard(place)

    def _drop(self, place: Path) -> None:
        if place not in self._changed:
            self._old[place].unlink(missing_ok=True)


def _beside(place: Path, name: str) -> Path:
    return place.with_name(name.format(place.name))
