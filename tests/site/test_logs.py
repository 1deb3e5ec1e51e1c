"""A log says where something failed, and nothing that anybody wrote."""

from __future__ import annotations

import json
import logging

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from huiyin.site import environment, logs

WRITTEN = "张三丰的电话 13912345678"


def failed() -> logging.LogRecord:
    error = RuntimeError(f"could not keep {WRITTEN}")
    try:
        int(WRITTEN)
    except ValueError as cause:
        error.__cause__ = cause
    raised = (type(error), error, None)
    return logging.LogRecord("huiyin.web", logging.ERROR, "", 1, "a page failed: %s", ("x",), raised)


@pytest.mark.parametrize("shape", [logs.Plain("%(levelname)s %(message)s"), logs.Json()])
def test_an_error_is_told_by_kind_and_place_and_never_in_its_words(shape: logging.Formatter) -> None:
    line = shape.format(failed())
    assert "ValueError" in line
    assert "RuntimeError" in line
    assert "test_logs.py" in line
    assert "13912345678" not in line
    assert "张三丰" not in line


def test_a_line_for_machines_is_one_object() -> None:
    line = json.loads(logs.Json().format(failed()))
    assert line["level"] == "error"
    assert line["message"] == "a page failed: x"
    assert line["error"].splitlines()[-1] == "RuntimeError"
    assert "\n" not in logs.Json().format(failed())


@pytest.mark.django_db
def test_a_page_that_fails_leaves_a_line_without_its_address(
    client: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(WRITTEN)

    monkeypatch.setattr("huiyin.doors.public.pages.render", broken)
    client.raise_request_exception = False
    assert client.get("/about/?q=HY-7K3M9-Q2X4T").status_code == 500
    line = next(record for record in caplog.records if record.name == "huiyin.web")
    assert line.getMessage() == "a page failed: public:about"
    assert "HY-" not in logs.Plain("%(message)s").format(line)


def test_what_cannot_be_right_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYIN_LOGS", "xml")
    with pytest.raises(ImproperlyConfigured, match="plain, json"):
        environment.logs()
    for wrong in ("9464", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:99999", ":9464"):
        monkeypatch.setenv("HUIYIN_METRICS", wrong)
        with pytest.raises(ImproperlyConfigured, match="an address and a port"):
            environment.address("HUIYIN_METRICS")
    monkeypatch.setenv("HUIYIN_METRICS", "[::1]:9464")
    assert environment.address("HUIYIN_METRICS") == ("::1", 9464)
