"""Settings: `qa.toml`, then `QA_*` environment variables on top, as one frozen `Settings`.

A nested setting is reached from the environment with two underscores: `QA_SERVE__PORT=8000`.
Relative paths in `qa.toml` start from the folder it stands in, those of the environment and of
the command line from the current folder.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from pydantic_settings import SettingsError as UnreadableVariable

from qa.answer import Policy
from qa.chunking import BuildOptions
from qa.errors import SettingsError
from qa.exported import MODELS
from qa.notices import Line, SafetyTexts
from qa.pruning import KEPT
from qa.settings_tables import (
    AnswerSettings,
    ChunkingSettings,
    ClinicSettings,
    EmbeddingSettings,
    PageSettings,
    PrivacySettings,
    ReadingSettings,
    SafetySettings,
    ServeSettings,
    StaffSettings,
    VectorSettings,
)

__all__ = ["Settings", "load_settings"]

FILE_NAME = "qa.toml"
_LIST = 'it must be a list; in a variable a list is written as JSON, as ["10.0.0.5"]'
_TABLE = "it must be a table, whose settings are named one by one"
_SHAPES = {"tuple_type": _LIST, "list_type": _LIST, "dict_type": _TABLE, "model_type": _TABLE}
"""What is said, by pydantic's type of error, of a value that is no list or no table."""
_CHECKOUT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix="QA_", env_nested_delimiter="__"
    )

    corpus: Path = Path("corpus")
    index: Path = Path("index")
    keep_generations: int = Field(default=KEPT, ge=0, le=1000)
    """Generations kept beside the live one."""
    clinic: ClinicSettings = ClinicSettings()
    safety: SafetySettings | None = None
    embedding: EmbeddingSettings = EmbeddingSettings()
    vectors: VectorSettings = VectorSettings()
    reading: ReadingSettings = ReadingSettings()
    chunking: ChunkingSettings = ChunkingSettings()
    answer: AnswerSettings = AnswerSettings()
    serve: ServeSettings = ServeSettings()
    page: PageSettings = PageSettings()
    privacy: PrivacySettings = PrivacySettings()
    staff: StaffSettings = StaffSettings()
    config: Path | None = None
    """The file these settings were read from."""

    def safety_texts(self) -> SafetyTexts:
        """The fixed notices' contents. Raises SettingsError where there are none to be had."""
        if self.safety is None:
            where = f"{self.config} has" if self.config else "There is no qa.toml, and so there is"
            raise SettingsError(
                f"{where} no [safety] table. Nothing is answered without an emergency number and "
                "a crisis line: write them as the project's qa.toml shows."
            )
        own = {name: value for name, value in self.safety.model_dump().items() if value}
        given = self._profile() | own
        if own.keys() & {"emergency", "lines", "poison"} and "verified_on" not in own:
            given["verified_on"] = ""  # the profile's day is not that of other numbers
        given.pop("profiles", None)
        lines = tuple(Line(**line) for line in given.pop("lines", ()))
        return SafetyTexts(
            **{"country": "", "emergency": ""} | given,
            lines=lines,
            clinic_phone=self.clinic.phone,
            disclaimer_language=self.page.languages[0],
        )

    def _profile(self) -> dict[str, Any]:
        """The numbers of the country, where there is a profile of that name."""
        assert self.safety is not None  # noqa: S101 - asked for by safety_texts only
        country, profiles = self.safety.country, self.safety.profiles
        if country in profiles:
            return profiles[country].model_dump()
        if country and not (self.safety.emergency and self.safety.lines):
            has = f"It has those for {', '.join(profiles)}." if profiles else "It has none."
            raise SettingsError(
                f"{self.config or 'The settings'}, table [safety]: there is no profile for the "
                f"country {country!r} in this file. {has} Copy the table "
                f"[safety.profiles.{country}] from the qa.toml that comes with Quotewell, or write "
                "`emergency` and `lines` in [safety]."
            )
        return {}

    def policy(self) -> Policy:
        """When to answer; what is not set keeps its measured default."""
        given = self.answer.model_dump(exclude={"wrong_at_most"})
        return Policy(**{name: value for name, value in given.items() if value is not None})

    def build_options(self) -> BuildOptions:
        """What an index depends on besides documents and model."""
        return BuildOptions(**self.chunking.model_dump())

    @property
    def models(self) -> Path:
        """The folder of exported models."""
        return self.embedding.models or self.index / MODELS

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment goes before the file, whose contents are given to the constructor."""
        return env_settings, init_settings


def load_settings(
    *,
    config: Path | None = None,
    corpus: Path | None = None,
    index: Path | None = None,
    host: str | None = None,
    port: int | None = None,
) -> Settings:
    """Settings of the file, the environment, and the arguments given, later ones winning.

    The file is `config`, else QA_CONFIG, else `qa.toml` in the current folder, else the one of the
    checkout this package runs from. Raises SettingsError naming file and setting.
    """
    path = _find(config)
    values = _read(path) if path else {}
    for name in ("corpus", "index"):
        if path and isinstance(values.get(name), str):
            values[name] = path.parent / values[name]
    page = values.get("page")
    if path and isinstance(page, dict) and isinstance(page.get("wording"), str):
        page["wording"] = path.parent / page["wording"]
    if path and isinstance(values.get("reading"), dict):
        values["reading"] = _from_folder(path.parent, values["reading"])
    if path and isinstance(values.get("vectors"), dict):
        values["vectors"] = _beside(path.parent, values["vectors"])
    for name, store in (("privacy", "records.sqlite3"), ("staff", "staff.sqlite3")):
        if path and isinstance(values.get(name, {}), dict):
            table = {"store": store, **values.get(name, {})}
            if isinstance(table["store"], str):
                table["store"] = path.parent / table["store"]
            values[name] = table
    if path and path.parent == _CHECKOUT:
        values.setdefault("corpus", path.parent / "corpus")
        values.setdefault("index", path.parent / "index")
    where = f"{path or 'the environment'} (or in a QA_* variable of that name)"
    try:
        found = Settings(**values | {"config": path})
    except ValidationError as error:
        raise SettingsError(_explain(error, where)) from None
    except (UnreadableVariable, RecursionError) as error:  # the latter of lists in lists in lists
        raise SettingsError(
            f"A QA_* variable is wrong: {error}. A table's settings are named one by one, as in "
            "QA_SERVE__PORT=8000; a list is written as JSON."
        ) from None
    serve = {"host": host, "port": port}
    changes: dict[str, Any] = {k: v for k, v in {"corpus": corpus, "index": index}.items() if v}
    try:
        changes["serve"] = ServeSettings(
            **found.serve.model_dump()
            | {name: value for name, value in serve.items() if value is not None}
        )
    except ValidationError as error:
        raise SettingsError(_explain(error, "the options", "serve.")) from None
    return found.model_copy(update=changes)


def _find(config: Path | None) -> Path | None:
    named = config or (Path(os.environ["QA_CONFIG"]) if os.environ.get("QA_CONFIG") else None)
    if named:
        if not os.path.isfile(named):  # Path's own way raises for a name that is too long
            raise SettingsError(f"There is no settings file {named}. Check --config or QA_CONFIG.")
        return named.resolve()
    try:
        here = Path.cwd()
    except OSError as error:
        raise SettingsError(
            f"The folder that this was started in is not there any more ({error.strerror}). Change "
            "to one that is, such as that of qa.toml."
        ) from None
    for folder in (here, _CHECKOUT):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
    return None


def _from_folder(folder: Path, table: dict[str, Any]) -> dict[str, Any]:
    """A table whose `model` is a full path where it names a folder, which is no hub name; so is
    `models`."""
    if isinstance(models := table.get("models"), str):
        table = table | {"models": str(folder / models)}
    model = table.get("model")
    if not isinstance(model, str) or model in ("", "bundled", "similarity"):
        return table
    named = model.startswith(".") or os.path.isdir(folder / model)
    return table | {"model": str(folder / model)} if named else table


def _beside(folder: Path, table: dict[str, Any]) -> dict[str, Any]:
    """A table whose `uri` is a full path where it names a file, and no address."""
    uri = table.get("uri")
    named = isinstance(uri, str) and uri.strip() and "://" not in uri
    return table | {"uri": str(folder / str(uri))} if named else table


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8"))
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a mere ValueError
        raise SettingsError(f"{path} is not valid TOML: {error}.") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from None


def _explain(error: ValidationError, where: str, table: str = "") -> str:
    lines = []
    for problem in error.errors():
        name = table + ".".join(str(part) for part in problem["loc"])
        what = problem["msg"]
        if problem["type"] == "extra_forbidden":
            what = "there is no such setting; is it misspelt?"
        what = _SHAPES.get(problem["type"], what)
        lines.append(f"  - {name}: {what}")
    return f"Settings in {where} are wrong:\n" + "\n".join(lines)
