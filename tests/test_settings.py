"""qa.toml, then the environment, then arguments; whatever is wrong is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from qa.answer import Policy
from qa.chunking import BuildOptions
from qa.errors import SettingsError
from qa.settings import load_settings
from qa.settings_tables import ServeSettings

SAFETY = (
    '[safety]\ncountry = "US"\nemergency = "911"\n[[safety.lines]]\nname = "988"\ncall = "988"\n'
)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "clinic" / "qa.toml"
    path.parent.mkdir()
    path.write_text(
        'corpus = "papers"\n[clinic]\nphone = "555 0000"\n[answer]\nmax_quotes = 2\n'
        '[serve]\nhost = "0.0.0.0"\nport = 80\n' + SAFETY,
        "utf-8",
    )
    return path


def test_paths_of_the_file_start_from_its_folder(config: Path) -> None:
    settings = load_settings(config=config)
    assert settings.corpus == config.parent / "papers"
    assert settings.config == config


def test_a_readers_folder_starts_there_too(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def model(named: str) -> str:
        config.write_text(f'[reading]\nmodel = "{named}"\n', "utf-8")
        return load_settings(config=config).reading.model

    (config.parent / "models" / "tiny").mkdir(parents=True)
    assert model("models/tiny") == str(config.parent / "models" / "tiny")
    assert Path(model("./none")) == config.parent / "none"
    assert Path(model("../up")).parent.resolve() == config.parent.parent
    (config.parent / "bundled").mkdir()
    for name in ("bundled", "similarity", "clinic/reader", "/models/tiny", ""):
        assert model(name) == name
    monkeypatch.setenv("QA_READING__MODEL", "models/tiny")
    assert model("similarity") == "models/tiny"
    config.write_text("[reading]\nmodel = 1\n", "utf-8")
    monkeypatch.delenv("QA_READING__MODEL")
    with pytest.raises(SettingsError, match=r"reading\.model: "):
        load_settings(config=config)


def test_the_file_of_milvus_lite_starts_there_and_an_address_nowhere(config: Path) -> None:
    def uri(named: str) -> str:
        config.write_text(f'[vectors]\nuri = "{named}"\n', "utf-8")
        return load_settings(config=config).vectors.uri

    assert uri("vectors/all.db") == str(config.parent / "vectors" / "all.db")
    assert uri("https://milvus.example:19530") == "https://milvus.example:19530"


def test_later_sources_win(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_SERVE__PORT", "81")
    monkeypatch.setenv("QA_CORPUS", "elsewhere")
    settings = load_settings(config=config)
    assert (settings.serve.host, settings.serve.port) == ("0.0.0.0", 81)
    assert settings.corpus == Path("elsewhere")
    settings = load_settings(config=config, corpus=Path("here"), port=0, host="::1")
    assert (settings.serve.host, settings.serve.port) == ("::1", 0)
    assert settings.corpus == Path("here")


def test_the_file_is_found(config: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(config.parent)
    assert load_settings().config == config
    monkeypatch.chdir(tmp_path)
    assert load_settings().config == Path(__file__).resolve().parent.parent / "qa.toml"
    monkeypatch.setenv("QA_CONFIG", str(config))
    assert load_settings().clinic.phone == "555 0000"


def test_the_projects_own_file_can_be_served_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    settings = load_settings()
    root = Path(__file__).resolve().parent.parent
    assert (settings.corpus, settings.index) == (root / "corpus", root / "index")
    settings.safety_texts().validate()


def test_what_the_parts_are_given(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_ANSWER__THRESHOLD", "0.75")
    monkeypatch.setenv("QA_ANSWER__WRONG_AT_MOST", "0.1")
    monkeypatch.setenv("QA_CHUNKING__TARGET_TOKENS", "60")
    settings = load_settings(config=config)
    assert settings.policy() == Policy(threshold=0.75, max_quotes=2)
    assert settings.answer.wrong_at_most == 0.1
    assert settings.build_options() == BuildOptions(target_tokens=60)
    texts = settings.safety_texts()
    texts.validate()
    assert (texts.emergency, texts.clinic_phone) == ("911", "555 0000")
    assert [(line.name, line.call) for line in texts.lines] == [("988", "988")]
    assert (texts.disclaimer, texts.disclaimer_language) == ("", "en")


def test_a_countrys_profile_gives_the_numbers_that_are_not_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shipped = load_settings().safety
    assert shipped
    assert set(shipped.profiles) == {"US", "UK", "CA", "AU", "IE", "NZ", "generic"}
    for country in shipped.profiles:
        monkeypatch.setenv("QA_SAFETY__COUNTRY", country)
        texts = load_settings().safety_texts()
        texts.validate()
        assert texts.emergency == shipped.profiles[country].emergency
        assert len(texts.lines) == len(shipped.profiles[country].lines)
    monkeypatch.setenv("QA_SAFETY__EMERGENCY", "112")
    texts = load_settings().safety_texts()
    assert (texts.emergency, texts.lines[0].name) == ("112", "Find A Helpline")
    monkeypatch.setenv("QA_SAFETY__COUNTRY", "FR")
    with pytest.raises(SettingsError, match=r"no profile for the country 'FR'.*US, UK, CA"):
        load_settings().safety_texts()


def test_the_page_has_its_texts_by_language(tmp_path: Path) -> None:
    path = tmp_path / "qa.toml"
    path.write_text(
        '[page]\nlanguages = ["en", "ar"]\ntitle = "Ask"\nwording = "words"\n'
        '[page.translations.ar]\ntitle = "اسأل"\n',
        "utf-8",
    )
    page = load_settings(config=path).page
    assert page.wording == tmp_path / "words"
    assert page.texts_in("en").title == "Ask"
    assert page.texts_in("ar").title == "اسأل"
    assert page.texts_in("fr").title == ""
    with pytest.raises(SettingsError, match="no wording for the language 'ar'"):
        page.wordings()


def test_records_are_kept_beside_the_file_and_questions_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "qa.toml"
    for content in ("", "[privacy]\nfeedback = false"):
        path.write_text(content, "utf-8")
        privacy = load_settings(config=path).privacy
        assert (privacy.log_questions, privacy.keep_days) == (False, 30)
        assert privacy.store == tmp_path / "records.sqlite3"
        assert privacy.feedback is not bool(content)
    path.write_text("[privacy]\nstore = 'kept/r.db'", "utf-8")
    assert load_settings(config=path).privacy.store == tmp_path / "kept" / "r.db"
    monkeypatch.setenv("QA_PRIVACY__STORE", "here.db")
    monkeypatch.setenv("QA_PRIVACY__LOG_QUESTIONS", "true")
    privacy = load_settings(config=path).privacy
    assert (privacy.store, privacy.log_questions) == (Path("here.db"), True)


def test_what_ships_keeps_no_question() -> None:
    privacy = load_settings(config=Path(__file__).resolve().parent.parent / "qa.toml").privacy
    assert (privacy.log_questions, privacy.feedback, privacy.keep_days) == (False, True, 30)


def test_defaults_are_those_of_the_modules(tmp_path: Path) -> None:
    path = tmp_path / "qa.toml"
    path.write_text("", "utf-8")
    settings = load_settings(config=path)
    assert settings.policy() == Policy()
    assert settings.build_options() == BuildOptions()
    with pytest.raises(SettingsError, match=r"no \[safety\] table"):
        settings.safety_texts()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("corpsu = 'x'", r"corpsu: there is no such setting; is it misspelt\?"),
        ("[serve]\nprot = 1", r"serve\.prot: there is no such setting"),
        ("[serve]\nport = 70000", r"serve\.port: .*65535"),
        ("[answer]\nthreshold = 1.5", r"answer\.threshold: "),
        ("[answer]\nwrong_at_most = 0", r"answer\.wrong_at_most: "),
        ("[answer]\nmax_quotes = 0", r"answer\.max_quotes: "),
        ("[chunking]\nmax_tokens = 2", r"chunking\.max_tokens: "),
        ("[privacy]\nkeep_days = 0", r"privacy\.keep_days: "),
        ("[privacy]\nkeep_days = 3651", r"privacy\.keep_days: "),
        ("[privacy]\nlog_question = true", r"privacy\.log_question: there is no such setting"),
        ("privacy = 1", r"privacy: "),
        ("[privacy]\nstore = 5", r"privacy\.store: "),
        ("[serve\nport = 1", r"is not valid TOML"),
        ("[safety]\nemergncy = '911'", r"safety\.emergncy: "),
        ("[vectors]\nstore = 'milvos'", r"vectors\.store: .*'faiss' or 'milvus'"),
        ("[vectors]\nuri = 'http://ann:secret@x:1'", r"vectors\.uri: .*no password.*`token_env`"),
        ("[vectors]\nuri = 'ftp://x'", r"vectors\.uri: .*address.*\.db"),
        ("[vectors]\nprefix = 'a-b'", r"vectors\.prefix: "),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "qa.toml"
    path.write_text(content, "utf-8")
    with pytest.raises(SettingsError, match=message) as caught:
        load_settings(config=path)
    assert str(path) in str(caught.value)


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "qa.toml"
    path.write_bytes(b"corpus = '\xff'")
    with pytest.raises(SettingsError, match="is not valid TOML"):
        load_settings(config=path)


def test_a_file_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="no settings file"):
        load_settings(config=tmp_path / "none.toml")
    monkeypatch.setenv("QA_CONFIG", str(tmp_path / "none.toml"))
    with pytest.raises(SettingsError, match="no settings file"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value", "setting"),
    [
        ("QA_SERVE__PORT", "many", "serve.port"),
        ("QA_ANSWER__THRESHOLD", "-1", "answer.threshold"),
        ("QA_SERVE__PROT", "1", "serve.prot"),
        ("QA_SERVE", "not json", "serve"),
        ("QA_SERVE__TRUSTED_PROXIES", "10.0.0.5", "it must be a list; in a variable a list is "),
        ("QA_SERVE__TRUSTED_PROXIES", "10.0.0.5", 'written as JSON, as ["10.0.0.5"]'),
        ("QA_SERVE__EMBED_FROM", "4", "serve.embed_from: it must be a list"),
        ("QA_SAFETY__PROFILES", "4", "safety.profiles: it must be a table"),
        ("QA_PAGE__TRANSLATIONS", "[" * 6_000, "recursion"),
    ],
)
def test_wrong_variables_are_named(
    config: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, setting: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match="QA_") as caught:
        load_settings(config=config)
    assert setting in str(caught.value)


def test_a_wrong_argument_is_named(config: Path) -> None:
    with pytest.raises(SettingsError, match=r"serve\.port"):
        load_settings(config=config, port=70_000)


def test_settings_cannot_be_changed(config: Path) -> None:
    settings = load_settings(config=config)
    with pytest.raises(ValidationError, match="frozen"):
        settings.corpus = Path("x")
    with pytest.raises(ValidationError, match="frozen"):
        settings.serve.port = 1


def test_limits_for_clients_have_defaults_and_bounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "qa.toml"
    config.write_text(SAFETY, "utf-8")
    serve = load_settings(config=config).serve
    assert (serve.questions_per_minute, serve.questions_burst) == (60, 30)
    assert (serve.body_bytes, serve.request_seconds) == (262_144, 20)
    assert (serve.trusted_proxies, serve.metrics_from) == (None, ())
    monkeypatch.setenv("QA_SERVE__TRUSTED_PROXIES", '["10.0.0.5"]')
    monkeypatch.setenv("QA_SERVE__QUESTIONS_PER_MINUTE", "0")
    serve = load_settings(config=config).serve
    assert (serve.trusted_proxies, serve.questions_per_minute) == (("10.0.0.5",), 0)
    monkeypatch.setenv("QA_SERVE__BODY_BYTES", "1000")
    with pytest.raises(SettingsError, match=r"serve\.body_bytes"):
        load_settings(config=config)


@pytest.mark.parametrize("value", ["9" * 5_000, "[" * 5_000 + "]" * 5_000])
def test_values_that_no_reader_of_toml_can_take(tmp_path: Path, value: str) -> None:
    path = tmp_path / "qa.toml"
    path.write_text(f"keep_generations = {value}\n", "utf-8")
    with pytest.raises(SettingsError, match=r"qa\.toml is not valid TOML"):
        load_settings(config=path)


def test_names_that_are_too_long_for_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, long = tmp_path / "qa.toml", "x" * 5_000
    path.write_text(f'[embedding]\nmodel = "{long}"\n[reading]\nmodel = "{long}"\n', "utf-8")
    assert load_settings(config=path).embedding.backend == "torch"
    monkeypatch.setenv("QA_CONFIG", long)
    with pytest.raises(SettingsError, match="There is no settings file"):
        load_settings()


@pytest.mark.parametrize(
    "site",
    ["https://clinic.example", "https://www.clinic.example:8443", "https://intranet",
     "http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]:8000",
     "https://xn--klinik-4ya.example"],
)  # fmt: skip
def test_a_site_that_may_frame_the_page(site: str) -> None:
    assert ServeSettings(embed_from=(site,)).embed_from == (site,)


@pytest.mark.parametrize(
    "site",
    ["*", "https:", "https://*", "https://*.clinic.example", "https://clinic.example/",
     "https://clinic.example/page", "http://clinic.example", "http://localhost.clinic.example",
     "clinic.example", "https://clinic.example; script-src *", "https://a\nb", "https://a b",
     "https://user@clinic.example", "https://Klinik.example", "https://klinïk.example", "",
     "https://clinic.example:999999", "'self'", "data:", "https://-clinic.example",
     "http://127.0.0.1.evil.example", "https://clinic.example\n"],
)  # fmt: skip
def test_what_is_no_site_that_may_frame_the_page(site: str) -> None:
    with pytest.raises(ValueError, match="embed_from"):
        ServeSettings(embed_from=(site,))
