"""What all pages of runs share: the runs that are kept, and how one is found and shown."""

from __future__ import annotations

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response

from qa.errors import QuestionError
from qa.golden import Golden, read_golden
from qa.staff.desk import Desk
from qa.staff.run_book import Run, RunBook
from qa.staff.running import WHICH, generation_words
from qa.web.staff.pages import StaffPages, StaffProblem
from qa.web.staff.run_view import bar_of, cell_of, share_words

__all__ = ["RunPages"]

_SHARED: dict[str, object] = {
    "words": generation_words,
    "cell_of": cell_of,
    "share": share_words,
    "bar": bar_of,
    "which_words": WHICH,
}


class _RunNumber(Convertor[int]):
    """A number in an address; one of more digits than a run can have is no such address."""

    regex = "[0-9]{1,18}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("run", _RunNumber())


class RunPages:
    """The runs of a desk and their templates."""

    def __init__(self, desk: Desk, pages: StaffPages) -> None:
        self.desk = desk
        self.book = RunBook(desk.file)
        self._pages = pages

    def found(self, number: int) -> Run:
        """The run of that id. Raises StaffProblem where there is none."""
        run = self.book.find(number) if number < 2**63 else None
        if run is None:
            raise StaffProblem(404, "There is no such run; it may have been deleted.")
        return run

    def golden(self) -> tuple[list[Golden], str]:
        """The golden questions as they are now, and why there are none, if that is so."""
        try:
            return read_golden(self.desk.golden), ""
        except QuestionError as error:
            return [], str(error)

    def show(
        self,
        request: Request,
        template: str,
        view: str = "",
        scripted: bool = False,
        **values: object,
    ) -> Response:
        """A page; `view` is its name in the menu of runs."""
        shown = _SHARED | {"view": view} | values
        return self._pages.show(request, template, 200, scripted, **shown)
