"""The public log as anybody finds it: its files, its page, and how many witnesses signed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from huiyin.clerk import publishing
from huiyin.core import checkpoint, notes
from huiyin.core.checkpoint import Signer
from huiyin.registry import logfiles
from tests.cast import NOW, lodge

ONE = Signer("a.example/w", notes.COSIGNATURE, bytes([1]) * 32)
OTHER = Signer("b.example/w", notes.COSIGNATURE, bytes([2]) * 32)


@pytest.fixture(autouse=True)
def published(cast: Any, settings: Any, tmp_path: Path) -> None:
    settings.LOG_DIR = tmp_path / "log"
    lodge()
    publishing.publish(NOW)


def page() -> str:
    answer = Client(headers={"accept-language": "en"}).get("/log/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_file_is_served_as_it_lies_there_and_nothing_else_is() -> None:
    browser = Client()
    for name in ("checkpoint", "key", "certificate", "figures.json", "heads/index", "tile/entries/000.p/1"):
        answer: Any = browser.get(f"/log/{name}")
        assert answer.status_code == 200, name
        assert b"".join(answer.streaming_content) == (logfiles.folder() / name).read_bytes()
        assert answer["Access-Control-Allow-Origin"] == "*"
    for name in (".writing", "../keys/log.key", "tile/0/000.p/2", "tile/9/x", "heads/", "nothing"):
        assert browser.get(f"/log/{name}").status_code == 404, name


def test_before_the_first_head_its_files_are_not_there_yet(settings: Any, tmp_path: Path) -> None:
    settings.LOG_DIR = tmp_path / "new"
    for name in ("checkpoint", "figures.json", "heads/index", "tile/0/000"):
        answer = Client().get(f"/log/{name}")
        assert answer.status_code == 503, name
        assert int(answer["Retry-After"]) == settings.LOG_EVERY
        assert answer["Cache-Control"] == "no-store"
    assert Client().get("/log/nothing").status_code == 404
    assert "the files below are there from then on" in page()


def test_without_witnesses_the_page_says_so() -> None:
    assert "asks no witnesses outside" in page()


def test_it_says_how_many_of_the_witnesses_signed(settings: Any, tmp_path: Path) -> None:
    lines = [f"witness w{i} {signer.key}" for i, signer in enumerate((ONE, OTHER))]
    wanted = tmp_path / "policy.txt"
    wanted.write_text("\n".join([*lines, "group both 2 w0 w1", "quorum both", ""]))
    settings.WITNESSES = str(wanted)
    head, note = checkpoint.read((logfiles.read(logfiles.CHECKPOINT) or b"").decode())
    signed = note.signed_also([checkpoint.cosign(head, ONE, int(NOW.timestamp()))])
    logfiles.write([(logfiles.CHECKPOINT, str(signed).encode())])
    assert "1 of 2 witnesses outside have cosigned" in page()
    assert "fewer than are asked for" in page()
