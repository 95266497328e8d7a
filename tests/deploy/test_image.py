"""What the image and the compose file promise, read from the files themselves."""

from __future__ import annotations

import fnmatch
import json
import re
import shlex
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions in order, with lines that go on joined."""
    text = (ROOT / "Dockerfile").read_text("utf-8")
    lines = "\n".join(line for line in text.split("\n") if not line.startswith("#"))
    joined = re.sub(r"\\\n\s*", "", lines)
    return [
        (word, rest) for word, _, rest in (one.partition(" ") for one in joined.split("\n")) if word
    ]


STAGES: list[list[tuple[str, str]]] = []
for one in instructions():
    if one[0] == "FROM":
        STAGES.append([])
    if STAGES:
        STAGES[-1].append(one)
LAST = dict(STAGES[-1])


def test_bases_are_named_by_tag_and_may_be_pinned_by_digest() -> None:
    arguments = dict(rest.split("=", 1) for word, rest in instructions() if word == "ARG")
    assert re.fullmatch(r"docker\.io/library/debian:bookworm-slim", arguments["BASE"])
    assert [rest for word, rest in instructions() if word == "FROM"] == [
        "${BASE}${BASE_DIGEST} AS python",
        "python AS build",
        "python AS serve",
    ]
    for service in SERVICES.values():
        assert re.search(r":[0-9][\w.]*$", service["image"])


def test_the_last_stage_runs_as_nobody_in_particular() -> None:
    assert LAST["USER"] == "10001:10001"
    assert LAST["STOPSIGNAL"] == "SIGTERM"
    assert shlex.split(LAST["ENTRYPOINT"].strip("[]")) == ["qa"]
    assert LAST["CMD"] == '["serve", "--host", "0.0.0.0"]'
    assert "/health" in LAST["HEALTHCHECK"]
    kept = re.findall(r'"([^"]+)"', LAST["VOLUME"])
    assert kept == [f"/var/lib/quotewell/{one}" for one in ("corpus", "index", "records")]


def test_nothing_is_fetched_by_address_and_no_secret_is_built_in() -> None:
    for word, rest in instructions():
        assert word != "ADD"
        assert "://" not in rest.replace("http://127.0.0.1:", "")
        assert "curl" not in rest
        assert "wget" not in rest
        if word in ("ARG", "ENV"):
            assert not re.search(r"TOKEN|SECRET|PASSWORD|API_KEY", rest)


def test_no_processor_is_named() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    assert not re.search(r"x86_64|aarch64|--platform|manylinux", text)


def test_torch_stays_in_the_stage_before() -> None:
    copied = [rest for word, rest in STAGES[-1] if word == "COPY"]
    assert copied == [
        "--from=build /opt/quotewell /opt/quotewell",
        "qa.toml /etc/quotewell/qa.toml",
    ]
    assert "/opt/torch" not in " ".join(rest for _, rest in STAGES[-1])
    # It builds and asks without torch before the image is done.
    assert any(
        "qa build" in rest and "qa ask" in rest for word, rest in STAGES[-1] if word == "RUN"
    )


@pytest.mark.parametrize(
    ("path", "goes"),
    [
        ("qa/cli.py", True),
        ("qa.toml", True),
        ("requirements-serve.lock", True),
        ("corpus/ketamine-for-ptsd.md", False),
        ("index/CURRENT", False),
        ("records.sqlite3", False),
        ("staff.sqlite3-wal", False),
        (".git/config", False),
        ("deploy/quotewell.env", False),
        ("tests/conftest.py", False),
    ],
)
def test_documents_records_and_history_are_not_sent_to_the_builder(path: str, goes: bool) -> None:
    allowed = False
    for rule in (ROOT / ".dockerignore").read_text("utf-8").splitlines():
        if not rule or rule.startswith("#"):
            continue
        pattern = rule.removeprefix("!")
        parts = path.split("/")
        above = ["/".join(parts[: i + 1]) for i in range(len(parts))]
        if any(fnmatch.fnmatch(one, pattern.removeprefix("**/")) for one in above):
            allowed = rule.startswith("!")
    assert allowed is goes


@pytest.mark.parametrize("name", ["quotewell", "proxy"])
def test_each_service_is_confined(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert all("noexec" in one or "/config" in one for one in service["tmpfs"])
    assert "privileged" not in service


def test_only_the_proxy_is_published_and_the_server_has_no_way_out() -> None:
    assert "ports" not in SERVICES["quotewell"]
    assert set(SERVICES["quotewell"]["networks"]) == {"inside"}
    assert COMPOSE["networks"]["inside"]["internal"] is True
    names = SERVICES["quotewell"]["environment"]["QA_SERVE__ALLOWED_HOSTS"]
    assert json.loads(re.sub(r"\$\{[^}]*\}", "ask.clinic.example", names)) == [
        "ask.clinic.example",
        "quotewell",
    ]
    assert SERVICES["quotewell"]["env_file"] == "quotewell.env"
    trusted = SERVICES["quotewell"]["environment"]["FORWARDED_ALLOW_IPS"]
    assert SERVICES["proxy"]["networks"]["inside"]["ipv4_address"] == trusted
    own = SERVICES["quotewell"]["networks"]["inside"]["ipv4_address"]
    assert SERVICES["proxy"]["environment"]["QUOTEWELL_SERVER"] == f"{own}:7860"
