"""The tables of `qa.toml`, each with what can be set in it; `qa.settings` reads them."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from qa.errors import SettingsError
from qa.wording import BASE, Wording, load_wording

__all__ = [
    "AnswerSettings",
    "ChunkingSettings",
    "ClinicSettings",
    "EmbeddingSettings",
    "PageSettings",
    "PrivacySettings",
    "ReadingSettings",
    "SafetySettings",
    "ServeSettings",
    "StaffSettings",
    "VectorSettings",
]

_SITE = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*"
    r"|\[::1\])(:[0-9]{1,5})?"
)
_THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")

Share = Annotated[float, Field(ge=0.0, le=1.0)]


class _Table(BaseModel):
    """A table of qa.toml: an unknown name in it is an error, since it is a misspelt one."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ClinicSettings(_Table):
    """Who serves the page."""

    name: str = ""
    phone: str = ""


class LineSettings(_Table):
    """A crisis line."""

    name: str = ""
    call: str = ""
    text: str = ""
    url: str = ""
    audience: str = ""
    language: str = ""


class CountrySettings(_Table):
    """Emergency number and crisis lines. There are no defaults: a wrong number may cost a life."""

    emergency: str = ""
    poison: str = ""
    lines: tuple[LineSettings, ...] = ()
    verified_on: str = ""


class SafetySettings(CountrySettings):
    """The numbers that are shown: those given here, else those of the country's profile."""

    country: str = ""
    disclaimer: str = ""
    profiles: dict[str, CountrySettings] = {}


class EmbeddingSettings(_Table):
    """The model: `bundled`, a folder, or a hub name whose files are on this machine."""

    model: str = "bundled"
    backend: Literal["", "onnx", "torch"] = ""
    """What runs it. Where nothing is set: `onnx`, but `torch` for a hub name, which has no files to
    tell by whether they were exported already."""
    models: Path | None = None
    """The folder of exported models; `models` within the index where nothing is set."""

    @model_validator(mode="after")
    def _choose(self) -> Self:
        on_disk = self.model == "bundled" or os.path.isdir(self.model)
        chosen = self.backend or ("onnx" if on_disk else "torch")
        object.__setattr__(self, "backend", chosen)
        return self


class VectorSettings(_Table):
    """Where the documents' vectors are searched."""

    store: Literal["faiss", "milvus"] = "faiss"
    uri: str = "http://127.0.0.1:19530"
    """Milvus' address, or the file of milvus-lite."""
    token_env: str = ""
    """The name of the environment variable that holds Milvus' token; empty where there is none."""
    prefix: str = Field(default="quotewell", pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,63}$")
    """What the names of this index' collections begin with; each index has its own."""
    timeout_seconds: float = Field(default=3.0, ge=0.1, le=60.0)
    """Seconds that Milvus is waited for while somebody waits for an answer."""

    @field_validator("uri")
    @classmethod
    def _has_no_secret(cls, uri: str) -> str:
        if "@" in uri.partition("://")[2]:
            raise ValueError(
                "an address must hold no password: put the token into an environment variable, and "
                "its name into `token_env`"
            )
        if not uri.startswith(("http://", "https://", "tcp://")) and (
            "://" in uri or not uri.endswith(".db")
        ):
            raise ValueError(
                'it must be an address, as "http://host:19530", or the file of milvus-lite, whose '
                "name ends with .db"
            )
        return uri


class ReadingSettings(_Table):
    """The reader: `bundled`, `similarity`, or a SQuAD2-style model's folder or hub name."""

    model: str = "bundled"


class ChunkingSettings(_Table):
    """Sizes in the model's tokens."""

    target_tokens: int = Field(default=110, ge=16, le=8192)
    max_tokens: int = Field(default=256, ge=32, le=8192)
    language: str = "english"


class AnswerSettings(_Table):
    """When to answer and how much to quote; None takes the measured default of `qa.answer`."""

    threshold: Share | None = None
    off_corpus: Share | None = None
    max_quotes: int = Field(default=3, ge=1, le=10)
    max_words: int = Field(default=60, ge=10, le=500)
    wrong_at_most: float | None = Field(default=None, ge=0.001, le=0.999)
    """The share of answers that `qa calibrate` chooses a threshold for; none is chosen without."""


