"""A letter at the counter: read by a process that ends, corrected beside its pages, and lost by no fault."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.reading import pages
from huiyin.reading.pages import Line, Page
from huiyin.registry import attachments, bombs
from huiyin.registry.models import Attachment, Petition
from huiyin.site import scanning, staging
from huiyin.site.scanning import Scan, State
from tests.officer.test_counter import SAID
from tests.registry import pictures
from tests.registry.test_bombs import pdf

real = pytest.mark.skipif(not pages.available(), reason="what reads letters is not installed: make letters")
READER = {"rapidocr", "onnxruntime", "cv2", "PIL", "pypdfium2"}


def bring(browser: Client, content: bytes, name: str = "letter.jpg") -> Any:
    return browser.post("/desk/new/letter/", {"attachments": SimpleUploadedFile(name, content)})


@pytest.fixture
def letter() -> bytes:
    return pictures.jpeg()


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter of two pages, read at once."""

    def start(folder: Path, files: Sequence[tuple[str, bytes]]) -> Scan:
        scan = Scan(folder, "0" * 32, b"k" * 32)
        folder.mkdir(parents=True, exist_ok=True)
        assert [kind for kind, _ in files] == ["image/jpeg"]
        for number, lines in enumerate(([["电梯坏了", 0.99], ["请修埋", 0.61]], [["此致", 0.98]]), 1):
            scan.put(f"{number}p", b"\xff\xd8picture")
            scan.put(f"{number}", json.dumps(lines).encode())
        scanning.say(scan, State(2, 2, done=True))
        return scan

    monkeypatch.setattr(scanning, "start", start)


@pytest.mark.usefixtures("read")
def test_the_text_is_proposed_beside_its_pages_and_the_doubtful_lines_are_marked(
    desk: Callable[..., Client], letter: bytes
) -> None:
    browser = desk("olga")
    assert bring(browser, letter).headers["Location"] == "/desk/new/letter/"
    assert "2 of 2" in browser.get("/desk/new/letter/").content.decode()
    page = browser.get("/desk/new/?letter=1")
    assert "nothing could be read on this page" not in page.content.decode()
    assert page.context["form"]["text"].value() == "电梯坏了\n请修埋\n\n此致"
    assert "<mark>请修埋</mark>" in page.content.decode()
    assert "<mark>电梯坏了</mark>" not in page.content.decode()
    assert browser.get("/desk/new/letter/1/").content == b"\xff\xd8picture"


@pytest.mark.usefixtures("read")
def test_the_pages_are_attached_when_it_is_put_on_record(desk: Callable[..., Client], letter: bytes) -> None:
    browser = desk("olga")
    bring(browser, letter)
    tokens = [file.token for file in browser.get("/desk/new/?letter=1").context["letter"].files]
    said = {**SAID, "channel": "letter", "letter": "1", "staged": tokens, "once": "t" * 40}
    failed = browser.post("/desk/new/", {**said, "subject": ""})
    assert failed.status_code == 400
    assert "<mark>请修埋</mark>" in failed.content.decode()
    assert [browser.post("/desk/new/", said).status_code for _ in range(2)] == [200, 200]
    assert Petition.objects.get().channel == "letter"
    assert Attachment.objects.get().name == "letter.jpg"
    assert browser.get("/desk/new/letter/1/").status_code == 404


@pytest.mark.usefixtures("read")
def test_nobody_else_opens_the_pages(desk: Callable[..., Client], letter: bytes) -> None:
    bring(desk("olga"), letter)
    assert desk("olga").get("/desk/new/letter/1/").status_code == 404  # another browser, the same officer
    waiting = [path.read_bytes() for path in staging.folder().glob("*")]
    assert waiting
    assert not [content for content in waiting if "电梯".encode() in content or b"picture" in content]


def test_without_the_reader_it_says_so_and_the_pages_are_kept(
    desk: Callable[..., Client], letter: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "available", lambda: False)
    browser = desk("olga")
    bring(browser, letter)
    assert "Reading letters is not installed here" in browser.get("/desk/new/letter/").content.decode()
    page = browser.get("/desk/new/?letter=1")
    assert "was read by a machine" not in page.content.decode()
    tokens = [file.token for file in page.context["letter"].files]
    said = {**SAID, "channel": "letter", "letter": "1", "staged": tokens, "once": "t" * 40}
    assert browser.post("/desk/new/", said).status_code == 200
    assert Attachment.objects.get().name == "letter.jpg"


