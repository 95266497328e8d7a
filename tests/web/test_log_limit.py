"""What strangers can have written into the log is written once a minute."""

from __future__ import annotations

import logging

import pytest
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser

from qa.web.log_limit import OncePerMinute, TooManyFiles, limit_logs


def test_a_warning_is_written_once_a_minute_and_an_error_always() -> None:
    seconds = [0.0]
    sieve = OncePerMinute(lambda: seconds[0])

    def passes(text: str, level: int = logging.WARNING) -> bool:
        return sieve.filter(logging.LogRecord("x", level, "", 0, text, None, None))

    assert [passes("Invalid HTTP request received.") for _ in range(3)] == [True, False, False]
    assert passes("another")
    assert passes("failed", logging.ERROR)
    assert passes("failed", logging.ERROR)
    assert not passes("Unsupported upgrade request.")
    seconds[0] = 61.0
    assert passes("Invalid HTTP request received.")


def record(message: str) -> logging.LogRecord:
    full = (OSError, OSError(24, "Too many open files"), None)
    return logging.LogRecord("asyncio", logging.ERROR, __file__, 1, message, None, full)


def test_one_line_stands_for_many_tracebacks() -> None:
    filtering = TooManyFiles()
    first = record("socket.accept() out of system resource\nsocket: <a socket>")
    assert filtering.filter(first)
    assert "too many files are open" in first.getMessage()
    assert first.exc_info is None
    assert not filtering.filter(record("socket.accept() out of system resource"))
    other = record("Task was destroyed but it is pending!")
    assert filtering.filter(other)
    assert other.exc_info


def test_it_is_said_again_after_a_minute() -> None:
    now = [100.0]
    filtering = TooManyFiles(lambda: now[0])
    said = []
    for at in (100.0, 159.0, 161.0, 200.0):
        now[0] = at
        said.append(filtering.filter(record("socket.accept() out of system resource")))
    assert said == [True, False, True, False]


def test_what_reads_uploads_warns_of_nothing_that_was_sent(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log = logging.getLogger("python_multipart")
    try:
        limit_logs()
        parser = MultipartParser(b"Q")
        with pytest.raises(MultipartParseError):
            parser.write(b"--Q\r\nfoo\x12bar")
        assert caplog.text == ""
        logging.getLogger("python_multipart.multipart").error("a fault of its own")
        assert "a fault of its own" in caplog.text
    finally:
        log.setLevel(logging.NOTSET)


def test_a_second_call_changes_nothing() -> None:
    log = logging.getLogger("asyncio")
    before = list(log.filters)
    try:
        limit_logs()
        limit_logs()
        assert sum(isinstance(one, TooManyFiles) for one in log.filters) == 1
    finally:
        log.filters[:] = before
        logging.getLogger("python_multipart").setLevel(logging.NOTSET)