class ServeSettings(_Table):
    """The web server."""

    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=0, le=65535)
    allowed_hosts: tuple[str, ...] = ()
    """Names under which the page is reached, besides this machine's own."""
    at_once: int = Field(default=0, ge=0, le=256)
    """Questions that are answered at the same time; 0 for two a processor."""
    max_waiting: int = Field(default=50, ge=0, le=10_000)
    """Questions that wait behind them; whoever comes then is asked to come again."""
    questions_per_minute: int = Field(default=60, ge=0, le=1_000_000)
    """Questions, notes and printed answers of one client, on average; 0 for no limit."""
    questions_burst: int = Field(default=30, ge=1, le=1_000_000)
    """How many of them may come at once."""
    trusted_proxies: tuple[str, ...] | None = None
    """Addresses and networks whose X-Forwarded-For and -Proto are believed. Where it is not set,
    those in FORWARDED_ALLOW_IPS are, and without that variable this machine's own."""
    body_bytes: int = Field(default=262_144, ge=250_000, le=10_000_000)
    """Bytes of a request's body at most. The conversation on the screen, up to 216,000 bytes,
    travels with each question."""
    request_seconds: float = Field(default=20.0, ge=1, le=600)
    """Seconds in which a request's head must be there, and after it its body."""
    connections: int = Field(default=1_000, ge=16, le=100_000)
    """Connections at the same time; fewer where the system allows the program fewer files."""
    connections_per_client: int = Field(default=100, ge=6, le=100_000)
    """Those of one client, unless it is a trusted proxy; a browser opens six."""
    metrics_from: tuple[str, ...] = ()
    """Addresses and networks that may read /metrics; nobody where there are none."""
    embed_from: tuple[str, ...] = ()
    """Other sites that may show the patient's pages in a frame, as "https://clinic.example"."""

    @field_validator("embed_from")
    @classmethod
    def _names_sites(cls, sites: tuple[str, ...]) -> tuple[str, ...]:
        for site in sites:
            found = _SITE.fullmatch(site)
            if not found:
                raise ValueError(
                    f"{site!r} is no site. Write scheme, host and, if need be, port in small "
                    'letters, as "https://clinic.example" or "https://clinic.example:8443": no '
                    "path, no slash at the end, no *, other alphabets as xn--…"
                )
            if found["scheme"] == "http" and found["host"] not in _THIS_MACHINE:
                raise ValueError(
                    f"{site!r} is not encrypted, so that anybody on the way could put a page of "
                    "their own around this one. Write https://; http:// is for this machine only."
                )
        return sites


class PageTexts(_Table):
    """What the patient's page says of itself; what is empty has the catalogue's words."""

    title: str = ""
    scope: str = ""
    examples: tuple[str, ...] = ()


class PageSettings(PageTexts):
    """The patient's page, one a language; its own texts are those of the first."""

    languages: tuple[str, ...] = Field(default=(BASE,), min_length=1)
    wording: Path | None = None
    """A folder of catalogues that go before those of this package."""
    translations: dict[str, PageTexts] = {}
    """Language → texts of the page in that language."""

    def texts_in(self, language: str) -> PageTexts:
        """The clinic's own texts for the page in a language."""
        return (
            self if language == self.languages[0] else self.translations.get(language, PageTexts())
        )

    def require(self, language: str) -> None:
        """Raises SettingsError for a language the page is not in; empty stands for its first."""
        if language and language not in self.languages:
            raise SettingsError(
                f"The page is not in the language {language!r}, only in "
                f"{', '.join(self.languages)}. Choose one of these, or add another to `languages` "
                "under [page] in qa.toml."
            )

    def wordings(self) -> tuple[Wording, ...]:
        """The catalogue of each language, the first one first. Raises SettingsError."""
        return tuple(
            load_wording(language, self.wording) for language in dict.fromkeys(self.languages)
        )


class PrivacySettings(_Table):
    """What is kept of patients' questions and answers."""

    log_questions: bool = False
    keep_days: int = Field(default=30, ge=1, le=3650)
    """Days after which a logged question is deleted."""
    store: Path = Path("records.sqlite3")
    feedback: bool = True


class OidcSettings(_Table):
    """The clinic's own sign-on, by OpenID Connect."""

    issuer: str
    client_id: str
    client_secret_env: str = ""
    """The name of the environment variable that holds the secret; empty for a client without."""
    address: str
    """The page's own address, as "https://ask.clinic.example"."""
    name_claim: str = "preferred_username"
    role_claim: str = "groups"
    maintainer_values: tuple[str, ...] = ()
    staff_values: tuple[str, ...] = ()
    """Values of the role's claim that let somebody in; without one of them nobody is."""


class StaffSettings(_Table):
    """The staff's pages, which are off until there is somebody who may log in."""

    store: Path = Path("staff.sqlite3")
    """Where names, hashed passwords, sessions, the audit trail and runs are kept."""
    idle_minutes: int = Field(default=30, ge=1, le=1440)
    """Minutes without a request after which somebody is logged out."""
    session_hours: int = Field(default=12, ge=1, le=168)
    """Hours after which somebody logs in again in any case."""
    proxy_user_header: str = ""
    """The header in which a web server in front names whom it has logged in; empty for none."""
    proxy_role_header: str = ""
    """The header in which it says `staff` or `maintainer`."""
    maintainers: tuple[str, ...] = ()
    """Who of those it names are maintainers, where it says no role."""
    proxies: tuple[str, ...] = ()
    """Addresses or networks that those headers are believed from."""
    oidc: OidcSettings | None = None