def test_a_file_that_is_no_page_is_refused_with_its_reason(desk: Callable[..., Client]) -> None:
    page = bring(desk("olga"), b"MZ\x90\x00", "letter.jpg")
    assert page.status_code == 400
    assert "letter.jpg" in page.content.decode()
    nothing = desk("olga").post("/desk/new/letter/", {})
    assert nothing.status_code == 400
    assert "Choose the pages of the letter." in nothing.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        (
            "huge.png",
            pictures.png(high=20_000, wide=20_000),
            "has more pixels than can be taken; make it smaller",
        ),
        ("huge.pdf", pdf(stream=bytes(bombs.MOST_UNPACKED_PDF + 1)), "unpacks to far more than it weighs"),
    ],
    ids=["picture", "pdf"],
)
def test_what_is_huge_once_opened_is_refused_before_anybody_opens_it(
    desk: Callable[..., Client], name: str, content: bytes, why: str
) -> None:
    before = set(staging.folder().glob("*"))
    page = bring(desk("olga"), content, name)
    assert page.status_code == 400
    assert f"“{name}” {why}" in page.content.decode()
    assert set(staging.folder().glob("*")) == before


@pytest.mark.usefixtures("read")
def test_the_scan_of_a_report_lies_under_seal_like_its_words(
    desk: Callable[..., Client], letter: bytes
) -> None:
    browser = desk("olga")
    bring(browser, letter)
    opened = browser.get("/desk/new/?letter=1").context
    tokens, text = [file.token for file in opened["letter"].files], opened["form"]["text"].value()
    said = {"channel": "letter", "kind": "report", "against": ["zj"], "text": text, "letter": "1"}
    assert browser.post("/desk/new/", {**SAID, **said, "staged": tokens, "once": "t" * 40}).status_code == 200
    kept = Attachment.objects.get()
    assert kept.name == f"{attachments.COVER}.jpg"
    assert kept.data_key is not None
    assert letter not in attachments.read(kept)
    assert Petition.objects.get().text == ""


def test_of_many_pages_the_first_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Reader:
        def read(self, picture: str) -> Page:
            return Page(b"", (Line(picture, 1.0),))

    monkeypatch.setattr(pages, "Reader", Reader)
    monkeypatch.setattr(pages, "count", lambda *_: 15)
    monkeypatch.setattr(
        pages, "pictures", lambda content, _, most: (f"{content}{n}" for n in range(min(15, most)))
    )
    scan = Scan(tmp_path, "2" * 32, b"k" * 32)
    known = scanning._read(scan, [("image/png", b"a"), ("image/png", b"b")])
    assert known == State(20, 20, done=True, problem="many")
    assert [scan.lines(number)[0].text for number in (15, 16, 20)] == ["b'a'14", "b'b'0", "b'b'4"]


def test_who_falls_silent_has_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scan = Scan(tmp_path, "1" * 32, b"k" * 32)
    assert scanning.state(scan).problem == "stopped"
    scanning.say(scan, State(1, 3))
    assert scanning.state(scan) == State(1, 3)
    monkeypatch.setattr(scanning, "SILENT", -1)
    assert scanning.state(scan) == State(1, 3, done=True, problem="stopped")


def test_no_server_loads_what_reads_pictures() -> None:
    told = (
        f"import sys; import huiyin.site.scanning, huiyin.reading.pages; print({READER!r} & set(sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"


@pytest.mark.usefixtures("db")
def test_this_process_serves_the_page_without_it(desk: Callable[..., Client]) -> None:
    before = READER & set(sys.modules)
    assert desk("olga").get("/desk/new/letter/").status_code == 200
    assert READER & set(sys.modules) == before


def until_done(scan: Scan) -> State:
    until = time.monotonic() + 240
    while not scanning.state(scan).done and time.monotonic() < until:
        time.sleep(0.2)
    return scanning.state(scan)


@real
def test_a_page_of_ours_is_read(tmp_path: Path) -> None:
    from PIL import Image, ImageDraw

    sheet = Image.new("L", (900, 300), 255)
    ImageDraw.Draw(sheet).text((60, 100), "The lamp is dark 2026", fill=0, font_size=60)
    drawn = io.BytesIO()
    sheet.save(drawn, "PDF")
    scan = scanning.start(
        tmp_path, [("application/pdf", drawn.getvalue()), ("image/jpeg", b"\xff\xd8\xff broken")]
    )
    assert until_done(scan) == State(1, 2, done=True, problem="broken")
    assert "".join(scan.lines(1)[0].text.split()) == "Thelampisdark2026"
    assert (scan.picture(1) or b"")[:2] == b"\xff\xd8"


@real
def test_the_process_opens_no_picture_that_is_too_large(tmp_path: Path) -> None:
    huge = pictures.png(high=20_000, wide=20_000)  # what the door refuses already
    assert until_done(scanning.start(tmp_path, [("image/png", huge)])).problem == "large"
