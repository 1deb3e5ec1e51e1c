"""The case file on the desk: for those who may read the petition's words, and for nobody else."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from huiyin.papers import fonts
from tests.cast import Walk

Desk = Callable[..., Client]
At = Callable[..., Walk]


def test_a_handler_takes_the_case_file_as_pdf_and_as_zip(desk: Desk, at: At) -> None:
    walk, browser = at("opinion-issued"), desk("otto")
    page = browser.get(f"/desk/p/{walk.ref}/").content.decode()
    for link, start in (("case/", b"%PDF-"), ("case/zip/", b"PK")):
        assert f"/desk/p/{walk.ref}/{link}" in page
        answer: Any = browser.get(f"/desk/p/{walk.ref}/{link}")
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert content.startswith(start)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["case.json", "case.pdf", "MANIFEST.txt"]


@pytest.mark.parametrize("link", ["case/", "case/zip/"])
def test_whoever_may_not_read_the_words_gets_no_case_file(desk: Desk, at: At, link: str) -> None:
    walk = at("accepted")
    for stranger in ("tina", "sven"):  # another bureau; a supervisor of the county, who sees clocks alone
        assert desk(stranger).get(f"/desk/p/{walk.ref}/{link}").status_code == 404


def test_without_a_chinese_font_the_zip_remains(desk: Desk, at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_installed", lambda: frozenset({"Libertinus Serif"}))
    walk, browser = at("accepted"), desk("otto")
    assert "fonts-noto-cjk" in browser.get(f"/desk/p/{walk.ref}/case/").content.decode()
    packed: Any = browser.get(f"/desk/p/{walk.ref}/case/zip/")
    with zipfile.ZipFile(io.BytesIO(b"".join(packed.streaming_content))) as archive:
        assert "case.pdf" not in archive.namelist()


def test_a_letter_with_the_name_is_a_pdf_inside_the_one_answer_that_shows_it(desk: Desk, at: At) -> None:
    walk, browser = at("opinion-issued"), desk("otto")
    said = {
        "purpose": "serve",
        "words": "寄送",
        "letter": walk.petition.version,
        "seen": walk.petition.version,
    }
    page = browser.post(f"/desk/p/{walk.ref}/move/unseal/", said)
    assert page.context["pdf"].startswith("data:application/pdf;base64,")
    assert "data:application/pdf;base64," in page.content.decode()
