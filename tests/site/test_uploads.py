"""An upload goes through memory alone: a file put aside on the disk would lie there readable."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import RequestFactory

from huiyin.registry.attachments import MOST_BYTES


def posted(*sizes: int) -> HttpRequest:
    files = [SimpleUploadedFile(f"{n}.txt", b"x" * size) for n, size in enumerate(sizes)]
    request = RequestFactory().post("/lodge/write/", {"attachments": files})
    assert isinstance(request, HttpRequest)
    return request


def test_no_upload_touches_the_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refused(*_: Any, **__: Any) -> Any:
        raise AssertionError("a file was put aside")

    for name in ("NamedTemporaryFile", "mkstemp", "TemporaryFile"):
        monkeypatch.setattr(tempfile, name, refused)
    (file,) = posted(3 * 1024 * 1024).FILES.getlist("attachments")
    assert len(file.read()) == 3 * 1024 * 1024


def test_what_is_too_large_is_known_to_be_and_never_kept_whole() -> None:
    (file,) = posted(MOST_BYTES + 500).FILES.getlist("attachments")
    assert file.size == MOST_BYTES + 1
    assert len(file.read()) == MOST_BYTES + 1


def test_of_one_request_no_more_is_kept_than_can_be_taken() -> None:
    kept = [file.size or 0 for file in posted(*[MOST_BYTES + 1] * 9).FILES.getlist("attachments")]
    assert sum(kept) == 6 * (MOST_BYTES + 1)
