"""A real server that knows the clinic's name and one member of staff."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.staff.accounts import Accounts, Role
from qa.staff.file import StaffFile
from tests.deploy.proxies import NAME
from tests.deploy.scenes import PASSWORD
from tests.web.real_server import RealServer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, real_index: Path) -> Iterator[RealServer]:
    made = RealServer(tmp_path_factory.mktemp("served"), real_index)
    made.environment["QA_SERVE__ALLOWED_HOSTS"] = f'["{NAME}"]'
    Accounts(StaffFile(made.folder / "staff.sqlite3")).add("Nora", Role.MAINTAINER, PASSWORD)
    with made:
        yield made
