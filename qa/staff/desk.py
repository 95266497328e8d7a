"""The desk: all that the staff's pages work with, put together once by the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from qa.answer import Policy
from qa.assistant import Assistant
from qa.chunking import BuildOptions
from qa.golden import GOLDEN_FILE
from qa.staff.accounts import Accounts
from qa.staff.audit import AuditTrail
from qa.staff.file import StaffFile
from qa.staff.jobs import Jobs
from qa.staff.oidc import SignOn
from qa.staff.proxy import TrustedProxy
from qa.staff.sessions import Sessions
from qa.store import Store
from qa.vector_store import IN_GENERATION, Engine

__all__ = ["Desk"]


@dataclass(frozen=True)
class Desk:
    """What the staff's pages work with; one a server."""

    assistant: Assistant
    """The one that answers patients."""
    measuring: Callable[[Policy | None, str], Assistant]
    """Another one for a policy (None: the one in use) and a generation ("": the live one). It
    shares the model that is loaded already, and raises QuotewellError as `assistant_of` does."""
    file: StaffFile
    accounts: Accounts
    sessions: Sessions
    audit: AuditTrail
    corpus: Path
    index: Path
    config: Path | None
    """The qa.toml in use, if there is one."""
    model: Mapping[str, str]
    """Identity of the embedding model."""
    options: BuildOptions
    records: Store
    """Where questions are logged."""
    logs_questions: bool
    engine: Engine = IN_GENERATION
    """Where vectors are searched."""
    jobs: Jobs = field(default_factory=Jobs)
    proxy: TrustedProxy | None = None
    """The web server in front that logs members in; nobody else does where there is one."""
    sign_on: SignOn | None = None
    """The clinic's own, by which members log in beside those who have a password here."""

    @property
    def is_on(self) -> bool:
        """Whether anybody can log in at all."""
        return bool(self.proxy or self.sign_on or self.accounts.members())

    @property
    def policy(self) -> Policy:
        """That of the settings, without what `qa calibrate` chose; a member may change it."""
        return self.assistant.policy

    @property
    def golden(self) -> Path:
        """The file of golden questions, which need not be there yet."""
        return self.corpus / GOLDEN_FILE
